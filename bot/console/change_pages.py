"""The change set: what waits to go live, taking it back, and asking for a candidate made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.orm import Session

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.error_pages import error_page
from bot.console.rendering import page, see_other
from bot.console.topics import names, require_trainable, summary
from bot.content import service as changes
from bot.content.candidates import rewording
from bot.content.change import (
    WORD_KINDS,
    AddSentences,
    AddWords,
    ChangeError,
    EditAnswer,
    EditDialogue,
    NewAspect,
    NewTopic,
    read_change,
    tidy,
)
from bot.content.edit.lexicon import things
from bot.content.releases.patch import patch
from bot.content.store import candidates, changes_in, live_version
from bot.content.tables import ChangeRow
from bot.errors import NotExportableError, OperatorError
from bot.ops import jobs
from bot.review import bulk_actions
from bot.settings import ROOT

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
Publisher = Annotated[Staff, requires(Role.PUBLISHER)]
SHOWN_CANDIDATES = 8
SHOWN_WITHDRAWN = 20
KIND_TITLES = {
    "add_sentences": "More sentences",
    "add_words": "Words",
    "new_topic": "New topic",
    "new_aspect": "New question",
    "edit_answer": "Answer",
    "edit_dialogue": "Expected words",
}


@router.get("/changes")
def show_changes(request: Request, staff: Viewer) -> Response:
    """What is pending, the newest candidates, and what was withdrawn lately."""
    with console_of(request).database.unit() as session:
        known = names(request, session)
        withdrawn = changes_in(session, changes.WITHDRAWN)[-SHOWN_WITHDRAWN:]
        return page(
            request,
            "changes.html",
            pending=[_shown(row, known) for row in changes_in(session, changes.PENDING)],
            withdrawn=[_shown(row, known) for row in reversed(withdrawn)],
            live=live_version(session),
            candidates=candidates(session, SHOWN_CANDIDATES),
            things=things(ROOT),
            may_change=staff.may(Role.ANNOTATOR),
            may_train=staff.may(Role.PUBLISHER),
            word_kinds=WORD_KINDS,
        )


def _shown(row: ChangeRow, titles: Mapping[str, str]) -> dict[str, Any]:
    said = summary(row, titles)
    return {"row": row, "summary": said, "kind": KIND_TITLES.get(row.kind, row.kind), "details": _details(row)}


def _details(row: ChangeRow) -> list[tuple[str, Any]]:
    """(label, text or list of texts) of everything that a change holds."""
    try:
        change = read_change(row.kind, row.payload)
    except ChangeError as error:
        return [("Cannot be read", str(error))]
    pairs: list[tuple[str, Any]]
    match change:
        case AddSentences():
            pairs = [("Learned", change.sentences), ("Held out", change.held_out)]
        case AddWords():
            pairs = [("Words", change.words)]
        case NewTopic():
            pairs = [
                ("Answer", change.answer),
                ("For students", change.answer_student),
                ("For graduates", change.answer_graduate),
                ("Learned", change.sentences),
                ("Held out", change.held_out),
                ("Sources", [item.title for item in change.sources]),
                ("Buttons", [f"{item.title} ({item.payload})" for item in change.buttons]),
            ]
        case NewAspect():
            pairs = [
                ("Answer", change.answer),
                ("Learned", change.sentences),
                ("Held out", change.held_out),
                ("Sources", [item.title for item in change.sources]),
            ]
        case EditAnswer():
            pairs = [
                ("Text", change.text),
                ("Reviewed", change.reviewed or ""),
                ("Sources", [item.title for item in change.sources or ()]),
                ("Buttons", [f"{item.title} ({item.payload})" for item in change.buttons or ()]),
            ]
        case EditDialogue():
            pairs = [
                ("Dialogue", change.dialogue),
                ("After", change.user),
                ("No more", change.gone),
                ("Expects", change.says),
            ]
    return [(label, value) for label, value in pairs if value]


@router.post("/changes/words")
def propose_words(
    request: Request, staff: Annotator, thing: Annotated[str, Form()] = "", words: Annotated[str, Form()] = ""
) -> Response:
    """More ways to say something that the bot knows; `thing` is its kind and its value with a slash between them."""
    kind, _, value = thing.partition("/")
    change = AddWords(kind, value, tidy(words.replace(",", "\n").splitlines()))

    def propose(session: Session) -> None:
        require_trainable(session, change)
        changes.propose(session, staff, change)

    return _do(request, propose, f"{change.summary()}: kept as a draft. A test shows what it changes.")


@router.post("/changes/{number}/withdraw")
def withdraw(request: Request, number: Number, staff: Annotator) -> Response:
    """Take a change out of the change set."""
    return _do(
        request,
        lambda session: bulk_actions.withdraw(session, staff, number, now=datetime.now(UTC)),
        "Withdrawn; it can be restored below.",
    )


@router.post("/changes/{number}/restore")
def restore(request: Request, number: Number, staff: Annotator) -> Response:
    """Put a withdrawn change back."""
    return _do(request, lambda session: changes.restore(session, staff, number), "Back in the change set.")


def _do(request: Request, work: Callable[[Session], object], done: str) -> Response:
    try:
        with console_of(request).database.unit() as session:
            work(session)
    except ChangeError as error:
        return see_other(request, "/changes", str(error), is_bad=True)
    return see_other(request, "/changes", done)


@router.post("/changes/train")
def train(request: Request, staff: Publisher) -> Response:
    """Ask for a candidate of everything pending, and start making it beside the application."""
    try:
        with console_of(request).database.unit() as session:
            number = changes.ask_for_candidate(session, staff).id
    except ChangeError as error:
        return see_other(request, "/changes", str(error), is_bad=True)
    jobs.start("train", str(number), settings=console_of(request).container.settings)
    return see_other(request, f"/changes/candidates/{number}")


@router.post("/changes/words-live")
def put_words_live(request: Request, staff: Publisher) -> Response:
    """Makes every pending change of words alone live at once; what has to be learned goes on waiting."""
    console = console_of(request)
    try:
        with console.database.unit() as session:
            waiting = [row.id for row in changes_in(session, changes.PENDING) if row.kind in WORD_KINDS]
            number = changes.ask_for_candidate(session, staff, waiting).id
    except ChangeError as error:
        return see_other(request, "/changes", str(error), is_bad=True)
    try:
        version = rewording.publish_words(console.container.settings, console.database, number, by=staff)
    except OperatorError as error:
        return see_other(request, f"/changes/candidates/{number}", str(error), is_bad=True)
    return see_other(request, "/changes/versions", f"Version {version.number} is live.")


@router.get("/changes/patch")
def download_patch(request: Request, _: Viewer) -> Response:
    """What is live and not in the repository yet, for `git apply`."""
    console = console_of(request)
    with console.database.unit() as session:
        version = live_version(session)
    return patch_file(request, version.model_path if version else "", "live")


def patch_file(request: Request, model: str, name: str) -> Response:
    """The patch of a model's content as a download, or why there can be none."""
    try:
        written = patch(console_of(request).container.settings, Path(model)) if model else ""
    except NotExportableError as error:
        return error_page(request, 409, str(error))
    headers = {"Content-Disposition": f'attachment; filename="rotation-bot-{name}.patch"'}
    return PlainTextResponse(written, headers=headers, media_type="text/x-diff")
