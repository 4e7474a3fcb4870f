"""The strict reading of one row of programs.csv or facts.csv, and its exact writing.

Every field is checked and every problem of a row is named, so that whoever keeps the file can mend it in one go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bot.programs.fields import (
    KEY,
    SLUG,
    FieldError,
    Reader,
    amount,
    clean,
    day,
    list_of,
    matching,
    months,
    one_of,
    prices,
    required,
    required_url,
    season,
    specialties,
    state,
    url,
    weeks,
    years,
)
from bot.programs.program import (
    AGREEMENTS,
    AUDIENCES,
    CITIZENSHIPS,
    CONFIDENCES,
    FEE_PERIODS,
    LEVELS,
    PROVIDER_TYPES,
    ROTATION_TYPES,
    ROUTES,
    Program,
    number,
)

COLUMNS = tuple(item.name for item in fields(Program) if item.compare)
LATER_COLUMNS = (
    "ecfmg",
    "graduated_within_years",
    "citizenship",
    "residency_applicants",
    "home_agreement",
    "fee_year",
    "price_list",
    "stipend",
    "housing",
    "hours",
    "decided_by",
    "certificate",
)
"""Columns that a file may lack, because it was written before they were; it then leaves what is known of them alone."""
FACT_COLUMNS = ("key", "value", "unit", "applies_to", "explanation", "source_url", "source_date", "confidence")


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: the line of the file (the header is line 1), the column, and the reason in words."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


@dataclass(frozen=True)
class FactRow:
    """One line of facts.csv: a date, number, range or short text with its unit and source."""

    key: str
    value: str
    unit: str = ""
    applies_to: str = ""
    explanation: str = ""
    source_url: str = ""
    source_date: str = ""
    confidence: str = ""

    @property
    def range(self) -> tuple[float, float] | None:
        """The value as a lower and an upper number ("185" and "3000-5000"), None for a text."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", self.value)
        return (float(found[1]), float(found[2] or found[1])) if found else None


def read_header(names: Sequence[str], wanted: Sequence[str], *, later: Sequence[str] = ()) -> list[Problem]:
    """What is wrong with the first line of a file, which may lack the `later` columns."""
    needed = [name for name in wanted if name not in later]
    problems = [Problem(1, name, "column is missing") for name in needed if name not in names]
    problems += [Problem(1, name or "(empty)", "unknown column") for name in dict.fromkeys(names) if name not in wanted]
    problems += [Problem(1, name, "column appears twice") for name in wanted if names.count(name) > 1]
    return problems


def read_program(row: Mapping[str, str], line: int) -> tuple[Program | None, list[Problem]]:
    """The program of a row, or None and everything that is wrong with it."""
    values, problems = _read(row, line, _READERS)
    if problems:
        return None, problems
    program = Program(**values)
    problems = [Problem(line, column, reason) for column, reason in _contradictions(program)]
    return (None, problems) if problems else (program, [])


def read_fact(row: Mapping[str, str], line: int) -> tuple[FactRow | None, list[Problem]]:
    """The fact of a row, or None and everything that is wrong with it."""
    values, problems = _read(row, line, _FACT_READERS)
    if problems:
        return None, problems
    if not values["source_url"] and not values["explanation"]:
        return None, [Problem(line, "source_url", "a fact without a source needs an explanation that names one")]
    return FactRow(**values), []


def write_program(program: Program) -> dict[str, str]:
    """The row that `read_program` reads back as the same program."""
    return {name: _written(getattr(program, name)) for name in COLUMNS}


def write_fact(fact: FactRow) -> dict[str, str]:
    """The row that `read_fact` reads back as the same fact."""
    return {name: getattr(fact, name) for name in FACT_COLUMNS}


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return number(value) if isinstance(value, float) else str(value)


def _read(row: Mapping[str, str], line: int, readers: Mapping[str, Reader]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, reader in readers.items():
        try:
            values[column] = reader(clean(row.get(column, "")))
        except FieldError as error:
            problems.append(Problem(line, column, str(error)))
    return values, problems


def _contradictions(program: Program) -> list[tuple[str, str]]:
    """Fields that are fine alone and wrong together."""
    found = [
        (column, f"{low_name} is more than {column}")
        for low_name, column in (
            ("fee_usd_min", "fee_usd_max"),
            ("duration_weeks_min", "duration_weeks_max"),
            ("duration_weeks_min", "max_weeks_total"),
            ("apply_months_before_min", "apply_months_before_max"),
        )
        if _more(getattr(program, low_name), getattr(program, column))
    ]
    if program.fee_usd_min is None and program.fee_usd_max is not None:
        found.append(("fee_usd_min", "is empty although fee_usd_max is given"))
    if program.fee_usd_min is not None and not program.fee_period:
        found.append(("fee_period", "is empty although a fee is given"))
    if program.fee_period == "free" and (program.fee_usd_max or program.fee_usd_min):
        found.append(("fee_period", "says free although a fee is given"))
    if program.fee_period not in ("", "free") and program.fee_usd_min is None:
        found.append(("fee_usd_min", f"is empty although the period is {program.fee_period}"))
    if program.fee_year and not (program.fee_period or program.application_fee_usd is not None):
        found.append(("fee_year", "is given although no fee is"))
    if program.price_list and program.fee_usd_min is None:
        found.append(("price_list", "is given although fee_usd_min is empty, which the search goes by"))
    if program.accepts_international == "restricted" and not program.notes:
        found.append(("notes", "must say who is excluded when accepts_international is restricted"))
    return found


def _more(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low > high


_text: Reader = str
_READERS: dict[str, Reader] = {
    "slug": matching(SLUG, "lower-case-words-with-hyphens"),
    "institution": required,
    "program_name": required,
    "provider_type": one_of(PROVIDER_TYPES, empty=False),
    "route": one_of(ROUTES),
    "city": _text,
    "state": state,
    "rotation_types": list_of(ROTATION_TYPES, empty=False),
    "audience": list_of(AUDIENCES),
    "accepts_international": one_of(("yes", "no", "restricted")),
    "hands_on": one_of(("yes", "no", "mixed")),
    "vslo": one_of(("yes", "no")),
    "step1": one_of(LEVELS),
    "step2ck": one_of(LEVELS),
    "english_test": one_of(LEVELS),
    "english_detail": _text,
    "ecfmg": one_of(LEVELS),
    "graduated_within_years": years,
    "citizenship": one_of(CITIZENSHIPS),
    "residency_applicants": one_of(("yes", "no")),
    "home_agreement": one_of(AGREEMENTS),
    "application_fee_usd": amount,
    "fee_usd_min": amount,
    "fee_usd_max": amount,
    "fee_period": one_of(FEE_PERIODS),
    "fee_year": season,
    "price_list": prices,
    "stipend": _text,
    "housing": _text,
    "duration_weeks_min": weeks,
    "duration_weeks_max": weeks,
    "max_weeks_total": weeks,
    "hours": _text,
    "apply_months_before_min": months,
    "apply_months_before_max": months,
    "application_window": _text,
    "decided_by": _text,
    "visa": _text,
    "lor": one_of(("yes", "no", "case_by_case")),
    "certificate": one_of(("yes", "no")),
    "specialties": specialties,
    "documents": list_of(),
    "notes": _text,
    "source_url": required_url,
    "source_date": day,
    "confidence": one_of(CONFIDENCES, empty=False),
}
_FACT_READERS: dict[str, Reader] = {
    "key": matching(KEY, "lower_case_words"),
    "value": required,
    "unit": required,
    "applies_to": _text,
    "explanation": _text,
    "source_url": url,
    "source_date": day,
    "confidence": one_of(CONFIDENCES, empty=False),
}
