"""Answer, refuse, or ask which: what becomes of a ranking."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rotation_engine.decision import IntentDecision


def decided(*ranking: tuple[str, float], parts: tuple[tuple[str, float], ...] = (), text: str = "some text") -> Message:
    rows = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message({"text": text})
    if rows:
        message.set("intent", rows[0])
        message.set("intent_ranking", rows)
    message.set("part_intents", [{"text": name, "intent": name, "confidence": sure} for name, sure in parts])
    IntentDecision(IntentDecision.get_default_config()).process([message])
    return message


def names(message: Message) -> list[str]:
    return [row["name"] for row in message.get("intent_ranking")]


def test_a_sure_intent_stays() -> None:
    message = decided(("faq_cost", 0.9), ("faq_visa", 0.1))
    assert (message.get("intent")["name"], message.get("ambiguous")) == ("faq_cost", None)


def test_an_unsure_intent_becomes_fallback_and_keeps_its_ranking() -> None:
    message = decided(("faq_cost", 0.2), ("faq_visa", 0.1))
    assert message.get("intent")["name"] == "nlu_fallback"
    assert names(message) == ["nlu_fallback", "faq_cost", "faq_visa"]


def test_two_close_intents_are_both_offered() -> None:
    assert decided(("faq_cost", 0.40), ("faq_visa", 0.38)).get("ambiguous") == ["faq_cost", "faq_visa"]


@pytest.mark.parametrize("pair", [("out_of_scope", "faq_cost"), ("faq_cost", "out_of_scope")])
def test_a_refusal_is_never_offered_as_a_choice(pair: tuple[str, str]) -> None:
    assert decided((pair[0], 0.40), (pair[1], 0.38)).get("ambiguous") is None


def test_several_questions_are_carried_in_the_output() -> None:
    message = decided(("faq_cost", 0.2), parts=(("faq_cost", 0.9), ("faq_visa", 0.8)))
    output: dict[str, Any] = message.as_dict(only_output_properties=True)
    assert [question["intent"] for question in output["questions"]] == ["faq_cost", "faq_visa"]


def test_an_empty_message_falls_back() -> None:
    assert decided(text=" ").get("intent")["name"] == "nlu_fallback"


def test_a_button_is_left_to_rasa() -> None:
    assert decided(text="/faq_cost").get("intent") is None


@pytest.mark.parametrize("text", ["😀🏥", "هل أحتاج إلى تأشيرة؟", "谢谢", "...", "!?"])
def test_what_the_encoder_cannot_read_is_never_taken_for_an_intent(text: str) -> None:
    assert names(decided(("goodbye", 0.9), ("affirm", 0.05), text=text)) == ["nlu_fallback"]


@pytest.mark.parametrize("text", ["thanks 😀", "¿Cuánto cuesta el estágio?", "4", "Müller, São Paulo"])
def test_latin_letters_and_digits_are_read(text: str) -> None:
    assert names(decided(("thank", 0.9), ("affirm", 0.05), text=text))[0] == "thank"


@pytest.mark.parametrize(
    ("intent", "institution", "expected"),
    [
        ("faq_english_test", "Yale School of Medicine", "ask_program"),
        ("faq_english_test", "AMOpportunities (AMO)", "faq_english_test"),
        ("faq_amo", "Yale School of Medicine", "faq_amo"),
        ("compare_programs", "Yale School of Medicine", "compare_programs"),
    ],
)
def test_an_faq_question_about_a_named_institution_is_about_its_program(
    intent: str, institution: str, expected: str
) -> None:
    message = Message({"text": "does it need toefl", "entities": [{"entity": "institution", "value": institution}]})
    rows = [{"name": intent, "confidence": 0.8}, {"name": "ask_program", "confidence": 0.1}]
    message.set("intent", rows[0])
    message.set("intent_ranking", rows)
    config = {"threshold": 0.3, "margin": 0.05, "part_threshold": 0.5, "provider": "AMOpportunities (AMO)"}
    IntentDecision(config).process([message])
    assert names(message)[0] == expected
