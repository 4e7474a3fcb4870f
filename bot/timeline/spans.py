"""Lengths of time that can be walked both ways: deadlines are counted back, first possible days forward.

Months are calendar months. Counting six months back from 31 August ends on 28 February, so plain month arithmetic is
not its own inverse; a plan that is feasible forward would look late backward. Here `after` is defined through `before`
and both passes of a plan always agree.
"""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_PER_MONTH = 30
ONE_DAY = timedelta(days=1)


class SpanError(ValueError):
    """A unit of time that we do not know."""


@dataclass(frozen=True)
class Span:
    """Calendar months, then days. Neither is negative."""

    months: int = 0
    days: int = 0

    def before(self, day: date) -> date:
        """The day that lies this span before `day`; the end of a shorter month stands for its missing days."""
        return _shifted(day, -self.months) - timedelta(days=self.days)

    def after(self, day: date) -> date:
        """The first day that lies a full span after `day`: the smallest d with before(d) >= day."""
        found = _shifted(day + timedelta(days=self.days), self.months)
        if not self.months:
            return found
        while self.before(found) < day:
            found += ONE_DAY
        while self.before(found - ONE_DAY) >= day:
            found -= ONE_DAY
        return found

    @property
    def rough_days(self) -> float:
        """Its length for comparing spans, with an average month."""
        return self.months * 365.25 / 12 + self.days

    @classmethod
    def of(cls, amount: float, unit: str) -> Span:
        """A span of `amount` hours, days, weeks, months or years; a broken month counts 30-day months (7.5 -> 7 + 15).

        Raises:
            SpanError: another unit.
        """
        word = unit.split()[0].rstrip("s") if unit.split() else ""
        if word == "hour":
            return cls(days=math.ceil(amount / 24))
        if word in ("day", "week"):
            return cls(days=math.ceil(amount * (7 if word == "week" else 1)))
        if word in ("month", "year"):
            whole, part = divmod(amount * (12 if word == "year" else 1), 1)
            return cls(int(whole), math.ceil(round(part * DAYS_PER_MONTH, 6)))
        raise SpanError(f"“{unit}” is not a unit of time")


NO_TIME = Span()


def _shifted(day: date, months: int) -> date:
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def longest(spans: list[Span]) -> Span:
    """The longest of some spans; nothing at all takes no time."""
    return max(spans, key=lambda span: span.rough_days, default=NO_TIME)


@dataclass(frozen=True)
class Closure:
    """A part of every year, within one calendar year, on which something cannot be done; (month, day) inclusive."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        return self.first <= (day.month, day.day) <= self.last

    def next_open(self, day: date) -> date:
        """`day`, or the first day after the closure."""
        return date(day.year, *self.last) + ONE_DAY if self.holds(day) else day

    def last_open(self, day: date) -> date:
        """`day`, or the last day before the closure."""
        return date(day.year, *self.first) - ONE_DAY if self.holds(day) else day
