"""Advice in conversation: at once from what is known, with one question where that turns it around."""

from __future__ import annotations

from typing import Any

import pytest

from actions.advice import ActionRecommendRotation
from actions.dialogue.continuing import ActionContinue
from actions.faq import ActionAnswerFaq
from actions.programs.choosing import ActionSearchPrograms
from bot.reply.parts import Text
from tests.unit.extractor import asking

from .conftest import Talk, said

QUESTION = "Are you a medical student or a graduate?"


def hear(talk: Talk, text: str, intent: str, entities: list[dict[str, Any]] | None = None) -> str:
    return said(talk.hear(ActionRecommendRotation(), text, intent, entities))


def test_the_advice_comes_at_once_and_the_stage_is_asked_once(talk: Talk) -> None:
    first = hear(talk, "what kind of rotation is good for me", "recommend_rotation")
    assert "My advice: hands-on work" in first
    assert first.endswith(QUESTION)
    answer = hear(talk, "a graduate", "inform")
    assert "hands-on externship" in answer
    assert "whether you can travel" in answer
    assert talk.slots["asked"] is None


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("which suits me better given that I finished in 2019", "externship"),
        ("what would you take if I graduated in 2022", "externship"),
        ("which is best for a final year student", "elective"),
    ],
)
def test_a_stage_that_the_message_tells_is_not_asked_for(talk: Talk, text: str, advice: str) -> None:
    answer = hear(talk, text, "recommend_rotation")
    assert advice in answer.splitlines()[0]
    assert QUESTION not in answer


def test_who_asks_something_else_has_moved_on_from_the_question(talk: Talk) -> None:
    hear(talk, "please advise me on the type", "recommend_rotation")
    letters = talk.hear(ActionAnswerFaq(), "how many letters do I need", "faq_lor_count", **asking("faq_lor_count"))
    assert QUESTION not in said(letters)
    assert talk.slots["asked"] is None


@pytest.mark.parametrize("text", ["and telehealth?", "what about an observership"])
def test_a_kind_that_is_asked_about_is_explained(talk: Talk, text: str) -> None:
    hear(talk, "recommend me something", "recommend_rotation")
    answer = said(talk.hear(ActionContinue(), text, "inform"))
    assert "My advice" not in answer
    assert talk.slots["last_topic"] in ("faq_telehealth", "faq_observership")


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("I can't travel though", "telehealth"),
        ("sorry, I'm a student", "elective"),
        ("I don't need hands-on", "observership"),
    ],
)
def test_what_is_told_after_the_advice_changes_it(talk: Talk, text: str, changed: str) -> None:
    hear(talk, "I graduated in 2020, what suits me", "recommend_rotation")
    answer = said(talk.hear(ActionContinue(), text, "inform"))
    assert changed in answer[answer.index("My advice") :].splitlines()[0]


def test_a_corrected_year_is_noted_with_the_advice(talk: Talk) -> None:
    hear(talk, "I graduated in 2020, what suits me", "recommend_rotation")
    again = hear(talk, "typo, 2022 not 2020", "correct_profile")
    assert "graduation in 2022" in again.splitlines()[0]
    assert "externship" in again


def test_a_long_advice_says_verdict_and_next_steps_and_folds_further_reasons(talk: Talk) -> None:
    hear(talk, "recommend something, no step 1, little money, I graduated in 2016", "recommend_rotation")
    text = "I want strong letters for residency in internal medicine, I can travel"
    reply = talk.hear(ActionRecommendRotation(), text, "inform")
    advice = next(part for part in reply.parts if isinstance(part, Text) and "My advice" in part.text)
    assert len(advice.text.split()) <= 100
    assert "Second choice" in advice.text
    assert "Without Step 1" in advice.more


def test_a_kind_named_after_the_advice_is_explained_and_a_search_stays_one(talk: Talk) -> None:
    hear(talk, "I graduated in 2020, what suits me", "recommend_rotation")
    asked = talk.hear(ActionSearchPrograms(), "and an observership?", "refine_search", sure=0.3)
    assert "observe" in said(asked)
    assert talk.slots["task"] is None
    hear(talk, "I graduated in 2020, what suits me", "recommend_rotation")
    talk.hear(ActionSearchPrograms(), "and observerships in Ohio?", "search_programs")
    assert talk.slots["task"] == "search"
