"""The net under a rebuilding: whatever differs between two recordings is named."""

from __future__ import annotations

from typing import Any

import pytest

from bench.behavior import differences

ROW = {"intent": {"name": "faq_cost", "confidence": 0.8}, "entities": [{"entity": "state", "value": "TX"}]}


def test_the_same_is_no_difference() -> None:
    assert list(differences({"parse: how much": ROW}, {"parse: how much": dict(ROW)})) == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({**ROW, "intent": {"name": "faq_visa", "confidence": 0.8}}, '.intent.name: "faq_cost" -> "faq_visa"'),
        ({**ROW, "entities": []}, ".entities: "),
        ({"intent": ROW["intent"]}, ".entities: "),
        ({**ROW, "entities": [{"entity": "state", "value": "OH"}]}, '.entities[0].value: "TX" -> "OH"'),
    ],
)
def test_each_value_that_differs_is_named_with_the_way_to_it(after: dict[str, Any], said: str) -> None:
    (found,) = differences({"parse: how much": ROW}, {"parse: how much": after})
    assert found.startswith(f"parse: how much{said}")


def test_what_stands_in_one_recording_only_is_a_difference() -> None:
    assert list(differences({"talk: hello": []}, {})) == ["talk: hello: only before"]
    assert list(differences({}, {"talk: hello": []})) == ["talk: hello: only after"]
