"""Plans for situations whose dates were worked out by hand. Unless said otherwise today is 23 November 2026."""

# ruff: noqa: E501 (a table is easier to read with a case on a line)

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.timeline.plan import FEASIBLE, IMPOSSIBLE, TIGHT
from bot.timeline.planner import match_after, plan
from bot.timeline.rules import RulesError
from bot.timeline.situation import ProgramLead, Situation
from tests.unit.timeline.ground import TODAY, d, facts, planned, rules

AGENCY_VISA = {"route": "third_party", "visa": "has"}
AGENCY_NO_VISA = {"route": "third_party", "visa": "needs"}
SCHOOL = {"route": "direct", "visa": "has", "stage": "student", "step1": "passed", "english": "passed"}
AMO = ProgramLead("AMO", least=3)
YALE = ProgramLead("Yale", least=4, advised=6)
KANSAS = ProgramLead("Kansas", least=12)
DALLAS = ProgramLead("Dallas", advised=4)
QUICK = ProgramLead("Quick observership", least=1)
HANDS_ON = ProgramLead("No exams asked", needs_step1=False, needs_english=False)

# name: situation, today, first possible start, first comfortable start
FIRST_STARTS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    # 2 months at the least, 3 with care
    "agency with a visa": (AGENCY_VISA, "2026-11-23", "2027-01-23", "2027-02-23"),
    "agency, visa waiver": (AGENCY_VISA | {"visa": "exempt"}, "2026-11-23", "2027-01-23", "2027-02-23"),
    "telehealth needs no visa": (
        AGENCY_NO_VISA | {"rotation_type": "telehealth"},
        "2026-11-23",
        "2027-01-23",
        "2027-02-23",
    ),
    # the FAQ's 6 months, also where all goes well: nobody can promise an interview
    "agency without a visa": (AGENCY_NO_VISA, "2026-11-23", "2027-05-23", "2027-05-23"),
    "nothing known is planned like an agency without a visa": ({}, "2026-11-23", "2027-05-23", "2027-05-23"),
    # 91 days are more than the 90 of the visa waiver
    "visa waiver for 13 weeks": (
        AGENCY_VISA | {"visa": "exempt", "weeks": 13},
        "2026-11-23",
        "2027-05-23",
        "2027-05-23",
    ),
    "visa waiver for 12 weeks": (
        AGENCY_VISA | {"visa": "exempt", "weeks": 12},
        "2026-11-23",
        "2027-01-23",
        "2027-02-23",
    ),
    # 6 months at the least, 9 with care; a visa does not change that
    "school, exams passed": (SCHOOL, "2026-11-23", "2027-05-23", "2027-08-23"),
    "school without a visa": (SCHOOL | {"visa": "needs"}, "2026-11-23", "2027-05-23", "2027-08-23"),
    "school as a graduate asks no exams": (
        {"route": "direct", "visa": "has", "stage": "graduate"},
        "2026-11-23",
        "2027-05-23",
        "2027-08-23",
    ),
    "vslo counts like a school": (SCHOOL | {"route": "vslo"}, "2026-11-23", "2027-05-23", "2027-08-23"),
    # Step 1: 30 days + 4 weeks = 20 Jan, + 6 months; with care 3 months + 8 weeks = 20 Apr, + 9 months
    "school, Step 1 ahead": (SCHOOL | {"step1": "not_taken"}, "2026-11-23", "2027-07-20", "2028-01-20"),
    # the exam would fall on 9 Jan, closed until the 14th: 15 Jan + 28 days = 12 Feb, + 6 months; 10 Mar + 56 = 5 May, + 9
    "school, Step 1 in the January closure": (
        SCHOOL | {"step1": "not_taken"},
        "2026-12-10",
        "2027-08-12",
        "2028-02-05",
    ),
    # TOEFL: 14 + 8 days = 15 Dec, + 6 months; 30 + 8 days = 31 Dec, + 9 months: 30 Sep - 9 is 30 Dec, so 1 Oct
    "school, English test ahead": (SCHOOL | {"english": None}, "2026-11-23", "2027-06-15", "2027-10-01"),
    "an observership at a school asks no exams": (
        SCHOOL | {"step1": None, "english": None, "rotation_type": "observership"},
        "2026-11-23",
        "2027-05-23",
        "2027-08-23",
    ),
    # waits at consulates, counted from today, + 14 days, with care + 14 more
    "New Delhi, 7.5 months": (AGENCY_NO_VISA | {"post": "new_delhi"}, "2026-11-23", "2027-07-22", "2027-08-05"),
    "Kolkata, 4 months": (AGENCY_NO_VISA | {"post": "kolkata"}, "2026-11-23", "2027-05-23", "2027-05-23"),
    "Toronto, 21 months": (AGENCY_NO_VISA | {"post": "toronto"}, "2026-11-23", "2028-09-06", "2028-09-20"),
    "a visa in hand makes the consulate irrelevant": (
        AGENCY_VISA | {"post": "toronto"},
        "2026-11-23",
        "2027-01-23",
        "2027-02-23",
    ),
    # hepatitis B: fast series 1 month (the agency's 2 bind); classic 6 months + 60 days for the titer
    "hepatitis B missing": (AGENCY_VISA | {"hepb": "missing"}, "2026-11-23", "2027-01-23", "2027-07-22"),
    # a program's own deadline, and with care its advice or the FAQ's minimum, whichever is longer
    "AMO wants 3 months": (AGENCY_VISA | {"program": AMO}, "2026-11-23", "2027-02-23", "2027-02-23"),
    "Yale wants 4, advises 6": (SCHOOL | {"program": YALE}, "2026-11-23", "2027-03-23", "2027-05-23"),
    "Kansas wants 12": (SCHOOL | {"program": KANSAS}, "2026-11-23", "2027-11-23", "2027-11-23"),
    "Dallas advises 4": (SCHOOL | {"program": DALLAS}, "2026-11-23", "2027-03-23", "2027-05-23"),
    "a program with 1 month": (SCHOOL | {"program": QUICK}, "2026-11-23", "2026-12-23", "2027-05-23"),
    "a program that asks no exams": (
        SCHOOL | {"step1": None, "english": None, "program": HANDS_ON},
        "2026-11-23",
        "2027-05-23",
        "2027-08-23",
    ),
    # applied: onboarding 14 days and TB test 21 days; with care 30 days
    "already applied": (
        AGENCY_VISA | {"done": frozenset({"documents", "apply"})},
        "2026-11-23",
        "2026-12-14",
        "2026-12-23",
    ),
    "already accepted": (
        AGENCY_VISA | {"done": frozenset({"documents", "apply", "decision"})},
        "2026-11-23",
        "2026-12-14",
        "2026-12-14",
    ),
    # an interview on 14 January: 14 days to the visa, and with care 14 more for the journey
    "accepted, with a day at the consulate": (
        AGENCY_NO_VISA
        | {"done": frozenset({"documents", "apply", "decision", "visa_booking"}), "interview_on": date(2027, 1, 14)},
        "2026-11-23",
        "2027-01-28",
        "2027-02-11",
    ),
    # ends of months and years: 2 months after 31 Dec is 1 Mar, since 28 Feb - 2 is only 28 Dec
    "last day of the year": (AGENCY_VISA, "2026-12-31", "2027-03-01", "2027-03-31"),
    "30 November before a leap year": (AGENCY_VISA, "2027-11-30", "2028-01-30", "2028-03-01"),
    "29 February": (AGENCY_VISA, "2028-02-29", "2028-04-29", "2028-05-29"),
    # 6 months after 31 Aug is 1 Mar, since 29 Feb - 6 is only 29 Aug
    "31 August without a visa": (AGENCY_NO_VISA, "2027-08-31", "2028-03-01", "2028-03-01"),
}


@pytest.mark.parametrize("name", FIRST_STARTS)
def test_the_first_start_that_is_possible_and_the_first_that_is_comfortable(name: str) -> None:
    known, today, possible, comfortable = FIRST_STARTS[name]
    found = planned(d(today), start=date(2030, 1, 1), **known)
    assert (found.first_possible, found.first_comfortable) == (d(possible), d(comfortable))


@pytest.mark.parametrize("name", FIRST_STARTS)
def test_the_verdict_changes_exactly_on_these_days(name: str) -> None:
    known, today, possible, comfortable = FIRST_STARTS[name]
    first, easy = d(possible), d(comfortable)
    assert planned(d(today), start=date.fromordinal(first.toordinal() - 1), **known).verdict == IMPOSSIBLE
    assert planned(d(today), start=easy, **known).verdict == FEASIBLE
    if first < easy:
        assert planned(d(today), start=first, **known).verdict == TIGHT
        assert planned(d(today), start=date.fromordinal(easy.toordinal() - 1), **known).verdict == TIGHT


# name: situation, start, day by which to apply (the advised one where it can be kept), TB test from, TB test by
DEADLINES: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    "summer without a visa": (AGENCY_NO_VISA, "2027-06-01", "2026-12-01", "2027-03-01", "2027-05-18"),
    "end of summer without a visa": (AGENCY_NO_VISA, "2027-08-31", "2027-02-28", "2027-05-31", "2027-08-17"),
    "summer with a visa": (AGENCY_VISA, "2027-06-01", "2027-03-01", "2027-03-01", "2027-05-18"),
    "school in October": (SCHOOL, "2027-10-01", "2027-01-01", "2027-07-01", "2027-09-17"),
    "leap day without a visa": (AGENCY_NO_VISA, "2028-02-29", "2027-08-29", "2027-11-29", "2028-02-15"),
    "ten years ahead": (AGENCY_NO_VISA, "2036-06-01", "2035-12-01", "2036-03-01", "2036-05-18"),
}


@pytest.mark.parametrize("name", DEADLINES)
def test_days_are_counted_back_from_the_start(name: str) -> None:
    known, start, apply, tb_from, tb_by = DEADLINES[name]
    found = planned(start=d(start), **known)
    steps = {step.id: step for step in found.steps}
    assert steps["apply"].latest == d(apply)
    assert (steps["tb_test"].starts, steps["tb_test"].latest) == (d(tb_from), d(tb_by))
    assert found.verdict == FEASIBLE


def test_what_is_overdue_comes_first_and_names_the_advised_day() -> None:
    found = planned(start=d("2027-02-10"), **AGENCY_VISA)
    assert found.verdict == TIGHT
    assert [step.id for step in found.next_actions()] == ["passport", "documents", "apply"]
    apply = found.step("apply")
    assert apply
    assert apply.status == "tight"
    assert (apply.advised, apply.latest) == (d("2026-11-10"), d("2026-12-10"))


def test_a_tight_plan_shows_the_advised_day_wherever_it_can_be_kept() -> None:
    found = planned(start=d("2027-04-23"), **AGENCY_NO_VISA)
    booking = found.step("visa_booking")
    # 23 Apr - 14 days of travel - 14 days for the passport = 26 Mar; - 3 months
    assert booking is not None
    assert (booking.status, booking.latest) == ("on_track", d("2026-12-26"))


def test_an_impossible_plan_offers_what_works() -> None:
    found = planned(start=d("2027-04-23"), **SCHOOL)
    assert found.verdict == IMPOSSIBLE
    offers = {item.kind: (item.verdict, item.start) for item in found.alternatives}
    assert offers["third_party"] == (FEASIBLE, d("2027-04-23"))
    assert offers["later"] == (FEASIBLE, d("2027-08-23"))


def test_an_alternative_that_does_not_work_is_not_offered() -> None:
    found = planned(start=d("2026-12-10"), **SCHOOL)
    assert {item.kind for item in found.alternatives} == {"later"}


@pytest.mark.parametrize(
    ("known", "task", "why"),
    [
        (AGENCY_VISA, "apply", "third_party"),
        (AGENCY_NO_VISA, "apply", "no_visa"),
        (SCHOOL, "apply", "direct"),
        (AGENCY_NO_VISA | {"post": "mumbai"}, "visa_booking", "visa_wait"),
        (AGENCY_VISA | {"hepb": "missing"}, "hepatitis_b", ""),
    ],
)
def test_the_plan_names_what_decides_the_date(known: dict[str, Any], task: str, why: str) -> None:
    binding = planned(start=d("2028-06-01"), **known).binding
    assert binding is not None
    assert (binding.task, binding.why) == (task, why)


@pytest.mark.parametrize(
    ("kind", "graduation", "start", "refused"),
    [
        ("elective", "2027-06-30", "2027-06-29", ""),
        ("elective", "2027-06-30", "2027-07-01", "elective_after_graduation"),
        ("sub_internship", "2027-06-30", "2028-01-10", "elective_after_graduation"),
        ("externship", "2027-06-30", "2027-05-01", "externship_before_graduation"),
        ("externship", "2027-06-30", "2027-07-01", ""),
        ("observership", "2027-06-30", "2027-05-01", ""),
    ],
)
def test_a_rotation_on_the_wrong_side_of_graduation_is_refused(
    kind: str, graduation: str, start: str, refused: str
) -> None:
    found = planned(start=d(start), graduation=d(graduation), rotation_type=kind, **AGENCY_VISA)
    assert found.refused == refused
    assert (found.verdict == IMPOSSIBLE) == bool(refused)


def test_an_externship_before_graduation_offers_the_day_of_graduation() -> None:
    found = planned(start=d("2027-05-01"), graduation=d("2027-07-31"), rotation_type="externship", **AGENCY_VISA)
    offers = {item.kind: item.start for item in found.alternatives}
    assert offers["later"] == d("2027-07-31")
    assert offers["observership"] == d("2027-05-01")


def test_a_start_before_graduation_is_planned_for_a_student() -> None:
    found = planned(start=d("2027-05-30"), stage="graduate", graduation=d("2027-06-15"), route="direct", visa="has")
    assert {"not_graduated_yet", "ends_after_graduation"} <= set(found.cautions)
    assert found.step("step1_exam") is not None


def test_a_start_in_the_past_is_impossible() -> None:
    assert planned(start=d("2026-11-01"), **AGENCY_VISA).verdict == IMPOSSIBLE


def test_an_english_score_is_not_older_than_two_years_at_the_start() -> None:
    test = planned(start=d("2036-06-01"), **SCHOOL | {"english": None}).step("english_test")
    assert test is not None
    assert test.starts == d("2034-06-01")


def test_a_changed_fact_changes_the_next_plan() -> None:
    slower = {**facts(), "faq_lead_no_visa_months": replace(facts()["faq_lead_no_visa_months"], value="8")}
    found = plan(Situation(start=d("2027-12-01"), **AGENCY_NO_VISA), rules(), slower, today=TODAY)
    assert found.first_comfortable == d("2027-07-23")


def test_a_missing_fact_is_named_and_never_guessed() -> None:
    gaps = {key: fact for key, fact in facts().items() if key != "faq_lead_no_visa_months"}
    with pytest.raises(RulesError, match="faq_lead_no_visa_months"):
        plan(Situation(start=d("2027-12-01"), **AGENCY_NO_VISA), rules(), gaps, today=TODAY)


def test_a_plan_needs_a_goal() -> None:
    with pytest.raises(ValueError, match="start or a Match year"):
        planned(**AGENCY_VISA)


# The Match. Files open on the fourth Wednesday of September; letters 14 days before; 28 days to write them.
PASSED = {"step1": "passed", "step2ck": "passed", "oet": "passed"}
MATCHES: dict[str, tuple[dict[str, Any], str, int, str, str | None, int | None]] = {
    # Three rotations end by 30 June 2027: 30 Jun - 84 days = 7 Apr, a Wednesday; Monday before
    "a year ahead with everything": (AGENCY_VISA | PASSED, "2026-11-23", 2028, FEASIBLE, "2027-04-05", 3),
    # First comfortable start 23 May; three rotations would end on 15 Aug, letters only on 12 Sep, not 8 Sep: so two
    "a year ahead without a visa": (AGENCY_NO_VISA | PASSED, "2026-11-23", 2028, TIGHT, "2027-05-24", 2),
    "two years ahead": (AGENCY_NO_VISA | PASSED, "2026-11-23", 2029, FEASIBLE, "2028-04-03", 3),
    "the season is over": (AGENCY_VISA | PASSED, "2026-11-23", 2027, IMPOSSIBLE, None, None),
    # 4 August: two rotations from 5 Oct at the earliest, files open on 22 Sep
    "a few weeks before": (AGENCY_VISA | PASSED, "2027-08-04", 2028, IMPOSSIBLE, None, None),
    # Step 1 by 7 Mar, result 2 May, Step 2 by 2 Aug, result 27 Sep: after the 1 Sep of the opening, but not with least
    "exams all ahead": (AGENCY_VISA, "2026-11-23", 2028, TIGHT, "2027-04-05", 3),
    "one rotation only, as asked": (
        AGENCY_VISA | PASSED | {"rotations": 1, "weeks": 4},
        "2026-11-23",
        2028,
        FEASIBLE,
        "2027-05-31",
        1,
    ),
    # graduation on 15 June 2028 leaves 1 month at the least before 1 July: too late
    "graduation too late for July": (
        AGENCY_VISA | PASSED | {"graduation": d("2028-06-15")},
        "2026-11-23",
        2028,
        IMPOSSIBLE,
        None,
        None,
    ),
    "graduation in time": (
        AGENCY_VISA | PASSED | {"graduation": d("2028-03-31")},
        "2026-11-23",
        2028,
        FEASIBLE,
        "2027-04-05",
        3,
    ),
}


@pytest.mark.parametrize("name", MATCHES)
def test_rotations_are_placed_so_that_letters_are_ready_for_the_match(name: str) -> None:
    known, today, year, verdict, start, rotations = MATCHES[name]
    found = planned(d(today), match_year=year, **known)
    assert found.verdict == verdict
    if start:
        assert (found.situation.start, found.situation.rotations) == (d(start), rotations)


def test_days_of_a_season_that_is_not_published_are_marked_as_estimates() -> None:
    found = planned(match_year=2028, **AGENCY_VISA, **PASSED)
    steps = {step.id: step for step in found.steps}
    assert steps["letters"].latest == d("2027-09-08")
    assert steps["eras_submit"].latest == d("2027-09-22")
    assert steps["rank_list"].latest == d("2028-03-01")
    assert steps["match_day"].latest == d("2028-03-17")
    assert all(steps[name].estimated for name in ("letters", "eras_submit", "rank_list", "match_day"))
    assert not steps["apply"].estimated


def test_a_match_out_of_reach_offers_the_next_one() -> None:
    (offer,) = planned(match_year=2027, **AGENCY_VISA, **PASSED).alternatives
    assert (offer.kind, offer.match_year, offer.verdict) == ("next_cycle", 2028, FEASIBLE)


def test_a_start_that_was_asked_for_is_kept_in_a_plan_for_the_match() -> None:
    found = planned(match_year=2028, start=d("2027-07-26"), **AGENCY_VISA, **PASSED, rotations=1, weeks=4)
    assert found.situation.start == d("2027-07-26")
    assert found.verdict == TIGHT  # ends 23 Aug; 28 days for the letter end after 8 Sep, 14 days before 22 Sep


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("2027-08-11", (2028, True)),  # 28 days later is 8 Sep, the advised day
        ("2027-08-12", (2028, False)),
        ("2027-09-08", (2028, False)),  # 14 days later is 22 Sep, when files open
        ("2027-09-09", (2029, True)),
        ("2027-10-01", (2029, True)),
    ],
)
def test_whether_a_letter_is_in_time(ends: str, expected: tuple[int, bool]) -> None:
    assert match_after(d(ends), rules(), facts()) == expected


@pytest.mark.parametrize("person", [AGENCY_VISA, AGENCY_NO_VISA, SCHOOL])
def test_more_rotations_for_a_match_never_begin_or_are_applied_for_later(person: dict[str, Any]) -> None:
    plans = [planned(**person | {"match_year": 2028, "rotations": count, "step2ck": "passed"}) for count in (1, 2, 3)]
    starts = [found.situation.start for found in plans]
    due = [step.advised or step.latest for found in plans if (step := found.step("apply"))]
    assert starts == sorted(starts, reverse=True)
    assert due == sorted(due, reverse=True)
