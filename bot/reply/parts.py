"""What the bot says, as data: every channel draws the same reply in its own way.

A `Reply` is a list of parts and a list of suggestions (buttons). It travels through Rasa as JSON in the
`custom` field, so it has a version and a lossless JSON form. Renderers live in the channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, TypeVar

VERSION = 1


class ReplyFormatError(ValueError):
    """JSON that is not a reply of a version that we know."""


@dataclass(frozen=True)
class Source:
    """Where a statement comes from. `url` and `date` (YYYY, YYYY-MM or YYYY-MM-DD) are empty when unknown."""

    title: str
    url: str = ""
    date: str = ""


@dataclass(frozen=True)
class Fact:
    """One labelled value on a card, both already in words: ("Fee", "USD 500 for 2 weeks (2026)")."""

    label: str
    value: str


@dataclass(frozen=True)
class Suggestion:
    """A button: what the person reads, and the payload that comes back when it is pressed.

    A payload is an intent with optional entities as Rasa writes it: `/faq_cost` or `/inform{"states": "TX"}`.
    A payload that is a web address (https://...) is a link button.
    """

    title: str
    payload: str


@dataclass(frozen=True)
class Text:
    """A paragraph or more in a small Markdown subset: **bold**, *italic*, - lists, 1. lists, [links](https://...).

    `speaker` is the name of the person from the staff who wrote it; empty for the bot.
    `more` is the longer article behind a short answer, which channels fold.
    """

    kind: ClassVar[str] = "text"
    text: str
    sources: tuple[Source, ...] = ()
    reviewed: str = ""
    speaker: str = ""
    more: str = ""


@dataclass(frozen=True)
class Card:
    """One program. `facts` and `more` equal the database row `slug`; `more` and `notes` are folded by a channel.

    `why` are short words on why it is in the list, `caveats` on what stays open; `source_note` says how old and how
    reliable the source is.
    """

    slug: str
    title: str
    subtitle: str = ""
    facts: tuple[Fact, ...] = ()
    why: tuple[str, ...] = ()
    notes: str = ""
    source: Source | None = None
    confidence: str = ""
    more: tuple[Fact, ...] = ()
    caveats: tuple[str, ...] = ()
    source_note: str = ""


@dataclass(frozen=True)
class Programs:
    """Program cards, best first; `total` counts all matches, also those not shown, and `table` leads to all of them."""

    kind: ClassVar[str] = "programs"
    cards: tuple[Card, ...]
    total: int = 0
    table: str = ""


@dataclass(frozen=True)
class ComparisonRow:
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A table: one column per program (`columns` are the titles), one row per fact."""

    kind: ClassVar[str] = "comparison"
    columns: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Milestone:
    """One step of a plan. Dates are ISO (YYYY-MM-DD) or empty; `status` is done, on_track, tight or late."""

    id: str
    title: str
    earliest: str = ""
    latest: str = ""
    status: str = "on_track"
    note: str = ""
    estimated: bool = False
    source: Source | None = None


@dataclass(frozen=True)
class Timeline:
    """A plan. `verdict` is feasible, tight or impossible; `ics` and `picture` are paths of expiring files."""

    kind: ClassVar[str] = "timeline"
    title: str
    verdict: str
    milestones: tuple[Milestone, ...]
    ics: str = ""
    picture: str = ""
    computed: str = ""


@dataclass(frozen=True)
class Image:
    """A picture by path on our own host; `alt` describes it for those who do not see it."""

    kind: ClassVar[str] = "image"
    url: str
    alt: str


@dataclass(frozen=True)
class File:
    """A download by path on our own host."""

    kind: ClassVar[str] = "file"
    url: str
    name: str


@dataclass(frozen=True)
class Notice:
    """A line about the conversation itself. `level` is info, warning or error.

    `effect` asks the gateway to act once the reply is stored: "erase" deletes everything about the person.
    `speaker` is the person from the staff who answers from here on. `key` is the response that the text is, and
    `values` what stands in its places, for a channel that says it in another language.
    """

    kind: ClassVar[str] = "notice"
    text: str
    level: str = "info"
    effect: str = ""
    speaker: str = ""
    key: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


Part = Text | Programs | Comparison | Timeline | Image | File | Notice
_PARTS: dict[str, type[Any]] = {part.kind: part for part in (Text, Programs, Comparison, Timeline, Image, File, Notice)}
_NESTED: dict[tuple[type[Any], str], type[Any]] = {
    (Text, "sources"): Source,
    (Comparison, "sources"): Source,
    (Comparison, "rows"): ComparisonRow,
    (Programs, "cards"): Card,
    (Card, "facts"): Fact,
    (Card, "more"): Fact,
    (Card, "source"): Source,
    (Timeline, "milestones"): Milestone,
    (Milestone, "source"): Source,
}


@dataclass(frozen=True)
class Reply:
    """Everything said in one turn, in order, and the buttons below it."""

    parts: tuple[Part, ...]
    suggestions: tuple[Suggestion, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: `{version, parts: [{type, ...}], suggestions: [{title, payload}]}`; defaults left out."""
        return {
            "version": VERSION,
            "parts": [{"type": part.kind} | _plain(part) for part in self.parts],
            "suggestions": [_plain(suggestion) for suggestion in self.suggestions],
        }

    @classmethod
    def from_dict(cls, data: object) -> Reply:
        """The reply that `to_dict` wrote.

        Raises:
            ReplyFormatError: another version, an unknown part, a missing or unknown field.
        """
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ReplyFormatError(f"not a reply of version {VERSION}")
        try:
            parts = tuple(_part(item) for item in data["parts"])
            suggestions = tuple(Suggestion(**item) for item in data.get("suggestions", ()))
        except (KeyError, TypeError, AttributeError) as error:
            raise ReplyFormatError(f"malformed reply: {error}") from error
        return cls(parts, suggestions)

    def then(self, other: Reply, *, most_suggestions: int = 4) -> Reply:
        """This reply followed by another; the first different buttons of both, at most `most_suggestions`."""
        merged = dict.fromkeys(self.suggestions + other.suggestions)
        return Reply(self.parts + other.parts, tuple(merged)[:most_suggestions])


def text(words: str, *suggestions: Suggestion) -> Reply:
    """A reply of one paragraph."""
    return Reply((Text(words),), suggestions)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    pairs = ((item, getattr(value, item.name)) for item in fields(value))
    return {item.name: _plain(found) for item, found in pairs if found != _default(item)}


def _default(item: Any) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()


T = TypeVar("T")


def _part(data: dict[str, Any]) -> Part:
    kind = _PARTS[data["type"]]
    part: Part = _build(kind, {name: value for name, value in data.items() if name != "type"})
    return part


def _build(kind: type[T], data: dict[str, Any]) -> T:
    return kind(**{name: _value(kind, name, value) for name, value in data.items()})


def _value(kind: type[Any], name: str, value: Any) -> Any:
    nested = _NESTED.get((kind, name))
    if isinstance(value, list):
        return tuple(_build(nested, item) if nested else item for item in value)
    return _build(nested, value) if nested and value is not None else value
