"""What is calculated with a fact, so that nobody retires one that plans or estimates stop without.

Each feature declares the keys that it names; the rules of plans name theirs in data/timeline.yml.
"""

from __future__ import annotations

from bot.costs.wording import USED_FACTS as COSTS
from bot.timeline.service import used_facts


def uses_of(key: str) -> tuple[str, ...]:
    """The features that name a fact, in words for staff; empty when nothing would miss it."""
    uses = (("plans", used_facts()), ("cost estimates", COSTS))
    return tuple(name for name, keys in uses if key in keys)
