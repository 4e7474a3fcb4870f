"""What a message says beside its intent: the aspects inside a topic, from the engine or from a button."""

from __future__ import annotations

import pytest

from bot.nlu.message import Message, intent_of
from tests.unit.extractor import asking, message


def test_the_aspects_of_the_intent_are_ranked_as_the_engine_ranked_them() -> None:
    found = message("deposit?", "faq_cost", **asking("faq_cost/deposit", "faq_visa/sponsor", "faq_cost/refund"))
    assert [aspect for aspect, _ in found.aspects] == ["faq_cost/deposit", "faq_cost/refund"]
    assert found.selected["faq_visa"] == (("faq_visa/sponsor", 0.95),)


def test_an_intent_without_aspects_has_none() -> None:
    assert message("hello", "greet", **asking("faq_cost/deposit")).aspects == ()
    assert message("hello", "greet").aspects == ()
    assert Message.from_parse({"text": "hello", "response_selector": {"all_retrieval_intents": []}}).selected == {}


@pytest.mark.parametrize(
    ("payload", "aspects"),
    [
        ('/faq_cost{"aspect": "deposit"}', (("faq_cost/deposit", 1.0),)),
        ("/faq_cost", ()),
        ('/inform{"career_stage": "student"}', ()),
    ],
)
def test_a_button_names_its_aspect(payload: str, aspects: tuple[tuple[str, float], ...]) -> None:
    assert message(payload).aspects == aspects


def test_each_of_several_questions_has_its_own_aspect() -> None:
    questions = [
        {"text": "deposit?", "intent": "faq_cost", "aspect": "faq_cost/deposit", "confidence": 0.9},
        {"text": "hello", "intent": "greet", "confidence": 0.9},
    ]
    found = message("deposit? hello", "faq_cost", questions=questions)
    assert [question.aspect for question in found.questions] == ["faq_cost/deposit", ""]


@pytest.mark.parametrize("name", ["faq_cost/deposit", "faq_cost"])
def test_an_aspect_belongs_to_its_intent(name: str) -> None:
    assert intent_of(name) == "faq_cost"
