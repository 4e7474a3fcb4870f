"""Programs side by side: the order of what is known and what is not, and measures in figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.programs.program import Program
from bot.web.result_page import MEASURES, in_order, row

PLAIN = Program("plain", "A", "Electives", "hospital")
CHEAP = replace(PLAIN, slug="cheap", fee_usd_min=100, fee_period="per_week", apply_months_before_max=6)
DEAR = replace(PLAIN, slug="dear", fee_usd_min=900, fee_usd_max=1200, fee_period="per_week", duration_weeks_min=2)
FREE = replace(PLAIN, slug="free", fee_period="free", apply_months_before_min=1, duration_weeks_max=8)


@pytest.mark.parametrize(
    ("sort", "slugs"),
    [
        ("given", ["plain", "dear", "cheap", "free"]),
        ("fee", ["free", "cheap", "dear", "plain"]),
        ("lead", ["free", "cheap", "plain", "dear"]),
        ("length", ["dear", "free", "plain", "cheap"]),
    ],
)
def test_what_is_not_stated_comes_last_and_never_as_the_least(sort: str, slugs: list[str]) -> None:
    assert [program.slug for program in in_order([PLAIN, DEAR, CHEAP, FREE], sort)] == slugs  # type: ignore[arg-type]
    assert sort == "given" or sort in MEASURES


def test_measures_need_no_words_and_what_is_unknown_has_none() -> None:
    assert (row(PLAIN).fee, row(PLAIN).lead, row(PLAIN).length) == ("", "", "")
    assert (row(DEAR).fee, row(DEAR).length) == ("3,600\N{EN DASH}4,800", "2")
    assert (row(FREE).fee, row(FREE).lead, row(FREE).length) == ("free", "1", "8")
    assert row(replace(PLAIN, apply_months_before_min=3, apply_months_before_max=6)).lead == "3\N{EN DASH}6"
