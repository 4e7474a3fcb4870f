"""Says a clause in full that leans on another one: "who uploads it?" after a letter is "who uploads a letter?".

Only texts to be scored beside the clause itself; which of the two counts is decided by how sure each is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CARRIED = frozenset({"rotation_type", "route", "exam", "visa_class", "provider", "expense"})
"""Kinds of names that a later clause may leave out."""
COMPANY = "AMOpportunities (AMO)"
"""The one institution that has a topic of its own."""
PRONOUNS = frozenset({"it", "they", "them", "these", "those", "that", "this", "both", "either", "one"})
SPREADING = frozenset({"both", "either"})
"""Words that say something of each of the clauses before: "a visa, an invitation, are both needed?"."""
LONGEST_HEADING = 4
BARE_WORDS = 2
_HEADING = re.compile(
    r"\s*(?!(?:i|i'm|im|we|my|hi|hello|question|questions|so)\b)([^:?!.;]{2,60}?)\s*:\s+(?=\S)", re.IGNORECASE
)
_WITH_NOUN = re.compile(r"\b(what|which)\s+([a-z]+)\b", re.IGNORECASE)
_WITHOUT_NOUN = re.compile(r"\b(what|which)\s+(?=(?:a|an|the|for|as|if|when|with|of|in|at)\b)", re.IGNORECASE)
_NO_NOUNS = frozenset(
    {"is", "are", "do", "does", "did", "can", "could", "should", "would", "will", "may", "if", "about", "to", "the"}
    | {"for", "as", "a", "an", "when", "with", "of", "in", "at", "i", "one", "ones"}
)

_POINTING = re.compile(
    r"\b(?:(?:it|they|them|he|she)\b|(?:these|those)(?=\s*$)|(?:one|1)(?=\s*$|\s+(?:be|come|is|from|for|in|at)\b)"
    r"|(?:that|this)(?=\s*$|\s+(?:cover|include|count|work|cost|apply|last|mean|help|take|too|also|enough|for|in)\b))",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"\b(?P<kept>a|an|the|my|your)\s+(?=[a-z])"
    r"|\b(?:any|how\s+many|what(?:['\u2019]s|\s+(?:is|are))(?:\s+an?)?|what|which|two|three|four|\d)\s+(?=[a-z])",
    re.IGNORECASE,
)
_WORD = re.compile(r"\s*([\w'\u2019-]+)")
_LONGEST_NOUN = 4
_NEVER_SUBJECTS = frozenset({"us", "usa", "states", "year", "years", "month", "months", "week", "weeks", "way", "time"})
_ENDS_NOUN = frozenset(
    {"for", "in", "at", "of", "from", "to", "with", "without", "on", "by", "as", "if", "when", "while", "after", "and"}
    | {"or", "but", "before", "during", "than", "that", "this", "which", "who", "i", "we", "you", "they", "it", "he"}
    | {"is", "are", "was", "be", "do", "does", "did", "can", "could", "should", "would", "will", "may", "must", "have"}
    | {"has", "need", "needs", "needed", "required", "ok", "okay", "usable", "enough", "give", "gives", "count"}
    | {"work", "works", "cost", "costs", "ask", "asks", "want", "wants", "take", "takes", "come", "along", "through"}
    | {"possible", "allowed", "worth", "good", "fine", "better", "like", "go", "there", "here", "too", "also", "still"}
    | {"counts", "valid"}
)
_ELLIPSIS = re.compile(
    r"(?:and\s+)?(?:(?:in|on|at|for|by|from|with|until)\s+)?"
    r"(?:(?:what|which|whose|how\s+many)\s+[a-z]+|how\s+(?:long|far|early|soon|often|much)|where|when|how)"
    r"(?:\s+(?:ahead|before|in\s+advance|exactly))?$",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b((?:can|could|may|do|does|should|will|would|must|shall)\s+"
    r"(?:i|we|you|he|she|students?|graduates?|imgs?|an?\s+\w+|my\s+\w+)\s+[a-z]+)\b",
    re.IGNORECASE,
)
LONGEST_ELLIPSIS = 5

Span = tuple[int, int]
Items = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Fuller:
    """A clause said in full; `names` are the spans of what it took over, `leans` whether it points at something."""

    text: str
    names: tuple[Span, ...]
    leans: bool


def in_full(text: str, parts: Sequence[Span], entities: Items, acts: Items) -> dict[Span, list[Fuller]]:
    """The clauses that may be said in full, by their spans, each in one way or more.

    Those that name what they are about are left out, unless a pronoun of theirs points back.
    """
    named = {(item["start"], item["end"]): item for item in entities if _is_carried(item)}
    pointing = [(act["start"], act["end"]) for act in acts if text[act["start"] : act["end"]].lower() in PRONOUNS]
    found: dict[Span, list[Fuller]] = {}
    for number, part in enumerate(parts):
        pronoun = next((at for at in pointing if _within(at, part)), None) or _pointing(text, part)
        said = _in_full(text, part, parts[:number], named, pronoun)
        if said:
            found[part] = said
        if number and pronoun and text[slice(*pronoun)].lower() in SPREADING:
            found |= {one: [_spread(text, one, part, pronoun)] for one in parts[:number] if _is_short(text, one)}
    return found


def _in_full(
    text: str, part: Span, before: Sequence[Span], named: Mapping[Span, Mapping[str, Any]], pronoun: Span | None
) -> list[Fuller]:
    """The ways to say one clause after those `before` it."""
    heading, clause = _heading(text), text[slice(*part)]
    names = [name for name in sorted(named) if name[1] <= part[0]]
    names_its_own = any(_within(name, part) for name in named)
    said: list[Fuller] = []
    if heading and part[0] >= heading[1]:
        called = _called(text, named.get(heading), heading)
        said.append(Fuller(f"{called}: {clause}", (heading,), leans=False))
        said += [_carried(text, part, heading, pronoun, called=called)] if pronoun and names else []
    elif names and (pronoun or not names_its_own):
        said += [_carried(text, part, name, pronoun, called=_called(text, named[name], name)) for name in names[-2:]]
    elif before and (asked := _with_noun(text[slice(*before[-1])], clause)):
        said.append(Fuller(asked, (), leans=True))
    elif len(clause.split()) <= BARE_WORDS:
        said.append(Fuller(f"{clause}?", (), leans=False))
    if before and not heading:
        said += _after(text, before, part, pronoun)
    is_asked = text[part[1] :].lstrip().startswith("?")
    said = list({one.text: one for one in reversed(said)}.values())[::-1]
    return said or ([Fuller(f"{clause}?", (), leans=False)] if is_asked else [])


def _is_carried(item: Mapping[str, Any]) -> bool:
    return item["entity"] in CARRIED or (item["entity"] == "institution" and item["value"] == COMPANY)


def _after(text: str, before: Sequence[Span], part: Span, pronoun: Span | None) -> list[Fuller]:
    """A clause said in full by what a clause before it is about, or does: "who signs it", "and in which month"."""
    clause = text[slice(*part)]
    points_at_one = pronoun and text[slice(*pronoun)].lower() not in SPREADING
    noun = next(filter(None, (_noun(text, one) for one in reversed(before))), None)
    if pronoun and points_at_one and noun:
        return [
            Fuller(text[part[0] : pronoun[0]] + text[slice(*noun)] + text[pronoun[1] : part[1]], (noun,), leans=True)
        ]
    asking = _ASKING.search(text, *before[-1])
    if asking and len(clause.split()) <= LONGEST_ELLIPSIS and _ELLIPSIS.match(clause.strip()):
        return [Fuller(f"{clause} {asking[1]}", (), leans=True)]
    return []


def _noun(text: str, part: Span) -> Span | None:
    """The first thing with an article or a number word that a clause names; a few words alone are one as a whole."""
    for determiner in _DETERMINER.finditer(text, *part):
        start = end = determiner.end()
        words = 0
        while words < _LONGEST_NOUN and (word := _WORD.match(text, end, part[1])) and word[1].lower() not in _ENDS_NOUN:
            end, words = word.end(), words + 1
        if words and text[start:end].split()[-1].lower() not in _NEVER_SUBJECTS:
            return (determiner.start() if determiner["kept"] else start, end)
    clause = text[slice(*part)].split()
    return part if len(clause) <= LONGEST_HEADING and not _ENDS_NOUN & {word.lower() for word in clause} else None


def _pointing(text: str, part: Span) -> Span | None:
    found = _POINTING.search(text, *part)
    return found.span() if found else None


def heads(text: str, part: Span) -> bool:
    """Whether a part stands in the heading of a message, before its colon."""
    heading = _heading(text)
    return heading is not None and _within(part, heading)


def _heading(text: str) -> Span | None:
    """The few words before a colon that name what is asked about."""
    found = _HEADING.match(text)
    return found.span(1) if found and len(found[1].split()) <= LONGEST_HEADING else None


def _called(text: str, item: Mapping[str, Any] | None, at: Span) -> str:
    """A type of rotation by its own name ("observing" is an observership), all else as it was typed."""
    typed = text[slice(*at)]
    is_type = item is not None and item["entity"] == "rotation_type"
    name = str(item["value"]).replace("_", " ") if item and is_type else typed
    return typed if typed.lower().startswith(name) else name


def _carried(text: str, part: Span, name: Span, pronoun: Span | None, *, called: str) -> Fuller:
    """The clause with the name in place of its pronoun, or before it."""
    if pronoun:
        return Fuller(text[part[0] : pronoun[0]] + called + text[pronoun[1] : part[1]], (name,), leans=True)
    return Fuller(f"{called}: {text[slice(*part)]}", (name,), leans=False)


def _spread(text: str, one: Span, part: Span, pronoun: Span) -> Fuller:
    return Fuller(text[part[0] : pronoun[0]] + text[slice(*one)] + text[pronoun[1] : part[1]], (one,), leans=True)


def _with_noun(before: str, clause: str) -> str:
    """ "and on what a doctor" after "on what visa does a student come": the noun that the question word had."""
    noun = _WITH_NOUN.search(before)
    bare = _WITHOUT_NOUN.search(clause)
    if not noun or not bare or noun[2].lower() in _NO_NOUNS:
        return ""
    return f"{clause[: bare.end()]}{noun[2]} {clause[bare.end() :]}"


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _is_short(text: str, part: Span) -> bool:
    return len(text[slice(*part)].split()) <= LONGEST_HEADING
