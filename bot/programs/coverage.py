"""What the database covers and where it is thin: programs by state, type and audience, and how much their pages say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.programs.program import AUDIENCES, CONFIDENCES, ROTATION_TYPES, Program


@dataclass(frozen=True)
class Kept:
    """A program with the day on which somebody compared it with its page last, None for never."""

    program: Program
    checked: date | None


@dataclass(frozen=True)
class Line:
    """The programs of one place (a state, empty for several sites, or all): counts, and shares in whole percent.

    `cells` hold, for each rotation type, how many are for students and for graduates; one may be for both or not say.
    """

    name: str
    count: int
    cells: tuple[tuple[int, int], ...]
    fee: int
    dated: int
    letter: int
    confidence: tuple[int, ...]


@dataclass(frozen=True)
class Coverage:
    """All programs, each state with its line in the order of names, and the programs longest out of sight first."""

    total: Line
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    institutions: int
    oldest: tuple[Kept, ...]
    checked: tuple[date, date] | None
    dates: tuple[str, str] | None

    @property
    def checked_count(self) -> int:
        return sum(item.checked is not None for item in self.oldest)


def coverage(kept: Sequence[Kept], *, states: Iterable[str]) -> Coverage:
    """The coverage of these programs; `missing` are those of the `states` that have none."""
    programs = [item.program for item in kept]
    by_state = Counter(program.state for program in programs)
    days = sorted(item.checked for item in kept if item.checked)
    dates = sorted(item.program.source_date for item in kept if item.program.source_date and not item.checked)
    return Coverage(
        total=_line("", programs),
        lines=tuple(_line(name, [item for item in programs if item.state == name]) for name in sorted(by_state)),
        missing=tuple(sorted(set(states) - set(by_state))),
        institutions=len({program.institution for program in programs}),
        oldest=tuple(sorted(kept, key=_age)),
        checked=(days[0], days[-1]) if days else None,
        dates=(dates[0][:4], dates[-1][:4]) if dates else None,
    )


def _age(item: Kept) -> tuple[str, str]:
    seen = item.checked.isoformat() if item.checked else item.program.source_date
    return (seen, item.program.slug)


def _line(name: str, programs: Sequence[Program]) -> Line:
    def share(count: int) -> int:
        return round(100 * count / len(programs)) if programs else 0

    cells = tuple(
        (
            sum(kind in item.rotation_types and AUDIENCES[0] in item.audience for item in programs),
            sum(kind in item.rotation_types and AUDIENCES[1] in item.audience for item in programs),
        )
        for kind in ROTATION_TYPES
    )
    return Line(
        name=name,
        count=len(programs),
        cells=cells,
        fee=share(sum(item.is_priced for item in programs)),
        dated=share(sum(bool(item.source_date) for item in programs)),
        letter=share(sum(bool(item.lor) for item in programs)),
        confidence=tuple(share(sum(item.confidence == level for item in programs)) for level in CONFIDENCES),
    )
