"""The words around the chat: every language has every word, with the same places for values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.reply.responses import Responses
from bot.settings import ROOT
from bot.web.api_errors import BY_STATUS
from bot.web.page_words import language_of, tables, words_in
from bot.web.program_list import TEMPLATES
from bot.web.widget import BUILT

LANGUAGES = ROOT / "widget/src/languages"
OTHERS = sorted(path.stem for path in LANGUAGES.glob("??.json") if path.stem != "en")
NOTICES = re.compile(r'"(utter_\w+)"')
ERRORS = {code: words for status, (code, words) in BY_STATUS.items() if status != 405}
SAYING_NOTICES = ("bot/delivery/service.py", "bot/handoff/agents.py", "bot/handoff/hours_words.py", "bot/web/api.py")
TEAM = "utter_handoff_team"
NO_NOTICE = {"utter_turn_failed", "utter_handoff_back", TEAM}
"""An answer of the bot, a date, which the chat writes itself, and a name."""


def read(path: Path) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(path.read_text(encoding="utf8"))
    return words


def of_the_chat() -> dict[str, str]:
    """All words but those that are said to the bot ("...Ask"), which understands English."""
    words = read(LANGUAGES / "en.json") | read(LANGUAGES / "en.later.json")
    return {key: text for key, text in words.items() if not key.endswith("Ask")}


def of_the_server(responses: Responses) -> dict[str, str]:
    """What the server says about the chat: errors by their code, notices by their response, buttons and names as they
    are in English."""
    keys = {key for path in SAYING_NOTICES for key in NOTICES.findall((ROOT / path).read_text(encoding="utf8"))}
    own = {key for key in keys if key in responses} - NO_NOTICE
    buttons = {button.title for key in own - {"utter_request_human"} for button in responses.buttons(key)}
    as_they_are = {words: words for words in (*buttons, responses.text(TEAM))}
    gone = {"conversation_gone": ERRORS["unauthorized"]}
    return ERRORS | gone | {key: responses.text(key) for key in own} | as_they_are


def of_the_pages() -> dict[str, str]:
    """The English words of the templates that are said in the visitor's language."""
    text = (TEMPLATES / "results.html").read_text(encoding="utf8")
    return {words: words for words in re.findall(r'_\("([^"]+)"', text)}


def shape(text: str) -> tuple[list[str], int]:
    """The places for values and the number of first questions."""
    return sorted(re.findall(r"\{\w+\}", text)), text.count("|")


def test_the_languages_are_those_that_the_documentation_names() -> None:
    assert OTHERS == ["ar", "es", "fr", "hi", "pt"]
    text = (ROOT / "docs/widget.md").read_text(encoding="utf8")
    for name in ("Arabic", "Spanish", "French", "Hindi", "Portuguese"):
        assert name in text


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_word_and_every_place_for_a_value(language: str, responses: Responses) -> None:
    words = read(LANGUAGES / f"{language}.json")
    server, pages = of_the_server(responses), of_the_pages()
    assert {"utter_handoff_joined", "utter_engine_down", "too_many_requests", "The team"} < server.keys()
    assert "Go on with the bot" in server
    assert "not stated" in pages
    for kept, wanted in ((words.pop("page"), pages), (words, of_the_chat() | server)):
        assert list(kept.keys() ^ wanted.keys()) == []
        assert [key for key, text in kept.items() if not text.strip()] == []
        assert {key: shape(text) for key, text in kept.items()} == {key: shape(text) for key, text in wanted.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_the_built_words_are_those_of_the_source(language: str) -> None:
    (built,) = BUILT.glob(f"{language}-*.json")
    words = read(LANGUAGES / f"{language}.json")
    assert tables()[language] == words.pop("page")
    assert read(built) == words


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de-DE,de;q=0.9,en;q=0.8,fr;q=0.7", "en"),
        ("de, AR;q=0.5", "ar"),
        ("*", "en"),
        ("../../secret, zz", "en"),
    ],
)
def test_a_page_speaks_the_first_language_of_the_browser_that_has_words(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_words_of_a_page_have_their_values_and_what_has_no_other_words_stays() -> None:
    assert words_in("en")("Compare {name}", name="Yale") == "Compare Yale"
    assert words_in("es")("Compare {name}", name="Yale") == "Comparar Yale"
    assert words_in("es")("Nobody has said that yet.") == "Nobody has said that yet."
