"""What people want from the program database: search, one institution, names for the engine.

The catalog is read into memory once and again only when the database says that it has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, selectinload

from bot.dialogue.profile import Profile
from bot.programs import search as core
from bot.programs import tables
from bot.programs.catalog import Catalog
from bot.programs.coverage import Coverage, coverage
from bot.programs.facets import Surroundings
from bot.programs.institutions import Directory, NamedInstitution
from bot.programs.notes import telling_words
from bot.programs.program import Program
from bot.programs.query import Query
from bot.programs.rows import FactRow
from bot.programs.store import Shelf, all_facts, all_programs, catalog_version, live_programs, store
from bot.programs.vocabulary import vocabulary

GAZETTEER = "gazetteer.jsonl"


@dataclass(frozen=True)
class Shelves:
    """Everything that the database knows about programs, at one state of it."""

    version: int
    catalog: Catalog
    directory: Directory
    facts: dict[str, FactRow]

    @cached_property
    def by_institution(self) -> dict[str, tuple[Program, ...]]:
        """Programs by the official name of their institution, best first."""
        found: dict[str, list[Program]] = {}
        for program in self.catalog.programs:
            found.setdefault(program.institution, []).append(program)
        return {name: tuple(items) for name, items in found.items()}

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that few notes of programs have."""
        return telling_words([program.notes for program in self.catalog.programs if program.notes])

    def programs_of(self, institutions: tuple[str, ...]) -> tuple[Program, ...]:
        """The programs of several institutions, in that order."""
        return tuple(program for name in institutions for program in self.by_institution.get(name, ()))


_known: WeakKeyDictionary[Engine, Shelves] = WeakKeyDictionary()
_reading = Lock()


def shelves(session: Session) -> Shelves:
    """The current state of the program database; cheap when nothing has changed."""
    engine = session.get_bind().engine
    version = catalog_version(session)
    known = _known.get(engine)
    if known is not None and known.version == version:
        return known
    with _reading:
        facts = {fact.key: fact for fact in all_facts(session)}
        _known[engine] = Shelves(version, Catalog(all_programs(session)), directory(session), facts)
    return _known[engine]


def search(session: Session, query: Query, *, today: date, person: Profile | None = None) -> core.Results:
    """One page of results for a query, without what plainly turns the `person` away."""
    known, shelf = vocabulary(), shelves(session)
    catalog = shelf.catalog
    houses = frozenset(item for name in query.excluded_houses for item in shelf.directory.house(name))
    around = Surroundings(known.specialties, today, catalog.homes, person, houses)
    return core.search(catalog, query, around=around, regions=known.regions)


def judged(programs: Sequence[Program], query: Query, *, today: date) -> tuple[core.Hit, ...]:
    """How some programs stand to the wishes of a query; cities are those of the query's own states."""
    around = Surroundings(vocabulary().specialties, today)
    return tuple(core.hit_of(program, query, around) for program in programs)


def directory(session: Session) -> Directory:
    """All institutions with their names, as the database has them now; those with nothing on offer are left out."""
    has_offer = tables.Institution.programs.any(tables.ProgramRow.retired_at.is_(None))
    found = select(tables.Institution).where(has_offer).options(selectinload(tables.Institution.aliases))
    rows = session.scalars(found.order_by(tables.Institution.name))
    return Directory(
        tuple(NamedInstitution(row.name, tuple((item.alias, item.rank) for item in row.aliases)) for row in rows)
    )


def program_coverage(session: Session) -> Coverage:
    """What the live programs cover, and where they are thin."""
    return coverage(live_programs(session), states=vocabulary().codes)


def gazetteer(session: Session) -> list[dict[str, object]]:
    """The institutions as the engine's entity rules read them: `{"kind", "value", "terms"}` each."""
    return directory(session).gazetteer()


def write_gazetteer(session: Session, folder: Path) -> None:
    """Writes the institutions' names where the engine looks for them; it reads them again without a restart."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in gazetteer(session)]
    with NamedTemporaryFile("w", encoding="utf8", dir=folder, prefix="gazetteer-", delete=False) as fresh:
        fresh.writelines(lines)
    os.replace(fresh.name, folder / GAZETTEER)


def save(session: Session, program: Program) -> None:
    """Adds a program or replaces the one with its slug."""
    row = session.scalar(select(tables.ProgramRow).where(tables.ProgramRow.slug == program.slug))
    row = row or tables.ProgramRow()
    store(row, program, Shelf.load(session))
    session.add(row)


def is_empty(session: Session) -> bool:
    """Whether there is no program yet, so that seed data may be brought in without touching staff's work."""
    return session.scalar(select(tables.ProgramRow.id).limit(1)) is None
