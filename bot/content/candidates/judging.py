"""What a running engine takes the held-out sentences for; asked once for each model and remembered."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.content.edit.sentences import HELD_OUT, LEARNED, Sentence, read_sentences
from bot.content.evaluation import asking
from bot.data_files import read_yaml
from bot.errors import MeasuringError
from bot.nlu.message import ASPECT, intent_of

Understood = dict[str, tuple[str, ...]]
"""For each sentence the intents that the bot would act on."""

CHUNK = 50
TIMED = 150


def held_out(root: Path) -> list[Sentence]:
    """The held-out sentences of a tree with their intents, each once: aspects of one topic count together.

    Raises:
        MeasuringError: there are none.
    """
    sentences = read_sentences(root, HELD_OUT)
    found = list(dict.fromkeys(Sentence(intent_of(item.intent), item.text) for item in sentences))
    if not found:
        raise MeasuringError(f"There are no held-out sentences in {root}, so nothing can be compared.")
    return found


def new_aspects(root: Path, live: Path) -> list[Sentence]:
    """The held-out sentences of the questions inside topics that a tree has and the live content has not."""
    known = {item.intent for item in read_sentences(live, LEARNED)} if (live / LEARNED).exists() else None
    fresh = [item for item in read_sentences(root, HELD_OUT) if ASPECT in item.intent]
    return [item for item in fresh if known is not None and item.intent not in known]


def heard(engine_url: str, sentences: Iterable[Sentence]) -> Understood:
    """The aspects that the engine takes each sentence for.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    rows = [{"text": item.text, "topic": ""} for item in sentences]
    return {item.text: item.aspects for item in asking.ask(engine_url, rows)} if rows else {}


def understood(
    engine_url: str,
    texts: Iterable[str],
    *,
    memory: Path | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Understood:
    """What the engine takes each sentence for; `memory` is the file of what this model was asked before.

    Raises:
        MeasuringError: the engine does not answer as it should.
    """
    wanted = list(dict.fromkeys(texts))
    known = _remembered(memory)
    missing = [text for text in wanted if text not in known]
    for start in range(0, len(missing), CHUNK):
        rows = [{"text": text, "topic": ""} for text in missing[start : start + CHUNK]]
        known |= {item.text: item.understood for item in asking.ask(engine_url, rows)}
        progress(min(1.0, (start + CHUNK) / len(missing)))
    if missing and memory:
        _remember(memory, known)
    return {text: known[text] for text in wanted}


def milliseconds(engine_url: str, texts: Sequence[str]) -> float:
    """How long the engine takes for one sentence when nothing disturbs it: of 150, asked one by one, the fastest tenth.

    On busy cores a median says how busy they are, and would call a model slow that is not.
    """
    taken = asking.seconds(engine_url, texts[:: max(1, len(texts) // TIMED)][:TIMED])
    return round(statistics.quantiles(taken, n=10)[0] * 1000, 1) if len(taken) > 1 else 0.0


def _remembered(memory: Path | None) -> Understood:
    if memory is None or not memory.exists():
        return {}
    return {text: tuple(intents) for text, intents in json.loads(memory.read_text(encoding="utf8")).items()}


def _remember(memory: Path, known: Understood) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    unfinished = memory.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(known, ensure_ascii=False), encoding="utf8")
    unfinished.replace(memory)


def titles(root: Path) -> dict[str, str]:
    """What people read for an intent, where it has a title."""
    talk = read_yaml(root / "data" / "responses" / "talk.yml")
    buttons = talk["responses"]["utter_titles"][0]["buttons"]
    return {button["payload"].lstrip("/"): button["title"] for button in buttons}
