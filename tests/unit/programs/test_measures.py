"""Money, lengths and months in the words people use, as search and costs take them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.programs import measures
from tests.unit.extractor import message

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
    assert [length.weeks for length in measures.stays(message(text).frame)] == [(low, high)]


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
def test_lead_times_ages_and_prices_are_no_stays(text: str) -> None:
    assert measures.stays(message(text).frame) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-3", -3),
        ("6", 6),
        ("six", 6),
        ("minus 2", -2),
        ("100 weeks", None),
        ("1.5", 1.5),
        ("", None),
        ("2 or 3", None),
    ],
)
def test_a_bare_number_is_an_answer_only_by_itself(text: str, number: float | None) -> None:
    assert measures.bare_number(message(text).frame) == number


@pytest.mark.parametrize(
    ("text", "high", "per", "is_total"),
    [
        ("under 1000", 1000, "", False),
        ("2.5k a month", 2500, "month", False),
        ("$1,500", 1500, "", False),
        ("1500 usd", 1500, "", False),
        ("between 1000 and 2000", 2000, "", False),
        ("$1000-2000", 2000, "", False),
        ("1-2k", 2000, "", False),
        ("3k", 3000, "", False),
        ("up to 3 grand", 3000, "", False),
        ("800 a week", 800, "week", False),
        ("I have 3k in total", 3000, "total", True),
        ("I have 3000 dollars", 3000, "", True),
        ("2,500 dollars per 4 weeks", 2500, "4_weeks", False),
        ("below 2025", 2025, "", False),
        ("budget -200 dollars", -200, "", False),
        ("under $500 total", 500, "total", True),
        ("fees below 900", 900, "", False),
    ],
)
def test_a_budget_is_read_in_dollars(text: str, high: float, per: str, is_total: bool) -> None:
    frame = message(text).frame
    found = measures.budget(frame)
    assert found is not None
    assert (found.high, found.per, measures.is_total(frame, found)) == (high, per, is_total)


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
        "they asked me for 3000 dollars",
        "1500",
    ],
)
def test_other_numbers_are_no_budget(text: str) -> None:
    assert measures.budget(message(text).frame) is None


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
        ("next summer", "2027-06"),
        ("2027-04", "2027-04"),
        ("January 1999", "1999-01"),
        ("starting in 2026", "2026-11"),
        ("observership in 2028", "2028-01"),
        ("more than 2000 is too much", None),
        ("I graduate in June 2027", None),
        ("not in March", None),
        ("my exam is in May", None),
    ],
)
def test_a_start_is_the_next_month_of_its_name(text: str, month: str | None) -> None:
    assert measures.start_month(message(text).frame, TODAY) == month
