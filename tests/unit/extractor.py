"""Stands in for the engine's entity rules: the glossary's and the directory's phrases, matched word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import yaml

from bot.nlu.message import FRAME_ONLY, Entity, Message
from bot.settings import ROOT

NOT_KINDS = frozenset({"region_states", "territories"}) | FRAME_ONLY


@lru_cache
def glossary() -> dict[str, tuple[str, str]]:
    """Phrase -> kind and value; short capitals keep their case."""
    data = yaml.safe_load((ROOT / "data" / "lexicon.yml").read_text(encoding="utf8"))
    terms: dict[str, tuple[str, str]] = {}
    for kind, values in data.items():
        for value, phrases in values.items() if kind not in NOT_KINDS else ():
            for phrase in (*phrases, *([str(value)] if len(str(value)) > 3 else [])):
                terms.setdefault(_key(phrase), (kind, str(value)))
    return terms


def _key(phrase: str) -> str:
    return phrase if phrase.isupper() and len(phrase) <= 3 else phrase.lower()


def message(text: str, intent: str = "search_programs", *, names: Iterable[dict[str, object]] = ()) -> Message:
    """A message with the entities of its words, longest phrase first; `names` are gazetteer entries."""
    terms = dict(glossary())
    for entry in names:
        for term in entry["terms"]:  # type: ignore[attr-defined]
            terms[_key(term)] = ("institution", str(entry["value"]))
    return Message(text, intent, 0.9, tuple(_entities(text, terms)))


def _entities(text: str, terms: dict[str, tuple[str, str]]) -> Iterable[Entity]:
    tokens = list(re.finditer(r"[\w&'\u2019.+/-]*\w", text))
    at = 0
    while at < len(tokens):
        for size in range(min(9, len(tokens) - at), 0, -1):
            start, end = tokens[at].start(), tokens[at + size - 1].end()
            typed = text[start:end]
            found = terms.get(typed) or (terms.get(typed.lower()) if not _is_code(typed) else None)
            if found:
                yield Entity(found[0], found[1], typed, start, end)
                at += size - 1
                break
        at += 1


def _is_code(typed: str) -> bool:
    return len(typed) <= 2 and typed.lower() in {"in", "or", "me", "ok", "hi", "la", "ma", "pa", "al", "id", "de", "co"}
