"""The web form of every kind of part, and links that must not get through."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.delivery.store import Answer, Said
from bot.reply.parts import Reply
from bot.settings import ROOT
from bot.web.reply_json import render_answer, render_entry, render_reply

GOLDEN = ROOT / "tests" / "golden"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["everything.json", "more.json", "staff.json"])
def test_every_kind_of_part_looks_as_agreed(name: str) -> None:
    reply = Reply.from_dict(json.loads((GOLDEN / "replies" / name).read_text(encoding="utf8")))
    agreed = json.loads((GOLDEN / "web" / name).read_text(encoding="utf8"))
    assert render_reply(reply.to_dict()) == agreed


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("HTTP://example.org", True),
        ("mailto:office@example.org", True),
        ("/api/v1/files/abc", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,hi", False),
        ("vbscript:x", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://a b", False),
        ("relative", False),
        ("", False),
    ],
)
def test_only_harmless_links_stay(url: str, kept: bool) -> None:
    shown = render_reply({"version": 1, "parts": [{"type": "image", "url": url, "alt": ""}], "suggestions": []})
    assert shown["parts"][0]["url"] == (url if kept else "")


@pytest.mark.parametrize(
    ("payload", "kept"),
    [
        ("/faq_cost", True),
        ('/inform{"a": "b"}', True),
        ("https://example.org", True),
        ("javascript:x", False),
        ("//a", False),
    ],
)
def test_only_harmless_buttons_stay(payload: str, kept: bool) -> None:
    shown = render_reply({"version": 1, "parts": [], "suggestions": [{"title": "T", "payload": payload}]})
    assert bool(shown["suggestions"]) is kept


def test_the_history_names_the_side() -> None:
    said = render_entry(Said(1, "m-1", "Hi", "answered", AT))
    assert said == {"seq": 1, "from": "visitor", "id": "m-1", "text": "Hi", "status": "answered", "at": AT.isoformat()}
    assert render_entry(Answer(2, {"parts": []}, "m-1", AT))["from"] == "bot"


def test_a_reminder_answers_nothing() -> None:
    assert render_answer(Answer(2, {"parts": []}, "", AT))["in_reply_to"] is None
