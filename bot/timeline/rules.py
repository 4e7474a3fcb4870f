"""Reads the planner's rules (`data/timeline.yml`) and puts the figures of the fact table into them.

The rules name tasks, what they wait for and when they apply. Numbers stand in the fact table wherever a source gives
one; what no source gives is a plain allowance of ours ("14 days") and is called so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.programs.rows import FactRow
from bot.timeline.spans import NO_TIME, Closure, Span, longest

Facts = Mapping[str, FactRow]
LEAST, ADVISED = "least", "advised"
_ALLOWANCE = re.compile(r"(\d+) days?")
_FIGURE = re.compile(r"([a-z0-9_{}]+) (low|high)")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class RulesError(ValueError):
    """Rules that cannot be read, or a fact that they need and that is missing or not a number."""


@dataclass(frozen=True)
class Amount:
    """How long something takes: `least` if all goes well, `advised` with care. Each is the longest of its terms.

    A term is "14 days" (our own allowance), "fact_key low" or "fact_key high" (an end of the fact's range), or several
    of them with " or " between, of which the first that is known counts.
    """

    least: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()

    def span(self, level: str, facts: Facts, known: Mapping[str, str]) -> Span:
        """The span on one level. `known` fills placeholders in keys ("visa_wait_months_{post}")."""
        terms = self.least if level == LEAST else self.advised
        if len(terms) < 2:
            return _span(terms[0], facts, known) if terms else NO_TIME
        return longest([_span(term, facts, known) for term in terms])


NO_AMOUNT = Amount()


@dataclass(frozen=True)
class Wait:
    """A task has to wait for the end of another, and then for `lag`, in the cases that `cases` describes."""

    task: str
    lag: Amount = NO_AMOUNT
    cases: Mapping[str, tuple[str, ...]] | None = None
    why: str = ""
    by_program: bool = False


@dataclass(frozen=True)
class Task:
    """One task as the rules describe it. `point` shows its start and not its end; an `event` has its own day, and what
    is `passive` is done by others: nothing to do for either.

    `not_before` and `by` name days of a Match season; `fresh` is how old its result may be when the rotation starts.
    """

    id: str
    title: str
    note: str = ""
    source: str = ""
    takes: Amount = NO_AMOUNT
    waits: tuple[Wait, ...] = ()
    cases: Mapping[str, tuple[str, ...]] | None = None
    not_before: str = ""
    by: tuple[str, str] = ("", "")
    fresh: Amount | None = None
    closed: Closure | None = None
    event: bool = False
    passive: bool = False
    point: bool = False


@dataclass(frozen=True)
class PlanRules:
    """All tasks, and the rules for days of a Match season."""

    tasks: tuple[Task, ...]
    season: Mapping[str, Mapping[str, Any]]

    def task(self, name: str) -> Task:
        """The task of this id (KeyError when there is none)."""
        return next(task for task in self.tasks if task.id == name)


def read_rules(data: Mapping[str, Any]) -> PlanRules:
    """The rules in the loaded YAML.

    Raises:
        RulesError: a task waits for one that does not stand before it, or a field is unknown.
    """
    try:
        tasks = tuple(_task(item) for item in data["tasks"])
    except (KeyError, TypeError) as error:
        raise RulesError(f"a task cannot be read: {error}") from error
    for position, task in enumerate(tasks):
        missing = {wait.task for wait in task.waits} - {earlier.id for earlier in tasks[:position]}
        if missing:
            raise RulesError(f"{task.id} waits for {', '.join(sorted(missing))}, which does not stand before it")
    return PlanRules(tasks, data["season"])


def applies(cases: Mapping[str, Sequence[str]] | None, known: Mapping[str, str]) -> bool:
    """Whether every named field has one of its values."""
    return not cases or all(known.get(name, "") in values for name, values in cases.items())


def fill(text: str, facts: Facts) -> str:
    """A note with the values of facts in the place of {their keys}."""
    return _PLACEHOLDER.sub(lambda found: facts[found[1]].value if found[1] in facts else found[0], text)


def figure(facts: Facts, key: str) -> tuple[float, float]:
    """The lower and upper number of a fact.

    Raises:
        RulesError: there is no such fact, or it is not a number or a range.
    """
    found = facts[key].range if key in facts else None
    if found is None:
        raise RulesError(f"the fact {key} is missing or not a number")
    return found


def fact_keys(rules: PlanRules) -> frozenset[str]:
    """Every fact that the tasks and the days of a season name, except those with placeholders."""
    amounts = [amount for task in rules.tasks for amount in (task.takes, task.fresh, *(w.lag for w in task.waits))]
    terms = [term for amount in amounts if amount for term in amount.least + amount.advised]
    named = {match[1] for term in terms for match in _FIGURE.finditer(term) if "{" not in match[1]}
    noted = {key for task in rules.tasks for key in _PLACEHOLDER.findall(task.note)}
    season = {rule["like"] for rule in rules.season.values()}
    spans = {match[1] for rule in rules.season.values() for match in _FIGURE.finditer(str(rule.get("span", "")))}
    return frozenset(named | noted | spans | season | {task.source for task in rules.tasks}) - {""}


def _span(term: str, facts: Facts, known: Mapping[str, str]) -> Span:
    for days, key, end in _choices(term):
        if not key:
            return Span(days=days)
        named = _PLACEHOLDER.sub(lambda found: known.get(found[1], ""), key) if "{" in key else key
        if named in facts:
            return Span.of(figure(facts, named)[end], facts[named].unit)
    raise RulesError(f"no fact for “{term}”")


@lru_cache(maxsize=512)
def _choices(term: str) -> tuple[tuple[int, str, int], ...]:
    """The parts of a term: (days, "", 0) for an allowance, (0, fact key, 0 low or 1 high) for a figure."""
    found = []
    for choice in term.split(" or "):
        if allowance := _ALLOWANCE.fullmatch(choice):
            found.append((int(allowance[1]), "", 0))
        elif named := _FIGURE.fullmatch(choice):
            found.append((0, named[1], int(named[2] == "high")))
        else:
            raise RulesError(f"“{choice}” is neither an allowance nor a figure")
    return tuple(found)


def _amount(value: Any) -> Amount:
    if not isinstance(value, Mapping):
        terms = _terms(value)
        return Amount(terms, terms)
    return Amount(_terms(value.get(LEAST)), _terms(value.get(ADVISED)))


def _terms(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _cases(value: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]] | None:
    return {name: _terms(values) for name, values in value.items()} if value else None


def _wait(item: Mapping[str, Any]) -> Wait:
    return Wait(
        item["task"],
        _amount(item.get("lag")),
        _cases(item.get("if")),
        item.get("why", ""),
        bool(item.get("by_program")),
    )


def _task(item: Mapping[str, Any]) -> Task:
    values = dict(item)
    values["cases"] = _cases(values.pop("if", None))
    values["takes"] = _amount(values.get("takes"))
    values["waits"] = tuple(_wait(wait) for wait in values.pop("after", ()))
    limit = values.pop("by", "")
    values["by"] = (limit[LEAST], limit[ADVISED]) if isinstance(limit, Mapping) else (limit, limit)
    if "fresh" in values:
        values["fresh"] = _amount(values["fresh"])
    if "closed" in values:
        values["closed"] = Closure(*(tuple(part) for part in values["closed"]))
    return Task(**values)
