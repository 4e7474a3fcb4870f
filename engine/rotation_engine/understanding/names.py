"""Names in a text: the terms of lexicon and gazetteer by spaCy's matcher, and templates for what no list can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from rotation_engine.understanding.grammar import Hit, Templates
from rotation_engine.understanding.terms import Term
from rotation_engine.understanding.text import Text, Token, read_text

# Among equally long matches the earlier kind wins; cities and institutions are settled by the word before them.
ORDER = (
    "graduation_year",
    "visa_status",
    "career_stage",
    "exam",
    "rotation_type",
    "route",
    "city",
    "institution",
    "specialty",
    "state",
    "region",
)
PLACES = {"city", "state", "region"}
_BACKGROUND = {"consulate", "country", "nationality", "profession", "relation", "school_country"}
UNKNOWN = "unknown_name"
"""What looks like an institution and is in no list."""
OVER = _BACKGROUND | {
    "goal",
    "step",
    "study_year",
    "taught_in",
    "travel",
    "turned_out",
    "visa_class",
    "year_of_study",
    UNKNOWN,
}
"""Kinds that may stand on the words of another one: "applying to residency in Boston", "on a J-1 visa"."""
WHOLE = {"home_school", "institution", "none"}
"""Kinds whose words belong to nothing else."""
FREE = {"home_school", "consulate", "unknown_specialty", UNKNOWN}
"""Kinds whose value may be a name that no list knows: as it was typed."""
_LINKS = {"of", "the", "at", "for", "in"}
_SENTENCE_ENDS = {".", "!", "?", ";"}
STATES = {"visa_status", "career_stage", "graduation_year", "goal", "home_school", "consulate", "milestone"}
STATES |= {"school_country", "taught_in"}
"""Kinds whose templates say it of somebody, unless they are asked."""
_SOUGHT = {"letters"}
"""Goals that are only named: who speaks of letters has none yet."""


@dataclass(frozen=True)
class Found:
    """A thing found in a text: `kind` and canonical `value`, from `start` to `end` in `Text.plain`.

    `is_stated`: a template found it whose words say it of somebody ("I graduated", "no visa yet").
    """

    kind: str
    value: str
    start: int
    end: int
    is_stated: bool = False


class NameFinder:
    """Finds names. Built once per set of terms (about 0.1 s for 2,000).

    `context` has what marks a place, the words of the grammar (`common`), which are no names whatever their capitals,
    those of English (`real`), which are none at the start of a sentence, and those of the training sentences in small
    letters (`spoken`): others are names where one may stand ("observership at elmhurst").
    """

    def __init__(self, terms: Iterable[Term], templates: Templates, context: Mapping[str, Any]) -> None:
        self._common, self._real, self._spoken = context["common"], context["real"], context["spoken"]
        self._nlp = spacy.blank("en")
        self._templates = templates
        self._before = frozenset(context["place_before"])
        self._doubtful = frozenset(context["doubtful_states"])
        self._school_before, self._joining = frozenset(context["school_before"]), frozenset(context["joining"])
        self._ordinary, self._name_before = frozenset(context["ordinary"]), frozenset(context["name_before"])
        self._terms = {f"{index}": term for index, term in enumerate(terms)}
        self._loose = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        self._exact = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        for key, term in self._terms.items():
            tokens = _joined(read_text(term.text, str))
            words = [token.cased if term.exact else token.word for token in tokens]
            (self._exact if term.exact else self._loose).add(key, [Doc(self._nlp.vocab, words)])

    def words(self) -> set[str]:
        """The single words of all terms in any case, for mending."""
        loose = (read_text(term.text, str) for term in self._terms.values() if not term.exact)
        return {token.word for text in loose for token in text.tokens}

    def find(self, text: Text) -> list[Found]:
        """The things in a text in order, without overlaps among the kinds that exclude each other."""
        tokens = _joined(text)
        found = [_named(hit, text) for hit in self._templates.find(text)]
        found += self._matches(tokens, self._loose, [token.word for token in tokens])
        exact = self._matches(tokens, self._exact, [token.cased for token in tokens])
        if text.typed.isupper():  # Who shouts writes "IN" and "ME" without meaning states, but "NYU" is a name.
            exact = [item for item in exact if item.kind == "institution"]
        found += [item for item in exact if not self._is_doubtful(text, item)]
        found = [item for item in found if not self._is_phrase(item, text, found)]
        found += self._unknown(text, found)
        found += self._unheard(text, found)
        return self._without_overlaps([item for item in found if not self._is_common(item, text, found)], text)

    def _matches(self, tokens: list[Token], matcher: PhraseMatcher, words: list[str]) -> list[Found]:
        found = []
        for match, first, last in matcher(Doc(self._nlp.vocab, words)):
            term = self._terms[self._nlp.vocab.strings[match]]
            found.append(Found(term.kind, term.value, tokens[first].start, tokens[last - 1].end))
        return found

    def _unknown(self, text: Text, found: list[Found]) -> Iterator[Found]:
        """Runs of words in capitals that are nothing else: "Hogwarts", "Sisters of Grace"."""
        if text.typed.isupper():
            return
        start = end = linked = -1
        for before, token in zip([None, *text.tokens], text.tokens, strict=False):
            if token.word in _LINKS and linked >= 0:
                linked = token.end
            elif not self._looks_like_name(token, before, found=found, text=text):
                linked = -1
            elif linked >= 0:
                end = linked = token.end
            else:
                yield from _typed(text, start, end)
                start, end = token.start, token.end
                linked = end
        yield from _typed(text, start, end)

    def _unheard(self, text: Text, found: list[Found]) -> Iterator[Found]:
        """Runs of words that nobody says, before a kind of rotation or behind "at": "lenox hill observership"."""
        for run in self._runs(text, found) if self._spoken else ():
            start, end = run[0].start, run[-1].end
            before = next((token.word for token in reversed(text.tokens) if token.end <= start), "")
            types = (item for item in found if item.kind == "rotation_type")
            is_before = any(_is_one_space(text, end, item.start) for item in types)
            if (is_before or before in self._name_before) and not all(token.word in self._spoken for token in run):
                yield from _typed(text, start, end)

    def _runs(self, text: Text, found: list[Found]) -> Iterator[list[Token]]:
        """Words next to each other that are nothing else."""
        run: list[Token] = []
        for token in text.tokens:
            is_named = any(item.start < token.end and token.start < item.end for item in found)
            is_other = is_named or token.word in self._common or len(token.word) < 3 or not token.word.isalpha()
            if run and (is_other or not _is_one_space(text, run[-1].end, token.start)):
                yield run
                run = []
            run += [] if is_other else [token]
        if run:
            yield run

    def _is_common(self, name: Found, text: Text, found: list[Found]) -> bool:
        """Whether an unknown name is none: a state or words of every day ("a Texas hospital")."""
        states = [item for item in found if item.kind in ("state", "region")]
        inside = [token for token in text.tokens if name.start <= token.start < name.end]
        own = (token for token in inside if not any(item.start <= token.start < item.end for item in states))
        return name.kind == UNKNOWN and all(token.word in self._common or not token.word.isalpha() for token in own)

    def _is_phrase(self, name: Found, text: Text, found: list[Found]) -> bool:
        """Whether an institution's name only says what it offers: "american rotations", unlike "American Rotations".

        Such words are a name in capitals, behind a word like "at", or beside a name ("american rotation or AMO").
        """
        inside = [token for token in text.tokens if name.start <= token.start < name.end]
        if name.kind != "institution" or any(token.word not in self._ordinary for token in inside):
            return False
        before = next((token.word for token in reversed(text.tokens) if token.end <= name.start), "")
        is_written_as_name = all(token.cased[0].isupper() for token in inside) and not text.typed.isupper()
        return not (is_written_as_name or before in self._name_before or self._is_joined(name, text, found))

    def _is_joined(self, name: Found, text: Text, found: list[Found]) -> bool:
        """Whether only a word like "or" stands between a name and an institution."""
        others = [other for other in found if other.kind == "institution"]
        between = [text.plain[other.end : name.start] for other in others]
        between += [text.plain[name.end : other.start] for other in others]
        return any(words.strip() in self._joining for words in between)

    def _looks_like_name(self, token: Token, before: Token | None, *, found: list[Found], text: Text) -> bool:
        if not token.cased[0].isupper() or len(token.word) < 3 or token.word in self._common:
            return False
        is_first = before is None or before.word in _SENTENCE_ENDS
        is_named = any(item.start < token.end and token.start < item.end for item in found)
        is_greeting = text.plain[token.end : token.end + 1] == "," or token.word in self._real
        return not is_named and not (is_first and is_greeting)

    def _is_doubtful(self, text: Text, found: Found) -> bool:
        cased = next(token.cased for token in text.tokens if token.start == found.start)
        return cased in self._doubtful and not self._reads_as_place(text, found.start)

    def _reads_as_place(self, text: Text, start: int) -> bool:
        """Whether the words before `start` announce a place ("in OK", "Tulsa, OK"; not "OK, thanks")."""
        before = [token for token in text.tokens if token.end <= start]
        if not before:
            return False
        is_code = len(before[-1].cased) == 2 and before[-1].cased.isupper()
        return before[-1].word in self._before or is_code

    def _without_overlaps(self, found: list[Found], text: Text) -> list[Found]:
        taken: list[Found] = []
        for item in sorted(set(found), key=lambda item: (*_place_in_line(item), self._rank(item, text, found))):
            if all(item.end <= other.start or item.start >= other.end or _stack(item, other) for other in taken):
                taken.append(item)
        kept = (item for item in taken if item.kind != "none")
        return self._with_whole_names(sorted(kept, key=lambda item: (item.start, item.end, item.kind)), text)

    def _with_whole_names(self, found: list[Found], text: Text) -> list[Found]:
        """Unknown names with the state that they begin with: "Virginia Mason", but not "in Ohio, Regards"."""
        whole: list[Found] = []
        for item in found:
            before = whole[-1] if whole else None
            is_begun = before is not None and before.kind == "state" and not self._reads_as_place(text, before.start)
            if before and is_begun and item.kind == UNKNOWN and _is_one_space(text, before.end, item.start):
                whole[-1:] = _typed(text, before.start, item.end)
            else:
                whole.append(item)
        return whole

    def _rank(self, item: Found, text: Text, found: list[Found]) -> tuple[bool, bool, int, str]:
        """ "in Rochester" is the city, "does Rochester take me" the school of that name."""
        is_place = item.kind in PLACES | {"institution"}
        is_unlikely = is_place and self._is_place_here(item, text, found) == (item.kind == "institution")
        kind = ORDER.index(item.kind) if item.kind in ORDER else len(ORDER)
        return is_unlikely, not item.is_stated, kind, f"{item.kind} {item.value}"

    def _is_place_here(self, item: Found, text: Text, found: list[Found]) -> bool:
        """Whether a name that a city and a school share means the place: "at Columbia" and "Yale or Columbia" do not.

        "Columbia, Missouri" does.
        """
        if item.kind not in ("city", "institution"):
            return self._reads_as_place(text, item.start)
        if any(other.kind == "state" and text.plain[item.end : other.start] in (" ", ", ", ",") for other in found):
            return True
        before = next((token for token in reversed(text.tokens) if token.end <= item.start), None)
        if before is None or before.word in self._school_before:
            return False
        if before.word in self._joining and self._is_joined(item, text, found):
            return False
        return self._reads_as_place(text, item.start)


STATED = ("has", "has_not")


def feature_kinds(entities: Iterable[Mapping[str, Any]], dimensions: Iterable[Mapping[str, Any]] = ()) -> set[str]:
    """What the intent classifier learns from a frame: kinds of names, dimensions, and what is told as a fact.

    Acts tell it nothing that the words do not, and one that was read too much would mislead it.
    """
    named = [item for item in entities if item["entity"] in ORDER and item["value"] != "usmle"]
    told = {
        f"told {item['entity']}" for item in named if item.get("whose") == "self" and item.get("polarity") in STATED
    }
    return {item["entity"] for item in named} | told | {item["dim"] for item in dimensions}


def _typed(text: Text, start: int, end: int) -> Iterator[Found]:
    if start >= 0:
        yield Found(UNKNOWN, text.typed[slice(*text.typed_span(start, end))], start, end)


def _is_one_space(text: Text, start: int, end: int) -> bool:
    """Whether nothing but a space stands between two places of a text, and no new line."""
    return end == start + 1 and text.typed[slice(*text.typed_span(start, end))] == " "


def _place_in_line(item: Found) -> tuple[bool, int, int]:
    """Known names before unknown ones, longer ones before shorter ones, earlier ones before later ones."""
    return item.kind == UNKNOWN, item.start - item.end, item.start


def _stack(one: Found, other: Found) -> bool:
    """Whether two things may share words: different kinds, one of which stands over others."""
    kinds = {one.kind, other.kind}
    if UNKNOWN in kinds and not kinds & PLACES:
        return False
    is_elsewhere = bool(kinds & {"country", "consulate", "school_country"}) and bool(kinds & PLACES)
    is_elsewhere |= kinds == {"profession", "career_stage"}
    return len(kinds) == 2 and bool(kinds & OVER) and not kinds & WHOLE and not is_elsewhere


def _joined(text: Text) -> list[Token]:
    """The tokens without hyphens: "sub-i" is "sub i"."""
    return [token for token in text.tokens if token.cased != "-"]


def _named(hit: Hit, text: Text) -> Found:
    """A thing that a template says: its value is written there, or is what stands in the slot `value`."""
    start, end = hit.spans.get("value") or hit.spans.get("span", (hit.start, hit.end))
    value = hit.slots.get("value", hit.extra)
    is_stated = hit.label in STATES and value not in _SOUGHT
    if "value" not in hit.slots and hit.label not in FREE:
        return Found(hit.label, str(value), start, end, is_stated)
    if hit.label in FREE and value in (text.plain[start:end], hit.extra):
        value = text.typed[slice(*text.typed_span(start, end))]
    return Found(hit.label, str(value), start, end, is_stated)
