"""Makes a candidate live and goes back to what was live before.

The order is: the engine takes the model and proves it; the database says so; the link that a restarted engine reads
follows. Whatever dies in between, the next start reads the database and puts the rest right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.content.releases import places, swapping
from bot.content.service import PENDING, PUBLISHED, WITHDRAWN, live_ids, name_of
from bot.content.store import changes_of, live_version
from bot.content.tables import CandidateRow, VersionRow
from bot.db.base import Database
from bot.errors import NotPublishableError, OperatorError
from bot.settings import Settings
from bot.staff.audit import audit
from bot.staff.roles import Staff


def live_path(session: Session) -> Path | None:
    """The model file of what is live; None before the first start, or when it is gone."""
    version = live_version(session)
    return Path(version.model_path) if version and Path(version.model_path).exists() else None


def enter(
    session: Session,
    path: Path,
    model_id: str,
    *,
    change_ids: list[int],
    by: str,
    note: str,
    candidate_id: int | None = None,
) -> VersionRow:
    """Adds a version, which is live from now on."""
    session.execute(update(VersionRow).values(is_live=False))
    row = VersionRow(
        model_path=str(path),
        model_id=model_id,
        change_ids=change_ids,
        published_by=by,
        note=note,
        is_live=True,
        candidate_id=candidate_id,
    )
    session.add(row)
    session.flush()
    return row


def publish(
    settings: Settings, database: Database, candidate_id: int, *, by: Staff | str, override: str = ""
) -> VersionRow:
    """Makes a candidate live in the running engine. `override` is an admin's reason for going past a red gate.

    Raises:
        NotPublishableError: a gate is red, or the candidate is not made of what is live now.
        SwapFailedError: the engine did not take it; what was live stays live.
    """
    name = name_of(by)
    with places.alone(settings, "publishing"):
        with database.unit() as session:
            path = Path(_publishable(session, candidate_id, override).model_path)
        with _in_engine(settings, database, path) as model_id, database.unit() as session:
            version = _published(session, candidate_id, model_id, by=name, override=override)
            done = "publish candidate against red gates" if override else "publish candidate"
            audit(session, by, done, f"candidate {candidate_id}", None, {"version": version.number, "reason": override})
        places.point_live_at(settings, path)
        return version


def _publishable(session: Session, candidate_id: int, override: str) -> CandidateRow:
    row = session.get(CandidateRow, candidate_id)
    if row is None or row.status != "ready":
        raise NotPublishableError(f"Candidate {candidate_id} is not ready.")
    if not (row.report or {}).get("is_green") and not override.strip():
        red = [gate["name"] for gate in (row.report or {}).get("gates", ()) if not gate["is_green"]]
        raise NotPublishableError(f"Not published, because a gate is red: {'; '.join(red) or 'there is no report'}.")
    if missing := set(live_ids(session)) - set(row.change_ids):
        raise NotPublishableError(f"{len(missing)} changes went live after this candidate was made; train a new one.")
    if any(change.state not in {PENDING, PUBLISHED} for change in changes_of(session, list(row.change_ids))):
        raise NotPublishableError("A change in this candidate was withdrawn meanwhile; train a new one.")
    if not Path(row.model_path).exists():
        raise NotPublishableError("The candidate's model file is gone; train a new one.")
    return row


@contextmanager
def _in_engine(settings: Settings, database: Database, path: Path) -> Iterator[str]:
    """The engine with another model, whose id is given; when anything fails, the one before is put back."""
    with database.unit() as session:
        before, is_done = live_path(session), False
    try:
        yield swapping.swap(settings, path)
        is_done = True
    except OperatorError as error:
        raise type(error)(f"{error} What was live stays live.") from error
    finally:
        if not is_done and before is not None:
            swapping.put_back(settings, before)


def _published(session: Session, candidate_id: int, model_id: str, *, by: str, override: str) -> VersionRow:
    row = session.get(CandidateRow, candidate_id)
    assert row is not None
    now = datetime.now(UTC)
    row.status, row.decided_by, row.decided_at, row.reason, row.model_id = "published", by, now, override, model_id
    changes = changes_of(session, list(row.change_ids))
    note = "; ".join(change.summary for change in changes if change.state == PENDING)
    for change in changes:
        change.state, change.decided_by, change.decided_at = PUBLISHED, by, now
    version = enter(
        session,
        Path(row.model_path),
        model_id,
        change_ids=list(row.change_ids),
        by=by,
        note=note,
        candidate_id=candidate_id,
    )
    return version


def roll_back(
    settings: Settings,
    database: Database,
    number: int,
    *,
    by: Staff | str,
    withdrawn: Callable[[Session, int, datetime], None],
) -> VersionRow:
    """Makes an earlier version live again, as a new version. Changes that it did not have are withdrawn.

    `withdrawn` hears of each (session, id of the change, now), in the same unit of work.

    Raises:
        NotPublishableError: there is no such version, it is live, or its model file is gone.
        SwapFailedError: the engine did not take it; what was live stays live.
    """
    with places.alone(settings, "publishing"):
        with database.unit() as session:
            target = session.get(VersionRow, number)
            if target is None or target.is_live:
                raise NotPublishableError(f"There is no version {number} to go back to.")
        path = Path(target.model_path)
        if not path.exists():
            raise NotPublishableError(f"The model file of version {number} is gone; train its changes again.")
        with _in_engine(settings, database, path) as model_id, database.unit() as session:
            version = _rolled_back(session, target, model_id, by=name_of(by), withdrawn=withdrawn)
            audit(session, by, "go back to version", f"version {number}", None, {"version": version.number})
        places.point_live_at(settings, path)
        return version


def _rolled_back(
    session: Session,
    target: VersionRow,
    model_id: str,
    *,
    by: str,
    withdrawn: Callable[[Session, int, datetime], None],
) -> VersionRow:
    wanted, now = set(target.change_ids), datetime.now(UTC)
    note = f"Back to version {target.number}"
    for row in changes_of(session, sorted(wanted | set(live_ids(session)))):
        before = row.state
        row.state = PUBLISHED if row.id in wanted else WITHDRAWN
        if row.state != before:
            row.note, row.decided_by, row.decided_at = note, by, now
        if row.state == WITHDRAWN:
            withdrawn(session, row.id, now)
    return enter(session, Path(target.model_path), model_id, change_ids=list(target.change_ids), by=by, note=note)


def reject(session: Session, candidate_id: int, *, by: Staff | str, reason: str) -> CandidateRow:
    """Says that a candidate shall not go live; its changes stay pending.

    Raises:
        NotPublishableError: it waits, works, or was decided.
    """
    row = session.get(CandidateRow, candidate_id, with_for_update=True)
    if row is None or row.status not in {"ready", "failed"}:
        raise NotPublishableError(f"Candidate {candidate_id} cannot be rejected now.")
    row.status, row.decided_by, row.decided_at, row.reason = "rejected", name_of(by), datetime.now(UTC), reason
    audit(session, by, "reject candidate", f"candidate {candidate_id}", None, {"reason": reason})
    return row
