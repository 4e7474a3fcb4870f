"""What somebody says is wrong in a program: noted for staff at once, and their words with it if they add some."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from actions.programs.details import findings, short_title
from actions.programs.screen import screen
from actions.turn import Outcome, Turn
from bot.dialogue.state import ALWAYS_THEMSELVES, CERTAIN
from bot.nlu.message import Message
from bot.programs.aspects import MOST_CARDS
from bot.programs.corrections.store import add_words, report
from bot.programs.program import Program
from bot.programs.service import shelves
from bot.reply.parts import Suggestion

CORRECTION = "correction"
"""What is asked after the button; it stands for the next turn only."""
CALLS_WRONG = "calls_wrong"
_WISHES = frozenset({"search_programs", "estimate_cost", "plan_timeline", "recommend_rotation"})
_OTHER_TALK = ALWAYS_THEMSELVES - {"give_feedback", "refine_search", "out_of_scope", "care"}


def asks_what_is_wrong(turn: Turn, slug: str) -> Outcome | None:
    """The wish is noted, and the person asked what is wrong; None where no such program is known."""
    with turn.container.database.unit() as session:
        if slug not in shelves(session).catalog.by_slug:
            return None
        report(session, slug, turn.conversation, now=datetime.now(UTC))
    slots = {"task": "program", "asked": CORRECTION, "focus": [slug]}
    return Outcome(turn.responses.reply("utter_correction_ask"), slots)


def called_wrong(turn: Turn) -> Outcome | None:
    """The same for who writes it: "the fee at ... is outdated". None where no program is named or talked about.

    Of several programs the person is asked which one, and its button asks what is wrong with it.
    """
    if turn.message.is_button or turn.asked == CORRECTION or not turn.message.frame.does(CALLS_WRONG):
        return None
    meant = _meant(turn)
    if len(meant) > 1:
        buttons = tuple(
            Suggestion(short_title(program), f'/give_feedback{{"program": "{program.slug}"}}')
            for program in meant[:MOST_CARDS]
        )
        return Outcome(replace(turn.responses.reply("utter_correction_which"), suggestions=buttons))
    asked = asks_what_is_wrong(turn, meant[0].slug) if meant else None
    if asked:
        with turn.container.database.unit() as session:
            add_words(session, meant[0].slug, turn.conversation, turn.message.text)
    return asked


def asks_where(turn: Turn) -> Outcome | None:
    """Which program somebody speaks of who names none: "I want to report a mistake"."""
    if turn.message.is_button or not turn.message.frame.does(CALLS_WRONG):
        return None
    return Outcome(turn.responses.reply("utter_correction_where"), {"task": "program", "asked": "program"})


def _meant(turn: Turn) -> tuple[Program, ...]:
    """The programs of the institution that is named, else those on the screen, a sum for one of them included."""
    if turn.message.frame.named("institution"):
        with turn.container.database.unit() as session:
            known = shelves(session)
        named = (name for found in findings(turn, known) for name in found.institutions)
        return known.programs_of(tuple(dict.fromkeys(named)))
    shown = screen(turn)
    is_talked_about = shown is not None and (shown.is_latest or (shown.is_one and turn.task == "cost"))
    return shown.programs if shown and is_talked_about else ()


def tells_what_is_wrong(turn: Turn) -> bool:
    """Whether a message is the answer: anything that is no question and nothing else of its own."""
    message = turn.message
    is_other = message.is_button or message.frame.does("ask", "whether", "show") or _wants_another(message)
    return turn.asked == CORRECTION and not is_other and message.intent not in _OTHER_TALK


def _wants_another(message: Message) -> bool:
    """Whether somebody surely looks for something; "they want a fee now" and "the program is closed" do not."""
    return message.intent in _WISHES and message.confidence >= CERTAIN and message.frame.does("seek")


def thanks_for_words(turn: Turn) -> Outcome:
    """What was said goes to staff; a plain no adds nothing."""
    slug = next(iter(turn.slots.get("focus") or ()), "")
    if turn.message.intent not in ("deny", "affirm", "unsure"):
        with turn.container.database.unit() as session:
            add_words(session, slug, turn.conversation, turn.message.text)
    return Outcome(turn.responses.reply("utter_correction_thanks"), {"task": "program", "asked": None})
