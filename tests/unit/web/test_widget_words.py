"""The words around the chat: every language has every word, with the same places for values."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.web.widget import BUILT

LANGUAGES = ROOT / "widget/src/languages"
OTHERS = sorted(path.stem for path in LANGUAGES.glob("??.json") if path.stem != "en")


def read(path: Path) -> dict[str, str]:
    words: dict[str, str] = json.loads(path.read_text(encoding="utf8"))
    return words


def english() -> dict[str, str]:
    """All words but those that are said to the bot ("...Ask"), which understands English."""
    words = read(LANGUAGES / "en.json") | read(LANGUAGES / "en.later.json")
    return {key: text for key, text in words.items() if not key.endswith("Ask")}


def shape(text: str) -> tuple[list[str], int]:
    """The places for values and the number of first questions."""
    return sorted(re.findall(r"\{\w+\}", text)), text.count("|")


def test_the_languages_are_those_that_the_documentation_names() -> None:
    assert OTHERS == ["ar", "es", "fr", "hi", "pt"]
    text = (ROOT / "docs/widget.md").read_text(encoding="utf8")
    for name in ("Arabic", "Spanish", "French", "Hindi", "Portuguese"):
        assert name in text


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_word_and_every_place_for_a_value(language: str) -> None:
    words, wanted = read(LANGUAGES / f"{language}.json"), english()
    assert list(words.keys() ^ wanted.keys()) == []
    assert [key for key, text in words.items() if not text.strip()] == []
    assert {key: shape(text) for key, text in words.items()} == {key: shape(text) for key, text in wanted.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_the_built_words_are_those_of_the_source(language: str) -> None:
    (built,) = BUILT.glob(f"{language}-*.json")
    assert read(built) == read(LANGUAGES / f"{language}.json")
