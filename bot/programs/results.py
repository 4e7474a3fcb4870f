"""Search results as a reply: what was looked for, what was found, what was given up, and the cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.programs.cards import FACT, TYPES, Say, card, reasons
from bot.programs.pricing import price_for_four_weeks
from bot.programs.program import Program, number, usd
from bot.programs.query import Query
from bot.programs.search import PAGE_SIZE, Results
from bot.reply.parts import Part, Programs, Text

MOST_STATES = 5
"""States named in a sentence; the rest is counted."""
States = Mapping[str, str]
"""State names by their codes."""
_WISHES = (
    ("no_step1", "utter_wish_no_step1"),
    ("no_step2ck", "utter_wish_no_step2ck"),
    ("no_english_test", "utter_wish_no_english"),
    ("letter", "utter_wish_letter"),
    ("free", "utter_wish_free"),
    ("unrestricted", "utter_wish_unrestricted"),
)
_AUDIENCES = {"students": "utter_wish_audience_students", "graduates": "utter_wish_audience_graduates"}
_ROUTES = {
    ("direct",): "utter_wish_route_direct",
    ("vslo",): "utter_wish_route_vslo",
    ("third_party",): "utter_wish_route_third_party",
    ("direct", "third_party"): "utter_wish_no_vslo",
    ("direct", "vslo"): "utter_wish_no_third_party",
}
_GIVEN_UP = {
    "cities": "utter_relaxed_cities",
    "states": "utter_relaxed_states",
    "region": "utter_relaxed_region",
    "price": "utter_relaxed_price",
    "weeks": "utter_relaxed_weeks",
    "start_month": "utter_relaxed_start",
    "visa": "utter_relaxed_visa",
    "routes": "utter_relaxed_routes",
    "exams": "utter_relaxed_exams",
    "letter": "utter_relaxed_letter",
    "hands_on": "utter_relaxed_hands_on",
    "broader_specialty": "utter_relaxed_specialty",
    "specialties": "utter_relaxed_specialty",
    "rotation_types": "utter_relaxed_rotation_type",
}


def wishes(query: Query, *, states: States, say: Say) -> str:
    """A query in words: "internal medicine, observership, in Texas, for graduates"."""
    found = [*query.specialties, *(say(TYPES[name]) for name in query.rotation_types if len(query.rotation_types) < 4)]
    found += _yes_or_no(query, say)
    found += _places(query, states, say)
    if query.audience:
        found.append(say(_AUDIENCES[query.audience]))
    if query.budget_usd is not None:
        key = "utter_wish_budget_total" if query.budget_is_total else "utter_wish_budget"
        found.append(say(key, amount=usd(query.budget_usd)))
    found += [say(key) for name, key in _WISHES if getattr(query, name)]
    if query.routes in _ROUTES:
        found.append(say(_ROUTES[query.routes]))
    if query.weeks:
        found.append(say("utter_wish_week" if query.weeks == 1 else "utter_wish_weeks", weeks=number(query.weeks)))
    if query.start_month:
        found.append(say("utter_wish_start", month=month_name(query.start_month)))
    if query.visa:
        found.append(say("utter_wish_visa", visa=query.visa))
    return ", ".join(found) or say("utter_wish_programs")


def _yes_or_no(query: Query, say: Say) -> list[str]:
    if query.hands_on is None:
        return []
    return [say("utter_wish_hands_on" if query.hands_on else "utter_wish_no_hands_on")]


def _places(query: Query, states: States, say: Say) -> list[str]:
    found = []
    names = [*query.cities, *(query.regions or [states.get(code, code) for code in query.states])]
    if len(names) > MOST_STATES + 1:
        return [say("utter_wish_many_states", place=names[0], more=len(names) - 1)]
    if names:
        found.append(say("utter_wish_states", places=" or ".join(names)))
    if query.excluded_states:
        outside = " or ".join(states.get(code, code) for code in query.excluded_states)
        found.append(say("utter_wish_not_states", places=outside))
    return found


def places(query: Query, states: States) -> str:
    """The places of a query in words: "New York or Boston"."""
    return " or ".join([*query.cities, *(query.regions or [states.get(code, code) for code in query.states])])


def month_name(month: str) -> str:
    """ "2027-09" as "September 2027"."""
    return f"{date(int(month[:4]), int(month[5:7]), 1):%B %Y}"


def lead(results: Results, asked_for: Query, *, states: States, say: Say, asks_price: bool = True) -> str:
    """The sentences above the cards: how many fit, what was given up, what is not known.

    The cheapest one is named where that is asked now; a list stays in the order of prices when a wish changes.
    """
    lines = []
    if results.query.sort == "price" and results.total and asks_price:  # What was asked for stands first.
        lines += _cheapest(results, say)
        key = "utter_search_sorted" if results.priced else "utter_search_no_prices"
        lines.append(say(key, priced=results.priced, total=results.total))
    if results.relaxed:
        lines.append(_relaxed(results, asked_for, states=states, say=say))
    if results.query.page and results.hits:
        lines.append(_page(results, states=states, say=say))
    elif results.total:
        lines.append(_count(results, wishes(results.query, states=states, say=say), say))
    return "\n\n".join(lines)


def _cheapest(results: Results, say: Say) -> list[str]:
    """Which of the programs on this page prints the lowest price for four weeks."""
    found = cheapest(hit.program for hit in results.hits)
    return [say("utter_search_cheapest", name=found.title, fee=FACT["fee"].words(found, say))] if found else []


def cheapest(programs: Iterable[Program]) -> Program | None:
    """The program that prints the lowest price for four weeks; None where none prints one."""
    prices = [(price.low, item) for item in programs if (price := price_for_four_weeks(item))]
    return min(prices, key=lambda pair: pair[0])[1] if prices else None


def _count(results: Results, words: str, say: Say) -> str:
    opened = results.total - results.full
    if results.full == 0:
        return say("utter_search_open_only", open=opened, wishes=words)
    if results.full == 1:
        key = "utter_search_found_one_and_open" if opened else "utter_search_found_one"
        return say(key, open=opened, wishes=words)
    key = "utter_search_found_and_open" if opened else "utter_search_found"
    return say(key, full=results.full, open=opened, wishes=words)


def _page(results: Results, *, states: States, say: Say) -> str:
    first = results.query.page * PAGE_SIZE + 1
    last = first + len(results.hits) - 1
    words = wishes(results.query, states=states, say=say)
    return say("utter_search_page", first=first, last=last, total=results.total, wishes=words)


def _relaxed(results: Results, asked_for: Query, *, states: States, say: Say) -> str:
    words, given_up = wishes(asked_for, states=states, say=say), results.relaxed
    if given_up == ("region",):
        around = [states.get(code, code) for code in results.query.states if code not in asked_for.states]
        names = ", ".join(around[:MOST_STATES])
        if len(around) > MOST_STATES:
            names = say("utter_search_and_more_states", names=names, more=len(around) - MOST_STATES)
        return say("utter_search_relaxed_region", wishes=words, places=names)
    if given_up == ("broader_specialty",):
        return say("utter_search_relaxed_broader", wishes=words, specialty=", ".join(results.query.specialties))
    names = ", ".join(say(_GIVEN_UP[name]) for name in given_up)
    key = "utter_search_relaxed" if len(given_up) == 1 else "utter_search_relaxed_several"
    return say(key, wishes=words, given_up=names)


def parts(
    results: Results, asked_for: Query, *, today: date, states: States, say: Say, asks_price: bool = True
) -> tuple[Part, ...]:
    """The reply's parts: a text and the cards."""
    cards = tuple(
        card(hit.program, today=today, say=say, why=reasons(hit, results.query, say=say)) for hit in results.hits
    )
    return (
        Text(lead(results, asked_for, states=states, say=say, asks_price=asks_price)),
        Programs(cards, results.total),
    )
