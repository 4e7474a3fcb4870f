"""The tables of review: one row per message of a person, what staff did with it, and what is still to be projected.

`messages` is made from other tables only and can be made anew (`bot review project --anew`), except for what staff
decided (`review`, `claimed_by`, `reviewed_at`), which a projection never touches.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime

OPEN, CLAIMED, RESOLVED, IGNORED = "open", "claimed", "resolved", "ignored"
OUTCOMES = ("answered", "asked_back", "fallback", "refused", "failed", "handed_off", "pending")

_WAITING = text("trigger <> '' AND review IN ('open', 'claimed')")
_RATED = text("feedback <> ''")
_TAKEN = text("claimed_by <> ''")


class ReviewMessage(Base):
    """One message of a person, as the bot understood it. `id` is the inbox row's, so newer messages have higher ids.

    `text` is what the history shows, redacted once more. `intent` is the engine's best real intent (never
    nlu_fallback), "" while the engine has not seen the message; `margin` is the distance to the runner-up. `reply_ms`
    is the time until the answer was stored. `entities` are `[{entity, value, text}]`. `facts` hold what insights count
    (see bot.review.projection.reading). `trigger` says why the message is in the inbox, "" when it is not.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id", name="uq_messages_conversation_id"),
        Index("ix_messages_received_at", "received_at"),
        Index("ix_messages_confidence", "confidence"),
        Index("ix_messages_intent", "intent", "id"),
        Index("ix_messages_model_id", "model_id", "id"),
        Index("ix_messages_trigger", "trigger", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_messages_claimed_by", "claimed_by", "id", sqlite_where=_TAKEN, postgresql_where=_TAKEN),
        Index(
            "ix_messages_filters",
            "id",
            "received_at",
            "channel",
            "intent",
            "outcome",
            "confidence",
            "margin",
            "trigger",
            "feedback",
            "review",
            "model_id",
        ),
        Index(
            "ix_messages_insights",
            "received_at",
            "conversation_id",
            "channel",
            "model_id",
            "kind",
            "outcome",
            "feedback",
            "intent",
            "reply_ms",
        ),
        Index("ix_messages_waiting", "id", "trigger", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_messages_feedback", "feedback", "id", sqlite_where=_RATED, postgresql_where=_RATED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(80))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10), default="typed")
    intent: Mapped[str] = mapped_column(String(80), default="")
    confidence: Mapped[float | None] = mapped_column(Float, default=None)
    runner_up: Mapped[str] = mapped_column(String(80), default="")
    runner_up_confidence: Mapped[float | None] = mapped_column(Float, default=None)
    margin: Mapped[float | None] = mapped_column(Float, default=None)
    entities: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    action: Mapped[str] = mapped_column(String(80), default="")
    outcome: Mapped[str] = mapped_column(String(12), default="pending")
    reply_ms: Mapped[int | None] = mapped_column(default=None)
    model_id: Mapped[str] = mapped_column(String(64), default="")
    feedback: Mapped[str] = mapped_column(String(4), default="")
    feedback_reason: Mapped[str] = mapped_column(String(500), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    trigger: Mapped[str] = mapped_column(String(20), default="")
    review: Mapped[str] = mapped_column(String(10), default=OPEN)
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class ProjectionEntry(Base):
    """A message to be projected at `due_at`, written by database triggers with every change of inbox and feedback.

    So nothing depends on the order in which numbers become visible: an entry is seen exactly when its change is.
    """

    __tablename__ = "projection_queue"
    __table_args__ = (Index("ix_projection_queue_due_at", "due_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProjectionLease(Base):
    """Who projects, one row: only the owner writes, and only until `expires_at` unless it asks again."""

    __tablename__ = "projection_lease"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(40), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BulkAction(Base):
    """What somebody did with messages at once, so that it can be taken back; one message is a bulk of one.

    `verb`: claim, resolve, ignore, reopen, add (to a topic), new_topic. `change_id` is the change to the content that
    came of it; `undone_at` is set when it was taken back.
    """

    __tablename__ = "bulk_actions"

    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(String(10))
    done_by: Mapped[str] = mapped_column(String(80), index=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id", ondelete="CASCADE"), index=True)
    summary: Mapped[str] = mapped_column(Text, default="")
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class BulkActionMessage(Base):
    """What a message was before a bulk action."""

    __tablename__ = "bulk_action_messages"

    action_id: Mapped[int] = mapped_column(ForeignKey("bulk_actions.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True)
    review: Mapped[str] = mapped_column(String(10))
    claimed_by: Mapped[str] = mapped_column(String(80))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedView(Base):
    """Filters of the inbox under a name, for all staff; `query` is the address's query string."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("name", name="uq_saved_views_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    made_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
