"""What a message tells about a plan, and what is asked before one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.profile import Profile
from bot.nlu.when import Reading, start_of
from bot.timeline.questions import (
    Planner,
    asks_to_see,
    asks_what_first,
    learn_answers,
    next_question,
    problem_of,
    says_unsure,
    supposed_visa,
    with_exams_settled,
)
from bot.timeline.situation import Situation
from bot.timeline.wish import TimelineWish, hear, match_year_of, names_next_match, situation
from tests.unit.extractor import message
from tests.unit.timeline.ground import TODAY, d, facts, rules

POSTS = ("new_delhi", "mumbai")
PLANNER = Planner(rules(), facts(), TODAY)
NAMES = ({"value": "Yale School of Medicine", "terms": ("Yale",)},)


def told(
    text: str, wish: TimelineWish | None = None, *, asked: str | None = None
) -> tuple[TimelineWish, Reading | None]:
    said = message(text, "plan_timeline", names=NAMES)
    return hear(wish or TimelineWish(), said, today=TODAY, asked=asked, posts=POSTS)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("I graduate in July 2027", {"graduation": d("2027-07-31"), "first": None}),
        (
            "I'll finish med school in May 2028 and start in september 2027",
            {"graduation": d("2028-05-31"), "first": d("2027-09-01")},
        ),
        ("my B1 is valid until March 2027", {"visa_until": d("2027-03-01"), "first": None}),
        ("for 8 weeks from june", {"weeks": 8, "first": d("2027-06-01")}),
        ("for 2 months from june", {"weeks": 8, "first": d("2027-06-01")}),
        ("two months from 1 March 2027", {"weeks": 8, "first": d("2027-03-01")}),
        ("the program takes eight months to answer", {"visa_wait": None}),
        ("in 8 weeks", {"weeks": None, "first": d("2027-01-18")}),
        ("I live in New Delhi", {"post": "new_delhi"}),
        ("no hepatitis b vaccination yet", {"hepb": "missing"}),
        ("my hep b series is complete", {"hepb": "done"}),
        ("I've already applied", {"done": ("apply", "documents", "passport")}),
        ("I was accepted yesterday", {"done": ("apply", "decision", "documents", "passport")}),
        (
            "Yale accepted me for june",
            {"done": ("apply", "decision", "documents", "passport"), "first": d("2027-06-01")},
        ),
        ("my elective in April is confirmed", {"done": ("apply", "decision", "documents", "passport")}),
        ("I have not been accepted yet", {"done": ()}),
        ("if they accept me in june", {"done": ()}),
        ("my visa interview is on 14 January 2027", {"interview": d("2027-01-14"), "first": None}),
        ("I have an appointment at the consulate on December 20", {"interview": d("2026-12-20"), "first": None}),
        ("the interview was on 3 March 2026", {"interview": None}),
        ("an observership", {"rotation_type": "observership"}),
        ("at Yale in june", {"institution": "Yale School of Medicine"}),
        ("graduate starting june 2027", {"graduation": None, "first": d("2027-06-01")}),
        ("my exams end in june 2027", {"graduation": d("2027-06-30"), "first": None, "until": None}),
        ("my rotation must end by august 2027", {"until": d("2027-08-01"), "first": None}),
        (
            "I have only February and March 2027 free",
            {"first": d("2027-02-01"), "last": d("2027-03-31"), "until": d("2027-03-31")},
        ),
        ("no, she is free only in August", {"first": None, "until": None}),
        ("the consulate in Mumbai told me eight months", {"post": "mumbai", "visa_wait": 8, "weeks": None}),
        ("my wife needs a visa, she has to wait 8 months", {"visa_wait": None}),
        ("the 2029 match", {"match_year": 2029, "first": None}),
        ("asap", {"soonest": True}),
        ('/inform{"date": "soonest"}', {"soonest": True}),
        ('/inform{"date": "match-2029"}', {"match_year": 2029}),
        ('/inform{"date": "2027-08-23"}', {"first": d("2027-08-23")}),
        ('/inform{"date": "summer 2027"}', {"first": d("2027-06-01")}),
    ],
)
def test_a_message_tells_more_than_a_date(text: str, known: dict[str, Any]) -> None:
    wish, _ = told(text)
    assert {name: getattr(wish, name) for name in known} == known


@pytest.mark.parametrize("answer", ["the second one", "second", "august", "5 august", "august 5th 2027", "2027-08-05"])
def test_a_doubtful_date_is_settled_in_the_persons_words(answer: str) -> None:
    asked, _ = told("I want to begin on 08/05/2027")
    assert asked.options == ("2027-05-08", "2027-08-05")
    wish, _ = told(answer, asked, asked="start_choice")
    assert (wish.first, wish.options) == (d("2027-08-05"), ())


def test_a_start_is_moved_by_its_distance() -> None:
    start, _ = told("from 1 june 2027")
    assert told("could it be two weeks later?", start)[0].first == d("2027-06-15")
    assert told("rather a month earlier", start)[0].first == d("2027-05-01")


def test_a_new_match_year_replaces_the_start_and_a_new_plan_forgets_the_goal() -> None:
    start, _ = told("in june 2027")
    match, _ = told("no, I want the 2029 match", start)
    assert (match.match_year, match.first) == (2029, None)
    assert not told('/plan_timeline{"date": "new"}', match)[0].has_goal


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2028 match", 2028),
        ("match in 2028", 2028),
        ("eras 2028", 2029),
        ("I apply for ERAS in September 2027", 2028),
        ("residency starting july 2028", 2028),
        ("the 2027-28 match", 2028),
        ("matched in my country", None),
        ("start in 2028", None),
    ],
)
def test_the_year_of_a_match(text: str, year: int | None) -> None:
    assert match_year_of(message(text).frame) == year


def test_the_next_match_is_heard_without_its_year() -> None:
    assert names_next_match(message("ready for the next match").frame)
    assert not names_next_match(message("the next rotation").frame)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("june 2027", ""),
        ("march 2026", "past"),
        ("june 2040", "too_far"),
        ("next year", "year"),
        ("after eid", "vague"),
        ("30 february", "no_such_day"),
        ("asap", ""),
    ],
)
def test_a_start_that_cannot_be_planned_for_has_a_reason(text: str, problem: str) -> None:
    assert problem_of(start_of(message(text).frame, TODAY), TODAY) == problem


JUNE = TimelineWish(first=d("2027-06-01"), last=d("2027-06-30"), grain="month")
MATCH = TimelineWish(match_year=2028)


@pytest.mark.parametrize(
    ("wish", "profile", "asked"),
    [
        (TimelineWish(), Profile(), "start"),
        (TimelineWish(options=("2027-01-03", "2027-03-01")), Profile(), "start_choice"),
        (JUNE, Profile(), "route"),
        (JUNE, Profile(route="third_party"), "visa_status"),
        (JUNE, Profile(route="third_party", visa_status="has"), None),
        (TimelineWish(first=d("2027-06-01"), last=d("2027-06-30"), rotation_type="telehealth"), Profile(), None),
        # with a school the visa changes nothing; exams do, unless it is too early anyway or far away
        (JUNE, Profile(route="direct"), "career_stage"),
        (JUNE, Profile(route="direct", career_stage="student"), "exams"),
        (JUNE, Profile(route="direct", career_stage="graduate"), None),
        (JUNE, Profile(route="direct", career_stage="student", step1="passed", english_test="passed"), None),
        (
            TimelineWish(first=d("2027-04-01"), last=d("2027-04-01")),
            Profile(route="direct", career_stage="student"),
            None,
        ),
        (
            TimelineWish(first=d("2028-09-01"), last=d("2028-09-01")),
            Profile(route="direct", career_stage="student"),
            None,
        ),
        # nothing that is known not to be known is asked again
        (TimelineWish(first=d("2027-06-01"), last=d("2027-06-30"), unsure=("route",)), Profile(), "visa_status"),
        (TimelineWish(first=d("2027-06-01"), last=d("2027-06-30"), unsure=("route", "visa_status")), Profile(), None),
        # a start that not even a visa could save needs no question about it
        (TimelineWish(first=d("2026-12-20"), last=d("2026-12-20")), Profile(route="third_party"), None),
        (MATCH, Profile(), "route"),
        (TimelineWish(match_year=2027), Profile(), None),
    ],
)
def test_only_what_is_missing_and_matters_is_asked(wish: TimelineWish, profile: Profile, asked: str | None) -> None:
    wanted = situation(wish, profile, start=wish.first, program=None)
    assert next_question(wish, wanted, PLANNER) == asked


def test_exams_nobody_mentioned_are_ahead_unless_the_plan_fails_without_them_too() -> None:
    known = {"route": "direct", "stage": "student", "visa": "has"}
    early, far = Situation(start=d("2027-04-01"), **known), Situation(start=d("2028-09-01"), **known)  # type: ignore[arg-type]
    assert with_exams_settled(early, PLANNER)[1] == "exams_passed"
    assert with_exams_settled(far, PLANNER) == (far, "exams_ahead")


@pytest.mark.parametrize(
    ("text", "asked", "intent", "learned"),
    [
        ("with an agency", None, "inform", {"route": "third_party"}),
        ("I'd do it myself", None, "inform", {"route": "direct"}),
        ("a university", "route", "inform", {"route": "direct"}),
        ("I study at a university", None, "inform", {}),
        ("yes I do", "visa_status", "affirm", {"visa_status": "has"}),
        ("nope", "visa_status", "deny", {"visa_status": "needs"}),
        ("i would come with esta", "visa_status", "inform", {"visa_status": "exempt"}),
        ("step 1 only", "exams", "inform", {"step1": "passed", "english_test": "not_taken"}),
        ("toefl done, no step 1", "exams", "inform", {"step1": "not_taken", "english_test": "passed"}),
        ("neither", "exams", "inform", {"step1": "not_taken", "english_test": "not_taken"}),
        ("both", "exams", "affirm", {"step1": "passed", "english_test": "passed"}),
        ("both", "exams_match", "affirm", {"step1": "passed", "step2ck": "passed"}),
        ("just step 1", "exams_match", "inform", {"step1": "passed", "step2ck": "not_taken"}),
        ("both steps are behind me", "exams_match", "inform", {"step1": "passed", "step2ck": "passed"}),
        ("no, she is free only in August", "exams", "deny", {}),
        ("my brother has a visa", "visa_status", "inform", {}),
        ("no company", "route", "inform", {"route": "direct"}),
    ],
)
def test_an_answer_is_learned(text: str, asked: str | None, intent: str, learned: dict[str, Any]) -> None:
    assert learn_answers(message(text, intent), asked) == learned


def test_words_that_ask_for_the_plan_or_its_beginning() -> None:
    assert asks_what_first(message("and what do I have to do first?"))
    assert asks_what_first(message("whats the next step"))
    assert not asks_what_first(message("what do programs ask for"))
    assert asks_to_see(message("can you show me my timeline again"))
    assert not asks_to_see(message("show me programs in texas"))


def test_a_visa_that_is_only_supposed_is_planned_with() -> None:
    assert supposed_visa(message("what if I have a green card by then?")) == {"visa_status": "resident"}
    assert supposed_visa(message("my wife has a green card")) == {}


def test_not_knowing_is_understood_without_the_engine() -> None:
    assert says_unsure(message("idk tbh", "inform", sure=0.4))
    assert not says_unsure(message("a company", "inform"))


def test_a_visa_that_ends_before_the_start_counts_as_none() -> None:
    wish = TimelineWish(first=d("2027-06-01"), visa_until=d("2027-03-01"))
    assert situation(wish, Profile(visa_status="has"), start=wish.first, program=None).visa == "needs"
