"""What a message tells beside what it asks, kept for another task: a budget for the next sum, a field for a search."""

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


def specialty_told(turn: Turn) -> dict[str, Any]:
    """The slot of the fields that somebody says they want beside a question of the FAQ; a search has its own."""
    named = turn.message.frame.named("specialty")
    wanted = [item.value for item in named if item.polarity in ("wants", "has") and item.whose == "self"]
    is_own = not (turn.relative or turn.message.is_button or turn.task)
    return {"specialties": list(dict.fromkeys(wanted))} if wanted and is_own else {}
