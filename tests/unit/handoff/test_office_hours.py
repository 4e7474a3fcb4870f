"""Office hours: who is there now, and when they are back, on the operator's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.handoff.office_hours import read_hours

WEEK = "Mon-Fri 09:00-17:00 America/New_York"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in UTC; the 23rd is a Monday, and New York is five hours behind."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(23, 13, 59), False),
        (at(23, 14), True),
        (at(23, 21, 59), True),
        (at(23, 22), False),
        (at(28, 15), False),
        (at(27, 15), True),
    ],
)
def test_the_hours_are_those_of_the_zone(moment: datetime, is_open: bool) -> None:
    assert read_hours(WEEK).is_open(moment) is is_open


@pytest.mark.parametrize(
    ("moment", "back"),
    [
        (at(23, 3), "2026-11-23 09:00"),  # it is still Sunday evening there
        (at(23, 14), "2026-11-24 09:00"),
        (at(27, 23), "2026-11-30 09:00"),  # over the weekend
    ],
)
def test_it_says_when_staff_are_back(moment: datetime, back: str) -> None:
    found = read_hours(WEEK).next_opening(moment)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == back


def test_daylight_saving_moves_the_opening() -> None:
    found = read_hours(WEEK).next_opening(datetime(2026, 10, 30, 22, tzinfo=UTC))
    assert found is not None
    assert found.astimezone(UTC) == datetime(2026, 11, 2, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri 9:00-17:00 Asia/Karachi",
        "monday–friday 9:00–17:00 Asia/Karachi",  # noqa: RUF001
        "Fri-Sun 09:00-24:00, Wed 10:00-12:00 UTC",
    ],
)
def test_several_spellings_are_understood(text: str) -> None:
    assert read_hours(text).shifts


def test_a_week_may_run_over_its_end() -> None:
    (shift,) = read_hours("Sat-Mon 10:00-12:00 UTC").shifts
    assert shift.days == {5, 6, 0}


@pytest.mark.parametrize(
    "text",
    [
        "weekday mornings",
        "Mon-Fri 09:00-17:00",
        "Mon-Fri 09:00-17:00 Atlantis/City",
        "Mon-Fri 17:00-09:00 UTC",
        "Moo-Fri 09:00-17:00 UTC",
        "Mon-Fri 25:00-26:00 UTC",
        "",
    ],
)
def test_what_is_not_understood_is_only_shown(text: str) -> None:
    hours = read_hours(text)
    assert (hours.text, hours.shifts, hours.is_open(at(23, 12)), hours.next_opening(at(23, 12))) == (
        text,
        (),
        None,
        None,
    )
