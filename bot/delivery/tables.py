"""The tables of delivery: what came in, what went out, and in which order. They are the record that counts.

`seq` numbers both sides of one conversation in a single line, so that a visitor who reconnects can ask for
everything after the last number seen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime

PENDING, ANSWERED, FAILED = "pending", "answered", "failed"


class Conversation(Base):
    """One talk with one person. `id` is opaque: `web:<uuid4>` or `tg:<chat id>`; `last_seq` is the newest number."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    site: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seq: Mapped[int] = mapped_column(default=0)


class InboxMessage(Base):
    """One message of a person, already redacted. `text` goes to the engine, `shown` is what the history shows.

    `client_id` is the sender's own id and unique in its conversation: the same message never makes two turns.
    `attempts` counts failures while the engine was healthy; `noticed` says that the delay was already explained.
    Until `lease_until` the application `lease_owner` answers it; afterwards, or where that is empty, any may.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id", name="uq_inbox_conversation_id"),
        Index(
            "ix_inbox_pending",
            "conversation_id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10), default=PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    noticed: Mapped[bool] = mapped_column(default=False)
    lease_owner: Mapped[str] = mapped_column(String(120), default="", server_default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutboxReply(Base):
    """One reply as JSON (`Reply.to_dict`). `in_reply_to` is the client id that it answers, empty for a reminder."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq", name="uq_outbox_conversation_id"),
        Index("ix_outbox_in_reply_to", "conversation_id", "in_reply_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    reply: Mapped[dict[str, Any]] = mapped_column(JSON)
    in_reply_to: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Feedback(Base):
    """A thumb on one reply; `rating` is up or down. A second thumb replaces the first."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "seq", name="uq_feedback_conversation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    rating: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredFile(Base):
    """A download made for one conversation. Who knows the token may read it until `expires_at`.

    No foreign key: an action may make a file for a conversation that did not come through the gateway.
    """

    __tablename__ = "files"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80), index=True)
    mime: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Erasure(Base):
    """A wish to be forgotten, kept until nothing is left anywhere; nothing else of the person stands in it.

    What was said up to `after_seq` goes. From `cleared_at` on our own rows are gone, and what the conversation holds
    belongs to a new talk, whose messages wait until `done_at`. `quiet_at` is when a turn that was running at the time
    of the wish has ended for certain. `due_at` is when somebody tries (again). After `done_at` the row only stands for
    the word that is still owed to the person (`tells`).
    """

    __tablename__ = "erasures"

    conversation_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    after_seq: Mapped[int]
    tells: Mapped[bool]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    quiet_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
