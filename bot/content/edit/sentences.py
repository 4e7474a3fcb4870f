"""Sentences in data/nlu.yml (learned) and tests/nlu (held out): which there are, and new ones put in their place.

The files hold thousands of lines, so a sentence is written into the text of its own block: every other line stays as it
is, and it takes milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.change import TOPIC_PREFIX
from bot.data_files import read_yaml
from bot.nlu.message import ASPECT, intent_of

LEARNED, HELD_OUT = "data/nlu.yml", "tests/nlu"
TOPICS_HELD_OUT, OTHERS_HELD_OUT = "tests/nlu/faq.yml", "tests/nlu/tasks.yml"
EMPTY = 'version: "3.1"\n\nnlu:\n'
INDENT = "    "
_EXAMPLE = re.compile(r"^(\s*)- (.+)$", re.MULTILINE)
_INTENT = "- intent:"


@dataclass(frozen=True)
class Sentence:
    """One sentence and the intent that it stands under."""

    intent: str
    text: str


def read_sentences(root: Path, place: str) -> list[Sentence]:
    """Every sentence of a file or folder of a tree, in the order of the files."""
    path = root / place
    return [found for file in ([path] if path.is_file() else sorted(path.glob("*.yml"))) for found in _of_file(file)]


def _of_file(path: Path) -> Iterator[Sentence]:
    intent = ""
    for line in path.read_text(encoding="utf8").splitlines():
        if line.startswith(_INTENT):
            intent = line.removeprefix(_INTENT).strip()
        elif line.startswith(" ") and (found := _EXAMPLE.match(line)):
            yield Sentence(intent, found[2].strip())


def add_sentences(root: Path, place: str, intent: str, texts: Iterable[str], *, avoid: Iterable[str] = ()) -> None:
    """Puts sentences under an intent; those that stand there already, or among `avoid`, are left out."""
    texts = list(texts)
    if not texts:
        return
    known = {plain(item.text) for item in read_sentences(root, place) if item.intent == intent}
    known |= {plain(text) for text in avoid}
    new: dict[str, str] = {}
    for text in map(writable, texts):
        if text and plain(text) not in known:
            new.setdefault(plain(text), text)
    if new:
        path = root / _file(place, intent)
        before = path.read_text(encoding="utf8") if path.exists() else EMPTY
        path.write_text(with_sentences(before, intent, list(new.values()), order=_order(root)), encoding="utf8")


def _file(place: str, intent: str) -> str:
    """What is learned has one file; held-out sentences have one for questions and one for all else that staff add to.

    Questions are topics and, beside them, the aspects of other intents ("out_of_scope/weather").
    """
    if place == LEARNED:
        return LEARNED
    return TOPICS_HELD_OUT if intent.startswith(TOPIC_PREFIX) or ASPECT in intent else OTHERS_HELD_OUT


def _order(root: Path) -> list[str]:
    domain = read_yaml(root / "domain.yml")
    return [str(name) for name in domain["intents"]]


def with_sentences(content: str, intent: str, texts: Sequence[str], *, order: Sequence[str]) -> str:
    """The text of a file with sentences at the end of their block.

    A new block stands where `order` says of its intent: an aspect's below the other blocks of its topic, the topic's
    own above them.
    """
    lines = content.rstrip("\n").split("\n")
    blocks = {line.removeprefix(_INTENT).strip(): at for at, line in enumerate(lines) if line.startswith(_INTENT)}
    if intent in blocks:
        at = _end_of_block(lines, blocks[intent])
        found = _EXAMPLE.match(lines[at - 1])
        lines[at:at] = [f"{found[1] if found else INDENT}- {text}" for text in texts]
    else:
        block = [f"{_INTENT} {intent}", "  examples: |", *(f"{INDENT}- {text}" for text in texts)]
        at = min((at for name, at in blocks.items() if _stands_below(name, intent, order)), default=len(lines))
        gap = [""] if blocks else []
        lines[at:at] = [*block, *gap] if at < len(lines) else [*gap, *block]
    return "\n".join(lines) + "\n"


def _stands_below(other: str, name: str, order: Sequence[str]) -> bool:
    """Whether another block belongs below one of this name; unknown for an intent that `order` does not have."""
    topic, others_topic = intent_of(name), intent_of(other)
    if topic not in order or others_topic not in order:
        return False
    if topic == others_topic:
        return name == topic
    return order.index(others_topic) > order.index(topic)


def _end_of_block(lines: Sequence[str], start: int) -> int:
    """The number of the line after the last one that belongs to the block which begins at `start`."""
    end = start + 1
    for at in range(start + 1, len(lines)):
        if lines[at].startswith(_INTENT):
            break
        if lines[at].startswith(" ") and lines[at].strip():
            end = at + 1
    return end


def writable(text: str) -> str:
    """The sentence as it can stand in an NLU file: one line, no mark that Rasa reads as an entity or a command."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(line.translate(BRACKETS).split()).lstrip("/- ")


BRACKETS = str.maketrans("[]{}", "()()")


def plain(text: str) -> str:
    """What two sentences have in common that differ in capitals and punctuation only."""
    return " ".join(re.findall(r"\w+", text.casefold()))
