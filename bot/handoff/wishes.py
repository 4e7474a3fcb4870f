"""What a message means to a talk that waits for a person, or is with one. Plain patterns: the engine may be silent."""

from __future__ import annotations

import re

NOTED = '/request_human{"handoff": "noted"}'
"""What the engine is told in place of a message whose address was kept."""
DROP = '/request_human{"handoff": "drop"}'
"""What the engine is told when the kept address shall go."""

_NO = re.compile(
    r"\W*(?:no|nope|nah|skip|skip (?:it|this|that)|pass|rather not|i'?d rather not|not now|no,? ?(?:thanks|thank you)|"
    r"no e-?mail|none|don'?t want to|i don'?t have one|without)(?:,? ?please)?\W*",
    re.IGNORECASE,
)
_GONE = r"\b(?:delete|deleting|remove|forget|erase|drop|withdraw|wipe)\b"
_ADDRESS_GONE = re.compile(_GONE + r".{0,30}\b(?:e-?mail|mail address|contact)\b", re.IGNORECASE | re.DOTALL)
_ALL_GONE = re.compile(
    _GONE + r"\s+(?:about\s+)?(?:me\b|everything\b|all\b|(?:all\s+)?(?:of\s+)?"
    r"my\s+(?:data|info\w*|chat|conversation|messages|history|profile|account)\b|"
    r"(?:this|the)\s+(?:chat|conversation)\b)",
    re.IGNORECASE,
)


def declines(text: str) -> bool:
    """Whether somebody would rather leave no address: "skip", "no thanks"."""
    return bool(_NO.fullmatch(text.replace("’", "'")))  # noqa: RUF001


def wants_address_gone(text: str) -> bool:
    """Whether somebody wants the address that they left deleted."""
    return bool(_ADDRESS_GONE.search(text))


def wants_all_gone(text: str) -> bool:
    """Whether somebody wants to be forgotten: that reaches the bot also while a person has the talk."""
    return bool(_ALL_GONE.search(text))
