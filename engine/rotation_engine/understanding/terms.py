"""The ways to say things: read from the lexicon and the gazetteer, the latter again whenever it changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

NOT_TERMS = {"region_states", "territories"}
FILES = ("lexicon.yml", "grammar.yml")


@dataclass(frozen=True)
class Term:
    """One way to say one thing. `exact` terms ("TX", "IM") match in capitals only."""

    kind: str
    value: str
    text: str

    @property
    def exact(self) -> bool:
        return len(self.text) <= 3 and self.text.isupper() and self.text.isalpha()


@dataclass(frozen=True)
class Language:
    """The words and the grammar of a tree of content, as they stand in its two files."""

    lexicon: str
    grammar: str

    @classmethod
    def of(cls, data: Path) -> Language:
        """Those of a data folder."""
        return cls(*((data / name).read_text(encoding="utf8") for name in FILES))

    def write(self, folder: Path) -> None:
        """The opposite of `of`."""
        for name, text in zip(FILES, (self.lexicon, self.grammar), strict=True):
            (folder / name).write_text(text, encoding="utf8")


def load_yaml(text: str) -> Any:
    """A YAML text, read by the fast loader where there is one."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def lexicon_terms(lexicon: str) -> list[Term]:
    """The static terms: kind -> canonical value -> list of ways to say it."""
    return [
        Term(kind, value, text)
        for kind, values in load_yaml(lexicon).items()
        if kind not in NOT_TERMS
        for value, texts in values.items()
        for text in texts
    ]


def gazetteer_terms(file: Path) -> list[Term]:
    """The terms made from the database; none while the file does not exist yet."""
    if not file.exists():
        return []
    rows = (json.loads(line) for line in file.read_text(encoding="utf8").splitlines() if line.strip())
    return [Term(row["kind"], row["value"], text) for row in rows for text in row["terms"]]


def modified(file: Path) -> float:
    """When the file changed last, 0 while it does not exist."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
