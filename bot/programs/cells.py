"""Reads single cells of the seed files, strictly: each reader returns the value or says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.programs.vocabulary import vocabulary

LONGEST_CELL = 2000
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KEY = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Reader = Callable[[str], Any]


class CellError(ValueError):
    """A cell that cannot be read; the message is the reason."""


def clean(cell: str) -> str:
    if _CONTROL.search(cell):
        raise CellError("contains a line break or control character")
    if cell != cell.strip():
        raise CellError("has spaces at its start or end")
    if len(cell) > LONGEST_CELL:
        raise CellError(f"is longer than {LONGEST_CELL} characters")
    return cell


def required(cell: str) -> str:
    if not cell:
        raise CellError("is empty")
    return cell


def matching(pattern: re.Pattern[str], example: str) -> Reader:
    def read(cell: str) -> str:
        if not pattern.fullmatch(required(cell)):
            raise CellError(f"“{_short(cell)}” is not of the form {example}")
        return cell

    return read


def one_of(allowed: Sequence[str], *, empty: bool = True) -> Reader:
    def read(cell: str) -> str:
        if not (cell in allowed or (empty and not cell)):
            raise CellError(f"“{_short(cell)}” is not one of {', '.join(allowed)}" if cell else "is empty")
        return cell

    return read


def list_of(allowed: Sequence[str] | None = None, *, empty: bool = True) -> Reader:
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


def specialties(cell: str) -> tuple[str, ...]:
    items: tuple[str, ...] = list_of()(cell)
    if any(item != item.lower() for item in items):
        raise CellError("specialties are written in lower case")
    return items


def state(cell: str) -> str:
    if cell and cell not in vocabulary().codes:
        raise CellError(f"“{_short(cell)}” is not a two-letter US state")
    return cell


def amount(cell: str) -> float | None:
    if not cell:
        return None
    if cell.startswith("-"):
        raise CellError(f"“{_short(cell)}” is negative")
    if not _NUMBER.fullmatch(cell):
        raise CellError(f"“{_short(cell)}” is not a plain number")
    return float(cell)


def weeks(cell: str) -> float | None:
    value = amount(cell)
    if value is not None and not 0 < value <= 520:
        raise CellError(f"“{_short(cell)}” weeks is not between 0 and 520")
    return value


def months(cell: str) -> float | None:
    value = amount(cell)
    if value is not None and value > 36:
        raise CellError(f"“{_short(cell)}” months is more than three years")
    return value


def day(cell: str) -> str:
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


def url(cell: str) -> str:
    if cell:
        _check_url(cell)
    return cell


def required_url(cell: str) -> str:
    return url(required(cell))


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
