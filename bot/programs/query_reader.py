"""Plain words become a query, and each message changes the running one.

`understand` merges what a person says into the query: "what about Texas" replaces the state and keeps the rest.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from bot.dialogue.profile import Profile
from bot.nlu import quantities
from bot.nlu.mentions import (
    ALSO,
    CHEAP,
    FOLLOW_UP,
    FREE,
    MORE,
    SEEKING,
    SKIP,
    UNRESTRICTED,
    VISA,
    Mention,
    dropped,
    mentions,
)
from bot.nlu.message import Message
from bot.programs.program import ROTATION_TYPES, ROUTES, SHADOWING
from bot.programs.query import Query
from bot.programs.vocabulary import Vocabulary

MOST_WEEKS = 104
MOST_BUDGET = 1_000_000
_AUDIENCE = {"student": "students", "graduate": "graduates"}
_EXAM_FIELD = {"step1": "no_step1", "step2ck": "no_step2ck", "english_test": "no_english_test"}
_ONLY_STEP1 = re.compile(
    r"\b(?:only|just)\s+(?:have\s+|passed\s+|got\s+|did\s+)?(?:usmle\s+)?(?:step\s*(?:1|one)|S1)\b", re.IGNORECASE
)
_NO_CONTACT = re.compile(
    r"\b(?:hands[\s-]?off|no patient contact|without patient contact|shadowing only|only shadow(?:ing)?)\b",
    re.IGNORECASE,
)
_VISA_CLASS = {"j": "J-1", "h": "H-1B", "f": "F-1", "b": "B-1/B-2", "e": "ESTA"}


def understand(
    message: Message, query: Query | None, *, profile: Profile, today: date, words: Vocabulary, asked: str | None = None
) -> Query:
    """The query after a message: a new one, or the running one with what was said now merged in.

    `words` tells which states there are and what a region holds; `asked` is the profile slot just asked for.
    """
    named = mentions(message)
    base = query if query is not None and not _is_new(message, named) else _start(profile, named, message)
    if asked and _declines(message, named):
        return replace(
            _without(base, frozenset({_FACET_OF_SLOT.get(asked, asked)})), skipped=_with(base.skipped, asked)
        )
    read = _Reader(message, named, today=today, words=words, asked=asked)
    changed = read.into(_without(base, dropped(message.text) if not message.is_button else read.dropped_by_button()))
    if (step := turned_pages(message)) and changed.facets == base.facets:
        return replace(base, page=max(0, base.page + step))
    return replace(changed, page=0)


_FACET_OF_SLOT = {"career_stage": "audience", "budget_usd_per_4_weeks": "budget", "route": "routes"}
_CLEARED: dict[str, dict[str, Any]] = {
    "states": {"states": (), "cities": (), "regions": (), "excluded_states": ()},
    "specialties": {"specialties": ()},
    "budget": {"budget_usd": None, "budget_is_total": False, "free": False},
    "rotation_types": {"rotation_types": (), "hands_on": None},
    "exams": {"no_step1": False, "no_step2ck": False, "no_english_test": False},
    "weeks": {"weeks": None},
    "start_month": {"start_month": ""},
    "hands_on": {"hands_on": None},
    "routes": {"routes": ()},
    "audience": {"audience": ""},
}


def _without(query: Query, facets: frozenset[str]) -> Query:
    values = {name: value for facet in facets for name, value in _CLEARED.get(facet, {}).items()}
    return replace(query, **values)


def _with(items: tuple[str, ...], item: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*items, item)))


def _declines(message: Message, named: tuple[Mention, ...]) -> bool:
    if any(mention.kind not in ("exam",) for mention in named):
        return False
    return message.intent in ("unsure", "deny") or bool(SKIP.match(message.text))


def turned_pages(message: Message) -> int:
    """1 for the next page of results, -1 for the one before, 0 for a message that turns no page."""
    if message.is_button:
        return {"next": 1, "previous": -1}.get(str(message.first("page")), 0)
    return 1 if MORE.match(message.text) else 0


def _is_new(message: Message, named: tuple[Mention, ...]) -> bool:
    """Whether a message starts a search of its own; what builds on the last one is never new."""
    if message.intent != "search_programs" or message.is_button or FOLLOW_UP.match(message.text):
        return False
    kinds = {mention.kind for mention in named}
    about = kinds & {"rotation_type", "specialty", "career_stage"}
    return bool(about) and (bool(SEEKING.search(message.text)) or len(kinds) >= 2)


def _start(profile: Profile, named: tuple[Mention, ...], message: Message) -> Query:
    """A new search: it knows who asks. A bare "find me a program" takes all that was ever said."""
    exams: dict[str, Any] = {_EXAM_FIELD[name]: getattr(profile, name) == "not_taken" for name in _EXAM_FIELD}
    query = Query(
        audience=_AUDIENCE.get(profile.career_stage or "", ""), specialties=tuple(profile.specialties), **exams
    )
    if any(mention.kind in ("specialty", "state", "city", "region", "rotation_type") for mention in named):
        return query
    return replace(
        query,
        states=tuple(profile.states),
        rotation_types=tuple(profile.rotation_types),
        budget_usd=profile.budget_usd_per_4_weeks,
        weeks=profile.weeks,
        start_month=profile.start_month or "",
    )


class _Reader:
    """One message being read into a query, facet by facet."""

    def __init__(
        self, message: Message, named: tuple[Mention, ...], *, today: date, words: Vocabulary, asked: str | None
    ) -> None:
        self.message, self.text, self.named = message, "" if message.is_button else message.text, named
        self.today, self.words, self.asked = today, words, asked
        self.adds = bool(ALSO.search(self.text)) and not re.match(r"^\W*(?:only|just)\b", self.text, re.IGNORECASE)

    def into(self, query: Query) -> Query:
        for read in (
            self._places,
            self._specialties,
            self._rotation,
            self._audience,
            self._exams,
            self._routes,
            self._money,
            self._time,
            self._rest,
        ):
            query = read(query)
        return query

    def dropped_by_button(self) -> frozenset[str]:
        """Buttons carry "any" to take a facet back."""
        slots = {
            "state": "states",
            "specialty": "specialties",
            "rotation_type": "rotation_types",
            "budget": "budget",
            "career_stage": "audience",
            "route": "routes",
            "exam": "exams",
        }
        return frozenset(slots[item.kind] for item in self.named if item.value == "any" and item.kind in slots)

    def _values(self, kind: str, *, negated: bool = False) -> tuple[str, ...]:
        found = (item.value for item in self.named if item.kind == kind and item.negated is negated)
        return tuple(dict.fromkeys(value for value in found if value != "any"))

    def _merge(self, old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*old, *new))) if self.adds else new

    def _places(self, query: Query) -> Query:
        regions = tuple(name for name in self._values("region") if name in self.words.regions)
        states = tuple(name for name in self._values("state") if name in self.words.codes)
        cities = self._values("city")
        denied = tuple(name for name in self._values("state", negated=True) if name in self.words.codes)
        if regions or states or cities:
            inside = tuple(state for name in regions for state in self.words.regions[name])
            query = replace(
                query,
                states=self._merge(query.states, tuple(dict.fromkeys((*states, *inside)))) if states or inside else (),
                cities=self._merge(query.cities, cities) if cities else (),
                regions=self._merge(query.regions, regions),
                excluded_states=tuple(item for item in query.excluded_states if item not in states),
            )
        if denied:
            left = tuple(state for state in query.states if state not in denied)
            query = replace(query, states=left, excluded_states=self._merge(query.excluded_states, denied))
        return query

    def _specialties(self, query: Query) -> Query:
        wanted, denied = self._values("specialty"), self._values("specialty", negated=True)
        if wanted:
            query = replace(query, specialties=self._merge(query.specialties, wanted))
        return replace(query, specialties=tuple(name for name in query.specialties if name not in denied))

    def _rotation(self, query: Query) -> Query:
        wanted, denied = self._values("rotation_type"), self._values("rotation_type", negated=True)
        types = tuple(name for name in wanted if name in ROTATION_TYPES)
        if types:
            query = replace(query, rotation_types=self._merge(query.rotation_types, types))
            query = replace(query, hands_on=None) if SHADOWING.issuperset(types) and query.hands_on else query
        elif any(name in ROTATION_TYPES for name in denied):
            left = tuple(name for name in query.rotation_types or ROTATION_TYPES if name not in denied)
            query = replace(query, rotation_types=left or tuple(name for name in ROTATION_TYPES if name not in denied))
        if "hands_on" in wanted:
            kept = tuple(name for name in query.rotation_types if types or name not in SHADOWING)
            query = replace(query, hands_on=True, rotation_types=kept)
        if "hands_on" in denied or _NO_CONTACT.search(self.text):
            query = replace(query, hands_on=False)
        return query

    def _audience(self, query: Query) -> Query:
        stages = self._values("career_stage")
        if len(stages) > 1:
            return replace(query, audience="")
        return replace(query, audience=_AUDIENCE.get(stages[0], query.audience)) if stages else query

    def _exams(self, query: Query) -> Query:
        for item in self.named:
            exams = ("step1", "step2ck") if item.value == "usmle" else (item.value,)
            for exam in exams if item.kind == "exam" else ():
                if exam in _EXAM_FIELD and (item.negated or item.value != "usmle"):
                    changed: dict[str, Any] = {_EXAM_FIELD[exam]: item.negated}
                    query = replace(query, **changed)
        return replace(query, no_step2ck=True) if _ONLY_STEP1.search(self.text) else query

    def _routes(self, query: Query) -> Query:
        wanted = tuple(name for name in self._values("route") if name in ROUTES)
        denied = self._values("route", negated=True)
        if wanted:
            query = replace(query, routes=self._merge(query.routes, wanted))
        elif denied:
            query = replace(query, routes=tuple(name for name in query.routes or ROUTES if name not in denied))
        return replace(query, unrestricted=True) if UNRESTRICTED.search(self.text) else query

    def _money(self, query: Query) -> Query:
        carried = self.message.first("budget") if self.message.is_button else None
        if carried == "0":
            return replace(query, free=True, budget_usd=None)
        if carried and carried.isdigit():
            return replace(query, budget_usd=float(carried), budget_is_total=False)
        found = quantities.money(self.text, expected=self.asked == "budget_usd_per_4_weeks")
        if found and 0 < found.high <= MOST_BUDGET:
            factor = {"week": 4, "day": 20}.get(found.per, 1)
            query = replace(query, budget_usd=found.high * factor, budget_is_total=found.per == "total", free=False)
        if (found and found.high == 0) or FREE.search(self.text):
            query = replace(query, free=True, budget_usd=None, budget_is_total=False)
        if CHEAP.search(self.text) or self.message.first("sort") == "price":
            query = replace(query, sort="price")
        return query

    def _time(self, query: Query) -> Query:
        found = quantities.duration(self.text)
        number = found.low if found else quantities.weeks(self.text, expected=self.asked == "weeks")
        if number is not None and 0 < number <= MOST_WEEKS:
            query = replace(query, weeks=number)
        month = quantities.start_month(self.text, self.today)
        return replace(query, start_month=month) if month and month >= f"{self.today:%Y-%m}" else query

    def _rest(self, query: Query) -> Query:
        visa = VISA.search(self.text)
        return replace(query, visa=_VISA_CLASS[visa[1][0].lower()]) if visa else query
