"""What is known about a person in words: a line for each fact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.turn import Turn
from bot.nlu.exam_days import ExamDay
from bot.reply.days import window

LINES = {
    "career_stage": "utter_profile_career_stage",
    "graduation_year": "utter_profile_graduation_year",
    "year_of_study": "utter_profile_year_of_study",
    "study_year": "utter_profile_study_year",
    "specialties": "utter_profile_specialties",
    "states": "utter_profile_states",
    "rotation_types": "utter_profile_rotation_types",
    "budget_usd_per_4_weeks": "utter_profile_budget",
    "start_month": "utter_profile_start_month",
    "weeks": "utter_profile_weeks",
    "visa_status": "utter_profile_visa_status",
    "step1": "utter_profile_step1",
    "step2ck": "utter_profile_step2ck",
    "english_test": "utter_profile_english_test",
    "route": "utter_profile_route",
    "goal": "utter_profile_goal",
    "nationality": "utter_profile_nationality",
    "school_country": "utter_profile_school_country",
    "taught_in": "utter_profile_taught_in",
    "home_school": "utter_profile_home_school",
    "consulate": "utter_profile_consulate",
}
PLANNED = {"step1": "utter_timeline_exam_step1", "step2ck": "utter_timeline_exam_step2ck"}
WAITS = ((30, "utter_profile_wait_months"), (7, "utter_profile_wait_weeks"), (1, "utter_profile_wait_days"))
"""How a wait is said: in the largest unit, in days, that fits."""


def exams_ahead(turn: Turn, exams: Iterable[ExamDay]) -> dict[str, str]:
    """For exams with a day ahead, by their slots, that they are planned for it."""
    said = ((item, turn.responses.text(PLANNED[item.exam])) for item in exams)
    return {
        item.exam: turn.responses.text("utter_heard_exam_ahead", exam=exam, when=window(item)) for item, exam in said
    }


def fact_line(turn: Turn, name: str, value: Any) -> str:
    """One known fact as a sentence."""
    if name == "consulate_wait_days":
        unit, key = next((unit, key) for unit, key in WAITS if value % unit == 0)
        return turn.responses.text(key, value=value // unit)
    return turn.responses.given({name: value}).text(LINES[name], value=_plain(value))


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
