"""What points at programs on the screen: "the second one", "how much is it", "do they need Step 1"."""

from __future__ import annotations

from bot.nlu.frame import Frame, Number, Ordinal
from bot.nlu.message import Message

_ELSEWHERE = ("institution", "specialty", "state", "city", "region", "unknown_name")
_LONGEST, _BARE = 16, 3
_LAST = -1


def selection(frame: Frame, shown: int) -> tuple[int, ...]:
    """Which of `shown` results a person points at ("the second one", "1 and 3", "the last"), counted from 1."""
    places = [ordinal.value for ordinal, _ in frame.measures(Ordinal)]
    if not places and frame.does("both") and shown > 1:
        return (1, 2)
    if not places and frame.does("pick"):
        places = [int(number.value) for number, _ in frame.measures(Number) if not number.of]
    counted = (shown if place == _LAST else place for place in places)
    return tuple(dict.fromkeys(place for place in counted if 1 <= place <= shown))


def points_at_shown(message: Message, shown: int, *, is_one: bool) -> bool:
    """Whether a question is about what is shown: one program (or the offerings of one), or several results.

    A bare question ("the fee?") is about one program, never about a list.
    """
    frame, length = message.frame, len(message.text.split())
    if message.is_button or len(message.questions) > 1 or length > _LONGEST:
        return False
    if frame.does("in_general") or any(frame.named(kind) for kind in _ELSEWHERE):
        return False
    is_bare = is_one and length <= _BARE
    return bool(selection(frame, shown)) or is_bare or frame.does("it" if is_one else "them")
