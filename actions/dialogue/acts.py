"""What people do with the last answer: doubt it, ask why or where from, want it again or shorter, or drop it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from actions.turn import Outcome, Turn
from bot.reply.parts import Programs, Reply, ReplyFormatError, Source, Suggestion, Text

LAST = "last_reply"
"""The slot with what was said last: its text, article, sources and buttons as a Reply of one part."""
OWN_WAYS = frozenset({"forget", "handoff", "reminder"})
"""Tasks that hear "stop" and the like themselves."""
MOST = 0.6
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_MOST_SOURCES = 3


def repair(turn: Turn) -> Outcome | None:
    """The answer to a message that is nothing but such an act; None where it is not, or has nothing to act on."""
    if turn.message.is_button or turn.task in OWN_WAYS:
        return None
    done = next((name for name in ACTS if _is_all(turn, name)), None)
    return ACTS[done](turn) if done else None


def remembered(reply: Reply) -> dict[str, Any] | None:
    """What of a reply is kept for the next turn; None for one without words."""
    texts = [part for part in reply.parts if isinstance(part, Text)]
    if not texts:
        return None
    cards = [card.source for part in reply.parts if isinstance(part, Programs) for card in part.cards if card.source]
    sources = dict.fromkeys([source for text in texts for source in text.sources] + cards)
    kept = Text(
        "\n\n".join(text.text for text in texts),
        sources=tuple(sources)[:_MOST_SOURCES],
        more="\n\n".join(text.more for text in texts if text.more),
    )
    return Reply((kept,), reply.suggestions).to_dict()


def _is_all(turn: Turn, name: str) -> bool:
    """Whether an act is what a message says, and not a word of it ("stop", but not "when do observers stop?")."""
    letters = sum(letter.isalnum() for letter in turn.message.text)
    of_act = max(
        (
            sum(letter.isalnum() for letter in turn.message.text[act.start : act.end])
            for act in turn.message.frame.acts
            if act.name == name
        ),
        default=0,
    )
    return bool(of_act) and of_act >= MOST * letters


def _last(turn: Turn) -> Text | None:
    try:
        reply = Reply.from_dict(turn.slots.get(LAST))
    except ReplyFormatError:
        return None
    text = reply.parts[0]
    return text if isinstance(text, Text) else None


def _last_buttons(turn: Turn) -> tuple[Suggestion, ...]:
    try:
        return Reply.from_dict(turn.slots.get(LAST)).suggestions
    except ReplyFormatError:
        return ()


def _stop(turn: Turn) -> Outcome | None:
    dropped = {"task": None, "asked": None, "asked_reply": None}
    return Outcome(turn.responses.reply("utter_stopped"), dropped)


def _doubt(turn: Turn) -> Outcome | None:
    last = _last(turn)
    if last is None:
        return None
    said = turn.responses.text(
        "utter_stand_by", sources=_named(turn, last.sources), text=_start(last.text, sentences=2)
    )
    return Outcome(Reply((Text(said, last.sources, more=last.more),), _last_buttons(turn)))


def _source(turn: Turn) -> Outcome | None:
    last = _last(turn)
    if last is None:
        return None
    said = turn.responses.text("utter_sources_of_last", sources=_named(turn, last.sources))
    return Outcome(Reply((Text(said, last.sources),), _last_buttons(turn)))


def _why(turn: Turn) -> Outcome | None:
    last = _last(turn)
    if last is None or not last.more:
        return None
    return Outcome(Reply((Text(last.more, last.sources),), _last_buttons(turn)))


def _repeat(turn: Turn) -> Outcome | None:
    last = _last(turn)
    return Outcome(Reply((last,), _last_buttons(turn))) if last else None


def _less(turn: Turn) -> Outcome | None:
    last = _last(turn)
    return Outcome(Reply((Text(_start(last.text), last.sources),), _last_buttons(turn))) if last else None


def _not_it(turn: Turn) -> Outcome | None:
    return Outcome(turn.responses.reply("utter_not_it"))


ACTS: Mapping[str, Callable[[Turn], Outcome | None]] = {
    "stop": _stop,
    "doubt": _doubt,
    "source": _source,
    "why": _why,
    "repeat": _repeat,
    "less": _less,
    "not_what_i_asked": _not_it,
}


def _start(text: str, sentences: int = 1) -> str:
    return " ".join(part.strip() for part in _SENTENCE.split(text)[:sentences] if part.strip())


def _named(turn: Turn, sources: tuple[Source, ...]) -> str:
    """Sources in a line, with their dates; what the answers rest on in general where none is known."""
    named = [
        f"[{source.title}]({source.url})" + (f" ({source.date})" if source.date else "") if source.url else source.title
        for source in sources
    ]
    return "; ".join(named) or turn.responses.text("utter_sources_in_general")
