"""Golden dialogues: whole talks with the real engine and the real actions, checked turn by turn."""

from __future__ import annotations

import re
import uuid
from typing import Any

import httpx
import pytest
import yaml

from bot.settings import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
FOLDER = ROOT / "tests" / "dialogues"


def dialogues() -> dict[str, list[dict[str, Any]]]:
    """Every dialogue by its title: turns with `user`, and `says`, `not`, `buttons`, `kinds` to check."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf8"))
    return found


ALL = dialogues()


def test_there_are_dialogues() -> None:
    assert len(ALL) >= 14


@pytest.mark.parametrize("title", sorted(ALL))
def test_a_dialogue_goes_as_written(engine_url: str, title: str) -> None:
    sender = f"golden:{uuid.uuid4()}"
    with httpx.Client(base_url=engine_url, timeout=30) as engine:
        for turn in ALL[title]:
            body = {"sender": sender, "message": turn["user"]}
            sent = engine.post("/webhooks/rest/webhook", json=body).json()
            assert sent, f"silence after “{turn['user']}”"
            check(turn, [item["custom"] for item in sent])


def check(turn: dict[str, Any], replies: list[dict[str, Any]]) -> None:
    parts = [part for reply in replies for part in reply["parts"]]
    words = "\n".join(f"{part.get('text', '')}{part.get('cards', '')}{part.get('columns', '')}" for part in parts)
    payloads = [button["payload"] for reply in replies for button in reply["suggestions"]]
    heard = f"after “{turn['user']}” the bot said:\n{words}\n{payloads}"
    for pattern in turn.get("says", ()):
        assert re.search(pattern, words, re.IGNORECASE | re.DOTALL), f"{pattern} is missing {heard}"
    for pattern in turn.get("not", ()):
        assert not re.search(pattern, words, re.IGNORECASE | re.DOTALL), f"{pattern} should not be there {heard}"
    for payload in turn.get("buttons", ()):
        assert payload in payloads, heard
    if "kinds" in turn:
        assert [part["type"] for part in parts] == turn["kinds"], heard
