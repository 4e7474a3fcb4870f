"""The names that people give to places on the clock."""

from __future__ import annotations

from zoneinfo import available_timezones

from bot.reminders.zone_words import zone_words


def test_every_name_leads_to_a_zone_that_exists() -> None:
    words = zone_words()
    for named in (words.abbreviations, words.places, words.languages):
        assert named
        assert set(named.values()) <= available_timezones()
        assert all(name == name.lower() for name in named), "texts are compared in lower case"
