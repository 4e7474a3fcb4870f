"""Which rows rest on which page, and what is known of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.db.base import Database
from bot.programs.rows import write_fact, write_program
from bot.programs.sources.tables import SourceCheck, SourcePage
from bot.programs.store import all_facts, all_programs

PROGRAM, FACT = "program", "fact"


@dataclass(frozen=True)
class CitedRow:
    """A live program or fact: its kind, its slug or key, and its fields as the files write them."""

    kind: str
    name: str
    fields: Mapping[str, str]


def cited_rows(session: Session) -> dict[str, list[CitedRow]]:
    """The live rows by the address of their page."""
    found: dict[str, list[CitedRow]] = defaultdict(list)
    for program in all_programs(session):
        found[program.source_url].append(CitedRow(PROGRAM, program.slug, write_program(program)))
    for fact in all_facts(session):
        if fact.source_url:
            found[fact.source_url].append(CitedRow(FACT, fact.key, write_fact(fact)))
    return dict(found)


def check_of(session: Session, kind: str, name: str) -> SourceCheck | None:
    """What is known of one row's page."""
    return session.get(SourceCheck, (kind, name))


def waiting_checks(session: Session) -> list[SourceCheck]:
    """The checks that wait for somebody, the oldest first."""
    found = select(SourceCheck).where(SourceCheck.needs_look)
    return list(session.scalars(found.order_by(SourceCheck.since, SourceCheck.kind, SourceCheck.name)))


def claim(database: Database, url: str, *, before: datetime, now: datetime) -> SourcePage | None:
    """The page, taken for a look by this process alone; None when it was looked at after `before`."""
    with database.unit() as session:
        mine = update(SourcePage).where(SourcePage.url == url, SourcePage.checked_at < before)
        is_mine = session.execute(mine.values(checked_at=now)).rowcount == 1  # type: ignore[attr-defined]
        if not is_mine and session.get(SourcePage, url) is not None:
            return None
    if not is_mine:
        try:
            with database.unit() as session:
                session.add(SourcePage(url=url, checked_at=now, etag="", last_modified="", fingerprint=""))
        except IntegrityError:
            return None
    with database.unit() as session:
        return session.get(SourcePage, url)
