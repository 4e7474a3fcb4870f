"""A candidate from beginning to end: progress, comparison, publishing; and every version with its way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.change_pages import patch_file
from bot.console.context import console_of
from bot.console.error_pages import error_page
from bot.console.rendering import page, see_other
from bot.console.topics import names, require_trainable, summary
from bot.content import service as changes
from bot.content.candidates.causes import nearest
from bot.content.change import AddSentences, ChangeError, EditDialogue, NewAspect, NewTopic, read_change, tidy
from bot.content.edit.dialogues import beginning
from bot.content.evaluation import asking
from bot.content.releases import places, publishing
from bot.content.releases.live_responses import read_words
from bot.content.store import changes_in, changes_of, live_version, versions
from bot.content.tables import CandidateRow, ChangeRow
from bot.errors import MeasuringError, OperatorError
from bot.ops import jobs
from bot.programs.fact_words import with_figures
from bot.programs.rows import FactRow
from bot.programs.service import shelves
from bot.reply.parts import Text
from bot.reply.responses import Responses, answer_of
from bot.review import bulk_actions
from bot.review.bulk_actions import reopen_messages_of
from bot.staff.audit import audit

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
Publisher = Annotated[Staff, requires(Role.PUBLISHER)]
Reason = Annotated[str, Form(max_length=500)]
WORKING = frozenset({"queued", "building", "training", "comparing"})
SHOWN_AGAIN = 50
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
            return error_page(request, 404, "There is no such test.")
        live = set() if row.status == "published" else set(changes.live_ids(session))
        titles = names(request, session)
        own = [change for change in changes_of(session, list(row.change_ids)) if change.id not in live]
        return page(
            request,
            "candidate.html",
            row=row,
            own=own,
            summaries={change.id: summary(change, titles) for change in own},
            is_working=row.status in WORKING,
            is_silent=is_silent(row),
            report=row.report,
            live=live_version(session),
            may_publish=staff.may(Role.PUBLISHER),
            may_change=staff.may(Role.ANNOTATOR),
            may_override=staff.may(Role.ADMIN),
            titles=titles,
            pending=[item for item in changes_in(session, changes.PENDING) if item.id > max(row.change_ids, default=0)],
            again=_asked_again(request, session, row, own),
            **_ways_out(row, own),
            **_counts(row.report),
        )


def _asked_again(
    request: Request, session: Session, row: CandidateRow, own: Sequence[ChangeRow]
) -> list[tuple[str, list[str]]]:
    """The messages from which a live candidate came, each with the answers that it gets now.

    The running engine only understands them: nobody's talk goes on by that.
    """
    live = live_version(session)
    if row.status != "published" or live is None or live.candidate_id != row.id:
        return []
    settings, before = console_of(request).container.settings, _ids_before(session)
    said = bulk_actions.messages_of(session, [change.id for change in own if change.id not in before])
    texts = list(dict.fromkeys(message.text for message in said))[:SHOWN_AGAIN]
    words, facts = read_words(places.live_content(settings)), shelves(session).facts
    try:
        found = asking.ask(
            settings.engine_url, [{"text": text, "topic": ""} for text in texts], key=settings.engine_key()
        )
    except MeasuringError:
        return []
    return [(item.text, [_answer(words, facts, name) for name in item.aspects]) for item in found]


def _ids_before(session: Session) -> set[int]:
    """The changes of the version before the live one."""
    return set(versions(session)[1].change_ids) if len(versions(session)) > 1 else set()


def _answer(words: Responses, facts: Mapping[str, FactRow], name: str) -> str:
    """What is said to a topic or aspect, figures filled in; its name where a task answers."""
    key = answer_of(name)
    return with_figures(Text(words.choose(key).text), facts).text if key in words else name.replace("_", " ")


def _ways_out(row: CandidateRow, own: Sequence[ChangeRow]) -> dict[str, Any]:
    """For each lost sentence the change that most likely drew it away, and what a broken dialogue could expect."""
    learned = {change.id: _sentences(change) for change in own}
    flips = _lost(row.report)
    mistakes = (row.report or {}).get("measured", {}).get("mistakes", {})
    return {
        "lost": flips,
        "causes": {flip["text"]: nearest(flip["text"], learned) for flip in flips},
        "mistakes": {
            title: {**found, "expects": beginning(found["said"])} for title, found in mistakes.items() if found["gone"]
        },
    }


def _lost(report: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What was understood and is not any more, and what is new and not understood; each sentence once."""
    found = [flip for flip in (report or {}).get("flips", ()) if flip["better"] is False]
    return list({flip["text"]: flip for flip in [*found, *(report or {}).get("missed", ())]}.values())


def _sentences(row: ChangeRow) -> tuple[str, ...]:
    try:
        change = read_change(row.kind, row.payload)
    except ChangeError:
        return ()
    return change.sentences if isinstance(change, AddSentences | NewTopic | NewAspect) else ()


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
            return error_page(request, 404, "There is no such test.")
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
        return error_page(request, 404, "This test has no content to export.")
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
    return see_other(request, here, f"Version {version.number} is live.")


@router.post("/changes/candidates/{number}/reject")
def reject(request: Request, number: Number, staff: Publisher, reason: Reason = "") -> Response:
    """Say that it shall not go live."""
    try:
        with console_of(request).database.unit() as session:
            publishing.reject(session, number, by=staff, reason=reason.strip())
    except OperatorError as error:
        return see_other(request, f"/changes/candidates/{number}", str(error), is_bad=True)
    return see_other(request, "/changes", "Rejected. Its drafts are still there: withdraw or correct them.")


@router.post("/changes/candidates/{number}/expect")
def expect(
    request: Request,
    number: Number,
    staff: Annotator,
    dialogue: Annotated[str, Form(max_length=300)],
    says: Annotated[str, Form(max_length=300)],
) -> Response:
    """A golden dialogue that went another way expects from now on what the bot says there."""

    def propose(session: Session) -> None:
        row = session.get(CandidateRow, number)
        found = ((row.report if row else None) or {}).get("measured", {}).get("mistakes", {}).get(dialogue)
        if not found or not found["gone"]:
            raise ChangeError("This dialogue does not wait for other words.")
        changes.propose(
            session, staff, EditDialogue(dialogue, found["turn"], found["user"], tuple(found["gone"]), tidy([says]))
        )

    return _mended(request, number, propose, f"“{dialogue}” will expect that. Test again when all is mended.")


@router.post("/changes/candidates/{number}/sentences")
def add_sentences(
    request: Request,
    number: Number,
    staff: Annotator,
    intent: Annotated[str, Form(max_length=100)],
    sentences: Annotated[str, Form(max_length=2000)],
) -> Response:
    """More ways to ask for a topic that lost; the lost sentence itself stays for measuring."""
    change = AddSentences(intent, tidy(sentences.splitlines()))

    def propose(session: Session) -> None:
        require_trainable(session, change)
        changes.propose(session, staff, change)

    return _mended(request, number, propose, "They will be learned. Test again when all is mended.")


@router.post("/changes/candidates/{number}/withdraw")
def withdraw(request: Request, number: Number, staff: Annotator, change: Annotated[Number, Form()]) -> Response:
    """Take one change out; the others go on."""
    return _mended(
        request,
        number,
        lambda session: bulk_actions.withdraw(session, staff, change, now=datetime.now(UTC)),
        "Withdrawn. Test again with what is left; it can be restored under Changes.",
    )


def _mended(request: Request, number: int, work: Callable[[Session], object], done: str) -> Response:
    here = f"/changes/candidates/{number}"
    try:
        with console_of(request).database.unit() as session:
            work(session)
    except ChangeError as error:
        return see_other(request, here, str(error), is_bad=True)
    return see_other(request, here, done)


@router.post("/changes/candidates/{number}/again")
def train_again(request: Request, number: Number, staff: Publisher) -> Response:
    """Start anew on a candidate that failed or was left alone."""
    with console_of(request).database.unit() as session:
        row = session.get(CandidateRow, number, with_for_update=True)
        if row is None or not (row.status == "failed" or is_silent(row)):
            return see_other(request, "/changes", "This test needs no new start.", is_bad=True)
        row.status, row.error, row.progress, row.beat_at = "queued", "", 0, datetime.now(UTC)
        audit(session, staff, "train candidate again", f"candidate {number}")
    jobs.start("train", str(number), settings=console_of(request).container.settings)
    return see_other(request, f"/changes/candidates/{number}")
