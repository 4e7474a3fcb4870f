"""Reads the fields of the seed files, strictly: each reader returns the value or says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.programs.price_list import SHAPE, read_prices
from bot.programs.vocabulary import vocabulary

LONGEST = 2000
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KEY = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_SEASON = re.compile(r"(\d{4})(?:-(\d{2}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Reader = Callable[[str], Any]


class FieldError(ValueError):
    """A field that cannot be read; the message is the reason."""


def clean(text: str) -> str:
    if _CONTROL.search(text):
        raise FieldError("contains a line break or control character")
    if text != text.strip():
        raise FieldError("has spaces at its start or end")
    if len(text) > LONGEST:
        raise FieldError(f"is longer than {LONGEST} characters")
    return text


def required(text: str) -> str:
    if not text:
        raise FieldError("is empty")
    return text


def matching(pattern: re.Pattern[str], example: str) -> Reader:
    def read(text: str) -> str:
        if not pattern.fullmatch(required(text)):
            raise FieldError(f"“{_short(text)}” is not of the form {example}")
        return text

    return read


def prices(text: str) -> str:
    """A price list, written the one way."""
    try:
        return "; ".join(map(str, read_prices(text)))
    except ValueError:
        raise FieldError(f"“{_short(text)}” is not of the form {SHAPE}") from None


def one_of(allowed: Sequence[str], *, empty: bool = True) -> Reader:
    def read(text: str) -> str:
        if not (text in allowed or (empty and not text)):
            raise FieldError(f"“{_short(text)}” is not one of {', '.join(allowed)}" if text else "is empty")
        return text

    return read


def list_of(allowed: Sequence[str] | None = None, *, empty: bool = True) -> Reader:
    def read(text: str) -> tuple[str, ...]:
        items = tuple(item.strip() for item in text.split(";")) if text else ()
        if not items and not empty:
            raise FieldError("is empty")
        if not all(items):
            raise FieldError("has an empty item: a semicolon too many")
        if len(set(items)) < len(items):
            raise FieldError("names an item twice")
        strange = [item for item in items if allowed and item not in allowed]
        if strange and allowed:
            raise FieldError(f"“{_short(strange[0])}” is not one of {', '.join(allowed)}")
        return items

    return read


def specialties(text: str) -> tuple[str, ...]:
    items: tuple[str, ...] = list_of()(text)
    if any(item != item.lower() for item in items):
        raise FieldError("specialties are written in lower case")
    return items


def state(text: str) -> str:
    if text and text not in vocabulary().codes:
        raise FieldError(f"“{_short(text)}” is not a two-letter US state")
    return text


def amount(text: str) -> float | None:
    if not text:
        return None
    if text.startswith("-"):
        raise FieldError(f"“{_short(text)}” is negative")
    if not _NUMBER.fullmatch(text):
        raise FieldError(f"“{_short(text)}” is not a plain number")
    return float(text)


def weeks(text: str) -> float | None:
    value = amount(text)
    if value is not None and not 0 < value <= 520:
        raise FieldError(f"“{_short(text)}” weeks is not between 0 and 520")
    return value


def years(text: str) -> float | None:
    value = amount(text)
    if value is not None and not 0 < value <= 50:
        raise FieldError(f"“{_short(text)}” years is not between 0 and 50")
    return value


def season(text: str) -> str:
    """A year or two in a row: 2026 or 2026-27."""
    found = _SEASON.fullmatch(text)
    if text and not (found and (not found[2] or int(found[2]) == (int(found[1]) + 1) % 100)):
        raise FieldError(f"“{_short(text)}” is not YYYY or YYYY-YY")
    return text


def months(text: str) -> float | None:
    value = amount(text)
    if value is not None and value > 36:
        raise FieldError(f"“{_short(text)}” months is more than three years")
    return value


def day(text: str) -> str:
    found = _DATE.fullmatch(text)
    if not text:
        return text
    if not found:
        raise FieldError(f"“{_short(text)}” is not YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError as error:
        raise FieldError(f"“{_short(text)}” is not a day of the calendar") from error
    return text


def url(text: str) -> str:
    if text:
        _check_url(text)
    return text


def required_url(text: str) -> str:
    return url(required(text))


def _check_url(text: str) -> None:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError as error:
        raise FieldError(f"“{_short(text)}” is not a web address") from error
    if parts.scheme not in ("http", "https") or "." not in host or re.search(r"[\s<>\"]", text):
        raise FieldError(f"“{_short(text)}” is not a web address")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
