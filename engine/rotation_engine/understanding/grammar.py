"""Templates of data/grammar.yml, compiled: `(a|b) [c] {list} {list:slot} <rule> <rule:prefix>`.

hassil (Home Assistant) parses them. Its own matcher takes whole sentences and milliseconds, so the tree becomes a
regular expression here, which is tried only where a word that it cannot do without stands in the message.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from hassil.expression import Alternative, Expression, ListReference, RuleReference, Sequence, TextChunk
from hassil.parse_expression import parse_sentence

from rotation_engine.understanding.text import Text

_SPACE = r"(?:[\s-]+|\b|(?<=\W))"
_START, _END = r"(?:(?<!\w)|(?=[^\w\s]))", r"(?:(?<=[^\w\s])|(?!\w))"
_APOSTROPHE = re.compile(r"'(?=(?:t|m|s|ve)\b)")
_COMMON = frozenset(("a", "am", "an", "and", "are", "for", "i", "in", "is", "it", "me", "my", "of", "on", "or", "the"))
_WORD = re.compile(r"[^\W\d_]+|\d")
_LOOKS = ("(?=", "(?!", "(?<")
Anchors = frozenset[str]


# The next model has mostly the same; Python itself keeps a few hundred, and compiling all takes seconds.
_compiled = lru_cache(maxsize=8192)(re.compile)


class GrammarError(ValueError):
    """A template that names a list or rule that does not exist, or that could begin anywhere."""


@dataclass(frozen=True)
class Hit:
    """A template found in a text. `slots` are values by name, `spans` where each of them stands."""

    label: str
    start: int
    end: int
    slots: Mapping[str, Any]
    spans: Mapping[str, tuple[int, int]]
    extra: Any = None


@dataclass(frozen=True)
class _Slot:
    group: str
    name: str
    list_name: str


@dataclass(frozen=True)
class _Template:
    label: str
    pattern: str
    slots: tuple[_Slot, ...]
    extra: Any

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """Compiled when a text first has its anchor: most texts need few, and all of them take more than a second."""
        return _compiled(self.pattern)


class Lists:
    """The lists and patterns that templates name: words with the value that each of them means."""

    def __init__(self, lists: Mapping[str, Mapping[Any, Iterable[str]]], patterns: Mapping[str, str]) -> None:
        self.patterns = patterns
        self._values = {
            name: {_plain(word): value for value, words in values.items() for word in words}
            for name, values in lists.items()
        }

    def words(self, name: str) -> Iterable[str]:
        """The words of a list, longest first; GrammarError when there is no such list."""
        if name not in self._values:
            raise GrammarError(f"data/grammar.yml names a list {{{name}}} that does not exist")
        return sorted(self._values[name], key=len, reverse=True)

    def value(self, name: str, said: str) -> Any:
        """What a word of a list means; what a pattern found stands for itself."""
        return said if name in self.patterns else self._values[name][_plain(said)]

    def all_words(self) -> set[str]:
        """Every single word of every list, for mending."""
        return {word for values in self._values.values() for phrase in values for word in _WORD.findall(phrase)}


def _plain(words: str) -> str:
    return re.sub(r"[\s-]+", " ", words.lower()).replace("'", "").strip()


class Templates:
    """A set of labeled templates; `find` gives every place in a text where one of them stands."""

    def __init__(self, lists: Lists, rules: Mapping[str, str]) -> None:
        self._compiler = _Compiler(lists, rules)
        self._lists = lists
        self._by_anchor: dict[str, list[_Template]] = defaultdict(list)
        self.words: set[str] = set()

    def add(
        self, label: str, sentence: str, extra: Any = None, *, place: str = "anywhere", is_polite: bool = False
    ) -> None:
        """One more template; `place` says whether it may stand anywhere, opens a message, or is the whole of it.

        With `is_polite` the polite words around a whole message belong to what is found.
        """
        expression, slots, anchors = self._compiler.compile(sentence)
        before = "" if place == "anywhere" else self._compiler.fill(r"^\W*(?:<polite>[\s,.!]+)*")
        after = "" if place != "whole" else self._compiler.fill(r"(?:[\s,.!]+<polite>)*\W*$")
        inner = rf"{_START}{expression}{_END}"
        found = rf"(?P<all>{before}{inner}{after})" if is_polite and after else rf"{before}(?P<all>{inner}){after}"
        template = _Template(label, found, slots, extra)
        for anchor in anchors:
            self._by_anchor[anchor].append(template)
        self.words |= set(_WORD.findall(re.sub(r"[{<][^}>]*[}>]", " ", sentence)))

    def find(self, text: Text) -> Iterator[Hit]:
        """Everything that the templates find, overlaps included."""
        tried: dict[int, _Template] = {}
        for beginning in text.beginnings & self._by_anchor.keys():
            tried.update((id(template), template) for template in self._by_anchor[beginning])
        for template in tried.values():
            for match in template.expression.finditer(text.plain):
                yield self._hit(template, match)

    def _hit(self, template: _Template, match: re.Match[str]) -> Hit:
        found = [slot for slot in template.slots if match[slot.group] is not None]
        slots = {slot.name: self._lists.value(slot.list_name, match[slot.group]) for slot in found}
        spans = {slot.name: match.span(slot.group) for slot in found}
        end = match.start("all") + len(match["all"].rstrip())  # an option left out at the end may have taken a space
        return Hit(template.label, match.start("all"), end, slots, spans, template.extra)


class _Compiler:
    def __init__(self, lists: Lists, rules: Mapping[str, str]) -> None:
        self._lists, self._rules = lists, rules
        self._trees: dict[str, Expression] = {}

    def compile(self, sentence: str) -> tuple[str, tuple[_Slot, ...], Anchors]:
        """The expression of a template, its slots, and words of which one must stand in the text."""
        slots: list[_Slot] = []
        tree = parse_sentence(sentence).expression
        expression = self._expression(tree, "", slots)
        anchors = self._anchors(tree)
        if not anchors:
            raise GrammarError(f"every word of {sentence!r} may be left out")
        return expression, tuple(slots), anchors

    def fill(self, pattern: str) -> str:
        """A pattern with the expressions of its <rules>."""
        return re.sub(r"<(\w+)>", lambda found: f"(?:{self._expression(self._rule(found[1]), '', [])})", pattern)

    def _rule(self, name: str) -> Expression:
        if name not in self._rules:
            raise GrammarError(f"data/grammar.yml names a rule <{name}> that does not exist")
        if name not in self._trees:
            self._trees[name] = parse_sentence(self._rules[name]).expression
        return self._trees[name]

    def _expression(self, tree: Expression, prefix: str, slots: list[_Slot]) -> str:
        if isinstance(tree, TextChunk):
            return _chunk(tree.text)
        if isinstance(tree, Sequence):
            return "".join(self._expression(item, prefix, slots) for item in tree.items)
        if isinstance(tree, Alternative):
            return f"(?:{'|'.join(self._expression(item, prefix, slots) for item in tree.items)})"
        if isinstance(tree, RuleReference):
            name, _, inner = tree.rule_name.partition(":")
            return f"(?:{self._expression(self._rule(name), f'{prefix}{inner}_' if inner else prefix, slots)})"
        assert isinstance(tree, ListReference)
        return self._list(tree, prefix, slots)

    def _list(self, tree: ListReference, prefix: str, slots: list[_Slot]) -> str:
        slot = _Slot(f"g{len(slots)}", prefix + tree.slot_name, tree.list_name)
        slots.append(slot)
        if tree.list_name in self._lists.patterns:
            return f"(?P<{slot.group}>{self._lists.patterns[tree.list_name]})"
        words = "|".join(_chunk(word) for word in self._lists.words(tree.list_name))
        return rf"(?P<{slot.group}>(?:{words})(?:(?<=\W)|(?![^\W\d_])))"

    def _anchors(self, tree: Expression) -> Anchors:
        """Beginnings of words of which each text that fits has one; empty when nothing is sure."""
        if isinstance(tree, TextChunk):
            return min((frozenset({word}) for word in _WORD.findall(tree.text)), key=_cost, default=frozenset())
        if isinstance(tree, Sequence):
            return min(filter(None, map(self._anchors, _whole_words(tree))), key=_cost, default=frozenset())
        if isinstance(tree, Alternative):
            branches = [self._anchors(item) for item in tree.items]
            return frozenset().union(*branches) if all(branches) else frozenset()
        if isinstance(tree, RuleReference):
            return self._anchors(self._rule(tree.rule_name.partition(":")[0]))
        assert isinstance(tree, ListReference)
        if tree.list_name in self._lists.patterns:
            pattern = self._lists.patterns[tree.list_name]
            is_number = r"\d" in pattern and not pattern.startswith(_LOOKS)
            return frozenset("#") if is_number else frozenset()
        firsts = [_WORD.search(word) for word in self._lists.words(tree.list_name)]
        return frozenset(found[0] for found in firsts if found) if all(firsts) else frozenset()


def _whole_words(tree: Sequence) -> Iterator[Expression]:
    """The parts of a sequence without words that are only the end of one ("[un]sure"); a list has whole words."""
    glued = False
    for item in tree.items:
        if isinstance(item, TextChunk):
            yield TextChunk(re.sub(r"^\w+", "", item.text) if glued else item.text)
        elif not glued or isinstance(item, ListReference):
            yield item
        glued = _ends_within_word(item, glued)


def _ends_within_word(tree: Expression, glued: bool) -> bool:
    if isinstance(tree, TextChunk):
        return tree.text[-1].isalnum() if tree.text else glued
    if isinstance(tree, Sequence):
        return _ends_within_word(tree.items[-1], glued) if tree.items else glued
    if isinstance(tree, Alternative):
        return any(_ends_within_word(item, glued) for item in tree.items)
    return isinstance(tree, RuleReference)


def _cost(anchors: Anchors) -> tuple[int, int]:
    return len(anchors) + 40 * len(anchors & _COMMON), -min(map(len, anchors), default=0)


def _chunk(text: str) -> str:
    parts = (_APOSTROPHE.sub("'?", re.escape(part)) for part in re.split(r"[\s-]+", text.lower()))
    return _SPACE.join(parts)
