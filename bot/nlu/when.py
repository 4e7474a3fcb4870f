"""Understands when somebody wants to start, as people write it: "Sept 2027", "next summer", "in 5 months".

Nothing is guessed silently: two possible meanings ("01/03/2027") come back as a `Choice`, words without a date as
`Vague`, and a day that does not exist as `NoSuchDay`. `today` is always an argument.
"""

# ruff: noqa: E501 (a pattern is easier to read in one piece)

from __future__ import annotations

import re
from datetime import date, datetime, time

import dateparser
from dateutil.relativedelta import relativedelta

from bot.nlu import date_words as words
from bot.nlu.date_forms import (
    FORMS,
    MONTH_GRAIN,
    ONE_DAY,
    Choice,
    MissingDayError,
    NoSuchDay,
    Reading,
    Soonest,
    Vague,
    When,
    offset,
    whole_month,
    whole_year,
)
from bot.nlu.date_words import NUMBER, UNIT, YEAR

__all__ = ["Choice", "NoSuchDay", "Reading", "Soonest", "Vague", "When", "read_day", "read_when"]


def read_when(text: str, today: date, *, expected: bool = False) -> Reading | None:
    """When somebody wants to start, or None when the text does not say. `expected`: we have just asked for it.

    Dates that belong to something else (graduation, an exam, a visa's validity, the length of a stay) are left out.
    """
    plain = words.without_noise(words.normalize(text))
    try:
        return _read(plain, today, expected=expected)
    except MissingDayError as error:
        return NoSuchDay(str(error))


def read_day(text: str, today: date) -> When | None:
    """The date in a phrase that is known to hold one ("June 2027" after "I graduate in"), whatever it is about."""
    try:
        found = _read(words.normalize(text), today, expected=False)
    except MissingDayError:
        return None
    return found if isinstance(found, When) else None


def _read(plain: str, today: date, *, expected: bool) -> Reading | None:
    for pattern, reader in FORMS:
        match = pattern.search(plain)
        found = reader(match, today) if match else None
        if found:
            return _bounded(found, plain[: match.start()] if match else "")
    if expected and (bare := _BARE_OFFSET.fullmatch(plain)):
        return offset(bare, today)
    if expected and (bare := re.fullmatch(rf"\W*(?:in )?({YEAR})\W*", plain)):
        return whole_year(words.year_number(bare[1]))
    if _SOONEST.search(plain):
        return Soonest()
    vague = max((found[0].strip() for found in _VAGUE.finditer(plain)), key=len, default="")
    return Vague(vague) if vague else _by_library(plain, today)


def _bounded(found: Reading, before: str) -> Reading:
    """What "after" and "before" make of the date that follows them."""
    if not isinstance(found, When) or found.about:
        return found
    if _AFTER.search(before):
        first = found.last + ONE_DAY
        return When(first, first + relativedelta(months=1) - ONE_DAY, MONTH_GRAIN)
    if _BEFORE.search(before):
        return When(found.first, found.first)
    return found


_AFTER = re.compile(r"\bafter(?: \w+){0,4}\s*$")
_BEFORE = re.compile(r"\b(?:before|by|until|till|no later than|at the latest)(?: the)?(?: (?:end|start) of)?\s*$")
_SOONEST = re.compile(
    r"\b(?:asap|as soon as (?:possible|i can)|(?:the )?(?:earliest|soonest)|right away|immediately|straight ?away|any ?time soon)\b"
)
_VAGUE = re.compile(
    r"\b(?:after|before|once|when|around|during)\s+(?:(?:the|my|i|our)\s+)?(?:eid|ramadan|hajj|diwali|christmas|new year|holidays?|"
    r"finals|exams?|step|boards|internship|house ?job|graduat\w*|finish\w*|wedding|(?:final|last) year)\b[^.,;?!]*"
    r"|\b(?:(?:in )?(?:a )?few (?:weeks|months|years)(?: from now)?|some ?(?:time|day)|soon|one day|later on)\b"
)
_BARE_OFFSET = re.compile(
    rf"\W*(?:about |around |maybe |like |~ ?)?(?P<n>{NUMBER})(?:\s?(?:-|to|or)\s?(?P<n2>{NUMBER}))?\s*(?P<unit>{UNIT})\W*"
)


def _by_library(plain: str, today: date) -> When | None:
    """Short texts in other languages and shapes ("15 de marzo 2027"), where they name a day and a month or a year."""
    if not (2 <= len(plain.split()) <= 4 and re.search(r"\d", plain) and re.search(r"[^\W\d]{3}", plain)):
        return None
    base = datetime.combine(today, time())
    found = dateparser.parse(
        plain,
        languages=["es", "fr", "pt", "de", "it"],
        settings={
            "RELATIVE_BASE": base,
            "PREFER_DATES_FROM": "future",
            "REQUIRE_PARTS": ["month", "year"],
            "PREFER_DAY_OF_MONTH": "first",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    if found is None:
        return None
    day = found.date()
    is_month = not re.search(r"\b\d{1,2}\b", plain)
    return whole_month(day.year, day.month) if is_month else When(day, day)
