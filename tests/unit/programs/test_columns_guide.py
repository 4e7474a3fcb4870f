"""docs/programs.md names every column with the values that the code takes: the guide cannot drift from the reader."""

from __future__ import annotations

import re

import pytest

from bot.programs.rows import COLUMNS, FACT_COLUMNS, read_fact, read_program
from bot.settings import ROOT

PROGRAM = {
    "slug": "a-b",
    "institution": "A",
    "program_name": "B",
    "provider_type": "hospital",
    "rotation_types": "elective",
    "source_url": "https://example.org/a",
    "confidence": "high",
    "notes": "Only some.",
    "fee_usd_min": "",
}
FACT = {"key": "a_b", "value": "1", "unit": "USD", "source_url": "https://example.org/a", "confidence": "high"}
GUIDE = (ROOT / "docs" / "programs.md").read_text(encoding="utf8")


def table(heading: str) -> dict[str, str]:
    """The third column of a table of the guide by its first."""
    part = GUIDE.split(f"## Columns of {heading}\n")[1].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("| `")]
    return {name.strip(" `"): allowed.strip() for name, _, allowed in rows}


def values(allowed: str) -> list[str]:
    """The values that a cell of the guide lists: words in backticks before any condition."""
    return re.findall(r"`([a-z_0-9]+)`", allowed.partition("; with")[0]) if allowed.count("`") > 2 else []


PROGRAM_TABLE, FACT_TABLE = table("programs.csv"), table("facts.csv")
LISTED = [(column, allowed) for column, allowed in PROGRAM_TABLE.items() if values(allowed)]
NEEDED = [(name, PROGRAM, read_program) for name, allowed in PROGRAM_TABLE.items() if "must be given" in allowed]
NEEDED += [(name, FACT, read_fact) for name, allowed in FACT_TABLE.items() if "must be given" in allowed]


def test_every_column_is_named_in_its_order() -> None:
    assert tuple(PROGRAM_TABLE) == COLUMNS
    assert tuple(FACT_TABLE) == FACT_COLUMNS
    assert len(LISTED) >= 12


def refused(column: str, value: str) -> str:
    """Why the reader refuses this value of the column; empty when it takes it."""
    _, problems = read_program({**PROGRAM, column: value}, 2)
    return next((item.reason for item in problems if item.column == column), "")


@pytest.mark.parametrize(("column", "allowed"), LISTED, ids=[column for column, _ in LISTED])
def test_the_listed_values_are_those_that_are_taken(column: str, allowed: str) -> None:
    assert [value for value in values(allowed) if refused(column, value)] == []
    known = refused(column, "something_else").partition(" is not one of ")[2].split(", ")
    assert known == values(allowed)


@pytest.mark.parametrize(("column", "row", "read"), NEEDED, ids=[f"{row[2].__name__} {row[0]}" for row in NEEDED])
def test_what_must_be_given_is_refused_when_empty_and_nothing_else_is(column: str, row: dict, read: object) -> None:
    assert callable(read)
    assert read({**row, column: ""}, 2)[0] is None
    assert read(row, 2)[0] is not None
