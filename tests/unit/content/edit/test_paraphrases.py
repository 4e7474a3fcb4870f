"""Proposals begin in other words where the opening is known, and are never the question itself."""

from __future__ import annotations

import pytest

from bot.content.edit.paraphrases import AROUND, paraphrases


@pytest.mark.parametrize(
    ("question", "others"),
    [
        (
            "Can I bring my dog?",
            ["may I bring my dog", "am I allowed to bring my dog", "is it possible to bring my dog"],
        ),
        ("how much is  the parking", ["what do they charge for the parking"]),
        ("do I have to tip the nurses?", ["must I tip the nurses"]),
    ],
)
def test_a_known_opening_is_exchanged(question: str, others: list[str]) -> None:
    made = paraphrases(question)
    assert set(others) <= set(made)
    assert question not in made
    assert len(made) == len({text.casefold() for text in made})
    assert len(made) > 10


def test_an_unknown_opening_is_only_set_into_other_words() -> None:
    assert paraphrases("dogs?") == [form.format("dogs") for form in AROUND[1:]]
    assert paraphrases("canine friends", most=2) == [form.format("canine friends") for form in AROUND[1:3]]
