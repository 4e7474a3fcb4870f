"""Asks a running engine: what it takes each question for, and what the bot says in a whole dialogue."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.content.evaluation.neighbors import NEIGHBORS
from bot.errors import MeasuringError
from bot.nlu.message import Message

OUT_OF_SCOPE = "out_of_scope"
AT_ONCE = 32
"""Sentences that an engine is asked together; it answers nobody else meanwhile, about a fifth of a second."""
INTENTS = {
    "program_search": {"search_programs", "refine_search"},
    "program_details": {"ask_program", "compare_programs"},
    "cost_estimate": {"estimate_cost"},
    "timeline": {"plan_timeline"},
    "recommend_type": {"recommend_rotation"},
    "human_handoff": {"request_human"},
    "smalltalk_greet": {"greet"},
    "smalltalk_thanks": {"thank"},
    "smalltalk_bye": {"goodbye"},
    "bot_identity": {"ask_bot", "help"},
    OUT_OF_SCOPE: {OUT_OF_SCOPE, "nlu_fallback"},
}
"""Topics of the measuring files that are not called `faq_<topic>`."""


@dataclass(frozen=True)
class AskedQuestion:
    """One question, what it should mean, and what the engine took it for.

    `understood` is what the bot acts on: the questions found in the message, or its one intent. `ranking` is best
    first. `is_near_tie` says that another meaning is nearly as likely and stands on a button. `aspects` are the
    questions inside topics that it acts on ("faq_cost/deposit"); an intent without any stands for itself.
    """

    text: str
    topic: str
    style: str
    understood: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...] = ()
    is_near_tie: bool = False
    aspects: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """One of the things understood is what was asked; a refusal counts only if nothing else was answered."""
        wanted = INTENTS.get(self.topic, {f"faq_{self.topic}"})
        if self.topic == OUT_OF_SCOPE:
            return wanted >= set(self.understood)
        return bool(wanted & set(self.understood))

    @property
    def is_near(self) -> bool:
        """Right, or understood as a neighbor whose answer answers it too."""
        return self.is_right or bool(NEIGHBORS.get(self.topic, {}).keys() & set(self.understood))


@dataclass(frozen=True)
class PlayedTurn:
    """What was said, what was expected, and what the bot said (empty when it stayed silent)."""

    said: str
    expected: str
    answer: str


def read_lines(path: Path, *needed: str) -> list[dict[str, Any]]:
    """The rows of a .jsonl file.

    Raises:
        MeasuringError: there are none, or a line is no JSON object with the `needed` names.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict) or not row.keys() >= set(needed):
            raise MeasuringError(f"{path}, line {number}, must be a JSON object with {', '.join(needed)}; mend it.")
        rows.append(row)
    if not rows:
        raise MeasuringError(f"{path} is empty, so there is nothing to measure.")
    return rows


def ask(
    engine_url: str, rows: Sequence[dict[str, Any]], *, at_once: int = AT_ONCE, key: str = ""
) -> list[AskedQuestion]:
    """Each row `{text, topic, style}` with what the engine understands; `at_once` of them go out together.

    `key` is what an engine asks for that is closed to others.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    with _engine(engine_url, key) as engine:
        parsed: list[dict[str, Any]] = []
        for start in range(0, len(rows), at_once):
            texts = [row["text"] for row in rows[start : start + at_once]]
            parsed += _post(engine, "/webhooks/rest/parse", {"texts": texts})
    return [_asked(row, parse) for row, parse in zip(rows, parsed, strict=True)]


def seconds(engine_url: str, texts: Sequence[str]) -> list[float]:
    """How long the engine took for each sentence, asked one by one.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    taken = []
    with _engine(engine_url) as engine:
        for text in texts:
            started = time.perf_counter()
            _post(engine, "/webhooks/rest/parse", {"texts": [text]})
            taken.append(time.perf_counter() - started)
    return taken


def play(engine_url: str, dialogue: dict[str, Any]) -> list[PlayedTurn]:
    """A dialogue `{id, turns: [{user, expect}]}`, said to the engine turn by turn by somebody new.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    sender = f"evaluation:{dialogue['id']}:{uuid.uuid4()}"
    with _engine(engine_url) as engine:
        turns = []
        for turn in dialogue["turns"]:
            sent = _post(engine, "/webhooks/rest/webhook", {"sender": sender, "message": turn["user"]})
            turns.append(PlayedTurn(turn["user"], turn.get("expect") or "", "\n".join(map(_words, sent)).strip()))
        return turns


def _engine(engine_url: str, key: str = "") -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=engine_url, headers=headers, timeout=60)


def _post(engine: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    try:
        return engine.post(path, json=body).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise MeasuringError(
            f"The engine at {engine.base_url} did not answer {path} ({error}); see its log."
        ) from error


def _asked(row: dict[str, Any], parse: dict[str, Any]) -> AskedQuestion:
    parts = tuple(part["intent"] for part in parse.get("questions") or ())
    ranking = tuple((item["name"], item["confidence"]) for item in parse.get("intent_ranking") or ())
    understood = parts or (parse["intent"]["name"],)
    is_near_tie = not parts and len(parse.get("ambiguous") or ()) > 1
    style, message = row.get("style") or "", Message.from_parse(parse)
    aspects = tuple(question.aspect or question.intent for question in message.questions) or _best_aspect(message)
    return AskedQuestion(row["text"], row["topic"], style, understood, ranking, is_near_tie, aspects)


def _best_aspect(message: Message) -> tuple[str, ...]:
    return tuple(aspect for aspect, _ in message.aspects[:1]) or (message.intent,)


def _words(item: dict[str, Any]) -> str:
    reply = item.get("custom") or {"parts": [{"type": "text", "text": item.get("text") or ""}]}
    lines = [_part(part) for part in reply.get("parts") or ()]
    buttons = " · ".join(button["title"] for button in reply.get("suggestions") or ())
    return "\n".join([*lines, f"[{buttons}]" if buttons else ""]).strip()


def _part(part: dict[str, Any]) -> str:
    if part["type"] == "programs":
        return "\n".join(f"* {card['title']}: {card.get('subtitle', '')}" for card in part["cards"])
    if part["type"] == "comparison":
        rows = (f"{row['label']}: {' | '.join(row['values'])}" for row in part["rows"])
        return "\n".join([" | ".join(part["columns"]), *rows])
    if part["type"] == "timeline":
        steps = (f"* {item['title']}: {item.get('latest', '')}" for item in part["milestones"])
        return "\n".join([f"{part['title']} ({part['verdict']})", *steps])
    words = "\n".join(filter(None, (part.get("text"), part.get("more"))))
    return words or json.dumps(part, ensure_ascii=False)
