"""What stands between a person and a program: only what they told, and only what a page asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from bot.dialogue.profile import Profile
from bot.programs.obstacles import fitting_words, obstacles
from bot.programs.program import Program
from bot.reply.responses import Responses

TODAY = date(2026, 11, 23)
NAMES = {"a": "Alpha", "b": "Beta"}


def program(slug: str = "a", **values: Any) -> Program:
    return Program(slug, slug.upper(), "P", "hospital", **values)


def fitting(programs: Sequence[Program], person: Profile, responses: Responses) -> str:
    return fitting_words(programs, person, names=NAMES, say=responses.text, today=TODAY)


@pytest.mark.parametrize(
    ("page", "told", "reasons"),
    [
        ({"step2ck": "required"}, {"step2ck": "not_taken"}, ("asks for Step 2 CK, which you do not have",)),
        ({"step2ck": "required"}, {"step2ck": "passed"}, ()),
        ({"step2ck": "required"}, {}, ()),
        ({"step2ck": "recommended"}, {"step2ck": "not_taken"}, ()),
        ({"audience": ("students",)}, {"career_stage": "graduate"}, ("is for students only",)),
        ({"audience": ("graduates",)}, {"career_stage": "student"}, ("is for graduates only",)),
        ({"audience": ("students", "graduates")}, {"career_stage": "graduate"}, ()),
        ({}, {"career_stage": "graduate", "step1": "not_taken"}, ()),
        (
            {"citizenship": "not_us"},
            {"nationality": "United States", "visa_status": "exempt"},
            ("takes no US citizens or permanent residents",),
        ),
        (
            {"citizenship": "not_us"},
            {"visa_status": "exempt"},
            ("takes you only if you are neither a US citizen nor a permanent resident",),
        ),
        ({"citizenship": "not_us"}, {"nationality": "Germany", "visa_status": "exempt"}, ()),
        ({"citizenship": "not_us"}, {"visa_status": "resident"}, ("takes no US citizens or permanent residents",)),
        ({"citizenship": "us"}, {"nationality": "India", "visa_status": "resident"}, ()),
        ({"citizenship": "us"}, {"nationality": "India"}, ("takes US citizens only",)),
        ({"citizenship": "us"}, {"nationality": "India", "visa_status": "exempt"}, ()),
        ({"citizenship": "no_visa"}, {"visa_status": "needs"}, ("takes only people who need no US visa",)),
        ({"citizenship": "any"}, {"nationality": "United States"}, ()),
        (
            {"graduated_within_years": 5.0},
            {"graduation_year": 2020},
            ("takes only those who graduated within the last 5 years",),
        ),
        ({"graduated_within_years": 5.0}, {"graduation_year": 2021}, ()),
        ({"residency_applicants": "no"}, {"goal": "residency"}, ("turns away those who seek a US residency",)),
        ({"residency_applicants": "no"}, {"goal": "explore"}, ()),
        (
            {"ecfmg": "required"},
            {"step2ck": "not_taken"},
            ("asks for an ECFMG certificate, for which you need both Steps",),
        ),
    ],
)
def test_what_stands_against_a_program(
    page: dict[str, Any], told: dict[str, Any], reasons: tuple[str, ...], responses: Responses
) -> None:
    assert obstacles(program(**page), Profile(**told), responses.text, today=TODAY) == reasons


def test_several_reasons_are_one_sentence(responses: Responses) -> None:
    both = (program("a", audience=("students",), step2ck="required"), program("b"))
    person = Profile(career_stage="graduate", step2ck="not_taken")
    said = fitting(both, person, responses)
    assert said.endswith("Alpha is for students only and asks for Step 2 CK, which you do not have.")


def test_the_one_that_fits_comes_first_and_the_other_has_its_reason(responses: Responses) -> None:
    both = (program("a", step1="required", step2ck="required"), program("b", step1="required"))
    said = fitting(both, Profile(step1="passed", step2ck="not_taken"), responses)
    assert said.startswith("**Beta, by what you told me:**")
    assert said.endswith("Alpha asks for Step 2 CK, which you do not have.")


def test_where_none_fits_it_is_said_and_where_nothing_is_known_nothing(responses: Responses) -> None:
    both = (program("a", step1="required"), program("b", audience=("students",)))
    person = Profile(career_stage="graduate", step1="not_taken")
    assert fitting(both, person, responses).startswith("**None of them, as things stand.**")
    assert fitting(both, Profile(), responses) == ""
