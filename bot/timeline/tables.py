"""The table of plans: the last timeline of each conversation, as it was calculated on its day."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.base import Base, UtcDateTime


class PlanRow(Base):
    """One plan per conversation. `uid` never changes, so that calendars update their entries; `sequence` counts up.

    `steps` are those of `core.timeline_plan.Step` as JSON, `words` is what was said with the plan; `dropped` are the
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


def find_plan(session: Session, conversation: str) -> PlanRow | None:
    """The last plan of a conversation."""
    return session.scalar(select(PlanRow).where(PlanRow.conversation_id == conversation))


def save_plan(
    session: Session,
    conversation: str,
    *,
    computed: date,
    verdict: str,
    title: str,
    words: str,
    steps: Sequence[dict[str, Any]],
    now: datetime,
) -> PlanRow:
    """Keeps a plan in the place of the last one; its calendar entries keep their identity."""
    row = find_plan(session, conversation)
    if row is None:
        row = PlanRow(conversation_id=conversation, uid=secrets.token_hex(16), sequence=0, dropped=[], steps=[])
        session.add(row)
    else:
        row.sequence += 1
    names = {step["id"] for step in steps}
    earlier = [*row.dropped, *(step["id"] for step in row.steps)]
    row.dropped = sorted({name for name in earlier if name not in names})
    row.steps, row.computed, row.verdict = list(steps), computed, verdict
    row.title, row.words, row.updated_at = title, words, now
    session.flush()
    return row


def drop_plans(session: Session, conversation: str) -> None:
    """Forgets the plan of a conversation."""
    session.execute(delete(PlanRow).where(PlanRow.conversation_id == conversation))
