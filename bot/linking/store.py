"""Who is the same person: partners of a conversation, and the end of a link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session, aliased

from bot.delivery.retention.store import Keep
from bot.delivery.tables import Conversation
from bot.linking.tables import Link, LinkCode, SharedProfile


def telegram_of(session: Session, web: str) -> str | None:
    """The Telegram conversation that a website conversation is linked to."""
    return session.scalar(select(Link.telegram).where(Link.web == web))


def home_of(session: Session, conversation: str) -> str | None:
    """The Telegram conversation that holds what linked talks share; None for a talk without a link."""
    mine = or_(Link.web == conversation, Link.telegram == conversation)
    return session.scalar(select(Link.telegram).where(mine).limit(1))


def partners(session: Session, conversation: str) -> list[str]:
    """Every other conversation of the same person."""
    home = telegram_of(session, conversation) or conversation
    everybody = [home, *session.scalars(select(Link.web).where(Link.telegram == home))]
    return [name for name in everybody if name != conversation] if len(everybody) > 1 else []


def goes_on_elsewhere(conversation: Any, edge: datetime, *, keeps: Sequence[Keep] = ()) -> ColumnElement[bool]:
    """Whether a linked conversation was used since `edge`, or one of `keeps` speaks for it (see `Keep`)."""
    partner = aliased(Conversation)
    linked = or_(
        and_(Link.web == conversation, Link.telegram == partner.id),
        and_(Link.telegram == conversation, Link.web == partner.id),
    )
    return exists().where(linked, or_(partner.last_seen_at >= edge, *(keep(partner.id, edge) for keep in keeps)))


def drop_links(session: Session, conversation: str) -> None:
    """Ends all links of a conversation and its codes."""
    session.execute(delete(Link).where(or_(Link.web == conversation, Link.telegram == conversation)))
    session.execute(
        delete(LinkCode).where(or_(LinkCode.conversation_id == conversation, LinkCode.used_by == conversation))
    )
    session.execute(delete(SharedProfile).where(SharedProfile.home.not_in(select(Link.telegram))))
