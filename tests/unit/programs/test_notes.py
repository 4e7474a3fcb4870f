"""What the notes of a program say about a question."""

from __future__ import annotations

import pytest

from bot.programs.notes import quoted, spoken_of

NOTES = (
    "Physicians only; a chest X-ray is demanded. Parking at the north garage is free for guests. No patient contact."
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"parking", "garage"}, "Parking at the north garage is free for guests."),
        ({"chest", "enough"}, ""),
        ({"parking", "price"}, ""),
        (set(), ""),
    ],
)
def test_a_sentence_that_shares_two_words_is_found(words: set[str], expected: str) -> None:
    assert spoken_of(NOTES, frozenset(words)) == expected


def test_contact_with_patients_is_no_address() -> None:
    assert not quoted(NOTES, "contact")
    assert quoted("Write to the contact person first.", "contact")
