"""The rows of tests/nlu/frames.yml in the engine's own Python, and the frame in Rasa's parse data."""

from __future__ import annotations

import sys

import pytest
from rotation_engine.places import ROOT
from rotation_engine.understanding.grammar import GrammarError, Lists, Templates
from rotation_engine.understanding.text import read_text

sys.path.append(str(ROOT / "tests" / "nlu"))
import frames

WORDS = Lists({"color": {"red": ["red", "dark red"], "blue": ["blue"]}}, {"digits": r"\d+"})
RULES = {"polite": "(please|thanks)", "many": "{digits:n} {color:shade}"}


def found(sentence: str, text: str, place: str = "anywhere") -> list[dict[str, object]]:
    templates = Templates(WORDS, RULES)
    templates.add("x", sentence, place=place)
    return [dict(hit.slots) for hit in templates.find(read_text(text, str))]


@pytest.mark.parametrize(("sentence", "items"), frames.rows())
def test_a_sentence_is_read_as_written_down(sentence: str, items: str) -> None:
    assert frames.noted(frames.reader().read(sentence)) == items


@pytest.mark.parametrize(
    ("sentence", "text", "slots"),
    [
        ("a [very] {color} (car|bike)", "A very dark-red bike", [{"color": "red"}]),
        ("a [very] {color} (car|bike)", "a blue car", [{"color": "blue"}]),
        ("a [very] {color} (car|bike)", "a bluecar", []),
        ("<many:first> and <many:second>", "2 red and 3 blue", [
            {"first_n": "2", "first_shade": "red", "second_n": "3", "second_shade": "blue"}
        ]),
        ("don't stop", "dont stop", [{}]),
    ],
)  # fmt: skip
def test_a_template_finds_what_it_says(sentence: str, text: str, slots: list[dict[str, object]]) -> None:
    assert found(sentence, text) == slots


@pytest.mark.parametrize(
    ("place", "text", "count"),
    [
        ("whole", "stop please!", 1),
        ("whole", "stop it", 0),
        ("opening", "please stop it", 1),
        ("opening", "do not stop", 0),
    ],
)
def test_a_template_may_be_bound_to_a_place(place: str, text: str, count: int) -> None:
    assert len(found("stop", text, place)) == count


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [("a {shape}", "list {shape}"), ("a <thing>", "rule <thing>"), ("[maybe]", "may be left out")],
)
def test_a_wrong_template_is_named(sentence: str, problem: str) -> None:
    with pytest.raises(GrammarError, match=problem):
        found(sentence, "")
