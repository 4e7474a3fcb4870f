"""What a person says about themselves is remembered; what they ask, suppose, or say of others is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.dialogue.profile import Profile, asked_stage, learn, told
from tests.unit.extractor import message

TODAY = date(2026, 11, 23)


def heard(text: str, known: Profile | None = None, intent: str = "inform") -> dict[str, Any]:
    """The slots that a message changes."""
    before = known or Profile()
    return before.changes(learn(before, message(text, intent), TODAY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm a graduate", {"career_stage": "graduate"}),
        ("no sorry, I'm a graduate", {"career_stage": "graduate"}),
        ("I am not a student, I am a graduate", {"career_stage": "graduate"}),
        ("not a graduate yet", {"career_stage": "student"}),
        ("student", {"career_stage": "student"}),
        (
            "final year in Jordan",
            {"career_stage": "student", "study_year": "final", "school_country": "Jordan"},
        ),
        ("4/5 years", {"career_stage": "student", "study_year": "next"}),
        ("I am not in my final year", {"career_stage": "student"}),
        ("and for graduates?", {}),
        ("can students do that?", {}),
        ("are IMGs allowed?", {}),
        ("can I do an elective as a graduate?", {"career_stage": "graduate"}),
        ("what if I were a student", {}),
        ("my wife is a graduate of 2018, where can she observe?", {}),
        ("he's a student, I graduated", {"career_stage": "graduate"}),
        ("I'll be a graduate by then", {"career_stage": "student"}),
        ("I would be a graduate then", {"career_stage": "student"}),
        ("I was a student until 2020", {"career_stage": "graduate", "graduation_year": 2020}),
        ("I'm a nursing student", {}),
        ("I'm no longer a medical student", {"career_stage": "graduate"}),
        ("I am not a student anymore", {"career_stage": "graduate"}),
        ("sorry, 6th year", {"career_stage": "student", "study_year": "late", "year_of_study": "6th"}),
        ("penultimate year", {"career_stage": "student", "study_year": "next"}),
        ("MS4 here", {"career_stage": "student", "study_year": "final", "year_of_study": "4th"}),
        ("I start my final year in February", {"career_stage": "student"}),
        ("can 4th year students apply?", {}),
    ],
)
def test_the_stage_of_oneself_and_of_now_is_learned(text: str, expected: dict[str, str]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can pay 1800 dollars per four weeks", {"budget_usd_per_4_weeks": 1800}),
        ("at most 900 USD per month is what I have", {"budget_usd_per_4_weeks": 900}),
        ("can I do it with 900 dollars per month?", {}),
        ("my sister can spend 1500 USD per month", {}),
        ("I can spend 1000 euros per month", {}),
        ("I earn at least 3000 dollars per month", {}),
    ],
)
def test_what_can_be_spent_on_four_weeks_is_learned(text: str, expected: dict[str, int]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("YOG 2016", {"graduation_year": 2016, "career_stage": "graduate"}),
        ("I'm an IMG (2021)", {"graduation_year": 2021, "career_stage": "graduate"}),
        ("class of 2028", {"graduation_year": 2028, "career_stage": "student"}),
        ("I graduate in May 2028", {"graduation_year": 2028, "career_stage": "student"}),
        ("I will finish medical school in 2029", {"graduation_year": 2029, "career_stage": "student"}),
        ("year of graduation 2026", {"graduation_year": 2026}),
        ("my brother graduated in 2015", {}),
        ("what if I graduate in 2028", {}),
    ],
)
def test_a_year_of_graduation_tells_the_stage(text: str, expected: dict[str, Any]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I passed step 1", {"step1": "passed"}),
        ("step 1 done", {"step1": "passed"}),
        ("both steps are behind me", {"step1": "passed", "step2ck": "passed"}),
        ("I only have step 1", {"step1": "passed", "step2ck": "not_taken"}),
        ("only in Texas, and I have step 1", {"step1": "passed"}),
        ("I haven't taken step 1", {"step1": "not_taken"}),
        ("I haven't taken step 1, can I apply?", {"step1": "not_taken"}),
        ("I sit step 2 ck in april", {"step2ck": "not_taken"}),
        ("I will pass step 2 by June", {"step2ck": "not_taken"}),
        ("I'm going to take step 2 in June, step 1 is done", {"step2ck": "not_taken", "step1": "passed"}),
        ("failed step 1 once, passed on the second attempt", {"step1": "passed"}),
        ("I failed step 1, sitting it again in May", {"step1": "not_taken"}),
        ("no toefl, no ielts", {"english_test": "not_taken"}),
        ("I passed step 1 but not step 2", {"step1": "passed", "step2ck": "not_taken"}),
        ("my wife passed step 1", {}),
        ("do I need step 1?", {}),
        ("if I pass step 1, can I do an externship?", {}),
        ("programs without step 1", {}),
        ("can I go without step 1?", {}),
        ("step 1 is not required", {}),
        ("which schools take me without toefl?", {}),
    ],
)
def test_exams_passed_and_not_taken_are_learned(text: str, expected: dict[str, str]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "intent", "year"),
    [
        ("typo, 2022 not 2020", "inform", 2022),
        ("not 2020, 2022", "nlu_fallback", 2022),
        ("sorry, I meant 2022", "correct_profile", 2022),
        ("2022, not 2021", "correct_profile", None),
        ("I mean 2022", "faq_cost", None),
        ("2022, not 2020, in Texas", "correct_profile", None),
    ],
)
def test_a_year_alone_corrects_that_of_graduation(text: str, intent: str, year: int | None) -> None:
    known = Profile(career_stage="graduate", graduation_year=2020)
    assert heard(text, known, intent).get("graduation_year") == year


def test_a_search_without_an_exam_tells_only_what_is_not_known() -> None:
    search = "search_programs"
    assert heard("observerships in Texas, no step 1", intent=search) == {}
    assert heard("I'm a graduate without step 1", intent=search)["step1"] == "not_taken"
    known = Profile(career_stage="graduate", step1="passed")
    assert heard("I'm a graduate, observerships without step 1", known, search) == {}
    assert heard("I passed step 1, find me something", intent=search) == {"step1": "passed"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I have no visa", {"visa_status": "needs"}),
        ("I have no visa, what now?", {"visa_status": "needs"}),
        ("I already have a B1/B2 visa", {"visa_status": "has"}),
        ("I have a green card", {"visa_status": "resident"}),
        ("I'm a US citizen", {"visa_status": "resident"}),
        ("I will have a green card by then", {}),
        ("what if I have a green card by then?", {}),
        ("what if somebody has no visa?", {}),
        ("my wife has a visa but I don't have a visa", {"visa_status": "needs"}),
        ("can I come on ESTA?", {}),
        ("I used to have a visa", {}),
    ],
)
def test_the_visa_of_now_is_learned(text: str, expected: dict[str, str]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("through a company", "inform", {"route": "third_party"}),
        ("directly, not through a company", "inform", {"route": "direct"}),
        ("direct or through a company", "inform", {}),
        ("is it better to go through a company?", "faq_direct_vs_third_party", {}),
        ("VSLO", "faq_vslo", {}),
        ("my school is not in VSLO", "inform", {}),
        ("I want to apply directly", "faq_how_to_apply", {"route": "direct"}),
    ],
)
def test_a_route_is_learned_when_it_is_chosen(text: str, intent: str, expected: dict[str, str]) -> None:
    assert heard(text, intent=intent) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm not applying soon, just curious", {"goal": "explore"}),
        ("I have another plan now, match 2028", {"goal": "residency"}),
        ("I want to match in 2028, what should I do?", {"goal": "residency"}),
        ("not applying to residency", {"goal": "explore"}),
        ("do I need letters for residency?", {}),
    ],
)
def test_the_goal_is_learned(text: str, expected: dict[str, str]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am from Kenya", {"nationality": "Kenya"}),
        ("I am Egyptian", {"nationality": "Egypt"}),
        ("do Indians need a visa?", {}),
        ("my wife is from Brazil", {}),
        ("my medical school is Kasturba Medical College", {"home_school": "Kasturba Medical College"}),
        ("the consulate in Lima told me eight months", {"consulate": "Lima", "consulate_wait_days": 240}),
        ("my consulate is Mumbai", {"consulate": "Mumbai"}),
        ("I went to school in Lima", {}),
        ("I want cardiology, from Iraq", {"nationality": "Iraq"}),
        ("I'm Kenyan but study in Hungary", {"nationality": "Kenya", "school_country": "Hungary"}),
        ("not from Hungary, I only study there, I'm Kenyan", {"nationality": "Kenya", "school_country": "Hungary"}),
        ("my school is in Georgia", {"school_country": "Georgia (country)"}),
        ("born in Ghana, but I hold a Dutch passport", {"nationality": "Netherlands"}),
        ("my whole degree was taught in English", {"taught_in": "english"}),
        ("do I need TOEFL if my school teaches in English?", {}),
        ("how long is the wait in Bogota?", {}),
    ],
)
def test_the_background_is_learned(text: str, expected: dict[str, Any]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("known", "text", "expected"),
    [
        (Profile(career_stage="student"), "actually I'm a graduate", {"career_stage": "graduate"}),
        (Profile(career_stage="student"), "I am not a student", {"career_stage": None}),
        (
            Profile(career_stage="graduate", graduation_year=2019),
            "sorry, I'm a student",
            {"career_stage": "student", "graduation_year": None},
        ),
        (Profile(route="vslo"), "my school is not in VSLO", {"route": None}),
        (Profile(route="direct"), "my school is not in VSLO", {}),
        (Profile(visa_status="has"), "my visa was refused", {"visa_status": "needs"}),
        (Profile(nationality="India"), "I am not from India", {"nationality": None}),
        (
            Profile(nationality="India"),
            "not from India, I study there but am Nepali",
            {"nationality": "Nepal", "school_country": "India"},
        ),
        (
            Profile(career_stage="student", study_year="early", year_of_study="3rd"),
            "I'm in my final year now",
            {"study_year": "final", "year_of_study": None},
        ),
        (
            Profile(career_stage="student", study_year="final"),
            "I graduated last month",
            {"career_stage": "graduate", "study_year": None, "graduation_year": 2026},
        ),
        (
            Profile(consulate="Lima", consulate_wait_days=240),
            "my consulate is Bogota",
            {"consulate": "Bogota", "consulate_wait_days": None},
        ),
    ],
)
def test_a_correction_replaces_and_a_denial_takes_back(known: Profile, text: str, expected: dict[str, Any]) -> None:
    assert heard(text, known) == expected


def test_what_is_known_already_is_told_all_the_same() -> None:
    known = Profile(career_stage="student")
    assert told(known, message("I am a student", "inform"), TODAY) == {"career_stage": "student"}
    assert heard("I am a student", known) == {}


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("and for graduates?", "graduate"),
        ("students or graduates?", None),
        ("not for students", None),
        ("hello", None),
        ("I am a student, can graduates do it too?", "graduate"),
        ("my wife is a graduate, where can she observe?", "graduate"),
    ],
)
def test_the_stage_that_a_question_is_about(text: str, stage: str | None) -> None:
    assert asked_stage(message(text)) == stage


def test_a_profile_survives_rasas_slots() -> None:
    profile = Profile(career_stage="student", states=("TX", "NY"), weeks=8)
    assert Profile.from_slots(profile.to_slots() | {"task": "search"}) == profile


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ('/faq_x{"goal": "explore"}', {"goal": "explore"}),
        ('/faq_x{"goal": "match"}', {}),
        ('/inform{"career_stage": "student"}', {"career_stage": "student"}),
        ('/inform{"visa_status": "exempt"}', {"visa_status": "exempt"}),
        ('/inform{"route": "third_party"}', {"route": "third_party"}),
    ],
)
def test_a_button_tells_what_it_carries(button: str, expected: dict[str, str]) -> None:
    assert heard(button) == expected
