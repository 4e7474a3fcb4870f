"""The stays that a cost question names: how long, and which of several goes by which way or to which program."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu.frame import Frame, Length, Measured, Named, count_of, may_be_a_stay
from bot.programs.pricing import TELEHEALTH

DIRECT = "direct"
_MONTH = 4.0
_PLACES = ("city", "state", "region")
"""What nobody names of a stay at home: "two months in Houston and a telehealth rotation" are two stays."""


@dataclass(frozen=True)
class Leg:
    """One of several stays: its weeks, and its way to apply or its program (a slug)."""

    weeks: float
    route: str = ""
    program: str = ""


def weeks_of(frame: Frame) -> tuple[float, ...]:
    """The weeks of each stay that is named, the longer where a range is; "two of four weeks each" is eight."""
    lengths = _lengths(frame)
    is_split = len(lengths) == 1 and lengths[0][0].times == 1 and frame.does("each")
    times = count_of(frame) if is_split else 1
    return tuple(length.weeks[1] * length.times * times for length, _item in lengths)


def route_of(frame: Frame) -> str:
    """The one way to apply that is named; a medical school named as a host is the direct one."""
    routes = list(dict.fromkeys(value for value, _item in _ways(frame)))
    if len(routes) == 2 and "vslo" in routes and DIRECT in routes:
        return "vslo"
    return routes[0] if len(routes) == 1 else ""


def legs_of(frame: Frame, programs: tuple[str, ...] = ()) -> tuple[Leg, ...]:
    """Several stays by different ways, or at as many programs, in the order of the text; empty for a single one."""
    lengths = _lengths(frame)
    if len(programs) > 1 and len(programs) == len(lengths):
        pairs = zip(weeks_of(frame), programs, strict=True)
        return tuple(Leg(weeks, program=slug) for weeks, slug in pairs)
    if len(programs) > 1 and len(lengths) == 1 and frame.does("each", "add_up"):
        return tuple(Leg(lengths[0][0].weeks[1], program=slug) for slug in programs)
    if legs := _with_telehealth(frame):
        return legs
    ways = _ways(frame)
    if len(lengths) < 2 or len({value for value, _item in ways}) < 2:
        return ()
    if len(ways) == len(lengths):
        routes = [value for value, _item in ways]
    else:
        routes = [min(ways, key=lambda way: _distance(way[1], item))[0] for _length, item in lengths]
    return tuple(Leg(weeks, route) for weeks, route in zip(weeks_of(frame), routes, strict=True))


def _with_telehealth(frame: Frame) -> tuple[Leg, ...]:
    """Stays on site and one by telehealth, by the way that is named; of a month where it has no length of its own."""
    lengths, online = _lengths(frame), [item for item in frame.named("rotation_type") if _is_online(item)]
    is_apart = frame.does("also", "add_up") or any(frame.named(kind) for kind in _PLACES)
    if not lengths or len(online) != 1 or frame.does("compare", "cheaper") or (len(lengths) == 1 and not is_apart):
        return ()
    nearest = min(lengths, key=lambda pair: _distance(pair[1], online[0]))
    route, own = route_of(frame), nearest if len(lengths) > 1 else None
    pairs = zip(weeks_of(frame), lengths, strict=True)
    legs = [Leg(weeks, TELEHEALTH if pair is own else route) for weeks, pair in pairs]
    return tuple(legs if own else [*legs, Leg(_MONTH, TELEHEALTH)])


def _is_online(item: Named) -> bool:
    return item.value == TELEHEALTH and item.whose != "other" and item.polarity not in ("wants_not", "has_not")


def _lengths(frame: Frame) -> tuple[tuple[Length, Measured], ...]:
    found = frame.measures(Length)
    return tuple(pair for pair in found if may_be_a_stay(*pair) and pair[1].polarity != "wants_not")


def _ways(frame: Frame) -> list[tuple[str, Named]]:
    """The ways that are named, each where it stands first; what is refused is none."""
    refused = ("wants_not", "has_not")
    said = [item for item in frame.named("route") if item.polarity not in refused and item.whose != "other"]
    ways = [(item.value, item) for item in said]
    own = ("has",) if frame.named("career_stage") or frame.named("home_school") else ()  # who studies at one
    hosts = [item for item in frame.named("provider") if item.polarity not in (*refused, *own)]
    ways += [(DIRECT, item) for item in hosts if not any(_distance(item, other) == 0 for other in said)]
    ordered = sorted(ways, key=lambda way: way[1].start)
    return [way for at, way in enumerate(ordered) if at == 0 or way[0] != ordered[at - 1][0]]


def _distance(one: Named | Measured, other: Named | Measured) -> int:
    """The characters between two things; 0 where they overlap or touch ("directly at a school")."""
    gap = max(one.start, other.start) - min(one.end, other.end)
    return 0 if gap <= 0 else gap
