"""A candidate from beginning to end: progress, comparison, publishing; and every version with its way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.change_pages import patch_file
from bot.console.context import console_of
from bot.console.error_pages import error_page
from bot.console.rendering import page, see_other
from bot.content import service as changes
from bot.content.releases import publishing
from bot.content.store import changes_of, live_version, versions
from bot.content.tables import CandidateRow
from bot.errors import OperatorError
from bot.ops import jobs
from bot.review.bulk_actions import reopen_messages_of
from bot.staff.audit import audit

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Publisher = Annotated[Staff, requires(Role.PUBLISHER)]
Reason = Annotated[str, Form(max_length=500)]
WORKING = frozenset({"queued", "building", "training", "comparing"})
SILENT = timedelta(minutes=3)
"""A candidate that gave no sign of life for so long has lost the process that worked on it."""


@router.get("/changes/versions")
def show_versions(request: Request, staff: Viewer) -> Response:
    """Everything that was live, newest first."""
    with console_of(request).database.unit() as session:
        return page(request, "versions.html", versions=versions(session), may_publish=staff.may(Role.PUBLISHER))


@router.post("/changes/versions/{number}/rollback")
def roll_back(request: Request, number: Number, staff: Publisher) -> Response:
    """Make an earlier version live again."""
    console = console_of(request)
    try:
        version = publishing.roll_back(
            console.container.settings, console.database, number, by=staff, withdrawn=reopen_messages_of
        )
    except OperatorError as error:
        return see_other(request, "/changes/versions", str(error), is_bad=True)
    return see_other(request, "/changes/versions", f"Version {version.number} is live: {version.note.lower()}.")


@router.get("/changes/candidates/{number}")
def show_candidate(request: Request, number: Number, staff: Viewer) -> Response:
    """The progress, or what the candidate would change."""
    with console_of(request).database.unit() as session:
        row = session.get(CandidateRow, number)
        if row is None:
            return error_page(request, 404, "There is no such candidate.")
        live = set() if row.status == "published" else set(changes.live_ids(session))
        own = [change for change in changes_of(session, list(row.change_ids)) if change.id not in live]
        return page(
            request,
            "candidate.html",
            row=row,
            own=own,
            is_working=row.status in WORKING,
            is_silent=is_silent(row),
            report=row.report,
            live=live_version(session),
            may_publish=staff.may(Role.PUBLISHER),
            may_override=staff.may(Role.ADMIN),
            **_counts(row.report),
        )


def _counts(report: dict[str, Any] | None) -> dict[str, Any]:
    flips = (report or {}).get("flips", ())
    dialogues = (report or {}).get("measured", {}).get("dialogues", {})
    return {
        "better": [flip for flip in flips if flip["better"] is True],
        "worse": [flip for flip in flips if flip["better"] is False],
        "other": [flip for flip in flips if flip["better"] is None],
        "broken": {title: problem for title, problem in dialogues.items() if problem},
    }


def is_silent(row: CandidateRow) -> bool:
    """Whether nobody works on a candidate that should be worked on."""
    return row.status in WORKING and datetime.now(UTC) - (row.beat_at or row.asked_at) > SILENT


@router.get("/changes/candidates/{number}/progress")
def show_progress(request: Request, number: Number, _: Viewer) -> Response:
    """`{status, progress, step, is_working}` for the page to show."""
    with console_of(request).database.unit() as session:
        row = session.get(CandidateRow, number)
        if row is None:
            return error_page(request, 404, "There is no such candidate.")
        is_working = row.status in WORKING and not is_silent(row)
        return JSONResponse(
            {"status": row.status, "progress": row.progress, "step": row.step, "is_working": is_working}
        )


@router.get("/changes/candidates/{number}/patch")
def download_patch(request: Request, number: Number, _: Viewer) -> Response:
    """The candidate's content as a patch for the repository."""
    console = console_of(request)
    with console.database.unit() as session:
        row = session.get(CandidateRow, number)
    if row is None or not row.model_path:
        return error_page(request, 404, "This candidate has no content to export.")
    return patch_file(request, row.model_path, f"candidate-{number}")


@router.post("/changes/candidates/{number}/publish")
def publish(request: Request, number: Number, staff: Publisher, reason: Reason = "") -> Response:
    """Make it live now; a red gate only by an admin with a reason."""
    console, here = console_of(request), f"/changes/candidates/{number}"
    if reason.strip() and not staff.may(Role.ADMIN):
        return see_other(request, here, "Only an admin may go past a red gate.", is_bad=True)
    try:
        version = publishing.publish(
            console.container.settings, console.database, number, by=staff, override=reason.strip()
        )
    except OperatorError as error:
        return see_other(request, here, str(error), is_bad=True)
    return see_other(request, "/changes/versions", f"Version {version.number} is live.")


@router.post("/changes/candidates/{number}/reject")
def reject(request: Request, number: Number, staff: Publisher, reason: Reason = "") -> Response:
    """Say that it shall not go live."""
    try:
        with console_of(request).database.unit() as session:
            publishing.reject(session, number, by=staff, reason=reason.strip())
    except OperatorError as error:
        return see_other(request, f"/changes/candidates/{number}", str(error), is_bad=True)
    return see_other(request, "/changes", "Rejected. Its changes are still pending: withdraw or correct them.")


@router.post("/changes/candidates/{number}/again")
def train_again(request: Request, number: Number, staff: Publisher) -> Response:
    """Start anew on a candidate that failed or was left alone."""
    with console_of(request).database.unit() as session:
        row = session.get(CandidateRow, number, with_for_update=True)
        if row is None or not (row.status == "failed" or is_silent(row)):
            return see_other(request, "/changes", "This candidate needs no new start.", is_bad=True)
        row.status, row.error, row.progress, row.beat_at = "queued", "", 0, datetime.now(UTC)
        audit(session, staff, "train candidate again", f"candidate {number}")
    jobs.start("train", str(number), settings=console_of(request).container.settings)
    return see_other(request, f"/changes/candidates/{number}")
