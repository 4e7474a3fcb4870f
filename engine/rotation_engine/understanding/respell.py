"""Mends misspelled words toward the words of the lexicon and the grammar: "cardiolgy", "weks", "undr", "yrok".

spaCy's FUZZY operators compare every pattern with every token, which costs milliseconds with thousands of
institution names. Mending each unknown word once, with the same edit distance, costs microseconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from spacy.matcher.levenshtein import levenshtein

SHORT, MIN_LENGTH, LONG = 4, 5, 8
VOWELS = frozenset("aeiou")
LEAST_SHARE, LOST_CONSONANTS = 0.55, 1


class Respeller:
    """`mend(word)` gives the known word that was meant, or the word itself.

    Words of 5 to 7 letters may differ by one edit or one swap, longer ones by two; words of 4 letters may lack a
    letter or have two swapped; what lacks vowels is the known word that has them ("hsptl"). The first letter must
    agree, and real English words are never touched ("state" is no misspelled "stage"). `spellings` are how words are
    written in a hurry, which no distance finds ("hw", "mny").
    """

    def __init__(
        self, words: Iterable[str], *, real: frozenset[str], spellings: Mapping[str, str] | None = None
    ) -> None:
        self._known: set[str] = {word for word in words if word.isalpha()}
        self._real = real
        self._spellings = spellings or {}
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= SHORT:
                self._by_shape[word[0], len(word)].append(word)
        self.mend = lru_cache(maxsize=20_000)(self._mend)

    def _mend(self, word: str) -> str:
        if word in self._spellings:
            return self._spellings[word]
        if len(word) < SHORT or not word.isalpha() or word in self._known or word in self._real:
            return word
        near = self._edited(word)
        return near if near != word else self._shortened(word)

    def _edited(self, word: str) -> str:
        if len(word) < MIN_LENGTH:
            return next(filter(lambda known: _is_hurried(word, known), self._near(word, SHORT, MIN_LENGTH)), word)
        reach = 2 if len(word) >= LONG else 1
        best, best_distance = word, reach + 1
        for candidate in self._near(word, max(MIN_LENGTH, len(word) - reach), len(word) + reach):
            distance = _distance(word, candidate, reach)
            if distance < best_distance:
                best, best_distance = candidate, distance
        return best

    def _shortened(self, word: str) -> str:
        longest = int(len(word) / LEAST_SHARE)
        return next((known for known in self._near(word, len(word) + 1, longest) if _lacks_vowels(word, known)), word)

    def _near(self, word: str, shortest: int, longest: int) -> Iterable[str]:
        for length in range(shortest, longest + 1):
            yield from self._by_shape.get((word[0], length), ())


def _is_hurried(word: str, known: str) -> bool:
    """Whether a word of four letters is a known one with two letters swapped, or without one of them."""
    if len(known) == len(word):
        return sorted(word) == sorted(known) and levenshtein(word, known, 2) <= 2
    letters = iter(known)
    return all(letter in letters for letter in word)


def _lacks_vowels(word: str, known: str) -> bool:
    """Whether a word is a known one without some of its vowels, and without one consonant at most."""
    at, lost = 0, []
    for letter in known:
        if at < len(word) and word[at] == letter:
            at += 1
        else:
            lost.append(letter)
    return at == len(word) and sum(letter not in VOWELS for letter in lost) <= LOST_CONSONANTS


def _distance(word: str, candidate: str, reach: int) -> int:
    """Edits between two words; two swapped neighbors count as one. Results above `reach` are only upper bounds."""
    if len(word) == len(candidate) and sorted(word) == sorted(candidate) and levenshtein(word, candidate, 2) <= 2:
        return 1
    return int(levenshtein(word, candidate, reach))
