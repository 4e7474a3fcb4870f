"""Golden dialogues: whole talks with a running engine, checked turn by turn.

A dialogue is a list of turns: what the `user` says, and what to check of the one reply. `says` and `not` are regular
expressions over its text, `buttons` are payloads that it offers, `kinds` are its parts in order.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from bot.data_files import read_yaml
from bot.errors import MeasuringError

CHECKS = frozenset({"says", "not", "buttons", "kinds"})
UNSEEN = frozenset({"url", "source", "sources", "slug", "id", "type"})
FAILED = "utter_action_failed"
DAY = "2026-11-23"
"""The day on which the dialogues are played: what they check of dates holds on it."""


def read_dialogues(root: Path) -> dict[str, list[dict[str, Any]]]:
    """Every dialogue of a tree of content, by its title.

    Raises:
        MeasuringError: a title stands twice, or there is none.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((root / "tests" / "dialogues").glob("*.yml")):
        for title, turns in (read_yaml(path) or {}).items():
            if title in found:
                raise MeasuringError(f"The golden dialogue “{title}” stands twice; rename one.")
            found[title] = turns
    if not found:
        raise MeasuringError(f"There are no golden dialogues in {root}, so nothing can be checked.")
    return found


def apologies(root: Path) -> list[str]:
    """What the bot says when an action broke; no golden turn may end so."""
    talk = read_yaml(root / "data" / "responses" / "talk.yml")
    return [variant["text"].strip() for variant in talk["responses"][FAILED]]


def play_golden(engine_url: str, turns: Sequence[Mapping[str, Any]], sorry: Sequence[str]) -> str:
    """Plays a dialogue as somebody new; what went wrong first, or nothing.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    sender = f"golden:{uuid.uuid4()}"
    with httpx.Client(base_url=engine_url, timeout=30) as engine:
        for turn in turns:
            sent = _said(engine, sender, turn["user"])
            if len(sent) != 1:
                return f"{len(sent)} replies after “{turn['user']}”"
            if problem := mistake(turn, sent[0]["custom"], sorry):
                return problem
    return ""


def _said(engine: httpx.Client, sender: str, words: str) -> list[dict[str, Any]]:
    try:
        answer = engine.post("/webhooks/rest/webhook", json={"sender": sender, "message": words}).raise_for_status()
        said: list[dict[str, Any]] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise MeasuringError(f"The engine at {engine.base_url} did not answer ({error}); see its log.") from error
    return said


def mistake(turn: Mapping[str, Any], reply: Mapping[str, Any], sorry: Sequence[str]) -> str:
    """What of a turn's checks does not hold for a reply; empty when all do."""
    words = "\n".join(seen(reply["parts"]))
    payloads = [button["payload"] for button in reply["suggestions"]]
    heard = f"after “{turn['user']}” the bot said:\n{words}\n{payloads}"
    kinds = [part["type"] for part in reply["parts"]]
    if any(apology in words for apology in sorry):
        return f"an action broke {heard}"
    for pattern in turn.get("says", ()):
        if not _holds(pattern, words):
            return f"{pattern} is missing {heard}"
    for pattern in turn.get("not", ()):
        if _holds(pattern, words):
            return f"{pattern} should not be there {heard}"
    if missing := [payload for payload in turn.get("buttons", ()) if payload not in payloads]:
        return f"the button {missing[0]} is missing {heard}"
    return "" if kinds == turn.get("kinds", kinds) else f"its parts are {kinds} {heard}"


def _holds(pattern: str, words: str) -> bool:
    return re.search(pattern, words, re.IGNORECASE | re.DOTALL) is not None


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
