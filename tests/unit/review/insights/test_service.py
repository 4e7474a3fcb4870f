"""Every figure equals what plain Python counts over the same hand-made messages, on both kinds of database."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import Database
from bot.review.insights.service import Figures, Period, TopicFigures, percentile, topics, wishes
from bot.review.insights.store import Scope
from bot.review.tables import OUTCOMES, ReviewMessage
from tests.review_rows import put

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 22)  # three weeks, Monday to Sunday
STATES, SPECIALTIES = ("TX", "NY", "CA"), ("cardiology", "surgery")


def make(session: Session, count: int = 400) -> None:
    """Messages of 30 people over five weeks, with everything that can happen to them."""
    dice = random.Random(7)
    for number in range(count):
        day = FIRST - timedelta(days=7) + timedelta(days=dice.randrange(35))
        second = dice.choice([0, 1, 86_399, dice.randrange(86_400)])
        at = datetime.combine(day, time(), UTC) + timedelta(seconds=second)
        put(
            session,
            f"{dice.choice(['web', 'tg'])}:{dice.randrange(15)}",
            at=at,
            message_id=f"m{number}",
            channel=dice.choice(["web", "telegram"]),
            model_id=dice.choice(["m1", "m2"]),
            kind=dice.choice(["typed", "typed", "button"]),
            intent=dice.choice(["faq_cost", "faq_visa", ""]),
            outcome=dice.choice(["answered"] * 6 + list(OUTCOMES)),
            feedback=dice.choice([""] * 5 + ["up", "up", "down"]),
            facts=facts(dice),
            reply_ms=dice.choice([None, dice.randrange(20, 900)]),
        )


def facts(dice: random.Random) -> dict[str, Any]:
    wish = {"states": dice.sample(STATES, dice.randrange(3)), "specialties": dice.sample(SPECIALTIES, 1)}
    search = {"search": {**wish, "rotation_types": [], "found": dice.choice([0, 3, 12])}}
    return dice.choice([{}, {}, search, {"timeline": {"verdict": dice.choice(["feasible", "tight"])}}])


@pytest.fixture(scope="module")
def filled(new_database: Callable[[], str]) -> Iterator[Database]:
    database = Database(new_database())
    with database.unit() as session:
        make(session)
    yield database
    database.engine.dispose()


def part_of(row: ReviewMessage, by: str) -> str:
    day = row.received_at.astimezone(UTC).date()
    monday = day - timedelta(days=day.weekday())
    return {"": "", "day": str(day), "week": str(monday), "channel": row.channel, "model": row.model_id}[by]


def oracle(rows: list[ReviewMessage], part: str) -> Figures:
    """The definitions of the page, counted the slow way."""
    talks: dict[tuple[str, date], list[ReviewMessage]] = {}
    for row in rows:
        talks.setdefault((row.conversation_id, row.received_at.astimezone(UTC).date()), []).append(row)
    helped = [talk for talk in talks.values() if not any(_went_wrong(row) for row in talk)]
    typed = [row for row in rows if row.kind == "typed"]
    up, down = (sum(row.feedback == thumb for row in rows) for thumb in ("up", "down"))
    times = sorted(row.reply_ms for row in rows if row.reply_ms is not None)

    def share(some: int, all_: int) -> float | None:
        return some / all_ if all_ else None

    def within(level: float) -> int | None:
        nearest = next((value for at, value in enumerate(times, 1) if at >= level * len(times)), None)
        return None if nearest is None else (nearest // 10 + 1) * 10

    return Figures(
        part=part,
        people=len({row.conversation_id for row in rows}),
        conversations=len(talks),
        messages=len(rows),
        containment=share(len(helped), len(talks)),
        fallback=share(sum(row.outcome == "fallback" for row in typed), len(typed)),
        out_of_scope=share(sum(row.outcome == "refused" for row in typed), len(typed)),
        satisfaction=share(up, up + down),
        thumbs=up + down,
        handed_off=sum(row.outcome == "handed_off" for row in rows),
        failed=sum(row.outcome == "failed" for row in rows),
        p50=within(0.5),
        p95=within(0.95),
    )


def _went_wrong(row: ReviewMessage) -> bool:
    return row.outcome in ("handed_off", "failed") or row.feedback == "down"


def rows_of(session: Session, scope: Scope) -> list[ReviewMessage]:
    return [
        row
        for row in session.scalars(select(ReviewMessage))
        if scope.first <= row.received_at.astimezone(UTC).date() <= scope.last
        and scope.channel in ("", row.channel)
        and scope.model in ("", row.model_id)
    ]


SCOPES = [Scope(FIRST, LAST), Scope(FIRST, LAST, channel="telegram"), Scope(FIRST, FIRST, model="m2")]


@pytest.mark.parametrize("by", ["", "day", "week", "channel", "model"])
@pytest.mark.parametrize("scope", SCOPES, ids=["all", "telegram", "a day of one model"])
def test_figures_equal_a_plain_count(filled: Database, scope: Scope, by: str) -> None:
    with filled.unit() as session:
        rows = rows_of(session, scope)
        assert len(rows) > 5
        parts = sorted({part_of(row, by) for row in rows})
        expected = [oracle([row for row in rows if part_of(row, by) == part], part) for part in parts]
        assert Period(session, scope).by(by) == expected


def test_wishes_and_topics_equal_a_plain_count(filled: Database) -> None:
    with filled.unit() as session:
        rows = rows_of(session, SCOPES[0])
        searches = [row.facts["search"] for row in rows if "search" in row.facts]
        found = wishes(session, SCOPES[0])
        assert found.searches == len(searches) > 10
        assert found.without_result == sum(search["found"] == 0 for search in searches)
        assert dict(found.states) == {name: sum(name in s["states"] for s in searches) for name in STATES}
        assert dict(found.specialties) == {
            name: sum(name in s["specialties"] for s in searches) for name in SPECIALTIES
        }
        assert found.plans == sum(count for _, count in found.verdicts) == sum("timeline" in row.facts for row in rows)
        cost = [row for row in rows if row.intent == "faq_cost"]
        expected = TopicFigures("faq_cost", len(cost), sum(row.outcome == "answered" for row in cost))
        assert next(topic for topic in topics(session, SCOPES[0]) if topic.intent == "faq_cost") == expected


def test_a_period_without_messages_has_zeros_and_no_rates(filled: Database) -> None:
    with filled.unit() as session:
        nothing = Period(session, Scope(date(2020, 1, 1), date(2020, 1, 31))).overall()
    assert (nothing.messages, nothing.people, nothing.containment, nothing.p95) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("times", "share", "expected"),
    [({}, 0.5, None), ({0: 1}, 0.95, 10), ({9: 50, 1: 50}, 0.5, 20), ({1: 94, 9: 6}, 0.95, 100)],
)
def test_percentiles_are_the_end_of_the_step_in_which_they_fall(
    times: dict[int, int], share: float, expected: int | None
) -> None:
    assert percentile(times, share) == expected
