"""Which sentences of a page a row rests on, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from bot.programs.notes import speaks_of, warning

_TOPICS = {
    "application_fee_usd": "application_fee",
    "fee_usd_min": "fee",
    "duration_weeks_min": "duration",
    "application_window": "lead",
    "step1": "step1",
    "step2ck": "step2ck",
    "english_test": "english",
    "visa": "visa",
    "lor": "lor",
    "documents": "documents",
    "hands_on": "hands_on",
    "certificate": "certificate",
    "housing": "housing",
    "stipend": "stipend",
}
"""The field of a program that a sentence about a topic speaks of."""
_OPEN = re.compile(
    r"\binternational\b|\bforeign\b|\bIMGs?\b|\bnon-U\.?S\b|outside (?:of )?the (?:US|U\.S\.|United States)|"
    r"\b(?:closed|suspended|paused|discontinued|on hold)\b|not (?:currently )?(?:accept|offer|tak)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:\$|USD|US\$) ?\d|\d ?(?:USD|US dollars)", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_WORD = re.compile(r"[a-z]{4,}")
_PLAIN = re.compile(r"[\W_]+")
_ALIKE = 50
"""Of 100: from here on a new sentence is an old one with other words or figures."""
_MOST = 150
"""Sentences that are kept of one page for one row."""


@dataclass(frozen=True)
class Difference:
    """A sentence as it was and as it is, one of them empty where it was added or taken away; and of which field."""

    field: str
    before: str
    after: str


def rests_on(fields: Mapping[str, str], page: Iterable[str]) -> tuple[str, ...]:
    """The sentences of a page that speak of what a row says; `fields` as its file writes them."""
    is_kept = _holds_fact(fields) if "key" in fields else field_of
    return tuple(part for part in page if is_kept(part))[:_MOST]


def follow(kept: Sequence[str], page: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """What stands in the place of the kept sentences: they themselves, what they became, and what came new (`now`)."""
    there = {_plain(part): part for part in page}
    fresh = [part for part in page if _plain(part) not in set(map(_plain, kept))]
    became = [there.get(_plain(part)) or _likest(part, fresh) for part in kept]
    return tuple(dict.fromkeys([*(part for part in became if part), *now]))


def differences(kept: Sequence[str], found: Sequence[str]) -> tuple[Difference, ...]:
    """What was said and what is said now, side by side. Case, spaces and punctuation are no difference."""
    then, now = set(map(_plain, kept)), set(map(_plain, found))
    fresh = [part for part in found if _plain(part) not in then]
    pairs: list[tuple[str, str]] = []
    for part in kept:
        if _plain(part) not in now:
            other = _likest(part, fresh)
            fresh = [item for item in fresh if item != other]
            pairs.append((part, other))
    pairs += [("", part) for part in fresh]
    return tuple(Difference(field_of(before) or field_of(after), before, after) for before, after in pairs)


def field_of(sentence: str) -> str:
    """The field of a program that a sentence speaks of, empty for none."""
    for field, topic in _TOPICS.items():
        if speaks_of(sentence, topic):
            return field
    if _MONEY.search(sentence):
        return "fee_usd_min"
    return "accepts_international" if _OPEN.search(sentence) or warning(sentence) else ""


def _holds_fact(fields: Mapping[str, str]) -> _Fact:
    return _Fact(frozenset(_spellings(fields["value"])), _words(" ".join(fields.get(name, "") for name in _SUBJECT)))


_SUBJECT = ("key", "unit", "applies_to", "explanation")


@dataclass(frozen=True)
class _Fact:
    """Whether a sentence says the fact: its figure, and for a short one some of its words, too."""

    figures: frozenset[str]
    words: frozenset[str]

    def __call__(self, sentence: str) -> str:
        shared = len(self.words & _words(sentence))
        said, text = {item.replace(",", "") for item in _NUMBER.findall(sentence)}, sentence.lower()
        found = [figure for figure in self.figures if figure in said or (len(figure) > 4 and figure in text)]
        is_said = any(shared >= (1 if len(figure) > 2 else 2) for figure in found)
        return "value" if is_said or (not self.figures and shared > 2) else ""


def _spellings(value: str) -> Iterable[str]:
    """A value as pages write it: its numbers, and a day in words, both ways round."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return [item.replace(",", "") for item in _NUMBER.findall(value)]
    return [f"{day:%B} {day.day}".lower(), f"{day.day} {day:%B}".lower(), f"{day:%b} {day.day}".lower(), value]


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:6] for word in _WORD.findall(text.lower().replace("_", " ")))


def _likest(sentence: str, others: Sequence[str]) -> str:
    found = process.extractOne(sentence, others, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_ALIKE)
    return found[0] if found else ""


def _plain(sentence: str) -> str:
    return _PLAIN.sub(" ", sentence.casefold()).strip()
