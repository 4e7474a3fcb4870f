"""Mends what a person typed toward the words that the classifier learned: "hw mny lettrs" is "how many letters"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from rotation_engine.encoder import real_words
from rotation_engine.places import GRAMMAR
from rotation_engine.understanding.reader import spellings_of
from rotation_engine.understanding.respell import Respeller
from rotation_engine.understanding.terms import load_yaml
from rotation_engine.understanding.text import respelled


def mender(words: Iterable[str]) -> Callable[[str], str]:
    """What gives a text with its misspelled words mended toward `words`; names and real words stay as they are."""
    respeller = Respeller(words, real=real_words(), spellings=_spellings())
    return lambda text: respelled(text, respeller.mend)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    return spellings_of(load_yaml(GRAMMAR.read_text(encoding="utf8")))
