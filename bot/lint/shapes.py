"""Which keys each content file has. A misspelled key is an error here; Rasa would leave it out in silence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.lint.located import Document, Finding

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
ResponseKey = Annotated[str, StringConstraints(pattern=r"^utter_[a-z0-9_]+$")]


class Shape(BaseModel):
    """A mapping with these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: Literal["3.1"] = "3.1"


class Part(BaseModel):
    """A mapping inside a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Domain(Shape):
    """domain.yml; responses stand in data/responses, and there are no forms."""

    session_config: dict[str, Any] = {}
    intents: list[str]
    entities: list[str] = []
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
    steps: Annotated[list[StepShape], Field(min_length=2)]


class RulesShape(Shape):
    """data/rules.yml."""

    rules: list[Rule]


class Condition(Part):
    type: Literal["slot"]
    name: str
    value: str | int | bool | None


class ButtonShape(Part):
    title: Words
    payload: Words


class SourceShape(Part):
    title: Words
    url: Annotated[str, StringConstraints(pattern=r"^https?://")] = ""
    date: str = ""


class Metadata(Part):
    reviewed: date | None = None
    sources: list[SourceShape] = []


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
