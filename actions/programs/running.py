"""The running search, and messages that change it although they look like questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.programs.asked import column_of
from actions.programs.screen import TASKS, screen
from actions.turn import Turn
from bot.dialogue.slots import from_slot
from bot.programs import measures, service
from bot.programs.inquiry import AUDIENCE_OF
from bot.programs.program import NOT_ON_THE_WARD
from bot.programs.query import Query
from bot.programs.query_reader import taken_back, understand
from bot.programs.specialties import MANY
from bot.programs.vocabulary import vocabulary

FEW_WORDS = 9
MOST_ALIKE, MOST_FIELDS = 3, 3
"""Offerings on the screen up to which one is meant as a model, and specialties up to which it has a field."""
OF_PRICES = ("expense", "institution", "provider", "rotation_type", "route")
"""What makes a question for something cheap one of prices in general, or of one program."""

_SAYING_YES: Mapping[str, Mapping[str, bool]] = {
    "lor": {"letter": True},
    "hands_on": {"hands_on": True},
    "housing": {"housing": True},
    "stipend": {"stipend": True},
}
_SAYING_NO: Mapping[str, Mapping[str, bool]] = {
    "step1": {"no_step1": True},
    "step2ck": {"no_step2ck": True},
    "english": {"no_english_test": True},
    "fee": {"free": True},
}
"""What a search wishes for that looks for a yes, or for a no, to a question about a column."""


def running(turn: Turn) -> Query | None:
    """The search so far; None before the first one."""
    kept = turn.slots.get("query")
    return None if kept is None else from_slot(Query, kept)


def changes_search(turn: Turn) -> bool:
    """Whether the running search is meant: "how many need no TOEFL" narrows it, "a cheaper state" drops it."""
    before, frame = running(turn), turn.message.frame
    if who_does(turn, before):
        return True
    is_of_program = turn.task == "cost" and bool(turn.slots.get("focus"))  # after its sum: "is there something cheaper"
    if before is None or not (turn.task in TASKS or is_of_program) or turn.message.is_button:
        return False
    if taken_back(frame, before).facets or (frame.does("cheaper") and frame.named("dropped")):
        return True
    if turn.task in ("search", "cost") and frame.does("cheaper") and not any(frame.named(kind) for kind in OF_PRICES):
        return len(turn.message.text.split()) <= FEW_WORDS  # "I'm still a student. Cheapest?"
    after = changed(turn, before, None)
    if before.budget_usd and after.budget_usd != before.budget_usd and measures.bare_number(frame):
        return True
    if before.start_month and after.start_month != before.start_month and frame.does("instead", "follow_up"):
        return not frame.does("latest", "feasible", "too_late")  # another month; whether it works is asked of a plan
    if after.facets == before.facets or turn.task != "search":
        return False
    return frame.does("how_many") or (frame.does("which_of") and _is_answered_by(turn, after))


def _alike(turn: Turn, before: Query | None) -> Query | None:
    """A search for programs of the specialty and type of the one on the screen; None where none is meant.

    One of a search's list is known by what was wished for there.
    """
    frame, shown = turn.message.frame, screen(turn)
    is_meant = frame.does("similar", "nearby") or (before is None and frame.does("cheaper"))
    if not is_meant or shown is None or len(shown.programs) > MOST_ALIKE:
        return None
    first = next(
        (item for item in shown.programs if not set(item.rotation_types) <= NOT_ON_THE_WARD), shown.programs[0]
    )
    states = (first.state,) if frame.does("nearby") and first.state else ()
    if before and shown.programs != shown.listed:
        return replace(before, states=states, regions=(), cities=(), page=0) if states else replace(before, page=0)
    specialties = first.specialties if MANY not in first.specialties and len(first.specialties) <= MOST_FIELDS else ()
    return Query(
        specialties=tuple(specialties),
        rotation_types=tuple(first.rotation_types),
        states=states,
        audience=AUDIENCE_OF.get(turn.subject.career_stage or "", ""),
    )


def who_does(turn: Turn, before: Query | None) -> Query | None:
    """A search for those that say yes to what was just asked of one program or of the FAQ; None where none is meant.

    "Which ones do, then?" after "no, for students only"; "any that don't?" after an exam that is required.
    """
    frame, shown = turn.message.frame, screen(turn)
    wanted = _SAYING_YES if frame.does("that_do") else _SAYING_NO if frame.does("that_do_not") else {}
    is_of_list = shown is not None and shown.is_latest and not shown.is_one
    if not wanted or is_of_list or turn.message.is_button:
        return None
    asked = turn.slots.get("asked_of_program") if turn.task == "program" else _column_of_the_topic(turn)
    fields: dict[str, Any] = {name: value for column in asked or () for name, value in wanted.get(column, {}).items()}
    audience = turn.slots.get("asked_for") or ""
    if audience and frame.does("that_do") and set(asked or ()) & {"acceptance", "audience"}:
        fields["audience"] = audience
    return replace(before or Query(), **fields, page=0) if fields else None


def _column_of_the_topic(turn: Turn) -> tuple[str, ...]:
    """The column that answers the question of the FAQ that was just answered."""
    last = turn.slots.get("last_topic") if turn.task is None else ""
    column = column_of(turn, last) if last else ""
    return (column,) if column else ()


def _is_answered_by(turn: Turn, query: Query) -> bool:
    """Whether some programs say that they are what a longer list than the one on the screen is asked for."""
    with turn.container.database.unit() as session:
        found = service.search(session, query, today=turn.today, person=turn.subject)
    return found.full > 0 and not found.relaxed


def changed(turn: Turn, before: Query | None, asked: str | None) -> Query:
    """The search after this message; `asked` is the profile slot just asked for."""
    other = turn.subject if turn.relative else None
    base = who_does(turn, before) or _alike(turn, before) or before
    query = understand(
        turn.message, base, profile=turn.profile, other=other, today=turn.today, words=vocabulary(), asked=asked
    )
    stage = turn.learned.get("career_stage") if not (other or turn.message.frame.named("career_stage")) else None
    return replace(query, audience=AUDIENCE_OF[stage]) if stage else query  # "IMG, class of 2023" names none
