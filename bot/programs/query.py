"""A search as a value: what is looked for, with no word about how it was said (see `understanding`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

Regions = Mapping[str, Sequence[str]]
"""Which states a region holds."""
STAGES = {"students": "student", "graduates": "graduate"}
"""An audience in the profile's words."""
_NO_FACETS = frozenset({"sort", "for_other", "page", "skipped", "asked", "regions"})


@dataclass(frozen=True)
class Query:
    """What is looked for; an empty field is no wish. Lists mean "any of these".

    `budget_usd` is US dollars for four weeks, or for everything when `budget_is_total`; `start_month` is "YYYY-MM".
    `excluded_places` are states by code and cities by name, `excluded_houses` institutions by their official names,
    `regions` the words that `states` came from. `skipped` are questions that the person would not answer, `asked` those
    that were put once. `for_other` is a search for somebody else.
    """

    specialties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    excluded_places: tuple[str, ...] = ()
    excluded_houses: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    rotation_types: tuple[str, ...] = ()
    hands_on: bool | None = None
    audience: str = ""
    budget_usd: float | None = None
    budget_is_total: bool = False
    free: bool = False
    no_step1: bool = False
    no_step2ck: bool = False
    no_english_test: bool = False
    routes: tuple[str, ...] = ()
    letter: bool = False
    housing: bool = False
    stipend: bool = False
    unrestricted: bool = False
    weeks: float | None = None
    start_month: str = ""
    visa: str = ""
    sort: str = ""
    for_other: bool = False
    page: int = 0
    skipped: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def facets(self) -> dict[str, Any]:
        """The wishes that narrow the search, by field name."""
        wishes = {item.name: (getattr(self, item.name), item.default) for item in fields(self)}
        return {name: value for name, (value, none) in wishes.items() if value != none and name not in _NO_FACETS}

    @property
    def career_stage(self) -> str | None:
        """The audience in the profile's words: student or graduate."""
        return STAGES.get(self.audience)
