"""A message becomes a frame: what it names, measures and does, each with whose it is and when it holds.

Compiled once from data/lexicon.yml and data/grammar.yml; knows no day and no Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rotation_engine.understanding.grammar import Hit, Lists, Templates
from rotation_engine.understanding.names import Found, NameFinder
from rotation_engine.understanding.respell import Respeller
from rotation_engine.understanding.scope import Item, Scope
from rotation_engine.understanding.terms import Language, Term, lexicon_terms, load_yaml
from rotation_engine.understanding.text import Text, read_text
from rotation_engine.understanding.values import Value, values_of

Frame = dict[str, list[dict[str, Any]]]
_WORD = re.compile(r"\w+")
_SMALL = re.compile(r"(?<![\w'])[a-z][a-z']*(?!\w)")
_LEADS = frozenset({"bound", "strong", "cue", "upto", "x", "d", "e"})
_WEAK = frozenset({"number", "ordinal"})
DECLINES = "declines"
"""The act that says what is not wanted: "no plan for now"."""
UNHEARD = frozenset({DECLINES, "asks_still"})
"""Acts whose own words ask for nothing; "you didn't say" stands before what is asked."""


@dataclass(frozen=True)
class Grammar:
    """What does not change while the engine runs: the lexicon's terms and the compiled templates, by what they find."""

    terms: tuple[Term, ...]
    names: Templates
    dimensions: Templates
    acts: Templates
    cues: Templates
    context: Mapping[str, Any]
    words: frozenset[str]
    spellings: Mapping[str, str]
    topics: Mapping[str, str]


@lru_cache(maxsize=1)
def compiled(language: Language) -> Grammar:
    """Words and grammar, put together once per process (about half a second)."""
    grammar = load_yaml(language.grammar)
    terms = lexicon_terms(language.lexicon)
    lists = Lists(grammar["lists"] | _lists_of(terms), grammar["patterns"])
    names, dimensions, acts, cues = sets = tuple(Templates(lists, grammar["rules"]) for _ in range(4))
    for (kind, *value), sentence, place in _sentences(grammar["entities"]):
        names.add(kind, sentence, value[0] if value else None, place=place)
    for path, sentence, place in _sentences(grammar["dimensions"]):
        depth = 2 if path[0] == "time" else 1
        dimensions.add("/".join(path[:depth]), sentence, next(iter(path[depth:]), None), place=place)
    for (act, *_), sentence, place in _sentences(grammar["acts"]):
        acts.add(act, sentence, place=place, is_polite=True)
    for section, labels in grammar["cues"].items():
        for label, side, sentence in _cues(labels):
            cues.add(f"{section}:{label}:{side}", sentence)
    words = lists.all_words().union(*(templates.words for templates in sets))
    common = Lists(grammar["lists"], {}).all_words().union(*(templates.words for templates in sets))
    context = grammar["context"] | {"common": common}
    spellings = spellings_of(grammar)
    return Grammar(tuple(terms), names, dimensions, acts, cues, context, frozenset(words), spellings, grammar["topics"])


def spellings_of(grammar: Mapping[str, Any]) -> dict[str, str]:
    """What is written in a hurry and the word that it means: "hw" is "how"."""
    return {spelling: word for word, spellings in grammar["spellings"].items() for spelling in spellings}


def _longer_than_a_letter(spellings: Mapping[str, str]) -> dict[str, str]:
    """Without "u" and "r", which templates know as letters of "U.S." and the like."""
    return {spelling: word for spelling, word in spellings.items() if len(spelling) > 1}


def spoken_words(sentences: Iterable[str]) -> frozenset[str]:
    """The words that stand somewhere in small letters: names stand in capitals."""
    return frozenset(word for sentence in sentences for word in _SMALL.findall(sentence))


_PIECE = re.compile(r"(?<!\w)(?!(?:and|plus)\b)[^\s,&/+?](?:(?!\s*(?:[,&/+?]|\b(?:and|plus)\b)).)*", re.IGNORECASE)
_MOST_PIECES, _ASKS = 4, "asks_"
"""Bare words in a row that are heard each by itself, and how the acts for a column begin."""


class Reader:
    """Reads messages. `terms` are names beside the lexicon's, `real` the English words that are never mended.

    `spoken` are the words of the training sentences (`spoken_words`); with none, names need capitals.
    """

    def __init__(
        self, language: Language, terms: Iterable[Term], *, real: frozenset[str], spoken: frozenset[str] = frozenset()
    ) -> None:
        self._grammar = compiled(language)
        context = {**self._grammar.context, "real": real, "spoken": spoken}
        self._names = NameFinder([*self._grammar.terms, *terms], self._grammar.names, context)
        self._little = frozenset(self._grammar.context["little"])
        words = self._names.words() | self._grammar.words
        self._respeller = Respeller(words, real=real, spellings=_longer_than_a_letter(self._grammar.spellings))

    def mend(self, word: str) -> str:
        """The known word that a misspelled lower-case word means, or the word itself."""
        return self._respeller.mend(word)

    @property
    def topics(self) -> Mapping[str, str]:
        """What is added to a message that may be about a topic, by intent."""
        return self._grammar.topics

    def read(self, typed: str) -> Frame:
        """The frame of a message: `entities`, `dimensions` and `acts`, each in the order of the text."""
        text = read_text(typed, self._respeller.mend)
        names = self._names.find(text)
        measures = _measured(self._grammar.dimensions.find(text), names, text)
        items = [Item(found.kind, found.start, found.end, found.is_stated) for found in names]
        items += [Item(hit.label.partition("/")[0], *_span(hit)) for hit, _value in measures]
        scope = Scope(text, self._grammar.cues.find(text), items)
        return {
            "entities": [_entity(found, scope, text) for found in names],
            "dimensions": [_dimension(hit, value, scope, text=text) for hit, value in measures],
            "acts": [
                *(_act(hit.label, hit.start, hit.end, text) for hit in _meant(self._grammar.acts.find(text))),
                *(_act("ask", start, end, text) for start, end in scope.asked()),
                *([_act("bare", 0, len(text.plain), text)] if self._is_bare(items, text) else []),
                *self._listed(text),
            ],
        }

    def _listed(self, text: Text) -> list[dict[str, Any]]:
        """The columns that a message of several bare words asks for: "price and length?", "fee, visa, letter"."""
        pieces = [match.span() for match in _PIECE.finditer(text.plain)]
        if not 1 < len(pieces) <= _MOST_PIECES:
            return []
        found = [self._bare_column(text.plain[start:end]) for start, end in pieces]
        return [_act(name, *piece, text) for name, piece in zip(found, pieces, strict=True)] if all(found) else []

    def _bare_column(self, piece: str) -> str:
        """The act that a few words alone are, which ask for one fact; empty where they say anything else."""
        hits = self._grammar.acts.find(read_text(piece, self._respeller.mend))
        whole = (hit.label for hit in hits if hit.end - hit.start >= len(piece.strip(" ?!.")))
        return next((label for label in whole if label.startswith(_ASKS)), "")

    def _is_bare(self, items: list[Item], text: Text) -> bool:
        """Whether a message is nothing but what it names or measures, and little words: "via an agency?"."""
        rest = text.plain
        for item in items:
            rest = rest[: item.start] + " " * (item.end - item.start) + rest[item.end :]
        return bool(items) and set(_WORD.findall(rest)) <= self._little


def _lists_of(terms: Iterable[Term]) -> dict[str, dict[str, list[str]]]:
    """Every kind of the lexicon as a list for templates: {exam}, {country}."""
    lists: dict[str, dict[str, list[str]]] = {}
    for term in terms:
        lists.setdefault(term.kind, {}).setdefault(term.value, []).append(term.text)
    return lists


def _sentences(section: Mapping[Any, Any], *path: Any) -> Iterable[tuple[tuple[Any, ...], str, str]]:
    """Path, template and place of each template in a section of the grammar.

    Templates stand anywhere in a message; those below a key `whole` are a whole message, below `opening` open one.
    """
    for key, inside in section.items():
        is_place = bool(path) and key in ("whole", "opening", "anywhere")
        place, inner = (str(key), path) if is_place else ("anywhere", (*path, key))
        if isinstance(inside, Mapping):
            yield from _sentences(inside, *inner)
        else:
            yield from ((inner, sentence, place) for sentence in inside)


def _cues(cues: Mapping[str, Any] | list[str]) -> Iterable[tuple[str, str, str]]:
    if isinstance(cues, list):
        yield from (("", "pre", sentence) for sentence in cues)
        return
    for label, sides in cues.items():
        by_side = sides if isinstance(sides, Mapping) else {"pre": sides}
        yield from ((label, side, sentence) for side, sentences in by_side.items() for sentence in sentences)


def _measured(hits: Iterable[Hit], names: list[Found], text: Text) -> list[tuple[Hit, Value]]:
    """The dimensions without overlaps, the longest first; only times and several stays share their words with names."""
    taken: list[Hit] = []
    found: list[tuple[Hit, Value]] = []
    for hit in sorted(
        _surest(list(hits)),
        key=lambda hit: (hit.label in _WEAK, hit.start - hit.end, hit.label, hit.extra is None),
    ):
        start, end = _span(hit)
        is_named = any(start < name.end and name.start < end for name in names)
        is_parted = is_named and not hit.label.startswith("time") and "times" not in hit.slots
        if is_parted or any(hit.start < other.end and other.start < hit.end for other in taken):
            continue
        is_nothing = hit.label.endswith("none")
        values = [] if is_nothing else values_of(hit)
        taken += [hit] if values or is_nothing else []
        words = {"words": text.plain[start:end]} if hit.label == "time/vague" else {}
        found += [(hit, value | words) for value in values]
    return list(_completed(sorted(found, key=lambda pair: pair[0].start)))


def _surest(hits: list[Hit]) -> list[Hit]:
    """Sums in another currency give way to nothing vaguer: no "budget of 6000" in "budget of 6000 euros"."""
    sure = [hit for hit in hits if hit.slots.get("currency", "USD") != "USD"]
    return [
        hit
        for hit in hits
        if hit.extra != "any" or not any(hit.start < other.end and other.start < hit.end for other in sure)
    ]


def _completed(found: Iterable[tuple[Hit, Value]]) -> Iterable[tuple[Hit, Value]]:
    """A length without a unit has the unit of the one before it ("three weeks of surgery, then five of peds")."""
    unit = ""
    for hit, value in found:
        if hit.label == "duration":
            unit = value["unit"] or unit
            value = value | {"unit": unit}
        if hit.label != "duration" or unit:
            yield hit, value


def _span(hit: Hit) -> tuple[int, int]:
    """Where a dimension stands: from its first slot on, without the words that lead to it."""
    starts = [start for name, (start, _end) in hit.spans.items() if name not in _LEADS]
    return min(starts, default=hit.start), hit.end


def _meant(hits: Iterable[Hit]) -> list[Hit]:
    """The acts of a message: what stands in words that decline something is no wish."""
    found = _longest_acts(hits)
    declined = [hit for hit in found if hit.label == DECLINES]
    return [hit for hit in found if hit in declined or not any(_is_within(hit, other) for other in declined)]


def _is_within(hit: Hit, other: Hit) -> bool:
    return other.start <= hit.start and hit.end <= other.end


def _longest_acts(hits: Iterable[Hit]) -> list[Hit]:
    """Each act once per place."""
    taken: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if not any(hit.label == t.label and hit.start < t.end and t.start < hit.end for t in taken):
            taken.append(hit)
    return sorted(taken, key=lambda hit: (hit.start, hit.label))


def _circumstances(item: Item, scope: Scope, role: str) -> dict[str, str]:
    polarity, whose, holds = scope.polarity(item), scope.whose(item), scope.holds(item)
    is_fancied = whose == "supposed" and holds == "past"  # "what if I were a student"
    return {"polarity": polarity, "whose": whose, "holds": "now" if is_fancied else holds, "role": role}


def _entity(found: Found, scope: Scope, text: Text) -> dict[str, Any]:
    start, end = text.typed_span(found.start, found.end)
    item = Item(found.kind, found.start, found.end, found.is_stated)
    return {"entity": found.kind, "value": found.value, "start": start, "end": end} | _circumstances(item, scope, "")


def _dimension(hit: Hit, value: Value, scope: Scope, *, text: Text) -> dict[str, Any]:
    kind = hit.label.partition("/")[0]
    item = Item(kind, *_span(hit))
    start, end = text.typed_span(item.start, item.end)
    bound = scope.bound(item) if kind == "time" else ""
    value = value | {"bound": bound} if bound else value
    role = _settled(scope.role(item, kind), value)
    where = {"dim": kind, "body": text.typed[start:end], "start": start, "end": end, "value": value}
    return where | _circumstances(item, scope, role)


def _settled(role: str, value: Value) -> str:
    """The role, where the value itself settles it: "in total", "a month", "Match 2028"."""
    if role in ("", "budget") and value.get("per"):
        return "budget_total" if value["per"] == "total" else "budget_per_month"
    return role or (value["kind"] if value.get("kind") in ("match", "eras") else "")


def _act(name: str, start: int, end: int, text: Text) -> dict[str, Any]:
    first, last = text.typed_span(start, end)
    return {"act": name, "start": first, "end": last}


def rest_of(text: str, acts: Iterable[Mapping[str, Any]]) -> tuple[str, tuple[int, int]]:
    """What a message says beside words that ask for nothing, and where these stand; (0, 0) where there are none."""
    start, end = next(((act["start"], act["end"]) for act in acts if act["act"] in UNHEARD), (0, 0))
    return (text[:start] + text[end:]).strip(" ,.;:!-"), (start, end)
