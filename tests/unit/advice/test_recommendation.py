"""Which type of rotation suits whom: the FAQ's reasoning, from what is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.recommendation import Case, advise, hear
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


def test_what_is_not_known_is_said() -> None:
    assert advise(Case(), Profile()).depends[0] == "utter_recommend_depends_stage"
    assert advise(Case(final_year="yes", goal="yes", travel="yes"), STUDENT).depends == ()


def test_what_is_asked_for_is_not_said_to_be_unknown_as_well() -> None:
    assert "utter_recommend_depends_stage" not in advise(Case(stage_asked=True), Profile()).depends


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("I can't travel", "travel", "no"),
        ("my visa was refused", "travel", "no"),
        ("I don't have a visa yet", "travel", ""),
        ("I could come for two months", "travel", "yes"),
        ("from home please", "travel", "no"),
        ("I don't need hands-on", "contact", "no"),
        ("hands-on please", "contact", "yes"),
        ("I want strong letters", "letters", True),
    ],
)
def test_what_is_told_belongs_to_the_case(text: str, field: str, value: object) -> None:
    assert getattr(hear(message(text, "inform"), Case(), profile=GRADUATE), field) == value


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
    assert hear(said, Case(), profile=profile).final_year == final_year
