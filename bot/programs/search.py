"""Finds programs: those that fit every wish first, then those whose pages leave something open, marked as such.

When nothing is left, one wish at a time is relaxed, the least important first, and the result says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.programs.catalog import Bits, Catalog, all_places
from bot.programs.facets import Fit, Surroundings, judge, wished
from bot.programs.program import Program
from bot.programs.query import Query, Regions
from bot.programs.specialties import Specialties

PAGE_SIZE = 5
NEAREST = {"sub_internship": "elective"}
"""What comes nearest to a type of rotation that few places have: 11 of 468 programs are sub-internships."""
MOST_LISTED = 500
"""As many programs of a search are named in the address of its own page."""


@dataclass(frozen=True)
class Hit:
    """A program in a result, with the wishes that it fits and those that its page says nothing about."""

    program: Program
    fits: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """One page of a search. `relaxed` names the wishes that were given up (`query` is what was searched in the end).

    `full` counts the programs that fit every wish, `total` also those that leave something open. Of `total`, `priced`
    counts those with a published price, and `placed` those that are surely where they are wanted: a company with
    unnamed sites may be there, but is not enough to say that something was found. `listed` are those of all pages.
    """

    query: Query
    hits: tuple[Hit, ...]
    listed: tuple[Program, ...]
    full: int
    total: int
    priced: int
    placed: int
    relaxed: tuple[str, ...] = ()

    @property
    def has_more(self) -> bool:
        return self.total > (self.query.page + 1) * PAGE_SIZE


def search(catalog: Catalog, query: Query, *, around: Surroundings, regions: Regions) -> Results:
    """The page of results that `query.page` asks for, relaxed where nothing fits."""
    results = _search(catalog, query, around)
    if results.placed:
        return results
    for names, easier in relaxations(query, around.specialties, regions=regions):
        found = _search(catalog, easier, around)
        if found.placed:
            return replace(found, relaxed=names)
    return results


def _search(catalog: Catalog, query: Query, around: Surroundings) -> Results:
    layers = _layers(catalog, query, around)
    everything = 0
    for layer in layers:
        everything |= layer
    start, end = query.page * PAGE_SIZE, (query.page + 1) * PAGE_SIZE
    places = _places(catalog, _in_turn(catalog, query, around, layers=layers), query, max(end, MOST_LISTED))
    return Results(
        query=query,
        hits=tuple(hit_of(catalog[place], query, around) for place in places[start:end]),
        listed=tuple(catalog[place] for place in places[:MOST_LISTED]),
        full=layers[0].bit_count(),
        total=everything.bit_count(),
        priced=(everything & catalog.priced).bit_count(),
        placed=(everything & _placed(catalog, query, around)).bit_count(),
    )


def _placed(catalog: Catalog, query: Query, around: Surroundings) -> Bits:
    placed = catalog.all
    for facet in wished(query):
        if facet.name in ("states", "cities"):
            placed &= catalog.divide(facet, query, around)[0]
    return placed


def _layers(catalog: Catalog, query: Query, around: Surroundings) -> list[Bits]:
    """Sets of programs by how many wishes they leave open: none, one, two ..."""
    layers = [catalog.all]
    for facet in wished(query):
        fits, unknown = catalog.divide(facet, query, around)
        layers = [
            (layers[at] & fits if at < len(layers) else 0) | (layers[at - 1] & unknown if at else 0)
            for at in range(len(layers) + 1)
        ]
    return layers


def _in_turn(catalog: Catalog, query: Query, around: Surroundings, *, layers: list[Bits]) -> Iterator[Bits]:
    """Within a layer: surely in the right place first, then the very specialty, then (if wished) a known price."""
    masks = [_placed(catalog, query, around)]
    masks += [_naming(catalog, query, around)] if query.specialties else []
    masks += [catalog.priced] if query.sort == "price" else []
    for layer in layers:
        parts = [layer]
        for mask in masks:
            parts = [half for part in parts for half in (part & mask, part & ~mask)]
        yield from parts


def _naming(catalog: Catalog, query: Query, around: Surroundings) -> Bits:
    exact = replace(around, specialties=Specialties(same=around.specialties.same))
    facet = next(facet for facet in wished(query) if facet.name == "specialties")
    return catalog.divide(facet, query, exact)[0]


def _places(catalog: Catalog, parts: Iterator[Bits], query: Query, count: int) -> list[int]:
    places: list[int] = []
    for part in parts:
        found = all_places(part)
        places += sorted(found, key=catalog.prices.__getitem__) if query.sort == "price" else found
        if len(places) >= count:
            break
    return places[:count]


def hit_of(program: Program, query: Query, around: Surroundings) -> Hit:
    """How one program stands to the wishes of a query."""
    verdicts = judge(program, query, around)
    return Hit(
        program,
        tuple(name for name, verdict in verdicts.items() if verdict is Fit.YES),
        tuple(name for name, verdict in verdicts.items() if verdict is Fit.UNKNOWN),
    )


def relaxations(query: Query, specialties: Specialties, *, regions: Regions) -> Iterator[tuple[tuple[str, ...], Query]]:
    """Easier queries with the names of what was given up: one wish alone in the order of importance, then together.

    Who may apply is never relaxed: a program for graduates is no help to a student.
    """
    steps = [(name, easier) for name, easier in _single(query, specialties, regions) if easier != query]
    for name, easier in steps:
        yield (name,), easier
    given_up: tuple[str, ...] = ()
    together = query
    for name in dict.fromkeys(name for name, _ in steps if name not in ("region", "nearest_type")):
        last = [easier for step, easier in _single(together, specialties, regions) if step == name][-1:]
        if last and last[0] != together:
            together, given_up = last[0], (*given_up, name)
            yield given_up, together


def _smallest_region(query: Query, regions: Regions) -> tuple[str, ...]:
    """The states of the smallest region that holds those wished for; none where they lie in different regions."""
    wished = set(query.states)
    holding = [tuple(states) for states in regions.values() if wished and wished < set(states)]
    return min(holding, key=len, default=())


def _nearest(query: Query) -> tuple[str, ...]:
    """The types of rotation wished for, those that few places have replaced by what comes nearest."""
    return tuple(dict.fromkeys(NEAREST.get(name, name) for name in query.rotation_types))


def _single(query: Query, specialties: Specialties, regions: Regions) -> list[tuple[str, Query]]:
    around = _smallest_region(query, regions)
    broader = tuple(dict.fromkeys(name for item in query.specialties for name in sorted(specialties.wholes(item))))
    nowhere = replace(query, states=(), cities=(), regions=(), excluded_places=())
    is_somewhere = bool(query.states or query.cities)
    return [
        ("nearest_type", replace(query, rotation_types=_nearest(query)) if is_somewhere else query),
        ("cities", replace(query, cities=()) if query.cities and query.states else query),
        ("region", replace(query, states=around, cities=()) if around and not query.regions else query),
        ("states", nowhere),
        ("price", replace(query, budget_usd=None, budget_is_total=False, free=False)),
        ("weeks", replace(query, weeks=None)),
        ("start_month", replace(query, start_month="")),
        ("visa", replace(query, visa="")),
        ("routes", replace(query, routes=(), unrestricted=False)),
        ("exams", replace(query, no_step1=False, no_step2ck=False, no_english_test=False)),
        ("letter", replace(query, letter=False)),
        ("housing", replace(query, housing=False)),
        ("stipend", replace(query, stipend=False)),
        ("hands_on", replace(query, hands_on=None)),
        ("broader_specialty", replace(query, specialties=broader) if broader else query),
        ("rotation_types", replace(query, rotation_types=())),
        ("specialties", replace(query, specialties=())),
    ]
