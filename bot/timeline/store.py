"""The last plan of a conversation, kept in the place of the one before."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.timeline.tables import PlanRow


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
