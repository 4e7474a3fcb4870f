"""What owners set up: what can be kept, how it is read again, and colors in which words can be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.db.base import Database
from bot.websites.service import Website, WebsiteError, Websites, contrast, drop_website, keep_website, read_website

NOW = datetime(2026, 11, 28, tzinfo=UTC)
TYPED = {
    "key": "clinic",
    "origins": "https://www.clinic.example/start \n https://*.clinic.example",
    "accent": "#5A1478",
}


def test_what_was_typed_becomes_a_website_with_origins_alone() -> None:
    site = read_website({**TYPED, "heading": " Clinic chat "})
    assert site.origins == ("https://www.clinic.example", "https://*.clinic.example")
    assert (site.heading, site.accent) == ("Clinic chat", "#5a1478")
    assert site.options == {"heading": "Clinic chat"}


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("key", "", "small letters"),
        ("key", "Clinic!", "small letters"),
        ("key", "a" * 41, "at most 40"),
        ("origins", "", "Name 1 to"),
        ("origins", "www.clinic.example", "is no website"),
        ("origins", "javascript:alert(1)", "is no website"),
        ("origins", "https://*.*.example", "is no website"),
        ("origins", "https://x.example;script-src", "is no website"),
        ("accent", "red", "A color is written"),
        ("accent", "#12345", "A color is written"),
        ("logo", "http://www.clinic.example/logo.png", "beginning with https"),
        ("side", "middle", "from their lists"),
        ("lang", "es; x", "a code such as"),
        ("greeting", "x" * 501, "at most 500"),
    ],
)
def test_what_the_widget_could_not_use_is_refused_with_the_reason(field: str, value: str, why: str) -> None:
    with pytest.raises(WebsiteError, match=why):
        read_website({**TYPED, field: value})


def test_it_is_kept_replaced_and_dropped_and_known_when_read_again(empty: Database) -> None:
    websites = Websites(empty)
    with empty.unit() as session:
        assert keep_website(session, read_website(TYPED), author="ada", now=NOW) is None
    assert websites.get("clinic") is None
    websites.renew()
    assert websites.origins() == {"clinic": ("https://www.clinic.example", "https://*.clinic.example")}
    with empty.unit() as session:
        before = keep_website(session, Website("clinic", ("https://x.example",)), author="ada", now=NOW)
        assert before is not None
        assert before["accent"] == "#5a1478"
    websites.renew()
    assert websites.get("clinic") == Website("clinic", ("https://x.example",))
    with empty.unit() as session:
        assert drop_website(session, "clinic") is not None
    with empty.unit() as session:
        assert drop_website(session, "clinic") is None
    websites.renew()
    assert websites.origins() == {}


@pytest.mark.parametrize(
    ("accent", "on_accent", "link"),
    [("#5a1478", "#ffffff", "#5a1478"), ("#ffd400", "#17262b", "#0f6e7c"), ("#000000", "#ffffff", "#000000")],
)
def test_words_on_a_color_and_in_it_can_be_read(accent: str, on_accent: str, link: str) -> None:
    style = Website("clinic", (), accent=accent).style
    assert style == {"--rotation-accent": accent, "--rotation-on-accent": on_accent, "--rotation-link": link}
    assert contrast(on_accent, accent) >= 4.5
    assert contrast(link, "#ffffff") >= 4.5


def test_black_on_white_is_the_largest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
