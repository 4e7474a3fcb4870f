"""Whom and what the small words are about: polarity, whose, when it holds, and the role of a time, length or sum.

The idea is NegEx's: cues before and after, words that only look like cues, and words that end a cue's reach. Which
words those are stands in data/grammar.yml; here stands how far they reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rotation_engine.understanding.grammar import Hit
from rotation_engine.understanding.text import Text

_STUDIES = frozenset({"career_stage", "exam", "graduation_year", "profession", "study_year", "year_of_study"})
FACTS = _STUDIES | {"milestone", "nationality", "school_country", "taught_in", "visa_class", "visa_status"}
"""Kinds of which "no" and "not" mean a lack; of all others they mean that it is not wanted."""
WISHES = frozenset({"institution", "city", "state", "region", "specialty", "rotation_type", "route"})
"""Kinds that nobody has for being named after "with": "a stay with an agency"."""
_REACH = 30
"""How many characters may stand between a "not" and what it belongs to."""
_JOINED = re.compile(r"[\s,/&+]*(?:(?:or|and|nor|any|the|a|an|even|in|then|well|as)\b[\s,/&+]*)*")
_ALTERNATIVE = re.compile(r"\b(?:or|and|nor|no)\b|[/&]|\b[a-z]{2} [a-z]{2}\b")
_NEAR = re.compile(
    r"[\s,:()'=-]*(?:(?:the|my|a|an|about|around|early|mid|late|is|on|of|in|exams|exam|finals|score|result|s)\b[\s,:()'-]*){0,3}"
)
_TO = re.compile(r"\s*(?:-|(?:to|till|until|through)\b)\s*")
_NEGATIVE = frozenset({"not", "has_not", "wants_not", "pending"})
_OF_EXAM = {"pending": ("has_not", "named"), "graduated": ("named", "has")}
"""What a cue says of an exam, and of all else."""
_MASKED = frozenset({"polarity", "whose", "holds"})
_ENDS = frozenset(".;!?")


@dataclass(frozen=True)
class Item:
    """A thing whose circumstances are looked for: its kind and its place in `Text.plain`.

    `is_stated` marks words that say it of somebody by themselves ("I graduated").
    """

    kind: str
    start: int
    end: int
    is_stated: bool = False


@dataclass(frozen=True)
class Cue:
    """A cue found in a text: `section` (polarity, whose, ...), `label` ("not") and `side` (pre or post)."""

    section: str
    label: str
    side: str
    start: int
    end: int


class Scope:
    """The circumstances of the things in one message."""

    def __init__(self, text: Text, cues: Iterable[Hit], items: Sequence[Item]) -> None:
        self._plain = text.plain
        self._items = sorted(items, key=lambda item: (item.start, -item.end))
        labels = ((hit, hit.label.split(":")) for hit in cues)
        found = [Cue(section, label, side, hit.start, hit.end) for hit, (section, label, side) in labels]
        masks = [(cue.start, cue.end) for cue in found if cue.section == "pseudo"]
        hidden = (cue for cue in found if any(a <= cue.start and cue.end <= b for a, b in masks))
        self._cues = _longest(set(found) - {cue for cue in hidden if cue.section in _MASKED})
        self._sentences = [0, *_sentence_ends(text)]
        inside = [range(cue.start + 1, cue.end) for cue in self._of("polarity")]  # "anything but", "instead of"
        breaks = {cue.start for cue in self._of("break") if not any(cue.start in words for words in inside)}
        self._clauses = sorted({*self._sentences, *breaks})

    def polarity(self, item: Item) -> str:
        """has, has_not, wants, wants_not or named."""
        before = next((cue for cue in reversed(self._before(item, "polarity")) if self._reaches(cue, item)), None)
        after = self._after(item, "polarity", is_bare=before is None)
        keeps = before is not None and after is not None and (after.label == "wants" or before.label == "not")
        cue = before if after is None or keeps else after
        if cue is before and cue is not None and self._is_beside(cue, item):
            cue = None
        if cue is None:
            is_asked = self._is_asked(item) or (item.kind == "visa_status" and self._ends_asking(item))
            return "has" if item.is_stated and not is_asked else "named"
        if cue.label == "has_not" and cue.side == "post" and item.kind in WISHES:
            return "named"  # "which electives are still open"
        if cue.label in _OF_EXAM:
            return _OF_EXAM[cue.label][item.kind != "exam"]
        if cue.label == "not":
            return "has_not" if item.kind in FACTS else "wants_not"
        if cue.label in ("states", "with"):
            return "named" if cue.label == "with" and item.kind in WISHES else "has"
        return "named" if cue.label not in _NEGATIVE and self._is_asked(item) else cue.label

    def _is_beside(self, cue: Cue, item: Item) -> bool:
        """Whether a fact stands behind a wish and a comma: "I want to start in June, visa valid"."""
        return cue.label == "wants" and self._stands_beside(cue, item)

    def _stands_beside(self, cue: Cue, item: Item) -> bool:
        """Whether a comma parts a cue from what is stated by itself: "I sit Step 1 in June, no visa"."""
        return item.is_stated and "," in self._plain[cue.end : item.start + 1]

    def whose(self, item: Item) -> str:
        """self, other, general or supposed."""
        start, end = self._bounds(item, self._clauses)
        if any(cue.label == "supposed" and start <= cue.start < item.end for cue in self._of("whose")):
            return "supposed"
        if item.kind in FACTS and self._after(item, "whose", is_bare=True):
            return "general"
        start, end = self._bounds(item, self._sentences)
        cues = [cue for cue in self._of("whose") if start <= cue.start and cue.end <= end and self._is_subject(cue)]
        if any(cue.label == "beneficiary" for cue in cues):
            return "other"
        if any(cue.label == "self" and item.start <= cue.start and cue.end <= item.end for cue in cues):
            return "self"
        has = self.polarity(item) == "has"
        names = ("programs", "general") if has else ("programs",)  # of the thing itself: "we are graduates"
        leading = [cue for cue in cues if cue.end <= item.start or (cue.start <= item.start and cue.label not in names)]
        if not leading or (leading[-1].label == "programs" and has):
            return "self"
        return "general" if leading[-1].label == "programs" else leading[-1].label

    def holds(self, item: Item) -> str:
        """now, later or past."""
        cues = (cue for cue in reversed(self._before(item, "holds")) if not self._is_parted(cue, item))
        cues = (cue for cue in cues if not self._stands_beside(cue, item))
        before = (cue for cue in cues if self._reaches(cue, item, only="past"))
        behind = iter([cue for cue in self._behind(item, "holds") if not self._is_taken(cue, item)])
        said = self._after(item, "polarity", is_bare=False)
        if item.kind == "exam" and said and said.label == "pending":
            return "later"
        near = self._after(item, "holds", is_bare=False)
        if item.kind == "career_stage" and item.is_stated:  # "I'll graduate next year": a student now
            near, behind = None, iter(())
        cue = near or next(before, None) or next(behind, None)
        return cue.label if cue else "now"

    def role(self, item: Item, dimension: str) -> str:
        """What a time, a length or a sum is for; empty when nothing says so."""
        section = f"role_{dimension}"
        own = [other for other in self._items if other.kind == item.kind and other != item]
        before = [cue for cue in self._before(item, section, self._sentences) if self._is_free(cue, item, own)]
        clause = self._bounds(item, self._clauses)[0]
        behind = [cue for cue in self._behind(item, section) if not self._is_taken(cue, item)]
        inside = [cue for cue in before if cue.start >= clause]
        touching = [cue for cue in behind[:1] if cue.label == "start" and not self._plain[item.end : cue.start].strip()]
        best = touching or inside[-1:] or behind[:1] or before[-1:]
        return best[0].label if best else ""

    def bound(self, item: Item) -> str:
        """after, before, by, from or until, where such a word leads to a time; a time "to" another bounds both."""
        labels = [c.label for c in self._before(item, "bound") if _NEAR.fullmatch(self._plain[c.end : item.start])]
        times = [other for other in self._items if other.kind == item.kind]
        ends = dict(pair for pair in pairwise(times) if self._is_range(*pair))
        labels += ["from"] if item in ends else ["until"] if item in ends.values() else []
        return labels[-1] if labels else ""

    def _is_range(self, first: Item, last: Item) -> bool:
        between, before = self._plain[first.end : last.start], self._plain[: first.start].rstrip()
        return bool(_TO.fullmatch(between)) or (between.strip() == "and" and before.endswith("between"))

    def asked(self) -> list[tuple[int, int]]:
        """The clauses that ask something, each from its first letter to its end."""
        found = []
        for start, end in zip(self._clauses, [*self._clauses[1:], len(self._plain)], strict=True):
            said = self._plain[start:end].strip(" ,")
            first = start + self._plain[start:end].find(said)
            is_asked = said.endswith("?") or self._opens_with_asking(start, end)
            found += [(first, first + len(said))] if said and is_asked else []
        return found

    def _is_subject(self, cue: Cue) -> bool:
        """Whether a cue names somebody, and is no part of a longer statement ("graduates next year")."""
        stated = (item for item in self._items if item.is_stated and item.start <= cue.start and cue.end <= item.end)
        return cue.side == "pre" and cue.label != "supposed" and (cue.label != "general" or not any(stated))

    def _of(self, section: str) -> list[Cue]:
        return [cue for cue in self._cues if cue.section == section]

    def _bounds(self, item: Item, breaks: Sequence[int]) -> tuple[int, int]:
        start = max((at for at in breaks if at <= item.start), default=0)
        return start, min((at for at in breaks if at > item.start), default=len(self._plain))

    def _before(self, item: Item, section: str, breaks: Sequence[int] | None = None) -> list[Cue]:
        start = self._bounds(item, breaks or self._clauses)[0]
        return [cue for cue in self._of(section) if cue.side == "pre" and start <= cue.start and cue.end <= item.start]

    def _behind(self, item: Item, section: str) -> list[Cue]:
        end = self._bounds(item, self._clauses)[1]
        return [cue for cue in self._of(section) if cue.side == "post" and item.end <= cue.start < end]

    def _after(self, item: Item, section: str, *, is_bare: bool) -> Cue | None:
        """A cue right behind a thing, or behind the last of several: "Step 1 and TOEFL not required"."""
        last = self._chain(item)[-1]
        said = self._plain[item.start : last.end]
        is_joined = is_bare or ("," not in said and _ALTERNATIVE.search(said))
        places = {item.end, last.end} if is_joined else {item.end}
        gaps = ((at, cue) for cue in self._behind(item, section) for at in places)
        return next((cue for at, cue in gaps if at <= cue.start and _NEAR.fullmatch(self._plain[at : cue.start])), None)

    def _reaches(self, cue: Cue, item: Item, only: str = "") -> bool:
        """A "not" reaches the next thing and those of its kind joined to it; other cues reach to the clause's end."""
        if cue.label not in ({only} if only else _NEGATIVE):
            return True
        between = [other for other in self._items if cue.end <= other.start and other.end <= item.start]
        if any(other.kind != item.kind for other in between) or (not only and self._is_said(cue, item)):
            return False
        chain = self._chain((between or [item])[0])
        said = self._plain[chain[0].start : chain[-1].end]
        between_words = self._plain[cue.end : chain[0].start]
        is_near = len(between_words) <= _REACH and "," not in between_words  # "no publications, Step 2 done"
        return is_near and item in chain and (item == chain[0] or bool(_ALTERNATIVE.search(said)))

    def _is_said(self, cue: Cue, item: Item) -> bool:
        """Whether a cue shares a word with another thing that is stated: the "no" of "I have no visa, September"."""
        stated = (other for other in self._items if other.is_stated and other.kind != item.kind)
        return any(other.start < cue.end and cue.start < other.end for other in stated)

    def _chain(self, first: Item) -> list[Item]:
        """A thing and those of its kind that are joined to it: "Texas, Ohio or Florida"."""
        chain = [first]
        for other in self._items:
            gap = self._plain[chain[-1].end : other.start]
            if other.kind == first.kind and other.start >= chain[-1].end and _JOINED.fullmatch(gap):
                chain.append(other)
        return chain

    def _is_parted(self, cue: Cue, item: Item) -> bool:
        """Whether another of its kind, not joined to it, stands between: "I'll take Step 2 in June, Step 1 is done"."""
        between = (other for other in self._items if cue.end <= other.start and other.end <= item.start)
        first = next((other for other in between if other.kind == item.kind), None)
        return first is not None and item not in self._chain(first)

    def _is_taken(self, cue: Cue, item: Item) -> bool:
        """Whether a cue behind a thing stands behind another of its kind as well, or behind a comma."""
        is_shared = any(other.kind == item.kind and item.end <= other.start < cue.start for other in self._items)
        return is_shared or "," in self._plain[item.end : cue.start]

    def _is_free(self, cue: Cue, item: Item, own: Sequence[Item]) -> bool:
        """Whether a cue has not been used up: by another of its kind that stands between, or by a thing and a comma."""
        between = [other for other in self._items if cue.end <= other.start and other.end <= item.start]
        used = [other for other in between if other in own]
        if used:
            return bool(_JOINED.fullmatch(self._plain[used[-1].end : item.start]))
        held = [other for other in self._items if cue.start <= other.start and other.end <= item.start]
        return not held or "," not in self._plain[held[0].end : item.start]

    def _is_asked(self, item: Item) -> bool:
        return self._opens_with_asking(*self._bounds(item, self._clauses))

    def _ends_asking(self, item: Item) -> bool:
        """Whether the clause of a thing ends in a question: "so ESTA is enough?"."""
        start, end = self._bounds(item, self._clauses)
        return self._plain[start:end].rstrip().endswith("?")

    def _opens_with_asking(self, start: int, end: int) -> bool:
        """Whether a clause asks by its first words; a greeting and a comma may stand before: "hi, can I ..."."""
        asking = (cue for cue in self._of("asking") if start < cue.end <= end)
        return any(not re.search(r"\w", self._plain[start : cue.start]) for cue in asking)


def _longest(cues: Iterable[Cue]) -> list[Cue]:
    """The cues in order, of overlapping ones of a section the longest."""
    taken: list[Cue] = []
    for cue in sorted(set(cues), key=lambda cue: (cue.start - cue.end, cue.start, cue.label)):
        if not any(_rivals(cue, other) for other in taken):
            taken.append(cue)
    return sorted(taken, key=lambda cue: cue.start)


def _rivals(cue: Cue, other: Cue) -> bool:
    """Whether a cue has to give way to a longer one. "passed" may stand before one thing and behind another."""
    if cue.section != other.section or cue.end <= other.start or other.end <= cue.start:
        return False
    return cue.side == other.side or (other.label in _NEGATIVE and cue.end - cue.start < other.end - other.start)


def _sentence_ends(text: Text) -> list[int]:
    """Where a sentence has ended: at a sign, but not inside a number or after a single letter ("d.c.")."""
    ends = []
    for before, sign in zip(text.tokens, text.tokens[1:], strict=False):
        is_dot = sign.word == "."
        follows = text.plain[sign.end : sign.end + 1]
        is_inside = is_dot and ((len(before.word) == 1 and before.word.isalpha()) or follows.strip())
        if sign.word in _ENDS and not is_inside:
            ends.append(sign.end)
    return ends
