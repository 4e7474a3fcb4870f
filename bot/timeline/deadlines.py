"""Days that are asked for by name: those of a Match season, and the last sensible day for an exam before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.timeline.rules import ADVISED, LEAST, Facts, PlanRules
from bot.timeline.season import SeasonDay, season_of

STEP2CK_MONTH = "step2ck_latest_month"
RESULT_PLAN, RESULT_TYPICAL = "usmle_result_weeks_plan", "usmle_result_weeks_typical"
USED_FACTS = frozenset({STEP2CK_MONTH, RESULT_PLAN, RESULT_TYPICAL})
"""Every fact that these answers name."""
FARTHEST = 8


@dataclass(frozen=True)
class NamedDay:
    """A day of a season, and the Match that it belongs to."""

    name: str
    match_year: int
    day: date
    estimated: bool
    source: str


@dataclass(frozen=True)
class ExamLimit:
    """The last sensible day for an exam (`safe`), and the last that may still do (`last`), before a Match's files open.

    `limit` is the day by which the result should be there, `final` the one by which it must be.
    """

    match_year: int
    safe: date
    last: date
    limit: SeasonDay
    final: SeasonDay


def named_day(
    name: str, rules: PlanRules, facts: Facts, *, today: date, match_year: int | None = None, year: int | None = None
) -> NamedDay | None:
    """A day of the season of a Match, or of a calendar year; without either, the next to come."""
    if match_year:
        return _of(name, match_year, rules, facts)
    fits: Callable[[date], bool] = (lambda day: day.year == year) if year else (lambda day: day >= today)
    first = year or today.year
    seasons = (_of(name, of, rules, facts) for of in range(first, first + (2 if year else FARTHEST)))
    return next((found for found in seasons if found and fits(found.day)), None)


def exam_limit(exam: str, match_year: int, rules: PlanRules, facts: Facts) -> ExamLimit:
    """The last days for an exam (step1, step2ck), counted back by the time that results take."""
    task, season = rules.task(f"{exam}_result"), season_of(match_year, rules, facts)
    least, advised = (season[name] for name in task.by)
    return ExamLimit(
        match_year,
        safe=task.takes.span(ADVISED, facts, {}).before(advised.day),
        last=task.takes.span(LEAST, facts, {}).before(least.day),
        limit=advised,
        final=least,
    )


def _of(name: str, match_year: int, rules: PlanRules, facts: Facts) -> NamedDay | None:
    found = season_of(match_year, rules, facts).get(name)
    return NamedDay(name, match_year, found.day, found.estimated, found.source) if found else None
