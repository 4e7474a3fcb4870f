"""What people ask to be reminded of, and when that is on their own clock. Today is Monday, 23 November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reminders.request import QUIET_FROM, QUIET_TO, ReminderWish, awake, due, read_wish, snoozed
from bot.reminders.zones import guess, read_zone, zone_of
from tests.unit.extractor import message

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 7, tzinfo=UTC)


def wished(text: str) -> ReminderWish:
    return read_wish(message(text, "set_reminder"), TODAY, NOW)


def day(month: int, number: int, year: int = 2027) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("text", "on", "subject"),
    [
        ("remind me tomorrow", day(11, 24, 2026), ""),
        ("remind me tomorrow to call the dean", day(11, 24, 2026), "call the dean"),
        ("Remind me in 10 days to check my MyIntealth status", day(12, 3, 2026), "check my MyIntealth status"),
        ("reminder on 3 April: send CV", day(4, 3), "send CV"),
        ("could you remind me about the ECFMG form on May 5", day(5, 5), "ECFMG form"),
        ("remind me next friday to ask for a letter", day(11, 27, 2026), "ask for a letter"),
        ("ping me on the 1st about rent", day(12, 1, 2026), "rent"),
        ("set a reminder for 2027-02-14", day(2, 14), ""),
        ("remind me a week before March 1 to pay", day(2, 22), "pay"),
        ("change my reminder to Thursday", day(11, 26, 2026), ""),
        ("remind me in June to apply", day(6, 1), "apply"),
        ("remind me not to forget the passport tomorrow", day(11, 24, 2026), "passport"),
        ("remind me tonight to call the dean", day(11, 23, 2026), "call the dean"),
        ("remind me on the 20th of next month to pay the fee", day(12, 20, 2026), "pay the fee"),
        ("remind me to send the CV at 9 am", day(11, 24, 2026), "send the CV"),
    ],
)
def test_a_day_and_what_it_is_about(text: str, on: date, subject: str) -> None:
    wish = wished(text)
    assert (wish.kind, wish.day, wish.subject) == ("one", on, subject)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("remind me tomorrow at 5pm", time(17)),
        ("remind me tomorrow at 17:30 to call", time(17, 30)),
        ("remind me on March 3 at noon", time(12)),
        ("remind me tomorrow in the evening", time(19)),
        ("remind me on March 3", None),
    ],
)
def test_an_hour_is_heard(text: str, at: time | None) -> None:
    assert wished(text).at == at


def test_hours_and_minutes_are_exact() -> None:
    assert wished("remind me in two hours to call").moment == NOW + timedelta(hours=2)
    assert wished("remind me in half an hour").moment == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("text", "ahead", "step"),
    [
        ("remind me two weeks before I must apply", relativedelta(days=14), "apply"),
        ("remind me a month before my rotation starts", relativedelta(months=1), "rotation"),
        ("remind me the day before my visa interview", relativedelta(days=1), "visa_interview"),
        ("remind me before I have to book the visa appointment", relativedelta(days=7), "visa_booking"),
        ("please remind me 10 days before the TOEFL", relativedelta(days=10), "english_test"),
        ("remind me when the application opens", relativedelta(), "apply"),
        ("alert me 3 months ahead of step 2", relativedelta(months=3), "step2ck_exam"),
        ("remind me a week before my hepatitis shots", relativedelta(days=7), "hepatitis_b"),
        ("two days before my visa interview", relativedelta(days=2), "visa_interview"),
        ("set a reminder to book flights two months before my rotation", relativedelta(months=2), "rotation"),
    ],
)
def test_a_step_of_the_plan_and_the_time_before_it(text: str, ahead: relativedelta, step: str) -> None:
    wish = wished(text)
    assert (wish.day, wish.ahead) == (None, ahead)
    assert wish.step == step


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("which reminders do I have?", "list", None),
        ("show my reminders", "list", None),
        ("delete reminder 2", "delete", 2),
        ("cancel the reminder about the visa", "delete", None),
        ("stop reminding me", "delete_all", None),
        ("no more reminders please", "delete_all", None),
        ("turn off the reminders", "delete_all", None),
        ("remind me of all the steps", "all", None),
        ("I want reminders for my plan", "all", None),
        ("remind me a week before each deadline", "all", None),
        ("remind me", "one", None),
    ],
)
def test_what_is_wanted_from_the_list(text: str, kind: str, number: int | None) -> None:
    wish = wished(text)
    assert (wish.kind, wish.number) == (kind, number)


@pytest.mark.parametrize(
    ("answer", "zone"),
    [
        ("Karachi", "Asia/Karachi"),
        ("I live in Lagos, Nigeria", "Africa/Lagos"),
        ("in new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("IST", "Asia/Kolkata"),
        ("Asia/Kathmandu", "Asia/Kathmandu"),
        ("UTC+5:30", "UTC+05:30"),
        ("it's 5:37 pm here", "UTC+05:30"),
        ("17:52", "UTC+05:45"),
        ("7:07 am", "UTC-05:00"),
        ("00:10", "UTC+12:00"),
        ("no idea", None),
        ("25:70", None),
    ],
)
def test_where_somebody_is_on_the_clock(answer: str, zone: str | None) -> None:
    assert read_zone(message(answer), NOW) == zone


def test_every_zone_that_is_read_can_be_used_and_an_unknown_one_is_utc() -> None:
    assert zone_of("UTC+05:45").utcoffset(None) == timedelta(hours=5, minutes=45)
    assert zone_of("Asia/Karachi") == ZoneInfo("Asia/Karachi")
    assert (zone_of(""), zone_of("../etc/passwd")) == (UTC, UTC)


def test_a_guess_is_made_only_where_it_is_likely() -> None:
    assert (guess("ur"), guess("hi-IN"), guess("en"), guess("ar"), guess("")) == (
        "Asia/Karachi",
        "Asia/Kolkata",
        "",
        "",
        "",
    )


@settings(deadline=None)
@given(st.integers(0, 2 * 365 * 24 * 60), st.sampled_from(["UTC", "Asia/Kolkata", "UTC-08:00"]))
def test_nobody_is_woken(minutes: int, name: str) -> None:
    moment, zone = NOW + timedelta(minutes=minutes), zone_of(name)
    when = awake(moment, zone)
    assert QUIET_TO <= when.astimezone(zone).time() < QUIET_FROM
    assert moment <= when <= moment + timedelta(hours=11)


def test_a_day_begins_at_nine_in_the_morning_of_its_own_zone() -> None:
    zone = zone_of("America/New_York")
    assert due(day(7, 1), None, zone).astimezone(UTC) == datetime(2027, 7, 1, 13, tzinfo=UTC)
    assert due(day(1, 1), time(18), zone).astimezone(UTC) == datetime(2027, 1, 1, 23, tzinfo=UTC)
    assert snoozed(NOW, 7, zone) == datetime(2026, 11, 30, 9, tzinfo=zone)
