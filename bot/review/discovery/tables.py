"""The tables of discovery: vectors of messages, the groups that they form, where each lies on the map, and the runs.

A group keeps its row as long as it is found again; `is_current` is false when the newest run did not find it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.base import Base, UtcDateTime
from bot.review.tables import ReviewMessage as Message

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"


class MessageVector(Base):
    """The vector of a message: 384 little-endian float16 numbers. It goes with its message."""

    __tablename__ = "message_vectors"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Cluster(Base):
    """A group of like messages. `people` are different conversations; weeks count people too.

    `nearest_intent` is the existing topic closest to it, with the cosine of the two centers.
    """

    __tablename__ = "clusters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    people: Mapped[int]
    messages: Mapped[int]
    this_week: Mapped[int]
    last_week: Mapped[int]
    nearest_intent: Mapped[str] = mapped_column(String(80), default="")
    similarity: Mapped[float] = mapped_column(default=0.0)
    is_current: Mapped[bool] = mapped_column(default=True, index=True)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClusterMember(Base):
    """One message of the newest run, with its place on the map (0 to 1).

    In a group: `cluster_id` and `fit`, the cosine to its center. Loose: `near_id` is the closest group, if any is.
    """

    __tablename__ = "cluster_members"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    near_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id", ondelete="SET NULL"), index=True)
    fit: Mapped[float]
    x: Mapped[float]
    y: Mapped[float]


class DiscoveryRun(Base):
    """One search for groups. `newest_message` is the highest message id it saw; `beat_at` its last sign of life."""

    __tablename__ = "discovery_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(10), default=QUEUED)
    step: Mapped[str] = mapped_column(String(200), default="")
    messages: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    newest_message: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    error: Mapped[str] = mapped_column(Text, default="")


class Deed(Base):
    """What somebody did with several messages at once, so that it can be taken back: ignored, added, new_topic.

    `change_id` is the change to the content that came of it; `undone_at` is set when the messages are open again.
    """

    __tablename__ = "discovery_deeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    done_by: Mapped[str] = mapped_column(String(80))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id", ondelete="CASCADE"), index=True)
    summary: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class DeedMessage(Base):
    """One message that a deed was done with."""

    __tablename__ = "discovery_deed_messages"

    deed_id: Mapped[int] = mapped_column(ForeignKey("discovery_deeds.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True)


def reopen(session: Session, deed: Deed, now: datetime) -> None:
    """Opens the messages of a deed again."""
    own = select(DeedMessage.message_id).where(DeedMessage.deed_id == deed.id)
    session.execute(update(Message).where(Message.id.in_(own)).values(review="open", claimed_by="", reviewed_at=None))
    deed.undone_at = now


def reopen_messages_of(session: Session, change_id: int, now: datetime) -> None:
    """When a change is withdrawn, the messages that it came from wait for somebody again."""
    for deed in session.scalars(select(Deed).where(Deed.change_id == change_id, Deed.undone_at.is_(None))):
        reopen(session, deed, now)
