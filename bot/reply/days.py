"""Days and times to start as people read them, in the American order."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.nlu.when import MONTHS, WEEKDAYS


class Window(Protocol):
    """A time to start; `grain` and `about` as in `bot.nlu.when.When`."""

    @property
    def first(self) -> date | None: ...
    @property
    def last(self) -> date | None: ...
    @property
    def grain(self) -> str: ...
    @property
    def about(self) -> bool: ...


def day(value: date) -> str:
    """ "June 1, 2027"."""
    return f"{MONTHS[value.month - 1].capitalize()} {value.day}, {value.year}"


def weekday(value: date) -> str:
    """ "Friday, March 19, 2027"."""
    return f"{WEEKDAYS[value.weekday()].capitalize()}, {day(value)}"


def window(wish: Window) -> str:
    """A time to start in words: "on June 1, 2027", "in September 2027", "between June and August 2027"."""
    first, last = wish.first, wish.last
    if first is None or last is None:
        return ""
    if first == last:
        return f"{'around' if wish.about else 'on'} {day(first)}"
    return f"in {name(wish)}" if wish.grain in ("month", "year") else f"between {name(wish)}"


def name(wish: Window) -> str:
    """The time alone: "June 1, 2027", "September 2027", "June and August 2027", "2036"."""
    first, last = wish.first, wish.last
    if first is None or last is None:
        return ""
    months = [MONTHS[item.month - 1].capitalize() for item in (first, last)]
    if wish.grain == "year":
        return str(first.year)
    if wish.grain == "month":
        return f"{months[0]} {first.year}"
    if first == last:
        return day(first)
    if wish.about or first.month == last.month:
        return f"{day(first)} and {day(last)}"
    return f"{months[0] if first.year == last.year else f'{months[0]} {first.year}'} and {months[1]} {last.year}"


def month(iso: str) -> str:
    """ "June 2026" for "2026-06-18"; whatever is less exact as it is."""
    year, _, rest = iso.partition("-")
    return f"{MONTHS[int(rest[:2]) - 1].capitalize()} {year}" if rest else iso
