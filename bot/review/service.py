"""What staff do with messages of the inbox: claim, resolve, ignore, open again, and take the last step back.

Every step is kept with what the messages were before, and written into the audit log in the same unit of work.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.review.tables import (
    CLAIMED,
    IGNORED,
    OPEN,
    RESOLVED,
    ReviewMessage,
    ReviewStep,
    ReviewStepMessage,
    SavedView,
)
from bot.staff.audit import audit
from bot.staff.roles import Staff

STATES = {"claim": CLAIMED, "resolve": RESOLVED, "ignore": IGNORED, "reopen": OPEN}
MOST_AT_ONCE = 500
MOST_VIEWS = 50
_NAMED = 12


class ReviewError(ValueError):
    """Something that cannot be done; the text says why, for staff."""


@dataclass(frozen=True)
class StepResult:
    """How many messages a step changed, and how many it left alone because somebody else has them."""

    changed: int
    others: int = 0


def act(session: Session, staff: Staff, verb: str, messages: Collection[int], *, now: datetime) -> StepResult:
    """Claim, resolve, ignore or reopen messages. What somebody else has claimed is not claimed again.

    Raises:
        ReviewError: no such verb, or no message.
    """
    if verb not in STATES or not messages:
        raise ReviewError("Choose at least one message." if verb in STATES else "That cannot be done with a message.")
    state = STATES[verb]
    holder = "" if verb == "reopen" else staff.name
    rows = _locked(session, messages)
    others = [row for row in rows if verb == "claim" and row.review == CLAIMED and row.claimed_by != staff.name]
    changing = [row for row in rows if row not in others and row.review != state]
    if changing:
        _keep(session, staff, verb, changing, now=now)
        for row in changing:
            row.review, row.claimed_by = state, holder
            row.reviewed_at = now if state in (RESOLVED, IGNORED) else None
        audit(session, staff, f"{verb} messages", _subject(changing))
    return StepResult(len(changing), len(others))


def undo(session: Session, staff: Staff, *, now: datetime) -> StepResult:
    """Take back one's own last step; a message that was changed since stays as it is.

    Raises:
        ReviewError: there is no step to take back.
    """
    mine = select(ReviewStep).where(ReviewStep.staff_name == staff.name, ReviewStep.undone.is_(False))
    step = session.scalar(mine.order_by(ReviewStep.id.desc()).limit(1).with_for_update())
    if step is None:
        raise ReviewError("There is nothing to take back.")
    kept = {row.message_id: row for row in session.scalars(_of(step))}
    state, holder = STATES[step.verb], "" if step.verb == "reopen" else staff.name
    rows = [row for row in _locked(session, kept) if (row.review, row.claimed_by) == (state, holder)]
    for row in rows:
        before = kept[row.id]
        row.review, row.claimed_by, row.reviewed_at = before.review, before.claimed_by, before.reviewed_at
    step.undone = True
    audit(session, staff, f"undo {step.verb} messages", _subject(rows))
    return StepResult(len(rows), len(kept) - len(rows))


def last_step(session: Session, staff: Staff) -> ReviewStep | None:
    """The step that `undo` would take back."""
    mine = select(ReviewStep).where(ReviewStep.staff_name == staff.name, ReviewStep.undone.is_(False))
    return session.scalar(mine.order_by(ReviewStep.id.desc()).limit(1))


def views(session: Session) -> list[SavedView]:
    """All saved views, by name."""
    return list(session.scalars(select(SavedView).order_by(SavedView.name)))


def save_view(session: Session, staff: Staff, name: str, query: str, *, now: datetime) -> None:
    """Keep filters under a name, for all staff; the same name replaces them.

    Raises:
        ReviewError: the name is empty or too long, or there are too many views.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60:
        raise ReviewError("A view needs a name of 1 to 60 characters.")
    known = {view.name: view for view in views(session)}
    if name not in known and len(known) >= MOST_VIEWS:
        raise ReviewError(f"There are {MOST_VIEWS} views already; delete one first.")
    before = {"query": known[name].query} if name in known else None
    if name in known:
        known[name].query, known[name].made_by, known[name].created_at = query, staff.name, now
    else:
        session.add(SavedView(name=name, query=query, made_by=staff.name, created_at=now))
    audit(session, staff, "save view", f"view {name}", before, {"query": query})


def delete_view(session: Session, staff: Staff, number: int) -> None:
    """Delete a saved view; nothing happens when it is gone already."""
    view = session.get(SavedView, number)
    if view is not None:
        session.delete(view)
        audit(session, staff, "delete view", f"view {view.name}", {"query": view.query}, None)


def _locked(session: Session, messages: Collection[int]) -> list[ReviewMessage]:
    """The messages, in the order in which the projection locks them too."""
    wanted = select(ReviewMessage).where(ReviewMessage.id.in_(sorted(messages)[:MOST_AT_ONCE]))
    return list(session.scalars(wanted.order_by(ReviewMessage.id).with_for_update()))


def _of(step: ReviewStep) -> Any:
    return select(ReviewStepMessage).where(ReviewStepMessage.step_id == step.id)


def _keep(session: Session, staff: Staff, verb: str, rows: Collection[ReviewMessage], *, now: datetime) -> None:
    """What the messages were before."""
    step = ReviewStep(at=now, staff_name=staff.name, verb=verb, undone=False)
    session.add(step)
    session.flush()
    session.execute(
        insert(ReviewStepMessage),
        [
            {
                "step_id": step.id,
                "message_id": row.id,
                "review": row.review,
                "claimed_by": row.claimed_by,
                "reviewed_at": row.reviewed_at,
            }
            for row in rows
        ],
    )


def _subject(rows: Collection[ReviewMessage]) -> str:
    numbers = [str(row.id) for row in rows]
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return f"messages {', '.join(numbers[:_NAMED])}{more}" if len(numbers) != 1 else f"message {numbers[0]}"
