"""What a message means to a talk that waits for a person, or is with one.

What shall be deleted is read by plain patterns, before the engine is asked: it may be silent, or the talk with staff.
"""

from __future__ import annotations

import re

from bot.nlu.message import Message

NOTED = '/request_human{"handoff": "noted"}'
"""What the engine is told in place of a message whose address was kept."""
DROP = '/request_human{"handoff": "drop"}'
"""What the engine is told when the kept address shall go."""

_GONE = r"\b(?:delete|deleting|remove|forget|erase|drop|withdraw|wipe)\b"
_ADDRESS_GONE = re.compile(_GONE + r".{0,30}\b(?:e-?mail|mail address|contact)\b", re.IGNORECASE | re.DOTALL)
_ALL_GONE = re.compile(
    _GONE + r"\s+(?:about\s+)?(?:me\b|everything\b|all\b|(?:all\s+)?(?:of\s+)?"
    r"my\s+(?:data|info\w*|chat|conversation|messages|history|profile|account)\b|"
    r"(?:this|the)\s+(?:chat|conversation)\b)",
    re.IGNORECASE,
)


def declines(message: Message) -> bool:
    """Whether somebody would rather leave no address: "skip", "no thanks", and nothing else."""
    frame = message.frame
    return frame.does("no", "skip") and not (frame.does("ask") or frame.entities or frame.dimensions)


def wants_address_gone(text: str) -> bool:
    """Whether somebody wants the address that they left deleted."""
    return bool(_ADDRESS_GONE.search(text))


def wants_all_gone(text: str) -> bool:
    """Whether somebody wants to be forgotten: that reaches the bot also while a person has the talk."""
    return bool(_ALL_GONE.search(text))
