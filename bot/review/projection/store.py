"""Reads what is still to be projected and writes `messages`, on SQLite and PostgreSQL alike.

An entry of the queue is deleted in the unit of work that writes its row, so a process may die at any moment: either
both happened or neither. Rows are written only for conversations that exist, which are locked against deletion while
this is made sure; when one is deleted, the database deletes its rows in the same moment (foreign key).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, case, delete, insert, literal, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.base import UtcDateTime
from bot.delivery.tables import Conversation, Feedback, InboxMessage, OutboxReply
from bot.review.projection.reading import FAILED_TURN, THUMBS_DOWN, Echo, ReceivedMessage
from bot.review.tables import IGNORED, OPEN, RESOLVED, ProjectionEntry, ProjectionLease, ReviewMessage

Key = tuple[str, str]
"""A conversation and the client id of a message in it."""
_AT_ONCE = 200
_OF_STAFF = ("review", "claimed_by", "reviewed_at")


@dataclass(frozen=True)
class ProjectionBatch:
    """What one round works on: the entries taken from the queue, and the messages with what came back."""

    entries: tuple[tuple[int, str, str], ...]
    messages: tuple[ReceivedMessage, ...]
    echoes: dict[Key, Echo]


def take_lease(session: Session, owner: str, *, now: datetime, seconds: float) -> bool:
    """Become or stay the one who projects; False while somebody else is.

    The row stays locked until the unit of work ends: of two who write at once, the second finds that it is too late.
    """
    free = or_(ProjectionLease.owner == owner, ProjectionLease.expires_at < now)
    mine = update(ProjectionLease).where(ProjectionLease.id == 1, free)
    done = session.execute(mine.values(owner=owner, expires_at=now + timedelta(seconds=seconds)))
    return cast("CursorResult[Any]", done).rowcount == 1


def is_anything_due(session: Session, now: datetime) -> bool:
    """Whether there is work."""
    return session.scalar(select(ProjectionEntry.id).where(ProjectionEntry.due_at <= now).limit(1)) is not None


def read_batch(session: Session, *, now: datetime, most: int) -> ProjectionBatch:
    """The entries that are due, oldest first, and everything of ours about their messages."""
    due = select(ProjectionEntry).where(ProjectionEntry.due_at <= now)
    entries = list(session.scalars(due.order_by(ProjectionEntry.due_at, ProjectionEntry.id).limit(most)))
    keys = list(dict.fromkeys((entry.conversation_id, entry.message_id) for entry in entries))
    messages = tuple(sorted(_messages(session, keys), key=lambda message: message.id))
    taken = tuple((entry.id, entry.conversation_id, entry.message_id) for entry in entries)
    return ProjectionBatch(taken, messages, _echoes(session, keys))


def _messages(session: Session, keys: Sequence[Key]) -> list[ReceivedMessage]:
    mine = tuple_(InboxMessage.conversation_id, InboxMessage.client_id)
    rows = (row for some in _some(keys) for row in session.scalars(select(InboxMessage).where(mine.in_(some))))
    return [
        ReceivedMessage(row.id, row.conversation_id, row.client_id, row.text, row.shown, row.status, row.received_at)
        for row in rows
    ]


def _echoes(session: Session, keys: Sequence[Key]) -> dict[Key, Echo]:
    """The newest reply and the newest thumb for each message."""
    found: dict[Key, Echo] = {}
    mine = tuple_(OutboxReply.conversation_id, OutboxReply.in_reply_to)
    on_reply = (Feedback.conversation_id == OutboxReply.conversation_id) & (Feedback.seq == OutboxReply.seq)
    columns = (OutboxReply.conversation_id, OutboxReply.in_reply_to, OutboxReply.created_at)
    rated = select(*columns, Feedback.rating, Feedback.reason).outerjoin(Feedback, on_reply)
    for some in _some(keys):
        for row in session.execute(rated.where(mine.in_(some)).order_by(OutboxReply.seq)):
            before = found.get((row[0], row[1]), Echo())
            thumb = (row.rating, row.reason) if row.rating else (before.rating, before.reason)
            found[row[0], row[1]] = Echo(row.created_at, *thumb)
    return found


def write_batch(
    session: Session, batch: ProjectionBatch, rows: Sequence[dict[str, Any]], later: dict[Key, datetime]
) -> None:
    """Write the rows, take the entries out of the queue, and put those that need another look back into it."""
    _lock_conversations(session, {row["conversation_id"] for row in rows})
    kept = _standing(session, [(row["conversation_id"], row["message_id"]) for row in rows])
    if present := [row for row in rows if (row["conversation_id"], row["message_id"]) in kept]:
        session.execute(_upsert(session), present)
    # SQLite gives the number of an erased entry to a new one, so a number alone would take that out, too.
    entry = tuple_(ProjectionEntry.id, ProjectionEntry.conversation_id, ProjectionEntry.message_id)
    for some in _some(batch.entries):
        session.execute(delete(ProjectionEntry).where(entry.in_(some)))
    again = [
        {"conversation_id": conversation, "message_id": message_id, "due_at": due_at}
        for (conversation, message_id), due_at in later.items()
        if (conversation, message_id) in kept
    ]
    if again:
        session.execute(insert(ProjectionEntry), again)


def _lock_conversations(session: Session, names: Iterable[str]) -> None:
    """Those that exist cannot be deleted until the unit of work ends."""
    for some in _some(sorted(names)):
        rows = select(Conversation.id).where(Conversation.id.in_(some)).order_by(Conversation.id)
        session.execute(rows.with_for_update(read=True, key_share=True))


def _standing(session: Session, keys: Sequence[Key]) -> set[Key]:
    """The messages that are still there: a new talk may have begun under the id of one that was erased."""
    mine = tuple_(InboxMessage.conversation_id, InboxMessage.client_id)
    found = (
        row
        for some in _some(keys)
        for row in session.execute(select(InboxMessage.conversation_id, InboxMessage.client_id).where(mine.in_(some)))
    )
    return {(conversation, message_id) for conversation, message_id in found}


def _upsert(session: Session) -> Any:
    """Insert or replace, except for what staff decided; a new reason that weighs more opens a message again."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    new = sqlite.insert(ReviewMessage) if is_sqlite else postgresql.insert(ReviewMessage)
    columns = {column.name: column for column in ReviewMessage.__table__.columns}
    changed = {name: new.excluded[name] for name in columns if name not in (*_OF_STAFF, "id")}
    # Written without IN: a list cannot be a parameter of a statement that runs once for each row.
    weighs_more = or_(new.excluded.trigger == THUMBS_DOWN, new.excluded.trigger == FAILED_TURN)
    is_closed = or_(ReviewMessage.review == RESOLVED, ReviewMessage.review == IGNORED)
    is_new = new.excluded.trigger != ReviewMessage.trigger
    changed["review"] = case((and_(weighs_more, is_new, is_closed), OPEN), else_=ReviewMessage.review)
    return new.on_conflict_do_update(index_elements=["conversation_id", "message_id"], set_=changed)


def enqueue_all(session: Session, *, now: datetime) -> None:
    """Put every message into the queue again."""
    everything = select(InboxMessage.conversation_id, InboxMessage.client_id, literal(now, UtcDateTime())).order_by(
        InboxMessage.id
    )
    target = ["conversation_id", "message_id", "due_at"]
    session.execute(insert(ProjectionEntry).from_select(target, everything, include_defaults=False))


def _some(items: Sequence[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(items), _AT_ONCE):
        yield list(items[start : start + _AT_ONCE])
