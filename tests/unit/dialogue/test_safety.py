"""Who is not well is heard; who asks about rotations in strong words is not taken for it."""

from __future__ import annotations

import pytest

from bot.dialogue.safety import is_in_danger, is_worried


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "i dont want to live anymore",
        "I don't want to live",
        "no visa again, I want to die",
        "thinking about suicide",
        "I'm suicidal",
        "everyone would be better off dead like me",
        "I don\u2019t want to live",
        "I may hurt myself tonight",
        "should I just end my life",
        "i do not wish to live",
        "i wish i was dead",
        "I'm tired of living",
    ],
)
def test_danger_is_heard(text: str) -> None:
    assert is_in_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "do I want to live in New York or Boston for my rotation",
        "psychiatry rotation with suicide prevention",
        "do students see suicidal patients",
        "where do I want to live during the rotation",
        "the pager died",
        "is the deadline killing my chances",
        "I live in Lagos",
        "can I hurt my chances with two observerships",
        "I don't want to live in New York",
        "i dont want to live with roommates",
        "does taking a gap year end my chances",
        "how do I take my life savings to the US",
    ],
)
def test_danger_is_not_seen_in_questions(text: str) -> None:
    assert not is_in_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "i feel like giving up",
        "hi, i'm a bit panicked. is it too late for me?",
        "I am so scared",
        "I can't sleep",
        "I feel hopeless",
        "i am depressed",
        "I'm really worried about all this",
        "my life is over",
        "I'm stressed",
    ],
)
def test_worry_is_heard(text: str) -> None:
    assert is_worried(text)


@pytest.mark.parametrize(
    "text",
    [
        "should I give up my right to read the letter",
        "what is the treatment of depression",
        "is the Match stressful",
        "do I give up the elective if I get an externship",
        "I want cardiology in Texas",
        "I lost my passport",
    ],
)
def test_worry_is_not_seen_in_questions(text: str) -> None:
    assert not is_worried(text)
