"""Tables for people: CSV files that somebody opens in a spreadsheet, which must run nothing that stands in them.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV injection"). `bot export`
writes what `bot import` reads, letter by letter, and has no such cells: its files are for the repository.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from fastapi import Response

_FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # Excel in Chinese and Japanese takes these for the same.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", *_FULL_WIDTH)
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def harmless(cell: object) -> str:
    """The text of a cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else f"{cell:.4f}" if isinstance(cell, float) else str(cell)
    is_risky = text.startswith(_RISKY) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if is_risky else text


def csv_file(rows: Iterable[Iterable[object]], name: str) -> Response:
    """The rows as a download."""
    written = io.StringIO()
    csv.writer(written).writerows([[harmless(cell) for cell in row] for row in rows])
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
