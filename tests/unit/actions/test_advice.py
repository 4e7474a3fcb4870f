"""Advice in conversation: one question at a time, every answer taken, a decision at the end."""

from __future__ import annotations

from typing import Any

from actions.advice import ActionRecommendRotation
from bot.reply.parts import Text

from .conftest import Talk, said


def hear(talk: Talk, text: str, intent: str, entities: list[dict[str, Any]] | None = None) -> str:
    return said(talk.hear(ActionRecommendRotation(), text, intent, entities))


def test_a_graduate_is_led_to_a_decision_by_short_answers(talk: Talk, entity: Any) -> None:
    assert "student or a graduate" in hear(talk, "what kind of rotation is good for me", "recommend_rotation")
    stage = [entity("career_stage", "graduate", "a graduate", "graduate")]
    assert "residency" in hear(talk, "a graduate", "inform", stage)
    assert "hands-on" in hear(talk, "sure", "affirm")
    assert "travel" in hear(talk, "both of them", "inform")
    assert "specialty" in hear(talk, "maybe", "unsure")
    answer = hear(talk, "not decided", "unsure")
    assert "hands-on externship" in answer
    assert "whether you can travel" in answer
    assert talk.slots["asked"] is None


def test_a_corrected_year_is_noted_and_the_question_asked_again(talk: Talk) -> None:
    hear(talk, "I graduated in 2020, what suits me", "recommend_rotation")
    again = hear(talk, "typo, 2022 not 2020", "correct_profile")
    assert "Noted: graduation in 2022." in again
    assert "residency" in again
    assert talk.slots["graduation_year"] == 2022


def test_a_long_advice_says_verdict_and_next_steps_and_folds_further_reasons(talk: Talk) -> None:
    hear(talk, "recommend something, no step 1, little money, I graduated in 2016", "recommend_rotation")
    hear(talk, "I want strong letters for residency in internal medicine, I can travel", "inform")
    reply = talk.hear(ActionRecommendRotation(), "you decide", "unsure")
    first = reply.parts[0]
    assert isinstance(first, Text)
    assert len(said(reply).split()) <= 100
    assert "Second choice" in first.text
    assert "Without Step 1" in first.more


def test_just_tell_me_is_enough(talk: Talk) -> None:
    hear(talk, "recommend something", "recommend_rotation")
    answer = hear(talk, "you decide", "unsure")
    assert "My advice" in answer
    assert "whether you are a student or a graduate" in answer


def test_the_button_just_tell_me_ends_the_questions(talk: Talk) -> None:
    hear(talk, "recommend something", "recommend_rotation")
    payload = '/recommend_rotation{"confirmed": "yes"}'
    assert "My advice" in hear(talk, payload, "recommend_rotation", [{"entity": "confirmed", "value": "yes"}])


def test_a_question_about_letters_is_answered_before_anything_is_asked(talk: Talk) -> None:
    answer = hear(talk, "what gives the strongest recommendation letters", "recommend_rotation")
    assert answer.index("letterhead") < answer.index("student or a graduate")


def test_a_correction_in_between_is_noted_and_the_question_asked_again(talk: Talk, entity: Any) -> None:
    text = "which can I do as a student"
    asked = hear(talk, text, "recommend_rotation", [entity("career_stage", "student", text, "student")])
    assert "electives and sub-internships" in asked
    text = "sorry, I'm a graduate"
    again = hear(talk, text, "correct_profile", [entity("career_stage", "graduate", text, "graduate")])
    assert "Noted: you are a graduate." in again
    assert "externships" in again
    assert again.rstrip().endswith("Do you plan to apply for residency in the US?")
