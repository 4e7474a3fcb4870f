"""What the gateway makes of raw input before anything keeps it: clean, redacted, and free of hidden commands.

The engine takes any text that begins with "/" as an intent, so a person could force one by typing it. Only known
commands and buttons that we showed in this conversation may do that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.commands import read_command
from bot.delivery.normalization import plain
from bot.delivery.redaction import redact

LONGEST_TEXT = 2_000
_LEADING_SLASHES = re.compile(r"[/\s]+")
_KEPT_CONTROLS = "\n\t"
_UNWANTED = {"Cc", "Cs", "Cn", "Co"}


@dataclass(frozen=True)
class Intake:
    """`text` is what the engine gets, `shown` what the history shows; `problem` names the answer of an unusable one.

    `problem` is "", "empty" or "too_long"; with a problem the engine is not asked.
    """

    text: str
    shown: str
    problem: str = ""


def read_text(raw: str) -> Intake:
    """What a person typed."""
    text = clean(raw)
    if command := read_command(text):
        return Intake(command.payload, text.split(maxsplit=1)[0])
    text = _LEADING_SLASHES.sub("", text, count=1) if text.startswith("/") else text
    if not text:
        return Intake("", "", problem="empty")
    if len(text) > LONGEST_TEXT:
        cut = redact(text)[:LONGEST_TEXT]
        return Intake(cut, cut, problem="too_long")
    text = redact(text)
    return Intake(text, text)


def read_payload(payload: str, title_of: Callable[[str], str | None]) -> Intake:
    """A pressed button. `title_of` tells what stood on the button, or None when we never showed it: then it is text."""
    title = title_of(payload)
    return read_text(payload) if title is None else Intake(payload, title)


def clean(raw: str) -> str:
    """The text in plain characters, without those that are controls or mean nothing; trimmed.

    Trimming comes last and uncovers nothing new: what is plain stays so when its ends go.
    """
    kept = (letter for letter in raw if letter in _KEPT_CONTROLS or unicodedata.category(letter) not in _UNWANTED)
    return plain("".join(kept)).strip()
