"""The inbox as the database is asked for it: fast at a million messages on SQLite and PostgreSQL.

Newest first is highest id first, so a page is a walk down an index that stops when it is full, and the next page goes
on below the last id. Where a filter leaves few messages (a rare topic, a day, a word), the walk would be long: then
these few are taken through the filter's own index, and the other filters look only at them. The few are a materialized
table expression, so that no planner mixes the two up. What is in no small set is found in an index that has all
filtered columns (ix_messages_filters).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import CTE, ColumnElement, Select, cast, column, func, literal_column, select, table, text, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from bot.review.inbox.filters import EVERY, MINE, RAISED, TODO, Filters
from bot.review.tables import ReviewMessage

PAGE = 50
COUNTED = 1_000
"""Counts end here; a page says "1,000+"."""
COUNTED_WITH_WORDS = 200
"""Earlier when words are looked for: each further one is a longer walk."""
FEW = 5_000
FEW_READ = 8_000
"""So many texts are read rather than walked through."""
SAMPLE = 20_000
LOOKED_AT, LEAST_ALIKE, MOST_ALIKE = 500, 55, 12
"""Of messages that wait, how many are compared with one, from which likeness of 100 on, and how many are shown."""

Columns = Any
_MESSAGES = ReviewMessage.__table__
_FTS = table("message_words", column("rowid"))
_FILTERED = (
    "id",
    "received_at",
    "channel",
    "intent",
    "outcome",
    "confidence",
    "margin",
    "trigger",
    "feedback",
    "review",
    "model_id",
    "claimed_by",
)
_LEAD_OTHER_INDEXES = ("received_at", "intent", "model_id", "feedback", "confidence")


@dataclass(frozen=True)
class InboxPage:
    """A page: ids newest first, how many there are in all (counted up to `counted`; one more stands for more), and
    whether more follow either way.
    """

    ids: tuple[int, ...]
    total: int
    counted: int
    has_newer: bool
    has_older: bool


def find(
    session: Session,
    filters: Filters,
    *,
    me: str,
    before: int | None = None,
    after: int | None = None,
    size: int = PAGE,
) -> InboxPage:
    """The page below the id `before`, above the id `after`, or the first one; `me` is whose messages are "mine"."""
    wanted = _wanted(session, filters, me)
    ids = wanted.selected_columns[0]
    counted = COUNTED_WITH_WORDS if filters.words else COUNTED
    first = list(session.scalars(wanted.order_by(ids.desc()).limit(max(counted, size) + 1)))
    if before is None and after is None:
        return InboxPage(tuple(first[:size]), len(first), counted, has_newer=False, has_older=len(first) > size)
    if after is not None:
        newer = list(session.scalars(wanted.where(ids > after).order_by(ids).limit(size + 1)))
        return InboxPage(
            tuple(reversed(newer[:size])), len(first), counted, has_newer=len(newer) > size, has_older=True
        )
    older = list(session.scalars(wanted.where(ids < before).order_by(ids.desc()).limit(size + 1)))
    has_newer = bool(first) and first[0] >= (before or 0)
    return InboxPage(tuple(older[:size]), len(first), counted, has_newer=has_newer, has_older=len(older) > size)


def count(session: Session, filters: Filters, *, me: str) -> int:
    """How many messages of a state and a trigger there are, for tabs; COUNTED + 1 stands for more than COUNTED."""
    some = select(_MESSAGES.c.id).where(*_in_review(_MESSAGES.c, filters, me)).limit(COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def messages(session: Session, ids: Sequence[int]) -> list[ReviewMessage]:
    """These messages, newest first."""
    wanted = select(ReviewMessage).where(ReviewMessage.id.in_(ids))
    return list(session.scalars(wanted.order_by(ReviewMessage.id.desc())))


def _wanted(session: Session, filters: Filters, me: str) -> Select[Any]:
    """A select of the ids that fit, in no order yet."""
    if filters.words:
        return _with_words(session, filters, me)
    narrow = _narrowest(session, filters, me)
    if narrow is None:
        return select(_MESSAGES.c.id).where(*_conditions(_walked(session), filters, me))
    some = _some(narrow)
    return select(some.c.id).where(*_conditions(some.c, filters, me))


def _with_words(session: Session, filters: Filters, me: str) -> Select[Any]:
    """The same with a text to search for: through its rarest part, or by reading what the other filters leave."""
    narrow = _narrowest(session, filters, me)
    if narrow is not None:
        return _read(session, _some(narrow, "text"), filters, me)
    if _are_rare(session, filters.words):
        some = _some([_has(session, filters.words)])
        return select(some.c.id).where(*_conditions(some.c, filters, me))
    others = _conditions(_walked(session), filters, me)
    if _up_to(session, select(_MESSAGES.c.id).where(*others), FEW_READ):
        return _read(session, _some(others, "text"), filters, me)
    conditions = _conditions(_MESSAGES.c, filters, me)
    if _is_postgresql(session):
        return select(_MESSAGES.c.id).where(_has(session, filters.words).is_(true()), *conditions)
    # Down the word's own list, newest first; the plus keeps SQLite from turning the join around.
    joined = _FTS.join(_MESSAGES, _MESSAGES.c.id == literal_column("+message_words.rowid"))
    return select(_FTS.c.rowid.label("id")).select_from(joined).where(_matches(filters.words), *conditions)


def _are_rare(session: Session, words: Sequence[str]) -> bool:
    """Whether few messages have these words. PostgreSQL would list them all to count some, so it counts in the newest
    alone; `is_` keeps it from the list there.
    """
    if not _is_postgresql(session):
        return _up_to(session, select(_MESSAGES.c.id).where(_has(session, words)), FEW)
    newest = select(func.max(_MESSAGES.c.id)).scalar_subquery()
    sample = select(_MESSAGES.c.id).where(_MESSAGES.c.id > newest - SAMPLE, _has(session, words).is_(true()))
    return _up_to(session, sample, SAMPLE // 200)


def _narrowest(session: Session, filters: Filters, me: str) -> list[ColumnElement[bool]] | None:
    """The first group of conditions that leaves few messages; None when each leaves many."""
    groups = _indexed(filters, me)
    return next((some for some in groups if _up_to(session, select(_MESSAGES.c.id).where(*some), FEW)), None)


def _up_to(session: Session, wanted: Select[Any], most: int) -> bool:
    """Whether there are at most so many; it counts no further than there."""
    some = wanted.limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= most


def _some(narrow: Sequence[ColumnElement[bool]], *further: str) -> CTE:
    """These messages and no others, whatever a planner would rather do: first their ids, then what filters look at."""
    ids = select(_MESSAGES.c.id).where(*narrow).cte("few_ids").prefix_with("MATERIALIZED")
    columns = [_MESSAGES.c[name] for name in (*_FILTERED, *further)]
    some = select(*columns).where(_MESSAGES.c.id.in_(select(ids.c.id)))
    return some.cte("few").prefix_with("MATERIALIZED")


def _read(session: Session, some: CTE, filters: Filters, me: str) -> Select[Any]:
    """Those of a few whose text has the words: read here, since looking each of them up would take longer."""
    rows = session.execute(select(some.c.id, some.c.text).where(*_conditions(some.c, filters, me)))
    fitting = [number for number, said in rows if filters.has_words(said)]
    # Numbers of our own, written out: thousands of parameters would cost more than the search.
    listed = ", ".join(str(int(number)) for number in fitting) or "-1"
    own = select(_MESSAGES.c.id).where(text(f"messages.id IN ({listed})"))
    return select(own.cte("read").prefix_with("MATERIALIZED").c.id)


def _indexed(filters: Filters, me: str) -> Iterator[list[ColumnElement[bool]]]:
    """Groups of conditions that have an index of their own."""
    c = _MESSAGES.c
    if filters.begin or filters.end:
        yield _in_time(c, filters)
    if filters.intent:
        yield [c.intent == filters.intent]
    if filters.model:
        yield [c.model_id == filters.model]
    if filters.trigger not in (RAISED, EVERY) and filters.review == TODO:
        yield _in_review(c, filters, me)
    if filters.feedback:
        yield [c.feedback == filters.feedback, c.feedback != literal_column("''")]
    if filters.confidence_min is not None or filters.confidence_max is not None:
        yield _in_confidence(c, filters)
    if filters.review == MINE:
        yield [c.claimed_by == me, c.claimed_by != literal_column("''")]


def _conditions(c: Columns, filters: Filters, me: str) -> list[ColumnElement[bool]]:
    """All filters but the text, on the columns of the messages or of some of them."""
    wanted = [*_in_time(c, filters), *_in_review(c, filters, me), *_in_confidence(c, filters)]
    for name, value in (
        ("channel", filters.channel),
        ("intent", filters.intent),
        ("outcome", filters.outcome),
        ("feedback", filters.feedback),
        ("model_id", filters.model),
    ):
        if value:
            wanted.append(c[name] == value)
    if filters.margin_max is not None:
        wanted.append(c.margin <= filters.margin_max)
    return wanted


def _in_time(c: Columns, filters: Filters) -> list[ColumnElement[bool]]:
    since = [c.received_at >= filters.begin] if filters.begin else []
    return since + ([c.received_at < filters.end] if filters.end else [])


def _in_confidence(c: Columns, filters: Filters) -> list[ColumnElement[bool]]:
    least = [c.confidence >= filters.confidence_min] if filters.confidence_min is not None else []
    return least + ([c.confidence <= filters.confidence_max] if filters.confidence_max is not None else [])


def _in_review(c: Columns, filters: Filters, me: str) -> list[ColumnElement[bool]]:
    """Written out, not as parameters: only so a partial index is known to hold all that is asked for."""
    wanted: list[ColumnElement[bool]] = []
    if filters.trigger != EVERY:
        wanted.append(c.trigger != literal_column("''"))
    if filters.trigger not in (RAISED, EVERY):
        wanted.append(c.trigger == filters.trigger)
    if filters.review == TODO:
        wanted.append(c.review.in_([literal_column("'open'"), literal_column("'claimed'")]))
    elif filters.review == MINE:
        wanted += [c.review == "claimed", c.claimed_by == me, c.claimed_by != literal_column("''")]
    elif filters.review != EVERY:
        wanted.append(c.review == filters.review)
    return wanted


def _walked(session: Session) -> Columns:
    """The columns for a walk down ix_messages_filters: SQLite shall not take another index that lacks some of them."""
    if _is_postgresql(session):
        return _MESSAGES.c
    plain = {name: literal_column(f"+messages.{name}", _MESSAGES.c[name].type) for name in _LEAD_OTHER_INDEXES}
    return _Columns({column.name: column for column in _MESSAGES.c} | plain)


class _Columns(dict[str, Any]):
    """Columns by attribute and by name, as a table has them."""

    __getattr__ = dict.__getitem__


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _has(session: Session, words: Sequence[str]) -> ColumnElement[bool]:
    """A message has words that begin with each of these (letters and digits only)."""
    if not _is_postgresql(session):
        return _MESSAGES.c.id.in_(select(_FTS.c.rowid).where(_matches(words)))
    wanted = cast(" & ".join(f"'{word}':*" for word in words), TSQUERY)
    return literal_column("messages.message_words").op("@@")(wanted)


def _matches(words: Sequence[str]) -> ColumnElement[bool]:
    """The same in SQLite's full-text table."""
    return literal_column("message_words.message_words").op("MATCH")(" ".join(f'"{word}"*' for word in words))


def alike(session: Session, message: ReviewMessage, *, most: int = MOST_ALIKE) -> list[ReviewMessage]:
    """The typed messages that wait for somebody and are most like one; only the newest are looked at."""
    rows = [
        row
        for row in messages(session, find(session, Filters(), me="", size=LOOKED_AT).ids)
        if row.kind == "typed" and row.id != message.id
    ]
    once = {row.text.casefold(): row for row in reversed(rows) if row.text.casefold() != message.text.casefold()}
    found = process.extract(
        message.text.casefold(), list(once), scorer=fuzz.token_set_ratio, score_cutoff=LEAST_ALIKE, limit=most
    )
    return [once[text] for text, _, _ in found]
