"""What a message tells about a plan, and what is asked before one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.profile import Profile
from bot.nlu.message import Entity, Message
from bot.nlu.when import Reading, read_when
from bot.timeline.questions import (
    Planner,
    asks_to_see,
    asks_what_first,
    learn_answers,
    next_question,
    problem_of,
    says_unsure,
    with_exams_settled,
)
from bot.timeline.situation import Situation
from bot.timeline.wish import TimelineWish, hear, names_next_match, read_match_year, situation
from tests.unit.timeline.ground import TODAY, d, facts, rules

POSTS = ("new_delhi", "mumbai")
PLANNER = Planner(rules(), facts(), TODAY)


def told(
    text: str, wish: TimelineWish | None = None, *, asked: str | None = None, **entities: str
) -> tuple[TimelineWish, Reading | None]:
    found = tuple(Entity(name, value) for name, value in entities.items())
    message = Message(text, "plan_timeline", 0.9, found, is_button=text.startswith("/"))
    return hear(wish or TimelineWish(), message, today=TODAY, asked=asked, posts=POSTS)


@pytest.mark.parametrize(
    ("text", "entities", "known"),
    [
        ("I graduate in July 2027", {}, {"graduation": d("2027-07-31"), "first": None}),
        (
            "I'll finish med school in May 2028 and start in september 2027",
            {},
            {"graduation": d("2028-05-31"), "first": d("2027-09-01")},
        ),
        ("my B1 is valid until March 2027", {}, {"visa_until": d("2027-03-01"), "first": None}),
        ("for 8 weeks from june", {}, {"weeks": 8, "first": d("2027-06-01")}),
        ("for 2 months from june", {}, {"weeks": 8, "first": d("2027-06-01")}),
        ("in 8 weeks", {}, {"weeks": None, "first": d("2027-01-18")}),
        ("I live in New Delhi", {}, {"post": "new_delhi"}),
        ("no hepatitis b vaccination yet", {}, {"hepb": "missing"}),
        ("my hep b series is complete", {}, {"hepb": "done"}),
        ("I've already applied", {}, {"done": ("apply", "documents")}),
        ("I was accepted yesterday", {}, {"done": ("apply", "decision", "documents")}),
        ("an observership", {"rotation_type": "observership"}, {"rotation_type": "observership"}),
        ("at Yale in june", {"institution": "Yale School of Medicine"}, {"institution": "Yale School of Medicine"}),
        ("the 2029 match", {}, {"match_year": 2029, "first": None}),
        ("asap", {}, {"soonest": True}),
        ('/inform{"date": "soonest"}', {"date": "soonest"}, {"soonest": True}),
        ('/inform{"date": "match-2029"}', {"date": "match-2029"}, {"match_year": 2029}),
        ('/inform{"date": "2027-08-23"}', {"date": "2027-08-23"}, {"first": d("2027-08-23")}),
        ('/inform{"date": "summer 2027"}', {"date": "summer 2027"}, {"first": d("2027-06-01")}),
    ],
)
def test_a_message_tells_more_than_a_date(text: str, entities: dict[str, str], known: dict[str, Any]) -> None:
    wish, _ = told(text, **entities)
    assert {name: getattr(wish, name) for name in known} == known


@pytest.mark.parametrize("answer", ["the second one", "second", "august", "5 august", "august 5th 2027", "2027-08-05"])
def test_a_doubtful_date_is_settled_in_the_persons_words(answer: str) -> None:
    asked, _ = told("I want to begin on 08/05/2027")
    assert asked.options == ("2027-05-08", "2027-08-05")
    wish, _ = told(answer, asked, asked="start_choice")
    assert (wish.first, wish.options) == (d("2027-08-05"), ())


def test_a_new_match_year_replaces_the_start_and_a_new_plan_forgets_the_goal() -> None:
    start, _ = told("in june 2027")
    match, _ = told("no, I want the 2029 match", start)
    assert (match.match_year, match.first) == (2029, None)
    assert not told('/plan_timeline{"date": "new"}', match, date="new")[0].has_goal


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2028 match", 2028),
        ("match in 2028", 2028),
        ("eras 2028", 2028),
        ("residency starting july 2028", 2028),
        ("the 2027-28 match", 2027),
        ("matched in my country", None),
        ("start in 2028", None),
    ],
)
def test_the_year_of_a_match(text: str, year: int | None) -> None:
    assert read_match_year(text) == year


def test_the_next_match_is_heard_without_its_year() -> None:
    assert names_next_match("ready for the next match")
    assert not names_next_match("the next rotation")


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
    assert problem_of(read_when(text, TODAY), TODAY) == problem


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
    ],
)
def test_an_answer_is_learned(text: str, asked: str | None, intent: str, learned: dict[str, Any]) -> None:
    assert learn_answers(Message(text, intent, 0.9), asked) == learned


def test_words_that_ask_for_the_plan_or_its_beginning() -> None:
    assert asks_what_first("and what do I have to do first?")
    assert asks_what_first("whats the next step")
    assert not asks_what_first("what do programs ask for")
    assert asks_to_see("can you show me my timeline again")
    assert not asks_to_see("show me programs in texas")


def test_not_knowing_is_understood_without_the_engine() -> None:
    assert says_unsure(Message("idk tbh", "inform", 0.4))
    assert not says_unsure(Message("a company", "inform", 0.9))


def test_a_visa_that_ends_before_the_start_counts_as_none() -> None:
    wish = TimelineWish(first=d("2027-06-01"), visa_until=d("2027-03-01"))
    assert situation(wish, Profile(visa_status="has"), start=wish.first, program=None).visa == "needs"
