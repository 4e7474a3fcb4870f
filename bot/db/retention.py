"""Which conversations nobody has come back to, and what there is of one that shall be deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from bot.db.delivery import Conversation, InboxMessage
from bot.db.links import Link, partners
from bot.db.reminders import WAITING, ReminderRow


@dataclass(frozen=True)
class Holding:
    """What is kept of a conversation: since when and until when it was used, how much was said, and its partners."""

    conversation: str
    began_at: datetime
    seen_at: datetime
    messages: int
    partners: tuple[str, ...]

    @property
    def channel(self) -> str:
        """telegram or web."""
        return "telegram" if self.conversation.startswith("tg:") else "web"


def unseen(session: Session, edge: datetime, *, after: str = "", limit: int = 100) -> list[str]:
    """Conversations in which nothing was said since `edge`, in the order of their ids.

    A person who still waits for a reminder, or goes on talking in a linked conversation, is not gone.
    """
    partner = aliased(Conversation)
    linked = or_(
        and_(Link.web == Conversation.id, Link.telegram == partner.id),
        and_(Link.telegram == Conversation.id, Link.web == partner.id),
    )
    goes_on_elsewhere = exists().where(linked, or_(partner.last_seen_at >= edge, _waits(partner.id)))
    gone = (Conversation.last_seen_at < edge, not_(_waits(Conversation.id)), not_(goes_on_elsewhere))
    found = select(Conversation.id).where(*gone, Conversation.id > after)
    return list(session.scalars(found.order_by(Conversation.id).limit(limit)))


def holding(session: Session, conversation: str) -> Holding | None:
    """What is kept of a conversation; None when nothing is."""
    row = session.get(Conversation, conversation)
    if row is None:
        return None
    said = select(func.count()).where(InboxMessage.conversation_id == conversation)
    linked = tuple(partners(session, conversation))
    return Holding(conversation, row.created_at, row.last_seen_at, session.scalar(said) or 0, linked)


def _waits(conversation: ColumnElement[str] | object) -> ColumnElement[bool]:
    return exists().where(ReminderRow.conversation_id == conversation, ReminderRow.status == WAITING)
