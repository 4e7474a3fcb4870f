"""Golden dialogues: whole talks with the real engine and the real actions, checked turn by turn.

A dialogue is a list of turns: what the `user` says, and what to check of the one reply. `says` and `not` are regular
expressions over its text, `buttons` are payloads that it offers, `kinds` are its parts in order.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from bot.settings import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
FOLDER = ROOT / "tests" / "dialogues"
CHECKS = {"says", "not", "buttons", "kinds"}
UNSEEN = {"url", "source", "sources", "slug", "id", "type"}
FAILED = "utter_action_failed"


def dialogues() -> dict[str, list[dict[str, Any]]]:
    """Every dialogue by its title."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for title, turns in yaml.safe_load(path.read_text(encoding="utf8")).items():
            assert title not in found, f"“{title}” stands twice"
            found[title] = turns
    return found


ALL = dialogues()


def apologies() -> list[str]:
    """What the bot says when an action broke; no golden turn may end so."""
    responses = yaml.safe_load((ROOT / "data" / "responses" / "talk.yml").read_text(encoding="utf8"))["responses"]
    return [variant["text"].strip() for variant in responses[FAILED]]


def test_there_are_dialogues() -> None:
    assert len(ALL) >= 30


@pytest.mark.parametrize("title", sorted(ALL))
def test_every_turn_checks_something(title: str) -> None:
    for turn in ALL[title]:
        assert turn.keys() - CHECKS == {"user"}, turn
        assert turn.keys() & CHECKS, turn


@pytest.mark.parametrize("title", sorted(ALL))
def test_a_dialogue_goes_as_written(engine_url: str, title: str) -> None:
    sender = f"golden:{uuid.uuid4()}"
    with httpx.Client(base_url=engine_url, timeout=30) as engine:
        for turn in ALL[title]:
            body = {"sender": sender, "message": turn["user"]}
            sent = engine.post("/webhooks/rest/webhook", json=body).raise_for_status().json()
            assert len(sent) == 1, f"{len(sent)} replies after “{turn['user']}”"
            check(turn, sent[0]["custom"])


def check(turn: dict[str, Any], reply: dict[str, Any]) -> None:
    words = "\n".join(seen(reply["parts"]))
    payloads = [button["payload"] for button in reply["suggestions"]]
    heard = f"after “{turn['user']}” the bot said:\n{words}\n{payloads}"
    assert not any(apology in words for apology in apologies()), heard
    for pattern in turn.get("says", ()):
        assert re.search(pattern, words, re.IGNORECASE | re.DOTALL), f"{pattern} is missing {heard}"
    for pattern in turn.get("not", ()):
        assert not re.search(pattern, words, re.IGNORECASE | re.DOTALL), f"{pattern} should not be there {heard}"
    for payload in turn.get("buttons", ()):
        assert payload in payloads, heard
    if "kinds" in turn:
        assert [part["type"] for part in reply["parts"]] == turn["kinds"], heard


def seen(value: Any) -> Iterator[str]:
    """Every text of a reply that a person gets to see, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from seen(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in UNSEEN:
                yield from seen(item)
