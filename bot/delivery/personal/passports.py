"""Passport numbers: near the word, whatever a passport may have; without it, only what has the form of one.

That form is one or two capital letters and seven or eight digits in one piece, perhaps with a last letter: India,
Pakistan, Nigeria, Egypt, Bangladesh, the Philippines, Mexico and the newer ones of the United States (ICAO Doc 9303
leaves it to each state). Codes of programs begin with a digit or have fewer of them; a word that names another number
keeps it.
"""

from __future__ import annotations

import re

from bot.delivery.personal.surroundings import ID_WORD, PASSPORT, around, digits_of, is_dates, is_money, last

_WORD = re.compile(r"\bpass?ports?\b", re.IGNORECASE)
_OTHER_WORD = re.compile(
    r"\b(?:tele)?phones?\b|\bcall(?: me)?\b|\bmobile\b|\bcell\b|\bwhats ?app\b|\btel\b|\btext me\b|\breach me\b"
    r"|\bmy number\b|\bring me\b|\bfax\b|\bsms\b",
    re.IGNORECASE,
)
_NEAR_WORD = re.compile(
    r"(?<![\w$€£₹.,+-])(?:[A-Z]{1,2}[ -])?(?:(?=[A-Za-z0-9]{6,10}\b)[A-Za-z0-9]*\d[A-Za-z0-9]*"
    r"|[A-Z]{0,2}\d{1,4}(?:[ -]\d{2,4}){1,3}(?!\w))"
)
_BARE = re.compile(r"(?<![\w$€£₹.,+/#=-])([A-Z]{1,2}|[a-z])\d{7,8}[A-Z]?(?!\w)")
_YEARS = re.compile(r"\D*(?:(?:19|20)\d\d){2}\D*")
_NOT_A_STATE = frozenset({"RS", "NO", "ID", "US", "FY", "AY", "CK", "PM", "CT", "V", "v"})
_MACHINE_READABLE = re.compile(r"(?<![A-Z0-9<])(?=[A-Z0-9]{0,43}<)[A-Z0-9<]{28,48}(?![A-Z0-9<])")
_FEWEST, _MOST = 6, 10


def without_passports(text: str) -> str:
    """The text with a marker in place of passport numbers, and of the two lines that machines read."""
    text = _MACHINE_READABLE.sub(PASSPORT, text)
    if _WORD.search(text):
        text = _NEAR_WORD.sub(_near_word, text)
    return _BARE.sub(_bare, text)


def _near_word(found: re.Match[str]) -> str:
    written = found[0]
    digits = len(digits_of(written))
    letters = sum(letter.isalpha() for letter in written)
    is_mostly_digits = _FEWEST <= digits <= _MOST and letters <= 3
    is_code = digits >= 4 and letters > 0 and written.upper() == written
    if not (is_mostly_digits or is_code) or is_dates(written):
        return written
    return PASSPORT if _is_word_near(found) and not is_money(found) else written


def _is_word_near(found: re.Match[str]) -> bool:
    before, after = around(found)
    word = last(_WORD, before)
    if word < 0:
        return bool(_WORD.search(after)) and last(ID_WORD, before) < 0
    return word > max(last(_OTHER_WORD, before), last(ID_WORD, before))


def _bare(found: re.Match[str]) -> str:
    before, _ = around(found)
    is_other = found[1] in _NOT_A_STATE or _YEARS.fullmatch(found[0]) or last(ID_WORD, before) >= 0
    return found[0] if is_other else PASSPORT
