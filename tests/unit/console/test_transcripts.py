"""What was said, as staff read it in a talk."""

from __future__ import annotations

import pytest

from bot.console import labels
from bot.console.rendering import environment

FOLD = (
    '<div class="said" dir="auto"><p><strong>Short.</strong></p>\n</div>'
    '<details><summary>More</summary><div class="said" dir="auto"><p>Long &lt;b&gt;x&lt;/b&gt;</p>\n</div></details>'
)
PLAIN = '<div class="said" dir="auto"><p><strong>Short.</strong></p>\n</div>'


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ({"type": "text", "text": "**Short.**", "more": "Long <b>x</b>"}, FOLD),
        ({"type": "text", "text": "**Short.**"}, PLAIN),
        ({"type": "notice", "text": "**Short.**"}, PLAIN),
    ],
)
def test_a_text_is_rendered_with_its_article_folded_and_tags_stay_words(part: dict[str, str], shown: str) -> None:
    said = environment().from_string('{% import "transcript.html" as transcript %}{{ transcript.words(part) }}')
    assert said.render(part=part).strip() == shown


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("route=third_party", "school or agency: agency"),
        ("career_stage=graduate, visa_status=needs", "graduate, visa: needs one"),
        ("", ""),
    ],
)
def test_whom_an_answer_is_for_is_said_in_words(name: str, read: str) -> None:
    assert labels.condition(name) == read


@pytest.mark.parametrize(
    ("item", "read"),
    [
        ({"entity": "exam", "value": "step1", "polarity": "has_not"}, "not exam: Step 1"),
        ({"entity": "visa_status", "value": "needs", "polarity": "has"}, "visa: needs one"),
        ({"entity": "state", "value": "TX"}, "state: TX"),
    ],
)
def test_what_was_found_in_a_message_is_said_in_words(item: dict[str, str], read: str) -> None:
    assert labels.found(item) == read
