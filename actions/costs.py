"""What it costs, in conversation: one question at a time, each skippable, and a sum that can be changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actions.base import BotAction
from actions.dialogue.opening import noted
from actions.programs.prices import goes_on_from_the_fee
from actions.programs.screen import screen
from actions.topics import about, is_topic, topic_answers
from actions.turn import Outcome, Turn
from bot.costs import afterwards, wording
from bot.costs import service as costs
from bot.costs.bill import Bill, bill_of
from bot.costs.estimate import (
    AFTERWARDS,
    CURRENCY,
    ENOUGH,
    ESTIMATE,
    FEES,
    FEW_WORDS,
    LASTS,
    MONTHLY,
    PRODUCT,
    RATE,
    THINGS,
    UNCHANGED,
    USUAL,
    WITH_CODE,
    CostFacts,
    Inquiry,
    changes_the_sum,
    hear,
    is_a_sum,
    is_about_the_sum,
    next_question,
)
from bot.costs.stays import Leg, legs_of
from bot.dialogue.profile import NEED_NO_VISA
from bot.dialogue.slots import from_slot, to_slot
from bot.nlu.frame import Length
from bot.programs import fact_words, measures
from bot.programs.aspects import narrow
from bot.programs.inquiry import AUDIENCE_OF
from bot.programs.pricing import ROUTE_FACTS, TELEHEALTH, VSLO_FEE
from bot.programs.program import Program, number
from bot.programs.reference import selection
from bot.programs.service import Shelves
from bot.programs.vocabulary import vocabulary
from bot.reply.parts import Reply, Source, Suggestion, Text
from bot.timeline.wish import TimelineWish

QUESTIONS = {"weeks": "utter_cost_ask_weeks"}
PROBLEMS = {"weeks": "utter_cost_weeks_invalid", "budget": "utter_cost_budget_invalid"}
DEFAULT_WEEKS = 4.0
MONEY, REMOTE = "faq_cost", "faq_cost/telehealth_price"
MOST_PROGRAMS = 2
ELSEWHERE = ("route", "provider", "state", "city", "region", "specialty", "rotation_type")
"""Names that make a sum one of something else than the institution on the screen."""
Brief = tuple[str, tuple[Source, ...]]
"""A short answer about a sum, and its sources."""


class ActionEstimateCost(BotAction):
    """Calculates what a stay costs, or how long a budget lasts."""

    task = "cost"

    def name(self) -> str:
        return "action_estimate_cost"

    def claims(self, turn: Turn) -> bool:
        """After a sum, "and twice as long?" and "is housing in it?" are about the sum."""
        return super().claims(turn) or is_about_the_sum(turn.message, _last(turn))

    def takes(self, turn: Turn) -> bool:
        """A sum with a code taken off, fees times electives, a sum whose parts look like questions, and what can be
        about nothing but the last sum, also when a question of the FAQ came between."""
        is_of_the_told = turn.message.frame.does("add_up") and turn.task is None and _weeks_told(turn) is not None
        is_sum = is_a_sum(turn.message) or _goes_back(turn) or goes_on_from_the_fee(turn) or _asks_of_the_budget(turn)
        return is_sum or is_of_the_told

    def answer(self, turn: Turn) -> Outcome:
        """A calculation with what is known, or the next question with the usual ranges."""
        running = turn.task == "cost"
        before = _last(turn) if running or _goes_back(turn) else _with_the_budget(turn)
        if _is_remote_only(turn):
            return Outcome(topic_answers(turn, (REMOTE,)), about(turn, REMOTE))
        with turn.container.database.unit() as session:
            known = costs.shelves(session)
        named = _named(turn, known)
        heard = hear(turn.message, before, programs=named, asked=turn.asked if running else None)
        if running and _says_it_again(turn, heard, before):
            heard = replace(heard, wants=UNCHANGED)
        outcome = _answer(turn, heard, known)
        if running and turn.only_tells and "visa_status" in turn.learned and turn.asked is None:
            outcome = replace(outcome, reply=noted(turn, outcome.reply))
        return replace(outcome, slots={**outcome.slots, "focus": list(named)}) if named else outcome


def _is_remote_only(turn: Turn) -> bool:
    """Whether the price of a telehealth rotation is asked, which has a figure of its own and no room or visa."""
    frame = turn.message.frame
    kinds = {item.value for item in frame.named("rotation_type") if item.polarity not in ("wants_not", "has_not")}
    is_alone = kinds == {TELEHEALTH} and not legs_of(frame)
    return is_alone and not frame.named("institution") and is_topic(turn, REMOTE)


def _last(turn: Turn) -> Inquiry:
    """The inquiry of the last sum; the price of a month, where the FAQ has just said that one."""
    topic = turn.slots.get("last_topic") or ""
    is_latest = turn.task is None and bool(turn.slots.get("last_question"))
    if is_latest and topic in MONTHLY:
        return Inquiry(weeks=DEFAULT_WEEKS, route=MONTHLY[topic])
    return from_slot(Inquiry, turn.slots.get("estimate"))


def _with_the_budget(turn: Turn) -> Inquiry:
    """A new sum; with the budget that was told before where it is asked whether that is enough, or of a plan's stay."""
    told = from_slot(Inquiry, turn.slots.get("estimate")).budget or turn.profile.budget_usd_per_4_weeks
    if told and turn.message.frame.does("enough"):
        return Inquiry(budget=told, weeks=DEFAULT_WEEKS)
    return Inquiry(weeks=_weeks_of_the_plan(turn) or _weeks_told(turn))


def _weeks_of_the_plan(turn: Turn) -> float | None:
    """How long the stay of the plan is that was just made: "what would all that cost?"."""
    plan = from_slot(TimelineWish, turn.slots.get("plan"))
    is_just_made = turn.task == "timeline" and plan.planned is not None and not turn.message.is_button
    return plan.stays * DEFAULT_WEEKS if is_just_made and plan.stays else None


def _weeks_told(turn: Turn) -> float | None:
    """How long the stays are that were told beside the question before: "two of four weeks?", then "cost for both?"."""
    is_short = len(turn.message.text.split()) <= FEW_WORDS and not turn.message.is_button
    return from_slot(Inquiry, turn.slots.get("estimate")).told_weeks if is_short else None


def _asks_of_the_budget(turn: Turn) -> bool:
    """Whether it is asked of a program or a stay if the budget that was told is enough for it; no exam is meant."""
    frame = turn.message.frame
    lengths = [said.start for _, said in frame.measures(Length)]
    is_of_stay = any(act.end <= min(lengths, default=-1) for act in frame.acts if act.name == "enough")
    is_of_program = bool(frame.named("institution") or is_of_stay) and not turn.message.is_button
    is_money = frame.does("enough") and not (frame.named("exam") or frame.named("goal"))
    return is_of_program and is_money and _with_the_budget(turn).budget is not None


def _says_it_again(turn: Turn, heard: CostFacts, before: Inquiry) -> bool:
    """Whether the same sum would come word for word."""
    is_same = heard.inquiry == before and before.is_sum and not heard.things and not turn.learned  # a visa adds a fee
    return is_same and heard.wants in (ESTIMATE, LASTS) and not heard.problem and not turn.message.is_button


def _goes_back(turn: Turn) -> bool:
    """Whether a message takes up the last sum after a question in between, or goes on from one about money.

    A budget that is told then is held against that sum, unless programs were looked for as well.
    """
    topic = turn.slots.get("last_topic") or ""
    is_of_money = topic.startswith(MONEY) or topic in MONTHLY or changes_the_sum(turn.message.frame)
    is_of_money = is_of_money or (measures.budget(turn.message.frame) is not None and not turn.slots.get("query"))
    return turn.task is None and not turn.asked and is_of_money and is_about_the_sum(turn.message, _last(turn))


def _named(turn: Turn, known: Shelves) -> tuple[str, ...]:
    """The programs that a message names or points at."""
    if turn.message.is_button:
        return turn.message.values("program")
    if _names_the_code_alone(turn):
        return ()
    found = costs.named_programs(
        turn.message,
        known,
        career_stage=turn.subject.career_stage,
        discussed=turn.slots.get("discussed") or (),
        most=MOST_PROGRAMS,
    )
    shown = tuple(turn.slots.get("last_results") or ())
    if found or (turn.asked and turn.task == "cost"):
        return found
    if in_focus := _in_focus(turn):
        return in_focus
    return tuple(shown[at - 1] for at in selection(turn.message.frame, len(shown)))[:MOST_PROGRAMS]


def _names_the_code_alone(turn: Turn) -> bool:
    """Whether an institution is named only as whose code it is: "and with the AMO code"."""
    frame = turn.message.frame
    codes = [act for act in frame.acts if act.name == "discounted"]
    named = frame.named("institution")
    return bool(named) and all(any(act.start <= item.start < act.end for act in codes) for item in named)


def _in_focus(turn: Turn) -> tuple[str, ...]:
    """What is compared, or the programs of the one institution on the screen ("what does it cost in total?")."""
    shown, frame = screen(turn), turn.message.frame
    if shown and turn.task == "compare":
        is_of_a_way = bool(frame.named("route") or frame.named("provider"))
        meant = () if is_of_a_way else shown.named(turn.message) or shown.listed
        return tuple(program.slug for program in meant)[:MOST_PROGRAMS]
    is_of_life = bool(frame.named("expense"))  # "how much is rent in Boston?" asks of no program there
    if shown and not frame.named("institution") and not is_of_life and (there := shown.at(turn.message)):
        return tuple(program.slug for program in there)[:MOST_PROGRAMS]  # "Missouri for 8 weeks" after a list
    names_more, points = any(frame.named(kind) for kind in ELSEWHERE), frame.does("it", "there", "them")
    if shown is None or not shown.is_one or not (points if names_more else points or shown.is_latest):
        return ()
    stage = turn.subject.career_stage
    fitting = narrow(shown.programs, turn.message, specialties=vocabulary().specialties, career_stage=stage)
    open_now = [program for program in fitting if not program.is_closed]
    priced = [program for program in open_now if program.is_priced]
    return tuple(program.slug for program in priced or open_now)[:MOST_PROGRAMS]


def _answer(turn: Turn, heard: CostFacts, known: Shelves) -> Outcome:
    inquiry = heard.inquiry
    if heard.problem in PROBLEMS:
        return _again(turn, inquiry, PROBLEMS[heard.problem], asked="weeks" if heard.problem == "weeks" else None)
    if heard.problem == "confirm":
        words = {"weeks": number(inquiry.pending_weeks or 0), "advised": wording.advised_weeks()}
        reply = Reply(
            turn.responses.reply("utter_cost_weeks_too_long", **words).parts,
            turn.responses.buttons("utter_cost_weeks_too_long", **words),
        )
        return Outcome(reply, {"estimate": to_slot(inquiry), "task": "cost", "asked": "confirmed"})
    if heard.wants in AFTERWARDS:
        return _afterwards(turn, heard, known)
    if briefly := _BRIEFLY.get(heard.wants):
        return _told(turn, inquiry, *briefly(turn, heard, known))
    asked = next_question(inquiry)
    return _ask(turn, heard, asked, known) if asked else _calculate(turn, heard, known)


def _afterwards(turn: Turn, heard: CostFacts, known: Shelves) -> Outcome:
    """A question about the sum; without a cost that somebody else pays it is counted anew."""
    inquiry, say = heard.inquiry, turn.responses.text
    spared = afterwards.without(inquiry, heard.things)
    if spared != inquiry and spared.budget:
        return _calculate(turn, CostFacts(spared, wants=ENOUGH), known)
    heard, inquiry = replace(heard, inquiry=spared), spared
    words = afterwards.words_after(heard, _on_screen(turn, inquiry, known), facts=known.facts, say=say)
    return _told(turn, inquiry, words, _range_sources(known))


def _of_fees(turn: Turn, heard: CostFacts, known: Shelves) -> Brief:
    words = wording.fees_words(heard.count, heard.fee, heard.things, facts=known.facts, say=turn.responses.text)
    return words, fact_words.sources([known.facts.get(VSLO_FEE)])


def _of_currency(turn: Turn, heard: CostFacts, known: Shelves) -> Brief:
    return _foreign(turn, heard, known), _range_sources(known)


def _of_usual(turn: Turn, heard: CostFacts, known: Shelves) -> Brief:
    words = wording.usual_words(heard.fee or 0, heard.inquiry.route, facts=known.facts, say=turn.responses.text)
    return words, _range_sources(known)


def _of_product(turn: Turn, heard: CostFacts, known: Shelves) -> Brief:
    discounted, say = turn.message.frame.does("discounted"), turn.responses.text
    return wording.product_words(heard.count, heard.fee or 0, discounted=discounted, facts=known.facts, say=say), ()


def _of_code(turn: Turn, heard: CostFacts, known: Shelves) -> Brief:
    return wording.code_words(heard.fee or 0, facts=known.facts, say=turn.responses.text), ()


def _of_rate(turn: Turn, heard: CostFacts, known: Shelves) -> Brief:
    return _rate(turn, heard.inquiry, known), _range_sources(known)


def _of_things(turn: Turn, heard: CostFacts, known: Shelves) -> Brief:
    visa, bill = turn.subject.visa_status or "", _bill(turn, heard.inquiry, known)
    words = wording.things_words(heard.things, bill, visa_status=visa, facts=known.facts, say=turn.responses.text)
    return words, ()


_BRIEFLY: dict[str, Callable[[Turn, CostFacts, Shelves], Brief]] = {
    FEES: _of_fees,
    CURRENCY: _of_currency,
    USUAL: _of_usual,
    WITH_CODE: _of_code,
    PRODUCT: _of_product,
    RATE: _of_rate,
    THINGS: _of_things,
}


def _again(turn: Turn, inquiry: Inquiry, key: str, *, asked: str | None) -> Outcome:
    question = turn.responses.reply(QUESTIONS[asked]) if asked else Reply(())
    reply = Reply(turn.responses.reply(key).parts + question.parts, question.suggestions)
    return Outcome(reply, {"estimate": to_slot(inquiry), "task": "cost", "asked": asked})


def _told(turn: Turn, inquiry: Inquiry, words: str, sources: tuple[Source, ...] = ()) -> Outcome:
    """A short answer about the sum, which stays as it is."""
    slots = {"estimate": to_slot(inquiry), "task": "cost", "asked": None}
    return Outcome(Reply((Text(words, sources),), _buttons(turn, inquiry)), slots)


def _ask(turn: Turn, heard: CostFacts, asked: str, known: Shelves) -> Outcome:
    """The question, with the usual ranges above it the first time and what was asked about by name."""
    say, facts, question = turn.responses.text, known.facts, turn.responses.reply(QUESTIONS[asked])
    parts = []
    if not heard.inquiry.programs and turn.asked != asked:
        parts.append(Text(wording.monthly_words(heard.inquiry.route, facts, say), _range_sources(known)))
    if heard.things:
        parts.append(Text(wording.not_included_words(heard.things, facts=facts, say=say)))
    slots = {"estimate": to_slot(heard.inquiry), "task": "cost", "asked": asked}
    return Outcome(Reply((*parts, *question.parts), question.suggestions), slots)


def _calculate(turn: Turn, heard: CostFacts, known: Shelves) -> Outcome:
    say, facts, inquiry = turn.responses.text, known.facts, heard.inquiry
    if heard.wants == LASTS and inquiry.budget:
        return _told(turn, inquiry, _lasting(turn, heard, known), _range_sources(known))
    body = _sums(turn, heard, known)
    assumed = () if inquiry.weeks or inquiry.legs else (say("utter_cost_assumed_weeks"),)
    things = tuple(name for name in heard.things if name != "food" or "living" not in inquiry.counted)
    is_said = heard.wants == ENOUGH and not {*things} - {*inquiry.covers}
    with_room = _with_room(turn, heard, known)
    counted = (*inquiry.counted, "housing") if with_room else inquiry.counted
    left = wording.not_included_words(things, counted=counted, facts=facts, say=say)
    if length := _length_verdict(turn, inquiry, known):
        body = (replace(body[0], text=f"{length}\n\n{body[0].text}"), *body[1:])
    closing = " ".join([*assumed, *([] if is_said else [left])])
    last = replace(body[-1], text="\n\n".join(filter(None, [body[-1].text, with_room, closing])))
    slots: dict[str, Any] = {"estimate": to_slot(inquiry), "task": "cost", "asked": None}
    return Outcome(Reply((*body[:-1], last), _buttons(turn, inquiry)), slots)


def _lasting(turn: Turn, heard: CostFacts, known: Shelves) -> str:
    """How long a budget lasts, with what is to be paid from it, and what was asked about that has no figure."""
    inquiry, before, say = heard.inquiry, _last(turn), turn.responses.text
    visa = turn.subject.visa_status or ""
    left = wording.not_included_words(heard.things, facts=known.facts, say=say) if heard.things else ""
    if heard.things and inquiry == before:  # the weeks stand above
        return "\n\n".join(filter(None, [wording.counted_in(inquiry, facts=known.facts, say=say), left]))
    lasting = {
        route: weeks
        for route in ([inquiry.route] if inquiry.route in wording.ROUTES else ROUTE_FACTS)
        if (weeks := wording.weeks_within(inquiry, route, facts=known.facts, visa_status=visa))
    }
    words = wording.affordable_words(inquiry, _programs(inquiry, known), lasting, facts=known.facts, say=say)
    is_new = before.budget and inquiry.counted != before.counted
    return "\n\n".join(filter(None, [say("utter_cost_lasts_fee_alone") if is_new else "", words, left]))


def _sums(turn: Turn, heard: CostFacts, known: Shelves) -> tuple[Text, ...]:
    """The sum, one for each program where several are compared, or both ways where none is named."""
    say, facts, inquiry = turn.responses.text, known.facts, heard.inquiry
    is_judged = heard.wants == ENOUGH and bool(inquiry.budget)
    if is_judged and inquiry.covers:
        ways = _on_screen(turn, inquiry, known)
        return (Text(wording.remaining_words(ways, inquiry=inquiry, facts=facts, say=say), _range_sources(known)),)
    bills = [bill for legs in _stays(inquiry) if (bill := _bill_of(turn, inquiry, known, legs))]
    if bills:
        words = wording.enough_words if is_judged else wording.bill_words
        return tuple(
            Text(
                words(bill, inquiry=inquiry, facts=facts, today=turn.today, say=say),
                _sources(bill),
                more=wording.details(bill, say),
            )
            for bill in bills
        )
    weeks = inquiry.weeks or DEFAULT_WEEKS
    if is_judged:
        return (
            Text(
                wording.enough_both_words(_on_screen(turn, inquiry, known), inquiry=inquiry, say=say),
                _range_sources(known),
            ),
        )
    if inquiry.counted:
        return (
            Text(
                wording.counted_words(_on_screen(turn, inquiry, known), inquiry.counted, say=say), _range_sources(known)
            ),
        )
    both = wording.both_routes_words(weeks, facts=facts, say=say, visa_status=turn.subject.visa_status or "")
    return (Text(both, _range_sources(known)),)


def _length_verdict(turn: Turn, inquiry: Inquiry, known: Shelves) -> str:
    """Whether a program takes people for so long, where that is asked ("could it be 6 weeks?"); else empty."""
    frame, programs = turn.message.frame, _programs(inquiry, known)
    is_asked = frame.does("whether") and bool(frame.measures(Length)) and not frame.does("enough", "included")
    if not is_asked or len(programs) != 1 or not inquiry.weeks:
        return ""
    return wording.length_words(programs[0], inquiry.weeks, turn.responses.text)


def _with_room(turn: Turn, heard: CostFacts, known: Shelves) -> str:
    """The sums with a room and the visa, where they count neither: nobody lives on the fee of a rotation."""
    inquiry = heard.inquiry
    is_asked = heard.wants == ESTIMATE and not (heard.things or inquiry.counted)
    ways = _on_screen(turn, replace(inquiry, counted=_room_of(turn)), known)
    if not is_asked or len(_stays(inquiry)) > 1 or any(_is_remote(bill) for bill in ways.values()):
        return ""
    return wording.with_room_words(ways, facts=known.facts, say=turn.responses.text)


def _room_of(turn: Turn) -> tuple[str, ...]:
    """A room, and the visa of who does not have one or need none."""
    return ("housing",) if turn.subject.visa_status in ("has", *NEED_NO_VISA) else ("housing", "visa")


def _is_remote(bill: Bill) -> bool:
    """Whether every stay is at a program that nobody travels to."""
    return all(item.program is not None and item.program.rotation_types == ("telehealth",) for item in bill.estimates)


def _stays(inquiry: Inquiry) -> list[tuple[Leg, ...]]:
    """What is summed up: several stays together, or each program, or the way, on its own."""
    weeks = inquiry.weeks or DEFAULT_WEEKS
    if inquiry.legs:
        is_open = any(not (leg.route or leg.program) for leg in inquiry.legs)
        return [_by(inquiry.legs, route) for route in ROUTE_FACTS] if is_open else [inquiry.legs]
    if inquiry.programs:
        return [(Leg(weeks, inquiry.route, slug),) for slug in inquiry.programs]
    return [(Leg(weeks, inquiry.route),)] if inquiry.route else []


def _by(legs: tuple[Leg, ...], route: str) -> tuple[Leg, ...]:
    """The stays with a way where none was named."""
    return tuple(leg if leg.route or leg.program else replace(leg, route=route) for leg in legs)


def _on_screen(turn: Turn, inquiry: Inquiry, known: Shelves) -> dict[str, Bill]:
    """The sum on the screen, under an empty name, or both ways where none is named."""
    if bill := _bill(turn, inquiry, known):
        return {"": bill}
    legs = inquiry.legs or (Leg(inquiry.weeks or DEFAULT_WEEKS),)
    ways = {route: _bill_of(turn, inquiry, known, _by(legs, route)) for route in ROUTE_FACTS}
    return {route: bill for route, bill in ways.items() if bill}


def _bill(turn: Turn, inquiry: Inquiry, known: Shelves) -> Bill | None:
    """The one sum that is on the screen; None where there are several."""
    stays = _stays(inquiry)
    return _bill_of(turn, inquiry, known, stays[0]) if len(stays) == 1 else None


def _bill_of(turn: Turn, inquiry: Inquiry, known: Shelves, legs: tuple[Leg, ...]) -> Bill | None:
    return bill_of(
        legs,
        known.catalog.by_slug,
        facts=known.facts,
        visa_status=turn.subject.visa_status or "",
        audience=AUDIENCE_OF.get(turn.subject.career_stage or "", ""),
        counted=inquiry.counted,
        discounted=inquiry.discounted,
    )


def _programs(inquiry: Inquiry, known: Shelves) -> tuple[Program, ...]:
    return tuple(known.catalog.by_slug[slug] for slug in inquiry.programs if slug in known.catalog.by_slug)


def _foreign(turn: Turn, heard: CostFacts, known: Shelves) -> str:
    """That nothing is converted, and the range in US dollars that was asked for."""
    say, facts, inquiry = turn.responses.text, known.facts, heard.inquiry
    bill = _bill(turn, inquiry, known) if inquiry.weeks or inquiry.legs else None
    if bill:
        words = wording.foreign_range_words(bill, say)
    elif inquiry.weeks:
        words = wording.both_routes_words(inquiry.weeks, facts=facts, say=say)
    else:
        words = wording.monthly_words(inquiry.route, facts, say)
    return wording.foreign_words(heard.currency, heard.amount, words, say)


def _rate(turn: Turn, inquiry: Inquiry, known: Shelves) -> str:
    """Whether the sum on the screen is for a month or in all."""
    say, bill = turn.responses.text, _bill(turn, inquiry, known)
    if bill:
        return wording.rate_words(bill, say)
    weeks = inquiry.weeks or DEFAULT_WEEKS
    head = say("utter_cost_rate_both", weeks=wording.weeks_words(weeks, say))
    return "\n\n".join([head, wording.both_routes_words(weeks, facts=known.facts, say=say)])


def _sources(bill: Bill) -> tuple[Source, ...]:
    programs = [item.program for item in bill.estimates if item.program]
    own = [Source(item.institution, item.source_url, item.source_date) for item in programs]
    facts = fact_words.sources([line.fact for line in (*bill.lines, *bill.offers)])
    return tuple(dict.fromkeys([*own, *facts]))


def _range_sources(known: Shelves) -> tuple[Source, ...]:
    return fact_words.sources([known.facts.get(name) for name in ROUTE_FACTS.values()])


def _buttons(turn: Turn, inquiry: Inquiry) -> tuple[Suggestion, ...]:
    open_route = not inquiry.programs and not inquiry.route and not inquiry.legs
    return turn.responses.buttons("utter_cost_follow_up" if open_route else "utter_cost_buttons")
