"""The wishes of a search in words, one by one: the sentence above a list and the chips on its cards say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.programs.cards import TYPES, Say
from bot.programs.program import Program, number, usd
from bot.programs.query import Query

MOST_STATES = 5
"""States named in a sentence; the rest is counted."""
ALL_TYPES = 4
"""So many types of rotation are no wish that is worth a word."""
States = Mapping[str, str]
"""State names by their codes."""
_AUDIENCES = {"students": "utter_wish_audience_students", "graduates": "utter_wish_audience_graduates"}
_ROUTES = {
    ("direct",): "utter_wish_route_direct",
    ("vslo",): "utter_wish_route_vslo",
    ("third_party",): "utter_wish_route_third_party",
    ("direct", "third_party"): "utter_wish_no_vslo",
    ("direct", "vslo"): "utter_wish_no_third_party",
}


def wishes(query: Query, *, states: States, say: Say) -> str:
    """A query in words: "internal medicine, observership, in Texas, for graduates"."""
    found = [words for name in _WORDS for words in wish(name, query, states=states, say=say)]
    return ", ".join(found) or say("utter_wish_programs")


def wish(facet: str, query: Query, *, states: States, say: Say) -> tuple[str, ...]:
    """What a query wishes in one facet, in words; nothing where it wishes nothing there."""
    return tuple(_WORDS[facet](query, states, say)) if facet in _WORDS else ()


def granted(facet: str, query: Query, program: Program, *, states: States, say: Say) -> tuple[str, ...]:
    """A wish that a program fits, as far as it has it: of several states its own, of several types those it has."""
    kinds = tuple(kind for kind in query.rotation_types if kind in program.rotation_types)
    fields = tuple(name for name in query.specialties if name in program.specialties)
    is_city = program.city.lower() in {name.lower() for name in query.cities}
    narrowed = replace(
        query,
        rotation_types=kinds[: ALL_TYPES - 1],
        specialties=fields or query.specialties,
        regions=(),
        cities=(program.city,) if is_city else (),
        states=() if is_city else (program.state,),
    )
    return wish("states" if facet == "cities" else facet, narrowed, states=states, say=say)


def _specialties(query: Query, _: States, __: Say) -> list[str]:
    return list(query.specialties)


def _types(query: Query, _: States, say: Say) -> list[str]:
    return [say(TYPES[name]) for name in query.rotation_types] if len(query.rotation_types) < ALL_TYPES else []


def _hands_on(query: Query, _: States, say: Say) -> list[str]:
    if query.hands_on is None:
        return []
    return [say("utter_wish_hands_on" if query.hands_on else "utter_wish_no_hands_on")]


def _states(query: Query, states: States, say: Say) -> list[str]:
    names = _names(query, states)
    if len(names) > MOST_STATES + 1:
        return [say("utter_wish_many_states", place=names[0], more=len(names) - 1)]
    return [say("utter_wish_states", places=" or ".join(names))] if names else []


def _excluded(query: Query, states: States, say: Say) -> list[str]:
    if not query.excluded_places or len(_names(query, states)) > MOST_STATES + 1:
        return []
    return [say("utter_wish_not_places", places=" or ".join(states.get(code, code) for code in query.excluded_places))]


def _houses(query: Query, _: States, say: Say) -> list[str]:
    names = " or ".join(dict.fromkeys(name.partition(",")[0] for name in query.excluded_houses))
    return [say("utter_wish_not_houses", names=names)] if names else []


def _audience(query: Query, _: States, say: Say) -> list[str]:
    return [say(_AUDIENCES[query.audience])] if query.audience else []


def _price(query: Query, _: States, say: Say) -> list[str]:
    key = "utter_wish_budget_total" if query.budget_is_total else "utter_wish_budget"
    budget = [] if query.budget_usd is None else [say(key, amount=usd(query.budget_usd))]
    return [*budget, say("utter_wish_free")] if query.free else budget


def _flag(name: str, key: str) -> Callable[[Query, States, Say], list[str]]:
    return lambda query, _, say: [say(key)] if getattr(query, name) else []


def _routes(query: Query, _: States, say: Say) -> list[str]:
    return [say(_ROUTES[query.routes])] if query.routes in _ROUTES else []


def _weeks(query: Query, _: States, say: Say) -> list[str]:
    if not query.weeks:
        return []
    return [say("utter_wish_week" if query.weeks == 1 else "utter_wish_weeks", weeks=number(query.weeks))]


def _start(query: Query, _: States, say: Say) -> list[str]:
    return [say("utter_wish_start", month=month_name(query.start_month))] if query.start_month else []


def _visa(query: Query, _: States, say: Say) -> list[str]:
    return [say("utter_wish_visa", visa=query.visa)] if query.visa else []


_WORDS: Mapping[str, Callable[[Query, States, Say], list[str]]] = {
    "specialties": _specialties,
    "rotation_types": _types,
    "hands_on": _hands_on,
    "states": _states,
    "excluded_places": _excluded,
    "excluded_houses": _houses,
    "audience": _audience,
    "price": _price,
    "no_step1": _flag("no_step1", "utter_wish_no_step1"),
    "no_step2ck": _flag("no_step2ck", "utter_wish_no_step2ck"),
    "no_english_test": _flag("no_english_test", "utter_wish_no_english"),
    "letter": _flag("letter", "utter_wish_letter"),
    "housing": _flag("housing", "utter_wish_housing"),
    "stipend": _flag("stipend", "utter_wish_stipend"),
    "unrestricted": _flag("unrestricted", "utter_wish_unrestricted"),
    "routes": _routes,
    "weeks": _weeks,
    "start_month": _start,
    "visa": _visa,
}
"""The words of each facet (see `facets.FACETS`) that a query can wish, in the order of the sentence."""


def places(query: Query, states: States) -> str:
    """The places of a query in words: "New York or Boston"."""
    return " or ".join(_names(query, states))


def _names(query: Query, states: States) -> list[str]:
    return [*query.cities, *(query.regions or [states.get(code, code) for code in query.states])]


def month_name(month: str) -> str:
    """ "2027-09" as "September 2027"."""
    return f"{date(int(month[:4]), int(month[5:7]), 1):%B %Y}"
