"""Which months an application window closes."""

from __future__ import annotations

from datetime import date

import pytest

from bot.programs.closed_months import after_closed, closed_months

WINDOWS = [
    ("Apply about 6 months before; no placements June-August", {6, 7, 8}),
    ("closed in July (an older page said otherwise)", {7}),
    ("August to February only", {3, 4, 5, 6, 7}),
    ("visits only 1 November - 31 May", {6, 7, 8, 9, 10}),
    ("rotations November to April only", {5, 6, 7, 8, 9, 10}),
    ("electives from June to December", {1, 2, 3, 4, 5}),
    ("no new applications in June and July", set()),
    ("November-January only by invitation", set()),
    ("one-month rotations January-April 2025 at the time of the page", set()),
    ("applications from 1 April", set()),
    ("", set()),
]


@pytest.mark.parametrize(("window", "closed"), WINDOWS)
def test_closed_months_are_read_where_the_window_names_stays(window: str, closed: set[int]) -> None:
    assert closed_months(window) == closed


def test_the_next_open_month_follows_a_start_in_a_closed_one() -> None:
    assert after_closed("no observers June-August", date(2027, 7, 15)) == date(2027, 9, 1)
    assert after_closed("no observers December-January", date(2027, 12, 1)) == date(2028, 2, 1)
    assert after_closed("no observers June-August", date(2027, 9, 1)) is None
