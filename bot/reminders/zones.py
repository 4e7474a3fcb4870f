"""Finds out where on the clock somebody lives: from a city, an abbreviation, or the time on their wall.

A zone is a name of the IANA database ("Asia/Karachi") or a fixed offset ("UTC+05:30"), so that it can be stored.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.nlu.date_words import normalize

ABBREVIATIONS = {
    "ist": "Asia/Kolkata",
    "pkt": "Asia/Karachi",
    "wat": "Africa/Lagos",
    "eat": "Africa/Nairobi",
    "cat": "Africa/Harare",
    "gmt": "UTC",
    "utc": "UTC",
    "est": "America/New_York",
    "edt": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "eet": "Europe/Bucharest",
    "msk": "Europe/Moscow",
    "ast": "Asia/Riyadh",
    "gst": "Asia/Dubai",
    "wib": "Asia/Jakarta",
    "pht": "Asia/Manila",
    "npt": "Asia/Kathmandu",
}
# Countries with one zone, or one in which most of their people live, and large cities that name no zone.
PLACES = {
    "india": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "chennai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "hyderabad": "Asia/Kolkata",
    "pakistan": "Asia/Karachi",
    "lahore": "Asia/Karachi",
    "islamabad": "Asia/Karachi",
    "nepal": "Asia/Kathmandu",
    "bangladesh": "Asia/Dhaka",
    "sri lanka": "Asia/Colombo",
    "nigeria": "Africa/Lagos",
    "abuja": "Africa/Lagos",
    "ghana": "Africa/Accra",
    "kenya": "Africa/Nairobi",
    "egypt": "Africa/Cairo",
    "alexandria": "Africa/Cairo",
    "sudan": "Africa/Khartoum",
    "ethiopia": "Africa/Addis_Ababa",
    "jordan": "Asia/Amman",
    "lebanon": "Asia/Beirut",
    "syria": "Asia/Damascus",
    "iraq": "Asia/Baghdad",
    "saudi arabia": "Asia/Riyadh",
    "jeddah": "Asia/Riyadh",
    "uae": "Asia/Dubai",
    "abu dhabi": "Asia/Dubai",
    "turkey": "Europe/Istanbul",
    "ankara": "Europe/Istanbul",
    "iran": "Asia/Tehran",
    "israel": "Asia/Jerusalem",
    "germany": "Europe/Berlin",
    "france": "Europe/Paris",
    "italy": "Europe/Rome",
    "spain": "Europe/Madrid",
    "poland": "Europe/Warsaw",
    "romania": "Europe/Bucharest",
    "greece": "Europe/Athens",
    "ireland": "Europe/Dublin",
    "uk": "Europe/London",
    "england": "Europe/London",
    "ukraine": "Europe/Kyiv",
    "georgia": "Asia/Tbilisi",
    "china": "Asia/Shanghai",
    "beijing": "Asia/Shanghai",
    "japan": "Asia/Tokyo",
    "philippines": "Asia/Manila",
    "vietnam": "Asia/Ho_Chi_Minh",
    "thailand": "Asia/Bangkok",
    "malaysia": "Asia/Kuala_Lumpur",
    "colombia": "America/Bogota",
    "peru": "America/Lima",
    "venezuela": "America/Caracas",
    "argentina": "America/Argentina/Buenos_Aires",
    "chile": "America/Santiago",
    "ecuador": "America/Guayaquil",
    "dominican republic": "America/Santo_Domingo",
    "grenada": "America/Grenada",
    "cuba": "America/Havana",
    "texas": "America/Chicago",
    "houston": "America/Chicago",
    "florida": "America/New_York",
    "miami": "America/New_York",
    "boston": "America/New_York",
    "california": "America/Los_Angeles",
    "rio de janeiro": "America/Sao_Paulo",
    "guadalajara": "America/Mexico_City",
}
# Languages of an app whose speakers nearly all live in one zone.
LANGUAGES = {
    "hi": "Asia/Kolkata",
    "ta": "Asia/Kolkata",
    "te": "Asia/Kolkata",
    "ml": "Asia/Kolkata",
    "ur": "Asia/Karachi",
    "ne": "Asia/Kathmandu",
    "si": "Asia/Colombo",
    "fa": "Asia/Tehran",
    "tr": "Europe/Istanbul",
    "vi": "Asia/Ho_Chi_Minh",
    "th": "Asia/Bangkok",
    "ka": "Asia/Tbilisi",
    "el": "Europe/Athens",
    "ro": "Europe/Bucharest",
    "pl": "Europe/Warsaw",
    "uk": "Europe/Kyiv",
    "it": "Europe/Rome",
    "de": "Europe/Berlin",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "he": "Asia/Jerusalem",
    "am": "Africa/Addis_Ababa",
    "pt-br": "America/Sao_Paulo",
}
_OFFSET = re.compile(r"(?:utc|gmt)\s*([+-])\s*(\d{1,2})(?::?(\d\d))?")
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.h](\d\d))?\s*(am|pm|a\.m\.|p\.m\.)?(?!\w)")
_QUARTER = timedelta(minutes=15)
_FURTHEST_EAST = timedelta(hours=14)


def zone_of(name: str) -> tzinfo:
    """The zone with this name; UTC for an empty or unknown one."""
    if found := _OFFSET.fullmatch(name.lower()):
        return _fixed(found)
    return ZoneInfo(name) if name in available_timezones() else UTC


def read_zone(text: str, now: datetime) -> str | None:
    """The zone that an answer to "where are you, or what time is it there?" tells; `now` is aware."""
    plain = normalize(text).strip(" .!?")
    if found := _OFFSET.search(plain):
        return _offset_name(_fixed(found).utcoffset(None))
    exact = next((name for name in available_timezones() if name.lower() == plain), None)
    return exact or _place(plain) or _by_clock(plain, now)


def guess(language: str) -> str:
    """The likeliest zone for the language of somebody's app ("ur"), or "" when nothing can be said."""
    plain = language.lower()
    return LANGUAGES.get(plain) or LANGUAGES.get(plain.partition("-")[0], "")


def _place(plain: str) -> str | None:
    known = _cities() | PLACES
    words = re.findall(r"[^\W\d_]+", _without_accents(plain))
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            if found := known.get(" ".join(words[at : at + size])):
                return found
    return next((ABBREVIATIONS[word] for word in words if word in ABBREVIATIONS), None)


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache
def _cities() -> dict[str, str]:
    """Cities by the last part of a zone's name ("Asia/Karachi")."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = (name for name in sorted(available_timezones()) if name.startswith(areas))
    return {name.rpartition("/")[2].replace("_", " ").lower(): name for name in names}


def _by_clock(plain: str, now: datetime) -> str | None:
    """A fixed offset from the time on somebody's wall, to the quarter of an hour."""
    found = _CLOCK.search(plain)
    if not found or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if half := (found[3] or "").replace(".", ""):
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        return None
    there = timedelta(hours=hour, minutes=minute)
    here = timedelta(hours=now.astimezone(UTC).hour, minutes=now.astimezone(UTC).minute)
    apart = round((there - here) / _QUARTER) * _QUARTER
    if apart > _FURTHEST_EAST:
        apart -= timedelta(days=1)
    elif apart <= -timedelta(hours=10, minutes=30):
        apart += timedelta(days=1)
    return _offset_name(apart)


def _fixed(found: re.Match[str]) -> timezone:
    minutes = min(int(found[2]), 14) * 60 + int(found[3] or 0) % 60
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))


def _offset_name(offset: timedelta | None) -> str:
    minutes = round((offset or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
