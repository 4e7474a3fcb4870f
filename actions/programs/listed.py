"""Whether an institution is on the list shown, and why a program is."""

from __future__ import annotations

from dataclasses import replace

from actions.programs.details import about, findings, show_programs
from actions.programs.running import running
from actions.programs.screen import called, screen, sources
from actions.programs.search import search
from actions.turn import Outcome, Turn
from bot.dialogue.slots import to_slot
from bot.nlu.frame import NOTHING, Named
from bot.programs import results, service
from bot.programs.inquiry import AUDIENCE_OF
from bot.programs.program import Program
from bot.programs.query import STAGES, Query
from bot.programs.reference import selection
from bot.programs.verdicts import WHO
from bot.programs.vocabulary import vocabulary
from bot.reply.parts import Reply, Text

OTHER = {"students": "graduates", "graduates": "students"}


def asks_of_the_list(turn: Turn) -> bool:
    """Whether it is asked if a named institution is on the list, or why a program is."""
    frame = turn.message.frame
    if turn.message.is_button or screen(turn) is None:
        return False
    is_named = bool(frame.named("institution") or frame.named("unknown_name"))
    return (is_named and frame.does("among_shown")) or (running(turn) is not None and frame.does("why_shown"))


def of_the_list(turn: Turn) -> Outcome:
    """The answer to either."""
    return why_shown(turn) if turn.message.frame.does("why_shown") else _among_shown(turn)


def _among_shown(turn: Turn) -> Outcome:
    """Yes, with its program; or no, with what is known of the institution all the same."""
    with turn.container.database.unit() as session:
        known = service.shelves(session)
    named = tuple(name for found in findings(turn, known) for name in found.institutions)
    there = tuple(program for program in _whole_list(turn) if program.institution in named)
    if there:
        names = "; ".join(called(there).values()) if len(there) > 1 else there[0].title
        shown = show_programs(turn, tuple(program.slug for program in there))
        said = turn.responses.text("utter_program_on_list", names=names)
        return Outcome(replace(shown.reply, parts=(Text(said), *shown.reply.parts[1:])), shown.slots)
    other = about(turn)
    if other is None or not named:
        return other or search(turn)
    no = Text(turn.responses.text("utter_program_not_on_list", institution=named[0]))
    return Outcome(replace(other.reply, parts=(no, *other.reply.parts)), other.slots)


def _whole_list(turn: Turn) -> tuple[Program, ...]:
    """The programs on the screen, and those on the other pages of the search."""
    shown, query = screen(turn), running(turn)
    listed = shown.listed if shown else ()
    if query is None or turn.task != "search":
        return listed
    with turn.container.database.unit() as session:
        found = service.search(session, replace(query, page=0), today=turn.today, person=turn.subject)
    return tuple(dict.fromkeys((*listed, *found.listed)))


def why_shown(turn: Turn) -> Outcome:
    """Which wishes a program fits and what its page leaves open; one for the wrong stage is taken out, with a word."""
    query = running(turn) or Query()
    said = [item.value for item in turn.message.frame.named("career_stage")]
    stage = AUDIENCE_OF.get(said[0], "") if said and turn.message.frame.does("says_stage") else ""
    if stage and query.audience != OTHER[stage]:
        return _for_the_other_stage(turn, query, OTHER[stage])
    return Outcome(_reasons(turn, query), {"task": "search", "asked": None})


def _for_the_other_stage(turn: Turn, query: Query, audience: str) -> Outcome:
    """The list again for whom such a program is not, with an apology; kinds that only the others can do go with it."""
    slots = {**turn.slots, "query": to_slot(replace(query, audience=OTHER[audience], page=0)), "asked": None}
    told = Named(kind="career_stage", value=STAGES[audience], text="", start=0, end=0, polarity="has")
    frame = replace(NOTHING, entities=(told,))
    message = replace(turn.message, intent="refine_search", frame=frame, questions=(), entities=())
    again = search(replace(turn, message=message, slots=slots, learned={}, told={}))
    who = turn.responses.text(WHO[audience])
    sorry = Text(turn.responses.text("utter_search_sorry_stage", who=who))
    return Outcome(
        Reply((sorry, *again.reply.parts), again.reply.suggestions), {**again.slots, "career_stage": STAGES[audience]}
    )


def _reasons(turn: Turn, query: Query) -> Reply:
    """Why the program that is meant is on the list, or else its first."""
    say, shown = turn.responses.text, screen(turn)
    assert shown is not None
    pointed = [shown.listed[at - 1] for at in selection(turn.message.frame, len(shown.listed))]
    meant = pointed or [*shown.named(turn.message)] or [*shown.programs]
    lines = []
    for hit in service.judged(meant, query, today=turn.today):
        fits = ", ".join(results.reasons(hit, query, states=vocabulary().states, say=say))
        opened = " ".join(f"{caveat}." for caveat in results.caveats(hit, say=say))
        key = "utter_search_why_listed" if fits else "utter_search_why_listed_open"
        lines.append(say(key, name=hit.program.title, fits=fits, open=opened).strip())
    return Reply((Text("\n\n".join([say("utter_search_why_sorry"), *lines]), sources(meant)),))
