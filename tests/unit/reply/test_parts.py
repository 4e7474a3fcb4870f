"""A reply survives its trip through Rasa as JSON, and nothing else passes for one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reply.parts import (
    Card,
    Comparison,
    ComparisonRow,
    Fact,
    File,
    Image,
    Milestone,
    Notice,
    Programs,
    Reply,
    ReplyFormatError,
    Source,
    Suggestion,
    Text,
    Timeline,
    text,
)

words = st.text(max_size=40)
sources = st.builds(Source, title=words, url=words, date=words)
cards = st.builds(
    Card,
    slug=words,
    title=words,
    subtitle=words,
    facts=st.lists(st.builds(Fact, words, words), max_size=3).map(tuple),
    why=st.lists(words, max_size=2).map(tuple),
    notes=words,
    source=st.none() | sources,
    confidence=words,
)
parts = st.one_of(
    st.builds(Text, words, st.lists(sources, max_size=2).map(tuple), words, more=words),
    st.builds(Programs, st.lists(cards, max_size=2).map(tuple), st.integers(0, 400)),
    st.builds(
        Comparison,
        st.lists(words, max_size=3).map(tuple),
        st.lists(st.builds(ComparisonRow, words, st.lists(words, max_size=3).map(tuple)), max_size=2).map(tuple),
        st.lists(sources, max_size=1).map(tuple),
    ),
    st.builds(
        Timeline,
        words,
        words,
        st.lists(st.builds(Milestone, words, words, words, words, estimated=st.booleans()), max_size=2).map(tuple),
    ),
    st.builds(Image, words, words),
    st.builds(File, words, words),
    st.builds(Notice, words, words, words),
)
replies = st.builds(
    Reply,
    st.lists(parts, max_size=4).map(tuple),
    st.lists(st.builds(Suggestion, words, words), max_size=3).map(tuple),
)


@given(replies)
def test_a_reply_survives_its_json_form(reply: Reply) -> None:
    assert Reply.from_dict(json.loads(json.dumps(reply.to_dict()))) == reply


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"parts": []},
        {"version": 2, "parts": []},
        {"version": 1},
        {"version": 1, "parts": [{"type": "poem", "text": "x"}]},
        {"version": 1, "parts": [{"type": "text"}]},
        {"version": 1, "parts": [{"type": "text", "text": "x", "html": "<b>"}]},
        {"version": 1, "parts": ["text"]},
    ],
)
def test_what_is_not_a_reply_is_refused(data: object) -> None:
    with pytest.raises(ReplyFormatError):
        Reply.from_dict(data)


def test_replies_join_with_each_button_once() -> None:
    first, second = Suggestion("A", "/a"), Suggestion("B", "/b")
    joined = text("one", first).then(text("two", first, second))
    assert [part.text for part in joined.parts if isinstance(part, Text)] == ["one", "two"]
    assert joined.suggestions == (first, second)


def test_the_longer_article_is_in_the_json_only_when_there_is_one() -> None:
    (short, long) = Reply((Text("a"), Text("b", more="- all of it"))).to_dict()["parts"]
    assert short == {"type": "text", "text": "a"}
    assert long == {"type": "text", "text": "b", "more": "- all of it"}


def test_a_text_keeps_its_article_and_its_place_when_replies_join() -> None:
    first, second = Text("a", more="all of a"), Text("b", more="all of b")
    assert Reply((first,)).then(Reply((second,))).parts == (first, second)
    assert list(Text.__dataclass_fields__)[-1] == "more"
