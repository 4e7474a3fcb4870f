"""Removes what identifies a person from what people write, before anything keeps it.

Numbers are the substance of this field (scores, fees, years, registration numbers), so a number is removed only
for a reason: its checksum, its form, or the words around it. The kinds stand in `bot/delivery/personal/`, each with the
source of its rules; here stands their order, for a card has the form of a phone number too. Every expression is linear
in the length of the text.
"""

from __future__ import annotations

import re

from bot.delivery.normalization import plain
from bot.delivery.personal.addresses import address_in, without_addresses
from bot.delivery.personal.births import without_birth_dates
from bot.delivery.personal.papers import without_accounts, without_immigration_ids, without_national_ids
from bot.delivery.personal.passports import without_passports
from bot.delivery.personal.phones import without_phones

_MAY_HOLD_SOMETHING = re.compile(r"[\d@]|<<|\b(?:at|arroba)\b", re.IGNORECASE)
_ORDER = (
    without_addresses,
    without_accounts,
    without_birth_dates,
    without_immigration_ids,
    without_national_ids,
    without_passports,
    without_phones,
)


def redact(text: str) -> str:
    """The same text in plain characters, with markers like `[e-mail]` in place of what identifies a person."""
    text = plain(text)
    if not _MAY_HOLD_SOMETHING.search(text):
        return text
    while (new := _pass(text)) != text:
        text = new
    return text


def first_address(text: str) -> str:
    """The first e-mail address in a text, also one that is spelled out; "" when there is none."""
    return address_in(plain(text))


def _pass(text: str) -> str:
    """One look at each kind. What was removed lets other numbers stand nearer to a word, so there may be another."""
    for without in _ORDER:
        text = without(text)
    return text
