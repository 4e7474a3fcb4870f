"""Programs side by side in conversation: named institutions, results pointed at, or the first two shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.base import BotAction
from actions.programs.asked import ASK_PROGRAM, asked_aspects
from actions.programs.details import best_first, findings, shown_slugs
from actions.programs.screen import called, screen, sources, widened
from actions.topics import about, is_topic, topic_answers
from actions.turn import Outcome, Turn
from bot.costs.wording import amount, weeks_words
from bot.dialogue import state
from bot.dialogue.state import CLEAR_SHARE
from bot.nlu.frame import Number, Ordinal
from bot.nlu.message import Message, intent_of
from bot.programs import service
from bot.programs.cards import FACT, Say
from bot.programs.comparison import MOST, compare
from bot.programs.fact_words import with_figures
from bot.programs.inquiry import AskedAspects
from bot.programs.institutions import InstitutionMatch, distinctive
from bot.programs.measures import stays
from bot.programs.notes import names_price, quoted
from bot.programs.obstacles import fitting_words
from bot.programs.pricing import Range, program_fee
from bot.programs.program import Program
from bot.programs.reference import selection
from bot.programs.results import cheapest
from bot.programs.service import Shelves
from bot.programs.verdicts import by_name
from bot.reply.parts import Reply, Text

DECIDING = ("type", "hands_on", "fee", "lor")
"""The facts by which one program may suit somebody better than another."""
COMPARING = ("compare", "which_better", "which_easier", "cheaper", "which_of", "both")
"""What people do who really compare."""
MOST_NAMED_BOTH = 2
"""Programs of which one says "neither"."""
WAYS = "faq_direct_vs_third_party"
PROVIDER_TOPIC, PROVIDER = "faq_amo", "AMOpportunities (AMO)"
OTHERS = ("institution", "rotation_type", "specialty", "state", "city", "region", "exam", "route", "provider")
"""Names with which "which is better" is asked of something else than the programs on the screen."""


def side_by_side(turn: Turn) -> Outcome:
    """The table, or the question which programs are meant."""
    with turn.container.database.unit() as session:
        known = service.shelves(session)
    asking = BotAction.of_task("program")
    if asking and (message := _asks_of_one(turn)):
        return asking.answer(replace(turn, message=message))
    programs = _to_compare(turn, known)
    if len(programs) < 2:
        return prices_of_ways(turn) or _of_the_ways(turn, programs) or _ask_for_more(turn, programs)
    table = compare(programs[:MOST], today=turn.today, say=turn.responses.text)
    lead = with_figures(Text(_lead(turn, programs[:MOST])), turn.facts)
    listed = [item.slug for item in programs[:MOST]]
    slots = {"task": "compare", "asked": None, "last_results": listed, "focus": None}
    return Outcome(Reply((lead, table)), slots)


def _asks_of_one(turn: Turn) -> Message | None:
    """The question about one institution in words only like a comparison: "back to those two. When does Yale open?"."""
    message, frame = turn.message, turn.message.frame
    names = {item.value for item in frame.named("institution")}
    if message.is_button or len(names) != 1 or not frame.does("ask") or frame.does(*COMPARING):
        return None
    asked = tuple((name, share) for name, share in message.selected.get(ASK_PROGRAM, ())[:1] if share >= CLEAR_SHARE)
    return replace(message, intent=ASK_PROGRAM, selected={**message.selected, ASK_PROGRAM: asked}) if asked else None


def _of_the_ways(turn: Turn, programs: tuple[Program, ...]) -> Outcome | None:
    """How a company and a school's own way differ, for "AMO or a university?"; None where two programs are meant."""
    is_company = [item.provider_type for item in programs] == ["third_party"]
    if not (is_company and turn.message.frame.named("provider") and is_topic(turn, WAYS)):
        return None
    return Outcome(topic_answers(turn, (WAYS,)), about(turn, WAYS))


def _lead(turn: Turn, programs: tuple[Program, ...]) -> str:
    """What stands above the table: which is cheaper or better where that was asked, else how to read it."""
    say = turn.responses.text
    if turn.message.frame.does("which_better"):
        return _better(turn, programs)
    if turn.message.frame.does("which_easier"):
        return _easier(programs, say)
    asked = asked_aspects(turn)
    if turn.message.frame.does("cheaper") or asked.topics[:1] == ("fee",):
        lengths = stays(turn.message.frame)
        return _prices_of_weeks(programs, lengths[0].weeks[1], say) if lengths else _prices(programs, say)
    verdicts = by_name(programs, asked, names=called(programs), say=say) if asked.topics else ()
    of_asked = [_difference(programs, name, say) for name in asked.topics if name in FACT]
    return "\n\n".join(verdicts or of_asked) or _differing(programs, say)


def _easier(programs: tuple[Program, ...], say: Say) -> str:
    """Who may apply to each program, which is all that pages tell of how hard it is to get in."""
    verdicts = by_name(programs, AskedAspects(("acceptance",), is_which=True), names=called(programs), say=say)
    return say("utter_compare_easier", verdicts="\n".join(verdicts))


def _prices(programs: tuple[Program, ...], say: Say) -> str:
    """Which program is cheaper, as far as their pages print prices."""
    found, priced = cheapest(programs), sum(item.is_priced for item in programs)
    names = called(programs)
    is_company = any(item.provider_type == "third_party" and not item.is_priced for item in programs)
    rule = [say("utter_compare_company_price")] if is_company else []
    if found is None:
        key = "utter_compare_no_prices_two" if len(programs) == MOST_NAMED_BOTH else "utter_compare_no_prices"
        lines = [" ".join([say(key), *rule]), *_application_fees(programs, say), *_noted_prices(programs, say)]
        return "\n\n".join(lines)
    key = "utter_compare_cheapest" if priced == len(programs) else "utter_compare_one_price"
    dearer = (item for item in programs if item.is_priced and item is not found)
    others = [say("utter_compare_other_price", name=names[item.slug], fee=_fees(item, say)) for item in dearer]
    said = say(key, name=names[found.slug], fee=_fees(found, say), others=" ".join(others)).strip()
    return " ".join([said, *rule])


def _fees(program: Program, say: Say) -> str:
    """What a page prints of prices: the fee, and what an application costs beside it."""
    fee, application = FACT["fee"].words(program, say), FACT["application_fee"].words(program, say)
    key = "utter_compare_fee_with_application"
    return say(key, fee=fee, application_fee=application) if application else fee


def _application_fees(programs: tuple[Program, ...], say: Say) -> list[str]:
    """What an application costs, where no page prints what the rotation does."""
    fees = {item.institution: FACT["application_fee"].words(item, say) for item in programs}
    lines = [say("utter_compare_difference", label=name, values=fee) for name, fee in fees.items() if fee]
    return [say("utter_compare_application_fees", prices="\n".join(lines))] if lines else []


def _noted_fees(programs: tuple[Program, ...], say: Say) -> list[str]:
    """A line on what notes say of a price, where no program prints one."""
    notes = {item.slug: note if names_price(note := quoted(item.notes, "fee", most=1)) else "" for item in programs}
    if any(item.is_priced for item in programs) or not any(notes.values()):
        return []
    grouped = _grouped(notes, called(programs), say)
    return [say("utter_compare_difference", label=say(FACT["fee"].label), values=grouped)]


def _noted_prices(programs: tuple[Program, ...], say: Say) -> list[str]:
    """What notes say of a price, where no page prints one; nothing where none does."""
    notes = [(item, note) for item in programs if (note := quoted(item.notes, "fee", most=1)) and names_price(note)]
    lines = [say("utter_compare_difference", label=item.institution, values=note) for item, note in notes]
    return [say("utter_compare_noted_price", prices="\n".join(lines))] if lines else []


def _prices_of_weeks(programs: tuple[Program, ...], weeks: float, say: Say) -> str:
    """What each program's fee for so many weeks is, the lower first, and how long a stay its page tells of."""
    sums = {item.slug: price for item in programs if (price := program_fee(item, weeks))}
    if not sums:
        return _prices(programs, say)
    names, stay = called(programs), weeks_words(weeks, say)
    by_price = sorted(programs, key=lambda item: sums[item.slug].low if item.slug in sums else math.inf)
    lines = [_price_line(item, sums.get(item.slug), names[item.slug], say) for item in by_price]
    key = "utter_compare_weeks_cheapest" if len(sums) == len(programs) else "utter_compare_weeks_one_price"
    return say(key, name=names[by_price[0].slug], stay=stay, prices="\n".join(lines))


def _price_line(program: Program, price: Range | None, name: str, say: Say) -> str:
    fee = amount(price) if price else say("utter_compare_not_stated")
    length = FACT["duration"].words(program, say)
    told = say("utter_compare_fee_and_length", fee=fee, length=length) if length else fee
    return say("utter_compare_difference", label=name, values=told)


def _differing(programs: tuple[Program, ...], say: Say) -> str:
    """In what that matters programs differ, in a sentence; that they do not is said as well."""
    lines = [*_differences(programs, say), *_noted_fees(programs, say)]
    return say("utter_compare_differ" if lines else "utter_compare_alike", differences="\n".join(lines))


def compares(turn: Turn) -> bool:
    """Whether a message sets a named institution beside another one, what is on the screen, or another way."""
    message, frame = turn.message, turn.message.frame
    named = len(dict.fromkeys(item.value for item in frame.named("institution")))
    is_of_ways = _compares_ways(turn)
    is_of_two = named > 1 and frame.does("cheaper", "which_easier", "which_better")
    is_called = frame.does("either_of_two", "cheaper") and _called_before(turn) is not None
    is_asked = frame.does("compare") or is_of_two or is_of_ways or is_called
    if message.is_button or not named or not is_asked or message.intent in state.ALWAYS_THEMSELVES:
        return False
    shown = screen(turn)
    is_beside_shown = bool(selection(frame, len(shown_slugs(turn))))
    is_beside_shown = is_beside_shown or bool(frame.does("it") and shown and shown.is_one and shown.is_latest)
    return named > 1 or is_beside_shown or is_of_ways or is_called


def _called_before(turn: Turn) -> Program | None:
    """The program of the talk that a word of its name calls beside a named one: "Cleveland or Mayo" after its card."""
    named = turn.message.frame.named("institution")
    text = turn.message.text
    for item in sorted(named, key=lambda item: item.start, reverse=True):
        text = f"{text[: item.start]} {text[item.end :]}"
    with turn.container.database.unit() as session:
        known = service.shelves(session).catalog.by_slug
    talked_of = [known[slug] for slug in turn.slots.get("discussed") or () if slug in known]
    others = [item for item in talked_of if item.institution not in {one.value for one in named}]
    words = distinctive(text)
    return next((item for item in others if distinctive(item.institution) & words), None) if named else None


def _compares_ways(turn: Turn) -> bool:
    """Whether a company's price is asked for beside that of the schools' own ways ("AMO or VSLO, which is cheaper")."""
    frame = turn.message.frame
    others = {item.value for item in frame.named("route")} & {"vslo", "direct"}
    return bool(others) and frame.does("cheaper") and len({item.value for item in frame.named("institution")}) == 1


def prices_of_ways(turn: Turn) -> Outcome | None:
    """What a placement company and the schools' own ways cost; None where something else is asked."""
    if not _compares_ways(turn):
        return None
    said = with_figures(Text(turn.responses.text("utter_compare_ways_price")), turn.facts)
    return Outcome(Reply((said,), turn.responses.buttons("utter_compare_ways_price")), {"task": None, "asked": None})


def asks_for_the_cheaper(turn: Turn) -> bool:
    """Whether a message asks only which of the compared programs is cheaper."""
    frame = turn.message.frame
    is_of_pair = turn.task == "program" and frame.does("which_of", "cheapest_one", "both") and _is_pair(turn)
    is_asked = (turn.task == "compare" or is_of_pair) and not turn.message.is_button and frame.does("cheaper")
    said = [item for item in frame.dimensions if not isinstance(item.value, Number)]  # "which of the two"
    is_of_them = not frame.entities and len(said) == len(stays(frame))  # "for 4 weeks which is cheaper"
    return is_asked and (is_of_pair or len(shown_slugs(turn)) > 1) and is_of_them


def _is_pair(turn: Turn) -> bool:
    """Whether one house was shown after another one."""
    shown = screen(turn)
    return shown is not None and bool(shown.pair)


def the_cheaper(turn: Turn) -> Outcome:
    """Which of the compared programs is cheaper; the table stands above."""
    with turn.container.database.unit() as session:
        known = service.shelves(session).catalog.by_slug
    programs = tuple(known[slug] for slug in shown_slugs(turn) if slug in known)
    said = with_figures(Text(_lead(turn, programs), sources(programs)), turn.facts)
    return Outcome(Reply((said,)), {"task": "compare", "asked": None})


def to_judge(turn: Turn) -> tuple[Program, ...]:
    """The programs on the screen of which one is to be called better; none where that is not asked."""
    frame = turn.message.frame
    if (
        turn.message.is_button
        or not frame.does("which_better", "which_easier")
        or any(frame.named(kind) for kind in OTHERS)
    ):
        return ()
    shown = screen(turn)
    programs = widened(shown, turn.message).programs if shown and shown.is_latest else ()
    return programs[:MOST] if len(programs) > 1 else ()


def the_better(turn: Turn, programs: tuple[Program, ...]) -> Outcome:
    """That nobody can say which program is better, and in what that matters they differ."""
    say = turn.responses.text
    text = _easier(programs, say) if turn.message.frame.does("which_easier") else _better(turn, programs)
    return Outcome(Reply((Text(text, sources(programs)),)), {"task": "compare", "asked": None})


def _better(turn: Turn, programs: tuple[Program, ...]) -> str:
    """Which one the person can get, by what they told; else that nobody can say, and in what programs differ."""
    say = turn.responses.text
    lines = [*_differences(programs, say), *_noted_fees(programs, say)]
    if fits := fitting_words(programs, turn.subject, names=called(programs), say=say, today=turn.today):
        return "\n\n".join([fits, say("utter_compare_differ", differences="\n".join(lines))] if lines else [fits])
    key = "utter_compare_better" if lines else "utter_compare_no_difference"
    return say(key, differences="\n".join(lines))


def _differences(programs: tuple[Program, ...], say: Say) -> list[str]:
    """A line for each deciding fact in which programs differ."""
    differing = [name for name in DECIDING if len({FACT[name].words(program, say) for program in programs}) > 1]
    return [_difference(programs, name, say) for name in differing]


def _difference(programs: tuple[Program, ...], name: str, say: Say) -> str:
    """One fact of each program, those with the same value together."""
    values = {program.slug: FACT[name].words(program, say) for program in programs}
    grouped = _grouped(values, called(programs), say)
    return say("utter_compare_difference", label=say(FACT[name].label), values=grouped)


def _grouped(values: Mapping[str, str], names: Mapping[str, str], say: Say) -> str:
    """Each value with the programs that have it: "observership (Yale, Tufts); elective (Mayo Clinic)"."""
    same: dict[str, list[str]] = {}
    for slug, value in values.items():
        same.setdefault(value or say("utter_compare_not_stated"), []).append(names[slug])
    shared = ((value, "; ".join(having)) for value, having in same.items())
    return " · ".join(say("utter_compare_shared", value=value, names=having) for value, having in shared)


def _to_compare(turn: Turn, known: Shelves) -> tuple[Program, ...]:
    """Named institutions, one program each; else the results pointed at; else the first two shown."""
    shown = tuple(known.catalog.by_slug[slug] for slug in shown_slugs(turn) if slug in known.catalog.by_slug)
    by_slug = tuple(
        known.catalog.by_slug[name] for name in turn.message.values("program") if name in known.catalog.by_slug
    )
    named = tuple(item for item in findings(turn, known) if item.institutions) if not turn.message.is_button else ()
    shown_one, pointed = screen(turn), selection(turn.message.frame, len(shown))
    is_pair = bool(shown_one and shown_one.pair) and not turn.message.frame.measures(Ordinal)
    pointed = () if is_pair else pointed  # "which of the two" after one card and then another
    beside = tuple(shown[at - 1] for at in pointed)
    if not beside and turn.message.frame.does("it", "there", "cheaper", "compare"):
        beside = shown_one.programs[:1] if shown_one and shown_one.is_one else _of_the_provider(turn, known)
        beside = () if beside and named and beside[0].institution in named[0].institutions else beside
    if len(named) == 1 and not turn.message.is_button and (called_before := _called_before(turn)):
        beside = (called_before,)
    if len(named) == 1 and beside:
        return (*beside, *_one_each(turn, known, named, like=beside[0]))
    if len(named) == 1 and turn.asked != "program":
        offerings = best_first(turn, known.programs_of(named[0].institutions))
        return offerings[:MOST] if turn.message.frame.does("offerings") else offerings[:1]
    if named or by_slug:
        chosen = (*by_slug, *_one_each(turn, known, named, like=by_slug[0] if by_slug else None))
        waiting = shown[:1] if turn.asked == "program" and turn.task == "compare" else ()
        return tuple(dict.fromkeys((*waiting, *chosen)))
    if not pointed and shown_one and shown_one.pair:
        return shown_one.pair
    return beside if pointed else shown[:2]


def _of_the_provider(turn: Turn, known: Shelves) -> tuple[Program, ...]:
    """The program of the provider that has a topic of its own, while that is the topic."""
    is_topic_of_it = intent_of(turn.slots.get("last_topic") or "") == PROVIDER_TOPIC
    return known.programs_of(known.directory.family(PROVIDER))[:1] if is_topic_of_it else ()


def _one_each(
    turn: Turn, known: Shelves, named: Sequence[InstitutionMatch], *, like: Program | None
) -> tuple[Program, ...]:
    """One program of each institution; those that follow are for the people for whom the first is, if there are any."""
    chosen = []
    for item in named:
        offered, first = best_first(turn, known.programs_of(item.institutions)), like
        is_like = [one for one in offered if first and set(one.audience) & set(first.audience) and not one.is_closed]
        chosen.append((is_like or offered)[0])
        like = first or chosen[0]
    return tuple(chosen)


def _ask_for_more(turn: Turn, programs: tuple[Program, ...]) -> Outcome:
    slots: dict[str, Any] = {"task": "compare", "asked": "program"}
    asking = BotAction.of_task("program")
    if programs and asking and not turn.message.frame.does("compare", "which_better", "cheaper"):
        return asking.answer(turn)  # a comparison only by its likeness to one
    if not programs:
        return Outcome(turn.responses.reply("utter_compare_ask_which"), slots)
    slots["last_results"] = [programs[0].slug]
    return Outcome(turn.responses.reply("utter_compare_ask_second", institution=programs[0].institution), slots)
