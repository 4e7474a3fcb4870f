"""The days of a Match season: published where the fact table has them, otherwise estimated by rule and marked so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.timeline.rules import ADVISED, Amount, Facts, PlanRules
from bot.timeline.spans import ONE_DAY


@dataclass(frozen=True)
class SeasonDay:
    """One day of a season; `source` is the key of the fact that says it or that the estimate follows."""

    day: date
    estimated: bool
    source: str = ""


Season = Mapping[str, SeasonDay]


def season_of(match_year: int, rules: PlanRules, facts: Facts) -> dict[str, SeasonDay]:
    """Every named day of the season that ends with the Match in March of `match_year`."""
    days: dict[str, SeasonDay] = {}
    waiting = dict(rules.season)
    while waiting:
        ready = [name for name, rule in waiting.items() if rule.get("before") not in waiting]
        for name in ready:
            days[name] = _day(waiting.pop(name), match_year, days, facts=facts)
    return days


def open_match_year(today: date, rules: PlanRules, facts: Facts) -> int:
    """The next Match for which an application can still be in time: its programs have not opened the files yet."""
    year = today.year
    while season_of(year, rules, facts)["review_starts"].day < today:
        year += 1
    return year


def nth_weekday(year: int, month: int, *, weekday: int, nth: int) -> date:
    """The nth weekday (Monday is 0) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _day(rule: Mapping[str, Any], match_year: int, days: Season, *, facts: Facts) -> SeasonDay:
    if "before" in rule:
        return _before(rule, days[rule["before"]], facts)
    key = rule.get("fact", "").format(year=match_year)
    published = _published(key, facts)
    if published:
        return SeasonDay(published, estimated=False, source=key)
    return SeasonDay(_estimate(rule["rule"], match_year), estimated=True, source=rule["like"])


def _published(key: str, facts: Facts) -> date | None:
    try:
        return date.fromisoformat(facts[key].value) if key in facts else None
    except ValueError:
        return None


def _estimate(rule: Mapping[str, int], match_year: int) -> date:
    year = match_year + rule["year"]
    if "nth" in rule:
        return nth_weekday(year, rule["month"], weekday=rule["weekday"], nth=rule["nth"])
    return date(year, rule["month"], rule["day"])


def _before(rule: Mapping[str, Any], anchor: SeasonDay, facts: Facts) -> SeasonDay:
    """A day counted back from another; with a weekday, the first such weekday from there on."""
    day = Amount(advised=(rule["span"],)).span(ADVISED, facts, {}).before(anchor.day)
    while "weekday" in rule and day.weekday() != rule["weekday"]:
        day += ONE_DAY
    return SeasonDay(day, estimated=anchor.estimated or "weekday" in rule, source=rule["like"])
