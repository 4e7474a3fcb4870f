"""In which months a program takes nobody, by the words of its application window ("no observers June-August")."""

from __future__ import annotations

import calendar
import re
from datetime import date

from dateutil.relativedelta import relativedelta

_MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH = rf"(?:\d{{1,2}} )?({'|'.join(_MONTHS)})[a-z]*"
_RANGE = rf"{_MONTH}(?: ?(?:-|to|and) ?{_MONTH})?"
_STAYS = r"(?:placements|observers|visitors|visits|rotations|electives|students)"
_CLOSED = re.compile(rf"\b(?:no {_STAYS}(?: in)?|closed in) {_RANGE}", re.IGNORECASE)
_OPEN = re.compile(
    rf"\b(?:{_STAYS} (?:only |from )?{_RANGE}\b(?! \d| ?(?:-|to\b|and\b))|{_RANGE} only(?! by))", re.IGNORECASE
)
_YEAR = 12


def closed_months(window: str) -> frozenset[int]:
    """The months, 1 to 12, of which a window says that they are closed, or leaves out where it names the open ones.

    Applications have months of their own: "no new applications in June" closes none.
    """
    if closed := _CLOSED.search(window):
        return _between(closed)
    opened = _OPEN.search(window)
    return frozenset(range(1, _YEAR + 1)) - _between(opened) if opened else frozenset()


def after_closed(window: str, start: date) -> date | None:
    """The first day of the next open month where a start falls into a closed one; None where it does not."""
    closed = closed_months(window)
    if start.month not in closed:
        return None
    months = (start.replace(day=1) + relativedelta(months=more) for more in range(1, _YEAR))
    return next((month for month in months if month.month not in closed), None)


def _between(found: re.Match[str]) -> frozenset[int]:
    """The months of a range; one that runs over the end of the year goes on in January."""
    named = [_MONTHS[name.lower()] for name in found.groups() if name]
    first, last = named[0], named[-1]
    return frozenset((first - 1 + more) % _YEAR + 1 for more in range((last - first) % _YEAR + 1))
