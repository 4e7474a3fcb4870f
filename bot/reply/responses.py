"""Chooses the bot's words. The words themselves stand in `data/responses/`, as Rasa responses, and come with the model.

A response is a list of variants. A variant may carry `condition` (slots that must have a value), `buttons` and
`metadata` (sources, review date). The variant whose conditions all hold, and that has most of them, is said;
what it leaves out (buttons, metadata) it takes from the first variant without a condition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.reply.parts import Notice, Reply, Source, Suggestion, Text

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
ANSWER = "utter_"
OF_PERSON = frozenset({"graduation", "nationality", "year_of_study"})
"""What an answer may say back of a person; a variant that does has a condition that it is known."""
BROADER = {"resident": "exempt"}
"""The broader value whose words suit somebody for whom there are no words of their own."""
DECISIVE = frozenset({("visa_status", "resident")})
"""What settles a question whatever else is known: a citizen or permanent resident needs no visa at any stage."""


class UnknownResponseError(KeyError):
    """No response of this name, or none whose conditions hold."""


@dataclass(frozen=True)
class Variant:
    """One way to say something, chosen for a person. `asks` is the column that answers it for a named program.

    `is_unknown` says that nobody knows, and that the text says so; `about` is the question of the FAQ that a feeling
    is about, so that the next words may lean on it.
    """

    text: str
    title: str = ""
    asks: str = ""
    buttons: tuple[Suggestion, ...] = ()
    sources: tuple[Source, ...] = ()
    reviewed: str = ""
    is_unknown: bool = False
    about: str = ""


class Responses:
    """All responses of the running model; `slots` are what is known about the person (for the conditions)."""

    def __init__(self, responses: Mapping[str, Sequence[Mapping[str, Any]]], slots: Mapping[str, Any] | None = None):
        self._responses = responses
        self._slots = slots or {}

    def given(self, slots: Mapping[str, Any]) -> Responses:
        """The same words for a person about whom `slots` are known too."""
        return Responses(self._responses, {**self._slots, **slots})

    def __contains__(self, key: str) -> bool:
        return key in self._responses

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of the files."""
        return tuple(self._responses)

    def choose(self, key: str, slots: Mapping[str, Any] | None = None) -> Variant:
        """The variant of `key` that suits `slots` best.

        Raises:
            UnknownResponseError: there is no such response.
        """
        variants = self._responses.get(key) or ()
        known = {**self._slots, **(slots or {})}
        fitting = [item for item in variants if _holds(item, known)]
        if not fitting:
            raise UnknownResponseError(key)
        best = max(fitting, key=lambda item: _closeness(item, known))
        general = next((item for item in variants if not item.get("condition")), best)
        metadata = {**(general.get("metadata") or {}), **(best.get("metadata") or {})}
        return Variant(
            text=(best.get("text") or "").strip(),
            title=str(metadata.get("title") or ""),
            asks=str(metadata.get("asks") or ""),
            buttons=tuple(
                Suggestion(item["title"], item["payload"])
                for item in best.get("buttons") or general.get("buttons") or ()
            ),
            sources=tuple(Source(**item) for item in metadata.get("sources") or ()),
            reviewed=str(metadata.get("reviewed") or ""),
            is_unknown=bool(metadata.get("unknown")),
            about=str(metadata.get("about") or ""),
        )

    def text(self, key: str, **values: object) -> str:
        """The words of `key` with `{placeholders}` filled in; an unknown placeholder stays as it is."""
        return fill(self.choose(key).text, values)

    def reply(self, key: str, **values: object) -> Reply:
        """The words of `key` with sources and buttons."""
        chosen = self.choose(key)
        return Reply((Text(fill(chosen.text, values), chosen.sources, chosen.reviewed),), chosen.buttons)

    def notice(self, key: str, *, level: str = "info", effect: str = "", speaker: str = "", **values: str) -> Notice:
        """The words of `key` as a line about the conversation."""
        text = self.text(key, **values)
        return Notice(text, level=level, effect=effect, speaker=speaker, key=key, values=values)

    def buttons(self, key: str, **values: object) -> tuple[Suggestion, ...]:
        """The buttons of `key`, placeholders filled in."""
        return tuple(Suggestion(fill(b.title, values), fill(b.payload, values)) for b in self.choose(key).buttons)

    def placeholders(self) -> set[str]:
        """Every name that some text of some response wants filled in."""
        texts = (item.get("text") or "" for variants in self._responses.values() for item in variants)
        return set().union(*map(placeholders, texts))


def answer_of(aspect: str) -> str:
    """The response of a topic or aspect: found by its name, so that one made by staff needs no code."""
    return ANSWER + aspect


def asked_by(key: str) -> str:
    """The intent or aspect that a response answers: the opposite of `answer_of`."""
    return key.removeprefix(ANSWER)


def placeholders(text: str) -> set[str]:
    """The names in braces that are filled in when a text is said."""
    return set(_PLACEHOLDER.findall(text))


def _holds(variant: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether every condition is met; a narrower value meets the broader one: who is a resident is exempt."""
    said = ((known.get(item["name"]), item["value"]) for item in variant.get("condition") or ())
    return all(wanted in (value, BROADER.get(str(value))) for value, wanted in said)


def _closeness(variant: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[bool, int, int]:
    """How much of what is known a variant is for: whether a condition settles the question, the number of its
    conditions, and of those met by the very value."""
    conditions = variant.get("condition") or ()
    settles = any((item["name"], item["value"]) in DECISIVE for item in conditions)
    return settles, len(conditions), sum(known.get(item["name"]) == item["value"] for item in conditions)


def fill(text: str, values: Mapping[str, object]) -> str:
    """A text with `{placeholders}` filled in; an unknown one stays as it is."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)
