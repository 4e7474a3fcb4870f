"""Money, lengths and months in the words people use."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu import quantities

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a month and a half", 6, 6),
        ("month and a half", 6, 6),
        ("one and a half months", 6, 6),
        ("1.5 months", 6, 6),
        ("2 and a half months", 10, 10),
        ("six weeks", 6, 6),
        ("12-week stay", 12, 12),
        ("4wks", 4, 4),
        ("a fortnight", 2, 2),
        ("half a month", 2, 2),
        ("a couple of weeks", 2, 2),
        ("10 days", 1.4, 1.4),
        ("4-8 weeks", 4, 8),
        ("4 to 8 weeks", 4, 8),
        ("100 weeks", 100, 100),
        ("-3 weeks", -3, -3),
        ("2 mo", 8, 8),
        ("a year", 52, 52),
    ],
)
def test_a_length_is_read_in_weeks(text: str, low: float, high: float) -> None:
    found = quantities.duration(text)
    assert found is not None
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "in 3 months",
        "2 years ago",
        "apply two months before",
        "within a week",
        "2.5k a month",
        "no number here",
        "step 2",
    ],
)
def test_lead_times_ages_and_prices_are_no_lengths(text: str) -> None:
    assert quantities.duration(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("-3", -3), ("6", 6), ("six", 6), ("minus 2", -2), ("100 weeks", None), ("1.5", 1.5), ("", None)],
)
def test_a_bare_number_is_an_answer_only_by_itself(text: str, number: float | None) -> None:
    assert quantities.bare_number(text) == number


@pytest.mark.parametrize(
    ("text", "low", "high", "per"),
    [
        ("under 1000", 1000, 1000, ""),
        ("2.5k a month", 2500, 2500, "4_weeks"),
        ("$1,500", 1500, 1500, ""),
        ("1500 usd", 1500, 1500, ""),
        ("between 1000 and 2000", 1000, 2000, ""),
        ("$1000-2000", 1000, 2000, ""),
        ("1-2k", 1000, 2000, ""),
        ("3k", 3000, 3000, ""),
        ("up to 3 grand", 3000, 3000, ""),
        ("800 a week", 800, 800, "week"),
        ("I have 3k in total", 3000, 3000, "total"),
        ("2,500 dollars per 4 weeks", 2500, 2500, "4_weeks"),
        ("below 2025", 2025, 2025, ""),
        ("budget -200 dollars", -200, -200, ""),
        ("under $500 total", 500, 500, "total"),
    ],
)
def test_an_amount_is_read_in_dollars(text: str, low: float, high: float, per: str) -> None:
    found = quantities.money(text)
    assert found is not None
    assert (found.low, found.high, found.per) == (low, high, per)


@pytest.mark.parametrize(
    "text",
    [
        "less than 4 weeks",
        "graduated 2018",
        "step 1",
        "match 2027",
        "2000 euros",
        "₹5000",
        "5th of 6 years",
        "3 letters",
    ],
)
def test_other_numbers_are_no_dollars(text: str) -> None:
    assert quantities.money(text) is None


def test_a_bare_amount_answers_the_question_about_money() -> None:
    assert quantities.money("1500") is None
    found = quantities.money("1500", expected=True)
    assert found is not None
    assert found.high == 1500


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("still open for September", "2027-09"),
        ("in December", "2026-12"),
        ("March 2028", "2028-03"),
        ("next month", "2026-12"),
        ("in 3 months", "2027-02"),
        ("in may", "2027-05"),
        ("I may come", None),
        ("after eid", None),
        ("summer", None),
        ("2027-04", "2027-04"),
        ("January 1999", "1999-01"),
    ],
)
def test_a_month_is_the_next_one_of_its_name(text: str, month: str | None) -> None:
    assert quantities.start_month(text, TODAY) == month
