"""The same question of another subject has an answer of its own."""

from __future__ import annotations

import pytest

from bot.dialogue.subjects import asked_by_facts, subject_of, suited
from bot.nlu.message import Message
from tests.unit.extractor import parsed


@pytest.mark.parametrize(
    ("aspect", "text", "answer"),
    [
        ("faq_lor_type/guaranteed", "would something from home bring a letter", "faq_telehealth/letter"),
        ("faq_visa/which_visa", "and for a telehealth rotation", "faq_visa/telehealth_visa"),
        ("faq_when_to_apply/provider_lead", "and directly at a university", "faq_when_to_apply/school_lead"),
        ("faq_cost/observership_price", "and an externship", "faq_cost/externship_price"),
        ("faq_cost", "an observership or an externship", "faq_cost"),
        ("faq_cost", "no observership please", "faq_cost"),
        ("faq_lor_type/age", "a letter of my observership", "faq_lor_type/age"),
        ("faq_visa/which_visa", "and for an externship", "faq_visa/hands_on"),
        ("faq_visa/which_visa", "and for a sub-internship", "faq_visa/which_visa"),
    ],
)
def test_a_question_is_answered_for_the_one_subject_that_is_named(aspect: str, text: str, answer: str) -> None:
    message = Message.from_parse(parsed(text, "inform"))
    assert suited(aspect, message.frame) == answer


@pytest.mark.parametrize(
    ("aspect", "text", "answer"),
    [
        ("faq_cost/type_price", "cheapest one", "faq_cost/telehealth_price"),
        ("faq_visa/need_visa", "do I need a visa", "faq_visa/telehealth_visa"),
        ("faq_cost/type_price", "cheapest observership", "faq_cost/observership_price"),
        ("faq_lor_type/age", "how old may it be", "faq_lor_type/age"),
    ],
)
def test_a_few_words_are_answered_for_what_is_talked_about(aspect: str, text: str, answer: str) -> None:
    message = Message.from_parse(parsed(text, "inform"))
    assert suited(aspect, message.frame, "telehealth") == answer


@pytest.mark.parametrize(
    ("aspect", "text", "subject"),
    [
        ("faq_cost/observership_price", "how much", "observership"),
        ("faq_telehealth/boring", "is it boring", "telehealth"),
        ("faq_lor_type", "a letter of my externship", "externship"),
        ("faq_documents/provider_papers", "which papers", "third_party"),
        ("faq_documents/translation", "translated", ""),
        ("faq_cost", "an observership or an externship", ""),
    ],
)
def test_what_is_talked_about_is_named_or_answered(aspect: str, text: str, subject: str) -> None:
    assert subject_of(aspect, Message.from_parse(parsed(text, "inform")).frame) == subject


@pytest.mark.parametrize(
    ("topic", "told", "asked"),
    [
        ("faq_visa/which_visa", ["nationality"], "faq_visa/by_passport"),
        ("faq_visa", ["career_stage", "country"], "faq_visa/by_passport"),
        ("faq_visa", ["career_stage"], ""),
        ("faq_cost", ["nationality"], ""),
        ("", ["nationality"], ""),
    ],
)
def test_a_fact_asks_a_topic_anew(topic: str, told: list[str], asked: str) -> None:
    assert asked_by_facts(topic, told) == asked
