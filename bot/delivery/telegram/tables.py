"""The tables of the Telegram channel: how far each chat is served, what was sent, what stands behind a button, and what
could not be read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime

PREFIX = "tg:"
SENDING, SENT, REFUSED = "sending", "sent", "refused"


class TelegramChat(Base):
    """A chat that was written to. All replies up to `sent_seq` are done; `zone` is the person's time zone, or empty.

    `moved_to` is the chat's new number, once the group has become a supergroup; the talk keeps its id.
    """

    __tablename__ = "telegram_chats"

    conversation_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    sent_seq: Mapped[int] = mapped_column(default=0)
    zone: Mapped[str] = mapped_column(String(60), default="")
    zone_asked: Mapped[bool] = mapped_column(default=False)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_to: Mapped[int | None] = mapped_column(BigInteger, index=True)


class TelegramSent(Base):
    """A reply that did not go out in one go: `pieces` are the ids of its messages so far, `attempts` counts tries."""

    __tablename__ = "telegram_sent"

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default=SENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[list[int]] = mapped_column(JSON, default=list)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TelegramButton(Base):
    """What a button means; its token stands in the message, since Telegram allows 64 bytes only."""

    __tablename__ = "telegram_buttons"

    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80), index=True)
    payload: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))


class TelegramBot(Base):
    """The bot's own name, kept for those who make links to it."""

    __tablename__ = "telegram_bot"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))


class TelegramPolling(Base):
    """Which application fetches updates, and until when; one row."""

    __tablename__ = "telegram_polling"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class UnreadUpdate(Base):
    """An update that could not be read or stored: its number if it has one, its kind, and the class of the error.

    Nothing of what it says is kept, nor who sent it.
    """

    __tablename__ = "telegram_unread_updates"

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    error: Mapped[str] = mapped_column(String(80))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
