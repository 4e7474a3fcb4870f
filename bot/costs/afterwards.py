"""What people ask about a sum that stands on the screen, and the answers: its largest part, what is left, how to pay
less, what somebody else pays, how many are coming, whether another place costs less, by which way it is.

A question about the sum never brings the sum again: it is answered in a line or two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.costs.bill import RENT, Bill
from bot.costs.estimate import (
    LARGEST,
    LEAST,
    LEFT,
    LEFT_OUT,
    LOWER,
    OTHER_PLACE,
    OTHERS_PAY,
    PEOPLE,
    UNCHANGED,
    WHICH_WAY,
    CostFacts,
    Inquiry,
)
from bot.costs.wording import (
    LINE_OF_THING,
    LINES,
    OBSERVERSHIP,
    ROUTES,
    THING_WORDS,
    amount,
    monthly,
    weeks_words,
    what_words,
)
from bot.programs.cards import Say
from bot.programs.pricing import Facts, Range
from bot.programs.program import usd

THIRD_PARTY = "third_party"
Ways = Mapping[str, Bill]
"""The sum on the screen by the way to apply; under an empty name the one sum that there is."""


def words_after(heard: CostFacts, ways: Ways, *, facts: Facts, say: Say) -> str:
    """The answer to a question about the sum."""
    answer = {
        LARGEST: lambda: _largest(ways, facts, say),
        LEFT: lambda: _left(heard.inquiry, ways, say),
        LOWER: lambda: _lower(ways, facts, say),
        LEAST: lambda: _least(ways, facts, say),
        OTHERS_PAY: lambda: _others_pay("utter_cost_others_pay", heard.things, ways, say=say),
        LEFT_OUT: lambda: _others_pay("utter_cost_left_out", heard.things, ways, say=say),
        PEOPLE: lambda: _for_people(heard.count, ways, say),
        OTHER_PLACE: lambda: _other_place(facts, say),
        WHICH_WAY: lambda: _which_way(ways, say),
        UNCHANGED: lambda: say("utter_cost_unchanged", sums=_sums(ways, say)),
    }
    return answer[heard.wants]()


def without(inquiry: Inquiry, things: Sequence[str]) -> Inquiry:
    """The inquiry without costs that somebody else pays, where they were counted."""
    taken = {*things, *(("living",) if "housing" in things else ())}
    return replace(inquiry, counted=tuple(name for name in inquiry.counted if name not in taken))


def _sums(ways: Ways, say: Say) -> str:
    return "; ".join(
        say("utter_cost_after_way", route=say(ROUTES[route]), total=amount(bill.total))
        if route
        else say("utter_cost_after_one", what=what_words(bill, say), total=amount(bill.total))
        for route, bill in ways.items()
    )


def _largest(ways: Ways, facts: Facts, say: Say) -> str:
    """The fee of the rotation, as a rule; what is not in the sum may be as large."""
    bill = next(iter(ways.values()))
    line = max(bill.lines, key=lambda each: each.amount.high)
    label = say(LINES[line.key]) if line.key in LINES else say("utter_cost_after_fee")
    rent = facts.get(RENT)
    value = _sums(ways, say) if "" not in ways else amount(line.amount)
    month = amount(Range(*rent.range)) if rent and rent.range else ""
    return say("utter_cost_largest", label=label, value=value, rent=month)


def _left(inquiry: Inquiry, ways: Ways, say: Say) -> str:
    if not inquiry.budget:
        return say("utter_cost_left_no_budget")
    lines = [_left_of(inquiry.budget, bill.total, ROUTES.get(route, ""), say) for route, bill in ways.items()]
    return say("utter_cost_left", budget=usd(round(inquiry.budget)), lines="\n".join(f"- {line}" for line in lines))


def _left_of(budget: float, total: Range, route: str, say: Say) -> str:
    where = say(route) if route else say("utter_cost_after_there")
    if budget < total.low:
        return say("utter_cost_left_nothing", route=where, missing=usd(round(total.low - budget)))
    left = Range(max(0, budget - total.high), budget - total.low)
    return say("utter_cost_left_line", route=where, left=amount(left))


def _lower(ways: Ways, facts: Facts, say: Say) -> str:
    """The cheaper way, a shorter stay and what is free: by figures of the facts, never by a promise."""
    direct, third = monthly("direct", facts), monthly("third_party", facts)
    observership = facts.get(OBSERVERSHIP)
    if not (direct and third and observership):
        return say("utter_no_figure")
    is_third = all(item.route == THIRD_PARTY for bill in ways.values() for item in bill.estimates)
    key = "utter_cost_lower_third" if is_third else "utter_cost_lower"
    return say(key, direct=amount(direct), third_party=amount(third), observership=observership.value)


def _least(ways: Ways, facts: Facts, say: Say) -> str:
    """The lower end of the cheapest way, and what is cheaper than any of them."""
    route, bill = min(ways.items(), key=lambda item: item[1].total.low)
    where = say(ROUTES[route]) if route else what_words(bill, say)
    observership = facts.get(OBSERVERSHIP)
    least = {"least": usd(round(bill.total.low)), "where": where, "weeks": weeks_words(bill.weeks, say)}
    key = "utter_cost_least_way" if route else "utter_cost_least"
    return say(key, **least, observership=observership.value if observership else "")


def _others_pay(key: str, things: Sequence[str], ways: Ways, *, say: Say) -> str:
    """What somebody else pays, or is not meant, is in none of the sums (said with `key`), or comes off them."""
    named = next((name for name in things if name in THING_WORDS), "")
    thing = say(THING_WORDS[named]) if named else say("utter_cost_after_that_part")
    lines = [line for bill in ways.values() for line in bill.lines if named and line.key == LINE_OF_THING.get(named)]
    if lines:
        return say("utter_cost_others_pay_inside", thing=thing, amount=amount(lines[0].amount), sums=_sums(ways, say))
    return say(key, thing=thing, sums=_sums(ways, say))


def _for_people(count: int, ways: Ways, say: Say) -> str:
    lines = []
    for route, bill in ways.items():
        where = say(ROUTES[route]) if route else what_words(bill, say)
        whole = amount(Range(bill.total.low * count, bill.total.high * count))
        lines.append(say("utter_cost_people_line", where=where, total=whole, each=amount(bill.total)))
    weeks = weeks_words(next(iter(ways.values())).weeks, say)
    head = say("utter_cost_people", count=count, weeks=weeks)
    return "\n".join([head, *(f"- {line}" for line in lines), "", say("utter_cost_people_shared")])


def _which_way(ways: Ways, say: Say) -> str:
    """By which way the sum is counted, or that both are in it."""
    routes = {item.route for bill in ways.values() for item in bill.estimates if item.route in ROUTES}
    if len(routes) != 1:
        return say("utter_cost_which_way_both", sums=_sums(ways, say))
    return say("utter_cost_which_way_one", way=say(ROUTES[routes.pop()]))


def _other_place(facts: Facts, say: Say) -> str:
    rent = facts.get(RENT)
    return say("utter_cost_other_place", rent=amount(Range(*rent.range)) if rent and rent.range else "")
