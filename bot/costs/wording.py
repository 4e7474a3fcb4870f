"""A calculation in words: the total, its lines, what was assumed, and what is never included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.programs import pricing
from bot.programs.cards import FACT, OLD_YEARS, Say
from bot.programs.catalog import age_in_years
from bot.programs.pricing import (
    ADVISED_WEEKS,
    ROUTE_FACTS,
    Estimate,
    Facts,
    PriceLine,
    Range,
    affordable_program_weeks,
    affordable_weeks,
)
from bot.programs.program import Program, number, usd, usd_range

ROUTES = {
    "direct": "utter_cost_route_direct",
    "vslo": "utter_cost_route_vslo",
    "third_party": "utter_cost_route_third_party",
}
_LINES = {
    "application_fee": "utter_cost_line_application_fee",
    "vslo_fee": "utter_cost_line_vslo_fee",
    "visa_fee": "utter_cost_line_visa_fee",
    "visa_integrity_fee": "utter_cost_line_visa_integrity_fee",
    "esta_fee": "utter_cost_line_esta_fee",
    "background_check": "utter_cost_line_background_check",
}
_NOTES = {
    "month_is_four_weeks": "utter_cost_note_month_is_four_weeks",
    "whole_blocks": "utter_cost_note_whole_blocks",
    "five_days_a_week": "utter_cost_note_five_days_a_week",
    "rotation_length_known": "utter_cost_note_rotation_length_known",
    "rotation_is_four_weeks": "utter_cost_note_rotation_is_four_weeks",
    "one_time": "utter_cost_note_one_time",
    "shorter_than_offered": "utter_cost_note_shorter_than_offered",
    "longer_than_allowed": "utter_cost_note_longer_than_allowed",
}
_THINGS = {
    "housing": "utter_cost_thing_housing",
    "flights": "utter_cost_thing_flights",
    "food": "utter_cost_thing_food",
    "transport": "utter_cost_thing_transport",
    "insurance": "utter_cost_thing_insurance",
    "exams": "utter_cost_thing_exams",
}
OBSERVERSHIP = "faq_cost_hospital_observership"
HEALTH_INSURANCE, MALPRACTICE = "health_insurance_min_example_usd", "malpractice_typical_usd"
USED_FACTS = pricing.USED_FACTS | {OBSERVERSHIP, HEALTH_INSURANCE, MALPRACTICE}
"""Every fact that estimates and their words name."""


def amount(value: Range) -> str:
    """A range of money, cents dropped: ranges are estimates."""
    return usd_range(round(value.low), round(value.high))


def monthly(route: str, facts: Facts) -> Range | None:
    """The FAQ's range of a month by a route."""
    fact = facts.get(ROUTE_FACTS.get("direct" if route == "vslo" else route, ""))
    return Range(*fact.range) if fact and fact.range else None


def monthly_words(facts: Facts, say: Say) -> str:
    """The usual ranges by the month."""
    direct, third = monthly("direct", facts), monthly("third_party", facts)
    observership = facts.get(OBSERVERSHIP)
    nothing = ""
    return say(
        "utter_cost_monthly",
        direct=amount(direct) if direct else nothing,
        third_party=amount(third) if third else nothing,
        observership=observership.value if observership else nothing,
    )


def estimate_words(estimate: Estimate, *, facts: Facts, today: date, say: Say) -> str:
    """One calculation: title, lines, what may come on top, and the notes."""
    fixed = [line for line in estimate.lines if not line.optional]
    lines = [_title(estimate, say), *(f"- {_line(line, estimate, facts=facts, say=say)}" for line in fixed)]
    optional = [line for line in estimate.lines if line.optional]
    if optional:
        lines += ["", say("utter_cost_optional_intro")]
        lines += [f"- {_line(line, estimate, facts=facts, say=say)}" for line in optional]
    notes = _notes(estimate, facts=facts, today=today, say=say)
    return "\n".join([*lines, "", " ".join(notes)] if notes else lines)


def _title(estimate: Estimate, say: Say) -> str:
    weeks = number(estimate.weeks)
    if estimate.program is None:
        return say(
            "utter_cost_title_route", weeks=weeks, route=say(ROUTES[estimate.route]), total=amount(estimate.total)
        )
    key = "utter_cost_title_program_unknown" if "fee_unknown" in estimate.assumptions else "utter_cost_title_program"
    return say(key, weeks=weeks, program=estimate.program.title, total=amount(estimate.total))


def _line(line: PriceLine, estimate: Estimate, *, facts: Facts, say: Say) -> str:
    if line.key == "program_fee" and estimate.program:
        label = say("utter_cost_line_program_fee", printed=FACT["fee"].words(estimate.program, say))
    elif line.key == "route_range":
        month = monthly(estimate.route, facts)
        label = say("utter_cost_line_route_range", monthly=amount(month) if month else "")
    else:
        label = say(_LINES[line.key])
    return say("utter_cost_line", label=label, amount=amount(line.amount))


def _notes(estimate: Estimate, *, facts: Facts, today: date, say: Say) -> list[str]:
    program = estimate.program
    weeks = {
        "shorter_than_offered": program.duration_weeks_min if program else None,
        "rotation_length_known": program.duration_weeks_min if program else None,
        "longer_than_allowed": program.max_weeks_total if program else None,
    }
    found = [say(_NOTES[name], weeks=number(weeks.get(name) or 0)) for name in estimate.assumptions if name in _NOTES]
    if program is None:
        return found
    if "fee_unknown" in estimate.assumptions:
        month = monthly(program.route or "direct", facts)
        span = Range(month.low * estimate.weeks / 4, month.high * estimate.weeks / 4) if month else None
        found += [say("utter_cost_note_fee_unknown", range=amount(span))] if span else []
    return found + _source_notes(program, today, say)


def _source_notes(program: Program, today: date, say: Say) -> list[str]:
    age, found = age_in_years(program, today), []
    if age is None:
        found.append(say("utter_cost_note_undated"))
    elif age >= OLD_YEARS:
        found.append(say("utter_cost_note_old", date=program.source_date))
    if program.confidence == "low":
        found.append(say("utter_cost_note_low_confidence"))
    return [*found, say("utter_cost_note_program", notes=program.notes)] if program.notes else found


def both_routes_words(weeks: float, *, facts: Facts, say: Say) -> str:
    """The usual cost of a stay by either way of applying."""
    lines = [say("utter_cost_title_both", weeks=number(weeks))]
    for route in ROUTE_FACTS:
        month = monthly(route, facts)
        if month:
            span = Range(month.low * weeks / 4, month.high * weeks / 4)
            words = say("utter_cost_line_both", route=say(ROUTES[route]), amount=amount(span), monthly=amount(month))
            lines.append(f"- {words}")
    observership = facts.get(OBSERVERSHIP)
    if observership:
        lines.append(f"- {say('utter_cost_line_observership', observership=observership.value)}")
    return "\n".join(lines)


def affordable_words(budget: float, programs: Sequence[Program], route: str, *, facts: Facts, say: Say) -> str:
    """How long a budget lasts: at the programs named, else by the usual ranges."""
    lines = [_affordable_program(budget, program, say) for program in programs]
    if programs and all(program.is_priced for program in programs):
        return "\n\n".join(lines)
    lines.append(say("utter_cost_affordable", budget=usd(budget)))
    routes = [route] if route in ROUTE_FACTS else list(ROUTE_FACTS)
    lines.append("\n".join(f"- {_affordable_route(budget, name, facts=facts, say=say)}" for name in routes))
    observership = facts.get(OBSERVERSHIP)
    if observership:
        lines.append(say("utter_cost_affordable_cheap", observership=observership.value))
    return "\n\n".join(lines)


def _affordable_program(budget: float, program: Program, say: Say) -> str:
    weeks = affordable_program_weeks(budget, program)
    if weeks is None:
        return say("utter_cost_affordable_program_unknown", program=program.title, budget=usd(budget))
    if weeks == 0:
        fee = FACT["fee"].words(program, say)
        return say("utter_cost_affordable_program_none", program=program.title, budget=usd(budget), fee=fee)
    return say("utter_cost_affordable_program", program=program.title, budget=usd(budget), weeks=weeks)


def _affordable_route(budget: float, route: str, *, facts: Facts, say: Say) -> str:
    month = monthly(route, facts)
    if month is None:
        return say(ROUTES[route])
    low, high = affordable_weeks(budget, month)
    key = "utter_cost_affordable_line_none" if high < 1 else "utter_cost_affordable_line"
    key = "utter_cost_affordable_line_one" if low == high and high >= 1 else key
    return say(key, route=say(ROUTES[route]), low=low, high=high, monthly=amount(month))


def not_included_words(things: Sequence[str], *, facts: Facts, say: Say) -> str:
    """What no total here contains; what was asked about by name comes first."""
    if not things:
        return say("utter_cost_not_included")
    lines = [say("utter_cost_not_included_asked", things=", ".join(say(_THINGS[name]) for name in things))]
    health, malpractice = facts.get(HEALTH_INSURANCE), facts.get(MALPRACTICE)
    if "insurance" in things and health and malpractice and health.range and malpractice.range:
        cover = {"health": usd(health.range[0]), "malpractice": usd(malpractice.range[0])}
        lines.append(say("utter_cost_insurance", **cover))
    return " ".join(lines)


def advised_weeks() -> str:
    """The usual advice, as words: "8 to 12"."""
    return f"{ADVISED_WEEKS[0]} to {ADVISED_WEEKS[1]}"
