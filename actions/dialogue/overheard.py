"""What a message tells beside what it asks, kept for another task: a budget, for the next sum."""

from __future__ import annotations

from typing import Any

from actions.turn import Turn
from bot.costs.estimate import Inquiry, overheard
from bot.dialogue.slots import from_slot, to_slot


def sum_told(turn: Turn) -> dict[str, Any]:
    """The slot of the sum after a message that another action answers: a budget of one's own is kept."""
    if turn.message.is_button:
        return {}
    before = from_slot(Inquiry, turn.slots.get("estimate"))
    after = overheard(before, turn.message.frame)
    return {} if after == before else {"estimate": to_slot(after)}
