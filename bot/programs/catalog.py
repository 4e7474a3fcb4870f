"""All programs, prepared for search: ranked once, and indexed so that a search touches values and not programs.

A set of programs is a whole number whose bits are the programs' places in the ranking. For every facet the programs
are grouped by their values; a search judges each group once and joins sets with `&` and `|`. The lowest bits of the
result are the best programs.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from functools import cached_property

from bot.programs.facets import FACETS, Facet, Fit, Surroundings
from bot.programs.pricing import price_for_four_weeks
from bot.programs.program import CONFIDENCES, Program
from bot.programs.query import Query

Bits = int
"""A set of places in the ranking."""
_OPENNESS = {"yes": 0, "restricted": 1, "": 2, "no": 3}


class Catalog:
    """Programs in their order of merit, best first; `[place]` gives one."""

    def __init__(self, programs: Iterable[Program]) -> None:
        self.programs = tuple(sorted(programs, key=merit))
        self.all: Bits = (1 << len(self.programs)) - 1
        self._groups: dict[str, Mapping[Hashable, Bits]] = {}

    def __len__(self) -> int:
        return len(self.programs)

    def __getitem__(self, place: int) -> Program:
        return self.programs[place]

    @cached_property
    def by_slug(self) -> Mapping[str, Program]:
        return {program.slug: program for program in self.programs}

    @cached_property
    def homes(self) -> Mapping[str, frozenset[str]]:
        """The states that have programs in a city of that name, by the name in small letters."""
        found: dict[str, set[str]] = {}
        for program in self.programs:
            if program.city and program.state:
                found.setdefault(program.city.lower(), set()).add(program.state)
        return {city: frozenset(states) for city, states in found.items()}

    @cached_property
    def prices(self) -> tuple[float, ...]:
        """The price of four weeks at each place, infinity where it is unknown."""
        found = (price_for_four_weeks(program) for program in self.programs)
        return tuple(price.low if price else float("inf") for price in found)

    @cached_property
    def priced(self) -> Bits:
        return bits_of((place for place, price in enumerate(self.prices) if price != float("inf")), len(self))

    def divide(self, facet: Facet, query: Query, around: Surroundings) -> tuple[Bits, Bits]:
        """The programs that fit a wish, and those whose page does not say."""
        fits = unknown = 0
        for values, members in self._grouped(facet).items():
            verdict = facet.judge(query, values, around)
            if verdict is Fit.YES:
                fits |= members
            elif verdict is Fit.UNKNOWN:
                unknown |= members
        return fits, unknown

    def _grouped(self, facet: Facet) -> Mapping[Hashable, Bits]:
        if facet.name not in self._groups:
            places: dict[Hashable, list[int]] = {}
            for place, program in enumerate(self.programs):
                places.setdefault(facet.values(program), []).append(place)
            self._groups[facet.name] = {values: bits_of(found, len(self)) for values, found in places.items()}
        return self._groups[facet.name]

    def warm(self) -> None:
        """Builds every index now, so that the first search is as fast as the next."""
        for facet in FACETS:
            self._grouped(facet)
        assert self.priced >= 0


def merit(program: Program) -> tuple[object, ...]:
    """Sort key: open before restricted, sure before unsure, recent before old, priced before not, then by name."""
    year = newest_year(program)
    return (
        _OPENNESS[program.accepts_international],
        CONFIDENCES.index(program.confidence) if program.confidence in CONFIDENCES else len(CONFIDENCES),
        -int(year or 0),
        not program.is_priced,
        program.slug,
    )


def newest_year(program: Program) -> str:
    """The year of the source, empty when the page has no date."""
    found = re.match(r"\d{4}", program.source_date)
    return found[0] if found else ""


def price_year(program: Program) -> str:
    """The year or season that a price is for: its own, else the source's; empty when the page has no date."""
    return program.fee_year or newest_year(program)


def price_age(program: Program, today: date) -> int | None:
    """How many calendar years old a price is, None when nothing dates it."""
    year = price_year(program)
    return today.year - int(year[:4]) if year else None


def age_in_years(program: Program, today: date) -> int | None:
    """How many calendar years old the source is, None when it is undated."""
    year = newest_year(program)
    return today.year - int(year) if year else None


def bits_of(places: Iterable[int], size: int) -> Bits:
    """The set of places (each below `size`)."""
    array = bytearray(size // 8 + 1)
    for place in places:
        array[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(array, "little")


def all_places(bits: Bits) -> list[int]:
    """Every place of a set, lowest first."""
    text = bin(bits)[:1:-1]
    found, at = [], text.find("1")
    while at >= 0:
        found.append(at)
        at = text.find("1", at + 1)
    return found
