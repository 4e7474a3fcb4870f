"""The tables that link a talk on the website with a Telegram chat, so that a person is known in both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, and_, delete, exists, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.db.base import Base, UtcDateTime
from bot.delivery.retention.store import Keep
from bot.delivery.tables import Conversation


class LinkCode(Base):
    """A one-time code. `slots` is what was known about the person when it was made; `used_by` redeemed it."""

    __tablename__ = "link_codes"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80), index=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_by: Mapped[str] = mapped_column(String(80), default="")


class Link(Base):
    """A website conversation and the Telegram conversation that belongs to the same person."""

    __tablename__ = "links"

    web: Mapped[str] = mapped_column(String(80), primary_key=True)
    telegram: Mapped[str] = mapped_column(String(80), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SharedProfile(Base):
    """What is known about a person in all linked talks; `home` is the Telegram conversation. None empties a slot."""

    __tablename__ = "shared_profiles"

    home: Mapped[str] = mapped_column(String(80), primary_key=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)


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
