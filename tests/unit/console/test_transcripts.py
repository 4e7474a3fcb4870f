"""What the bot said, as staff read it in a talk."""

from __future__ import annotations

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.console.rendering import FOLDER

TEMPLATES = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined)
FOLD = (
    '<p class="said" dir="auto">Short.</p>'
    '<details><summary>More</summary><p class="said" dir="auto">Long &lt;b&gt;x&lt;/b&gt;</p></details>'
)


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ({"type": "text", "text": "Short.", "more": "Long <b>x</b>"}, FOLD),
        ({"type": "text", "text": "Short."}, '<p class="said" dir="auto">Short.</p>'),
        ({"type": "notice", "text": "Short."}, '<p class="said" dir="auto">Short.</p>'),
    ],
)
def test_the_longer_article_is_folded_below_its_text_and_never_markup(part: dict[str, str], shown: str) -> None:
    said = TEMPLATES.from_string('{% import "transcript.html" as transcript %}{{ transcript.words(part) }}')
    assert said.render(part=part).strip() == shown


def test_a_person_who_waits_is_shown_with_the_article_folded() -> None:
    entry = {"who": "bot", "seq": 1, "at": "now", "buttons": [], "parts": [{"type": "text", "text": "a", "more": "b"}]}
    made = TEMPLATES.overlay()
    made.filters["moment"] = str
    page = made.get_template("handoff_entries.html").render(entries=[entry])
    assert "<details><summary>More</summary>" in page
