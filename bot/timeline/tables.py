"""The table of plans: the last timeline of each conversation, as it was calculated on its day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


class PlanRow(Base):
    """One plan per conversation. `uid` never changes, so that calendars update their entries; `sequence` counts up.

    `steps` are those of `bot.timeline.plan.Step` as JSON, `words` is what was said with the plan; `dropped` are the
    ids of steps that earlier plans had and this one has not. No foreign key, as for files.
    """

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80), unique=True)
    uid: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int] = mapped_column(default=0)
    computed: Mapped[date]
    verdict: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    dropped: Mapped[list[str]] = mapped_column(JSON, default=list)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
