"""Understands when somebody wants to start, as people write it: "Sept 2027", "next summer", "in 5 months".

Nothing is guessed silently: two possible meanings ("01/03/2027") come back as a `Choice`, words without a date as
`Vague`, and a day that does not exist as `NoSuchDay`. `today` is always an argument.
"""

# ruff: noqa: E501 (a pattern is easier to read in one piece)

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import dateparser
from dateutil.relativedelta import relativedelta

from bot.nlu import date_words as words
from bot.nlu.date_forms import (
    DAY,
    FORMS,
    MONTH_GRAIN,
    ONE_DAY,
    PART,
    PARTS_OF_YEAR,
    RANGE,
    SOON_MONTHS,
    Choice,
    MissingDayError,
    NoSuchDay,
    Reading,
    Soonest,
    Vague,
    When,
    counted,
    offset,
    season_of,
    whole_month,
    whole_year,
)
from bot.nlu.date_words import NUMBER, UNIT, YEAR
from bot.nlu.frame import Time

__all__ = ["Choice", "NoSuchDay", "Reading", "Soonest", "Vague", "When", "read_day", "read_when", "resolve"]


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


def resolve(said: Time, today: date) -> Reading | None:
    """The days of a time that the engine read; None for the year of a Match or an ERAS season, which are no days.

    Names without a year mean the next to come. "After" a time is the month behind it, "before" and "by" its first day.
    """
    try:
        found = _RESOLVERS[said.kind](said, today) if said.kind in _RESOLVERS else None
    except (MissingDayError, ValueError):
        month = words.MONTHS[said.month - 1].title() if said.month and said.month <= 12 else ""
        return NoSuchDay(f"{said.day} {month}".strip())
    if not isinstance(found, When) or found.about:
        return found
    if said.bound == "after":
        first = found.last + ONE_DAY
        return When(first, first + relativedelta(months=1) - ONE_DAY, MONTH_GRAIN)
    return When(found.first, found.first) if said.bound in ("before", "by", "until") else found


def _resolve_day(said: Time, today: date) -> Reading:
    month, day = said.month or today.month, said.day or 1
    if said.order == "either" and said.year:
        days = {date(said.year, month, day), date(said.year, day, month)}
        ahead = sorted(one for one in days if one >= today) or sorted(days)
        options = tuple(When(one, one) for one in ahead)
        return options[0] if len(options) == 1 else Choice(options)
    if said.year:
        return When(date(said.year, month, day), date(said.year, month, day))
    for year in range(today.year, today.year + 9):
        if not (month == 2 and day == 29 and year % 4) and date(year, month, day) >= today:
            return When(date(year, month, day), date(year, month, day))
    raise MissingDayError


def _resolve_month(said: Time, today: date) -> Reading:
    month = said.month or today.month
    whole = whole_month(said.year or _year_of(said.which, today) or today.year, month)
    if not said.year and not _year_of(said.which, today) and month <= today.month and said.which != "this":
        whole = whole_month(today.year + 1, month)
    if said.which == "next" and 0 < month - today.month <= SOON_MONTHS:
        return Choice((whole, whole_month(today.year + 1, month)))
    if not said.part:
        return whole
    first = whole.first.replace(day={"early": 1, "mid": 11, "late": 21}[said.part])
    return When(first, whole.last if first.day == 21 else first + 9 * ONE_DAY, PART)


def _year_of(which: str, today: date) -> int | None:
    return {"next_year": today.year + 1, "this_year": today.year}.get(which)


def _resolve_range(said: Time, today: date) -> Reading:
    one, two = said.first or said, said.last or said
    last_year = two.year or _year_of(two.which, today)
    crosses = (one.month or 1) > (two.month or 12)
    first_year = one.year or (last_year - crosses if last_year else None)
    if first_year is None:
        first_year = today.year + (whole_month(today.year, one.month or 1).last < today)
    last = whole_month(last_year or first_year + crosses, two.month or 12).last
    return When(whole_month(first_year, one.month or 1).first, last, RANGE)


def _resolve_season(said: Time, today: date) -> Reading:
    if said.year and said.season == "winter" and season_of(said.year - 1, "winter").last >= today:
        return Choice((season_of(said.year - 1, "winter"), season_of(said.year, "winter")))
    if year := said.year or _year_of(said.which, today):
        return season_of(year, said.season)
    running = season_of(today.year, said.season)
    if running.first > today or (said.which == "this" and running.last >= today):
        return running
    return season_of(today.year + 1, said.season)


def _resolve_year(said: Time, today: date) -> Reading:
    year = said.year or today.year + (said.which == "next")
    if not said.part:
        return whole_year(year)
    first, last = PARTS_OF_YEAR[said.part]
    return When(date(year, first, 1), whole_month(year, last).last, PART)


def _resolve_offset(said: Time, today: date) -> Reading:
    lower = said.count or 0
    first, last = counted(today, lower, said.unit), counted(today, said.high or lower, said.unit)
    return When(first, last, DAY if first == last else RANGE, about=said.unit != "day" or lower > 1)


def _resolve_next(said: Time, today: date) -> Reading:
    ahead = int(said.which == "next")
    if said.unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return When(monday, monday + 6 * ONE_DAY, RANGE)
    if said.unit == "year":
        return whole_year(today.year + ahead)
    day = today.replace(day=1) + relativedelta(months=ahead)
    return whole_month(day.year, day.month)


def _resolve_weekday(said: Time, today: date) -> Reading:
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    day = today + timedelta(days=(names.index(said.weekday) - today.weekday()) % 7 or 7)
    return When(day, day)


_RESOLVERS: dict[str, Callable[[Time, date], Reading]] = {
    "day": _resolve_day,
    "month": _resolve_month,
    "month_range": _resolve_range,
    "season": _resolve_season,
    "year": _resolve_year,
    "offset": _resolve_offset,
    "next": _resolve_next,
    "weekday": _resolve_weekday,
    "soonest": lambda _said, _today: Soonest(),
    "vague": lambda said, _today: Vague(said.words),
}
