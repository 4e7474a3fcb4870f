"""A question that names no program while programs are shown is about them, and answered from their rows.

The cards stand above, so the answer is a line for each program, with its source.
"""

from __future__ import annotations

from actions.base import return_to_question
from actions.faq import titles
from actions.programs.asked import asked_columns
from actions.programs.details import shown_slugs
from actions.turn import Outcome, Turn
from bot.content.change import TOPIC_PREFIX
from bot.programs import aspects, service
from bot.programs.program import Program
from bot.programs.reference import points_at_shown, selection
from bot.reply.parts import Reply, Source, Text

MEANT = frozenset({"ask_program"})  # and every topic of the FAQ


def is_about_shown(turn: Turn) -> bool:
    """Whether a message asks something about what the running task shows."""
    message = turn.message
    is_meant = message.intent in MEANT or message.intent.startswith(TOPIC_PREFIX)
    is_meant = is_meant or (turn.task == "compare" and message.intent == "compare_programs")
    if not is_meant or not _shown(turn):
        return False
    if not points_at_shown(message, len(shown_slugs(turn)), is_one=turn.task == "program"):
        return False
    return bool(aspects.read_question(message, asked_columns(turn)).topics)


def about_shown(turn: Turn) -> Outcome | None:
    """What was asked, for each program that is meant; None when the message asks nothing about them."""
    programs = _meant(turn) if is_about_shown(turn) else ()
    if not programs:
        return None
    asked = aspects.read_question(turn.message, asked_columns(turn))
    lines = aspects.answers(programs, asked, say=turn.responses.text, named=_names(turn, programs))
    sources = tuple(dict.fromkeys(Source(p.institution, p.source_url, p.source_date) for p in programs))
    reply = Reply((Text("\n\n".join(lines), sources),), titles(turn, (turn.message.intent,)))
    is_one_now = len(programs) == 1 and not turn.asked
    slots = {"task": "program", "focus": [programs[0].slug]} if is_one_now else {}
    return Outcome(return_to_question(turn, reply), slots)


def _shown(turn: Turn) -> tuple[str, ...]:
    return tuple(turn.slots.get("focus") or ()) if turn.task == "program" else shown_slugs(turn)


def _meant(turn: Turn) -> tuple[Program, ...]:
    """The results that are pointed at ("the second one"), else all that is shown."""
    listed = shown_slugs(turn)
    pointed = [listed[at - 1] for at in selection(turn.message.frame, len(listed))]
    with turn.container.database.unit() as session:
        known = service.shelves(session).catalog.by_slug
    return tuple(known[slug] for slug in pointed or _shown(turn) if slug in known)


def _names(turn: Turn, programs: tuple[Program, ...]) -> dict[str, str]:
    """How each line is headed: results and columns with their institution; empty for the offerings of one."""
    if turn.task == "program":
        return {}
    return {program.slug: f"{program.institution}: {program.program_name}" for program in programs}
