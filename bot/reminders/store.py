"""Reminders as they become due: each is handed out once, whoever asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.delivery.telegram.tables import TelegramChat
from bot.reminders.tables import DELIVERED, WAITING, ReminderRow


def waiting_reminders(session: Session, conversation: str) -> list[ReminderRow]:
    """What is still to come for a conversation, soonest first."""
    mine = (ReminderRow.conversation_id == conversation, ReminderRow.status == WAITING)
    return list(session.scalars(select(ReminderRow).where(*mine).order_by(ReminderRow.due_at, ReminderRow.id)))


def find_reminder(session: Session, conversation: str, number: int) -> ReminderRow | None:
    """A reminder of this conversation, also one that was delivered."""
    mine = (ReminderRow.conversation_id == conversation, ReminderRow.id == number)
    return session.scalar(select(ReminderRow).where(*mine))


def take_due(session: Session, now: datetime, *, most: int) -> list[ReminderRow]:
    """Due reminders of chats that may be written to, locked so that no other process takes them too (PostgreSQL).

    On SQLite there is one writer at a time; `mark_delivered` decides.
    """
    reachable = or_(TelegramChat.conversation_id.is_(None), TelegramChat.blocked_at.is_(None))
    rows = (
        select(ReminderRow)
        .outerjoin(TelegramChat, TelegramChat.conversation_id == ReminderRow.conversation_id)
        .where(ReminderRow.status == WAITING, ReminderRow.due_at <= now, reachable)
        .order_by(ReminderRow.due_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=ReminderRow)
    )
    return list(session.scalars(rows))


def mark_delivered(session: Session, row: ReminderRow) -> bool:
    """Takes the delivery of a reminder; False when somebody else has it."""
    mine = (ReminderRow.id == row.id, ReminderRow.status == WAITING, ReminderRow.delivery_key == row.delivery_key)
    done: Any = session.execute(
        update(ReminderRow).where(*mine).values(status=DELIVERED, deliveries=row.deliveries + 1)
    )
    return bool(done.rowcount)


def waits(conversation: Any, _edge: datetime) -> ColumnElement[bool]:
    """Whether somebody still waits for a reminder there (see `bot.delivery.retention.store.Keep`)."""
    return exists().where(ReminderRow.conversation_id == conversation, ReminderRow.status == WAITING)


def drop_reminders(session: Session, conversation: str) -> None:
    """Deletes all reminders of a conversation."""
    session.execute(delete(ReminderRow).where(ReminderRow.conversation_id == conversation))


def drop_delivered(session: Session, before: datetime) -> None:
    """Deletes what was delivered long ago."""
    session.execute(delete(ReminderRow).where(ReminderRow.status == DELIVERED, ReminderRow.due_at < before))
