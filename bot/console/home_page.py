"""The front page: the way through a day, with what waits at each station."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.inbox_pages import counted
from bot.console.rendering import page, paths_of
from bot.content.store import changes_in
from bot.handoff.store import open_handoffs
from bot.handoff.tables import WAITING as NOBODY_YET
from bot.programs.tables import FactRecord, ProgramRow
from bot.programs.upkeep.store import queue_of
from bot.review.inbox import store as inbox
from bot.review.inbox.filters import Filters
from bot.staff.tables import StaffUser

router = APIRouter()
CARDS = (
    ("People waiting", "/handoff", "Somebody asked for a person. Answer here; they read it in their chat."),
    ("Inbox", "/inbox", "Messages that the bot did not answer well: look, decide, done."),
    ("Discovery", "/discovery", "Similar messages in groups, often a topic that the bot does not know yet."),
    ("Changes", "/changes", "Drafts: test them, publish them, or go back."),
    ("Answers", "/answers", "What the bot says, word by word, as it looks on both channels."),
    ("Programs", "/programs", "Look up, correct, add and retire programs; those whose page changed come first."),
    ("Facts", "/facts", "Fees, dates and rules behind plans and costs, each with its source."),
    ("Insights", "/insights", "How many came, what they wanted, and whether they were helped."),
)


STEPS = (
    (("See what was asked", "the inbox shows what the bot did not answer well, and why."), "/inbox"),
    (
        ("Teach it", "open a message: add it to a topic, or make a question of it with an answer."),
        "/inbox?trigger=fallback",
    ),
    (
        ("Say it better", "find an answer by its words, change it, and look at both channels before it counts."),
        "/answers",
    ),
    (
        ("Put it live", "a publisher tests what was proposed; a red gate says what to do, and one click goes back."),
        "/changes",
    ),
    (("Help a person", "whoever asks for somebody waits here; what you write arrives in their chat."), "/handoff"),
)
NEWCOMER = timedelta(days=7)
"""How long the five steps stand open for somebody."""


def _queue(table: type[ProgramRow] | type[FactRecord]) -> Callable[[Session, Staff, date], tuple[int, str]]:
    return lambda session, _, today: (queue_of(session, table, today=today).today, "to look at")


WAITING: dict[str, Callable[[Session, Staff, date], tuple[int, str]]] = {
    "/handoff": lambda session, *_: (len(open_handoffs(session)), "open"),
    "/inbox": lambda session, me, _: (inbox.count(session, Filters(), me=me.name), "to do"),
    "/changes": lambda session, *_: (len(changes_in(session, "pending")), "drafts"),
    "/programs": _queue(ProgramRow),
    "/facts": _queue(FactRecord),
}


@router.get("/")
def show_home(request: Request, staff: Annotated[Staff, requires(Role.VIEWER)]) -> Response:
    """The front page."""
    console, known = console_of(request), paths_of(request)
    cards = [card for card in CARDS if card[1] in known]
    with console.database.unit() as session:
        waiting = {path: count(session, staff, console.today()) for path, count in WAITING.items() if path in known}
        is_new = datetime.now(UTC) - session.get_one(StaffUser, staff.id).created_at < NEWCOMER
    return page(request, "home.html", cards=cards, waiting=waiting, counted=inbox.COUNTED, steps=STEPS, is_new=is_new)


@router.get("/counts")
def show_counts(request: Request, staff: Annotated[Staff, requires(Role.VIEWER)]) -> JSONResponse:
    """What is to do now, for the menu and the title of every open page: messages, and people who have nobody yet."""
    with console_of(request).database.look() as session:
        waiting = [row for row in open_handoffs(session) if row.state == NOBODY_YET]
        todo = inbox.count(session, Filters(), me=staff.name)
    return JSONResponse({"inbox": counted(todo), "waiting": str(len(waiting))})
