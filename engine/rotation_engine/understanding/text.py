"""A message as it is read: characters made plain, words mended, and each place traced back to what was typed.

Offsets of a frame count the characters of the person's own text, whatever was folded, dropped or mended on the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\s\w]|_")
_WORD = re.compile(r"(?<![\w'\u2019./-])[^\W\d_]+(?![\w'\u2019/-]|\.\w)")
_SAME = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00bd": ".5", "\u00bc": ".25", "\u00be": ".75"}
_SAME |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
_INVISIBLE = {"Cf", "Cc", "Mn", "Me"}


@dataclass(frozen=True)
class Token:
    """A run of letters, a run of digits or a sign. `cased` is as typed, `word` is lower case and mended."""

    cased: str
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """`plain` is what templates are matched with; `tokens` stand at its offsets; `origin` leads back to `typed`."""

    typed: str
    plain: str
    tokens: tuple[Token, ...]
    origin: tuple[int, ...]

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into what was typed for offsets into `plain`."""
        return self.origin[start], self.origin[end - 1] + 1

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Every beginning of every word, and "#" where there is a digit: what templates are looked up by."""
        found = {token.word[:length] for token in self.tokens for length in range(1, len(token.word) + 1)}
        return frozenset(found | ({"#"} if any(token.word.isdigit() for token in self.tokens) else set()))


def read_text(typed: str, mend: Callable[[str], str]) -> Text:
    """The text of a message; `mend` gives the known word that a misspelled lower-case word means, or the word."""
    cased, places = _folded(typed)
    plain: list[str] = []
    origin: list[int] = []
    tokens: list[Token] = []
    at = done = 0
    for found in _TOKEN.finditer(cased):
        plain.append(cased[done : found.start()])
        origin += places[done : found.start()]
        word = mend(found[0].lower())
        start = at + found.start() - done
        at, done = start + len(word), found.end()
        tokens.append(Token(found[0], word, start, at))
        plain.append(word)
        origin += _stretched(places[found.start() : found.end()], len(word))
    return Text(typed, "".join(plain), tuple(tokens), tuple(origin))


def respelled(typed: str, mend: Callable[[str], str]) -> str:
    """A text with its misspelled words mended, otherwise as typed; a name in capitals inside it is left alone."""

    def word(found: re.Match[str]) -> str:
        typed_word = found[0]
        if typed_word[0].isupper() and found.start() > 0:
            return typed_word
        mended = mend(typed_word.lower())
        return typed_word if mended == typed_word.lower() else mended

    return _WORD.sub(word, typed)


def _folded(typed: str) -> tuple[str, list[int]]:
    """Compatible characters, without accents and invisible ones, and where each stands in the typed text."""
    letters, places = [], []
    for place, letter in enumerate(typed):
        same = _SAME.get(letter) or unicodedata.normalize("NFKD", letter)
        for part in same if letter not in "\n\t" else " ":
            if unicodedata.category(part) not in _INVISIBLE:
                letters.append(_SAME.get(part, part))
                places.append(place)
    return "".join(letters), places


def _stretched(places: list[int], length: int) -> list[int]:
    """The places of a word for its mended form: the first at its beginning, the last at its end."""
    if length == len(places):
        return places
    return [*places[: length - 1], *([places[-1]] * (length - len(places[: length - 1])))]
