"""Phone numbers: by a plus, by the words before them, or by their form.

What a mobile number looks like in the countries our people come from is read from the metadata of Google's
libphonenumber (`phonenumbers`), once and at the first number that needs it. A whole number in one piece counts as a
phone number everywhere, for no number of the field has so many digits without a word that names it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from phonenumbers import PhoneMetadata

from bot.delivery.personal.surroundings import (
    ID_WORD,
    PHONE,
    SEPARATOR,
    around,
    digits_of,
    groups_of,
    is_dates,
    is_in_link,
    is_money,
    is_round,
    last,
)

REGIONS = (
    "US",
    "PK",
    "IN",
    "BD",
    "NP",
    "LK",
    "EG",
    "SA",
    "AE",
    "JO",
    "SD",
    "NG",
    "GH",
    "KE",
    "GB",
    "IE",
    "DE",
    "GR",
    "TR",
    "UA",
    "BR",
    "MX",
    "CO",
    "PE",
    "AR",
    "DO",
    "PH",
    "CN",
    "AU",
)
_GLUED = r"(?<=tel)|(?<=phone)|(?<=mob)|(?<=cell)|(?<=ph)|(?<=no)|(?<=app)"
_START = rf"(?:(?<![\w$€£₹])(?<!\d[.,])|(?=\+)|{_GLUED})"
_END = r"(?:(?!\w)|(?=[^\W\d_]{2,}\b))"
_NUMBER = re.compile(rf"{_START}\(?(?:\+ ?)?\(?\d(?:{SEPARATOR}{{0,3}}\d)*{_END}", re.IGNORECASE)
_SIGNS = r"[ .·•\u2010-\u2015\u2212-]{0,3}"
_NANP = re.compile(rf"(?:\+?1{_SIGNS})?\(?[2-9]\d\d\)?{_SIGNS}[2-9]\d\d{_SIGNS}\d{{4}}")
_WITH_SLASH = re.compile(r"(?<![\w/])(?:\([2-9]\d\d\)|[2-9]\d\d)/[2-9]\d\d[-./ ]\d{4}(?![\w/])")
_WORD = re.compile(
    r"\b(?:(?:tele)?(?:phones?|fono|fone|fon)|call(?: me)?|mobile|mob|cell|celular|whats ?app|tel|ph|contact|text me"
    r"|message me|msg me|reach me|my number|my no|ring me|fax|viber|telegram|sms|imo)\b|\bwa\.me/",
    re.IGNORECASE,
)
_LONGEST, _SHORTEST, _FULL, _LONGEST_GROUP_OF_SCORES = 15, 7, 10, 3


def without_phones(text: str) -> str:
    """The text with a marker in place of each phone number."""
    return _NUMBER.sub(_phone, _WITH_SLASH.sub(PHONE, text))


def _phone(found: re.Match[str]) -> str:
    written = found[0]
    if not _is_phone(found):
        return written
    opened = len(written) - len(written.lstrip("("))
    return "(" * min(opened, written.count("(") - written.count(")")) + PHONE


def _is_phone(found: re.Match[str]) -> bool:
    written, digits = found[0], digits_of(found[0])
    if not _SHORTEST <= len(digits) <= _LONGEST or is_money(found):
        return False
    if "+" in written:
        return True
    if is_dates(written) or re.fullmatch(r"\d+\.\d+", written) or is_in_link(found):
        return False
    before, _ = around(found)
    phone_word, id_word = last(_WORD, before), last(ID_WORD, before)
    if phone_word >= 0 and phone_word > id_word:
        return True
    return id_word < 0 and not is_round(written) and _has_form(written, digits)


def _has_form(written: str, digits: str) -> bool:
    """Without a word that says so: a full number, which a row of scores or ids is not."""
    if len(digits) < _FULL:
        return False
    groups = groups_of(written)
    if len(groups) == 1 or digits[0] == "0" or _NANP.fullmatch(written):
        return True
    longest, shortest = max(map(len, groups)), min(map(len, groups))
    if len(groups) == 2 and shortest >= _LONGEST_GROUP_OF_SCORES:
        return True
    return (longest > _LONGEST_GROUP_OF_SCORES or longest == 1) and bool(_mobile_form().fullmatch(digits))


@lru_cache(maxsize=1)
def _mobile_form() -> re.Pattern[str]:
    """The digits of a mobile number, with or without the country's code or the national prefix."""
    forms = []
    for region in REGIONS:
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata and metadata.mobile:
            prefix = f"(?:{metadata.country_code}|{metadata.national_prefix or ''})?"
            forms.append(f"{prefix}(?:{metadata.mobile.national_number_pattern})")
    return re.compile("|".join(forms))
