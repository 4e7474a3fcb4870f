"""The strict reading of one row of programs.csv or facts.csv, and its exact writing.

Every cell is checked and every problem of a row is named, so that whoever keeps the file can mend it in one go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.core.programs import (
    AUDIENCES,
    CONFIDENCES,
    FEE_PERIODS,
    LEVELS,
    PROVIDER_TYPES,
    ROTATION_TYPES,
    ROUTES,
    STATES,
    Program,
    number,
)  # fmt: skip

COLUMNS = tuple(item.name for item in fields(Program))
FACT_COLUMNS = ("key", "value", "unit", "applies_to", "explanation", "source_url", "source_date", "confidence")
LONGEST_CELL = 2000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: the line of the file (the header is line 1), the column, and the reason in words."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


class CellError(ValueError):
    """A cell that cannot be read; the message is the reason."""


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


def read_header(cells: Sequence[str], wanted: Sequence[str]) -> list[Problem]:
    """What is wrong with the first line of a file."""
    problems = [Problem(1, name, "column is missing") for name in wanted if name not in cells]
    problems += [Problem(1, name or "(empty)", "unknown column") for name in dict.fromkeys(cells) if name not in wanted]
    problems += [Problem(1, name, "column appears twice") for name in wanted if cells.count(name) > 1]
    return problems


def read_program(cells: Mapping[str, str], line: int) -> tuple[Program | None, list[Problem]]:
    """The program of a row, or None and everything that is wrong with it."""
    values, problems = _read(cells, line, _READERS)
    if problems:
        return None, problems
    program = Program(**values)
    problems = [Problem(line, column, reason) for column, reason in _contradictions(program)]
    return (None, problems) if problems else (program, [])


def read_fact(cells: Mapping[str, str], line: int) -> tuple[FactRow | None, list[Problem]]:
    """The fact of a row, or None and everything that is wrong with it."""
    values, problems = _read(cells, line, _FACT_READERS)
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


Reader = Callable[[str], Any]


def _read(cells: Mapping[str, str], line: int, readers: Mapping[str, Reader]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, reader in readers.items():
        try:
            values[column] = reader(_clean(cells.get(column, "")))
        except CellError as error:
            problems.append(Problem(line, column, str(error)))
    return values, problems


def _clean(cell: str) -> str:
    if _CONTROL.search(cell):
        raise CellError("contains a line break or control character")
    if cell != cell.strip():
        raise CellError("has spaces at its start or end")
    if len(cell) > LONGEST_CELL:
        raise CellError(f"is longer than {LONGEST_CELL} characters")
    return cell


def _required(cell: str) -> str:
    if not cell:
        raise CellError("is empty")
    return cell


def _matching(pattern: re.Pattern[str], example: str) -> Reader:
    def read(cell: str) -> str:
        if not pattern.fullmatch(_required(cell)):
            raise CellError(f"“{_short(cell)}” is not of the form {example}")
        return cell

    return read


def _one_of(allowed: Sequence[str], *, empty: bool = True) -> Reader:
    def read(cell: str) -> str:
        if not (cell in allowed or (empty and not cell)):
            raise CellError(f"“{_short(cell)}” is not one of {', '.join(allowed)}" if cell else "is empty")
        return cell

    return read


def _list_of(allowed: Sequence[str] | None = None, *, empty: bool = True) -> Reader:
    def read(cell: str) -> tuple[str, ...]:
        items = tuple(cell.split(";")) if cell else ()
        if not items and not empty:
            raise CellError("is empty")
        if any(not item or item != item.strip() for item in items):
            raise CellError("has an empty item or a space around a semicolon")
        if len(set(items)) < len(items):
            raise CellError("names an item twice")
        strange = [item for item in items if allowed and item not in allowed]
        if strange and allowed:
            raise CellError(f"“{_short(strange[0])}” is not one of {', '.join(allowed)}")
        return items

    return read


def _specialties(cell: str) -> tuple[str, ...]:
    items: tuple[str, ...] = _list_of()(cell)
    if any(item != item.lower() for item in items):
        raise CellError("specialties are written in lower case")
    return items


def _state(cell: str) -> str:
    if cell and cell not in STATES:
        raise CellError(f"“{_short(cell)}” is not a two-letter US state")
    return cell


def _amount(cell: str) -> float | None:
    if not cell:
        return None
    if cell.startswith("-"):
        raise CellError(f"“{_short(cell)}” is negative")
    if not _NUMBER.fullmatch(cell):
        raise CellError(f"“{_short(cell)}” is not a plain number")
    return float(cell)


def _weeks(cell: str) -> float | None:
    value = _amount(cell)
    if value is not None and not 0 < value <= 520:
        raise CellError(f"“{_short(cell)}” weeks is not between 0 and 520")
    return value


def _months(cell: str) -> float | None:
    value = _amount(cell)
    if value is not None and value > 36:
        raise CellError(f"“{_short(cell)}” months is more than three years")
    return value


def _date(cell: str) -> str:
    found = _DATE.fullmatch(cell)
    if not cell:
        return cell
    if not found:
        raise CellError(f"“{_short(cell)}” is not YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError as error:
        raise CellError(f"“{_short(cell)}” is not a day of the calendar") from error
    return cell


def _url(cell: str) -> str:
    if cell:
        _check_url(cell)
    return cell


def _required_url(cell: str) -> str:
    return _url(_required(cell))


def _check_url(cell: str) -> None:
    try:
        parts = urlsplit(cell)
        host = parts.hostname or ""
    except ValueError as error:
        raise CellError(f"“{_short(cell)}” is not a web address") from error
    if parts.scheme not in ("http", "https") or "." not in host or re.search(r"[\s<>\"]", cell):
        raise CellError(f"“{_short(cell)}” is not a web address")


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:40]}…"


def _contradictions(program: Program) -> list[tuple[str, str]]:
    """Cells that are fine alone and wrong together."""
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
    if program.accepts_international == "restricted" and not program.notes:
        found.append(("notes", "must say who is excluded when accepts_international is restricted"))
    return found


def _more(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low > high


_text: Reader = str
_READERS: dict[str, Reader] = {
    "slug": _matching(_SLUG, "lower-case-words-with-hyphens"),
    "institution": _required,
    "program_name": _required,
    "provider_type": _one_of(PROVIDER_TYPES, empty=False),
    "route": _one_of(ROUTES),
    "city": _text,
    "state": _state,
    "rotation_types": _list_of(ROTATION_TYPES, empty=False),
    "audience": _list_of(AUDIENCES),
    "accepts_international": _one_of(("yes", "no", "restricted")),
    "hands_on": _one_of(("yes", "no", "mixed")),
    "vslo": _one_of(("yes", "no")),
    "step1": _one_of(LEVELS),
    "step2ck": _one_of(LEVELS),
    "english_test": _one_of(LEVELS),
    "english_detail": _text,
    "application_fee_usd": _amount,
    "fee_usd_min": _amount,
    "fee_usd_max": _amount,
    "fee_period": _one_of(FEE_PERIODS),
    "duration_weeks_min": _weeks,
    "duration_weeks_max": _weeks,
    "max_weeks_total": _weeks,
    "apply_months_before_min": _months,
    "apply_months_before_max": _months,
    "application_window": _text,
    "visa": _text,
    "lor": _one_of(("yes", "no", "case_by_case")),
    "specialties": _specialties,
    "documents": _list_of(),
    "notes": _text,
    "source_url": _required_url,
    "source_date": _date,
    "confidence": _one_of(CONFIDENCES, empty=False),
}
_FACT_READERS: dict[str, Reader] = {
    "key": _matching(_KEY, "lower_case_words"),
    "value": _required,
    "unit": _required,
    "applies_to": _text,
    "explanation": _text,
    "source_url": _url,
    "source_date": _date,
    "confidence": _one_of(CONFIDENCES, empty=False),
}
