"""Decisions about groups of messages: which group is an old one, who counts, and which sentences stay unseen.

Nothing here knows vectors; the arithmetic stands in bot/review/discovery/grouping.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process

SAME_GROUP = 0.5  # of the smaller of two groups must be in both, so that growing or shrinking keeps the name
HELD_OUT_EVERY = 4
WEEK = timedelta(days=7)
NAMING_WORDS = 2
LONGEST_NAME = 40
TOO_NEAR = 80  # of 100; the content lint refuses 88
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Trend:
    """How many different people asked in the last seven days, and in the seven days before those."""

    this_week: int
    last_week: int


def same_groups(old: Mapping[int, Collection[int]], new: Sequence[Collection[int]]) -> list[int | None]:
    """For each new group the id of the old one that it continues, or None; an old id is given once.

    Two groups are the same when at least half of the smaller one is in both; the largest overlap chooses first.
    """
    pairs = [
        (len(common), -key, index)
        for index, members in enumerate(new)
        for key, before in old.items()
        if (common := set(members) & set(before)) and len(common) >= SAME_GROUP * min(len(members), len(before))
    ]
    kept: list[int | None] = [None] * len(new)
    for _, negative, index in sorted(pairs, reverse=True):
        if kept[index] is None and -negative not in kept:
            kept[index] = -negative
    return kept


def trend(asked: Iterable[tuple[str, datetime]], now: datetime) -> Trend:
    """Counts people, not messages: `asked` is (conversation, moment) of each message of a group."""
    weeks = [(person, (now - moment) // WEEK) for person, moment in asked]
    return Trend(len({person for person, week in weeks if week <= 0}), len({p for p, week in weeks if week == 1}))


def split(sentences: Sequence[str]) -> tuple[list[str], list[str]]:
    """(to learn from, to measure with): every fourth sentence is held out, so that both kinds hold near and far ones.

    `sentences` come nearest to the center first; what says the same in another spelling is left out. One that is
    nearly a learned one measures nothing and is learned too, as is all of a group too small to spare one.
    """
    spelled: dict[str, str] = {}
    for sentence in sentences:
        spelled.setdefault(plain(sentence), sentence)
    once = list(spelled.values())
    held_out = once[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY]
    learned = [sentence for sentence in once if sentence not in held_out]
    too_near = {s for s in held_out if process.extractOne(s, learned, scorer=fuzz.ratio, score_cutoff=TOO_NEAR)}
    return [s for s in once if s in learned or s in too_near], [s for s in held_out if s not in too_near]


def plain(sentence: str) -> str:
    """The words alone: two spellings that differ in case and marks only are the same."""
    return " ".join(_WORD.findall(sentence.casefold()))


def once_per_person(points: Sequence[tuple[str, int]]) -> list[int]:
    """Positions that count when `points` are (conversation, group of near-equal sentences): each pair once."""
    first = {point: position for position, point in reversed(list(enumerate(points)))}
    return sorted(first.values())


def topic_name(words: str) -> str:
    """A proposal for the name of a topic out of the name of its group: "car, drive, parking" -> "car_drive"."""
    found = re.findall(r"[a-z]+", words.lower())
    return "_".join(found[:NAMING_WORDS])[:LONGEST_NAME].strip("_")
