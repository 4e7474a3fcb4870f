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
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.data_files import read_yaml
from bot.reply.parts import Card, Comparison, ComparisonRow, Fact, Notice, Programs, Reply, Source, Suggestion, Text
from bot.reply.responses import Responses
from bot.settings import ROOT
from bot.telegram.render import Outgoing, render
from bot.telegram.rich_text import length, markdown, pages, split, to_html, words_of
from tests.fake_telegram.checks import TAGS, BadRequestError, check_keyboard, read_text

GOLDEN = ROOT / "tests" / "golden"
RESPONSES: dict[str, Any] = read_yaml(ROOT / "data" / "responses" / "telegram.yml")
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
            Text(word(), (Source(word(), word()),), word(), more=word()),
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


def folds(message: Outgoing) -> list[str]:
    """What of a message unfolds when it is tapped."""
    shown, entities = read_text(message.html, "HTML", limit=4096)
    return [
        shown[entity["offset"] :][: entity["length"]]
        for entity in entities
        if entity["type"] == "expandable_blockquote"
    ]


def test_the_longer_article_is_one_fold_right_below_the_text() -> None:
    (message,) = rendered(Reply((Text("Short.", (Source("Page"),), more="**Long.**\n\n- one\n- two"),)))
    assert folds(message) == ["Long.\n\n• one\n• two"]
    assert message.html == ("Short.\n<blockquote expandable><b>Long.</b>\n\n• one\n• two</blockquote>\nSource: Page")


@pytest.mark.parametrize(("words", "article"), [(10, 4000), (2000, 2000), (3000, 1000)])
def test_an_article_that_fits_stays_with_its_text_and_not_with_the_text_before(words: int, article: int) -> None:
    before, part = Text("b" * 500), Text("t" * words, more="m" * article)
    assert [message.html for message in rendered(Reply((before, part)))][-1].startswith("t" * words + "\n<blockquote")


@pytest.mark.parametrize(("words", "article"), [(2000, 3000), (4096, 10), (5000, 1000), (9, 4096)])
def test_an_article_that_does_not_fit_is_a_message_of_its_own_in_one_piece(words: int, article: int) -> None:
    part = Text("t " * (words // 2), (Source("Page"),), more="m" * article)
    reply = Reply((Text("before"), part, Text("after")), (Suggestion("Cost", "/faq_cost"),))
    messages = rendered(reply)
    found = [(at, fold) for at, message in enumerate(messages) for fold in folds(message)]
    assert found == [(len(messages) - 2, "m" * article)]
    assert messages[-2].html == "<blockquote expandable>" + "m" * article + "</blockquote>"
    assert "Source: Page" in messages[-3].html
    assert [bool(message.keyboard) for message in messages] == [False] * (len(messages) - 1) + [True]


def test_only_an_article_longer_than_any_message_is_cut_and_each_piece_is_a_fold() -> None:
    article = "A sentence of some length.\n\n" * 300
    messages = rendered(Reply((Text("Short.", more=article),)))
    assert messages[0].html == "Short."
    assert [len(folds(message)) for message in messages[1:]] == [1, 1, 1]
    assert " ".join(fold for message in messages for fold in folds(message)).split() == article.split()


def test_an_article_without_words_is_no_fold() -> None:
    assert [message.html for message in rendered(Reply((Text("Short.", more=" \n "),)))] == ["Short."]
    assert [folds(message) for message in rendered(Reply((Text("", more="Long."),)))] == [["Long."]]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 6000), st.integers(1, 4096), st.booleans())
def test_an_article_is_always_whole_whatever_the_lengths(words: int, article: int, is_wide: bool) -> None:
    letter = "😀" if is_wide else "m"
    part = Text("t" * words, more=letter * (article // (1 + is_wide)))
    messages = rendered(Reply((Text("before"), part, Notice("after"))))
    assert [fold for message in messages for fold in folds(message)] == [part.more][: bool(part.more)]


@pytest.mark.parametrize("tag", sorted(TAGS - {"a"}))
def test_the_fake_api_makes_entities_that_the_official_schema_knows(tag: str) -> None:
    shown, (entity,) = read_text(f"<{tag}>x</{tag}>", "HTML", limit=9)
    assert (shown, entity["offset"], entity["length"]) == ("x", 0, 1)


def test_the_fake_api_tells_quotes_apart_and_refuses_one_inside_another() -> None:
    for how, kind in (("", "blockquote"), (" expandable", "expandable_blockquote")):
        _, (entity,) = read_text(f"<blockquote{how}>x</blockquote>", "HTML", limit=9)
        assert entity["type"] == kind
    with pytest.raises(BadRequestError):
        read_text("<blockquote expandable>a<blockquote>b</blockquote></blockquote>", "HTML", limit=9)


def test_a_reply_without_words_makes_no_message() -> None:
    assert rendered(Reply(())) == []
    assert rendered(Reply((Text("   "),))) == []
