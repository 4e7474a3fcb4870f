"""Which conversations nobody has come back to, and what there is of one that shall be deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from bot.delivery.tables import Conversation, InboxMessage

Keep = Callable[[Any, datetime], ColumnElement[bool]]
"""Why somebody is not gone: a condition on the id of a conversation (a column), given the moment that counts."""


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


def unseen(
    session: Session, edge: datetime, *, keeps: Sequence[Keep] = (), after: str = "", limit: int = 100
) -> list[str]:
    """Conversations in which nothing was said since `edge`, in the order of their ids.

    A conversation that one of `keeps` speaks for is not gone.
    """
    gone = (Conversation.last_seen_at < edge, *(not_(keep(Conversation.id, edge)) for keep in keeps))
    found = select(Conversation.id).where(*gone, Conversation.id > after)
    return list(session.scalars(found.order_by(Conversation.id).limit(limit)))


def holding(session: Session, conversation: str, *, partners: Sequence[str] = ()) -> Holding | None:
    """What is kept of a conversation, `partners` being the others of the same person; None when nothing is."""
    row = session.get(Conversation, conversation)
    if row is None:
        return None
    said = select(func.count()).where(InboxMessage.conversation_id == conversation)
    return Holding(conversation, row.created_at, row.last_seen_at, session.scalar(said) or 0, tuple(partners))
