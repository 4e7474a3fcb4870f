"""Finds out where on the clock somebody lives: from a city, an abbreviation, or the time on their wall.

A zone is a name of the IANA database ("Asia/Karachi") or a fixed offset ("UTC+05:30"), so that it can be stored.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.nlu.frame import Time
from bot.nlu.message import Message
from bot.reminders.zone_words import zone_words

_NAME = re.compile(r"(?:utc|gmt)\s*([+-])\s*(\d{1,2})(?::?(\d\d))?")
_QUARTER = timedelta(minutes=15)
_FURTHEST_EAST = timedelta(hours=14)


def zone_of(name: str) -> tzinfo:
    """The zone with this name; UTC for an empty or unknown one."""
    if found := _NAME.fullmatch(name.lower()):
        return _fixed(found)
    return ZoneInfo(name) if name in available_timezones() else UTC


def named_zone(name: str) -> str | None:
    """The name of a zone in any case ("asia/karachi", "UTC+05:30"); None when there is none of it."""
    plain = name.strip(" .!?").lower()
    if _NAME.fullmatch(plain):
        return plain.upper()
    return next((zone for zone in available_timezones() if zone.lower() == plain), None)


def read_zone(message: Message, now: datetime) -> str | None:
    """The zone that an answer to "where are you, or what time is it there?" tells; `now` is aware."""
    times = [said for said, _item in message.frame.measures(Time)]
    if found := next((said for said in times if said.kind == "zone" and said.count is not None), None):
        return _offset_name(_limited(timedelta(hours=found.count or 0)))
    clock = next((said for said in times if said.kind == "clock"), None)
    place = named_zone(message.text) or _place(message.text)
    return place or (_by_clock(clock, now) if clock else None)


def guess(language: str) -> str:
    """The likeliest zone for the language of somebody's app ("ur"), or "" when nothing can be said."""
    plain = language.lower()
    known = zone_words().languages
    return known.get(plain) or known.get(plain.partition("-")[0], "")


def _place(text: str) -> str | None:
    known, short = _cities() | zone_words().places, zone_words().abbreviations
    letters = (letter if letter.isalpha() else " " for letter in _without_accents(text.lower()))
    words = "".join(letters).split()
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            if found := known.get(" ".join(words[at : at + size])):
                return found
    return next((short[word] for word in words if word in short), None)


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache
def _cities() -> dict[str, str]:
    """Cities by the last part of a zone's name ("Asia/Karachi")."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = (name for name in sorted(available_timezones()) if name.startswith(areas))
    return {name.rpartition("/")[2].replace("_", " ").lower(): name for name in names}


def _by_clock(clock: Time, now: datetime) -> str:
    """A fixed offset from the time on somebody's wall, to the quarter of an hour."""
    there = timedelta(hours=clock.hour or 0, minutes=clock.minute or 0)
    here = timedelta(hours=now.astimezone(UTC).hour, minutes=now.astimezone(UTC).minute)
    apart = round((there - here) / _QUARTER) * _QUARTER
    if apart > _FURTHEST_EAST:
        apart -= timedelta(days=1)
    elif apart <= -timedelta(hours=10, minutes=30):
        apart += timedelta(days=1)
    return _offset_name(apart)


def _limited(offset: timedelta) -> timedelta:
    return max(min(offset, _FURTHEST_EAST), -_FURTHEST_EAST)


def _fixed(found: re.Match[str]) -> timezone:
    minutes = min(int(found[2]), 14) * 60 + int(found[3] or 0) % 60
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))


def _offset_name(offset: timedelta | None) -> str:
    minutes = round((offset or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
