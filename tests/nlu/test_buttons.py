"""Who types what stands on a button, instead of pressing it, gets where the button leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.content.evaluation import asking
from bot.data_files import read_yaml
from bot.settings import ROOT

pytestmark = [pytest.mark.engine]
FEWEST = 60
# Words that stand on two buttons: one asks in general and one for oneself, or one answers a question. Typed, they mean
# the first; the running talk minds the second.
IN_GENERAL = {
    "What does it cost?": "faq_cost",
    "When to apply?": "faq_when_to_apply",
    "Any specialty": "refine_search",
}


def titles() -> dict[str, str]:
    """Every title that leads to an intent and nothing more, with that intent."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for button in _buttons(read_yaml(path)):
            plain = re.fullmatch(r"/(\w+)", button["payload"])
            if plain and button["title"] not in IN_GENERAL and "{" not in button["title"]:
                found[button["title"]] = plain[1]
    return found | IN_GENERAL


def _buttons(node: Any) -> Iterator[dict[str, str]]:
    if isinstance(node, dict):
        if "title" in node and "payload" in node:
            yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from _buttons(child)


def test_a_buttons_words_lead_where_the_button_leads(engine_url: str) -> None:
    wanted = titles()
    assert len(wanted) >= FEWEST
    rows = [{"text": title, "topic": intent.removeprefix("faq_")} for title, intent in wanted.items()]
    wrong = {
        item.text: item.understood for item in asking.ask(engine_url, rows) if wanted[item.text] not in item.understood
    }
    assert wrong == {}
