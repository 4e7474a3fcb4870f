"""What is calculated with a fact, so that nobody retires one that plans, estimates or answers need.

Each feature declares the keys that it names; rules of plans name theirs in data/timeline.yml, answers in their text.
"""

from __future__ import annotations

from bot.costs.wording import USED_FACTS as COSTS
from bot.dialogue.conditions import BOUNDS
from bot.reply.responses import Responses
from bot.timeline.service import used_facts


def uses_of(key: str, words: Responses) -> tuple[str, ...]:
    """What names a fact, of the features and of the live answers, in words for staff; empty when nothing misses it."""
    uses = (
        ("plans", used_facts()),
        ("cost estimates", COSTS),
        ("the choice of an answer", BOUNDS),
        ("figures in answers", words.placeholders()),
    )
    return tuple(name for name, keys in uses if key in keys)
