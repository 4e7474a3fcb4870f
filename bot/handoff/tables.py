"""The tables of those who ask for a person: their wishes, and, apart from all messages, the address that they left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime

WAITING, TAKEN, CLOSED = "waiting", "taken", "closed"
_IS_OPEN = text("state <> 'closed'")


class HandoffRow(Base):
    """One wish for a person; a conversation has at most one that is not closed.

    `taken_by` is the id and `taken_name` the shown name of the staff who have it. While `email_wanted`, an address in a
    message is kept. `mail_due_at` is when staff are told by mail; null when that is done or not wanted. `typing_at` is
    when they were last seen to write. `tags` are separated by ", "; `rating` is what the person said of the talk when
    it was closed: up, down or "".
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index("uq_handoffs_open", "conversation_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    email_wanted: Mapped[bool] = mapped_column(default=False)
    taken_by: Mapped[int | None]
    taken_name: Mapped[str] = mapped_column(String(120), default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_staff_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    typing_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    mail_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_attempts: Mapped[int] = mapped_column(default=0)
    tags: Mapped[str] = mapped_column(String(300), default="", server_default="")
    rating: Mapped[str] = mapped_column(String(4), default="", server_default="")


class HandoffNote(Base):
    """A note of staff about a talk, which the person never sees."""

    __tablename__ = "handoff_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)


class ReadyReply(Base):
    """A reply that staff keep ready; figures stand in it by the key of their fact, in braces."""

    __tablename__ = "ready_replies"
    __table_args__ = (UniqueConstraint("title", name="uq_ready_replies_title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContactRow(Base):
    """The address that somebody left, encrypted. `delete_after` is set when the handoff is closed."""

    __tablename__ = "contacts"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    encrypted: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delete_after: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
