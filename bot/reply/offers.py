"""An offer in the bot's words: a question that a yes takes up, by the button below it."""

from __future__ import annotations

OFFERS = ("Shall I look", "Shall I show", "Shall I say", "Or shall I look", ", shall I make")
"""How the bot offers to do something; "what shall I look for?" and "shall I delete it?" are no offers."""
TAKEN_UP_BY = ("search_programs", "estimate_cost", "plan_timeline", "recommend_rotation")
"""The intents of buttons that do what was offered."""


def offers(text: str) -> bool:
    """Whether a text offers to do something."""
    return any(offer in text for offer in OFFERS)
