"""Finds institutions by what people call them: official names, their usual short forms, aliases, and typing slips.

One name may stand for several institutions ("Hopkins"); the one of the lowest rank is meant first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

_SURE = 88
_CLOSE = 62
_SLIP = 80
_SHORTEST_FUZZY = 6
_WORD = re.compile(r"[a-z0-9&]+")
_TAIL = re.compile(
    r",? (?:school of medicine|college of medicine|medical school|medical college|school of medicine and .*|"
    r"college of medicine and .*|schools? of health sciences)(?: .*)?$",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    {
        "the",
        "of",
        "at",
        "in",
        "and",
        "for",
        "a",
        "university",
        "universities",
        "college",
        "school",
        "medical",
        "medicine",
        "hospital",
        "center",
        "centre",
        "health",
        "system",
        "clinic",
        "clinical",
        "institute",
        "foundation",
        "department",
        "division",
        "program",
        "programs",
        "national",
        "american",
        "international",
        "regional",
        "children",
        "childrens",
        "s",
        "memorial",
        "general",
        "new",
        "york",
        "texas",
        "florida",
        "california",
        "usa",
        "us",
        "state",
        "observership",
        "observerships",
        "elective",
        "electives",
        "externship",
        "externships",
        "rotation",
        "rotations",
        "research",
        "student",
        "students",
        "graduate",
        "graduates",
        "does",
        "do",
        "is",
        "are",
        "what",
        "how",
    }
)


@dataclass(frozen=True)
class NamedInstitution:
    """An institution with its other names; `rank` says how soon it is meant by a name that it shares."""

    name: str
    aliases: tuple[tuple[str, int], ...] = ()


def plain(text: str) -> str:
    """A text for comparing: lower case, "Saint" as "st", without punctuation."""
    text = re.sub(r"[\u2019'`.]", "", text.lower()).replace("saint ", "st ")
    return " ".join(_WORD.findall(text))


def short_names(official: str) -> tuple[str, ...]:
    """Distinctive shorter forms of an official name; generic ones ("University Hospital", "Texas") are left out."""
    found = [official]
    base = re.sub(r"\s*\([^)]*\)", "", official).split(",")[0].strip()
    found.append(base)
    found.append(_TAIL.sub("", base))
    found += [part.strip() for part in re.findall(r"\(([^)]{2,12})\)", official) if part.strip().isupper()]
    found += [item.removeprefix("The ") for item in found]
    return tuple(dict.fromkeys(item for item in found if item == official or _is_distinctive(item)))


def _is_distinctive(name: str) -> bool:
    words = plain(name).split()
    special = [word for word in words if word not in _GENERIC]
    return bool(special) and (len(words) > 1 or name.isupper())


@dataclass(frozen=True)
class InstitutionMatch:
    """What a text names: institutions (first meant first) and how they were called; else the closest names."""

    institutions: tuple[str, ...] = ()
    called: str = ""
    closest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """All institutions by all their names."""

    institutions: tuple[NamedInstitution, ...] = field(default=())

    @cached_property
    def _by_term(self) -> Mapping[str, tuple[str, ...]]:
        ranked: dict[str, dict[str, int]] = {}
        for item in self.institutions:
            for term, rank in self._terms(item):
                known = ranked.setdefault(plain(term), {})
                known[item.name] = min(rank, known.get(item.name, rank))
        return {term: tuple(sorted(names, key=lambda name: (names[name], name))) for term, names in ranked.items()}

    @staticmethod
    def _terms(item: NamedInstitution) -> Iterable[tuple[str, int]]:
        yield item.name, -2
        yield from ((name, 0 if name == item.name else 1) for name in short_names(item.name))
        yield from item.aliases

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(term for term in self._by_term if len(term) >= _SHORTEST_FUZZY)

    @cached_property
    def _longest(self) -> int:
        return max((len(term.split()) for term in self._by_term), default=0)

    def family(self, name: str) -> tuple[str, ...]:
        """The institutions that a name stands for, an official one and its departments included."""
        return self._by_term.get(plain(name), ())

    def exact(self, text: str) -> tuple[str, ...]:
        """The institutions that a text names without a slip."""
        terms = self._exact(plain(text).split())
        return tuple(dict.fromkeys(name for term in terms for name in self._by_term[term]))

    def find(self, text: str) -> tuple[InstitutionMatch, ...]:
        """The institutions that a text names, in its order; nothing but the closest names when none is known."""
        words = plain(text).split()
        found = self._exact(words) or self._fuzzy(words)
        if found:
            return tuple(InstitutionMatch(self._by_term[term], term) for term in found)
        return (InstitutionMatch(closest=self.closest(text)),)

    def _exact(self, words: list[str]) -> list[str]:
        found, at = [], 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                term = " ".join(words[at : at + size])
                if term in self._by_term and not (size == 1 and (term in _GENERIC or len(term) < 2)):
                    found.append(term)
                    at += size - 1
                    break
            at += 1
        return list(dict.fromkeys(found))

    def _fuzzy(self, words: list[str]) -> list[str]:
        best: tuple[float, int, str] | None = None
        for at in range(len(words)):
            for size in range(1, 6):
                part = " ".join(words[at : at + size])
                if at + size > len(words) or len(part) < _SHORTEST_FUZZY or all(w in _GENERIC for w in part.split()):
                    continue
                hit = process.extractOne(part, self._names, scorer=fuzz.ratio, score_cutoff=_SURE)
                if hit and _is_slip(part, hit[0]) and (best is None or (hit[1], len(hit[0])) > best[:2]):
                    best = (hit[1], len(hit[0]), hit[0])
        return [best[2]] if best else []

    def closest(self, text: str, count: int = 3) -> tuple[str, ...]:
        """Official names that look most like something in a text."""
        special = " ".join(word for word in plain(text).split() if word not in _GENERIC)
        if len(special) < 3:
            return ()
        hits = process.extract(special, self._names, scorer=fuzz.token_set_ratio, score_cutoff=_CLOSE, limit=count * 3)
        return tuple(dict.fromkeys(self._by_term[hit[0]][0] for hit in hits))[:count]

    def gazetteer(self) -> list[dict[str, object]]:
        """What the engine's entity rules read: one entry per institution with the terms that mean it first."""
        spoken: dict[str, list[str]] = {item.name: [] for item in self.institutions}
        for item in self.institutions:
            for term, _ in self._terms(item):
                if self._by_term[plain(term)][0] == item.name and term not in spoken[item.name]:
                    spoken[item.name].append(term)
        return [{"kind": "institution", "value": name, "terms": terms} for name, terms in spoken.items()]


def _is_slip(typed: str, name: str) -> bool:
    """Whether the telling words of two names are nearly the same; "university hospital" in common says nothing."""
    one, other = (" ".join(word for word in text.split() if word not in _GENERIC) for text in (typed, name))
    return fuzz.ratio(one, other) >= _SLIP


_CAPITALS = re.compile(r"\b[A-Z][\w'\u2019&.-]+(?:\s+(?:(?:of|the|at|and|for|in)\s+)?[A-Z][\w'\u2019&.-]+)*")
_KIND_OF_PLACE = re.compile(
    r"\b((?:\w+\s+){1,3}(?:hospital|clinic|university|medical (?:center|centre|school)|college|school of medicine|"
    r"health system))\b",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"^(?:i|i'?m|does|do|is|are|what|which|how|can|the|a|an|my|in|at|usmle|step|toefl|ielts|us|usa|img|imgs|lor|"
    r"lors|vslo|"
    r"any|this|that|some|tell|about|and|or|ok|hi|hello|please|for|accept|need|require|compare|find|show|who|when|"
    r"where)$",
    re.IGNORECASE,
)


def named_unknown(text: str, known: Iterable[tuple[int, int]] = ()) -> str:
    """The part of a text that looks like an institution's name, empty when nothing does.

    `known` are the spans of words that mean something else (a state, a specialty) and are no names by themselves.
    """
    place = _KIND_OF_PLACE.search(text)
    if place:
        words = place[1].split()
        while words and _NOT_A_NAME.match(words[0]):
            words = words[1:]
        if len([word for word in words if word.lower() not in _GENERIC]):
            return " ".join(words)
    for start, end in known:
        text = text[:start] + "," * (end - start) + text[end:]
    for found in _CAPITALS.findall(text):
        words = found.split()
        while words and _NOT_A_NAME.match(words[0]):
            words = words[1:]
        if words and any(word.lower() not in _GENERIC for word in words):
            return " ".join(words)
    return ""
