"""Numbers and days from outside: what no database can hold is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.bounds import LARGEST, Number, read_day, read_number


@pytest.mark.parametrize(
    ("written", "number"),
    [("0", 0), ("7", 7), (str(LARGEST), LARGEST), (str(LARGEST + 1), None), ("9" * 5_000, None), ("-1", None)]
    + [(odd, None) for odd in ("", " 7", "²", "١٢", "1e3", "7\n", "0x7", "1_0")],
)
def test_a_number_is_digits_up_to_the_largest(written: str, number: int | None) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize("value", [-1, LARGEST + 1, 2**63, "9" * 5_000, "nan", 1.5, None])
def test_a_field_refuses_the_same(value: object) -> None:
    assert TypeAdapter(Number).validate_python(LARGEST) == LARGEST
    with pytest.raises(ValidationError):
        TypeAdapter(Number).validate_python(value)


@pytest.mark.parametrize(
    "written", ["9999-12-31", "0000-00-00", "0001-01-01", "1999-12-31", "2201-01-01", "", "x", "2026-02-30"]
)
def test_a_day_off_the_calendar_is_none(written: str) -> None:
    assert read_day(written) is None


def test_days_may_be_added_to_the_last_one() -> None:
    assert read_day("2026-11-23") == date(2026, 11, 23)
    last = read_day("2200-12-31")
    assert last
    assert last + timedelta(days=3660)
