"""The price list of a page, where no one fee says it: "4 weeks 250; 8 weeks 400", "students 150"; pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.programs.program import AUDIENCES, number

SHAPE = "“4 weeks 250; 8 weeks 400”, with students or graduates before it where these pay differently"
_WEEKS = ("week", "weeks")


@dataclass(frozen=True)
class Price:
    """What a stay costs, in US dollars: of so many weeks (None: of any), for an audience (empty: for everybody)."""

    usd: float
    weeks: float | None = None
    audience: str = ""

    def __str__(self) -> str:
        length = f"{number(self.weeks)} weeks" if self.weeks else ""
        return " ".join(filter(None, (self.audience, length, number(self.usd))))


def read_prices(text: str) -> tuple[Price, ...]:
    """The entries of a price list.

    Raises:
        ValueError: an entry is not of the form `SHAPE`.
    """
    return tuple(_read(entry.split()) for entry in text.split(";") if entry.strip())


def _read(words: list[str]) -> Price:
    audience = words[0] if words[0] in AUDIENCES else ""
    rest = words[1:] if audience else words
    if len(rest) == 1:
        return Price(_amount(rest[0]), audience=audience)
    if len(rest) != 3 or rest[1] not in _WEEKS or not _amount(rest[0]):
        raise ValueError(" ".join(words))
    return Price(_amount(rest[2]), _amount(rest[0]), audience)


def _amount(word: str) -> float:
    if not (word.isascii() and word.replace(".", "", 1).isdigit()):
        raise ValueError(word)
    return float(word)


def listed(prices: tuple[Price, ...], weeks: float, audience: str = "") -> tuple[float, float] | None:
    """The lowest and the highest price of a stay of exactly so many weeks; None where the list has none.

    An `audience` (students, graduates) pays its own; of an unknown one any price may hold.
    """
    own = [item for item in prices if not audience or not item.audience or item.audience == audience]
    found = [item.usd for item in own if item.weeks in (None, weeks)]
    return (min(found), max(found)) if found else None
