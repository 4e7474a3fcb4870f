"""Golden dialogues: whole talks with a running engine, checked turn by turn.

A dialogue is a list of turns: what the `user` says, and what to check of the one reply. `says` and `not` are regular
expressions over its text, `buttons` are payloads that it offers, `kinds` are its parts in order.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.data_files import read_yaml
from bot.errors import MeasuringError

CHECKS = frozenset({"says", "not", "buttons", "kinds"})
UNSEEN = frozenset({"url", "source", "sources", "slug", "id", "type"})
FAILED = "utter_action_failed"
BROKEN = "an action broke"
DAY = "2026-11-23"
"""The day on which the dialogues are played: what they check of dates holds on it."""


@dataclass(frozen=True)
class Mistake:
    """Where a dialogue went another way: its turn (from 0), what was said there, and what of the checks does not hold.

    `problem` says it in words. `gone` is empty where something broke that no other expectation would mend.
    """

    turn: int
    user: str
    problem: str
    said: str = ""
    gone: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The mistake as JSON."""
        return {**asdict(self), "gone": list(self.gone)}


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
    """Plays a dialogue as somebody new; what went wrong first in words, or nothing.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    found = first_mistake(engine_url, turns, sorry)
    return found.problem if found else ""


def first_mistake(engine_url: str, turns: Sequence[Mapping[str, Any]], sorry: Sequence[str]) -> Mistake | None:
    """Plays a dialogue as somebody new; what went wrong first.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    sender = f"golden:{uuid.uuid4()}"
    with httpx.Client(base_url=engine_url, timeout=30) as engine:
        for at, turn in enumerate(turns):
            sent = _said(engine, sender, turn["user"])
            if len(sent) != 1:
                return Mistake(at, turn["user"], f"{len(sent)} replies after “{turn['user']}”")
            reply = sent[0]["custom"]
            if problem := mistake(turn, reply, sorry):
                is_broken = problem.startswith(BROKEN)
                words = "\n".join(seen(reply["parts"]))
                return Mistake(at, turn["user"], problem, words, () if is_broken else failing(turn, reply))
    return None


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
    heard = f"after “{turn['user']}” the bot said:\n{words}\n{_payloads(reply)}"
    if any(apology in words for apology in sorry):
        return f"{BROKEN} {heard}"
    failed = failing(turn, reply)
    if not failed:
        return ""
    if failed[0] in turn.get("says", ()):
        return f"{failed[0]} is missing {heard}"
    if failed[0] in turn.get("not", ()):
        return f"{failed[0]} should not be there {heard}"
    if failed[0] in turn.get("buttons", ()):
        return f"the button {failed[0]} is missing {heard}"
    return f"its parts are {_kinds(reply)} {heard}"


def failing(turn: Mapping[str, Any], reply: Mapping[str, Any]) -> tuple[str, ...]:
    """Every check of a turn that does not hold for a reply: patterns, payloads, or "kinds"."""
    words, payloads = "\n".join(seen(reply["parts"])), _payloads(reply)
    return (
        *(pattern for pattern in turn.get("says", ()) if not holds(pattern, words)),
        *(pattern for pattern in turn.get("not", ()) if holds(pattern, words)),
        *(payload for payload in turn.get("buttons", ()) if payload not in payloads),
        *(("kinds",) if _kinds(reply) != turn.get("kinds", _kinds(reply)) else ()),
    )


def _payloads(reply: Mapping[str, Any]) -> list[str]:
    return [button["payload"] for button in reply["suggestions"]]


def _kinds(reply: Mapping[str, Any]) -> list[str]:
    return [part["type"] for part in reply["parts"]]


def holds(pattern: str, words: str) -> bool:
    """Whether a check's pattern is found in the words of a reply."""
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
