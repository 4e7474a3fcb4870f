"""The critical-path method, and nothing else: a forward pass from today, a backward pass from the limits.

Links wait for the end of an earlier task plus a lag, so "apply six months before the rotation" is a link of six months
from the application to the rotation. Both passes use the same spans, so they never contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.timeline.spans import NO_TIME, Closure, Span


@dataclass(frozen=True)
class Dependency:
    """What a task waits for: the end of `task`, then `lag`. `why` names the rule behind it."""

    task: str
    lag: Span = NO_TIME
    why: str = ""


@dataclass(frozen=True)
class Node:
    """A task in the network. Limits are inclusive days; a task ends on the day its duration after its start."""

    id: str
    takes: Span = NO_TIME
    after: tuple[Dependency, ...] = ()
    not_before: date | None = None
    start_by: date | None = None
    finish_by: date | None = None
    closed: Closure | None = None


@dataclass(frozen=True)
class Times:
    """When a task can happen at the earliest and must happen at the latest; `waits_for` decided its earliest start."""

    start: date
    finish: date
    latest_start: date
    latest_finish: date
    waits_for: Dependency | None = None

    @property
    def slack_days(self) -> int:
        """Days to spare; below zero the limits cannot be kept."""
        return min((self.latest_finish - self.finish).days, (self.latest_start - self.start).days)


Schedule = Mapping[str, Times]


class OrderError(ValueError):
    """A task stands before one that it waits for."""


def schedule(nodes: Iterable[Node], today: date) -> dict[str, Times]:
    """The times of every task. Tasks stand after those that they wait for.

    Links to tasks that are not in the network (done, or not needed) are ignored.

    Raises:
        OrderError: a task stands before one that it waits for.
    """
    network = {node.id: node for node in nodes}
    early = _forward(network, today)
    late = _backward(network, max((found[1] for found in early.values()), default=today))
    return {name: Times(*early[name][:2], *late[name], early[name][2]) for name in network}


def is_feasible(times: Schedule) -> bool:
    """Whether every limit can be kept."""
    return all(item.slack_days >= 0 for item in times.values())


def path_to(goal: str, times: Schedule) -> tuple[str, ...]:
    """The chain of tasks that decides when `goal` can start at the earliest, first task first."""
    chain = [goal]
    while (link := times[chain[-1]].waits_for) is not None:
        chain.append(link.task)
    return tuple(reversed(chain))


Early = tuple[date, date, Dependency | None]


def _forward(network: Mapping[str, Node], today: date) -> dict[str, Early]:
    early: dict[str, Early] = {}
    for name, node in network.items():
        start, decisive = today, None
        for link in node.after:
            if link.task not in network:
                continue
            if link.task not in early:
                raise OrderError(f"{name} stands before {link.task}")
            ready = link.lag.after(early[link.task][1])
            if ready > start:
                start, decisive = ready, link
        if node.not_before and node.not_before > start:
            start, decisive = node.not_before, None
        finish = node.takes.after(start)
        early[name] = (start, node.closed.next_open(finish) if node.closed else finish, decisive)
    return early


def _backward(network: Mapping[str, Node], end: date) -> dict[str, tuple[date, date]]:
    limits = [day for node in network.values() for day in (node.start_by, node.finish_by) if day]
    horizon = max([end, *limits])
    finish_by = {name: node.finish_by or horizon for name, node in network.items()}
    late: dict[str, tuple[date, date]] = {}
    for name, node in reversed(list(network.items())):
        finish = node.closed.last_open(finish_by[name]) if node.closed else finish_by[name]
        start = node.takes.before(finish)
        if node.start_by and node.start_by < start:
            start = node.start_by
            finish = min(finish, node.takes.after(start))
        late[name] = (start, finish)
        for link in node.after:
            if link.task in network:
                finish_by[link.task] = min(finish_by[link.task], link.lag.before(start))
    return late
