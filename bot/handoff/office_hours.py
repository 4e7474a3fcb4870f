"""Office hours as an operator writes them: "Mon-Fri 09:00-17:00, Sat 10:00-12:00 America/New_York".

Hours that are written in another way are shown as they are; then nobody can say whether somebody is there now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(
    r"(?P<first>[a-z]{3})[a-z]*(?:\s*[-–]\s*(?P<last>[a-z]{3})[a-z]*)?\s+"  # noqa: RUF001 (people type the long dash)
    r"(?P<opens>\d\d?:\d\d)\s*[-–]\s*(?P<closes>\d\d?:\d\d)",  # noqa: RUF001
    re.IGNORECASE,
)
_A_WEEK = 8


@dataclass(frozen=True)
class Shift:
    """One stretch of the same time on one or more days of the week (Monday is 0)."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True)
class OfficeHours:
    """`text` as it was written, without the zone when that was understood; `shifts` is empty when they were not."""

    text: str = ""
    zone: str = ""
    shifts: tuple[Shift, ...] = ()

    @property
    def place(self) -> str:
        """The zone's city: "New York"."""
        return self.zone.rpartition("/")[2].replace("_", " ")

    def is_open(self, moment: datetime) -> bool | None:
        """Whether somebody is there at an aware moment; None when the hours are not understood."""
        if not self.shifts:
            return None
        here = moment.astimezone(ZoneInfo(self.zone))
        return any(here.weekday() in shift.days and shift.opens <= here.time() < shift.closes for shift in self.shifts)

    def next_opening(self, moment: datetime) -> datetime | None:
        """When staff are back after an aware moment, on their own clock."""
        zone = ZoneInfo(self.zone) if self.shifts else None
        here = moment.astimezone(zone)
        openings = (
            datetime.combine(day, shift.opens, zone)
            for day in (here.date() + timedelta(days=ahead) for ahead in range(_A_WEEK))
            for shift in self.shifts
            if day.weekday() in shift.days
        )
        return min((opening for opening in openings if opening > here), default=None)


def read_hours(text: str) -> OfficeHours:
    """The hours in a line; only their words when the line, or its zone, is not understood."""
    plain = " ".join(text.split())
    hours, _, zone = plain.rpartition(" ")
    parts = [_SHIFT.fullmatch(part.strip()) for part in hours.split(",")]
    shifts = [_shift(part) for part in parts if part]
    if zone not in available_timezones() or len(shifts) != len(parts) or None in shifts:
        return OfficeHours(plain)
    return OfficeHours(hours, zone, tuple(shift for shift in shifts if shift))


def _shift(found: re.Match[str]) -> Shift | None:
    """A shift; None for an unknown day, or a time that does not exist or ends before it begins."""
    first, last = found["first"].lower(), (found["last"] or found["first"]).lower()
    if first not in DAYS or last not in DAYS:
        return None
    start, length = DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % len(DAYS)
    try:
        opens, closes = _time(found["opens"]), _time(found["closes"])
    except ValueError:
        return None
    return (
        Shift(frozenset((start + ahead) % 7 for ahead in range(length + 1)), opens, closes) if opens < closes else None
    )


def _time(written: str) -> time:
    hour, _, minute = written.partition(":")
    return time.max if (hour, minute) == ("24", "00") else time(int(hour), int(minute))
