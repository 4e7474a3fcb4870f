"""What a person wrote, as the engine understood it: the input of every decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.nlu.frame import NOTHING, Frame

ASPECT = "/"
"""Between a topic and its aspect, as in Rasa's retrieval intents: "faq_cost/deposit"."""

FRAME_ONLY = frozenset(
    {
        "affiliation",
        "aspect",
        "consulate",
        "country",
        "currency",
        "dropped",
        "expense",
        "goal",
        "hepb_series",
        "home_school",
        "milestone",
        "nationality",
        "profession",
        "provider",
        "relation",
        "school_country",
        "season_day",
        "step",
        "study_year",
        "taught_in",
        "travel",
        "turned_out",
        "unknown_name",
        "unknown_specialty",
        "visa_class",
        "year_of_study",
    }
)
"""Kinds that features take from the frame alone; `entities` has what the features knew before there was one."""

_STATED = frozenset({"has", "has_not"})


@dataclass(frozen=True)
class Entity:
    """A named thing in a message. `value` is the canonical id ("TX", "internal medicine"), `text` what was typed.

    `start` and `end` are character offsets into the message's text; an entity of a button has no text.
    """

    name: str
    value: str
    text: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Question:
    """One of several questions in a message, with its own intent and aspect (confidence 0 to 1).

    `share` is what the aspect has of its intent.
    """

    text: str
    intent: str
    confidence: float
    aspect: str = ""
    share: float = 1.0


@dataclass(frozen=True)
class Message:
    """One message of a person. `ranking` is best first; `questions` is empty unless there are two or more.

    `is_button` is true when the text is a payload that we issued ("/faq_cost"). `ambiguous` names the two intents
    that the engine could hardly tell apart. `frame` is what was read in it. `selected` has for each likely topic the
    questions inside it ("faq_cost/deposit") with their shares of it, best first. `heard` is what it may mean after the
    question that was answered before it. `declined` says that a part of it, beside what is answered, is out of scope.
    `of_all` has the questions about every place that stand beside one about a program ("... and do US schools in
    general want Step 1?").
    """

    text: str
    intent: str = ""
    confidence: float = 0.0
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    questions: tuple[Question, ...] = ()
    is_button: bool = False
    ambiguous: tuple[str, ...] = ()
    frame: Frame = NOTHING
    heard: tuple[Question, ...] = ()
    selected: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    declined: bool = False
    of_all: tuple[Question, ...] = ()

    @property
    def aspects(self) -> tuple[tuple[str, float], ...]:
        """The aspects of the intent, best first; empty for one that has none."""
        return self.selected.get(self.intent, ())

    @property
    def asked_parts(self) -> tuple[Question, ...]:
        """The parts in which a question begins, else all: others tell something beside it, or are the rest of one."""
        begins = [act.start for act in self.frame.acts if act.name == "ask"]
        found = ((part, self.text.find(part.text)) for part in self.questions)
        asked = (part for part, at in found if at < 0 or any(at <= begin < at + len(part.text) for begin in begins))
        return tuple(asked) or self.questions

    @property
    def told_parts(self) -> tuple[Question, ...]:
        """The parts that ask nothing and tell something of the person: "..., TOEFL done, 5th year of 6"."""
        begins = [act.start for act in self.frame.acts if act.name == "ask"]
        own = [item.start for item in self.frame.entities if item.whose == "self" and item.polarity in _STATED]
        spans = ((part, at, at + len(part.text)) for part in self.questions if (at := self.text.find(part.text)) >= 0)
        return tuple(
            part
            for part, first, last in spans
            if any(first <= start < last for start in own) and not any(first <= start < last for start in begins)
        )

    def beside(self, aspects: Collection[str]) -> Message:
        """The message without what only its questions for some aspects name; what is told there of oneself stays."""
        asked = [part for part in self.questions if (part.aspect or part.intent) in aspects]
        spans = [(at, at + len(part.text)) for part in asked if (at := self.text.find(part.text)) >= 0]
        return replace(self, frame=self.frame.outside(spans))

    def values(self, name: str) -> tuple[str, ...]:
        """The canonical values of one kind of entity, in the order of the text, each once."""
        return tuple(dict.fromkeys(entity.value for entity in self.entities if entity.name == name))

    def first(self, name: str) -> str | None:
        """The first value of one kind of entity."""
        return next(iter(self.values(name)), None)

    @property
    def declines(self) -> bool:
        """Whether a person would not say what was asked: "skip", "any", "not sure"."""
        return self.intent in ("unsure", "deny") or self.frame.does("skip", "any", "both", "no")

    @classmethod
    def from_parse(cls, data: dict[str, Any]) -> Message:
        """A message from Rasa's parse data (`tracker.latest_message` or POST /model/parse)."""
        text = data.get("text") or ""
        best = data.get("intent") or {}
        return cls(
            text=text,
            intent=best.get("name") or "",
            confidence=float(best.get("confidence") or 0.0),
            entities=tuple(
                Entity(
                    item["entity"], str(item["value"]), _typed(text, item), item.get("start") or 0, item.get("end") or 0
                )
                for item in data.get("entities") or ()
                if text.startswith("/") or item["entity"] not in FRAME_ONLY
            ),
            ranking=tuple((item["name"], float(item["confidence"])) for item in data.get("intent_ranking") or ()),
            questions=_questions(data.get("questions")),
            heard=_questions(data.get("heard")),
            is_button=text.startswith("/"),
            ambiguous=tuple(data.get("ambiguous") or ()),
            frame=Frame.from_parse(data),
            selected=_selected(data, best.get("name") or ""),
            declined=bool(data.get("declined")),
            of_all=_questions(data.get("of_all")),
        )


def _questions(items: Iterable[Mapping[str, Any]] | None) -> tuple[Question, ...]:
    return tuple(
        Question(
            text=item["text"],
            intent=item["intent"],
            confidence=float(item["confidence"]),
            aspect=item.get("aspect") or "",
            share=float(item.get("share") or 1.0),
        )
        for item in items or ()
    )


def intent_of(aspect: str) -> str:
    """The intent that an aspect belongs to."""
    return aspect.partition(ASPECT)[0]


def _typed(text: str, item: dict[str, Any]) -> str:
    return "" if text.startswith("/") else text[item.get("start") or 0 : item.get("end") or 0]


def _selected(data: dict[str, Any], intent: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """What a button names ("/faq_cost{"aspect": "deposit"}"), else what the engine ranked."""
    named = [str(item["value"]) for item in data.get("entities") or () if item["entity"] == "aspect"]
    if named:
        return {intent: tuple((f"{intent}{ASPECT}{name}", 1.0) for name in named)}
    selector = data.get("response_selector") or {}
    ranked = {name: item["ranking"] for name, item in selector.items() if isinstance(item, dict) and "ranking" in item}
    return {
        name: tuple((item["intent_response_key"], float(item["confidence"])) for item in rows)
        for name, rows in ranked.items()
    }
