"""When somebody wants to start, in the ways people write it. Today is Monday, 23 November 2026."""

# ruff: noqa: E501 (a table is easier to read with a case on a line)

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.frame import Time
from bot.nlu.when import (
    Choice,
    NoSuchDay,
    Reading,
    Soonest,
    Vague,
    When,
    button_day,
    free_until,
    over_by,
    own_day,
    resolve,
    start_of,
)
from tests.unit.extractor import message

TODAY = date(2026, 11, 23)


def d(text: str) -> date:
    return date.fromisoformat(text)


def read_start(text: str, today: date = TODAY, *, asked: bool = False) -> Reading | None:
    return start_of(message(text).frame, today, asked=asked)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # days
        ("2027-06-15", "2027-06-15", "2027-06-15"),
        ("my rotation begins 13/03/2027", "2027-03-13", "2027-03-13"),
        ("03/13/2027", "2027-03-13", "2027-03-13"),
        ("04/04/2027", "2027-04-04", "2027-04-04"),
        ("1.3.2027", "2027-03-01", "2027-03-01"),
        ("the 15th of June", "2027-06-15", "2027-06-15"),
        ("March 15th, 2028", "2028-03-15", "2028-03-15"),
        ("5 aug '27", "2027-08-05", "2027-08-05"),
        ("Feb 29", "2028-02-29", "2028-02-29"),
        ("29/02/2028", "2028-02-29", "2028-02-29"),
        ("tomorrow", "2026-11-24", "2026-11-24"),
        ("02/12/2026", "2026-12-02", "2026-12-02"),  # 12 February has passed
        ("15 de marzo 2027", "2027-03-15", "2027-03-15"),
        # months
        ("Sept 2027", "2027-09-01", "2027-09-30"),
        ("septembr 2027 would be great", "2027-09-01", "2027-09-30"),
        ("06/2027", "2027-06-01", "2027-06-30"),
        ("2027/06", "2027-06-01", "2027-06-30"),
        ("sometime in october", "2027-10-01", "2027-10-31"),
        ("december", "2026-12-01", "2026-12-31"),
        ("november", "2027-11-01", "2027-11-30"),
        ("this december", "2026-12-01", "2026-12-31"),
        ("next april", "2027-04-01", "2027-04-30"),
        ("april next year", "2027-04-01", "2027-04-30"),
        ("april of 2028", "2028-04-01", "2028-04-30"),
        ("in may", "2027-05-01", "2027-05-31"),
        ("may", "2027-05-01", "2027-05-31"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("change it to august please", "2027-08-01", "2027-08-31"),
        ("not august, september", "2027-09-01", "2027-09-30"),
        # seasons and parts
        ("next summer", "2027-06-01", "2027-08-31"),
        ("this coming summer break", "2027-06-01", "2027-08-31"),
        ("summer of 2028", "2028-06-01", "2028-08-31"),
        ("spring", "2027-03-01", "2027-05-31"),
        ("in the fall", "2027-09-01", "2027-11-30"),
        ("winter 2026/27", "2026-12-01", "2027-02-28"),
        ("mid july", "2027-07-11", "2027-07-20"),
        ("end of June 2027", "2027-06-21", "2027-06-30"),
        ("early 2028", "2028-01-01", "2028-03-31"),
        ("second half of next year", "2027-07-01", "2027-12-31"),
        # ranges
        ("between june and august", "2027-06-01", "2027-08-31"),
        ("June-July 2027", "2027-06-01", "2027-07-31"),
        ("Dec 2026 to Feb 2027", "2026-12-01", "2027-02-28"),
        ("march or april", "2027-03-01", "2027-04-30"),
        ("between March 10 and April 20 2027", "2027-03-10", "2027-04-20"),
        ("from 15 December to 10 January 2027", "2026-12-15", "2027-01-10"),
        ("I'm free from the 10th of March until the end of April", "2027-03-10", "2027-04-30"),
        # counted from today
        ("in 4 months", "2027-03-23", "2027-03-23"),
        ("four months from now", "2027-03-23", "2027-03-23"),
        ("in about a year", "2027-11-23", "2027-11-23"),
        ("in a year and a half", "2028-05-23", "2028-05-23"),
        ("in half a year", "2027-05-23", "2027-05-23"),
        ("in 3 weeks", "2026-12-14", "2026-12-14"),
        ("in 6 to 8 months", "2027-05-23", "2027-07-23"),
        ("i only have 7 months left", "2027-06-23", "2027-06-23"),
        # around something
        ("after my exams in may", "2027-06-01", "2027-06-30"),
        ("after my step 2 exam in March 2027", "2027-04-01", "2027-04-30"),
        ("not before May", "2027-05-01", "2027-05-31"),
        ("I am not ready before August 2027", "2027-08-01", "2027-08-31"),
        ("after June 15 2027", "2027-06-16", "2027-07-15"),
        ("by march 2027", "2027-03-01", "2027-03-01"),
        # other numbers and dates in the same message
        ("a 4 week rotation in July", "2027-07-01", "2027-07-31"),
        ("for 3 months from september 2027", "2027-09-01", "2027-09-30"),
        ("I sit step 1 in march and want to rotate in august", "2027-08-01", "2027-08-31"),
        ("I graduated in 2021 and would come in May 2027", "2027-05-01", "2027-05-31"),
        ("visa valid until 2030, coming in june", "2027-06-01", "2027-06-30"),
    ],
)
def test_a_time_to_start_is_understood(text: str, first: str, last: str) -> None:
    found = read_start(text)
    assert isinstance(found, When)
    assert (found.first, found.last) == (d(first), d(last))


@pytest.mark.parametrize(
    "text",
    [
        "how early should I apply",
        "I may apply directly",
        "5 months before the start",
        "do I need a visa",
        "I will graduate in June 2027",
        "ready for the 2028 match",
        "I want to match in 2028",
        "graduated 2019",
        "my visa expires in 2028",
        "a rotation of 4 weeks",
        "for 2 months",
        "class of 2026",
        "fall behind",
        "step 2 in april",
        "I start my final year in February",
        "last month I passed step 2",
    ],
)
def test_numbers_and_dates_about_other_things_are_no_start(text: str) -> None:
    assert read_start(text) is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("01/03/2027", ("2027-01-03", "2027-03-01")),
        ("05-06-27", ("2027-05-06", "2027-06-05")),
        ("next december", ("2026-12-01", "2027-12-01")),
        ("winter 2027", ("2026-12-01", "2027-12-01")),
    ],
)
def test_two_meanings_are_asked_about(text: str, options: tuple[str, str]) -> None:
    found = read_start(text)
    assert isinstance(found, Choice)
    assert tuple(option.first.isoformat() for option in found.options) == options


@pytest.mark.parametrize(
    "text", ["maybe once ramadan is over, after eid", "after my exams", "in a few months", "when I graduate"]
)
def test_a_time_without_a_date_is_vague(text: str) -> None:
    assert isinstance(read_start(text), Vague)


@pytest.mark.parametrize("text", ["29 Feb 2027", "31 June", "30/02/2027", "31.04.2027"])
def test_a_day_that_does_not_exist_is_named(text: str) -> None:
    assert isinstance(read_start(text), NoSuchDay)


@pytest.mark.parametrize("text", ["asap", "as soon as possible", "the earliest you can"])
def test_as_soon_as_possible(text: str) -> None:
    assert read_start(text) == Soonest()


def test_a_bare_number_of_months_is_an_offset_only_after_our_question() -> None:
    assert read_start("7 months") is None
    found = read_start("7 months", asked=True)
    assert isinstance(found, When)
    assert found.first == d("2027-06-23")


def test_a_counted_day_is_marked_as_about() -> None:
    found = read_start("in 4 months")
    assert isinstance(found, When)
    assert found.about


@pytest.mark.parametrize(
    ("today", "text", "first"),
    [
        ("2027-05-31", "next summer", "2027-06-01"),
        ("2027-06-01", "next summer", "2028-06-01"),
        ("2027-07-15", "this summer", "2027-06-01"),
        ("2026-12-31", "next month", "2027-01-01"),
        ("2026-12-31", "next year in march", "2027-03-01"),
        ("2028-02-29", "in a year", "2029-02-28"),
        ("2027-01-31", "in 1 month", "2027-02-28"),
        ("2027-03-01", "march", "2028-03-01"),
    ],
)
def test_words_depend_on_the_day_they_are_said(today: str, text: str, first: str) -> None:
    found = read_start(text, d(today))
    assert isinstance(found, When)
    assert found.first == d(first)


def test_times_for_other_things_are_taken_by_their_role() -> None:
    said = message("I graduate in June 2027, my visa expires in March 2028, my wife graduates in 2026").frame
    graduation, visa = own_day(said, TODAY, "graduation"), own_day(said, TODAY, "visa", bound="until")
    assert graduation is not None
    assert visa is not None
    assert (graduation.last, visa.first) == (d("2027-06-30"), d("2028-03-01"))


def test_the_end_of_free_months_and_of_a_rotation() -> None:
    assert free_until(message("I have only February and March 2027 free").frame, TODAY) == d("2027-03-31")
    free = message("I'm free from the 10th of March until the end of April").frame
    assert free_until(free, TODAY) == d("2027-04-30")
    assert over_by(message("the rotation must end by August 2027").frame, TODAY) == d("2027-08-01")
    assert over_by(message("I must be home by the end of July 2027").frame, TODAY) == d("2027-07-31")
    assert over_by(message("my rotation ends in March").frame, TODAY) == d("2027-03-31")
    assert over_by(message("my exams end in June 2027").frame, TODAY) is None


@pytest.mark.parametrize(
    ("value", "first"),
    [("2027-08-23", "2027-08-23"), ("2027-08", "2027-08-01"), ("summer 2027", "2027-06-01"), ("first", None)],
)
def test_a_button_carries_a_day(value: str, first: str | None) -> None:
    found = button_day(value)
    assert (found.first.isoformat() if found else None) == first


@given(st.text(max_size=60), st.dates(d("2020-01-01"), d("2090-12-31")))
def test_no_text_breaks_the_reading(text: str, today: date) -> None:
    read_start(text, today, asked=True)


@given(
    st.from_regex(
        r"(in |next |after |by )?([0-9]{1,4}[ ./-])?([0-9]{1,2}[ ./-])?(jan|mar|sept|summer|months|weeks|match)?( [0-9]{4})?",
        fullmatch=True,
    )
)
def test_no_half_date_breaks_the_reading(text: str) -> None:
    read_start(text, asked=True)


SAID = [
    (Time("day", day=15, month=6, year=2027), "2027-06-15", "2027-06-15"),
    (Time("day", day=29, month=2), "2028-02-29", "2028-02-29"),
    (Time("day", day=2, month=12, year=2026, order="either"), "2026-12-02", "2026-12-02"),
    (Time("month", month=6), "2027-06-01", "2027-06-30"),
    (Time("month", month=11), "2027-11-01", "2027-11-30"),
    (Time("month", month=12, which="this"), "2026-12-01", "2026-12-31"),
    (Time("month", month=4, which="next_year"), "2027-04-01", "2027-04-30"),
    (Time("month", month=7, part="mid"), "2027-07-11", "2027-07-20"),
    (Time("month", month=6, year=2027, part="late"), "2027-06-21", "2027-06-30"),
    (Time("month", month=6, bound="after"), "2027-07-01", "2027-07-31"),
    (Time("month", month=3, year=2027, bound="by"), "2027-03-01", "2027-03-01"),
    (Time("month", month=9, bound="from"), "2027-09-01", "2027-09-30"),
    (Time("month_range", first=Time("month", month=6), last=Time("month", month=8)), "2027-06-01", "2027-08-31"),
    (
        Time("month_range", first=Time("month", month=12, year=2026), last=Time("month", month=2, year=2027)),
        "2026-12-01",
        "2027-02-28",
    ),
    (Time("season", season="summer", which="next"), "2027-06-01", "2027-08-31"),
    (Time("season", season="winter", which="this_year"), "2026-12-01", "2027-02-28"),
    (Time("season", season="summer", year=2028), "2028-06-01", "2028-08-31"),
    (Time("year", year=2028, part="early"), "2028-01-01", "2028-03-31"),
    (Time("year", which="next", part="h2"), "2027-07-01", "2027-12-31"),
    (Time("offset", count=1.5, unit="year"), "2028-05-23", "2028-05-23"),
    (Time("offset", count=6, high=8, unit="month"), "2027-05-23", "2027-07-23"),
    (Time("offset", count=1, unit="day"), "2026-11-24", "2026-11-24"),
    (Time("next", unit="week", which="next"), "2026-11-30", "2026-12-06"),
    (Time("next", unit="month", which="next"), "2026-12-01", "2026-12-31"),
    (Time("next", unit="year", which="this"), "2026-01-01", "2026-12-31"),
    (Time("next", unit="year", which="last"), "2025-01-01", "2025-12-31"),
    (Time("next", unit="month", which="last"), "2026-10-01", "2026-10-31"),
    (Time("next", unit="month", which="next", part="late"), "2026-12-21", "2026-12-31"),
    (Time("month", month=5, which="last_year"), "2025-05-01", "2025-05-31"),
    (Time("weekday", weekday="friday"), "2026-11-27", "2026-11-27"),
    (Time("weekday", weekday="monday"), "2026-11-30", "2026-11-30"),
]


@pytest.mark.parametrize(("said", "first", "last"), SAID)
def test_a_time_that_was_read_has_its_days(said: Time, first: str, last: str) -> None:
    found = resolve(said, TODAY)
    assert isinstance(found, When)
    assert (found.first, found.last) == (d(first), d(last))


@pytest.mark.parametrize(
    ("said", "options"),
    [
        (Time("day", day=1, month=3, year=2027, order="either"), ("2027-01-03", "2027-03-01")),
        (Time("month", month=12, which="next"), ("2026-12-01", "2027-12-01")),
        (Time("season", season="winter", year=2027), ("2026-12-01", "2027-12-01")),
    ],
)
def test_a_time_with_two_meanings_is_a_choice(said: Time, options: tuple[str, str]) -> None:
    found = resolve(said, TODAY)
    assert isinstance(found, Choice)
    assert tuple(option.first.isoformat() for option in found.options) == options


def test_times_without_a_day_stay_what_they_are() -> None:
    assert resolve(Time("soonest"), TODAY) == Soonest()
    assert resolve(Time("vague", words="after eid"), TODAY) == Vague("after eid")
    assert resolve(Time("match", year=2028), TODAY) is None
    assert resolve(Time("day", day=31, month=6), TODAY) == NoSuchDay("31 June")
    assert resolve(Time("day", day=40, month=15, year=2027), TODAY) == NoSuchDay("40")
