"""Wishes to be forgotten: written down, taken up, carried out, and dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.delivery.tables import PENDING, Conversation, Erasure, InboxMessage


def lock_talks(session: Session, names: Sequence[str]) -> dict[str, int]:
    """The last number in each of these conversations that exist; nobody else writes to them until the unit ends."""
    found: dict[str, int] = {}
    for name in sorted(names):
        mine = update(Conversation).where(Conversation.id == name).values(last_seen_at=Conversation.last_seen_at)
        number = session.execute(mine.returning(Conversation.last_seq)).scalar()
        found |= {} if number is None else {name: number}
    return found


def is_turn_open(session: Session, last: dict[str, int]) -> bool:
    """Whether one of these conversations has a pending message up to a number: it may be in the engine just now."""
    if not last:
        return False
    mine = (and_(InboxMessage.conversation_id == name, InboxMessage.seq <= number) for name, number in last.items())
    return (
        session.scalar(select(InboxMessage.id).where(InboxMessage.status == PENDING, or_(*mine)).limit(1)) is not None
    )


def put_wish(
    session: Session,
    conversation: str,
    *,
    after_seq: int,
    tells: bool,
    quiet_at: datetime | None,
    due_at: datetime,
    now: datetime,
) -> None:
    """Write a wish down; where one stands already, it counts for all that was said since, too."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    new = sqlite.insert(Erasure) if is_sqlite else postgresql.insert(Erasure)
    values = {"asked_at": now, "after_seq": after_seq, "due_at": due_at, "cleared_at": None, "done_at": None}
    first = {"conversation_id": conversation, "tells": tells, "attempts": 0, "quiet_at": quiet_at}
    again = {
        "tells": or_(Erasure.tells, new.excluded.tells),
        "quiet_at": func.coalesce(new.excluded.quiet_at, Erasure.quiet_at),
    }
    session.execute(
        new.values(**values, **first).on_conflict_do_update(index_elements=["conversation_id"], set_=values | again)
    )


def mark_cleared(session: Session, conversation: str, now: datetime) -> int | None:
    """Take it on to delete our rows of a conversation; up to which number. None when that is done or nobody's wish."""
    mine = update(Erasure).where(Erasure.conversation_id == conversation, Erasure.cleared_at.is_(None))
    return session.execute(mine.values(cleared_at=now).returning(Erasure.after_seq)).scalar()


def is_quiet(session: Session, conversation: str, now: datetime) -> bool:
    """Whether every turn that was running at the time of the wish has ended."""
    late = (Erasure.conversation_id == conversation, Erasure.quiet_at > now)
    return session.scalar(select(Erasure.conversation_id).where(*late)) is None


def make_quiet(session: Session, names: Sequence[str]) -> None:
    """The turns that were running have ended."""
    session.execute(update(Erasure).where(Erasure.conversation_id.in_(names)).values(quiet_at=None))


def find_wish(session: Session, conversation: str) -> Erasure | None:
    """The wish for a conversation, locked until the unit of work ends."""
    return session.get(Erasure, conversation, with_for_update=True, populate_existing=True)


def take_due(session: Session, now: datetime, *, again: timedelta) -> list[str]:
    """The wishes that somebody has to carry out now; until `again` is over they are the caller's."""
    due = update(Erasure).where(Erasure.done_at.is_(None), Erasure.due_at <= now)
    taken = due.values(due_at=now + again, attempts=Erasure.attempts + 1).returning(Erasure.conversation_id)
    return _names(session, taken)


def take_untold(session: Session, prefix: str, now: datetime, *, again: timedelta) -> list[str]:
    """The conversations of a channel that are erased and whose people were not told; the caller tells them."""
    due = (Erasure.done_at.is_not(None), Erasure.due_at <= now, Erasure.conversation_id.startswith(prefix))
    return _names(session, update(Erasure).where(*due).values(due_at=now + again).returning(Erasure.conversation_id))


def drop_told(session: Session, conversation: str) -> None:
    """The person knows that everything is deleted."""
    mine = (Erasure.conversation_id == conversation, Erasure.done_at.is_not(None))
    session.execute(delete(Erasure).where(*mine))


def drop_untold(session: Session, before: datetime) -> None:
    """Drop the wishes that were carried out long ago, and whose people nobody could tell."""
    session.execute(delete(Erasure).where(Erasure.done_at < before))


def is_any_due(session: Session, now: datetime, *, untold_before: datetime) -> bool:
    """Whether there is anything for `take_due` or `drop_untold`."""
    due = or_(and_(Erasure.done_at.is_(None), Erasure.due_at <= now), Erasure.done_at < untold_before)
    return session.scalar(select(Erasure.conversation_id).where(due).limit(1)) is not None


def count_open(session: Session) -> int:
    """How many wishes are not carried out yet."""
    return session.scalar(select(func.count()).select_from(Erasure).where(Erasure.done_at.is_(None))) or 0


def _names(session: Session, statement: Any) -> list[str]:
    return list(session.scalars(statement, execution_options={"synchronize_session": False}))
