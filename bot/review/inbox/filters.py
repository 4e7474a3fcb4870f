"""What staff look for in the inbox, as a value: read from an address, written into one, and kept as a saved view."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from bot.delivery.normalization import plain
from bot.review.projection.reading import OUTCOMES, TRIGGERS

EVERY = "every"
TODO, MINE = "todo", "mine"
REVIEWS = (TODO, MINE, "open", "claimed", "resolved", "ignored", EVERY)
RAISED = "raised"
RATINGS = ("up", "down")
CHANNELS = ("web", "telegram")
MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Filters:
    """Every field narrows; an empty one does not, except the first two, which make the inbox an inbox.

    `review`: todo (open or claimed), mine (claimed by me), a single state, or every. `trigger`: raised (any), one
    of TRIGGERS, or every (also messages that nothing is wrong with). `since` and `until` are days in UTC, included.
    `text` finds messages with words that begin with each of its words; it is made plain as they were.
    """

    review: str = TODO
    trigger: str = RAISED
    since: date | None = None
    until: date | None = None
    channel: str = ""
    intent: str = ""
    outcome: str = ""
    confidence_min: float | None = None
    confidence_max: float | None = None
    margin_max: float | None = None
    feedback: str = ""
    model: str = ""
    text: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Filters:
        """The filters in an address; what makes no sense is left out."""
        return cls(
            review=_one_of(values.get("review"), REVIEWS, TODO),
            trigger=_one_of(values.get("trigger"), (RAISED, EVERY, *TRIGGERS), RAISED),
            since=_day(values.get("since")),
            until=_day(values.get("until")),
            channel=_one_of(values.get("channel"), CHANNELS, ""),
            intent=_name(values.get("intent"), 80),
            outcome=_one_of(values.get("outcome"), OUTCOMES, ""),
            confidence_min=_share(values.get("confidence_min")),
            confidence_max=_share(values.get("confidence_max")),
            margin_max=_share(values.get("margin_max")),
            feedback=_one_of(values.get("feedback"), RATINGS, ""),
            model=_name(values.get("model"), 64),
            text=" ".join(plain(values.get("text") or "").split())[:200],
        )

    def to_query(self) -> str:
        """The query string that `read` understands; fields as they are from the start are left out."""
        given = {
            item.name: getattr(self, item.name) for item in fields(self) if getattr(self, item.name) != item.default
        }
        return urlencode({name: f"{value:g}" if isinstance(value, float) else value for name, value in given.items()})

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text search: letters and digits only, so that no search language is left in them."""
        return tuple(dict.fromkeys(_WORD.findall(self.text.lower())))[:MOST_WORDS]

    def has_words(self, text: str) -> bool:
        """Whether a text has words that begin with each word of the search."""
        said = _WORD.findall(_plain(text))
        return all(any(word.startswith(_plain(wanted)) for word in said) for wanted in self.words)

    @property
    def begin(self) -> datetime | None:
        """The first moment, UTC."""
        return datetime.combine(self.since, time(), UTC) if self.since else None

    @property
    def end(self) -> datetime | None:
        """The first moment after, UTC."""
        return datetime.combine(self.until, time(), UTC) + timedelta(days=1) if self.until else None


def _plain(text: str) -> str:
    """Small letters without accents, as SQLite compares them."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _one_of(value: str | None, allowed: tuple[str, ...], otherwise: str) -> str:
    return value if value in allowed else otherwise


def _name(value: str | None, longest: int) -> str:
    return re.sub(r"[^\w.:-]", "", value or "")[:longest]


def _day(value: str | None) -> date | None:
    try:
        found = date.fromisoformat(value or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _share(value: str | None) -> float | None:
    try:
        found = float(value or "")
    except ValueError:
        return None
    return round(found, 4) if 0 <= found <= 1 else None
