"""Days of a season by name, and the last days for exams."""

from __future__ import annotations

import pytest

from bot.timeline.deadlines import exam_limit, named_day

from .ground import TODAY, d, facts, rules


@pytest.mark.parametrize(
    ("name", "asked", "year", "day"),
    [
        ("match_day", {}, 2027, "2027-03-19"),
        ("match_day", {"match_year": 2026}, 2026, "2026-03-20"),
        ("match_week", {"match_year": 2026}, 2026, "2026-03-16"),
        ("season_opens", {"match_year": 2027}, 2027, "2026-06-03"),
        ("season_opens", {"year": 2027}, 2028, "2027-06-02"),
        ("submit_opens", {"match_year": 2026}, 2026, "2025-09-03"),
        ("registration_opens", {"year": 2025}, 2026, "2025-09-15"),
    ],
)
def test_a_day_is_found_by_its_name_and_its_year(name: str, asked: dict[str, int], year: int, day: str) -> None:
    found = named_day(name, rules(), facts(), today=TODAY, **asked)
    assert found
    assert (found.match_year, found.day) == (year, d(day))


def test_a_day_that_is_published_is_no_estimate() -> None:
    found = [named_day("match_day", rules(), facts(), today=TODAY, match_year=year) for year in (2026, 2030)]
    assert [item.estimated for item in found if item] == [False, True]


def test_an_unknown_name_has_no_day() -> None:
    assert named_day("carnival", rules(), facts(), today=TODAY) is None


@pytest.mark.parametrize("exam", ["step1", "step2ck"])
def test_an_exam_is_sat_so_that_its_result_is_there(exam: str) -> None:
    limit = exam_limit(exam, 2028, rules(), facts())
    assert (limit.limit.day - limit.safe).days == 8 * 7
    assert (limit.final.day - limit.last).days == 4 * 7
    assert limit.safe < limit.last
