"""One way to write each character, and nothing that people read is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.normalization import plain


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("\uff33\uff54\uff45\uff50　\uff12", "Step 2"),
        ("a\u00a0b", "a b"),
        ("B\u20111/B\u20112", "B-1/B-2"),
        ("ex\u200bam\u2060ple\ufeff", "example"),
        ("ro\u00adta\u00adtion", "rotation"),
        ("\u202a+92 300\u202c", "+92 300"),
        ("\u2066abc\u2069\u200f", "abc"),
        ("a\u200cb\u200dc", "abc"),
        ("5\ufe0f\u20e36\ufe0f\u20e3", "56"),
        ("5\u03325\u0332", "55"),
        ("1\ufe0f2", "12"),
        ("ﬁnal year…", "final year..."),
        ("cafe\u0301", "café"),
        ("\u0661\u200b\u0662", "\u0661\u0662"),
        ("a\U000e0061\U000e0062b", "ab"),
        ("ﻣﺮﺣﺒﺎ", "مرحبا"),
    ],
)
def test_what_looks_the_same_is_written_the_same(written: str, text: str) -> None:
    assert plain(written) == text


@pytest.mark.parametrize(
    "text",
    [
        "plain words, 4-8 weeks\n\tand more",
        "1½ months, ¾ of it",
        "naïve café, Zürich, Łódź, São Paulo",
        "ما هي التكلفة؟",
        "می\u200cخو\u0627\u0647م",
        "क्\u200dष and क्\u200cष",
        "ശ്രീ ന\u0d4d\u200dറെ",
        "👩🏽\u200d⚕\ufe0f👍",
        "👨\u200d👩\u200d👧",
        "❤\ufe0f\u200d🔥 ☺\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "🇵🇰🇮🇳",
        "手続き、한국어",
        "5 \u2212 3 \u2013 1 — 2",
        "it’s “quoted”",  # noqa: RUF001
    ],
)
def test_what_people_read_stays(text: str) -> None:
    assert plain(text) == text


HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\u20e3\u0301\u094d\U000e0061\U0001f3f4"


@given(st.text(max_size=100) | st.text(HIDDEN + "a1é½\uff46\u0661مक👩❤ ", max_size=60))
def test_plain_text_stays_as_it_is(written: str) -> None:
    text = plain(written)
    assert plain(text) == text
    assert plain(text.strip()) == text.strip()


@given(
    st.text("abc XYZ 019 @.-", max_size=60), st.sampled_from("\u200b\u2060\ufeff\u00ad\u202e\u2066\u180e\u3164\u2800")
)
def test_nothing_invisible_hides_between_letters(text: str, hidden: str) -> None:
    assert plain(hidden.join(text)) == text


@given(st.text(max_size=100))
def test_it_is_composed(written: str) -> None:
    assert unicodedata.is_normalized("NFC", plain(written))
