"""Where a message is cut, and when the pieces count as questions of their own."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rotation_engine.decision import several_questions
from rotation_engine.splitter import FINER, FINER_PARTS, MAX_PARTS, PARTS, QuestionSplitter, asks, find_parts

CUT = [
    ("what if I fall ill, and is the deposit gone?", ["what if I fall ill", "is the deposit gone"]),
    ("How much does it cost? And do I need a visa?", ["How much does it cost", "do I need a visa"]),
    ("how much does it cost and do i need a visa", ["how much does it cost", "do i need a visa"]),
    ("what is VSLO\nwhen should I apply", ["what is VSLO", "when should I apply"]),
    ("Is it hands-on, can I get a letter", ["Is it hands-on", "can I get a letter"]),
    ("I need letters. Which documents do I send?", ["I need letters", "Which documents do I send"]),
    ("what about the visa; also how long is it", ["what about the visa", "how long is it"]),
    ("Yale: 1) is there a fee 2) which papers", ["is there a fee", "which papers"]),
    ("1) which visa is it? 2) who signs it? 3) is it free?", ["which visa is it?", "who signs it?", "is it free?"]),
    ("1. how long is it 2. what does it cost 3. who pays", ["how long is it", "what does it cost", "who pays"]),
    ("1 - the fee please 2 - the visa type", ["the fee please", "the visa type"]),
    ("1 - cost? 2 - duration? 3 - visa?", ["cost?", "duration?", "visa?"]),
    ("1) I am late, is that bad? 2) No visa. Can I come?", ["I am late, is that bad?", "No visa. Can I come?"]),
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
    "my doctor (Step 1) said yes",
    "I passed Step 1. now what",
    "I have 2. only",
    "is there an age (not the year!) above which hospitals refuse",
    "what if my visa is denied, is the deposit gone",
    "and what if I fall ill, can I come later",
    "how much?",
    "",
]


@pytest.mark.parametrize(("text", "expected"), CUT)
def test_cuts_between_questions(text: str, expected: list[str]) -> None:
    assert [text[start:end].strip() for start, end in find_parts(text)] == expected


@pytest.mark.parametrize("text", WHOLE)
def test_leaves_one_question_whole(text: str) -> None:
    assert find_parts(text) == []


FINER_CUT = [
    ("the deadline date, the exact fee and housing options", ["the deadline date", "the exact fee", "housing options"]),
    ("the fee for students plus the fee for graduates", ["the fee for students", "the fee for graduates"]),
    ("two questions: the visa type and the letter", ["two questions", "the visa type", "the letter"]),
    ("what does it cost as well as which papers", ["what does it cost", "which papers"]),
    ("fee, visa, letter", []),
    ("android phone orders", []),
]


@pytest.mark.parametrize(("text", "expected"), FINER_CUT)
def test_finer_parts_are_divided_at_commas_and_small_words_too(text: str, expected: list[str]) -> None:
    assert [text[start:end].strip() for start, end in find_parts(text, FINER)] == expected


@pytest.mark.parametrize(("text", "expected"), CUT)
def test_what_is_cut_stays_cut_in_the_finer_parts(text: str, expected: list[str]) -> None:
    finer = [text[start:end].strip() for start, end in find_parts(text, FINER)]
    assert "".join(expected).replace(" ", "") == "".join(finer).replace(" ", "")


def test_a_message_gets_both_kinds_of_parts_and_a_button_none() -> None:
    text, button = "the visa type, the exact fee", '/faq_cost{"aspect": "deposit, refund"}'
    spoken, pressed = QuestionSplitter().process([Message({"text": text}), Message({"text": button})])
    assert (spoken.get(PARTS), spoken.get(FINER_PARTS)) == ([], [(0, 13), (15, 28)])
    assert (pressed.get(PARTS), pressed.get(FINER_PARTS)) == (None, None)


def part(intent: str, confidence: float) -> dict[str, Any]:
    return {"text": intent, "intent": intent, "confidence": confidence}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part("faq_cost", 0.9), part("faq_visa", 0.8)], ["faq_cost", "faq_visa"]),
        ([part("faq_cost", 0.9), part("faq_visa", 0.4)], []),
        ([part("faq_cost", 0.9), part("faq_cost", 0.8)], []),
        ([part("introduce", 0.9), part("faq_visa", 0.8)], []),
        ([part("care", 0.9), part("faq_visa", 0.8)], []),
        ([part("greet", 0.9), part("faq_visa", 0.8)], []),
        ([part("greet", 0.9), part("faq_visa", 0.8), part("faq_cost", 0.7)], ["faq_visa", "faq_cost"]),
        ([part("inform", 0.9), part("search_programs", 0.8)], []),
        ([part("out_of_scope", 0.9), part("faq_visa", 0.9)], []),
        ([], []),
    ],
)
def test_only_sure_and_different_questions_count(parts: list[dict[str, Any]], expected: list[str]) -> None:
    assert [question["intent"] for question in several_questions(parts, 0.5)] == expected


def test_of_a_long_story_the_question_at_its_end_is_kept() -> None:
    told = "I study in Nepal. We have exams in March. My uncle lives in Ohio. I passed Step 1. I love surgery. "
    asked = "Should I book with a company?"
    parts = find_parts(told + asked)
    assert len(parts) == MAX_PARTS
    assert (told + asked)[slice(*parts[-1])] == asked.rstrip("?")


@pytest.mark.parametrize(
    ("part", "after", "is_asked"),
    [
        ("have a valid visa", ".", False),
        ("have about a month free", "", False),
        ("have I got enough letters", "", True),
        ("has the program a deadline", "", True),
        ("have a visa", "?", True),
    ],
)
def test_what_begins_with_have_asks_only_when_somebody_follows(part: str, after: str, is_asked: bool) -> None:
    assert asks(part, after) is is_asked
