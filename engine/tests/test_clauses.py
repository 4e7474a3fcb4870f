"""A clause that leans on another one is said in full, so that it can be understood."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rotation_engine.clauses import in_full

NAMES = {"telehealth": "rotation_type", "shadowing": "rotation_type", "VSLO": "route", "TOEFL": "exam"}
PRONOUNS = ("it", "both", "they")


def at(text: str, word: str) -> tuple[int, int]:
    start = text.index(word)
    return start, start + len(word)


def full(text: str, *parts: str) -> list[str]:
    """What the parts of a text are said as, in their order; parts that stay as they are left out."""
    entities: list[dict[str, Any]] = [
        {
            "entity": kind,
            "value": "observership" if name == "shadowing" else name,
            "start": at(text, name)[0],
            "end": at(text, name)[1],
        }
        for name, kind in NAMES.items()
        if name in text
    ]
    acts = [
        {"act": "it", "start": found.start(), "end": found.end()}
        for found in re.finditer(rf"\b(?:{'|'.join(PRONOUNS)})\b", text)
    ]
    said = in_full(text, [at(text, part) for part in parts], entities, acts)
    return [one.text for span in sorted(said) for one in said[span]]


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        (
            "What is telehealth, and do hospitals like it",
            ("What is telehealth", "do hospitals like it"),
            ["do hospitals like telehealth"],
        ),
        ("VSLO: who pays, and when", ("who pays", "when"), ["VSLO: who pays", "VSLO: when"]),
        ("shadowing: how long", ("how long",), ["observership: how long"]),
        ("Is TOEFL needed, and where do I sit", ("Is TOEFL needed", "where do I sit"), ["TOEFL: where do I sit"]),
        (
            "which visa for students, and which for doctors",
            ("which visa for students", "which for doctors"),
            ["which visa for doctors"],
        ),
        (
            "a passport, a photo, are both wanted",
            ("a passport", "a photo", "are both wanted"),
            ["are a passport wanted", "are a photo wanted"],
        ),
        ("price and length", ("price", "length"), ["price?", "length?"]),
        (
            "is a thank-you card fine, and who signs it",
            ("is a thank-you card fine", "who signs it"),
            ["who signs a thank-you card"],
        ),
        (
            "how many photos do I send, can one be from home",
            ("how many photos do I send", "can one be from home"),
            ["can photos be from home"],
        ),
        (
            "should I fly before June, and in which week",
            ("should I fly before June", "in which week"),
            ["in which week should I fly"],
        ),
        (
            "Does VSLO or TOEFL come first, and until when",
            ("Does VSLO or TOEFL come first", "until when"),
            ["VSLO: until when", "TOEFL: until when"],
        ),
        ("bench fee? is it paid back", ("bench fee", "is it paid back"), ["bench fee?", "is bench fee paid back"]),
    ],
)
def test_a_clause_is_said_in_full(text: str, parts: tuple[str, ...], expected: list[str]) -> None:
    assert full(text, *parts) == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Is telehealth fine, and is VSLO free", ("Is telehealth fine", "is VSLO free")),
        ("I want to know: how much does this cost", ("how much does this cost",)),
    ],
)
def test_what_names_its_own_subject_stays_as_it_is(text: str, parts: tuple[str, ...]) -> None:
    assert full(text, *parts) == []
