"""Which keys each content file has. A misspelled key is an error here; Rasa would leave it out in silence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from bot.lint.located import Document, Finding

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
ResponseKey = Annotated[str, StringConstraints(pattern=r"^utter_[a-z0-9_]+(/[a-z0-9_]+)?$")]


class Shape(BaseModel):
    """A mapping with these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: Literal["3.1"] = "3.1"


class Part(BaseModel):
    """A mapping inside a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entity(Part):
    """Entities are for the actions: one that influenced the choice of an action would keep stories from matching."""

    influence_conversation: Literal[False]


def _named(value: Any) -> Any:
    """Rasa's form of an entity with properties, a mapping of one key, as that key; the properties are checked."""
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError("write it as “- name: {influence_conversation: false}”")
    ((name, properties),) = value.items()
    Entity.model_validate(properties)
    return name


class Domain(Shape):
    """domain.yml; responses stand in data/responses, and there are no forms."""

    session_config: dict[str, Any] = {}
    intents: list[str]
    entities: list[Annotated[str, BeforeValidator(_named)]] = []
    slots: dict[str, dict[str, Any]] = {}
    actions: list[str]


class Examples(Part):
    intent: str
    examples: str


class SentencesShape(Shape):
    """A file of training or held-out sentences."""

    nlu: list[Examples]


class StepShape(Part):
    intent: str = ""
    action: str = ""


class Rule(Part):
    rule: Words
    steps: Annotated[list[StepShape], Field(min_length=1)]


class RulesShape(Shape):
    """data/rules.yml."""

    rules: list[Rule]


class StoryStep(StepShape):
    """What a person says, what the bot does, or what that leaves in the slots."""

    slot_was_set: list[dict[str, str | None]] = []


class Story(Part):
    story: Words
    steps: list[StoryStep]


class StoriesShape(Shape):
    """data/stories.yml."""

    stories: list[Story]


class Condition(Part):
    type: Literal["slot"]
    name: str
    value: str | int | bool | None


class ButtonShape(Part):
    title: Words
    payload: Words


Asked = Literal[
    "acceptance",
    "english",
    "step1",
    "step2ck",
    "application_fee",
    "fee",
    "housing",
    "lead",
    "duration",
    "lor",
    "visa",
    "documents",
    "hands_on",
    "specialties",
    "route",
    "contact",
    "stipend",
    "acceptance_rate",
    "schedule",
    "certificate",
    "places",
    "attending",
    "reply_time",
    "citizenship",
    "includes",
    "year",
    "insurance",
    "vaccines",
    "background",
    "cv",
    "transcript",
    "statement",
    "passport",
    "good_standing",
]


class SourceShape(Part):
    title: Words
    url: Annotated[str, StringConstraints(pattern=r"^https?://")] = ""
    date: str = ""


class Metadata(Part):
    """`title` is an aspect's button; `asks` the column that answers it for a named program; `unknown`: nobody knows.

    `about` is the question of the FAQ that a feeling is about.
    """

    reviewed: date | None = None
    sources: list[SourceShape] = []
    title: Annotated[str, StringConstraints(max_length=32)] = ""
    asks: Asked | None = None
    unknown: bool = False
    about: str = ""


class VariantShape(Part):
    """One way to say something."""

    text: Words
    condition: list[Condition] = []
    buttons: list[ButtonShape] = []
    metadata: Metadata = Metadata()


class ResponsesShape(Shape):
    """A file of the bot's words."""

    responses: dict[ResponseKey, Annotated[list[VariantShape], Field(min_length=1)]]


Kind = TypeVar("Kind", bound=Shape)


def shaped(document: Document, kind: type[Kind]) -> tuple[Kind | None, list[Finding]]:
    """A document with its shape, or a finding for everything that does not fit."""
    try:
        return kind.model_validate(document.tree), []
    except ValidationError as error:
        findings = []
        for problem in error.errors(include_url=False, include_input=False):
            where = ".".join(str(step) for step in problem["loc"]) or "the file"
            message = f"{where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}"
            findings.append(Finding(document.file, document.line(*problem["loc"]), message))
        return None, findings
