"""Makes days of the times that the engine read: the only module that knows what a time means today.

Nothing is guessed silently: two possible meanings ("01/03/2027") come back as a `Choice`, words without a date as
`Vague`, and a day that does not exist as `NoSuchDay`. `today` is always an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from bot.nlu.frame import Frame, Length, Measured, Time

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 3, "summer": 6, "fall": 9, "winter": 12}
"""The first month of a season."""
PARTS_OF_YEAR = {
    "early": (1, 3),
    "mid": (5, 8),
    "late": (10, 12),
    "h1": (1, 6),
    "h2": (7, 12),
    "q1": (1, 3),
    "q2": (4, 6),
    "q3": (7, 9),
    "q4": (10, 12),
}
"""First and last month of what people call a part of a year."""
PARTS_OF_MONTH = {"early": 1, "mid": 11, "late": 21}
ONE_DAY = timedelta(days=1)
SOON_MONTHS = 2
DAY, MONTH_GRAIN, SEASON_GRAIN, RANGE, PART, YEAR_GRAIN = "day", "month", "season", "range", "part", "year"
FREE = "window"
"""The role of the only time that somebody has."""
_OF_A_START = ("", "start", FREE)
_WORD_BETWEEN = 7
"""How many characters may stand between the two ends of a stretch of time (" until ")."""
_AFTER = ("after ", "once ")
_SHORT_UNITS = ("hour", "minute")
_PAST = ("last", "last_year")


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


def start_of(frame: Frame, today: date, *, asked: bool = False) -> Reading | None:
    """When somebody wants to start, or None when the message does not say. `asked`: we have just asked for it.

    Times for something else (a graduation, an exam, a visa) are left out; what has a day comes before vague words. A
    bare length ("7 months") is a time from now only after our question.
    """
    if stretch := _stretch(frame, today):
        return stretch[0]
    found = [reading for said, item in _of_a_start(frame, today, asked=asked) if (reading := _said(said, item, today))]
    settled = [reading for reading in found if not isinstance(reading, Soonest | Vague)]
    settled = [reading for reading in settled if reading != When(today, today)] or settled  # "from today until March"
    if settled:
        return _narrower(settled)
    if following := _follows(frame):
        return resolve(following, today)
    if found:
        return max(found, key=lambda reading: len(reading.text) if isinstance(reading, Vague) else 0)
    lengths = frame.measures(Length) if asked else ()
    return _resolve_offset(_from_now(lengths[0][0]), today) if lengths else None


def _narrower(settled: Sequence[Reading]) -> Reading:
    """The first time, or one within it that says more: "in her summer holiday, in August"."""
    first = settled[0]
    if not isinstance(first, When) or first.grain not in (SEASON_GRAIN, YEAR_GRAIN):
        return first
    others = (one for one in settled[1:] if isinstance(one, When))
    return next((one for one in others if first.first <= one.first <= one.last <= first.last), first)


def moved(frame: Frame, start: date) -> When | None:
    """Another start, told by its distance from the one that was planned for ("two weeks later")."""
    for said, item in frame.measures(Time, *_OF_A_START):
        if said.which in ("later", "earlier") and item.whose != "other":
            sign = 1 if said.which == "later" else -1
            day = start + sign * span(said.count or 0, said.unit)
            return When(day, day)
    return None


def free_until(frame: Frame, today: date) -> date | None:
    """The last day of the only time that the person has ("I have only February and March 2027 free").

    Who is free "from March on" has no last day.
    """
    stretch = _stretch(frame, today)
    if stretch:
        return stretch[0].last if stretch[1] == FREE else _last_day(frame, today, FREE)
    is_open = any(said.bound in ("from", "after") for said, _item in frame.measures(Time, FREE))
    return None if is_open else _last_day(frame, today, FREE)


def over_by(frame: Frame, today: date) -> date | None:
    """The day by which a rotation has to be over."""
    return _last_day(frame, today, "end_of_rotation")


def own_day(frame: Frame, today: date, *roles: str, bound: str = "") -> When | None:
    """The first time for one of these roles that is the person's own and has days; with `bound`, one that has it."""
    for said, item in frame.measures(Time, *roles):
        is_meant = item.whose == "self" and item.polarity != "wants_not" and bound in ("", said.bound)
        found = resolve(said, today) if is_meant else None
        if isinstance(found, When):
            return found
    return None


def button_day(value: str) -> When | None:
    """The time in a payload of ours: "2027-08-23", "2027-08" or "summer 2027"; None when it holds no day."""
    season, _, year = value.partition(" ")
    try:
        if season in SEASONS and year.isdigit():
            return season_of(int(year), season)
        if value.count("-") == 1:
            return whole_month(*(int(part) for part in value.split("-")))
        return When(date.fromisoformat(value), date.fromisoformat(value))
    except ValueError:
        return None


def _of_a_start(frame: Frame, today: date, *, asked: bool) -> Iterator[tuple[Time, Measured]]:
    """The times that may be a start: those that are said to be one first, and those that nothing is said about."""
    times = frame.measures(Time, *_OF_A_START)
    for said, item in sorted(times, key=lambda pair: not pair[1].role):
        is_year = said.kind == "year" and not said.part and not item.role and not asked
        is_told = item.polarity == "has" and said.year is not None  # "I did observerships in 2022"
        is_over = said.which in _PAST or ((is_year or is_told) and (said.year or today.year) < today.year)
        if not is_over and item.whose != "other" and item.polarity != "wants_not" and said.unit not in _SHORT_UNITS:
            yield said, item


def _stretch(frame: Frame, today: date) -> tuple[When, str] | None:
    """All days from one time to the next ("from 10 March until the end of April"), and what they are said to be."""
    times = sorted(_of_a_start(frame, today, asked=False), key=lambda pair: pair[1].start)
    for (one, before), (two, behind) in pairwise(times):
        is_between = one.kind == two.kind == "day" or one.bound == "from" or two.bound == "until"
        if not (is_between and 0 <= behind.start - before.end <= _WORD_BETWEEN):
            continue
        if one.kind == "offset" and not one.count and FREE not in (before.role, behind.role):
            continue  # how long it is from today
        last = resolve(replace(two, bound=""), today)
        for year in (two.year, two.year - 1) if two.year and not one.year else (one.year,):
            first = resolve(replace(one, bound="", year=year), today)
            if isinstance(first, When) and isinstance(last, When) and first.first < last.last:
                return When(first.first, last.last, RANGE), before.role or behind.role
    return None


def _said(said: Time, item: Measured, today: date) -> Reading | None:
    found = resolve(said, today)
    return NoSuchDay(item.text) if isinstance(found, NoSuchDay) else found


def _follows(frame: Frame) -> Time | None:
    """What a start comes after ("after my exams in May")."""
    is_after = any(said.words.startswith(_AFTER) for said, _item in frame.measures(Time))
    for said, item in frame.measures(Time, "exam", "graduation"):
        if item.whose == "self" and (is_after or said.bound == "after"):
            return replace(said, bound="after")
    return None


def _from_now(length: Length) -> Time:
    return Time("offset", count=length.low, high=length.high, unit=length.unit)


def _last_day(frame: Frame, today: date, role: str) -> date | None:
    """The last day of a time; its first where it is a limit ("by August")."""
    times = ((said, item) for said, item in frame.measures(Time, role) if item.whose != "other")
    said = next((said for said, _item in times), None)
    if said is None:
        return None
    is_limit = said.bound in ("by", "before")
    is_end = said.part == "late"
    found = resolve(replace(said, bound="") if is_end or not is_limit else said, today)
    return found.last if isinstance(found, When) else None


def resolve(said: Time, today: date) -> Reading | None:
    """The days of a time that the engine read; None for the year of a Match or an ERAS season, which are no days.

    Names without a year mean the next to come. "After" a time is the month behind it, "before" and "by" its first day.
    """
    try:
        found = _RESOLVERS[said.kind](said, today) if said.kind in _RESOLVERS else None
    except (MissingDayError, ValueError):
        month = MONTHS[said.month - 1].title() if said.month and said.month <= 12 else ""
        return NoSuchDay(f"{said.day} {month}".strip())
    if not isinstance(found, When) or found.about:
        return found
    if said.bound == "after":
        first = found.last + ONE_DAY
        return When(first, first + relativedelta(months=1) - ONE_DAY, MONTH_GRAIN)
    return When(found.first, found.first) if said.bound in ("before", "by", "until") else found


def _resolve_day(said: Time, today: date) -> Reading:
    if said.month is None and said.day:
        return _day_of_month(said.day, today, skips=int(said.which == "next"))
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


def _day_of_month(number: int, today: date, *, skips: int) -> When:
    """The next 20th; one of a given month from the next month on."""
    if not 1 <= number <= 31:
        raise MissingDayError
    first = today.replace(day=1) + relativedelta(months=skips)
    day = first + relativedelta(day=number)
    day = day if day > today else first + relativedelta(months=1, day=number)
    return When(day, day)


def _resolve_month(said: Time, today: date) -> Reading:
    month = said.month or today.month
    whole = whole_month(said.year or _year_of(said.which, today) or today.year, month)
    if not said.year and not _year_of(said.which, today) and month <= today.month and said.which != "this":
        whole = whole_month(today.year + 1, month)
    if said.which == "next" and 0 < month - today.month <= SOON_MONTHS:
        return Choice((whole, whole_month(today.year + 1, month)))
    if not said.part:
        return whole
    first = whole.first.replace(day=PARTS_OF_MONTH[said.part])
    return When(first, whole.last if first.day == 21 else first + 9 * ONE_DAY, PART)


def _year_of(which: str, today: date) -> int | None:
    return {"next_year": today.year + 1, "this_year": today.year, "last_year": today.year - 1}.get(which)


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
    year = said.year or today.year + {"next": 1, "last": -1}.get(said.which, 0)
    if not said.part:
        return whole_year(year)
    first, last = PARTS_OF_YEAR[said.part]
    return When(date(year, first, 1), whole_month(year, last).last, PART)


def _resolve_offset(said: Time, today: date) -> Reading:
    lower = said.count or 0
    first, last = counted(today, lower, said.unit), counted(today, said.high or lower, said.unit)
    return When(first, last, DAY if first == last else RANGE, about=said.unit != "day" or lower > 1)


def _resolve_next(said: Time, today: date) -> Reading:
    ahead = {"next": 1, "last": -1}.get(said.which, 0)
    if said.unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return When(monday, monday + 6 * ONE_DAY, RANGE)
    if said.unit == "year":
        return whole_year(today.year + ahead)
    day = today.replace(day=1) + relativedelta(months=ahead)
    return _resolve_month(replace(said, month=day.month, year=day.year, which=""), today)


def _resolve_weekday(said: Time, today: date) -> Reading:
    day = today + timedelta(days=(WEEKDAYS.index(said.weekday) - today.weekday()) % 7 or 7)
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


def whole_month(year: int, month: int) -> When:
    """All days of a month; ValueError when there is no such month."""
    first = date(year, month, 1)
    return When(first, first + relativedelta(months=1) - ONE_DAY, MONTH_GRAIN)


def whole_year(year: int) -> When:
    """All days of a year."""
    return When(date(year, 1, 1), date(year, 12, 31), YEAR_GRAIN)


def season_of(year: int, name: str) -> When:
    """The three months of a season that begins in `year`."""
    first = date(year, SEASONS[name], 1)
    return When(first, first + relativedelta(months=3) - ONE_DAY, SEASON_GRAIN)


def counted(today: date, number: float, unit: str) -> date:
    """The day that lies so many days, weeks, months or years after another; hours and minutes stay on the same day."""
    return today + span(number, unit)


def span(number: float, unit: str) -> relativedelta:
    """A length as calendar months and days; half a month is fifteen days."""
    if unit in _SHORT_UNITS:
        return relativedelta()
    if unit in ("day", "week"):
        return relativedelta(days=round(number * (7 if unit == "week" else 1)))
    months = number * (12 if unit == "year" else 1)
    return relativedelta(months=int(months), days=round((months - int(months)) * 30))
