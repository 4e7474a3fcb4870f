"""Try it: a chat with a candidate before it is published."""

from __future__ import annotations

import asyncio
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page, see_other
from bot.content.candidates import trial
from bot.content.candidates.trial import Trial
from bot.content.tables import CandidateRow
from bot.delivery.engine import Engine, EngineError
from bot.ops import jobs

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
LONGEST = 1_000
TURN_SECONDS = 60.0
GONE = "Nobody wrote for ten minutes, so the trial has ended. Start it again."


@router.get("/changes/candidates/{number}/trial")
def show_trial(request: Request, number: Number, staff: Viewer) -> Response:
    """The chat, or the button that starts it."""
    console = console_of(request)
    with console.database.unit() as session:
        row = session.get(CandidateRow, number)
    if row is None or not row.model_path:
        raise HTTPException(404, "There is nothing to try: this test has no model (yet).")
    return page(
        request,
        "trial.html",
        row=row,
        trial=trial.find(console.container.settings, number),
        longest=LONGEST,
        may_act=staff.may(Role.ANNOTATOR),
    )


@router.get("/changes/candidates/{number}/trial/state")
def show_state(request: Request, number: Number, _: Viewer) -> JSONResponse:
    """Whether it is ready, for a page that waits for it."""
    found = trial.find(console_of(request).container.settings, number)
    return JSONResponse({"is_working": found is not None and not found.is_ready, "progress": 50, "step": "Starting"})


@router.post("/changes/candidates/{number}/trial")
def start_trial(request: Request, number: Number, staff: Annotator) -> Response:
    """Bring its engine up."""
    settings, here = console_of(request).container.settings, f"/changes/candidates/{number}/trial"
    if trial.find(settings, number) is None:
        trial.keep(settings, number, Trial())
        jobs.start("try", str(number), settings=settings)
    return see_other(request, here)


@router.post("/changes/candidates/{number}/trial/again")
def begin_anew(request: Request, number: Number, staff: Annotator) -> Response:
    """A new talk with the same candidate."""
    settings = console_of(request).container.settings
    if (found := trial.find(settings, number)) and found.is_ready:
        trial.keep(settings, number, found.anew())
    return see_other(request, f"/changes/candidates/{number}/trial")


@router.post("/changes/candidates/{number}/trial/end")
def end_trial(request: Request, number: Number, staff: Annotator) -> Response:
    """Give the memory of its engine back."""
    trial.end(console_of(request).container.settings, number)
    return see_other(request, f"/changes/candidates/{number}", "The chat has ended.")


@router.post("/changes/candidates/{number}/trial/say")
async def say(
    request: Request,
    number: Number,
    staff: Annotator,
    text: Annotated[str, Form(max_length=LONGEST)] = "",
    title: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Say something to the candidate; `text` is a button's payload when there is a `title`."""
    settings, here = console_of(request).container.settings, f"/changes/candidates/{number}/trial"
    found = await asyncio.to_thread(trial.find, settings, number)
    if found is None or not found.is_ready:
        return see_other(request, here, GONE, is_bad=True)
    words = text.strip() if title else text.strip().lstrip("/")
    if not words:
        return see_other(request, here)
    try:
        reply = await _answer(found, words)
    except EngineError:
        return see_other(request, here, "It did not answer; its log is var/logs/review.log.", is_bad=True)
    said = ({"who": "person", "text": title or words}, {"who": "bot", "reply": reply})
    await asyncio.to_thread(trial.keep, settings, number, found.after(*said))
    return see_other(request, f"{here}#last")


async def _answer(found: Trial, words: str) -> dict[str, Any]:
    engine = Engine(found.url, found.actions_url, timeout=TURN_SECONDS, key=found.key)
    try:
        return (await engine.ask(found.talk, words, message_id=str(uuid.uuid4()))).to_dict()
    finally:
        await engine.close()
