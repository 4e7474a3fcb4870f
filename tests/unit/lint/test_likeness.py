"""Nearly equal sentences are found, and what was compared before is not compared again."""

from __future__ import annotations

import pytest

from bot.lint import likeness

LEARNED = ["how much does a rotation cost", "do i need a visa for it", "who writes the letter"]


@pytest.fixture(autouse=True)
def _nothing_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "_last", likeness._Compared())


def test_a_sentence_that_differs_in_a_letter_is_too_near() -> None:
    asked = ["how much does a rotation costs", "where can i park the car"]
    assert likeness.too_near(asked, LEARNED) == {asked[0]: LEARNED[0]}


def test_what_was_compared_is_remembered_and_what_is_new_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["who writes the letters", "where can i park the car"]
    pairs: list[int] = []
    whole = likeness._compare
    monkeypatch.setattr(
        likeness, "_compare", lambda some, others: (pairs.append(len(some) * len(others)), whole(some, others))[1]
    )
    assert likeness.too_near(asked, LEARNED) == {asked[0]: LEARNED[2]}
    assert sum(pairs) == 6
    added = [*LEARNED, "where can i park the cars"]
    assert likeness.too_near(asked, added) == {asked[0]: LEARNED[2], asked[1]: added[3]}
    assert sum(pairs) == 8, "the new sentence beside the two"
    assert likeness.too_near([*asked, "do i need a visa for"], LEARNED[1:]) == {
        asked[0]: LEARNED[2],
        "do i need a visa for": LEARNED[1],
    }
    assert likeness.too_near(asked, LEARNED[:2]) == {}, "what is gone is near to nothing"
    assert likeness.too_near(asked, LEARNED) == {asked[0]: LEARNED[2]}, "and found again when it is back"
