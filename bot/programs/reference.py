"""Questions that name no program while programs stand on the screen: "how much is it", "do they need Step 1"."""

from __future__ import annotations

import re

from bot.nlu.mentions import mentions, selection
from bot.nlu.message import Message

_ONE = (
    r"\b(?:its?|this|that) (?:one|program(?:me)?|place|hospital|clinic|school|rotation|observership|elective|"
    r"externship|offering|institution)\b|\bits?\b|(?<!is )(?<!are )(?<!was )(?<!be )\bthere\b|"
    r"\b(?:they|them|theirs?)\b"
)
_SEVERAL = (
    r"\b(?:they|them|theirs?|these|those|both|either)\b|\bwhich (?:one|of (?:them|these|those|the (?:two|three)))\b"
)
_IT_STANDS_FOR_NOTHING = re.compile(
    r"\bis (?:it|there) (?:possible|true|ok(?:ay)?|better|worth|necessary|legal|enough|normal|allowed|a problem|bad|"
    r"good|hard|easy|safe|too late|late|any|a way|advisable|common|mandatory to|compulsory to)\b|"
    r"\bdoes it (?:matter|help|count|make)\b|\bit (?:takes|is better|depends)\b|\bhow long does it take\b|"
    r"\b(?:get|live|fly|come|go|stay|travel|move|arrive|going|staying|living) (?:over )?there\b",
    re.IGNORECASE,
)
_IN_GENERAL = re.compile(
    r"\b(?:rotations|observerships|electives|externships|clerkships|programs|programmes|hospitals|schools|universities|"
    r"agencies|in general|generally|usually|normally|typically|on average|most|visa office|embassy|consulate)\b",
    re.IGNORECASE,
)
_ELSEWHERE = frozenset({"institution", "specialty", "state", "city", "region"})
_LONGEST, _BARE = 16, 3


def points_at_shown(message: Message, shown: int, *, is_one: bool) -> bool:
    """Whether a question is about what is shown: one program (or the offerings of one), or several results.

    A bare question ("the fee?") is about one program, never about a list.
    """
    text = message.text
    is_other = message.is_button or len(message.questions) > 1 or len(text.split()) > _LONGEST
    if is_other or {item.kind for item in mentions(message)} & _ELSEWHERE:
        return False
    if _IN_GENERAL.search(text) or _IT_STANDS_FOR_NOTHING.search(text):
        return False
    if selection(text, shown):
        return True
    if is_one and len(text.split()) <= _BARE:
        return True
    return bool(re.search(_ONE if is_one else _SEVERAL, text, re.IGNORECASE))
