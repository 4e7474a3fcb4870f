"""What the engine's reader makes of a sentence, row by row and by rule; nothing runs beside it."""

# ruff: noqa: RUF001 (full-width digits are what is read here)

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.frame import Frame, Length, Money, Time
from tests.nlu import frames

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 8: "eight", 10: "ten", 12: "twelve", 16: "sixteen"}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SENTENCES = [sentence for sentence, _items in frames.rows()]
counts = st.sampled_from(sorted(NUMBERS))


POINTING = [sentence for sentence, _acts in frames.pointing_rows()]


def read(text: str) -> str:
    return frames.noted(frames.reader().read(text))


def test_there_are_rows_enough_to_tell() -> None:
    assert len(SENTENCES) >= 700


@pytest.mark.parametrize(("sentence", "items"), frames.rows(), ids=SENTENCES)
def test_a_sentence_is_read_as_written_down(sentence: str, items: str) -> None:
    assert read(sentence) == items


@pytest.mark.parametrize(("sentence", "acts"), frames.pointing_rows(), ids=POINTING)
def test_what_points_at_something_is_found(sentence: str, acts: str) -> None:
    assert frames.pointing(frames.reader().read(sentence)) == acts


@given(
    counts,
    st.sampled_from(["{} weeks", "I want {} months", "in {} months", "{} weeks of surgery", "{} thousand dollars"]),
)
def test_a_number_reads_the_same_in_words_digits_and_full_width(count: int, template: str) -> None:
    digits = str(count)
    assert read(template.format(NUMBERS[count])) == read(template.format(digits))
    assert read(template.format(digits.translate(FULL_WIDTH))) == read(template.format(digits))


@given(st.sampled_from([row for row in SENTENCES if row == row.lower()]), st.sampled_from([".", "!", " ", " .", "!!"]))
def test_signs_at_the_end_and_capitals_at_the_start_change_nothing(sentence: str, sign: str) -> None:
    assert read(f"{sentence[0].upper()}{sentence[1:]}{sign}") == read(sentence)


@given(
    st.sampled_from(
        [
            ("I've passed {}", "I have passed {}", "{} is done", "I cleared {}"),
            ("no {}", "without {}", "I don't have {}"),
        ]
    ),
    st.sampled_from(["step 1", "Step 2 CK", "toefl", "ielts", "usmle 1", "step ii", "both steps"]),
)
def test_a_paraphrase_reads_the_same(ways: tuple[str, ...], exam: str) -> None:
    found = {tuple(item for item in read(way.format(exam)).split("; ") if not item.startswith("!")) for way in ways}
    assert len(found) == 1


@given(st.text(max_size=80))
@settings(max_examples=150)
def test_no_text_breaks_the_reader_and_spans_stay_inside(text: str) -> None:
    frame = frames.reader().read(text)
    for item in (*frame["entities"], *frame["dimensions"], *frame["acts"]):
        assert 0 <= item["start"] < item["end"] <= len(text)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("undr 1000 for 4 weks in New Yrok", ["New Yrok", "1000", "4 weks"]),
        ("step\u200b 1 and ４ weeks", ["step\u200b 1", "４ weeks"]),
        ("Olá, cardiolgy 2½ months", ["cardiolgy", "2½ months"]),
    ],
)
def test_spans_are_places_in_what_was_typed(text: str, typed: list[str]) -> None:
    frame = frames.reader().read(text)
    assert [text[item["start"] : item["end"]] for item in (*frame["entities"], *frame["dimensions"])] == typed


def test_the_typed_view_holds_what_was_read() -> None:
    text = "I passed step 1 but not toefl, my wife is a student, 4-8 weeks in June 2027 under 1500 euros, not Texas"
    frame = Frame.from_parse({"text": text} | frames.reader().read(text))
    assert [(item.value, item.polarity) for item in frame.mine("exam")] == [("step1", "has"), ("toefl", "has_not")]
    assert frame.mine("career_stage") == ()
    assert frame.refused("state") == ("TX",)
    assert [value.weeks for value, _ in frame.measures(Length)] == [(4.0, 8.0)]
    assert [value for value, _ in frame.measures(Money)] == [Money(0, 1500, "EUR", bound="max")]
    assert [value for value, _ in frame.measures(Time)] == [Time("month", month=6, year=2027)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what does it cost", ["what does it cost"]),
        ("hi, can I apply", ["can I apply"]),
        ("I am a student, can I observe?", ["can I observe?"]),
        ("And for graduates?", ["And for graduates?"]),
        ("I passed step 1. Is that enough? I hope so", ["Is that enough?"]),
        ("show me more", ["show"]),
        ("I don't have step 1", []),
        ("dont have a visa", []),
        ("don't I need a visa", ["don't I need a visa"]),
        ("I want to know the price", ["I want to know the price"]),
    ],
)
def test_what_is_asked_in_a_message(text: str, asked: list[str]) -> None:
    acts = frames.reader().read(text)["acts"]
    assert [text[act["start"] : act["end"]] for act in acts if act["act"] == "ask"] == asked


def test_facts_may_be_asked_for_by_when_they_hold() -> None:
    text = "I used to have a visa, I passed step 1, I will graduate in May 2028, at most 6 weeks"
    frame = Frame.from_parse({"text": text} | frames.reader().read(text))
    assert [item.value for item in frame.mine("exam", "now")] == ["step1"]
    assert [item.value for item in frame.mine("career_stage", "now")] == ["student"]
    assert frame.mine("graduation_year", "now") == ()
    assert [item.value for item in frame.mine("graduation_year", "now", "later")] == ["2028"]
    assert frame.mine("visa_status", "now") == ()
    assert [value for value, _ in frame.measures(Length)] == [Length(0, 6, "week", bound="max")]


@pytest.mark.parametrize("text", ["my brother is in Texas", "my last rotation was in Texas", "no Texas"])
def test_what_others_have_and_what_is_over_is_no_wish(text: str) -> None:
    assert Frame.from_parse({"text": text} | frames.reader().read(text)).wished("state") == ()


def test_what_a_button_carries_is_stated_or_wanted() -> None:
    carried = [{"entity": "career_stage", "value": "student"}, {"entity": "state", "value": "TX"}]
    frame = Frame.from_parse({"text": '/inform{"career_stage": "student", "state": "TX"}', "entities": carried})
    assert [item.value for item in frame.mine("career_stage")] == ["student"]
    assert frame.wished("state") == ("TX",)
    assert [item.polarity for item in frame.entities] == ["has", "wants"]
