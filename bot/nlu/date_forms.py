"""The forms in which people write a time, each with what it means: pattern by pattern, the most exact ones first."""

# ruff: noqa: E501 (a pattern is easier to read in one piece)

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.nlu import date_words as words
from bot.nlu.date_words import MONTH, NUMBER, SEASON, UNIT, YEAR

ONE_DAY = timedelta(days=1)
PARTS_OF_YEAR = {
    "early": (1, 3),
    "beginning": (1, 3),
    "start": (1, 3),
    "first half": (1, 6),
    "h1": (1, 6),
    "mid": (5, 8),
    "middle": (5, 8),
    "second half": (7, 12),
    "h2": (7, 12),
    "late": (10, 12),
    "end": (10, 12),
    "q1": (1, 3),
    "q2": (4, 6),
    "q3": (7, 9),
    "q4": (10, 12),
}
"""First and last month of what people call a part of a year."""
SOON_MONTHS = 2
YEARS = (1900, 2199)
DAY, MONTH_GRAIN, SEASON_GRAIN, RANGE, PART, YEAR_GRAIN = "day", "month", "season", "range", "part", "year"


@dataclass(frozen=True)
class When:
    """A time to start: any day from `first` to `last`. `about` marks a day counted from today ("in 5 months")."""

    first: date
    last: date
    grain: str = DAY
    about: bool = False


@dataclass(frozen=True)
class Choice:
    """Words with more than one meaning; the person has to say which."""

    options: tuple[When, ...]


@dataclass(frozen=True)
class Vague:
    """Words about a time that no calendar knows ("after eid")."""

    text: str


@dataclass(frozen=True)
class NoSuchDay:
    """A day that the calendar does not have ("31 June")."""

    text: str


@dataclass(frozen=True)
class Soonest:
    """As soon as possible."""


Reading = When | Choice | Vague | NoSuchDay | Soonest


class MissingDayError(ValueError):
    """A day number that its month does not have."""


def _iso(match: re.Match[str], _today: date) -> Reading:
    return _exact(int(match[1]), int(match[2]), int(match[3]), text=match[0])


def _dotted(match: re.Match[str], _today: date) -> Reading:
    return _exact(_long_year(match[3]), int(match[2]), int(match[1]), text=match[0])


def _numeric(match: re.Match[str], today: date) -> Reading:
    """Day and month in either order, unless only one of them can be meant."""
    one, two, year = int(match[1]), int(match[2]), _long_year(match[3])
    days = [(two, one), (one, two)]
    options = {date(year, month, day) for month, day in days if month <= 12 and _exists(year, month, day)}
    if not options:
        raise MissingDayError(match[0])
    ahead = sorted(day for day in options if day >= today) or sorted(options)
    found = tuple(When(day, day) for day in ahead)
    return found[0] if len(found) == 1 else Choice(found)


def _month_and_number_year(match: re.Match[str], _today: date) -> Reading | None:
    month, year = int(match["m"]), int(match["y"])
    return whole_month(year, month) if 1 <= month <= 12 else None


def _day_of_month(match: re.Match[str], today: date) -> Reading:
    month, day = words.month_number(match["m"]), int(match["d"])
    if match["y"]:
        return _exact(words.year_number(match["y"]), month, day, text=match[0])
    for year in range(today.year, today.year + 9):
        if _exists(year, month, day) and date(year, month, day) >= today:
            return _exact(year, month, day, text=match[0])
    raise MissingDayError(match[0])


def _part_of_month(match: re.Match[str], today: date) -> Reading:
    whole = _named_month(match, today)
    if not isinstance(whole, When):
        return whole
    starts = {"early": 1, "beginning": 1, "start": 1, "mid": 11, "middle": 11, "late": 21, "end": 21}
    first = whole.first.replace(day=starts[match["part"]])
    return When(first, whole.last if first.day == 21 else first + timedelta(days=9), PART)


def _named_month(match: re.Match[str], today: date) -> Reading:
    """A month with or without its year; without one the next to come, and a doubtful "next December" asks."""
    month, said = words.month_number(match["m"]), match.groupdict()
    if said.get("y"):
        return whole_month(words.year_number(said["y"]), month)
    which = said.get("which") or said.get("which2") or ""
    if "year" in which:
        return whole_month(today.year + ("next" in which), month)
    this_year = whole_month(today.year, month)
    if which == "this" or today.month < month:
        is_near = month - today.month <= SOON_MONTHS
        return Choice((this_year, whole_month(today.year + 1, month))) if which == "next" and is_near else this_year
    return whole_month(today.year + 1, month)


def _month_range(match: re.Match[str], today: date) -> Reading:
    one, two = words.month_number(match["m"]), words.month_number(match["m2"])
    if match["y"]:
        last_year = words.year_number(match["y"])
        first_year = words.year_number(match["y1"]) if match["y1"] else last_year - (one > two)
    else:
        first_year = (
            words.year_number(match["y1"]) if match["y1"] else today.year + (whole_month(today.year, one).last < today)
        )
        last_year = first_year + (one > two)
    return When(whole_month(first_year, one).first, whole_month(last_year, two).last, RANGE)


def _season(match: re.Match[str], today: date) -> Reading:
    """June to August for a summer, and so on; without a year the next that begins after today."""
    name, said = match["s"], match.groupdict()
    if said.get("y"):
        year = words.year_number(said["y"])
        now = season_of(year, name)
        if name == "winter" and not said.get("y2") and season_of(year - 1, name).last >= today:
            return Choice((season_of(year - 1, name), now))
        return now
    which = said.get("which") or said.get("which2") or ""
    if "year" in which:
        return season_of(today.year + ("next" in which), name)
    if which == "this" and (running := season_of(today.year, name)).last >= today:
        return running
    upcoming = season_of(today.year, name)
    return upcoming if upcoming.first > today else season_of(today.year + 1, name)


def offset(match: re.Match[str], today: date) -> Reading:
    said = match.groupdict()
    lower = words.amount(match["n"]) + (0.5 if said.get("half") else 0)
    upper = words.amount(match["n2"]) if said.get("n2") else lower
    first, last = counted(today, lower, match["unit"]), counted(today, upper, match["unit"])
    return When(first, last, DAY if first == last else RANGE, about=True)


def _next_unit(match: re.Match[str], today: date) -> Reading:
    ahead = 0 if match["which"] in ("this", "rest of the", "end of the") else 1
    if match["unit"] == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return When(monday, monday + timedelta(days=6), RANGE)
    if match["unit"] == "year":
        return whole_year(today.year + ahead)
    day = today.replace(day=1) + relativedelta(months=ahead)
    return whole_month(day.year, day.month)


def _part_of_year(match: re.Match[str], today: date) -> Reading:
    named = match["y"]
    year = words.year_number(named) if named else today.year + (match["which"] == "next")
    first, last = PARTS_OF_YEAR[match["part"]]
    return When(date(year, first, 1), whole_month(year, last).last, PART)


def _tomorrow(match: re.Match[str], today: date) -> Reading:
    day = today + (ONE_DAY if match[0] == "tomorrow" else timedelta())
    return When(day, day)


def _whole_year(match: re.Match[str], _today: date) -> Reading:
    return whole_year(words.year_number(match[1]))


_WHICH = r"(?:(?P<which>next year|this year|next|this|coming|the coming|upcoming|the)\s+)?"
_OF_YEAR = rf"(?:,?\s*(?:of\s+|in\s+)?(?:(?P<y>{YEAR})\b|(?P<which2>next year|this year)))?"
_MONTH_CUE = r"(?:\b(?:in|by|for|from|until|till|before|after|around|about|about to|of|during|start(?:ing)?|begin(?:ning)?|make it|to|or|and|early|mid|late|next|this|maybe|perhaps|sometime|say|is|rather|then)\s+|^\W*)"
Reader = Callable[[re.Match[str], date], "Reading | None"]
FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", _iso),
        (r"\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d)\b", _dotted),
        (r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)\b", _numeric),
        (r"\b(?P<y>20\d\d)[/-](?P<m>\d{1,2})\b", _month_and_number_year),
        (r"\b(?P<m>\d{1,2})[/-](?P<y>20\d\d)\b", _month_and_number_year),
        (
            rf"\b(?P<m>{MONTH})\s*(?:(?P<y1>{YEAR})\s*)?(?:-|to|till|until|through|and|or|/)\s*(?P<m2>{MONTH})(?![a-z])(?:,?\s*(?:of\s+)?(?P<y>{YEAR})\b)?",
            _month_range,
        ),
        (
            rf"\b(?P<part>early|mid|late|beginning|middle|start|end)[\s-]*(?:of\s+)?(?P<m>{MONTH})(?![a-z]){_OF_YEAR}",
            _part_of_month,
        ),
        (
            rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{MONTH})(?![a-z])(?:,?\s*(?:of\s+)?(?P<y>{YEAR})\b)?",
            _day_of_month,
        ),
        (
            rf"\b(?P<m>{MONTH})\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s*(?:of\s+)?(?P<y>{YEAR})\b)?",
            _day_of_month,
        ),
        (rf"\b(?P<m>{MONTH}),?\s*(?:of\s+|in\s+)?(?P<y>{YEAR})\b", _named_month),
        (rf"\b(?P<which>next year|this year)\s+(?:in\s+)?(?P<m>{MONTH})(?![a-z])", _named_month),
        (
            rf"\b{_WHICH}(?P<s>{SEASON})(?:\s+(?:break|vacation|holidays?|semester|term))?(?:,?\s*(?:of\s+|in\s+)?(?:(?P<y>{YEAR})(?P<y2>\s*[/-]\s*\d\d(?:\d\d)?)?\b|(?P<which2>next year|this year)))?",
            _season,
        ),
        (
            rf"\b(?:in|within|after)\s+(?:about |around |approximately |roughly |maybe |like |the next |next )?(?P<n>{NUMBER})(?:\s?(?:-|to|or)\s?(?P<n2>{NUMBER}))?\s*(?P<unit>{UNIT})\b(?P<half> and a half\b)?",
            offset,
        ),
        (
            rf"\b(?P<n>{NUMBER})(?:\s?(?:-|to|or)\s?(?P<n2>{NUMBER}))?\s*(?P<unit>{UNIT})(?:\s+from (?:now|today)|'?s?'? time| later| left)\b",
            offset,
        ),
        (
            rf"\b(?P<part>early|mid|late|beginning|middle|start|end|first half|second half|q[1-4])[\s-]*(?:of\s+)?(?:the\s+)?(?:(?P<y>{YEAR})\b|(?P<which>next|this|year)(?:\s+year)?\b)",
            _part_of_year,
        ),
        (r"\b(?P<which>next|this|coming) (?P<unit>week|month)\b", _next_unit),
        (rf"\b(?:(?P<which>next|this|coming|upcoming|the coming)\s+)(?P<m>{MONTH})(?![a-z]){_OF_YEAR}", _named_month),
        (rf"\b(?P<m>(?!may\b){MONTH})(?![a-z]){_OF_YEAR}", _named_month),
        (
            rf"{_MONTH_CUE}(?P<m>may)(?=\W*$|\W+(?:next|this|please|instead|then|or|and|for|through|with)\b|[.,;?!]){_OF_YEAR}",
            _named_month,
        ),
        (r"\b(?P<which>next|this|coming) (?P<unit>year)\b", _next_unit),
        (r"\b(?:tomorrow|today)\b", _tomorrow),
        (
            rf"\b(?:in|during|for|start(?:ing)?|begin(?:ning)?)\s+({YEAR})\b(?!\s*(?:match|cycle|eras|season|usd|dollars))",
            _whole_year,
        ),
    )
)


def _exact(year: int, month: int, day: int, *, text: str) -> When:
    if not _exists(year, month, day):
        raise MissingDayError(text)
    return When(date(year, month, day), date(year, month, day))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return YEARS[0] <= year <= YEARS[1]


def _long_year(word: str) -> int:
    return int(word) + (2000 if len(word) == 2 else 0)


def whole_month(year: int, month: int) -> When:
    first = date(year, month, 1)
    return When(first, first + relativedelta(months=1) - ONE_DAY, MONTH_GRAIN)


def whole_year(year: int) -> When:
    return When(date(year, 1, 1), date(year, 12, 31), YEAR_GRAIN)


def season_of(year: int, name: str) -> When:
    first = date(year, words.SEASONS[name], 1)
    return When(first, first + relativedelta(months=3) - ONE_DAY, SEASON_GRAIN)


def counted(today: date, number: float, unit: str) -> date:
    whole = int(number)
    if unit.startswith("d"):
        return today + timedelta(days=whole)
    if unit.startswith("w"):
        return today + timedelta(days=round(number * 7))
    months = number * (12 if unit.startswith("y") else 1)
    return today + relativedelta(months=int(months)) + timedelta(days=round((months - int(months)) * 30))
