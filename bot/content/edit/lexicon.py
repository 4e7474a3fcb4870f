"""Words in data/lexicon.yml: what the bot knows and the ways to say it, and new ways put beside the old ones.

A word is written into the text of its own line: every other line, and every comment, stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from bot.content.change import AddWords, ChangeError
from bot.data_files import read_yaml

LEXICON = "data/lexicon.yml"
_NO_WORDS = frozenset({"territories", "region_states"})

Things = Mapping[str, Mapping[str, Sequence[str]]]
"""Kind -> thing -> the ways to say it."""


def things(root: Path) -> Things:
    """All that the bot knows words for."""
    return {kind: values for kind, values in read_yaml(root / LEXICON).items() if kind not in _NO_WORDS}


def add_words(root: Path, change: AddWords) -> None:
    """Puts words beside the others of a thing; those that stand there already are left out.

    Raises:
        ChangeError: the thing is not known (any more), or a word means something else already.
    """
    known = things(root)
    if change.value not in known.get(change.kind, {}):
        raise ChangeError(f"The bot does not know {change.value} as {change.kind} (any more).")
    for word in change.words:
        for kind, value in _meanings(known, word):
            if (kind, value) != (change.kind, change.value):
                raise ChangeError(f"“{word}” means {value} already ({kind.replace('_', ' ')}).")
    said = {word.casefold() for word in known[change.kind][change.value]}
    new = [word for word in change.words if word.casefold() not in said]
    if new:
        path = root / LEXICON
        path.write_text(_with(path.read_text(encoding="utf8"), change, new), encoding="utf8")


def _meanings(known: Things, word: str) -> list[tuple[str, str]]:
    return [
        (kind, value)
        for kind, values in known.items()
        for value, words in values.items()
        if word.casefold() in {known_word.casefold() for known_word in (*words, str(value))}
    ]


def _with(text: str, change: AddWords, new: Sequence[str]) -> str:
    """The text of the file with words at the end of the list in the thing's own line."""
    lines, kind = text.splitlines(keepends=True), ""
    for at, line in enumerate(lines):
        if line[:1].isalpha():
            kind = line.partition(":")[0]
        elif kind == change.kind and line.startswith("  ") and _names(line, change.value):
            head, bracket, tail = line.rpartition("]")
            quoted = ", ".join(f'"{word}"' for word in new)
            lines[at] = f"{head}{'' if head.endswith('[') else ', '}{quoted}{bracket}{tail}"
            return "".join(lines)
    raise ChangeError(f"{LEXICON} does not have {change.value} in a line of its own.")


def _names(line: str, value: str) -> bool:
    found = yaml.safe_load(line)
    return isinstance(found, dict) and value in found
