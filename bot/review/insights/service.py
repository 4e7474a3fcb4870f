"""Insights: what the figures of a period mean, and the rates made of them. Each definition stands on the page too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from sqlalchemy.orm import Session

from bot.review.insights import store as tables
from bot.review.insights.store import REPLY_STEP_MS, Scope, TalkCounts

MOST_LISTED = 15


@dataclass(frozen=True)
class Figures:
    """One part of the period. Rates are shares from 0 to 1, None where there is nothing to divide by; times in ms."""

    part: str
    people: int
    conversations: int
    messages: int
    containment: float | None
    fallback: float | None
    out_of_scope: float | None
    satisfaction: float | None
    thumbs: int
    handed_off: int
    failed: int
    p50: int | None
    p95: int | None


@dataclass(frozen=True)
class Wishes:
    """What people looked for. Lists are (name, how often), most wanted first."""

    searches: int
    without_result: int
    states: tuple[tuple[str, int], ...]
    specialties: tuple[tuple[str, int], ...]
    plans: int
    verdicts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class TopicFigures:
    """How often a topic was understood, and how often it was then answered."""

    intent: str
    messages: int
    answered: int


@dataclass(frozen=True)
class Quality:
    """What questions got: shares of typed messages that have ended, and the questions that nobody can answer yet.

    `shares` are (answer, unknown, choice, not understood, refused, person, failed; messages). `unknowns` are
    (aspect, people, messages), what most people asked first: what to look up next.
    """

    total: int
    shares: tuple[tuple[str, int], ...]
    unknowns: tuple[tuple[str, int, int], ...]


class Period:
    """The talks of a period, read once and divided in any way."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self._talks = tables.talks(session, scope)
        self._times = tables.reply_times(session, scope)

    def overall(self) -> Figures:
        """The whole period as one part."""
        return next(iter(self.by("")), _figures("", [], Counter()))

    def by(self, division: str) -> list[Figures]:
        """The figures of each part that has messages; `division` is "", day, week, channel or model."""
        talks: dict[str, list[TalkCounts]] = defaultdict(list)
        times: dict[str, Counter[int]] = defaultdict(Counter)
        name = cache(partial(_part, division))
        for talk in self._talks:
            talks[name(talk.day, talk.channel, talk.model)].append(talk)
        for day, channel, model, step, count in self._times:
            times[name(day, channel, model)][step] += count
        return [_figures(part, talks[part], times[part]) for part in sorted(talks)]


def _part(division: str, day: str, channel: str, model: str) -> str:
    """The name of the part to which something belongs; a week is named by its Monday."""
    if division == "week":
        return str(date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday()))
    return {"": "", "day": day, "channel": channel, "model": model}[division]


def topics(session: Session, scope: Scope) -> list[TopicFigures]:
    """What was asked for, the most frequent first."""
    return [TopicFigures(*row) for row in tables.intents(session, scope)]


def quality(session: Session, scope: Scope, unknown: Collection[str]) -> Quality:
    """What typed messages got; `unknown` are the aspects whose answer says that nobody knows."""
    ended = tables.outcomes(session, scope)
    asked = [(name, people, count) for name, count, people in tables.aspects(session, scope) if name in unknown]
    not_known = sum(count for _, _, count in asked)
    shares = (
        ("answer", ended.get("answered", 0) - not_known),
        ("unknown", not_known),
        ("choice", ended.get("asked_back", 0)),
        ("not understood", ended.get("fallback", 0)),
        ("refused", ended.get("refused", 0)),
        ("person", ended.get("handed_off", 0)),
        ("failed", ended.get("failed", 0)),
    )
    most = sorted(asked, key=lambda item: (-item[1], -item[2], item[0]))[:MOST_LISTED]
    return Quality(sum(count for _, count in shares), shares, tuple(most))


def wishes(session: Session, scope: Scope) -> Wishes:
    """What people searched and planned for."""
    states: Counter[str] = Counter()
    specialties: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    searches = without_result = 0
    for facts, count in tables.facts(session, scope):
        if search := facts.get("search"):
            searches += count
            without_result += count if not search.get("found") else 0
            states.update(dict.fromkeys(search.get("states") or (), count))
            specialties.update(dict.fromkeys(search.get("specialties") or (), count))
        if plan := facts.get("timeline"):
            verdicts[str(plan.get("verdict") or "")] += count
    return Wishes(
        searches, without_result, _most(states), _most(specialties), plans=verdicts.total(), verdicts=_most(verdicts)
    )


def percentile(times: Mapping[int, int], share: float) -> int | None:
    """The time in ms within which this share of messages was answered; `times` counts messages by step.

    Steps are 10 ms wide and the end of one is given, so the result is never better than what people saw.
    """
    total, seen = sum(times.values()), 0
    for step in sorted(times):
        seen += times[step]
        if seen >= share * total:
            return (step + 1) * REPLY_STEP_MS
    return None


def _most(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:MOST_LISTED])


def _figures(part: str, talks: Sequence[TalkCounts], times: Mapping[int, int]) -> Figures:
    """A conversation is what one person writes on one day, whatever model answers."""
    conversations = {(talk.person, talk.day) for talk in talks}
    missed = {(t.person, t.day) for t in talks if t.handed_off or t.failed or t.thumbs_down}
    messages, typed, fallbacks, refused, handed_off, failed, up, down = [
        sum(column) for column in zip(*(talk[4:] for talk in talks), strict=True)
    ] or [0] * 8
    return Figures(
        part=part,
        people=len({talk.person for talk in talks}),
        conversations=len(conversations),
        messages=messages,
        containment=_share(len(conversations) - len(missed), len(conversations)),
        fallback=_share(fallbacks, typed),
        out_of_scope=_share(refused, typed),
        satisfaction=_share(up, up + down),
        thumbs=up + down,
        handed_off=handed_off,
        failed=failed,
        p50=percentile(times, 0.5),
        p95=percentile(times, 0.95),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
