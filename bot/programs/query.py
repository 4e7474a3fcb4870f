"""A search as a value: what is looked for, with no word about how it was said (see `understanding`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

Regions = Mapping[str, Sequence[str]]
"""Which states a region holds."""
STAGES = {"students": "student", "graduates": "graduate"}
"""An audience in the profile's words."""


@dataclass(frozen=True)
class Query:
    """What is looked for; an empty field is no wish. Lists mean "any of these".

    `budget_usd` is US dollars for four weeks, or for everything when `budget_is_total`; `start_month` is "YYYY-MM".
    `regions` are the words that `states` came from. `skipped` are questions that the person would not answer.
    """

    specialties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    excluded_states: tuple[str, ...] = ()
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
    unrestricted: bool = False
    weeks: float | None = None
    start_month: str = ""
    visa: str = ""
    sort: str = ""
    page: int = 0
    skipped: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, for the slot `query`; empty fields left out."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value not in ((), "", None)
            and not (value is False and name != "hands_on")
            and (name, value) != ("page", 0)
        }

    @classmethod
    def from_dict(cls, data: object) -> Query | None:
        """The query that `to_dict` wrote; None for anything else."""
        if not isinstance(data, Mapping):
            return None
        known = {item.name for item in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items() if name in known
        }
        return cls(**values)

    @property
    def facets(self) -> dict[str, Any]:
        """The wishes that narrow the search, by field name."""
        narrow = replace(self, sort="", page=0, skipped=(), regions=())
        return narrow.to_dict()

    @property
    def career_stage(self) -> str | None:
        """The audience in the profile's words: student or graduate."""
        return STAGES.get(self.audience)
