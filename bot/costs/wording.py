"""A calculation in words: the total or the verdict first, its lines, what may come on top, what is never included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.costs import bill as bills
from bot.costs.bill import RENT, Bill, rent_of
from bot.costs.estimate import MONTH_WEEKS, Inquiry
from bot.dialogue.profile import NEED_NO_VISA
from bot.programs import pricing
from bot.programs.cards import FACT, OLD_YEARS, Say, year_words
from bot.programs.catalog import price_age, price_year
from bot.programs.pricing import (
    ADVISED_WEEKS,
    ROUTE_FACTS,
    VISA_FEE,
    VSLO_FEE,
    Estimate,
    Facts,
    PriceLine,
    Range,
    affordable_program_weeks,
    rotation_weeks,
)
from bot.programs.program import Program, number, usd, usd_range

ROUTES = {
    "direct": "utter_cost_route_direct",
    "vslo": "utter_cost_route_vslo",
    "third_party": "utter_cost_route_third_party",
    "telehealth": "utter_cost_route_telehealth",
}
LINES = {
    "application_fee": "utter_cost_line_application_fee",
    "vslo_fee": "utter_cost_line_vslo_fee",
    "visa_fee": "utter_cost_line_visa_fee",
    "visa_integrity_fee": "utter_cost_line_visa_integrity_fee",
    "esta_fee": "utter_cost_line_esta_fee",
    "background_check": "utter_cost_line_background_check",
    "housing": "utter_cost_line_housing",
    "living": "utter_cost_line_living",
}
_NOTES = {
    "whole_blocks": "utter_cost_note_whole_blocks",
    "five_days_a_week": "utter_cost_note_five_days_a_week",
    "rotation_length_known": "utter_cost_note_rotation_length_known",
    "rotation_is_four_weeks": "utter_cost_note_rotation_is_four_weeks",
    "one_time": "utter_cost_note_one_time",
    "shorter_than_offered": "utter_cost_note_shorter_than_offered",
    "longer_than_allowed": "utter_cost_note_longer_than_allowed",
}
THING_WORDS = {
    "housing": "utter_cost_thing_housing",
    "living": "utter_cost_thing_living",
    "flights": "utter_cost_thing_flights",
    "food": "utter_cost_thing_food",
    "transport": "utter_cost_thing_transport",
    "insurance": "utter_cost_thing_insurance",
    "vaccines": "utter_cost_thing_vaccines",
    "exams": "utter_cost_thing_exams",
    "visa": "utter_cost_thing_visa",
    "application": "utter_cost_thing_application",
    "vslo": "utter_cost_thing_vslo",
    "background_check": "utter_cost_thing_background_check",
}
LINE_OF_THING = {
    "visa": "visa_fee",
    "application": "application_fee",
    "vslo": "vslo_fee",
    "background_check": "background_check",
    "housing": "housing",
    "living": "living",
}
_NEVER = ("flights", "housing", "food", "transport", "vaccines", "exams", "insurance")
"""What no total contains unless it was asked for."""
OBSERVERSHIP = "faq_cost_hospital_observership"
HEALTH_INSURANCE, MALPRACTICE = "health_insurance_min_example_usd", "malpractice_typical_usd"
USED_FACTS = pricing.USED_FACTS | {OBSERVERSHIP, HEALTH_INSURANCE, MALPRACTICE} | bills.USED_FACTS
"""Every fact that estimates and their words name."""
Lasting = Mapping[str, tuple[int, int]]
"""How many weeks a budget lasts by each way to apply, at the upper and at the lower prices."""


def amount(value: Range) -> str:
    """A range of money, cents dropped: ranges are estimates."""
    return usd_range(round(value.low), round(value.high))


def weeks_words(weeks: float, say: Say) -> str:
    """ "1 week", "8 weeks"."""
    return say("utter_cost_week" if weeks == 1 else "utter_cost_weeks", weeks=number(weeks))


def monthly(route: str, facts: Facts) -> Range | None:
    """The FAQ's range of a month by a route."""
    fact = pricing.monthly_fact(route, facts)
    return Range(*fact.range) if fact and fact.range else None


def monthly_words(route: str, facts: Facts, say: Say) -> str:
    """The usual ranges by the month: of one way, or of all."""
    if route and (month := monthly(route, facts)):
        return say("utter_cost_monthly_of", route=say(ROUTES[route]), monthly=amount(month))
    direct, third = monthly("direct", facts), monthly("third_party", facts)
    observership = facts.get(OBSERVERSHIP)
    nothing = ""
    return say(
        "utter_cost_monthly",
        direct=amount(direct) if direct else nothing,
        third_party=amount(third) if third else nothing,
        observership=observership.value if observership else nothing,
    )


def bill_words(bill: Bill, *, inquiry: Inquiry, facts: Facts, today: date, say: Say) -> str:
    """A sum: the total, its lines where there are several, what may come on top, and the notes."""
    key = "utter_cost_title" if bill.is_priced else "utter_cost_title_unpriced"
    head = say(key, what=what_words(bill, say), total=_total(bill))
    return _joined(
        [
            _paragraph(head, bill, inquiry=inquiry, facts=facts, say=say),
            *_rest(bill, inquiry=inquiry, today=today, say=say),
        ]
    )


def enough_words(bill: Bill, *, inquiry: Inquiry, facts: Facts, today: date, say: Say) -> str:
    """Whether a budget is enough for a sum: yes or no first, then the sum."""
    budget, total = inquiry.budget or 0, bill.total
    key = (
        "utter_cost_enough_yes"
        if total.high <= budget
        else "utter_cost_enough_partly"
        if total.low <= budget
        else "utter_cost_enough_no"
    )
    values = {
        "budget": _budget(inquiry, bill.weeks, say),
        "what": what_words(bill, say),
        "total": _total(bill),
        "left": usd(round(budget - total.high)),
        "missing": usd(round(total.low - budget)),
        "rest": _on_top(inquiry, say),
    }
    head = say(key, **values)
    if total.low > budget and (weeks := _affordable_weeks(inquiry, bill, facts=facts, say=say)):
        head = f"{head} {say('utter_cost_enough_no_weeks', weeks=weeks)}"
    return _joined(
        [
            _paragraph(head, bill, inquiry=inquiry, facts=facts, say=say),
            *_rest(bill, inquiry=inquiry, today=today, say=say),
        ]
    )


def _affordable_weeks(inquiry: Inquiry, bill: Bill, *, facts: Facts, say: Say) -> str:
    """How long a budget lasts that is too small for a stay by the usual range; empty where it buys no week."""
    estimate = bill.estimates[0]
    if len(bill.estimates) > 1 or estimate.program or not monthly(estimate.route, facts):
        return ""
    low, high = weeks_within(inquiry, estimate.route, facts=facts, visa_status=_visa_in(bill)) or (0, 0)
    if high < 1:
        return ""
    return weeks_words(high, say) if low == high else say("utter_cost_weeks", weeks=f"{low} to {high}")


def _visa_in(bill: Bill) -> str:
    """The visa as it counts in a bill: none to pay for, unless its fee is among the lines."""
    return "" if any(line.key == LINE_OF_THING["visa"] for line in bill.lines) else bills.HAS_VISA


def weeks_within(inquiry: Inquiry, route: str, *, facts: Facts, visa_status: str) -> tuple[int, int] | None:
    """How many whole weeks the budget lasts by one way, what else it is to pay for counted in."""
    return bills.weeks_within(
        inquiry.budget or 0,
        route,
        facts=facts,
        visa_status=visa_status,
        counted=inquiry.counted,
        discounted=inquiry.discounted,
    )


def _on_top(inquiry: Inquiry, say: Say) -> str:
    """What no figure here holds: flights, and food or all of the living."""
    return say("utter_cost_on_top_of_room" if {"housing", "living"} & {*inquiry.counted} else "utter_cost_on_top")


def enough_both_words(bills: dict[str, Bill], *, inquiry: Inquiry, say: Say) -> str:
    """Whether a budget is enough by either way of applying: the verdict, then a line for each."""
    budget = inquiry.budget or 0
    verdicts = {route: _verdict(bill.total, budget) for route, bill in bills.items()}
    kinds = set(verdicts.values())
    key = {frozenset({"yes"}): "utter_cost_either_yes", frozenset({"no"}): "utter_cost_either_no"}.get(
        frozenset(kinds), "utter_cost_either_depends"
    )
    weeks = weeks_words(next(iter(bills.values())).weeks, say)
    lines = [
        say(_EITHER[verdicts[route]], route=say(ROUTES[route]), total=_total(bill)) for route, bill in bills.items()
    ]
    whole = _budget(inquiry, next(iter(bills.values())).weeks, say)
    head = say(key, budget=whole, weeks=weeks, rest=_on_top(inquiry, say))
    return "\n".join([head, *(f"- {line}" for line in lines)])


def _budget(inquiry: Inquiry, weeks: float, say: Say) -> str:
    """The budget for a stay; of one for each month, that as well."""
    whole = usd(round(inquiry.budget or 0))
    if not inquiry.is_monthly or weeks == MONTH_WEEKS:
        return whole
    return say(
        "utter_cost_budget_monthly", budget=whole, monthly=usd(round((inquiry.budget or 0) * MONTH_WEEKS / weeks))
    )


def remaining_words(bills: Mapping[str, Bill], *, inquiry: Inquiry, facts: Facts, say: Say) -> str:
    """What a budget leaves for flights and all else that is to be paid from it, by each way; the verdict first."""
    budget, weeks = inquiry.budget or 0, next(iter(bills.values())).weeks
    is_nothing = all(budget < bill.total.low for bill in bills.values())
    values = {"budget": _budget(inquiry, weeks, say), "weeks": weeks_words(weeks, say), "rest": _on_top(inquiry, say)}
    head = say("utter_cost_covers_no" if is_nothing else "utter_cost_covers", **values)
    lines = [f"- {_remaining(route, bill, budget, say)}" for route, bill in bills.items()]
    rent = None if {"housing", "living"} & {*inquiry.counted} else rent_of(weeks, facts)
    key = "utter_cost_covers_room" if rent else "utter_cost_covers_flights"
    closing = say(key, rent=amount(rent.amount) if rent else "", weeks=values["weeks"])
    return "\n\n".join(["\n".join([head, *lines]), *([] if is_nothing else [closing])])


def _remaining(route: str, bill: Bill, budget: float, say: Say) -> str:
    total = bill.total
    where = say(ROUTES[route]) if route else what_words(bill, say)
    if budget < total.low:
        return say("utter_cost_covers_none", where=where, missing=usd(round(total.low - budget)), total=_total(bill))
    left = Range(max(0, budget - total.high), budget - total.low)
    return say("utter_cost_covers_line", where=where, left=amount(left), total=_total(bill))


_EITHER = {
    "yes": "utter_cost_either_line_yes",
    "partly": "utter_cost_either_line_partly",
    "no": "utter_cost_either_line_no",
}


def _verdict(total: Range, budget: float) -> str:
    return "yes" if total.high <= budget else "partly" if total.low <= budget else "no"


def _total(bill: Bill) -> str:
    return amount(bill.total)


def what_words(bill: Bill, say: Say) -> str:
    """What the sum is for: "8 weeks, third-party provider", "12 weeks in all (4 ..., 8 ...)"."""
    parts = [
        say("utter_cost_stay", weeks=weeks_words(item.weeks, say), where=_where(item, say)) for item in bill.estimates
    ]
    if len(parts) == 1:
        return parts[0]
    return say("utter_cost_stays", weeks=weeks_words(bill.weeks, say), parts=", ".join(parts))


def _where(estimate: Estimate, say: Say) -> str:
    if estimate.program is None:
        return say(ROUTES[estimate.route])
    program = estimate.program
    return say("utter_cost_at_program", program=program.title if program.is_priced else program.institution)


def _paragraph(head: str, bill: Bill, *, inquiry: Inquiry, facts: Facts, say: Say) -> str:
    """The head with the lines of the sum, where these say more than it does."""
    is_plain = inquiry.budget is None and not bill.discount and not inquiry.discounted
    if len(bill.lines) == 1 and inquiry.budget is not None and not inquiry.discounted:
        return head
    if is_plain and len(bill.lines) == 1 and bill.lines[0].key == "route_range":
        month = monthly(bill.estimates[0].route or "direct", facts)
        return say("utter_cost_at_rate", head=head, monthly=amount(month)) if month else head
    lines = [
        _line(line, item, facts=facts, say=say, several=len(bill.estimates) > 1)
        for item in bill.estimates
        for line in item.lines
    ]
    lines += [_line(line, None, facts=facts, say=say, several=False) for line in bill.extras]
    if bill.discount:
        lines.append(say("utter_cost_line_discount", amount=usd(bill.discount)))
    elif inquiry.discounted:
        lines.append(say("utter_cost_no_discount"))
    return "\n".join([head, *(f"- {line}" for line in lines)])


def _line(line: PriceLine, estimate: Estimate | None, *, facts: Facts, say: Say, several: bool) -> str:
    if line.key == "program_fee" and estimate and estimate.program:
        label = say("utter_cost_line_program_fee", printed=FACT["fee"].words(estimate.program, say))
    elif line.key == "listed_fee" and estimate and estimate.program:
        label = say("utter_cost_line_listed_fee", year=year_words(estimate.program, say))
    elif line.key == "route_range" and estimate and several:
        month = monthly(estimate.route or "direct", facts)
        rate = amount(month) if month else ""
        key = "utter_cost_line_leg_example" if estimate.route == pricing.TELEHEALTH else "utter_cost_line_leg"
        return say(key, where=_where(estimate, say), monthly=rate, amount=amount(line.amount))
    elif line.key == "route_range" and estimate:
        month = monthly(estimate.route or "direct", facts)
        key = "utter_cost_line_usual_range" if estimate.program else "utter_cost_line_route_range"
        label = say(key, monthly=amount(month) if month else "")
    elif line.key == "vslo_fee" and line.fact and line.fact.range:
        times = round(line.amount.low / line.fact.range[0])
        label = say(LINES[line.key], count=times, fee=usd(line.fact.range[0]))
    else:
        label = say(LINES[line.key])
    if several and estimate:
        label = say("utter_cost_line_of_stay", label=label, where=_where(estimate, say))
    return say("utter_cost_line", label=label, amount=amount(line.amount))


def _rest(bill: Bill, *, inquiry: Inquiry, today: date, say: Say) -> list[str]:
    """The notes."""
    notes = [note for item in bill.estimates for note in _notes(item, today=today, say=say)]
    notes += [say("utter_cost_note_discount")] if bill.discount else []
    has_fee = any(line.key == "application_fee" for line in bill.lines)
    notes += [say("utter_cost_note_no_application")] if "application" in inquiry.counted and not has_fee else []
    return [" ".join(dict.fromkeys(notes))]


_OFFERS = {
    "visa_fee": "utter_cost_offer_visa_fee",
    "esta_fee": "utter_cost_offer_esta_fee",
    "visa_integrity_fee": "utter_cost_offer_visa_integrity_fee",
    "background_check": "utter_cost_offer_background_check",
}


def _joined(blocks: Sequence[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _notes(estimate: Estimate, *, today: date, say: Say) -> list[str]:
    program = estimate.program
    weeks = {
        "shorter_than_offered": program.duration_weeks_min if program else None,
        "rotation_length_known": rotation_weeks(program) if program else None,
        "longer_than_allowed": program.max_weeks_total if program else None,
    }
    found = [say(_NOTES[name], weeks=number(weeks.get(name) or 0)) for name in estimate.assumptions if name in _NOTES]
    return found + (_source_notes(program, today, say) if program and program.is_priced else [])


def length_words(program: Program, weeks: float, say: Say) -> str:
    """Whether a stay of so many weeks is what a program offers; that its page does not say so is said as well."""
    low = program.duration_weeks_min
    tops = [most for most in (program.duration_weeks_max, program.max_weeks_total) if most is not None]
    stay, offered = weeks_words(weeks, say), FACT["duration"].words(program, say)
    if low is None and not tops:
        return say("utter_cost_length_unknown", stay=stay)
    fits = (low is None or weeks >= low) and (not tops or weeks <= max(tops))
    return say("utter_cost_length_yes" if fits else "utter_cost_length_no", stay=stay, offered=offered)


def _source_notes(program: Program, today: date, say: Say) -> list[str]:
    age, found = price_age(program, today), []
    if age is None:
        found.append(say("utter_cost_note_undated"))
    elif age >= OLD_YEARS:
        found.append(say("utter_cost_note_old", date=price_year(program)))
    if program.confidence == "low":
        found.append(say("utter_cost_note_low_confidence"))
    return found


def details(bill: Bill, say: Say) -> str:
    """What may come on top and what the pages of the programs add, for who wants to read on."""
    lines = sorted(bill.offers, key=lambda line: list(_OFFERS).index(line.key))
    names = [say("utter_cost_offer", label=say(_OFFERS[line.key]), amount=amount(line.amount)) for line in lines]
    offers = [say("utter_cost_optional_intro", offers="; ".join(names))] if names else []
    notes = [item.program.notes for item in bill.estimates if item.program and item.program.notes]
    return "\n\n".join([*offers, *(say("utter_cost_note_program", notes=note) for note in notes)])


def usual_words(price: float, route: str, *, facts: Facts, say: Say) -> str:
    """Whether the price of a month is usual for a way, for companies where none is named; the verdict first."""
    route = route or "third_party"
    month = monthly(route, facts)
    if month is None:
        return say("utter_no_figure")
    middle = (month.low + month.high) / 2
    key = (
        "utter_cost_usual_above"
        if price > month.high
        else "utter_cost_usual_below"
        if price < month.low
        else "utter_cost_usual_upper"
        if price > middle
        else "utter_cost_usual_yes"
    )
    return say(key, price=usd(round(price)), route=say(ROUTES[route]), monthly=amount(month))


def product_words(count: int, price: float, *, discounted: bool, facts: Facts, say: Say) -> str:
    """What so many stays at a told price come to, and where a code is named what it takes off once."""
    code = facts.get(bills.DISCOUNT) if discounted else None
    words = say("utter_cost_product", count=count, price=usd(round(price)), total=usd(round(count * price)))
    if code is None or code.range is None:
        return words
    less = usd(round(count * price - code.range[0]))
    return f"{words} {say('utter_cost_product_discounted', amount=amount(Range(*code.range)), total=less)}"


def both_routes_words(weeks: float, *, facts: Facts, say: Say, visa_status: str = "") -> str:
    """The usual cost of a stay by either way of applying, and of the visa for who needs one."""
    lines = [say("utter_cost_title_both", weeks=weeks_words(weeks, say))]
    for route in ROUTE_FACTS:
        month = monthly(route, facts)
        if month:
            span = Range(month.low * weeks / 4, month.high * weeks / 4)
            words = say("utter_cost_line_both", route=say(ROUTES[route]), amount=amount(span), monthly=amount(month))
            lines.append(f"- {words}")
    observership = facts.get(OBSERVERSHIP)
    if observership:
        lines.append(f"- {say('utter_cost_line_observership', observership=observership.value)}")
    visa = facts.get(VISA_FEE)
    if visa and visa.range and visa_status == "needs":
        lines.append(f"- {say('utter_cost_line_both_visa', amount=amount(Range(*visa.range)))}")
    return "\n".join(lines)


def code_words(price: float, *, facts: Facts, say: Say) -> str:
    """What the code leaves of a told price."""
    code = facts.get(bills.DISCOUNT)
    if code is None or code.range is None:
        return say("utter_no_figure")
    left = usd(round(max(0, price - code.range[0])))
    return say("utter_cost_with_code", left=left, price=usd(round(price)), amount=usd(code.range[0]))


def counted_words(ways: Mapping[str, Bill], counted: Sequence[str], *, say: Say) -> str:
    """The sum by either way of applying with what else is to be counted: its total, and what the rotation is of it."""
    weeks = weeks_words(next(iter(ways.values())).weeks, say)
    named = dict.fromkeys("housing" if name == "living" else name for name in counted)
    things = " and ".join(say(THING_WORDS[name]) for name in named)
    lines = [say("utter_cost_title_counted", weeks=weeks, things=things)]
    for route, bill in ways.items():
        fee = sum((item.total for item in bill.estimates), Range(0, 0))
        lines.append(
            f"- {say('utter_cost_line_counted', route=say(ROUTES[route]), total=_total(bill), fee=amount(fee))}"
        )
    rest = [line for line in next(iter(ways.values())).extras if line.key in LINES]
    lines += [f"- {_line(line, None, facts={}, say=say, several=False)}" for line in rest]
    return "\n".join(lines)


def with_room_words(ways: Mapping[str, Bill], *, facts: Facts, say: Say) -> str:
    """What a room and the visa make of the sums on the screen, whose bills count both already; empty without figures.

    `ways` are by the way to apply; under an empty name is the one sum that there is.
    """
    rent = facts.get(RENT)
    if not (ways and rent and rent.range):
        return ""
    totals = [
        say("utter_cost_after_way", route=say(ROUTES[route]), total=_total(bill))
        if route
        else say("utter_cost_with_room_one", total=_total(bill))
        for route, bill in ways.items()
    ]
    visa = next((line for bill in ways.values() for line in bill.lines if line.key == "visa_fee"), None)
    month, key = amount(Range(*rent.range)), "utter_cost_with_room" if visa else "utter_cost_with_room_only"
    return say(key, rent=month, visa=amount(visa.amount) if visa else "", totals="; ".join(totals))


def foreign_range_words(bill: Bill, say: Say) -> str:
    """The sum in US dollars, for who counts in another money."""
    return say("utter_cost_foreign_range", what=what_words(bill, say), total=_total(bill))


def rate_words(bill: Bill, say: Say) -> str:
    """That a sum is for the whole stay, and what of it falls on a month and on a week."""
    weekly, monthly = (Range(bill.total.low * n / bill.weeks, bill.total.high * n / bill.weeks) for n in (1, 4))
    key = "utter_cost_rate_month" if bill.weeks == MONTH_WEEKS else "utter_cost_rate"
    shares = {"weekly": amount(weekly), "monthly": amount(monthly)}
    return say(key, what=what_words(bill, say), total=_total(bill), **shares)


def foreign_words(currency: str, sum_named: float | None, ranges: str, say: Say) -> str:
    """That nothing is converted, then the figures in US dollars."""
    key = "utter_cost_foreign_list" if "\n" in ranges else "utter_cost_foreign_money"
    name = say(_CURRENCIES.get(currency, "utter_cost_currency_other"), code=currency)
    money = say("utter_cost_currency_sum", amount=f"{sum_named:,.0f}", currency=name) if sum_named else name
    return say(key, currency=money, range=ranges)


_CURRENCIES = {
    "EUR": "utter_cost_currency_euro",
    "GBP": "utter_cost_currency_pound",
    "INR": "utter_cost_currency_rupee",
    "PKR": "utter_cost_currency_rupee",
    "NPR": "utter_cost_currency_rupee",
    "NGN": "utter_cost_currency_naira",
}


def affordable_words(inquiry: Inquiry, programs: Sequence[Program], lasting: Lasting, *, facts: Facts, say: Say) -> str:
    """How long a budget lasts: at the programs named, else by the usual ranges; the weeks first."""
    budget = inquiry.budget or 0
    lines = [_affordable_program(budget, program, say) for program in programs]
    if programs and all(program.is_priced for program in programs):
        return "\n\n".join(lines)
    counted = counted_in(inquiry, facts=facts, say=say)
    if len(lasting) == 1 and not counted:
        return "\n\n".join([*lines, _affordable_route(budget, *next(iter(lasting.items())), facts=facts, say=say)])
    head = say("utter_cost_affordable_counted" if counted else "utter_cost_affordable", budget=usd(budget))
    ways = (f"- {_affordable_line(route, weeks, facts=facts, say=say)}" for route, weeks in lasting.items())
    lines.append("\n".join([head, *ways]))
    observership = facts.get(OBSERVERSHIP)
    if counted:
        lines.append(counted)
    elif observership:
        lines.append(say("utter_cost_affordable_cheap", observership=observership.value))
    return "\n\n".join(lines)


def counted_in(inquiry: Inquiry, *, facts: Facts, say: Say) -> str:
    """What a budget pays for beside the rotation, each with its figure; empty where nothing is counted."""
    counted = {"housing" if name == "living" else name for name in inquiry.counted}
    counted |= {"code"} if inquiry.discounted else set()
    figures = {name: facts.get(fact) for name, fact in _COUNTED_FACTS.items() if name in counted}
    said = [
        say(_COUNTED_IN[name], figure=amount(Range(*fact.range)))
        for name, fact in figures.items()
        if fact and fact.range
    ]
    return say("utter_cost_affordable_with", things=", ".join(said)) if said else ""


_COUNTED_FACTS = {"housing": RENT, "visa": VISA_FEE, "code": bills.DISCOUNT}
_COUNTED_IN = {
    "housing": "utter_cost_affordable_housing",
    "visa": "utter_cost_affordable_visa",
    "code": "utter_cost_affordable_code",
}


def _affordable_program(budget: float, program: Program, say: Say) -> str:
    weeks = affordable_program_weeks(budget, program)
    if weeks is None:
        return say("utter_cost_affordable_program_unknown", program=program.title, budget=usd(budget))
    if weeks == 0:
        fee = FACT["fee"].words(program, say)
        return say("utter_cost_affordable_program_none", program=program.title, budget=usd(budget), fee=fee)
    return say("utter_cost_affordable_program", program=program.title, budget=usd(budget), weeks=weeks)


def _affordable_route(budget: float, route: str, weeks: tuple[int, int], *, facts: Facts, say: Say) -> str:
    """How long a budget lasts by one way, with the months and blocks of four weeks that these are."""
    month, (low, high) = monthly(route, facts), weeks
    price = amount(month) if month else ""
    if high < 1:
        return say("utter_cost_lasts_none", budget=usd(budget), route=say(ROUTES[route]), monthly=price)
    return say(
        "utter_cost_lasts_few" if high < 4 else "utter_cost_lasts",
        budget=usd(budget),
        weeks=weeks_words(high, say) if low == high else say("utter_cost_weeks", weeks=f"{low} to {high}"),
        blocks=number(low // 4) if low // 4 == high // 4 else f"{low // 4} to {high // 4}",
        route=say(ROUTES[route]),
        monthly=price,
    )


def _affordable_line(route: str, weeks: tuple[int, int], *, facts: Facts, say: Say) -> str:
    month, (low, high) = monthly(route, facts), weeks
    key = "utter_cost_affordable_line_none" if high < 1 else "utter_cost_affordable_line"
    key = "utter_cost_affordable_line_one" if low == high and high >= 1 else key
    return say(key, route=say(ROUTES[route]), low=low, high=high, monthly=amount(month) if month else "")


def things_words(things: Sequence[str], bill: Bill | None, *, visa_status: str, facts: Facts, say: Say) -> str:
    """Whether something is in the sum: yes or no first, and how the sum would change."""
    unknown = [name for name in things if name not in LINE_OF_THING and name != "insurance"]
    lines = [
        _thing_words(name, bill, visa_status=visa_status, facts=facts, say=say)
        for name in things
        if name not in unknown
    ]
    if unknown:
        in_sum = say("utter_cost_in_sum", total=_total(bill)) if bill else say("utter_cost_in_ranges")
        lines.append(
            say("utter_cost_in_no", thing=" and the ".join(say(THING_WORDS[name]) for name in unknown), sum=in_sum)
        )
    return "\n".join(lines)


def _thing_words(name: str, bill: Bill | None, *, visa_status: str, facts: Facts, say: Say) -> str:
    thing, total = say(THING_WORDS[name]), _total(bill) if bill else ""
    in_sum = say("utter_cost_in_sum", total=total) if bill else say("utter_cost_in_ranges")
    line = next((line for line in bill.lines if line.key == LINE_OF_THING.get(name)), None) if bill else None
    if line:
        return say("utter_cost_in_yes", thing=thing, sum=in_sum, amount=amount(line.amount))
    if name == "visa" and visa_status in ("has", *NEED_NO_VISA):
        return say("utter_cost_in_visa_not_needed", sum=in_sum)
    if more := _more(name, bill, facts=facts):
        whole = amount(bill.total + more.amount) if bill else ""
        key = "utter_cost_in_no_rent" if name in ("housing", "living") else "utter_cost_in_no_more"
        rent = facts.get(RENT)
        month = amount(Range(*rent.range)) if rent and rent.range else ""
        return say(key, thing=thing, sum=in_sum, more=amount(more.amount), whole=whole, monthly=month)
    lines = [say(_IN_NO.get(name, "utter_cost_in_no"), thing=thing, sum=in_sum)]
    health, malpractice, fee = facts.get(HEALTH_INSURANCE), facts.get(MALPRACTICE), facts.get(VSLO_FEE)
    if name == "insurance" and health and malpractice and health.range and malpractice.range:
        cover = {"health": usd(health.range[0]), "malpractice": usd(malpractice.range[0])}
        lines.append(say("utter_cost_insurance", **cover))
    if name == "vslo" and fee and fee.range:
        lines.append(say("utter_cost_in_vslo", fee=usd(fee.range[0])))
    return " ".join(lines)


_IN_NO = {"application": "utter_cost_in_no_application", "vslo": "utter_cost_in_no_vslo"}


def _more(name: str, bill: Bill | None, *, facts: Facts) -> PriceLine | None:
    """What a thing would add, where a figure is known."""
    if bill is None:
        return None
    if name in ("housing", "living"):
        return rent_of(bill.weeks, facts)
    return next((line for line in bill.offers if line.key == LINE_OF_THING.get(name)), None)


def fees_words(count: int, fee: float | None, things: Sequence[str], *, facts: Facts, say: Say) -> str:
    """Fees times electives: VSLO's, and the application fee where one was told."""
    lines, vslo = [], facts.get(VSLO_FEE)
    each = vslo.range[0] if vslo and vslo.range else 0
    if "application" in things and fee:
        lines.append(say("utter_cost_fees_application", count=count, fee=usd(fee), total=usd(fee * count)))
    if "vslo" in things or not lines:
        key = "utter_cost_fees_vslo_one" if count == 1 else "utter_cost_fees_vslo"
        lines.append(say(key, count=count, fee=usd(each), total=usd(each * count)))
    if "application" in things and not fee:
        lines.append(say("utter_cost_fees_unknown"))
    return " ".join(lines)


def not_included_words(things: Sequence[str], *, counted: Sequence[str] = (), facts: Facts, say: Say) -> str:
    """What no total here contains; what was asked about by name comes first."""
    if not things:
        inside = {*counted, *(("housing",) if "living" in counted else ())}
        left = [say(THING_WORDS[name]) for name in _NEVER if name not in inside]
        return say("utter_cost_not_included", things=", ".join(left))
    named = ", ".join(say(THING_WORDS[name]) for name in things)
    lines = [say("utter_cost_not_included_asked", things=named[0].upper() + named[1:])]
    health, malpractice = facts.get(HEALTH_INSURANCE), facts.get(MALPRACTICE)
    if "insurance" in things and health and malpractice and health.range and malpractice.range:
        cover = {"health": usd(health.range[0]), "malpractice": usd(malpractice.range[0])}
        lines.append(say("utter_cost_insurance", **cover))
    return " ".join(lines)


def advised_weeks() -> str:
    """The usual advice, as words: "8 to 12"."""
    return f"{ADVISED_WEEKS[0]} to {ADVISED_WEEKS[1]}"
