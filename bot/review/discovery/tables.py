"""The tables of discovery: vectors of messages, the groups that they form, where each lies on the map, and the runs.

A group keeps its row as long as it is found again; `is_current` is false when the newest run did not find it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime

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
