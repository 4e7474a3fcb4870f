"""Looks at the pages behind programs and facts, and notes what became of the sentences that each row rests on.

Nothing about a program or a fact changes here: staff are shown what was said and what is said now, and decide.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from bot.db.base import Database
from bot.programs.sources.fetching import Fetched, Fetcher, Outcome
from bot.programs.sources.page_text import UnreadableError, decode, is_missing, says
from bot.programs.sources.passages import differences, follow, rests_on
from bot.programs.sources.store import CitedRow, check_of, cited_rows, claim, waiting_checks
from bot.programs.sources.tables import SourceCheck, SourcePage

NEW, UNCHANGED, CHANGED, MOVED, GONE, UNREADABLE = "new", "unchanged", "changed", "moved", "gone", "unreadable"
STATES = (CHANGED, MOVED, GONE, UNREADABLE, NEW, UNCHANGED)
_WORTH_A_LOOK = frozenset({CHANGED, MOVED, GONE})
AGAIN = timedelta(hours=20)
"""A page that was looked at within this time is left alone."""
HOSTS_AT_ONCE = 8


@dataclass(frozen=True)
class _Reading:
    """A page as it came: the answer, and its sentences where it could be read."""

    fetched: Fetched
    sentences: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256("\n".join(self.sentences).encode()).hexdigest() if self.sentences else ""


@dataclass(frozen=True)
class CheckReport:
    """How many rows ended in each state, and those that wait for somebody."""

    counts: Counter[str]
    waiting: Sequence[SourceCheck]


async def check_sources(
    database: Database, fetcher: Fetcher, *, now: datetime, urls: Collection[str] = (), again: timedelta = AGAIN
) -> CheckReport:
    """Looks at every cited page (or at `urls` alone) that nobody looked at within `again`."""
    with database.unit() as session:
        cited = cited_rows(session)
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in cited:
        if not urls or url in urls:
            hosts[urlsplit(url).hostname or ""].append(url)
    room, counts = asyncio.Semaphore(HOSTS_AT_ONCE), Counter[str]()

    async def look_at(pages: list[str]) -> None:
        async with room:
            for url in pages:
                page = await asyncio.to_thread(partial(claim, database, url, before=now - again, now=now))
                if page is not None:
                    counts.update(await _look(database, fetcher, page, rows=cited[url], now=now))

    async with asyncio.TaskGroup() as group:
        for pages in hosts.values():
            group.create_task(look_at(pages))
    with database.unit() as session:
        return CheckReport(counts, waiting_checks(session))


def accept(session: Session, kind: str, name: str) -> None:
    """Somebody looked: what stands there now is what the row rests on from now on."""
    check = check_of(session, kind, name)
    if check is None:
        return
    if check.state == CHANGED:
        check.state, check.detail, check.since = UNCHANGED, "", datetime.now(UTC)
    elif check.state in _WORTH_A_LOOK:
        check.settled = _mark(check)
    check.kept, check.needs_look = check.found, False


async def _look(
    database: Database, fetcher: Fetcher, page: SourcePage, *, rows: Sequence[CitedRow], now: datetime
) -> list[str]:
    is_known = await asyncio.to_thread(_knows_all, database, page, rows)
    known = {"etag": page.etag, "last_modified": page.last_modified} if is_known else {}
    fetched = await fetcher.fetch(page.url, **known)
    return await asyncio.to_thread(partial(_record, database, page.url, _read(fetched), rows=rows, now=now))


def _knows_all(database: Database, page: SourcePage, rows: Sequence[CitedRow]) -> bool:
    """Whether every row was compared with this page before, so that the page may say that it is the same."""
    with database.unit() as session:
        found = [check_of(session, row.kind, row.name) for row in rows]
    return all(check is not None and check.url == page.url and check.kept for check in found)


def _read(fetched: Fetched) -> _Reading:
    if fetched.outcome is not Outcome.READ:
        return _Reading(fetched)
    html = decode(fetched.body, fetched.content_type)
    try:
        sentences = says(html)
    except UnreadableError as error:
        return _Reading(Fetched(Outcome.UNREADABLE, str(error)))
    if is_missing(html):
        return _Reading(Fetched(Outcome.GONE, "the page itself says that it is not there"))
    return _Reading(fetched, sentences)


def _record(database: Database, url: str, reading: _Reading, *, rows: Sequence[CitedRow], now: datetime) -> list[str]:
    """Stores what was seen; the states of the rows."""
    with database.unit() as session:
        page = session.get_one(SourcePage, url)
        if reading.sentences:
            page.etag, page.last_modified = reading.fetched.etag, reading.fetched.last_modified
            page.fingerprint = reading.fingerprint
        return [_compare(session, row, url, reading, now=now) for row in rows]


def _compare(session: Session, row: CitedRow, url: str, reading: _Reading, *, now: datetime) -> str:
    check = check_of(session, row.kind, row.name)
    if check is None:
        check = SourceCheck(kind=row.kind, name=row.name, url="", state=NEW, since=now, kept=[], found=[], settled="")
        session.add(check)
    if check.url != url:
        check.url, check.kept, check.found, check.settled = url, [], [], ""
    state, detail = _judge(check, row, reading)
    if state != check.state:
        check.since = now
    check.state, check.detail, check.moved_to, check.checked_at = state, detail, reading.fetched.moved_to, now
    check.needs_look = state in _WORTH_A_LOOK and (state == CHANGED or _mark(check) != check.settled)
    return state


def _judge(check: SourceCheck, row: CitedRow, reading: _Reading) -> tuple[str, str]:
    """The new state of a check with the reason; `found` and, for a first look, `kept` are set."""
    if reading.fetched.outcome is Outcome.GONE:
        return GONE, reading.fetched.detail
    if reading.fetched.outcome is Outcome.UNREADABLE:
        waits = check.state in _WORTH_A_LOOK
        return (check.state, check.detail) if waits else (UNREADABLE, reading.fetched.detail)
    is_first = not check.kept
    if reading.sentences:
        now = rests_on(row.fields, reading.sentences)
        check.found = list(now if is_first else follow(check.kept, reading.sentences, now))
        check.kept = check.found if is_first else check.kept
    if not check.found:
        lost = (GONE, "nothing of what the row rests on stands there any more")
        return (UNREADABLE, "nothing on it speaks of what the row says") if is_first else lost
    if differences(check.kept, check.found):
        return CHANGED, ""
    if reading.fetched.moved_to:
        return MOVED, f"it moved to {reading.fetched.moved_to}"
    return (NEW if is_first else UNCHANGED), ""


def _mark(check: SourceCheck) -> str:
    return f"{check.state} {check.moved_to}"
