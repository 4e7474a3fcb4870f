"""A calculated plan as a value: its steps, what decides it, and what would work instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.timeline.situation import Situation
from bot.timeline.spans import Span

FEASIBLE, TIGHT, IMPOSSIBLE = "feasible", "tight", "impossible"
VERDICTS = (FEASIBLE, TIGHT, IMPOSSIBLE)


@dataclass(frozen=True)
class Step:
    """One task of a plan. `earliest` and `latest` are the days of its end (of its start for a beginning).

    `advised` is the careful latest day where that cannot be kept any more; `status` is on_track, tight or late.
    `source` is a fact key; `estimated` says that a day of it is not published yet.
    """

    id: str
    title: str
    starts: date
    earliest: date
    latest: date
    slack_days: int
    status: str
    note: str = ""
    source: str = ""
    estimated: bool = False
    critical: bool = False
    event: bool = False
    passive: bool = False
    advised: date | None = None

    @property
    def is_action(self) -> bool:
        """Whether there is something to do."""
        return not (self.event or self.passive)


@dataclass(frozen=True)
class Binding:
    """What decides the date: the task, the rule behind it (`why`, may be empty) and how long it takes."""

    task: str
    why: str
    span: Span


@dataclass(frozen=True)
class Alternative:
    """Something else that works: third_party, telehealth, observership, later (another start) or next_cycle.

    `start` is when the rotation begins, `match_year` the Match it is for.
    """

    kind: str
    verdict: str
    start: date | None = None
    match_year: int | None = None


@dataclass(frozen=True)
class Plan:
    """A calculated plan. `first_possible` needs luck, `first_comfortable` keeps every advised figure.

    `refused` names a reason for which no date helps; `cautions` name what else the person should hear; `done` are the
    ids of tasks that need no more time.
    """

    situation: Situation
    verdict: str
    computed: date
    steps: tuple[Step, ...]
    first_possible: date | None = None
    first_comfortable: date | None = None
    binding: Binding | None = None
    alternatives: tuple[Alternative, ...] = ()
    refused: str = ""
    cautions: tuple[str, ...] = ()
    done: tuple[str, ...] = ()

    def step(self, name: str) -> Step | None:
        """The step with this id, if it is part of the plan."""
        return next((step for step in self.steps if step.id == name), None)

    def next_actions(self, count: int = 3) -> tuple[Step, ...]:
        """What to do first: what is overdue and can be begun, the rest of the overdue, then by the latest day."""
        todo = [step for step in self.steps if step.is_action]
        return tuple(sorted(todo, key=self._order))[:count]

    def _order(self, step: Step) -> tuple[bool, bool, date, date]:
        is_overdue = step.status != "on_track"
        return not is_overdue, is_overdue and step.starts > self.computed, *_urgency(step)


@dataclass(frozen=True)
class PictureWords:
    """The words of the picture: title, names of the states, "Today", and what the star of an estimate means."""

    title: str
    today: str
    estimated: str
    states: Mapping[str, str]


def _urgency(step: Step) -> tuple[date, date]:
    return step.latest, step.starts
