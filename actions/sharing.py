"""Linked talks know the same about a person: each turn begins with what the others learned and ends by telling them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from actions.turn import Turn
from bot.dialogue.profile import Profile
from bot.linking import service as linking

CHANNELS = ("web:", "tg:")
"""Only talks that came through a channel can be linked."""


def joined(turn: Turn) -> tuple[Turn, dict[str, Any]]:
    """The turn with what linked talks know, and the slots that this changes."""
    if not turn.conversation.startswith(CHANNELS):
        return turn, {}
    with turn.container.database.unit() as session:
        shared = linking.shared_slots(session, turn.conversation)
    news = {name: value for name, value in shared.items() if value != turn.slots.get(name)}
    if not news:
        return turn, {}
    slots = {**turn.slots, **news}
    return replace(turn, slots=slots, profile=Profile.from_slots(slots), responses=turn.responses.given(news)), news


def tell(turn: Turn, slots: Mapping[str, Any]) -> None:
    """Tell linked talks what this turn changed."""
    changed = {name: value for name, value in slots.items() if name in linking.SHARED}
    if changed and turn.conversation.startswith(CHANNELS):
        with turn.container.database.unit() as session:
            linking.share(session, turn.conversation, changed, now=datetime.now(UTC))
