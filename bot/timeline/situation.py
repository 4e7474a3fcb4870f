"""Whose plan it is: a person's situation, and the network of tasks that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.timeline.critical_path import Dependency, Node
from bot.timeline.rules import LEAST, Facts, PlanRules, Task, Wait, applies, figure
from bot.timeline.season import Season, SeasonDay
from bot.timeline.spans import NO_TIME, Span

SCHOOL_ROUTES = ("direct", "vslo")
STAY_OF_VISA_WAIVER = "visa_vwp_days"
USUAL_WEEKS = "faq_rotation_weeks"
LONGEST_OF_ONE = 4
LATER_ROTATIONS = frozenset({"rotation_2", "rotation_3"})
"""They follow the one that a plan is anchored on, and have to be over with the time that somebody has."""


@dataclass(frozen=True)
class ProgramLead:
    """How long before the start a program wants the application, in months: deadline and advice (None: unknown)."""

    name: str
    least: float | None = None
    advised: float | None = None
    source_url: str = ""
    source_date: str = ""
    closed: bool = False
    needs_step1: bool | None = None
    needs_english: bool | None = None


@dataclass(frozen=True)
class Situation:
    """What a plan is made for: a `start`, a `match_year` or both, and what is known; None means unknown.

    `weeks` is the length of the stay, `rotations` the number of four-week rotations for a Match, `until` the last day
    of the only time that somebody has, `post` the consulate as in the fact keys ("new_delhi"), `visa_wait` the months
    that it told the person, `step1_on`, `step2ck_on` and `interview_on` the days of exams and of the visa interview
    that are booked, `done` the ids of finished tasks.
    Unknowns are planned with care: a visa is needed, exams are still ahead, the route is a third party.
    """

    start: date | None = None
    match_year: int | None = None
    stage: str | None = None
    route: str | None = None
    visa: str | None = None
    rotation_type: str | None = None
    step1: str | None = None
    step2ck: str | None = None
    english: str | None = None
    step1_on: date | None = None
    step2ck_on: date | None = None
    interview_on: date | None = None
    oet: str | None = None
    hepb: str | None = None
    graduation: date | None = None
    weeks: int | None = None
    rotations: int | None = None
    until: date | None = None
    post: str | None = None
    visa_wait: float | None = None
    program: ProgramLead | None = None
    done: frozenset[str] = field(default=frozenset())

    @property
    def is_for_match(self) -> bool:
        return self.match_year is not None

    @property
    def by_route(self) -> str:
        return self.route or "third_party"

    @property
    def booked(self) -> dict[str, date]:
        """The days that are booked, by the ids of their tasks."""
        booked = {"step1_exam": self.step1_on, "step2ck_exam": self.step2ck_on, "visa_interview": self.interview_on}
        return {task: day for task, day in booked.items() if day}

    @property
    def is_remote(self) -> bool:
        return self.rotation_type == "telehealth"

    def stage_on(self, day: date | None) -> str | None:
        """Student or graduate on a day; the graduation date decides where it is known."""
        if self.graduation and day:
            return "graduate" if day >= self.graduation else "student"
        return self.stage

    def days(self, facts: Facts) -> int:
        """The length of one rotation in days."""
        usual = int(figure(facts, USUAL_WEEKS)[0])
        weeks = max(1, round(self.weeks or usual))
        return 7 * (min(weeks, LONGEST_OF_ONE) if self.is_for_match else weeks)

    def last_day(self, facts: Facts) -> date | None:
        """The last day of all rotations."""
        return self.start + timedelta(days=self.days(facts) * (self.rotations or 1) - 1) if self.start else None

    def visa_on_trip(self, facts: Facts) -> str:
        """The visa that the stay needs: the visa waiver does not cover a stay that is longer than it allows."""
        stay = self.days(facts) * (self.rotations or 1)
        if self.visa == "exempt" and stay > figure(facts, STAY_OF_VISA_WAIVER)[0]:
            return "needs"
        return self.visa or "needs"


def known_of(situation: Situation, facts: Facts) -> dict[str, str]:
    """The fields that cases in the rules ask for."""
    is_match = situation.is_for_match
    step1 = _needed(situation.step1, is_match or _school_asks(situation, "needs_step1"))
    english = _needed(situation.english, _school_asks(situation, "needs_english"))
    return {
        "goal": "match" if is_match else "rotation",
        "stage": situation.stage_on(situation.start) or "",
        "route": situation.by_route,
        "visa": situation.visa_on_trip(facts),
        "interview": "booked" if situation.interview_on else "open",
        "kind": "telehealth" if situation.is_remote else "visit",
        "step1": step1,
        "step1_first": "yes" if step1 == "needed" and _school_asks(situation, "needs_step1") else "no",
        "step2ck": _needed(situation.step2ck, is_match),
        "english": english,
        "oet": _needed(situation.oet, is_match),
        "hepb": "needed" if situation.hepb == "missing" else "no",
        "rotations": str(situation.rotations or 1),
        "post": situation.post or "",
    }


def network(
    situation: Situation, rules: PlanRules, facts: Facts, *, level: str, season: Season, anchored: bool = True
) -> list[Node]:
    """The tasks that apply, with the spans of one level. `anchored` fixes the rotation on `situation.start`."""
    known = known_of(situation, facts)
    days = {**season, **_graduation(situation)}
    fitting = [task for task in rules.tasks if task.id not in situation.done and applies(task.cases, known)]
    return [_node(task, situation, facts, level=level, known=known, days=days, anchored=anchored) for task in fitting]


def _node(
    task: Task,
    situation: Situation,
    facts: Facts,
    *,
    level: str,
    known: dict[str, str],
    days: Season,
    anchored: bool,
) -> Node:
    stay = Span(days=situation.days(facts) - 1)  # the first day counts
    takes = stay if task.takes.least == ("rotation",) else task.takes.span(level, facts, known)
    if booked := situation.booked.get(task.id):
        return Node(task.id, not_before=booked, start_by=booked)
    is_booked = task.id.replace("_result", "_exam") in situation.booked
    limit = None if is_booked and level == LEAST else days.get(task.by[level != LEAST])  # the rank list needs it anyway
    opening = days.get(task.not_before)
    links = [
        Dependency(wait.task, _lag(wait, situation, facts, level=level, known=known), wait.why)
        for wait in task.waits
        if applies(wait.cases, known)
    ]
    not_before, start_by = opening.day if opening else None, None
    if anchored and situation.start:
        if task.id == "rotation":
            not_before = start_by = situation.start
        elif task.fresh:
            not_before = task.fresh.span(level, facts, known).before(situation.start)
    return Node(
        task.id,
        takes,
        tuple(links),
        not_before=not_before,
        start_by=start_by,
        finish_by=situation.until if task.id in LATER_ROTATIONS else limit.day if limit else None,
        closed=task.closed,
    )


def _lag(wait: Wait, situation: Situation, facts: Facts, *, level: str, known: dict[str, str]) -> Span:
    if wait.why == "visa_wait" and situation.visa_wait:
        return Span.of(situation.visa_wait, "months")
    usual = wait.lag.span(level, facts, known)
    program = situation.program
    if not (wait.by_program and program and (program.least is not None or program.advised is not None)):
        return usual
    return _program_lag(program, wait, facts, level=level, known=known) if wait.why else NO_TIME


def _program_lag(program: ProgramLead, wait: Wait, facts: Facts, *, level: str, known: dict[str, str]) -> Span:
    """The program's own lead: its deadline at the least; with care, the longer of its advice and the usual minimum."""
    usual = wait.lag.span(LEAST, facts, known)
    own = [Span.of(months, "months") for months in (program.least, program.advised) if months is not None]
    if level == LEAST:
        shortest = min(own, key=lambda span: span.rough_days)
        return shortest if program.least is not None else min(shortest, usual, key=lambda span: span.rough_days)
    return max(*own, usual, key=lambda span: span.rough_days)


def _school_asks(situation: Situation, requirement: str) -> bool:
    """Whether the host wants this exam from a visitor before the application (FAQ: schools do, of students)."""
    named = getattr(situation.program, requirement, None)
    if named is not None:
        return bool(named)
    return (
        situation.by_route in SCHOOL_ROUTES
        and not situation.is_remote
        and situation.rotation_type != "observership"
        and situation.stage_on(situation.start) != "graduate"
    )


def _needed(exam: str | None, is_asked: bool) -> str:
    return "needed" if is_asked and exam != "passed" else "no"


def _graduation(situation: Situation) -> dict[str, SeasonDay]:
    return {"graduation": SeasonDay(situation.graduation, estimated=False)} if situation.graduation else {}


def finished(situation: Situation, facts: Facts) -> tuple[str, ...]:
    """The ids of tasks that are done: those named, and what passed exams and a visa stand for."""
    is_match = situation.is_for_match
    known = {
        "step1_result": situation.step1 == "passed" and (is_match or _school_asks(situation, "needs_step1")),
        "step2ck_result": situation.step2ck == "passed" and is_match,
        "english_score": situation.english == "passed" and _school_asks(situation, "needs_english"),
        "oet": situation.oet == "passed" and is_match,
        "visa_interview": situation.visa_on_trip(facts) == "has" and not situation.is_remote,
    }
    return tuple(dict.fromkeys([*sorted(situation.done), *(name for name, is_done in known.items() if is_done)]))


def cautions(situation: Situation, facts: Facts) -> tuple[str, ...]:
    """What else the person should hear, by name."""
    start, graduation = situation.start, situation.graduation
    end = start + timedelta(days=situation.days(facts) * (situation.rotations or 1)) if start else None
    program, visa = situation.program, situation.visa_on_trip(facts)
    has_wait = bool(situation.post or situation.visa_wait or situation.interview_on)
    found = {
        "graduate_direct": situation.by_route in SCHOOL_ROUTES
        and situation.stage_on(start) == "graduate"
        and program is None,
        "graduated_by_then": situation.stage == "student" and situation.stage_on(start) == "graduate",
        "not_graduated_yet": situation.stage == "graduate" and situation.stage_on(start) == "student",
        "ends_after_graduation": bool(start and end and graduation and start < graduation < end),
        "waiver_too_short": situation.visa == "exempt" and visa == "needs",
        "consulate_unknown": visa == "needs" and not situation.is_remote and not has_wait,
        "telehealth_weight": situation.is_remote,
        "vslo_opens": situation.by_route == "vslo",
        "program_closed": bool(program and program.closed),
    }
    return tuple(name for name, holds in found.items() if holds)
