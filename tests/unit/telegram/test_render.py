"""Replies as Telegram messages: every kind of part as agreed, and never a message that the API would refuse.

`UPDATE_GOLDEN=1 pytest ...` writes the files anew; look at what changed before you commit it.
"""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply.parts import Card, Comparison, ComparisonRow, Fact, Notice, Programs, Reply, Source, Suggestion, Text
from bot.reply.responses import Responses
from bot.settings import ROOT
from bot.telegram.render import Outgoing, render
from bot.telegram.rich_text import length, markdown, pages, split, to_html, words_of
from tests.fake_telegram.checks import check_keyboard, read_text

GOLDEN = ROOT / "tests" / "golden"
RESPONSES: dict[str, Any] = yaml.safe_load((ROOT / "data" / "responses" / "telegram.yml").read_text(encoding="utf8"))
WORDS = Responses(RESPONSES["responses"])
HOSTILE = st.text(alphabet=st.sampled_from("ab <>&*[]()_`\"'\\\n\t•1.-é😀\u202e#/:htps"), max_size=400)


def shorten(suggestion: Suggestion) -> str:
    return suggestion.payload[:20]


def rendered(reply: Reply) -> list[Outgoing]:
    return render(reply, WORDS, shorten)


@pytest.mark.parametrize("path", sorted((GOLDEN / "replies").glob("*.json")), ids=lambda path: path.stem)
def test_replies_look_as_agreed(path: Path) -> None:
    reply = Reply.from_dict(json.loads(path.read_text(encoding="utf8")))
    made = [message.to_dict() for message in rendered(reply)]
    agreed = GOLDEN / "telegram" / path.name
    if os.environ.get("UPDATE_GOLDEN"):
        agreed.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    assert made == json.loads(agreed.read_text(encoding="utf8"))


def test_every_part_of_the_picture_book_alone_looks_as_agreed() -> None:
    whole = Reply.from_dict(json.loads((GOLDEN / "replies" / "everything.json").read_text(encoding="utf8")))
    made = {f"{at} {part.kind}": [m.to_dict() for m in rendered(Reply((part,)))] for at, part in enumerate(whole.parts)}
    assert {part.kind for part in whole.parts} == {
        "text",
        "programs",
        "comparison",
        "timeline",
        "image",
        "file",
        "notice",
    }
    agreed = GOLDEN / "telegram" / "parts" / "everything.json"
    if os.environ.get("UPDATE_GOLDEN"):
        agreed.parent.mkdir(exist_ok=True)
        agreed.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    assert made == json.loads(agreed.read_text(encoding="utf8"))


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("**bold** and *italic*", "<b>bold</b> and <i>italic</i>"),
        ("**bold *both***", "<b>bold </b><b><i>both</i></b>"),
        ("- one\n- two", "• one\n• two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("[site](https://example.org/a?b=c&d)", '<a href="https://example.org/a?b=c&amp;d">site</a>'),
        ("[x](javascript:alert)", "x"),
        ('[x](https://example.org/"onclick)', "x"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("<b>no</b> & so on", "&lt;b&gt;no&lt;/b&gt; &amp; so on"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("", ""),
    ],
)
def test_markdown_becomes_html(words: str, html: str) -> None:
    assert to_html(markdown(words)) == html


def test_a_page_is_cut_at_a_paragraph_before_a_line_before_a_sentence() -> None:
    paragraphs = "\n\n".join(f"Paragraph {number}. " + "word " * 60 for number in range(30))
    made = split(markdown(paragraphs), 1000)
    assert all(words_of(piece).startswith("Paragraph") for piece in made)
    sentences = "A sentence of some length. " * 200
    assert all(words_of(piece).endswith("length.") for piece in split(markdown(sentences), 500))


def test_a_cut_inside_bold_words_closes_and_opens_them_again() -> None:
    made = [to_html(piece) for piece in split(markdown("**" + "word " * 50 + "end**"), 100)]
    assert len(made) > 2
    assert all(piece.startswith("<b>") and piece.endswith("</b>") for piece in made)


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@settings(max_examples=150, deadline=None)
@given(HOSTILE, st.integers(5, 60))
def test_whatever_is_written_and_wherever_it_is_cut_the_html_is_right(words: str, limit: int) -> None:
    whole = markdown(words)
    for piece in split(whole, limit):
        html = to_html(piece)
        parser = _Balanced()
        parser.feed(html)
        assert parser.open == []
        shown, _ = read_text(html, "HTML", limit=limit)
        assert length(shown) <= limit
    kept = "".join("".join(words_of(piece).split()) for piece in split(whole, limit))
    assert kept == "".join(words_of(whole).split())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_hostile_data_never_makes_a_message_that_is_refused(data: st.DataObject) -> None:
    def word() -> str:
        return data.draw(HOSTILE)

    card = Card("slug", word(), word(), (Fact(word(), word()),), (word(),), word(), Source(word(), word(), word()))
    reply = Reply(
        (
            Text(word(), (Source(word(), word()),), word()),
            Programs((card,) * data.draw(st.integers(1, 5)), 9),
            Comparison((word(), word()), (ComparisonRow(word(), (word(), word())),)),
            Notice(word()),
        ),
        (Suggestion(word(), "/faq_cost"), Suggestion(word(), f"https://{word()}"), Suggestion("x", word())),
    )
    for message in rendered(reply):
        shown, _ = read_text(message.html, "HTML", limit=4096)
        assert shown.strip()
        check_keyboard({"inline_keyboard": [list(row) for row in message.keyboard]})


@pytest.mark.parametrize("address", ["https://1.1) ", "https://example.org) more", "https://nowhere", "http://a b.org"])
def test_an_address_that_is_none_makes_no_button(address: str) -> None:
    (message,) = rendered(Reply((Text("x"),), (Suggestion("Open", address),)))
    assert message.keyboard == ()


def test_pages_are_as_few_as_possible() -> None:
    blocks = [markdown("x" * 1000) for _ in range(10)]
    assert [length(words_of(page)) for page in pages(blocks)] == [4006, 4006, 2002]


def test_a_reply_without_words_makes_no_message() -> None:
    assert rendered(Reply(())) == []
    assert rendered(Reply((Text("   "),))) == []
