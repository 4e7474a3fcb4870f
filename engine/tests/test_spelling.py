"""What is typed in a hurry is mended toward the words that were learned."""

from __future__ import annotations

import pytest
from rotation_engine.spelling import mender

LEARNED = ["hospital", "rotation", "observership", "letters", "price", "apply", "elective", "medical"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hw mny hsptl", "how many hospital"),
        ("pric of rotatin?", "price of rotation?"),
        ("obsrvshp n electv", "observership and elective"),
        ("mdcl lettrs", "medical letters"),
    ],
)
def test_hurried_words_are_mended(typed: str, meant: str) -> None:
    assert mender(LEARNED)(typed) == meant


@pytest.mark.parametrize("typed", ["is it free", "U.S. visa", "the Rotatun clinic", "state", "M3 and R/O"])
def test_real_words_names_and_letters_stay_as_they_are(typed: str) -> None:
    assert mender(LEARNED)(typed) == typed
