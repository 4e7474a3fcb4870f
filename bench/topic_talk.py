"""What a short question gains from the topic talked about, and what it costs: held-out sentences in a talk.

Run: .venv/bin/python -m bench.topic_talk [--other 3000]

Every held-out sentence of the FAQ of up to nine words is asked alone, after its own topic, and (so many of them, drawn
with a fixed seed) after another one. Right is its very question, or its topic as a whole. The model is the trained one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bot.content.edit.sentences import HELD_OUT, read_sentences
from bot.content.evaluation.golden import DAY
from bot.data_files import read_yaml
from bot.dialogue import state
from bot.nlu.message import Message, intent_of
from bot.ops import system, training
from bot.settings import ROOT, settings

LONGEST = 9


@dataclass(frozen=True)
class Asked:
    """A sentence, the question that it is, and the topic answered before it."""

    text: str
    is_for: str
    topic: str


def heard(client: httpx.Client, asked: Asked, called: str) -> tuple[str, str]:
    """What a sentence is taken for alone, and what after the topic."""
    alone = _parsed(client, asked.text)
    said = f"{asked.text.rstrip(' ?!.,')} {called}"
    anew = _parsed(client, said)
    share = next((share for _, share in anew.aspects), 0.0)
    reading = {
        "text": said,
        "intent": anew.intent,
        "confidence": anew.confidence,
        "aspect": state.asked_aspect(anew),
        "share": share,
        "topic": asked.topic,
    }
    found = state.heard(_parsed(client, asked.text, [reading] if anew.intent == asked.topic else []))
    return state.asked_aspect(alone), state.aspect_of(found) if found else state.asked_aspect(alone)


def _parsed(client: httpx.Client, text: str, in_talk: Iterable[dict[str, object]] = ()) -> Message:
    data = client.post("/model/parse", json={"text": text}).json()
    return Message.from_parse({**data, "heard": list(in_talk)})


def _is_right(asked: Asked, found: str) -> bool:
    return found in (asked.is_for, intent_of(asked.is_for))


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", type=int, default=3000)
    options = parser.parse_args()
    topics = read_yaml(ROOT / "data" / "grammar.yml")["topics"]
    sentences = [item for item in read_sentences(ROOT, HELD_OUT) if len(item.text.split()) <= LONGEST]
    own = [
        Asked(item.text, item.intent, intent_of(item.intent)) for item in sentences if intent_of(item.intent) in topics
    ]
    drawn = random.Random(3)
    other = [
        Asked(item.text, item.intent, drawn.choice([topic for topic in topics if topic != intent_of(item.intent)]))
        for item in (drawn.choice(sentences) for _ in range(options.other))
    ]
    trained = training.train(settings())
    with (
        TemporaryDirectory() as folder,
        system.temporary(Path(folder), trained, today=DAY, only=("engine",)) as (running, _),
        httpx.Client(base_url=running.engine_url, timeout=60) as client,
    ):
        for name, asked in (("after its own topic", own), ("after another topic", other)):
            found = [(item, *heard(client, item, topics[item.topic])) for item in asked]
            alone = sum(_is_right(item, one) for item, one, _ in found)
            in_talk = sum(_is_right(item, two) for item, _, two in found)
            changed = sum(one != two for _, one, two in found)
            print(f"{name}: {len(found)} sentences, right alone {alone}, in the talk {in_talk}, heard anew {changed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
