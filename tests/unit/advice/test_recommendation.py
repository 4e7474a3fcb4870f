"""Which type of rotation suits whom: the FAQ's reasoning, one question at a time, never twice the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.recommendation import Case, advise, hear, next_question
from bot.dialogue.profile import Profile, learn
from tests.unit.conftest import TODAY
from tests.unit.extractor import message

STUDENT, GRADUATE = Profile(career_stage="student"), Profile(career_stage="graduate")


@pytest.mark.parametrize(
    ("profile", "case", "kind"),
    [
        (STUDENT, Case(final_year="yes"), "elective"),
        (STUDENT, Case(final_year="no"), "elective"),
        (STUDENT, Case(travel="no"), "telehealth"),
        (GRADUATE, Case(goal="yes", travel="yes"), "externship"),
        (GRADUATE, Case(goal="yes", contact="no"), "observership"),
        (GRADUATE, Case(goal="no"), "observership"),
        (GRADUATE, Case(travel="no"), "telehealth"),
        (GRADUATE, Case(), "externship"),
        (Profile(), Case(), "hands_on"),
    ],
)
def test_the_advice_follows_stage_goal_and_travel(profile: Profile, case: Case, kind: str) -> None:
    assert advise(case, profile).rotation_type == kind


@pytest.mark.parametrize(
    ("profile", "case", "reason"),
    [
        (replace(GRADUATE, graduation_year=2015), Case(), "utter_recommend_why_recency"),
        (GRADUATE, Case(goal="yes"), "utter_recommend_why_residency"),
        (GRADUATE, Case(tight=True), "utter_recommend_why_budget"),
        (replace(STUDENT, step1="not_taken"), Case(), "utter_recommend_why_no_step1"),
        (replace(STUDENT, specialties=("psychiatry",)), Case(), "utter_recommend_why_outpatient"),
        (replace(STUDENT, specialties=("surgery",)), Case(), "utter_recommend_why_inpatient"),
    ],
)
def test_what_is_known_is_a_reason(profile: Profile, case: Case, reason: str) -> None:
    assert reason in advise(case, profile).why


def test_another_fact_is_no_answer_to_the_question() -> None:
    """Who cannot travel has not left open whether they aim at residency."""
    heard = hear(message("I can't travel though", "deny"), Case(asked=("goal",)), profile=GRADUATE, asked="goal")
    assert (heard.case.travel, heard.case.goal, heard.notice) == ("no", "", "")


def test_what_is_not_known_is_said() -> None:
    assert advise(Case(), Profile()).depends[0] == "utter_recommend_depends_stage"
    assert advise(Case(final_year="yes", goal="yes", travel="yes"), STUDENT).depends == ()


@pytest.mark.parametrize(
    ("asked", "text", "intent", "field", "value"),
    [
        ("goal", "yes", "affirm", "goal", "yes"),
        ("goal", "nope", "deny", "goal", "no"),
        ("goal", "maybe", "unsure", "goal", "unsure"),
        ("contact", "both", "inform", "contact", "yes"),
        ("travel", "I can't travel", "inform", "travel", "no"),
        ("travel", "perhaps in spring", "inform", "travel", "unsure"),
        ("travel", "my visa was refused", "inform", "travel", "no"),
        ("travel", "I don't have a visa yet", "inform", "travel", "unsure"),
        ("travel", "I could come for two months", "inform", "travel", "yes"),
        ("travel", "from home please", "inform", "travel", "no"),
        ("contact", "I don't need hands-on", "inform", "contact", "no"),
        ("contact", "an observership is fine", "inform", "contact", "no"),
        ("contact", "either is fine", "inform", "contact", "yes"),
        ("contact", "no", "deny", "contact", "no"),
    ],
)
def test_yes_no_both_and_maybe_belong_to_the_question(
    asked: str, text: str, intent: str, field: str, value: str
) -> None:
    heard = hear(message(text, intent), Case(), profile=GRADUATE, asked=asked)
    assert getattr(heard.case, field) == value


@pytest.mark.parametrize(
    ("text", "final_year"),
    [
        ("3rd of 6 years", "no"),
        ("4/5 years", "next"),
        ("6th of 6", "yes"),
        ("final year student", "yes"),
        ("second year", "no"),
        ("MS4", "yes"),
        ("penultimate year", "next"),
        ("my brother is in his final year", ""),
        ("can final year students do it?", ""),
    ],
)
def test_the_year_of_study_is_read(text: str, final_year: str) -> None:
    said = message(text, "inform")
    profile = learn(STUDENT, said, TODAY)
    assert hear(said, Case(), profile=profile, asked=None).case.final_year == final_year


@pytest.mark.parametrize("profile", [Profile(), STUDENT, GRADUATE])
@pytest.mark.parametrize("text", ["dunno", "hmm", "both", "no", "🤷"])
def test_no_question_is_put_twice_and_the_talk_always_ends(profile: Profile, text: str) -> None:
    case, asked, put = Case(), next_question(Case(), profile, at_once=False), list[str]()
    while asked:
        assert asked not in put
        put.append(asked)
        case = hear(message(text, "inform"), replace(case, asked=tuple(put)), profile=profile, asked=asked).case
        asked = next_question(case, profile, at_once=False)
    assert 0 < len(put) <= 5


def test_just_tell_me_ends_the_questions() -> None:
    heard = hear(message("please just tell me", "unsure"), Case(), profile=Profile(), asked="goal")
    assert heard.at_once
    assert next_question(heard.case, Profile(), at_once=heard.at_once) is None


def test_a_message_that_tells_enough_is_answered_at_once() -> None:
    text = "final year student, I can travel for two months, money is tight, which type is best"
    heard = hear(message(text, "recommend_rotation"), Case(), profile=STUDENT, asked=None)
    assert next_question(heard.case, STUDENT, at_once=False) is None
