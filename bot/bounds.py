"""What a number or a day from outside may be, so that every database can hold it: one meaning for all borders."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import Field

LARGEST = 2**31 - 1
"""PostgreSQL's integer, the type of all our numbers."""
FIRST_YEAR, LAST_YEAR = 2000, 2200
_DIGITS = re.compile(r"[0-9]{1,10}")

Number = Annotated[int, Field(ge=0, le=LARGEST)]
"""A number in a path, a query or a form: an id, a page, a place in a conversation."""


def read_number(written: str) -> int | None:
    """The number, or None when it is none or no database could hold it."""
    return int(written) if _DIGITS.fullmatch(written) and int(written) <= LARGEST else None


def read_day(written: str) -> date | None:
    """The day (YYYY-MM-DD), or None when it is none; days may be added to it without falling off the calendar."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
