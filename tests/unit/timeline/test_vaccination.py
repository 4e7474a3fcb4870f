"""A hepatitis B series: when it is complete, and when a titer is there too."""

from __future__ import annotations

import pytest

from bot.timeline.vaccination import FAST, STANDARD, series_from

from .ground import d, facts, rules


@pytest.mark.parametrize(
    ("key", "complete", "tested"), [(STANDARD, "2027-07-10", "2027-09-08"), (FAST, "2027-02-10", "2027-04-11")]
)
def test_a_series_is_counted_from_its_first_dose(key: str, complete: str, tested: str) -> None:
    found = series_from(d("2027-01-10"), key, rules(), facts())
    assert (found.complete, found.tested) == (d(complete), d(tested))
