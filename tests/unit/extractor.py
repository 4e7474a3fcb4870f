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
