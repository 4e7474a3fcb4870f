"""What it costs, in conversation: one question at a time, every one of them skippable."""

from __future__ import annotations

from typing import Any

from actions.base import BotAction
from actions.turn import Outcome, Turn
from bot.costs import service as costs
from bot.costs import wording
from bot.costs.estimate import CostFacts, Inquiry, hear, next_question
from bot.dialogue.slots import from_slot, to_slot
from bot.programs import fact_words
from bot.programs.measures import names_foreign_money
from bot.programs.pricing import ROUTE_FACTS, Estimate, Stay, estimate_program, estimate_route
from bot.programs.program import Program, number
from bot.programs.reference import selection
from bot.programs.service import Shelves
from bot.reply.parts import Reply, Source, Suggestion, Text

QUESTIONS = {"weeks": "utter_cost_ask_weeks"}
PROBLEMS = {"weeks": "utter_cost_weeks_invalid", "budget": "utter_cost_budget_invalid"}
DEFAULT_WEEKS = 4.0
MOST_PROGRAMS = 2


class ActionEstimateCost(BotAction):
    """Calculates what a stay costs, or how long a budget lasts."""

    task = "cost"

    def name(self) -> str:
        return "action_estimate_cost"

    def answer(self, turn: Turn) -> Outcome:
        """A calculation with what is known, or the next question with the usual ranges."""
        running = turn.task == "cost"
        before = from_slot(Inquiry, turn.slots.get("estimate")) if running else Inquiry()
        with turn.container.database.unit() as session:
            known = costs.shelves(session)
        heard = hear(turn.message, before, programs=_named(turn, known), asked=turn.asked if running else None)
        return _answer(turn, heard, known)


def _named(turn: Turn, known: Shelves) -> tuple[str, ...]:
    """The programs that a message names or points at."""
    if turn.message.is_button:
        return turn.message.values("program")
    found = costs.named_programs(turn.message, known, career_stage=turn.profile.career_stage, most=MOST_PROGRAMS)
    shown = tuple(turn.slots.get("last_results") or ())
    if found or turn.asked:
        return found
    return tuple(shown[at - 1] for at in selection(turn.message.frame, len(shown)))[:MOST_PROGRAMS]


def _answer(turn: Turn, heard: CostFacts, known: Shelves) -> Outcome:
    inquiry = heard.inquiry
    if names_foreign_money(turn.message.frame):
        return _again(turn, inquiry, "utter_cost_foreign_money", asked=None)
    if heard.problem in PROBLEMS:
        return _again(turn, inquiry, PROBLEMS[heard.problem], asked="weeks" if heard.problem == "weeks" else None)
    if heard.problem == "confirm":
        words = {"weeks": number(inquiry.pending_weeks or 0), "advised": wording.advised_weeks()}
        reply = Reply(
            turn.responses.reply("utter_cost_weeks_too_long", **words).parts,
            turn.responses.buttons("utter_cost_weeks_too_long", **words),
        )
        return Outcome(reply, {"estimate": to_slot(inquiry), "task": "cost", "asked": "confirmed"})
    asked = next_question(inquiry)
    return _ask(turn, heard, asked, known) if asked else _calculate(turn, heard, known)


def _again(turn: Turn, inquiry: Inquiry, key: str, *, asked: str | None) -> Outcome:
    question = turn.responses.reply(QUESTIONS[asked]) if asked else Reply(())
    reply = Reply(turn.responses.reply(key).parts + question.parts, question.suggestions)
    return Outcome(reply, {"estimate": to_slot(inquiry), "task": "cost", "asked": asked})


def _ask(turn: Turn, heard: CostFacts, asked: str, known: Shelves) -> Outcome:
    """The question, with the usual ranges above it the first time and what was asked about by name."""
    say, facts, question = turn.responses.text, known.facts, turn.responses.reply(QUESTIONS[asked])
    parts = []
    if not heard.inquiry.programs and turn.asked != asked:
        parts.append(Text(wording.monthly_words(facts, say), _range_sources(known)))
    if heard.things:
        parts.append(Text(wording.not_included_words(heard.things, facts=facts, say=say)))
    slots = {"estimate": to_slot(heard.inquiry), "task": "cost", "asked": asked}
    return Outcome(Reply((*parts, *question.parts), question.suggestions), slots)


def _calculate(turn: Turn, heard: CostFacts, known: Shelves) -> Outcome:
    say, facts, inquiry = turn.responses.text, known.facts, heard.inquiry
    programs = tuple(known.catalog.by_slug[slug] for slug in inquiry.programs if slug in known.catalog.by_slug)
    if inquiry.budget and not inquiry.weeks:
        words = wording.affordable_words(inquiry.budget, programs, inquiry.route, facts=facts, say=say)
        body: tuple[Text, ...] = (Text(words, _range_sources(known)),)
    else:
        body = _estimates(turn, inquiry, programs, known)
    closing = Text(wording.not_included_words(heard.things, facts=facts, say=say))
    slots: dict[str, Any] = {"estimate": to_slot(inquiry), "task": "cost", "asked": None}
    return Outcome(Reply((*body, closing), _buttons(turn, inquiry)), slots)


def _estimates(turn: Turn, inquiry: Inquiry, programs: tuple[Program, ...], known: Shelves) -> tuple[Text, ...]:
    say, facts, weeks = turn.responses.text, known.facts, inquiry.weeks or DEFAULT_WEEKS
    situation = Stay(turn.profile.visa_status or "", inquiry.route)
    assumed = () if inquiry.weeks else (Text(say("utter_cost_assumed_weeks")),)
    found: list[Estimate | None] = [
        estimate_program(item, weeks, facts=facts, situation=situation) for item in programs
    ]
    if not programs and inquiry.route:
        found = [estimate_route(inquiry.route, weeks, facts=facts, situation=situation)]
    estimates = [item for item in found if item]
    if not estimates:
        return (*assumed, Text(wording.both_routes_words(weeks, facts=facts, say=say), _range_sources(known)))
    shared = [item if at == len(estimates) - 1 else item.without_options() for at, item in enumerate(estimates)]
    texts = (
        Text(wording.estimate_words(item, facts=facts, today=turn.today, say=say), _sources(item)) for item in shared
    )
    return (*assumed, *texts)


def _sources(estimate: Estimate) -> tuple[Source, ...]:
    program = estimate.program
    own = (Source(program.institution, program.source_url, program.source_date),) if program else ()
    return (*own, *fact_words.sources([line.fact for line in estimate.lines]))


def _range_sources(known: Shelves) -> tuple[Source, ...]:
    return fact_words.sources([known.facts.get(name) for name in ROUTE_FACTS.values()])


def _buttons(turn: Turn, inquiry: Inquiry) -> tuple[Suggestion, ...]:
    open_route = not inquiry.programs and not inquiry.route
    return turn.responses.buttons("utter_cost_follow_up" if open_route else "utter_cost_buttons")
