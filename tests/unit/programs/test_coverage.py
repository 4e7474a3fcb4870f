"""What the database covers: nothing is counted twice, and what is missing is named."""

from __future__ import annotations

from datetime import date

from bot.programs.coverage import Kept, coverage
from bot.programs.program import ROTATION_TYPES, Program

DAY = date(2026, 11, 20)


def program(slug: str, **values: object) -> Program:
    fields = {"rotation_types": ("elective",), "audience": ("students",), "state": "OH", "confidence": "high"}
    return Program(slug, f"School {slug[0]}", "Visit", "hospital", **{**fields, **values})  # type: ignore[arg-type]


KEPT = (
    Kept(program("a1", fee_usd_min=100.0, fee_period="per_week", lor="yes"), DAY),
    Kept(program("a2", audience=("students", "graduates"), source_date="2019-05", confidence="low"), None),
    Kept(program("b1", state="TX", rotation_types=("elective", "research"), audience=()), None),
    Kept(program("c1", state="", source_date="2026", fee_period="free"), date(2026, 10, 1)),
)


def test_states_types_and_audiences_are_counted() -> None:
    found = coverage(KEPT, states=("OH", "TX", "WY"))
    assert [(line.name, line.count) for line in found.lines] == [("", 1), ("OH", 2), ("TX", 1)]
    assert found.missing == ("WY",)
    assert found.institutions == 3
    elective, research = ROTATION_TYPES.index("elective"), ROTATION_TYPES.index("research")
    assert found.lines[1].cells[elective] == (2, 1)
    assert found.lines[2].cells[research] == (0, 0), "a page that does not say for whom counts for nobody"
    assert found.total.count == 4
    assert (found.total.fee, found.total.dated, found.total.letter) == (50, 50, 25)
    assert found.total.confidence == (75, 0, 25)


def test_the_longest_unseen_come_first_and_days_are_those_of_people() -> None:
    found = coverage(KEPT, states=())
    assert [item.program.slug for item in found.oldest] == ["b1", "a2", "c1", "a1"]
    assert found.checked == (date(2026, 10, 1), DAY)
    assert found.checked_count == 2
    assert found.dates == ("2019", "2019"), "of those that nobody looked at"


def test_nothing_at_all_is_no_error() -> None:
    found = coverage((), states=("OH",))
    assert (found.total.count, found.total.fee, found.checked, found.dates) == (0, 0, None, None)
