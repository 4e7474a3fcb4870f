"""What somebody says is wrong in a program: noted for staff at once, and their words with it if they add some."""

from __future__ import annotations

from datetime import UTC, datetime

from actions.turn import Outcome, Turn
from bot.dialogue.state import ALWAYS_THEMSELVES
from bot.programs.corrections.store import add_words, report
from bot.programs.service import shelves

CORRECTION = "correction"
"""What is asked after the button; it stands for the next turn only."""
_OTHER_TALK = ALWAYS_THEMSELVES - {"give_feedback", "refine_search", "out_of_scope", "care"}


def asks_what_is_wrong(turn: Turn, slug: str) -> Outcome | None:
    """The wish is noted, and the person asked what is wrong; None where no such program is known."""
    with turn.container.database.unit() as session:
        if slug not in shelves(session).catalog.by_slug:
            return None
        report(session, slug, turn.conversation, now=datetime.now(UTC))
    slots = {"task": "program", "asked": CORRECTION, "focus": [slug]}
    return Outcome(turn.responses.reply("utter_correction_ask"), slots)


def tells_what_is_wrong(turn: Turn) -> bool:
    """Whether a message is the answer: anything that is no question and nothing else of its own."""
    message = turn.message
    is_other = message.is_button or message.frame.does("ask", "whether", "show", "seek")
    return turn.asked == CORRECTION and not is_other and message.intent not in _OTHER_TALK


def thanks_for_words(turn: Turn) -> Outcome:
    """What was said goes to staff; a plain no adds nothing."""
    slug = next(iter(turn.slots.get("focus") or ()), "")
    if turn.message.intent not in ("deny", "affirm", "unsure"):
        with turn.container.database.unit() as session:
            add_words(session, slug, turn.conversation, turn.message.text)
    return Outcome(turn.responses.reply("utter_correction_thanks"), {"task": "program", "asked": None})
