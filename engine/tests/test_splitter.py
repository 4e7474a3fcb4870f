"""Where a message is cut, and when the pieces count as questions of their own."""

from __future__ import annotations

from typing import Any

import pytest
from rotation_engine.decision import several_questions
from rotation_engine.splitter import find_parts

CUT = [
    ("How much does it cost? And do I need a visa?", ["How much does it cost", "do I need a visa"]),
    ("how much does it cost and do i need a visa", ["how much does it cost", "do i need a visa"]),
    ("what is VSLO\nwhen should I apply", ["what is VSLO", "when should I apply"]),
    ("Is it hands-on, can I get a letter", ["Is it hands-on", "can I get a letter"]),
    ("I need letters. Which documents do I send?", ["I need letters", "Which documents do I send"]),
    ("what about the visa; also how long is it", ["what about the visa", "how long is it"]),
    ("Cost? Visa needed? What documents?", ["Visa needed", "What documents"]),
    (
        "is an externship hands-on and does it count as USCE?",
        ["is an externship hands-on", "does it count as USCE"],
    ),
]

WHOLE = [
    "internal medicine and pediatrics in Texas and Florida",
    "What do I need, a visa or ESTA?",
    "Programs in St. Louis for Dr. Smith's students",
    "I graduated in 2019 and now look for externships",
    "hello",
    "how much?",
    "",
]


@pytest.mark.parametrize(("text", "expected"), CUT)
def test_cuts_between_questions(text: str, expected: list[str]) -> None:
    assert [text[start:end].strip() for start, end in find_parts(text)] == expected


@pytest.mark.parametrize("text", WHOLE)
def test_leaves_one_question_whole(text: str) -> None:
    assert find_parts(text) == []


def part(intent: str, confidence: float) -> dict[str, Any]:
    return {"text": intent, "intent": intent, "confidence": confidence}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part("faq_cost", 0.9), part("faq_visa", 0.8)], ["faq_cost", "faq_visa"]),
        ([part("faq_cost", 0.9), part("faq_visa", 0.4)], []),
        ([part("faq_cost", 0.9), part("faq_cost", 0.8)], []),
        ([part("greet", 0.9), part("faq_visa", 0.8)], []),
        ([part("greet", 0.9), part("faq_visa", 0.8), part("faq_cost", 0.7)], ["faq_visa", "faq_cost"]),
        ([part("inform", 0.9), part("search_programs", 0.8)], []),
        ([part("out_of_scope", 0.9), part("faq_visa", 0.9)], []),
        ([], []),
    ],
)
def test_only_sure_and_different_questions_count(parts: list[dict[str, Any]], expected: list[str]) -> None:
    assert [question["intent"] for question in several_questions(parts, 0.5)] == expected
