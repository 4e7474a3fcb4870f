"""One judgment per facet of a search: does a program fit, not fit, or does its page not say?

Each facet reads a few values of a program. Programs with equal values are judged once, which is what makes a search
over a hundred thousand programs a matter of milliseconds. Unknown is an answer of its own and never counts as no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from bot.dialogue.profile import Profile
from bot.programs.eligibility import UNSURE, bars, terms
from bot.programs.pricing import price_of_weeks, rotation_weeks
from bot.programs.program import SHADOWING, Program
from bot.programs.query import Query
from bot.programs.specialties import Specialties


class Fit(Enum):
    """How a program stands to one wish."""

    YES = "yes"
    UNKNOWN = "unknown"
    NO = "no"


Values = Any
"""The values that a facet reads: a hashable tuple, in the order that its judgment unpacks."""


@dataclass(frozen=True)
class Surroundings:
    """What a judgment needs besides the query. `homes` are the states that have programs in a city of that name.

    `person` is who would go there, as far as they told; `houses` all institutions of those that are left out.
    """

    specialties: Specialties
    today: date
    homes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    person: Profile | None = None
    houses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facet:
    """A wish by name (a field of `Query`), the values that decide on it, and the judgment."""

    name: str
    is_wished: Callable[[Query], bool]
    values: Callable[[Program], Hashable]
    judge: Callable[[Query, Values, Surroundings], Fit]


def _yes_no(verdict: bool | None) -> Fit:
    return {True: Fit.YES, None: Fit.UNKNOWN, False: Fit.NO}[verdict]


def _audience(query: Query, audience: Values, _: Surroundings) -> Fit:
    return _yes_no(query.audience in audience if audience else None)


def _state(query: Query, place: Values, around: Surroundings) -> Fit:
    """A city wished for beside states in which it does not lie ("New York or Boston") is one more place."""
    state, city = place
    if state in query.states:
        return Fit.YES
    is_beside = _is_wished_city(query, city) and not around.homes.get(city.lower(), frozenset()) & set(query.states)
    return _yes_no(is_beside if state else None)


def _excluded(query: Query, place: Values, _: Surroundings) -> Fit:
    """States by code, cities by name."""
    known = {name.lower() for name in place if name}
    return _yes_no(known.isdisjoint(name.lower() for name in query.excluded_places) if known else None)


def _excluded_house(_: Query, institution: Values, around: Surroundings) -> Fit:
    return _yes_no(institution not in around.houses)


def _city(query: Query, place: Values, around: Surroundings) -> Fit:
    """A city narrows the state in which it lies ("Rochester, Minnesota"); states without such a city stay whole.

    A city without any program may lie in each of them.
    """
    state, city = place
    if _is_wished_city(query, city):
        return Fit.YES
    narrowed = set[str]().union(*(around.homes.get(name.lower(), query.states) for name in query.cities))
    if state in query.states and state not in narrowed:
        return Fit.YES
    return Fit.NO if city else Fit.UNKNOWN


def _is_wished_city(query: Query, city: str) -> bool:
    return city.lower() in {name.lower() for name in query.cities}


def _rotation_types(query: Query, types: Values, _: Surroundings) -> Fit:
    return _yes_no(not set(query.rotation_types).isdisjoint(types) if types else None)


def _hands_on(query: Query, values: Values, _: Surroundings) -> Fit:
    """Observerships and telehealth are without patient care by definition; "mixed" offers both."""
    hands_on, types = values
    if not hands_on:
        shadows = SHADOWING.issuperset(types)
        return _yes_no(not query.hands_on if shadows else None)
    return _yes_no(hands_on == "mixed" or (hands_on == "yes") is query.hands_on)


def _specialties(query: Query, offered: Values, around: Surroundings) -> Fit:
    verdict, _ = around.specialties.judge(query.specialties, offered)
    return _yes_no(verdict)


def _price(query: Query, values: Values, _: Surroundings) -> Fit:
    """The lower end of the price counts, for four weeks or, with a total budget, for the weeks wished for.

    Where some pay nothing and others do, a page does not say whether it is free for the person.
    """
    weeks = (query.weeks or 4) if query.budget_is_total else 4
    price = price_of_weeks(weeks, low=values[0], high=values[1], period=values[2], rotation_weeks=values[3])
    if price is None:
        return Fit.UNKNOWN
    if query.free:
        return _yes_no(None if price.low == 0 < price.high else price.high == 0)
    return _yes_no(price.low <= (query.budget_usd or 0))


def _exam(query: Query, level: Values, _: Surroundings) -> Fit:
    return _yes_no(level != "required" if level else None)


def _letter(_: Query, lor: Values, __: Surroundings) -> Fit:
    """A letter that is given case by case is promised to nobody."""
    return {"yes": Fit.YES, "no": Fit.NO}.get(lor, Fit.UNKNOWN)


def _provided(_: Query, said: Values, __: Surroundings) -> Fit:
    """What a page says of housing or of a stipend: "none", or in a few words what is given."""
    return _yes_no(said != "none" if said else None)


def _routes(query: Query, values: Values, _: Surroundings) -> Fit:
    route, vslo = values
    offered = {route} | ({"vslo"} if vslo == "yes" else set())
    if route:
        return _yes_no(not offered.isdisjoint(query.routes))
    if vslo == "yes":
        return _yes_no("vslo" in query.routes)
    return Fit.NO if vslo == "no" and query.routes == ("vslo",) else Fit.UNKNOWN


def _unrestricted(_: Query, accepts: Values, __: Surroundings) -> Fit:
    """The reason of a restriction stands in the notes only, so a restricted program is not ruled out."""
    return _yes_no(True if accepts == "yes" else None)


def _weeks(query: Query, values: Values, _: Surroundings) -> Fit:
    """A stay within one rotation fits; a longer one fits when the page allows as many weeks in all."""
    shortest, longest, most = values
    wished = query.weeks or 0
    if (shortest and wished < shortest) or (most and wished > most):
        return Fit.NO
    if (longest and wished <= longest) or (most and (shortest or longest)):
        return Fit.YES
    return Fit.UNKNOWN


def months_until(start_month: str, today: date) -> float:
    """Months from today to the first of a month ("YYYY-MM")."""
    start = date(int(start_month[:4]), int(start_month[5:7]), 1)
    return (start - today).days / 30.44


def _open(query: Query, lead: Values, around: Surroundings) -> Fit:
    return _yes_no(months_until(query.start_month, around.today) >= lead if lead is not None else None)


_VISA_WORDS = {
    "B-1/B-2": r"\bB-?\s?[12]\b|visitor|tourist",
    "J-1": r"\bJ-?1\b",
    "H-1B": r"\bH-?1B\b",
    "F-1": r"\bF-?1\b",
    "ESTA": r"\bESTA\b|waiver",
}
_ANY_VISA = re.compile("|".join(_VISA_WORDS.values()), re.IGNORECASE)


_ONLY_VISAS = re.compile(
    r"(?:[A-Z]-?\d[AB]?|B|ESTA|WB|visas?|waiver|business|tourist|visitor|or|and|[\s,;/()])+", re.IGNORECASE
)


def lists_visas(page: str) -> bool:
    """Whether a page only names visas on which one may come, with no word on who gets them."""
    return bool(_ONLY_VISAS.fullmatch(page))


def names_visa(page: str, visa: str) -> bool | None:
    """Whether a page that tells of visas names this one; None where it names none at all."""
    if re.search(_VISA_WORDS.get(visa) or re.escape(visa), page, re.IGNORECASE):
        return True
    return False if _ANY_VISA.search(page) else None


def _visa(query: Query, page: Values, _: Surroundings) -> Fit:
    return _yes_no(names_visa(page, query.visa))


def _acceptance(_: Query, accepts: Values, __: Surroundings) -> Fit:
    """Always asked: programs that are closed to international applicants are no options.

    Whom a restricted one takes stands in its note alone, so it may fit and is never called a fit.
    """
    return {"yes": Fit.YES, "no": Fit.NO}.get(accepts, Fit.UNKNOWN)


def _eligible(_: Query, asked: Values, around: Surroundings) -> Fit:
    """Always asked: what plainly turns the person away is no option for them."""
    against = bars(asked, around.person, around.today) if around.person else ()
    return Fit.NO if set(against) - UNSURE else Fit.YES


def _price_values(program: Program) -> Hashable:
    """How long a rotation is counts for a price per rotation only; fewer groups are judged sooner."""
    length = rotation_weeks(program) if program.fee_period == "per_rotation" else None
    return program.fee_usd_min, program.fee_usd_max, program.fee_period, length


def _place(program: Program) -> Hashable:
    return program.state, program.city


FACETS = (
    Facet("accepts_international", lambda q: True, lambda p: p.accepts_international, _acceptance),
    Facet("eligible", lambda q: True, terms, _eligible),
    Facet("audience", lambda q: bool(q.audience), lambda p: p.audience, _audience),
    Facet("specialties", lambda q: bool(q.specialties), lambda p: p.specialties, _specialties),
    Facet("rotation_types", lambda q: bool(q.rotation_types), lambda p: p.rotation_types, _rotation_types),
    Facet("hands_on", lambda q: q.hands_on is not None, lambda p: (p.hands_on, p.rotation_types), _hands_on),
    Facet("cities", lambda q: bool(q.cities), _place, _city),
    Facet("states", lambda q: bool(q.states), _place, _state),
    Facet("excluded_places", lambda q: bool(q.excluded_places), _place, _excluded),
    Facet("excluded_houses", lambda q: bool(q.excluded_houses), lambda p: p.institution, _excluded_house),
    Facet("price", lambda q: q.free or q.budget_usd is not None, _price_values, _price),
    Facet("no_step1", lambda q: q.no_step1, lambda p: p.step1, _exam),
    Facet("no_step2ck", lambda q: q.no_step2ck, lambda p: p.step2ck, _exam),
    Facet("no_english_test", lambda q: q.no_english_test, lambda p: p.english_test, _exam),
    Facet("letter", lambda q: q.letter, lambda p: p.lor, _letter),
    Facet("housing", lambda q: q.housing, lambda p: p.housing, _provided),
    Facet("stipend", lambda q: q.stipend, lambda p: p.stipend, _provided),
    Facet("routes", lambda q: bool(q.routes), lambda p: (p.route, p.vslo), _routes),
    Facet("unrestricted", lambda q: q.unrestricted, lambda p: p.accepts_international, _unrestricted),
    Facet(
        "weeks",
        lambda q: q.weeks is not None,
        lambda p: (p.duration_weeks_min, p.duration_weeks_max, p.max_weeks_total),
        _weeks,
    ),
    Facet("start_month", lambda q: bool(q.start_month), lambda p: p.apply_months_before_min, _open),
    Facet("visa", lambda q: bool(q.visa), lambda p: p.visa, _visa),
)


def wished(query: Query) -> tuple[Facet, ...]:
    """The facets that a query speaks of, and what is always asked: who is accepted, and whether the person is."""
    return tuple(facet for facet in FACETS if facet.is_wished(query))


def judge(program: Program, query: Query, around: Surroundings) -> dict[str, Fit]:
    """How one program stands to every wish of a query."""
    return {facet.name: facet.judge(query, facet.values(program), around) for facet in wished(query)}
