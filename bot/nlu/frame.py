"""The typed view of what the engine read in a message: names, measures, acts, with whose they are and when they hold.

The engine's reader (engine/rotation_engine/understanding) is the only one that looks at a person's words; features
take what stands here. `docs/understanding.md` lists every kind and value.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar

Polarity = Literal["has", "has_not", "wants", "wants_not", "named"]
Whose = Literal["self", "other", "general", "supposed"]
Holds = Literal["now", "later", "past"]
WEEKS = {"day": 1 / 7, "week": 1.0, "month": 4.0, "year": 52.0}
"""Weeks of a stay in a unit; a month of rotation is four weeks (source FAQ, part 8)."""
NO_STAYS = ("lead", "age", "wait")
"""Roles of lengths that are no stay."""
LONGEST_STAY_YEARS = 1
"""Nobody rotates longer: "two years of residency at home" is what somebody has done."""


@dataclass(frozen=True)
class Number:
    """A number; `of` tells what it counts where the words do: "stays" ("three electives"), "times" ("twice that").

    Letters that somebody has are counted by where they come from: "home_letters", "us_letters", "tele_letters".
    """

    value: float
    of: str = ""


@dataclass(frozen=True)
class Ordinal:
    """A place in a list, counted from 1; -1 is the last."""

    value: int


@dataclass(frozen=True)
class Length:
    """A length of time from `low` to `high`; `unit` is day, week, month or year, `bound` max, min or empty.

    `times` is how many such lengths there are ("two rotations of four weeks each").
    """

    low: float
    high: float
    unit: str
    bound: str = ""
    times: int = 1

    @property
    def weeks(self) -> tuple[float, float]:
        """The length in weeks of rotation."""
        return round(self.low * WEEKS[self.unit], 1), round(self.high * WEEKS[self.unit], 1)


@dataclass(frozen=True)
class Money:
    """A sum; `per` is total, month, 4_weeks, week, day, rotation or empty; `bound` is max, min, about or empty."""

    low: float
    high: float
    currency: str = "USD"
    per: str = ""
    bound: str = ""


@dataclass(frozen=True)
class Time:
    """A time as it was said, without today; `kind` tells which others are set. bot/nlu/when.py makes days of it."""

    kind: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    season: str = ""
    weekday: str = ""
    unit: str = ""
    hour: int | None = None
    minute: int | None = None
    count: float | None = None
    high: float | None = None
    which: str = ""
    part: str = ""
    bound: str = ""
    order: str = ""
    words: str = ""
    first: Time | None = None
    last: Time | None = None


Value = Number | Ordinal | Length | Money | Time
V = TypeVar("V", Number, Ordinal, Length, Money, Time)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is known of everything that is named or measured: what was typed, where, and its circumstances."""

    text: str
    start: int
    end: int
    polarity: Polarity = "named"
    whose: Whose = "self"
    holds: Holds = "now"
    role: str = ""


@dataclass(frozen=True)
class Named(Said):
    """A named thing: its kind and canonical value."""

    kind: str
    value: str


@dataclass(frozen=True)
class Measured(Said):
    """A number, length, sum or time; `role` says what it is for ("graduation", "stay")."""

    value: Value


@dataclass(frozen=True)
class Act:
    """What a message does at a place ("yes", "undo", "why")."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Frame:
    """Everything that was read in one message, each list in the order of the text."""

    entities: tuple[Named, ...] = ()
    dimensions: tuple[Measured, ...] = ()
    acts: tuple[Act, ...] = ()

    def named(self, kind: str) -> tuple[Named, ...]:
        """Everything of one kind, whoever's it is."""
        return tuple(item for item in self.entities if item.kind == kind)

    def meant(self, kind: str) -> tuple[Named, ...]:
        """Everything of one kind but what is not wanted beside something else: "forget Yale, I'd go to Cornell"."""
        named = self.named(kind)
        return tuple(item for item in named if item.polarity != "wants_not") or named

    def mine(self, kind: str, *holds: Holds) -> tuple[Named, ...]:
        """What the person says they have or lack of a kind: own facts, no questions; `holds` narrows when ("now")."""
        own = (item for item in self.named(kind) if item.whose == "self" and item.polarity in ("has", "has_not"))
        return tuple(item for item in own if not holds or item.holds in holds)

    def told(self, kind: str) -> tuple[Named, ...]:
        """What the person says of themselves of a kind, also in a word alone ("student"): nothing that is asked."""
        return tuple(item for item in self.named(kind) if item.whose == "self" and not self.is_asked(item))

    def of_somebody_else(self) -> Frame:
        """What is said of somebody else, read as that person would say it of themselves."""
        return Frame(
            tuple(replace(item, whose="self") for item in self.entities if item.whose == "other"),
            tuple(replace(item, whose="self") for item in self.dimensions if item.whose == "other"),
            self.acts,
        )

    def is_asked(self, item: Said) -> bool:
        """Whether an item is only named in a question: "can graduates apply?", but not "as a graduate, can I ...?"."""
        questions = (act for act in self.acts if act.name == "ask")
        within = any(act.start <= item.start and item.end <= act.end for act in questions)
        return within and item.polarity == "named"

    def outside(self, spans: Collection[tuple[int, int]]) -> Frame:
        """The frame without what is named or done within some spans of the text; what somebody has or lacks stays."""

        def is_kept(item: Said | Act) -> bool:
            is_within = any(start <= item.start and item.end <= end for start, end in spans)
            return not is_within or (isinstance(item, Said) and item.polarity in ("has", "has_not"))

        return Frame(
            tuple(item for item in self.entities if is_kept(item)),
            tuple(item for item in self.dimensions if is_kept(item)),
            tuple(item for item in self.acts if is_kept(item)),
        )

    def as_own(self) -> Frame:
        """All that is said, what is said of somebody else as if they said it of themselves."""
        return Frame(
            tuple(replace(item, whose="self") if item.whose == "other" else item for item in self.entities),
            tuple(replace(item, whose="self") if item.whose == "other" else item for item in self.dimensions),
            self.acts,
        )

    def wished(self, kind: str) -> tuple[str, ...]:
        """The values of a kind that are named and not refused, each once; nothing of others, nothing over."""
        refused = ("wants_not", "has_not")
        asked = (item for item in self.named(kind) if item.whose != "other" and item.holds != "past")
        return tuple(dict.fromkeys(item.value for item in asked if item.polarity not in refused))

    def to_come(self, kind: str) -> tuple[str, ...]:
        """The values of a kind that something is asked or wished for later as ("once I graduate"), each once."""
        later = (item for item in self.named(kind) if item.holds == "later" and item.polarity in ("named", "wants"))
        return tuple(dict.fromkeys(item.value for item in later))

    def refused(self, kind: str) -> tuple[str, ...]:
        """The values of a kind that are not wanted, each once."""
        return tuple(dict.fromkeys(item.value for item in self.named(kind) if item.polarity == "wants_not"))

    def measures(self, kind: type[V], *roles: str) -> tuple[tuple[V, Measured], ...]:
        """The values of one type with their circumstances, only those for `roles` where any are named."""
        fitting = (item for item in self.dimensions if not roles or item.role in roles)
        return tuple((item.value, item) for item in fitting if isinstance(item.value, kind))

    @property
    def bare_years(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The years of a message that names nothing else ("2022, not 2020"): said and refused; none where it does."""
        years = [(time.year, item) for time, item in self.measures(Time, "") if time.kind == "year" and time.year]
        if self.entities or len(years) != len(self.dimensions):
            return (), ()
        refused = tuple(year for year, item in years if item.polarity in ("has_not", "wants_not"))
        return tuple(year for year, _ in years if year not in refused), refused

    def does(self, *acts: str) -> bool:
        """Whether the message does one of these acts."""
        return any(act.name in acts for act in self.acts)

    def first(self, *acts: str) -> Act | None:
        """The first of these acts that the message does."""
        return next((act for act in self.acts if act.name in acts), None)

    @classmethod
    def from_parse(cls, data: dict[str, Any]) -> Frame:
        """The frame in the parse data. What a button ("/inform{...}") carries is stated, or wanted by who searches."""
        text = data.get("text") or ""
        if text.startswith("/"):
            return cls(tuple(_carried(item["entity"], str(item["value"])) for item in data.get("entities") or ()))
        return cls(
            entities=tuple(
                Named(
                    item["entity"], str(item["value"]), text=text[item["start"] : item["end"]], **_circumstances(item)
                )
                for item in data.get("entities") or ()
                if "polarity" in item
            ),
            dimensions=tuple(
                Measured(_value(item["dim"], item["value"]), text=item["body"], **_circumstances(item))
                for item in data.get("dimensions") or ()
            ),
            acts=tuple(Act(item["act"], item["start"], item["end"]) for item in data.get("acts") or ()),
        )


NOTHING = Frame()
"""The frame of a message in which nothing was read."""
FACTS = frozenset(
    {
        "career_stage",
        "consulate",
        "exam",
        "goal",
        "graduation_year",
        "home_school",
        "nationality",
        "profession",
        "school_country",
        "taught_in",
        "visa_class",
        "visa_status",
    }
)
"""Kinds that say something of the person; a button carries all others because they are wanted."""
_CIRCUMSTANCES = ("start", "end", "polarity", "whose", "holds", "role")
_TIME_FIELDS = frozenset(item.name for item in fields(Time))


def _carried(kind: str, value: str) -> Named:
    return Named(kind, value, text="", start=0, end=0, polarity="has" if kind in FACTS else "wants")


def _circumstances(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in _CIRCUMSTANCES}


def _value(dimension: str, said: dict[str, Any]) -> Value:
    if dimension == "time":
        return _time(said)
    types: dict[str, type[Number | Ordinal | Length | Money]] = {
        "number": Number,
        "ordinal": Ordinal,
        "duration": Length,
        "amount-of-money": Money,
    }
    return types[dimension](**said)


def _time(said: dict[str, Any]) -> Time:
    parts: dict[str, Any] = {name: value for name, value in said.items() if name in _TIME_FIELDS}
    parts |= {name: _time({"kind": "month"} | said[name]) for name in ("first", "last") if name in said}
    return Time(**parts)


def may_be_a_stay(length: Length, said: Measured) -> bool:
    """Whether a length can be that of a stay: lead times, ages and waits are none, nor is what takes years."""
    is_long = length.unit == "year" and length.high > LONGEST_STAY_YEARS
    return said.role not in NO_STAYS and not is_long


def count_of(frame: Frame) -> int:
    """How many stays a message speaks of."""
    counts = [int(number.value) for number, _ in frame.measures(Number) if number.of == "stays" and number.value >= 1]
    return counts[0] if counts else 1
