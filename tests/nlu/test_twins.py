"""The held-out twins of the training sentences, asked of the real engine.

They were written to be as unlike the training sentences as possible, and no training sentence was written to match
them; the floors stand two points below what was measured when they were last raised, so they only ever go up.
"""

from __future__ import annotations

import re

import pytest
import yaml

from bot.content.evaluation import asking
from bot.settings import ROOT
from tests.nlu import frames

pytestmark = [pytest.mark.engine]
IN_SCOPE_FLOOR = 0.785
REFUSED_FLOOR = 0.915
FEWEST = 500


def twins() -> list[dict[str, str]]:
    """Every held-out sentence with its intent as the topic."""
    rows = []
    for path in sorted(set((ROOT / "tests" / "nlu").glob("*.yml")) - {frames.FILE}):
        for item in yaml.safe_load(path.read_text(encoding="utf8"))["nlu"]:
            for text in re.findall(r"^- (.+)$", item["examples"], re.MULTILINE):
                rows.append(
                    {"text": text.strip(), "topic": item["intent"].removeprefix("faq_"), "intent": item["intent"]}
                )
    return rows


def test_held_out_sentences_are_understood_and_strange_ones_refused(engine_url: str) -> None:
    rows = twins()
    assert len(rows) >= FEWEST
    asked = asking.ask(engine_url, rows)
    inside = [
        row["intent"] in item.understood
        for row, item in zip(rows, asked, strict=True)
        if row["topic"] != "out_of_scope"
    ]
    refused = [item.is_right for item in asked if item.topic == "out_of_scope"]
    accuracy, refusal = sum(inside) / len(inside), sum(refused) / len(refused)
    print(f"held-out: {accuracy:.3f} of {len(inside)} in scope, {refusal:.3f} of {len(refused)} out of scope refused")
    assert accuracy >= IN_SCOPE_FLOOR
    assert refusal >= REFUSED_FLOOR
