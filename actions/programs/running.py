"""The running search, and messages that change it although they look like questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.programs.asked import column_of
from actions.programs.screen import TASKS, screen
from actions.turn import Turn
from bot.dialogue.profile import NOT_TAKEN, Profile
from bot.dialogue.slots import from_slot, to_slot
from bot.programs import measures, service
from bot.programs.inquiry import AUDIENCE_OF
from bot.programs.program import FOR_STUDENTS, NOT_ON_THE_WARD
from bot.programs.query import Query
from bot.programs.query_reader import EXAM_FIELD, taken_back, understand
from bot.programs.specialties import MANY
from bot.programs.vocabulary import vocabulary

FEW_WORDS = 9
MOST_ALIKE, MOST_FIELDS = 3, 3
"""Offerings on the screen up to which one is meant as a model, and specialties up to which it has a field."""
NAMED_BESIDE = ("specialties", "states", "cities", "regions", "audience", "free", "hands_on")
"""What a question names that the search after it takes over, beside one type of rotation."""
OF_PLACES = ("state", "city", "region")
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
    """Whether the running search is meant: "how many need no TOEFL" and "is there one for free" narrow it, "a cheaper
    state" drops it.

    What is asked of the list on the screen ("which of them are free?") is answered of it and changes nothing.
    """
    before, frame = running(turn), turn.message.frame
    if who_does(turn, before) or left_out(turn):
        return True
    is_of_program = turn.task == "cost" and bool(turn.slots.get("focus"))  # after its sum: "is there something cheaper"
    if before is None or turn.message.is_button:
        return False
    if frame.does("cheapest_you_have") or (frame.does("same_state") and not frame.does("which_of")):
        return True
    if not (turn.task in TASKS or is_of_program):
        return False
    if taken_back(frame, before).facets or (frame.does("cheaper") and frame.named("dropped")):
        return True
    if turn.task in ("search", "cost") and frame.does("cheaper") and not any(frame.named(kind) for kind in OF_PRICES):
        return len(turn.message.text.split()) <= FEW_WORDS  # "I'm still a student. Cheapest?"
    after = changed(turn, before, None)
    is_sum = measures.bare_number(frame) or measures.new_figure(frame)
    if before.budget_usd and after.budget_usd != before.budget_usd and is_sum:
        return True
    if before.start_month and after.start_month != before.start_month and frame.does("instead", "follow_up"):
        return not frame.does("latest", "feasible", "too_late")  # another month; whether it works is asked of a plan
    if after.facets == before.facets or turn.task != "search":
        return False
    is_replaced = frame.does("instead") and not frame.does("ask")  # "make it externships then"
    return is_replaced or frame.does("how_many", "such_one")


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
    return _possible(replace(before or _begun(turn), **fields, page=0)) if fields else None


def _begun(turn: Turn) -> Query:
    """A first search that knows who asks, and what the question before it named."""
    person = turn.subject
    lacks = {field: getattr(person, exam) == NOT_TAKEN for exam, field in EXAM_FIELD.items()}
    known = Query(
        audience=AUDIENCE_OF.get(person.career_stage or "", ""),
        specialties=tuple(person.specialties),
        rotation_types=kinds_of_talk(turn) if turn.task == "program" else (),
    )
    return replace(known, **{**lacks, **_of_the_question(turn)})


def _possible(query: Query) -> Query:
    """The search without kinds that end with graduation, where it is for graduates."""
    is_over = query.audience == "graduates" and set(query.rotation_types) <= set(FOR_STUDENTS)
    return replace(query, rotation_types=()) if is_over else query


def left_out(turn: Turn) -> tuple[str, ...]:
    """The institutions that a search is to leave out: "anything in Ohio besides Yale", "where in Ohio can I go then?".

    Without a name it is the one just talked about.
    """
    frame, shown = turn.message.frame, screen(turn)
    if turn.message.is_button:
        return ()
    if named := frame.named("institution"):
        is_search = any(frame.wished(kind) for kind in OF_PLACES) or frame.does("such_one", "same_state", "nearby")
        return frame.refused("institution") if is_search and len(frame.refused("institution")) == len(named) else ()
    is_talked_about = shown is not None and shown.is_one and shown.is_latest and turn.task == "program"
    return (shown.programs[0].institution,) if shown and is_talked_about and frame.does("where_instead") else ()


def _elsewhere(turn: Turn, before: Query | None) -> Query | None:
    """A search that leaves institutions out and keeps what the talk asked of them: the kind, for whom, a letter."""
    houses, shown = left_out(turn), screen(turn)
    if not houses:
        return None
    if before is None or (shown and turn.task == "program" and shown.programs == shown.listed):
        wanted = (_SAYING_YES.get(column, {}) for column in turn.slots.get("asked_of_program") or ())
        fields: dict[str, Any] = next((dict(found) for found in wanted if found), {})
        begun = replace(_begun(turn), rotation_types=kinds_of_talk(turn))
        before = _possible(replace(begun, audience=turn.slots.get("asked_for") or begun.audience, **fields))
    return replace(before, excluded_houses=tuple(dict.fromkeys((*before.excluded_houses, *houses))), page=0)


def kinds_of_talk(turn: Turn) -> tuple[str, ...]:
    """The kinds of rotation that were asked about last at institutions, or all that is on the screen is."""
    if asked := tuple(turn.slots.get("asked_kinds") or ()):
        return asked
    shown = screen(turn)
    kinds = [item.rotation_types for item in shown.programs] if shown else []
    return tuple(kinds[0]) if kinds and all(item == kinds[0] for item in kinds) else ()


def _column_of_the_topic(turn: Turn) -> tuple[str, ...]:
    """The column that answers the question of the FAQ that was just answered."""
    last = turn.slots.get("last_topic") if turn.task is None else ""
    column = column_of(turn, last) if last else ""
    return (column,) if column else ()


def changed(turn: Turn, before: Query | None, asked: str | None) -> Query:
    """The search after this message; `asked` is the profile slot just asked for."""
    other = turn.subject if turn.relative else None
    base = who_does(turn, before) or _elsewhere(turn, before) or _alike(turn, before) or before
    query = understand(
        turn.message,
        base,
        profile=turn.profile,
        other=other,
        today=turn.today,
        words=vocabulary(),
        asked=asked,
        named=_of_the_question(turn),
    )
    query = _in_the_same_state(turn, before, query)
    stage = turn.learned.get("career_stage") if not (other or turn.message.frame.named("career_stage")) else None
    return replace(query, audience=AUDIENCE_OF[stage]) if stage else query  # "IMG, class of 2023" names none


def wished_beside(turn: Turn) -> dict[str, Any] | None:
    """What a question of the FAQ names that a search may wish: a type, a stage, a place, free of charge.

    Kinds that are only set beside each other ("elective or observership?") are no wish.
    """
    if turn.message.is_button or not turn.message.frame.does("ask"):
        return None
    named = understand(turn.message, Query(), profile=Profile(), today=turn.today, words=vocabulary())
    types = named.rotation_types if len(named.rotation_types) == 1 else ()
    named = replace(Query(), **{name: getattr(named, name) for name in NAMED_BESIDE}, rotation_types=types)
    return to_slot(named) if named.facets else None


def _of_the_question(turn: Turn) -> Mapping[str, Any]:
    """What the question just answered named, for a wish in a few words that begins a search: "surgery"."""
    kept = turn.slots.get("wished")
    is_short = len(turn.message.text.split()) <= FEW_WORDS and not turn.message.is_button
    return from_slot(Query, kept).facets if kept and is_short else {}


def _in_the_same_state(turn: Turn, before: Query | None, query: Query) -> Query:
    """The search for "same state": that of the place looked for, or of the program on the screen.

    "Somewhere else in that state" leaves the place looked for out.
    """
    frame = turn.message.frame
    if before is None or not frame.does("same_state"):
        return query
    with turn.container.database.unit() as session:
        homes = service.shelves(session).catalog.homes
    shown = screen(turn)
    states = before.states or tuple(sorted(code for city in before.cities for code in homes.get(city.lower(), ())))
    states = states or tuple(dict.fromkeys(item.state for item in (shown.programs if shown else ()) if item.state))
    left_out = before.cities if frame.does("but_there") else ()
    excluded = tuple(dict.fromkeys((*query.excluded_places, *left_out)))
    return replace(query, states=states, cities=(), regions=(), excluded_places=excluded) if states else query
