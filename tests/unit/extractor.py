"""Messages as the engine gives them: read by its own reader, with the words of the project and what a test adds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.nlu.message import Message
from tests.nlu.frames import reader_of

Names = Iterable[Mapping[str, Any]]
"""Entries of the gazetteer: `value`, and `terms`, the ways to say it."""


def message(
    text: str, intent: str = "search_programs", *, names: Names = (), sure: float = 0.9, **parse: Any
) -> Message:
    """A message with its frame. `parse` are further keys of the parse data, such as `questions`."""
    return Message.from_parse(parsed(text, intent, names=names, sure=sure) | parse)


def asking(*aspects: str, share: float = 0.95) -> dict[str, Any]:
    """Parse data of a message that asks these aspects ("faq_cost/deposit"), in the form of Rasa's ResponseSelector.

    `share` is what each has of its intent.
    """
    selector: dict[str, Any] = {"all_retrieval_intents": []}
    for aspect in aspects:
        intent, row = aspect.partition("/")[0], {"intent_response_key": aspect, "confidence": share}
        if intent not in selector:
            selector["all_retrieval_intents"].append(intent)
            selector[intent] = {"response": {**row, "utter_action": f"utter_{aspect}"}, "ranking": []}
        selector[intent]["ranking"].append(row)
    return {"response_selector": selector}


def parsed(text: str, intent: str = "search_programs", *, names: Names = (), sure: float = 0.9) -> dict[str, Any]:
    """The parse data of a message; a button ("/inform{...}") carries what stands in it."""
    if text.startswith("/"):
        intent, brace, rest = text[1:].partition("{")
        carried = json.loads(brace + rest) if rest else {}
        frame: dict[str, Any] = {"entities": [{"entity": name, "value": value} for name, value in carried.items()]}
    else:
        terms = tuple((str(entry["value"]), term) for entry in names for term in entry["terms"])
        frame = reader_of(terms).read(text)
    return {"text": text, "intent": {"name": intent, "confidence": sure}, **frame}
