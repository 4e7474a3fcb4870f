"""Staff propose changes to the content, take them back, and ask for a candidate model made of them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.content.change import (
    AddSentences,
    AddWords,
    Change,
    ChangeError,
    EditAnswer,
    EditDialogue,
    NewTopic,
    kind_of,
    payload_of,
    read_change,
)
from bot.content.store import changes_in, changes_of, live_version
from bot.content.tables import CandidateRow, ChangeRow
from bot.staff.audit import audit
from bot.staff.roles import Staff

__all__ = ["AddSentences", "AddWords", "Change", "ChangeError", "EditAnswer", "EditDialogue", "NewTopic"]

PENDING, PUBLISHED, WITHDRAWN, SETTLED = "pending", "published", "withdrawn", "settled"


def name_of(staff: Staff | str) -> str:
    """The name under which something is kept; on the command line it is all there is."""
    return staff if isinstance(staff, str) else staff.name


def propose(session: Session, staff: Staff | str, change: Change) -> ChangeRow:
    """Puts a change into the change set.

    Raises:
        ChangeError: it makes no sense; the text says why, for staff.
    """
    change = read_change(kind_of(change), payload_of(change))
    if problem := change.problem():
        raise ChangeError(problem)
    row = ChangeRow(
        kind=kind_of(change), payload=payload_of(change), summary=change.summary(), proposed_by=name_of(staff)
    )
    session.add(row)
    session.flush()
    audit(session, staff, "propose change", f"change {row.id}", None, {"summary": row.summary})
    return row


def withdraw(session: Session, staff: Staff | str, change_id: int) -> ChangeRow:
    """Takes a pending change out of the change set.

    Raises:
        ChangeError: there is no such change, or it is live already.
    """
    return _move(session, staff, change_id, PENDING, WITHDRAWN)


def restore(session: Session, staff: Staff | str, change_id: int) -> ChangeRow:
    """Puts a withdrawn change back into the change set.

    Raises:
        ChangeError: there is no such change, or it was not withdrawn.
    """
    return _move(session, staff, change_id, WITHDRAWN, PENDING)


def _move(session: Session, staff: Staff | str, change_id: int, before: str, after: str) -> ChangeRow:
    row = session.get(ChangeRow, change_id, with_for_update=True)
    if row is None or row.state != before:
        raise ChangeError(f"Change {change_id} is not {before} (any more).")
    row.state, row.decided_by, row.decided_at = after, name_of(staff), datetime.now(UTC)
    audit(session, staff, "move change", f"change {change_id}", {"state": before}, {"state": after})
    return row


def live_ids(session: Session) -> list[int]:
    """The ids of the published changes that are part of what is live, in their order."""
    version = live_version(session)
    return list(version.change_ids) if version else []


def read_all(session: Session, ids: list[int]) -> list[Change]:
    """The changes with these ids, oldest first."""
    return [read_change(row.kind, row.payload) for row in changes_of(session, ids)]


def ask_for_candidate(session: Session, staff: Staff | str, change_ids: list[int] | None = None) -> CandidateRow:
    """A candidate of what is live and the pending changes (all, or those named); `bot review train` makes it.

    Raises:
        ChangeError: nothing is pending.
    """
    pending = [row.id for row in changes_in(session, PENDING) if change_ids is None or row.id in change_ids]
    if not pending:
        raise ChangeError("There is no draft to test.")
    row = CandidateRow(change_ids=sorted({*live_ids(session), *pending}), asked_by=name_of(staff), step="Waiting")
    session.add(row)
    session.flush()
    audit(session, staff, "train candidate", f"candidate {row.id}", None, {"changes": row.change_ids})
    return row
