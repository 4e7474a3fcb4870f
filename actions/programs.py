"""Programs in conversation: search and refine, one institution, side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actions.base import BotAction
from actions.turn import Outcome, Turn
from bot.core import ask, results, search_talk
from bot.core.compare import MOST, compare
from bot.core.institutions import Finding, named_unknown
from bot.core.programs import Program
from bot.core.programs_card import card
from bot.core.query import Query, understand
from bot.core.query_text import MORE, SKIP, mentions, selection
from bot.core.reply import Programs, Reply, Suggestion, Text
from bot.core.search import Results
from bot.services import programs as service
from bot.services.programs import Shelves
from bot.services.vocabulary import vocabulary

SEARCHABLE = frozenset({"specialty", "state", "city", "region", "rotation_type"})
MOST_BUTTONS = 5
LONGEST_TITLE = 40
OFFERINGS = re.compile(r"\b(?:offerings|programs|options|tracks)\b", re.IGNORECASE)


class ActionSearchPrograms(BotAction):
    """Finds programs, and changes the running search."""

    task = "search"

    def name(self) -> str:
        return "action_search_programs"

    def answer(self, turn: Turn) -> Outcome:
        """Results first, then at most one question; a pointed-at result or a named institution is shown instead."""
        shown = _shown(turn)
        declines = turn.asked and SKIP.match(turn.message.text)
        pointed = () if turn.message.is_button or declines else selection(turn.message.text, len(shown))
        if pointed:
            return show_programs(turn, tuple(shown[at - 1] for at in pointed[:MOST]))
        if turn.message.first("institution") and not turn.message.is_button:
            return ActionAskProgram().answer(turn)
        if search_talk.names_no_specialty(turn.message, turn.asked) and "specialties" not in _again(turn):
            return _ask_specialty_again(turn)
        return _search(turn)


def _search(turn: Turn) -> Outcome:
    before = Query.from_dict(turn.slots.get("query"))
    regions = vocabulary().regions
    asked = turn.asked if turn.task == "search" else None
    query = understand(turn.message, before, profile=turn.profile, today=turn.today, regions=regions, asked=asked)
    if asked and before and query.facets == before.facets and asked not in query.skipped and not _more(turn):
        query = replace(query, skipped=(*query.skipped, asked))
    if search_talk.is_bare(query) and not _more(turn):
        return _ask(turn, query, Reply(()), None)
    with turn.container.database.unit() as session:
        found = service.search(session, query, today=turn.today)
    return _show(turn, query, found)


def _show(turn: Turn, query: Query, found: Results) -> Outcome:
    say, states = turn.words.text, vocabulary().states
    notices = tuple(Text(say(key)) for key in search_talk.unusable(turn.message, today=turn.today, asked=turn.asked))
    if not found.hits:
        key = "utter_search_no_more" if query.page else "utter_search_nothing"
        nothing = turn.words.reply(key, wishes=results.wishes(query, states=states, say=say))
        return Outcome(Reply(notices).then(nothing), {**_learned(query), "task": "search", "asked": None})
    body = results.parts(found, query, today=turn.today, states=states, say=say)
    return _ask(turn, query, Reply((*notices, *body)), found)


def _ask(turn: Turn, query: Query, reply: Reply, found: Results | None) -> Outcome:
    """The reply with the question worth asking below it, and what to remember."""
    asked = search_talk.next_question(query, found)
    question = turn.words.reply(search_talk.QUESTIONS[asked]) if asked else Reply(())
    buttons = (*question.suggestions, *(_follow_ups(turn, found) if found else ()))
    kept = found.query if found and not found.relaxed else query
    slots = {**_learned(kept), "task": "search", "asked": asked}
    if found:
        slots["last_results"] = [hit.program.slug for hit in found.hits]
    return Outcome(Reply(reply.parts + question.parts, buttons[:MOST_BUTTONS]), slots)


def _follow_ups(turn: Turn, found: Results) -> tuple[Suggestion, ...]:
    more, cheaper, side_by_side, hands_on = turn.words.buttons("utter_search_buttons")
    useful = (
        (more, found.has_more),
        (cheaper, found.priced > 0 and found.total > 1 and found.query.sort != "price"),
        (side_by_side, len(found.hits) > 1),
        (hands_on, found.query.hands_on is None),
    )
    return tuple(button for button, helps in useful if helps)


def _learned(query: Query) -> dict[str, Any]:
    """The running query, and what it tells about the person's wishes."""
    wishes = {
        "specialties": list(query.specialties),
        "states": list(query.states),
        "rotation_types": list(query.rotation_types),
        "budget_usd_per_4_weeks": query.budget_usd if not query.budget_is_total else None,
        "weeks": query.weeks,
        "start_month": query.start_month,
    }
    return {"query": query.to_dict(), **{name: value for name, value in wishes.items() if value}}


def _ask_specialty_again(turn: Turn) -> Outcome:
    query = Query.from_dict(turn.slots.get("query")) or Query()
    query = replace(query, skipped=(*query.skipped, "specialties"))
    slots = {"query": query.to_dict(), "task": "search", "asked": "specialties"}
    return Outcome(turn.words.reply("utter_search_specialty_unknown"), slots)


def _again(turn: Turn) -> tuple[str, ...]:
    query = Query.from_dict(turn.slots.get("query"))
    return query.skipped if query else ()


def _more(turn: Turn) -> bool:
    return turn.message.first("page") == "next" or bool(MORE.match(turn.message.text))


def _shown(turn: Turn) -> tuple[str, ...]:
    return tuple(turn.slots.get("last_results") or ())


class ActionAskProgram(BotAction):
    """Facts about one named institution."""

    task = "program"

    def name(self) -> str:
        return "action_ask_program"

    def answer(self, turn: Turn) -> Outcome:
        """What was asked first, then the cards; an unknown name is said to be unknown."""
        carried = turn.message.values("program") if turn.message.is_button else ()
        if carried:
            return show_programs(turn, carried)
        with turn.container.database.unit() as session:
            known = service.shelves(session)
        findings = _findings(turn, known)
        named = tuple(dict.fromkeys(name for item in findings for name in item.institutions))
        if named:
            return _about(turn, known.programs_of(named), named[0])
        if turn.task in ("program", "search") and (again := _pointed_at(turn)):
            return show_programs(turn, again)
        return _unknown(turn, findings)


def _pointed_at(turn: Turn) -> tuple[str, ...]:
    """The programs that a question without a name is about: pointed at, or the ones just shown."""
    shown = _shown(turn)
    if turn.message.is_button or named_unknown(turn.message.text):
        return ()
    pointed = tuple(shown[at - 1] for at in selection(turn.message.text, len(shown)))
    return pointed or tuple(turn.slots.get("focus") or ()) if turn.task == "program" else pointed


def _findings(turn: Turn, known: Shelves) -> tuple[Finding, ...]:
    """What the engine found by name, and otherwise what the text itself names."""
    entities = [item for item in turn.message.entities if item.name == "institution"]
    found = [known.directory.family(item.text) or known.directory.family(item.value) for item in entities]
    if any(found):
        return tuple(Finding(names, item.text) for names, item in zip(found, entities, strict=True) if names)
    return _named_by_place(turn, known) or known.directory.find(turn.message.text)


def _named_by_place(turn: Turn, known: Shelves) -> tuple[Finding, ...]:
    """ "Does Iowa need TOEFL" means its university, when nothing else is said that one could search by."""
    kinds = {item.kind for item in mentions(turn.message)} & SEARCHABLE
    if turn.message.intent not in ("ask_program", "compare_programs") or not kinds <= {"state"}:
        return ()
    places = [item.text for item in turn.message.entities if item.name == "state"]
    found = [(place, known.directory.family(f"University of {place}")) for place in places]
    return tuple(Finding(names, place) for place, names in found if names)


def _unknown(turn: Turn, findings: tuple[Finding, ...]) -> Outcome:
    if {item.kind for item in mentions(turn.message)} & SEARCHABLE and not named_unknown(turn.message.text):
        return _search(turn)
    name = named_unknown(turn.message.text)
    closest = tuple(name for item in findings for name in item.closest)
    if not name and not closest:
        return Outcome(turn.words.reply("utter_program_ask_which"), {"task": "program", "asked": "program"})
    called = f"“{name}”" if name else turn.words.text("utter_program_that_name")
    slots = {"task": "program", "asked": None}
    if not closest:
        return Outcome(turn.words.reply("utter_program_unknown_no_close", name=called), slots)
    reply = turn.words.reply("utter_program_unknown", name=called, closest="; ".join(closest))
    return Outcome(reply, slots)


def _about(turn: Turn, programs: tuple[Program, ...], institution: str) -> Outcome:
    chosen = ask.narrow(
        programs, turn.message, specialties=vocabulary().specialties, career_stage=turn.profile.career_stage
    )
    return _cards(turn, chosen, institution)


def show_programs(turn: Turn, slugs: tuple[str, ...]) -> Outcome:
    """The cards of some programs, with what was asked about them first."""
    with turn.container.database.unit() as session:
        known = service.shelves(session).catalog.by_slug
    programs = tuple(known[slug] for slug in slugs if slug in known)
    if not programs:
        return Outcome(turn.words.reply("utter_program_ask_which"), {"task": "program", "asked": "program"})
    shown = _cards(turn, programs, programs[0].institution)
    return Outcome(shown.reply, {**shown.slots, "last_results": turn.slots.get("last_results")})


def _cards(turn: Turn, programs: tuple[Program, ...], institution: str) -> Outcome:
    say, shown = turn.words.text, programs[: ask.MOST_CARDS]
    asked = ask.read_question("" if turn.message.is_button else turn.message.text, turn.message)
    lines = [*ask.answers(shown, asked, say=say), _intro(turn, programs, institution)]
    detailed = len(shown) == 1
    cards = tuple(card(program, today=turn.today, say=say, detailed=detailed) for program in shown)
    parts = (Text("\n\n".join(lines)), Programs(cards, len(programs)))
    slugs = [program.slug for program in shown]
    slots = {"task": "program", "asked": None, "last_results": slugs, "focus": slugs}
    return Outcome(Reply(parts, _program_buttons(turn, shown)), slots)


def _intro(turn: Turn, programs: tuple[Program, ...], institution: str) -> str:
    count, say = len(programs), turn.words.text
    if count == 1:
        return say("utter_program_one", institution=institution)
    if count <= ask.MOST_CARDS:
        return say("utter_program_several", institution=institution, count=count)
    return say("utter_program_several_first", institution=institution, count=count, shown=ask.MOST_CARDS)


def _program_buttons(turn: Turn, programs: tuple[Program, ...]) -> tuple[Suggestion, ...]:
    if len(programs) == 1:
        return turn.words.buttons("utter_program_buttons", slug=programs[0].slug)
    return tuple(
        Suggestion(_short(item.program_name), f'/ask_program{{"program": "{item.slug}"}}') for item in programs
    )


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


class ActionComparePrograms(BotAction):
    """Two to four programs side by side."""

    task = "compare"

    def name(self) -> str:
        return "action_compare_programs"

    def answer(self, turn: Turn) -> Outcome:
        """The table, or the question which programs are meant."""
        with turn.container.database.unit() as session:
            known = service.shelves(session)
        programs = _to_compare(turn, known)
        if len(programs) < 2:
            return _ask_for_more(turn, programs)
        table = compare(programs[:MOST], today=turn.today, say=turn.words.text)
        slots = {"task": "compare", "asked": None, "last_results": [item.slug for item in programs[:MOST]]}
        return Outcome(Reply((Text(turn.words.text("utter_compare_intro")), table)), slots)


def _to_compare(turn: Turn, known: Shelves) -> tuple[Program, ...]:
    """Named institutions, one program each; else the results pointed at; else the first two shown."""
    shown = tuple(known.catalog.by_slug[slug] for slug in _shown(turn) if slug in known.catalog.by_slug)
    text = " ".join(turn.message.values("program")) if turn.message.is_button else turn.message.text
    by_slug = tuple(
        known.catalog.by_slug[name] for name in turn.message.values("program") if name in known.catalog.by_slug
    )
    named = tuple(item for item in _findings(turn, known) if item.institutions) if not turn.message.is_button else ()
    if len(named) == 1 and turn.asked != "program":
        offerings = _best_first(turn, known.programs_of(named[0].institutions))
        return offerings[:MOST] if OFFERINGS.search(text) else offerings[:1]
    if named or by_slug:
        chosen = (*by_slug, *(_best_first(turn, known.programs_of(item.institutions))[0] for item in named))
        waiting = shown[:1] if turn.asked == "program" and turn.task == "compare" else ()
        return tuple(dict.fromkeys((*waiting, *chosen)))
    pointed = selection(text, len(shown))
    return tuple(shown[at - 1] for at in pointed) if pointed else shown[:2]


def _best_first(turn: Turn, programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """Offerings of the institution that is meant first; open ones before closed ones, clinical ones before research."""
    own = tuple(item for item in programs if item.institution == programs[0].institution)
    chosen = ask.narrow(own, turn.message, specialties=vocabulary().specialties, career_stage=turn.profile.career_stage)
    return tuple(sorted(chosen, key=lambda item: (item.is_closed, item.rotation_types == ("research",))))


def _ask_for_more(turn: Turn, programs: tuple[Program, ...]) -> Outcome:
    slots: dict[str, Any] = {"task": "compare", "asked": "program"}
    if not programs:
        return Outcome(turn.words.reply("utter_compare_ask_which"), slots)
    slots["last_results"] = [programs[0].slug]
    return Outcome(turn.words.reply("utter_compare_ask_second", institution=programs[0].institution), slots)
