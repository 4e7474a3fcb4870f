"""When a hepatitis B series that begins on a day is complete, and from when a rotation may start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.timeline.rules import ADVISED, Facts, PlanRules
from bot.timeline.spans import NO_TIME, Span

STANDARD, FAST = "hepb_series_months_standard", "hepb_series_months_fast"
USED_FACTS = frozenset({STANDARD, FAST})
"""Every fact that series are calculated with."""


@dataclass(frozen=True)
class Series:
    """A series: the day of its last dose, and the day by which a titer is there too."""

    complete: date
    tested: date


def series_from(first: date, key: str, rules: PlanRules, facts: Facts) -> Series:
    """The series of a fact (`STANDARD`, `FAST`) that begins on a day."""
    fact = facts[key]
    months = fact.range[1] if fact.range else 0
    complete = Span.of(months, fact.unit).after(first)
    waits = [wait for wait in rules.task("rotation").waits if wait.task == "hepatitis_b"]
    lag = waits[0].lag.span(ADVISED, facts, {}) if waits else NO_TIME
    return Series(complete, lag.after(complete))
