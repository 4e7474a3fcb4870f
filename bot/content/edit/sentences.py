"""Sentences in data/nlu (learned) and tests/nlu (held out): which there are, and new ones put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from bot.content.edit import yaml_files

LEARNED, HELD_OUT = "data/nlu", "tests/nlu"
FROM_TALKS = "from_talks.yml"
HEADINGS = {
    LEARNED: "Sentences of real people, added in the review console.",
    HELD_OUT: "Held-out sentences of real people, added in the review console; never learned.",
}
_EXAMPLE = re.compile(r"^\s*- (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Sentence:
    """One sentence and the intent that it stands under."""

    intent: str
    text: str


def read_sentences(root: Path, folder: str) -> list[Sentence]:
    """Every sentence of a folder of a tree, in the order of the files."""
    return [found for path in sorted((root / folder).glob("*.yml")) for found in _of_file(path)]


def _of_file(path: Path) -> Iterator[Sentence]:
    intent = ""
    for line in path.read_text(encoding="utf8").splitlines():
        if line.startswith("- intent:"):
            intent = line.removeprefix("- intent:").strip()
        elif line.startswith(" ") and (found := _EXAMPLE.match(line)):
            yield Sentence(intent, found[1].strip())


def add_sentences(root: Path, folder: str, intent: str, texts: Iterable[str], *, avoid: Iterable[str] = ()) -> None:
    """Puts sentences under an intent; those that stand there already, or among `avoid`, are left out."""
    known = {plain(item.text) for item in read_sentences(root, folder) if item.intent == intent}
    known |= {plain(text) for text in avoid}
    new: dict[str, str] = {}
    for text in map(writable, texts):
        if text and plain(text) not in known:
            new.setdefault(plain(text), text)
    if new:
        _put(root / folder, intent, list(new.values()))


def _put(folder: Path, intent: str, texts: list[str]) -> None:
    own = folder / f"{intent}.yml"
    path = own if own.exists() else folder / FROM_TALKS
    if not path.exists():
        heading = HEADINGS[str(Path(folder.parent.name, folder.name))]
        yaml_files.create(path, heading, {"nlu": [item(intent, texts)]})
        return
    content = yaml_files.load(path)
    found = next((entry for entry in content["nlu"] if entry["intent"] == intent), None)
    if found is None:
        content["nlu"].append(item(intent, texts))
    else:
        found["examples"] = yaml_files.block(found["examples"] + _lines(texts))
    yaml_files.save(path, content)


def item(intent: str, texts: Iterable[str]) -> CommentedMap:
    """An entry of an NLU file."""
    return CommentedMap({"intent": intent, "examples": yaml_files.block(_lines(texts))})


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)


def writable(text: str) -> str:
    """The sentence as it can stand in an NLU file: one line, no mark that Rasa reads as an entity or a command."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(line.translate(BRACKETS).split()).lstrip("/- ")


BRACKETS = str.maketrans("[]{}", "()()")


def plain(text: str) -> str:
    """What two sentences have in common that differ in capitals and punctuation only."""
    return " ".join(re.findall(r"\w+", text.casefold()))
