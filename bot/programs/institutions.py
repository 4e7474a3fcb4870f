"""Finds institutions by what people call them: official names, their usual short forms, aliases, and typing slips.

One name may stand for several institutions ("Hopkins"); the one of the lowest rank is meant first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from bot.nlu.frame import Named

_CLOSE = 62
_SHORTEST_FUZZY = 6
_LEAST_OF_A_NAME = 2
"""Words from which the beginning of a name may be what a house goes by: "Johns Hopkins"."""
_WORD = re.compile(r"[a-z0-9&]+")
# "Kansas University"; Washington University is another one than the University of Washington.
_OF = re.compile(
    r"^University of (?!Washington\b)((?:(?:New|North|South|West) )?[A-Z]\w+)(?=,| School| College| Medical| Health|$)"
)
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
        "via",
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
_LITTLE = frozenset(
    {
        "academic",
        "applicants",
        "can",
        "clerkship",
        "clerkships",
        "doctors",
        "education",
        "externs",
        "foreign",
        "formal",
        "from",
        "global",
        "information",
        "medic",
        "need",
        "non",
        "not",
        "observer",
        "offered",
        "office",
        "one",
        "open",
        "physician",
        "physicians",
        "residents",
        "schools",
        "take",
        "their",
        "there",
        "they",
        "training",
        "visiting",
        "visitors",
        "want",
        "who",
        "with",
        "you",
    }
)
"""More words that tell no program from another."""


@dataclass(frozen=True)
class NamedInstitution:
    """An institution with its other names; `rank` says how soon it is meant by a name that it shares."""

    name: str
    aliases: tuple[tuple[str, int], ...] = ()


def plain(text: str) -> str:
    """A text for comparing: lower case, "Saint" as "st", without punctuation."""
    text = re.sub(r"[\u2019'`.]", "", text.lower()).replace("saint ", "st ")
    return " ".join(_WORD.findall(text))


def _special(name: str) -> frozenset[str]:
    """The words of a name that are its own; what kind of house it is says "memorial" and "general" too."""
    return frozenset(word for word in plain(name).split() if word not in _GENERIC - {"memorial", "general"})


def distinctive(name: str) -> frozenset[str]:
    """The words of a name or sentence that few others have."""
    return frozenset(word for word in plain(name).split() if word not in _GENERIC | _LITTLE and len(word) > 2)


def short_names(official: str) -> tuple[str, ...]:
    """Distinctive shorter forms of an official name; generic ones ("University Hospital", "Texas") are left out."""
    found = [official]
    base = re.sub(r"\s*\([^)]*\)", "", official).split(",")[0].strip()
    found.append(base)
    found.append(_TAIL.sub("", base))
    found += [part.strip() for part in re.findall(r"\(([^)]{2,12})\)", official) if part.strip().isupper()]
    found += [item.removeprefix("The ") for item in found]
    found += [_OF.sub(r"\1 University", item) for item in found if _OF.match(item)]
    return tuple(dict.fromkeys(item for item in found if item == official or _is_distinctive(item)))


def _is_distinctive(name: str) -> bool:
    words = plain(name).split()
    special = [word for word in words if word not in _GENERIC]
    return bool(special) and (len(words) > 1 or name.isupper())


@dataclass(frozen=True)
class InstitutionMatch:
    """What a message names: institutions (first meant first) and how they were called; else the closest names."""

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

    def family(self, name: str) -> tuple[str, ...]:
        """The institutions that a name stands for, an official one and its departments included."""
        return self._by_term.get(plain(name), ())

    def house(self, name: str) -> tuple[str, ...]:
        """The institutions of one house: those that share the name, or words that it begins with and goes by."""
        words = name.replace(",", "").split()
        begins = (" ".join(words[:count]) for count in range(len(words), _LEAST_OF_A_NAME - 1, -1))
        return tuple(dict.fromkeys([name, *(found for begin in begins for found in self.family(begin))]))

    def named(self, said: Named) -> tuple[str, ...]:
        """The institutions that a name in a message stands for; a misspelled one has only its official name."""
        return self.family(said.text) or self.family(said.value)

    def called(self, name: str) -> tuple[str, ...]:
        """The institutions whose own words are just these: "Griffin" is Griffin Hospital, no Griffin Memorial."""
        said = _special(name)
        own = ((item.name, {_special(item.name), _special(item.name.partition(",")[0])}) for item in self.institutions)
        return tuple(called for called, words in own if said and said in words)

    def closest(self, name: str, count: int = 3) -> tuple[str, ...]:
        """Official names that look most like a name that is not known."""
        special = " ".join(word for word in plain(name).split() if word not in _GENERIC)
        if len(special) < 3:
            return ()
        hits = process.extract(special, self._names, scorer=fuzz.token_set_ratio, score_cutoff=_CLOSE, limit=count * 3)
        return tuple(dict.fromkeys(self._by_term[hit[0]][0] for hit in hits))[:count]

    def gazetteer(self) -> list[dict[str, object]]:
        """What the engine's entity rules read: one entry per institution with the terms that mean it first."""
        spoken: dict[str, list[str]] = {item.name: [] for item in self.institutions}
        for item in self.institutions:
            for term, _ in self._terms(item):
                if self._by_term[plain(term)][0] == item.name:
                    spoken[item.name] += dict.fromkeys((term, term.replace("'", "")))
        return [
            {"kind": "institution", "value": name, "terms": list(dict.fromkeys(terms))}
            for name, terms in spoken.items()
        ]
