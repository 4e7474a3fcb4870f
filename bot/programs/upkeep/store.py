"""What is asked of programs and facts by those who keep them: find, page, and what nobody has looked at for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from bot.programs.corrections.tables import Correction
from bot.programs.sources.tables import SourceCheck
from bot.programs.tables import FactRecord, Institution, ProgramRow, SourceRow

LIVE, STALE, RETIRED = "live", "stale", "retired"
STATES = (LIVE, STALE, RETIRED)
FRESH_FOR = timedelta(days=365)
HANDFUL = 10
"""Rows that somebody is asked to look at in a day, beside those whose page changed or that people call wrong."""


@dataclass(frozen=True)
class RowPage:
    """One page of rows, and how many there are in all."""

    rows: Sequence[Any]
    count: int


def find_programs(
    session: Session, words: str, *, state: str, today: date, us_state: str = "", offset: int = 0, limit: int = 50
) -> RowPage:
    """Programs in a state whose slug, name, institution or place has every word; the queue of stale ones starts with
    those that nobody ever looked at, then the oldest.
    """
    date_of = func.coalesce(SourceRow.date, "")
    chosen = select(ProgramRow).join(ProgramRow.institution).outerjoin(ProgramRow.source)
    chosen = chosen.options(contains_eager(ProgramRow.institution), contains_eager(ProgramRow.source))
    spoken = (ProgramRow.slug, ProgramRow.name, Institution.name, ProgramRow.city, ProgramRow.state)
    chosen = chosen.where(*_has_words(words, spoken), _is_in(state, ProgramRow, date_of, today=today))
    if us_state:
        chosen = chosen.where(ProgramRow.state == us_state)
    return _page(session, chosen, _order(state, ProgramRow, date_of, ProgramRow.slug), offset=offset, limit=limit)


def find_facts(session: Session, words: str, *, state: str, today: date, offset: int = 0, limit: int = 50) -> RowPage:
    """Facts in a state whose key, value, explanation or subject has every word; in the same order."""
    spoken = (FactRecord.key, FactRecord.value, FactRecord.explanation, FactRecord.applies_to)
    chosen = select(FactRecord).where(
        *_has_words(words, spoken), _is_in(state, FactRecord, FactRecord.source_date, today=today)
    )
    order = _order(state, FactRecord, FactRecord.source_date, FactRecord.key)
    return _page(session, chosen, order, offset=offset, limit=limit)


@dataclass(frozen=True)
class Queue:
    """What there is to look at: rows that people call wrong or whose page changed, rows that nobody looked at for long,
    those done today.
    """

    changed: int
    old: int
    done: int

    @property
    def today(self) -> int:
        """Today's portion: all that people call wrong or whose page changed, and a handful of the others."""
        return self.changed + min(self.old, max(0, HANDFUL - self.done))

    @property
    def later(self) -> int:
        """How many more wait for another day."""
        return self.changed + self.old - self.today


def queue_of(session: Session, table: type[ProgramRow] | type[FactRecord], *, today: date) -> Queue:
    """How many programs or facts there are to look at."""
    rows = select(func.count()).select_from(table)
    if table is ProgramRow:
        rows = rows.outerjoin(SourceRow, SourceRow.program_id == ProgramRow.id)
    date_of = func.coalesce(SourceRow.date, "") if table is ProgramRow else FactRecord.source_date
    live, changed = table.retired_at.is_(None), _is_doubted(table)

    def count(*conditions: ColumnElement[bool]) -> int:
        return session.scalar(rows.where(live, *conditions)) or 0

    return Queue(
        changed=count(changed),
        old=count(~changed, _is_old(table, date_of, today=today)),
        done=count(table.checked_at >= datetime.combine(today, time(), UTC)),
    )


def find_program(session: Session, slug: str) -> ProgramRow | None:
    """The row of a program, retired or not."""
    return session.scalars(select(ProgramRow).where(ProgramRow.slug == slug)).unique().one_or_none()


def find_fact(session: Session, key: str) -> FactRecord | None:
    """The row of a fact, retired or not."""
    return session.scalar(select(FactRecord).where(FactRecord.key == key))


def is_stale(checked_at: datetime | None, source_date: str, *, today: date) -> bool:
    """Whether nobody looked for a year, nor is the page from within the last one."""
    if checked_at is not None:
        return checked_at.date() < today - FRESH_FOR
    return source_date < (today - FRESH_FOR).isoformat()


def _is_in(state: str, table: Any, date_of: Any, *, today: date) -> ColumnElement[bool]:
    """The same in SQL. A year or a month alone counts as its first day; an empty date is older than all."""
    if state == RETIRED:
        return table.retired_at.is_not(None)  # type: ignore[no-any-return]
    if state != STALE:
        return table.retired_at.is_(None)  # type: ignore[no-any-return]
    return and_(table.retired_at.is_(None), or_(_is_doubted(table), _is_old(table, date_of, today=today)))


def _is_old(table: Any, date_of: Any, *, today: date) -> ColumnElement[bool]:
    edge = today - FRESH_FOR
    unseen = and_(table.checked_at.is_(None), date_of < edge.isoformat())
    return or_(and_(table.checked_at.is_not(None), table.checked_at < datetime.combine(edge, time(), UTC)), unseen)


def _page_changed(table: Any) -> ColumnElement[bool]:
    """Whether the page of a row says something else than it did, moved or is gone."""
    kind, name = ("program", ProgramRow.slug) if table is ProgramRow else ("fact", FactRecord.key)
    return exists().where(SourceCheck.kind == kind, SourceCheck.name == name, SourceCheck.needs_look)


def _is_called_wrong() -> ColumnElement[bool]:
    return exists().where(Correction.slug == ProgramRow.slug)


def _is_doubted(table: Any) -> ColumnElement[bool]:
    """Whether people call a row wrong or its page changed."""
    changed = _page_changed(table)
    return or_(_is_called_wrong(), changed) if table is ProgramRow else changed


def _order(state: str, table: Any, date_of: Any, name: Any) -> Sequence[Any]:
    if state == RETIRED:
        return (table.retired_at.desc(), name)
    if state != STALE:
        return (name,)
    called_wrong = (~_is_called_wrong(),) if table is ProgramRow else ()
    return (*called_wrong, ~_page_changed(table), table.checked_at.is_not(None), date_of, table.checked_at, name)


def _has_words(words: str, columns: Sequence[Any]) -> list[ColumnElement[bool]]:
    return [
        or_(*(func.lower(column).contains(word, autoescape=True) for column in columns))
        for word in words.lower().split()
    ]


def _page(session: Session, chosen: Select[Any], order: Sequence[Any], *, offset: int, limit: int) -> RowPage:
    count = session.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0
    rows = session.scalars(chosen.order_by(*order).offset(offset).limit(limit)).unique()
    return RowPage(list(rows), count)
