"""Which golden dialogues say the words of an answer, and what they expect that other words no longer hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.content.evaluation.golden import Mistake, holds
from bot.nlu.message import ASPECT, intent_of

Dialogues = Mapping[str, Sequence[Mapping[str, Any]]]
Asked = Mapping[str, Sequence[str]]
"""For what is said in a dialogue the topics and aspects that it asks for."""
TOPIC = "faq_"


@dataclass(frozen=True)
class Reworded:
    """An answer before and after: `asks` is its topic or aspect, the texts have their figures, buttons are payloads."""

    asks: str
    before: str
    after: str
    buttons_before: tuple[str, ...] = ()
    buttons_after: tuple[str, ...] = ()


def likely(dialogues: Dialogues, edit: Reworded) -> list[str]:
    """What is said in turns that expect something which the new words no longer hold; it has to be understood first."""
    titles = [title for title, turns in dialogues.items() if any(_gone(turn, edit) for turn in turns)]
    return [turn["user"] for title in titles for turn in dialogues[title]]


def broken(dialogues: Dialogues, edit: Reworded, asked: Asked) -> list[tuple[str, Mistake]]:
    """Every turn that says the answer and that the new words would break, with the title of its dialogue."""
    return [
        (
            title,
            Mistake(
                at, turns[at]["user"], f"after “{turns[at]['user']}” {', '.join(gone)} is expected", edit.after, gone
            ),
        )
        for title, turns in dialogues.items()
        for at in _turns_that_say(turns, edit.asks, asked)
        if (gone := _gone(turns[at], edit))
    ]


def _turns_that_say(turns: Sequence[Mapping[str, Any]], asks: str, asked: Asked) -> Iterator[int]:
    """The turns that ask for it, and those after them that ask for no other topic ("and for graduates?")."""
    if not asks.startswith(TOPIC):
        yield from range(len(turns))
        return
    is_open = False
    for at, turn in enumerate(turns):
        said = asked.get(turn["user"], ())
        if any(item.startswith(TOPIC) for item in said):
            is_open = any(_is_it(item, asks) for item in said)
        if is_open:
            yield at


def _is_it(item: str, asks: str) -> bool:
    """An aspect is itself; a topic's overview is also folded below each of its aspects."""
    return item == asks if ASPECT in asks else intent_of(item) == asks


def _gone(turn: Mapping[str, Any], edit: Reworded) -> tuple[str, ...]:
    return (
        *(item for item in turn.get("says", ()) if holds(item, edit.before) and not holds(item, edit.after)),
        *(item for item in turn.get("not", ()) if holds(item, edit.after) and not holds(item, edit.before)),
        *(item for item in turn.get("buttons", ()) if item in edit.buttons_before and item not in edit.buttons_after),
    )
