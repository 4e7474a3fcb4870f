"""What points at programs on the screen: "the second one", "how much is it", "do they need Step 1"."""

from __future__ import annotations

from bot.nlu.frame import Frame, Number, Ordinal
from bot.nlu.message import Message

_ELSEWHERE = ("institution", "specialty", "state", "city", "region", "unknown_name")
_LONGEST, _BARE = 20, 4
_FEW = 2
_ALL = 0.7
"""The share of a message's letters from which an act is all that it says."""
_LAST = -1
_ASKS = "asks_"


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

    A bare question ("the fee?") and "how do I apply to it" are about one program or two, never about a list; several
    at once ("price and length?") and whom to write to are asked of both.
    """
    if not may_be_about_shown(message):
        return False
    are_few = is_one or shown <= _FEW
    is_bare = are_few and len(message.text.split()) <= _BARE
    is_several = len({act.name for act in message.frame.acts if act.name.startswith(_ASKS)}) > 1
    words = ("it", "there") if is_one else ("them", "there", "which_of", *(("it",) if are_few else ()))
    return bool(selection(message.frame, shown)) or is_bare or is_several or message.frame.does(*words, "asks_contact")


def may_be_about_shown(message: Message) -> bool:
    """Whether nothing in a message says that it is about something else: another name, rotations at large."""
    frame = message.frame
    if message.is_button or len(message.text.split()) > _LONGEST:
        return False
    if any(item.value == "residency" for item in frame.named("goal")) and not points_there(frame):
        return False  # "how many weeks should I have for the Match?" is asked of no one place
    other = [kind for kind in _ELSEWHERE if kind != "specialty" or not asks_if_there(frame)]
    elsewhere = (item for kind in other for item in frame.named(kind) if item.polarity not in ("has", "has_not"))
    return not is_in_general(frame) and next(elsewhere, None) is None


def asks_if_there(frame: Frame) -> bool:
    """Whether a specialty is asked of the place on the screen: "do they have cardiology"."""
    return frame.does("there") and frame.does("ask") and not frame.does("show", "offers")


def points_there(frame: Frame) -> bool:
    """Whether a place on the screen is meant ("do they ...", "how do I apply there"), not "what is it like there"."""
    general = [act for act in frame.acts if act.name == "in_general"]
    places = [act for act in frame.acts if act.name == "there"]
    return any(not any(act.start <= place.start < act.end for act in general) for place in places)


def is_in_general(frame: Frame) -> bool:
    """Whether rotations at large are spoken of, and no place on the screen."""
    return frame.does("in_general") and not points_there(frame)


def is_pick(message: Message, shown: int) -> bool:
    """Whether a message only points at results: "the last", "show me the second one"."""
    picked = [act for act in message.frame.acts if act.name == "pick"]
    letters = sum(letter.isalnum() for letter in message.text)
    most = max((sum(letter.isalnum() for letter in message.text[act.start : act.end]) for act in picked), default=0)
    return bool(selection(message.frame, shown)) and most >= _ALL * letters
