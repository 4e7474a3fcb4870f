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

Span = tuple[int, int]
Items = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Fuller:
    """A clause said in full; `names` are the spans of what it took over, `leans` whether it points at something."""

    text: str
    names: tuple[Span, ...]
    leans: bool


def in_full(text: str, parts: Sequence[Span], entities: Items, acts: Items) -> dict[Span, Fuller]:
    """The clauses that may be said in full, by their spans; those that name what they are about are left out."""
    named = {(item["start"], item["end"]): item for item in entities if item["entity"] in CARRIED}
    pointing = [(act["start"], act["end"]) for act in acts if text[act["start"] : act["end"]].lower() in PRONOUNS]
    heading = _heading(text)
    found: dict[Span, Fuller] = {}
    for number, part in enumerate(parts):
        pronoun = next((at for at in pointing if _within(at, part)), None)
        before = [name for name in sorted(named) if name[1] <= part[0]]
        names_its_own = any(_within(name, part) for name in named)
        clause = text[slice(*part)]
        if heading and part[0] >= heading[1]:
            called = _called(text, named.get(heading), heading)
            found[part] = Fuller(f"{called}: {clause}", (heading,), leans=False)
        elif before and not names_its_own:
            called = _called(text, named[before[-1]], before[-1])
            found[part] = _carried(text, part, before[-1], pronoun, called=called)
        elif number and (said := _with_noun(text[slice(*parts[number - 1])], clause)):
            found[part] = Fuller(said, (), leans=True)
        elif len(clause.split()) <= BARE_WORDS:
            found[part] = Fuller(f"{clause}?", (), leans=False)
        if number and pronoun and text[slice(*pronoun)].lower() in SPREADING:
            found |= {one: _spread(text, one, part, pronoun) for one in parts[:number] if _is_short(text, one)}
    return found


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
    is_type = item is not None and item["entity"] == "rotation_type"
    return str(item["value"]).replace("_", " ") if item and is_type else text[slice(*at)]


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
