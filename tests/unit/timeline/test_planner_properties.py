"""What holds for every plan, whoever asks and whenever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.timeline.critical_path import Dependency, Node, is_feasible, schedule
from bot.timeline.plan import FEASIBLE, IMPOSSIBLE, VERDICTS
from bot.timeline.planner import first_start, plan
from bot.timeline.rules import ADVISED, LEAST
from bot.timeline.situation import Situation, network
from bot.timeline.spans import Closure, Span
from tests.unit.timeline.ground import facts, rules

TODAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
SITUATIONS = st.builds(
    Situation,
    stage=st.sampled_from([None, "student", "graduate"]),
    route=st.sampled_from([None, "direct", "vslo", "third_party"]),
    visa=st.sampled_from([None, "has", "needs", "exempt"]),
    rotation_type=st.sampled_from([None, "observership", "telehealth"]),
    step1=st.sampled_from([None, "passed", "not_taken"]),
    english=st.sampled_from([None, "passed"]),
    hepb=st.sampled_from([None, "missing"]),
    weeks=st.sampled_from([None, 2, 8, 16]),
    post=st.sampled_from([None, "mumbai", "kolkata"]),
)
MANY = settings(max_examples=60, deadline=None)


def planned(situation: Situation, today: date, **changes: Any) -> Any:
    return plan(replace(situation, **changes), rules(), facts(), today=today)


@MANY
@given(SITUATIONS, TODAYS, st.integers(0, 900))
def test_no_step_begins_before_today(situation: Situation, today: date, ahead: int) -> None:
    found = planned(situation, today, start=today + timedelta(days=ahead))
    assert all(step.starts >= today for step in found.steps)


@MANY
@given(SITUATIONS, TODAYS, st.integers(0, 900), st.sampled_from([LEAST, ADVISED]))
def test_every_task_waits_for_those_before_it(situation: Situation, today: date, ahead: int, level: str) -> None:
    wanted = replace(situation, start=today + timedelta(days=ahead))
    nodes = network(wanted, rules(), facts(), level=level, season={})
    times = schedule(nodes, today)
    for node in nodes:
        for link in node.after:
            if link.task in times:
                assert link.lag.before(times[node.id].start) >= times[link.task].finish


@MANY
@given(SITUATIONS, TODAYS, st.integers(0, 900))
def test_a_plan_that_works_has_no_latest_day_before_its_earliest(situation: Situation, today: date, ahead: int) -> None:
    found = planned(situation, today, start=today + timedelta(days=ahead))
    if found.verdict != IMPOSSIBLE:
        assert all(step.earliest <= step.latest for step in found.steps)
        assert all(step.status != "late" for step in found.steps)


@MANY
@given(SITUATIONS, TODAYS, st.integers(0, 900))
def test_the_verdict_agrees_with_the_first_starts(situation: Situation, today: date, ahead: int) -> None:
    start = today + timedelta(days=ahead)
    found = planned(situation, today, start=start)
    assert found.first_possible <= found.first_comfortable
    assert (found.verdict == IMPOSSIBLE) == (start < found.first_possible)
    assert (found.verdict == FEASIBLE) == (start >= found.first_comfortable)


@MANY
@given(SITUATIONS, TODAYS, st.integers(0, 900), st.integers(1, 400))
def test_more_time_never_makes_a_plan_worse(situation: Situation, today: date, ahead: int, more: int) -> None:
    start = today + timedelta(days=ahead)
    sooner = planned(situation, today, start=start)
    later = planned(situation, today, start=start + timedelta(days=more))
    assert VERDICTS.index(later.verdict) <= VERDICTS.index(sooner.verdict)


@MANY
@given(SITUATIONS, TODAYS)
def test_what_is_in_hand_never_makes_a_plan_slower(situation: Situation, today: date) -> None:
    better = replace(situation, visa="has", step1="passed", english="passed", hepb="done")
    for level in (LEAST, ADVISED):
        assert first_start(better, rules(), facts(), today=today, level=level) <= first_start(
            situation, rules(), facts(), today=today, level=level
        )


@MANY
@given(SITUATIONS, TODAYS, st.integers(0, 900))
def test_every_alternative_is_better_and_can_be_planned(situation: Situation, today: date, ahead: int) -> None:
    found = planned(situation, today, start=today + timedelta(days=ahead))
    for item in found.alternatives:
        assert VERDICTS.index(item.verdict) < VERDICTS.index(found.verdict)
        if item.kind == "later":
            assert planned(situation, today, start=item.start).verdict == item.verdict


@MANY
@given(SITUATIONS, TODAYS)
def test_four_hundred_years_later_everything_is_four_hundred_years_later(situation: Situation, today: date) -> None:
    """The calendar repeats itself after 400 years to the day, so that a shift of today and the goal shifts all."""
    start = today + timedelta(days=300)
    now = planned(situation, today, start=start)
    then = planned(situation, today.replace(year=today.year + 400), start=start.replace(year=start.year + 400))
    assert [(step.id, step.latest.replace(year=step.latest.year + 400)) for step in now.steps] == [
        (step.id, step.latest) for step in then.steps
    ]


# The network alone, with lengths in days: any chain of tasks, shifted by any number of days.
DAYS = st.builds(Span, st.just(0), st.integers(0, 200))
TASKS = st.lists(st.tuples(DAYS, st.lists(st.tuples(st.integers(0, 20), DAYS), max_size=3)), min_size=1, max_size=8)


def _nodes(tasks: list[Any], goal: date) -> list[Node]:
    nodes = [
        Node(f"t{at}", takes, tuple(Dependency(f"t{before % at}", lag) for before, lag in links) if at else ())
        for at, (takes, links) in enumerate(tasks)
    ]
    return [*nodes[:-1], replace(nodes[-1], finish_by=goal)]


@MANY
@given(TASKS, TODAYS, st.integers(0, 1500), st.integers(-3000, 3000))
def test_shifting_today_and_the_goal_shifts_every_day_by_as_much(tasks: Any, today: date, ahead: int, by: int) -> None:
    goal, shift = today + timedelta(days=ahead), timedelta(days=by)
    here = schedule(_nodes(tasks, goal), today)
    there = schedule(_nodes(tasks, goal + shift), today + shift)
    for name, times in here.items():
        assert (times.start + shift, times.finish + shift) == (there[name].start, there[name].finish)
        assert times.latest_finish + shift == there[name].latest_finish


@MANY
@given(TASKS, TODAYS, st.integers(0, 1500))
def test_slack_says_how_long_a_task_can_wait(tasks: Any, today: date, ahead: int) -> None:
    goal = today + timedelta(days=ahead)
    nodes = [replace(node, finish_by=goal) for node in _nodes(tasks, goal)]
    times = schedule(nodes, today)
    if not is_feasible(times):
        return
    for at, node in enumerate(nodes):
        slack = times[node.id].slack_days
        waiting = replace(node, not_before=times[node.id].start + timedelta(days=slack))
        assert is_feasible(schedule([*nodes[:at], waiting, *nodes[at + 1 :]], today))
        late = replace(node, not_before=times[node.id].start + timedelta(days=slack + 1))
        assert not is_feasible(schedule([*nodes[:at], late, *nodes[at + 1 :]], today))


@MANY
@given(TODAYS, st.integers(0, 120))
def test_an_exam_is_never_planned_for_the_closed_weeks(today: date, days: int) -> None:
    node = Node("exam", Span(days=days), closed=Closure((1, 1), (1, 14)))
    finish = schedule([node], today)["exam"].finish
    assert (finish.month, finish.day) > (1, 14)
