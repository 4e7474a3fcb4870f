"""The tables of content changes: what staff proposed, the candidates made of it, and the versions that were live."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


def _now() -> datetime:
    return datetime.now(UTC)


class ChangeRow(Base):
    """One change.

    `state`: pending (waits for a candidate), published (part of what is live), withdrawn, settled (stands in the
    repository now).
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    summary: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="pending", index=True)
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    note: Mapped[str] = mapped_column(Text, default="")


class CandidateRow(Base):
    """A model that might go live. `change_ids` are all changes in it, published ones included, in their order.

    `status`: queued, building, training, comparing, ready, failed, published, rejected; `beat_at` is the last sign of
    life of the process that works on it.
    """

    __tablename__ = "candidates"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    change_ids: Mapped[list[int]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(10), default="queued", index=True)
    progress: Mapped[int] = mapped_column(Integer, default=0)
    step: Mapped[str] = mapped_column(String(200), default="")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    model_path: Mapped[str] = mapped_column(String(500), default="")
    model_id: Mapped[str] = mapped_column(String(64), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reason: Mapped[str] = mapped_column(Text, default="")


class VersionRow(Base):
    """What was live, one row for each time it changed; `change_ids` are all changes in it, in their order."""

    __tablename__ = "versions"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    model_path: Mapped[str] = mapped_column(String(500))
    model_id: Mapped[str] = mapped_column(String(64), default="", index=True)
    change_ids: Mapped[list[int]] = mapped_column(JSON)
    candidate_id: Mapped[int | None] = mapped_column(Integer, default=None)
    published_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    note: Mapped[str] = mapped_column(Text, default="")
    is_live: Mapped[bool] = mapped_column(Boolean, default=False)
