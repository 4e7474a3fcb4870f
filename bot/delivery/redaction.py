"""Removes e-mail addresses, phone and passport numbers from what people write, before anything keeps it.

Numbers are the substance of this field (scores, fees, years, registration numbers), so a number is removed only
for a reason: its form or the words around it. Every expression is linear in the length of the text.
"""

from __future__ import annotations

import re

EMAIL, PHONE, PASSPORT = "[e-mail]", "[phone]", "[passport]"

_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_SPELLED_ADDRESS = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s{0,2}[\[(]?\bat\b[\])]?\s{0,2}[\w-]{1,63}\s{0,2}[\[(]?\bdot\b[\])]?\s{0,2}"
    r"(?:com|org|net|edu|gov|io|in|pk|uk|ng|eg|co|de|fr|ca|info)\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\s*[\[(]?\bat\b[\])]?\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[(]?\bdot\b[\])]?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,$€£₹])\+?\(?\d(?:[ \t\u00a0().\u2010-\u2015-]{0,3}\d)*(?!\w)")
_DATE = re.compile(r"(?:19|20)\d\d[-. ]\d\d?[-. ]\d\d?(?!\d)|(?<!\d)\d\d?[-. ]\d\d?[-. ](?:19|20)\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NANP = re.compile(r"(?:\+?1[ .-]?)?\(?[2-9]\d\d\)?[ .-]{0,2}[2-9]\d\d[ .-]\d{4}")

_PHONE_WORD = re.compile(
    r"\b(?:tele)?phones?\b|\bcall(?: me)?\b|\bmobile\b|\bcell\b|\bwhats ?app\b|\btel\b|\bcontact\b|\btext me\b"
    r"|\breach me\b|\bmy number\b|\bring me\b|\bfax\b|\bviber\b|\btelegram\b|\bsms\b",
    re.IGNORECASE,
)
_ID_WORD = re.compile(
    r"\b(?:id|ids|eras|aamc|ecfmg|epic|nrmp|usmle|match|token|registration|application|applicant|order|invoice|ref"
    r"|reference|grant|license|licence)\b",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:[$€£₹]|\b(?:usd|eur|gbp|inr|pkr|rs|dollars?))\.? ?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(r" ?(?:[$€£₹]|(?:usd|eur|gbp|inr|pkr|rs|dollars?|bucks)\b)", re.IGNORECASE)
_PASSPORT_WORD = re.compile(r"\bpass?port\b", re.IGNORECASE)
_PASSPORT_NUMBER = re.compile(r"(?<![\w$€£₹.,+-])(?:[A-Z]{1,2}[ -])?(?=[A-Za-z0-9]{6,10}\b)[A-Za-z0-9]*\d[A-Za-z0-9]*")

_BEFORE, _AFTER = 40, 25
_LONGEST_PHONE, _SHORTEST_PHONE, _FULL_PHONE = 15, 7, 10


def redact(text: str) -> str:
    """The same text with `[e-mail]`, `[phone]` and `[passport]` in place of what identifies a person."""
    text = _ADDRESS.sub(EMAIL, text)
    text = _SPELLED_ADDRESS.sub(EMAIL, text)
    if _PASSPORT_WORD.search(text):
        text = _PASSPORT_NUMBER.sub(_passport, text)
    return _NUMBER.sub(_phone, text)


def first_address(text: str) -> str:
    """The first e-mail address in a text, also one that is spelled out; "" when there is none."""
    if found := _ADDRESS.search(text):
        return found[0]
    found = _SPELLED_ADDRESS.search(text)
    return _DOT.sub(".", _AT.sub("@", found[0])) if found else ""


def _passport(found: re.Match[str]) -> str:
    written = found[0]
    digits = sum(letter.isdigit() for letter in written)
    letters = sum(letter.isalpha() for letter in written)
    looks_like_one = (digits >= 6 and letters <= 3) or (digits >= 4 and letters > 0 and written.upper() == written)
    return PASSPORT if looks_like_one and _is_passport_near(found) and not _is_money(found) else written


def _is_passport_near(found: re.Match[str]) -> bool:
    before, after = _around(found)
    word = _last(_PASSPORT_WORD, before)
    if word < 0:
        return bool(_PASSPORT_WORD.search(after)) and _last(_ID_WORD, before) < 0
    return word > max(_last(_PHONE_WORD, before), _last(_ID_WORD, before))


def _phone(found: re.Match[str]) -> str:
    return PHONE if _is_phone(found) else found[0]


def _is_phone(found: re.Match[str]) -> bool:
    written = found[0]
    digits = [letter for letter in written if letter.isdigit()]
    if not _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE or _is_money(found):
        return False
    if written.startswith("+"):
        return True
    if _is_dates(written) or re.fullmatch(r"\d+\.\d+", written):
        return False
    before, _ = _around(found)
    phone_word, id_word = _last(_PHONE_WORD, before), _last(_ID_WORD, before)
    if phone_word >= 0 and phone_word > id_word:
        return True
    return id_word < 0 and _has_phone_form(written, digits)


def _has_phone_form(written: str, digits: list[str]) -> bool:
    """Without a word that says so: a full number, which a row of scores or ids is not."""
    if len(digits) < _FULL_PHONE:
        return False
    if _NANP.fullmatch(written):
        return True
    groups = re.findall(r"\d+", written)
    if len(groups) == 1 or digits[0] == "0":
        return True
    return len(groups) == 2 and min(map(len, groups)) >= 3


def _is_dates(written: str) -> bool:
    """Dates, or years side by side, whatever the separator."""
    rest = _DATE.sub("", written)
    groups = re.findall(r"\d+", rest)
    if rest != written:
        return sum(map(len, groups)) < _SHORTEST_PHONE
    return bool(_YEAR.fullmatch(groups[-1])) and (
        (len(groups) > 2 and " " in written) or all(map(_YEAR.fullmatch, groups))
    )


def _is_money(found: re.Match[str]) -> bool:
    before, after = _around(found)
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after))


def _around(found: re.Match[str]) -> tuple[str, str]:
    start, end = found.span()
    return found.string[max(0, start - _BEFORE) : start], found.string[end : end + _AFTER]


def _last(word: re.Pattern[str], text: str) -> int:
    """Where the last such word ends, or -1."""
    return max((found.end() for found in word.finditer(text)), default=-1)
