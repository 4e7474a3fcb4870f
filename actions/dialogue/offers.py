"""An offer of the bot that is taken up: "yes please" and "show me some" press the button below the last answer."""

from __future__ import annotations

import json

from actions.dialogue.acts import LAST, is_all
from actions.turn import Turn
from bot.dialogue.state import FALLBACK
from bot.nlu.message import Message
from bot.reply.offers import TAKEN_UP_BY, offers
from bot.reply.parts import Reply, ReplyFormatError, Suggestion, Text

SEARCH, ADVICE = "/search_programs", "recommend"
YES = frozenset({"affirm", FALLBACK, "thank"})
"""Intents that a bare "yes" is taken for."""


def taken_up(turn: Turn) -> Message | None:
    """The button that a message presses in words; None where nothing was offered, or something else is said.

    "Yes" takes up what the last answer offered in a question, "show me some" its search; so does "who offers those?"
    after advice. Where an answer has none, "which ones?" begins a search all the same.
    """
    if turn.message.is_button or turn.asked:
        return None
    try:
        last = Reply.from_dict(turn.slots.get(LAST))
    except ReplyFormatError:
        return None
    asks_for_some = turn.task == ADVICE and turn.message.frame.does("offers") and not turn.message.frame.entities
    if is_all(turn, "show_them") or asks_for_some:
        is_of_topic = turn.task is None and bool(turn.slots.get("last_topic"))
        return _pressed(last.suggestions, (SEARCH,)) or (_button(SEARCH) if is_of_topic else None)
    says_yes = turn.message.intent in YES and is_all(turn, "yes")
    return _pressed(last.suggestions, tuple(f"/{name}" for name in TAKEN_UP_BY)) if says_yes and _offers(last) else None


def _offers(last: Reply) -> bool:
    return any(offers(part.text) for part in last.parts if isinstance(part, Text))


def _pressed(buttons: tuple[Suggestion, ...], payloads: tuple[str, ...]) -> Message | None:
    """The message of the first button that begins a task."""
    payload = next((button.payload for button in buttons if button.payload.partition("{")[0] in payloads), "")
    return _button(payload) if payload else None


def _button(payload: str) -> Message:
    intent, brace, values = payload[1:].partition("{")
    named = json.loads(brace + values) if values else {}
    entities = [{"entity": name, "value": value} for name, value in named.items()]
    return Message.from_parse({"text": payload, "intent": {"name": intent, "confidence": 1.0}, "entities": entities})
