"""Each gate goes red on its own fault, and a comparison of nothing is never green."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.content.candidates.comparing import Measured, Report, compare
from bot.content.edit.sentences import Sentence
from bot.content.evaluation.golden import Mistake

SENTENCES = [
    *(Sentence("faq_cost", f"price {at}") for at in range(12)),
    *(Sentence("faq_visa", f"visa {at}") for at in range(12)),
    *(Sentence("out_of_scope", f"rain {at}") for at in range(100)),
    *(Sentence("faq_new", f"new {at}") for at in range(10)),
    *(Sentence("faq_many", f"many {at}") for at in range(176)),
]
KNOWN = frozenset({"faq_cost", "faq_visa", "out_of_scope", "faq_many"})
RIGHT = {item.text: (item.intent,) for item in SENTENCES}
GOOD: dict[str, Any] = {"old_size": 1, "new_size": 1, "old_ms": 10.0, "new_ms": 10.0, "dialogues": {"a talk": ""}}


def report(wrong: dict[str, tuple[str, ...]] | None = None, **measured: Any) -> Report:
    old = {**RIGHT, **{f"new {at}": ("nlu_fallback",) for at in range(10)}}
    return compare(
        SENTENCES, old, {**RIGHT, **(wrong or {})}, known=KNOWN, measured=Measured(**GOOD | measured), live_model="m"
    )


def lost(word: str, count: int, becomes: str = "faq_many") -> dict[str, tuple[str, ...]]:
    return {f"{word} {at}": (becomes,) for at in range(count)}


def red(made: Report) -> list[str]:
    return [gate.name for gate in made.gates if not gate.is_green]


@pytest.mark.parametrize(
    ("made", "names"),
    [
        (report(), []),
        (report(lost("price", 3)), ["No topic loses", "All known topics together"]),
        (report(lost("price", 2)), []),
        (report(lost("price", 1) | lost("visa", 1)), []),
        (report(lost("many", 3, "faq_visa")), ["All known topics together"]),
        (report(lost("rain", 2)), []),
        (report(lost("rain", 3)), ["Strange questions are refused"]),
        (report(lost("rain", 40, "nlu_fallback")), []),
        (report(lost("new", 3)), []),
        (report(lost("new", 4)), ["The new topic faq_new is understood"]),
        (report(dialogues={"a talk": "it broke"}), ["Golden dialogues"]),
        (report(dialogues={}), ["Golden dialogues"]),
        (report(new_ms=19.9), []),
        (report(new_ms=20.1), ["Understanding stays fast"]),
    ],
)
def test_a_gate_is_red_on_its_own_fault_alone(made: Report, names: list[str]) -> None:
    assert red(made) == names
    assert made.is_green is (not names)


def test_nothing_compared_is_never_green() -> None:
    made = compare([], {}, {}, known=KNOWN, measured=Measured(**GOOD), live_model="m")
    assert "No topic loses" in red(made)
    assert "Strange questions are refused" in red(made)


def test_flips_say_for_better_or_worse_and_the_worse_come_first() -> None:
    made = report({"price 0": ("faq_visa",), "visa 0": ("faq_visa", "faq_cost")})
    assert [(flip.text, flip.better) for flip in made.flips[:1]] == [("price 0", False)]
    assert {flip.text for flip in made.flips if flip.better} == {f"new {at}" for at in range(10)}
    assert [flip.text for flip in made.flips if flip.better is None] == ["visa 0"], "right before and after"


ASPECT = "faq_cost/parking"


@pytest.mark.parametrize(("asked", "right", "is_red"), [(3, 0, False), (4, 3, False), (4, 2, True), (10, 6, True)])
def test_the_gate_of_a_new_question_speaks_from_four_sentences_on(asked: int, right: int, is_red: bool) -> None:
    sentences = [Sentence(ASPECT, f"parking {at}") for at in range(asked)]
    heard = {item.text: (ASPECT if at < right else "faq_cost/deposit",) for at, item in enumerate(sentences)}
    made = compare(
        SENTENCES,
        RIGHT,
        RIGHT,
        known=frozenset({*KNOWN, "faq_new"}),
        measured=Measured(**GOOD),
        live_model="m",
        aspects=sentences,
        heard=heard,
    )
    assert red(made) == [f"The new question {ASPECT} is understood"] * is_red
    assert [flip.text for flip in made.missed] == [f"parking {at}" for at in range(right, asked)], "all are shown"
    assert Report.from_dict(made.to_dict()) == made


def test_what_a_new_topic_misses_is_shown_though_the_live_model_missed_it_too() -> None:
    made = report(lost("new", 4, "nlu_fallback"))
    assert [(flip.text, flip.becomes) for flip in made.missed] == [(f"new {at}", "nlu_fallback") for at in range(4)]


def test_a_report_survives_the_database() -> None:
    broken = Mistake(1, "and how long?", "it broke", "Twelve weeks.", ("four weeks",))
    made = report(lost("price", 3), mistakes={"a talk": broken.to_dict()})
    assert Report.from_dict(json.loads(json.dumps(made.to_dict()))) == made
    assert any(line.startswith("RED") for line in made.lines())
