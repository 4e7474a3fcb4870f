"""The front page: the way through a day, as far as there are pages for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from bot.console.access import Role, Staff, requires
from bot.console.pages import page, paths_of

router = APIRouter()
CARDS = (
    ("People waiting", "/handoff", "Somebody asked for a person. Answer here; they read it in their chat."),
    ("Inbox", "/inbox", "Messages that the bot did not answer well: look, decide, done."),
    ("Discovery", "/discovery", "Similar messages in groups, often a topic that the bot does not know yet."),
    ("Changes", "/changes", "What is proposed; train a candidate, compare it, publish it, or go back."),
    ("Answers", "/answers", "What the bot says, word by word, as it looks on both channels."),
    ("Programs", "/programs", "Look up, correct, add and retire programs; those not checked for a year come first."),
    ("Facts", "/facts", "Fees, dates and rules behind plans and costs, each with its source."),
    ("Insights", "/insights", "How many came, what they wanted, and whether they were helped."),
)


@router.get("/")
def show_home(request: Request, _: Annotated[Staff, requires(Role.VIEWER)]) -> Response:
    """The front page."""
    known = paths_of(request)
    return page(request, "home.html", cards=[card for card in CARDS if card[1] in known])
