"""What the frames of training sentences have, kept on disk: the next training reads what may have changed, no more.

What is found in a sentence depends on the reader, on the grammar and on the words that are known. Words that are new
matter to the sentences that have one of them, also misspelled, and to no other; a word that is gone matters to all.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rotation_engine.understanding.terms import Term
from rotation_engine.understanding.text import read_text

Kinds = dict[str, list[str]]
SHARED_FROM = 2_000
"""From so many sentences on reading them on all cores is worth the processes."""
_read_one: Callable[[str], set[str]]


class KindsMemory:
    """The file of what was read. `made_of` is a hash of all that reading depends on but the `terms`."""

    def __init__(self, file: Path, made_of: str, terms: Iterable[Term]) -> None:
        self._file, self._made_of = file, made_of
        self._terms = {(term.kind, term.value, term.text) for term in terms}

    def kinds(
        self, texts: Sequence[str], *, read: Callable[[str], set[str]], mend: Callable[[str], str]
    ) -> dict[str, set[str]]:
        """The kinds of each sentence; the file then holds these and no others.

        `read` reads one that is not known or may have changed; `mend` gives the word that a misspelled one means.
        """
        known, new_words = self._known()
        wanted = list(dict.fromkeys(texts))
        missing = [text for text in wanted if text not in known or _has_one(text, new_words, mend)]
        known.update(zip(missing, map(sorted, _read_all(missing, read)), strict=True))
        kept = {text: known[text] for text in wanted}
        self._write(kept)
        return {text: set(found) for text, found in kept.items()}

    def _known(self) -> tuple[Kinds, frozenset[str]]:
        """What was read before and still stands, and the words that were not known then."""
        try:
            kept: dict[str, Any] = json.loads(self._file.read_text(encoding="utf8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}, frozenset()
        before = {tuple(term) for term in kept.get("terms", ())}
        if kept.get("made_of") != self._made_of or before - self._terms:
            return {}, frozenset()
        added = (read_text(text, str) for _kind, _value, text in self._terms - before)
        return kept["kinds"], frozenset(token.word for text in added for token in text.tokens)

    def _write(self, kinds: Kinds) -> None:
        unfinished = self._file.with_suffix(f".{os.getpid()}.json")
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        kept = {"made_of": self._made_of, "terms": sorted(self._terms), "kinds": kinds}
        unfinished.write_text(json.dumps(kept), encoding="utf8")
        unfinished.replace(self._file)


def _has_one(text: str, words: frozenset[str], mend: Callable[[str], str]) -> bool:
    return bool(words) and any(token.word in words for token in read_text(text, mend).tokens)


def _read_all(texts: Sequence[str], read: Callable[[str], set[str]]) -> Iterable[set[str]]:
    if len(texts) < SHARED_FROM:
        return map(read, texts)
    # Forked, since a reader cannot be sent to a process, and one takes seconds to make.
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), _use, (read,)) as pool:
        return pool.map(_read_here, texts, chunksize=200)


def _use(read: Callable[[str], set[str]]) -> None:
    global _read_one
    _read_one = read


def _read_here(text: str) -> set[str]:
    return _read_one(text)
