"""What stands around a number, for that often decides what it is: a word, a currency, a date."""

from __future__ import annotations

import re
import unicodedata

EMAIL, PHONE, PASSPORT = "[e-mail]", "[phone]", "[passport]"
CARD, ACCOUNT, NATIONAL_ID, BIRTH_DATE = "[card]", "[bank account]", "[national id]", "[birth date]"
A_NUMBER, SEVIS_ID, CASE_ID = "[A-number]", "[SEVIS id]", "[case id]"
MARKERS = (EMAIL, PHONE, PASSPORT, CARD, ACCOUNT, NATIONAL_ID, BIRTH_DATE, A_NUMBER, SEVIS_ID, CASE_ID)

BETWEEN = r"[^\d\n;?!\[\]]{0,25}?"
"""What may stand between a word and the number that it names, for a pattern."""
SEPARATOR = r"[ \t().·•\u2010-\u2015\u2212-]"
"""What people put between the groups of a number, for a pattern."""

ID_WORD = re.compile(
    r"\b(?:id|ids|eras|aamc|ecfmg|epic|nrmp|usmle|match|token|registration|application|applicant|order|invoice|ref"
    r"|reference|grant|license|licence|acgme|freida|npi|isbn|doi|pmid|orcid"
    r"|(?:program|programme|course|elective|catalog|hospital|discount|promo|access|zip|postal) "
    r"(?:codes?|numbers?|nos?\b\.?|#))(?!\w)",
    re.IGNORECASE,
)
"""Words that name a number of the field, which stays."""

_MARKER = re.compile("|".join(map(re.escape, MARKERS)))
_BEFORE, _AFTER = 40, 25
_MONEY = r"(?:[$€£₹]|\b(?:usd|eur|gbp|inr|pkr|rs|dollars?|us\$))"
_MONEY_BEFORE = re.compile(_MONEY + r"\.? ?(?:\d[\d,.]* ?[-\u2010-\u2015] ?)?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(r" ?(?:[$€£₹]|(?:usd|eur|gbp|inr|pkr|rs|dollars?|bucks)\b)", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d[-. ]\d\d?[-. ]\d\d?(?!\d)|(?<!\d)\d\d?[-. ]\d\d?[-. ](?:19|20)\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_GROUP = re.compile(r"\d+")
_FEWEST_BESIDE_DATE = 7
_ROUND = 50
_LINK = re.compile(r"(?:https?://|www\.)\S*$", re.IGNORECASE)
_LINK_TO_PHONE = re.compile(r"wa\.me|whatsapp|t\.me|tel:", re.IGNORECASE)
_LONGEST_LINK = 200


def around(found: re.Match[str]) -> tuple[str, str]:
    """The words before and after a number, without the markers of what was removed there."""
    start, end = found.span()
    widest = max(map(len, MARKERS))
    before = found.string[max(0, start - _BEFORE - widest) : start]
    after = found.string[end : end + _AFTER + widest]
    return _without_markers(before)[-_BEFORE:], _without_markers(after)[:_AFTER]


def digits_of(written: str) -> str:
    """The digits alone, in any script, as ASCII."""
    return "".join(str(unicodedata.decimal(letter)) for letter in written if letter.isdecimal())


def groups_of(written: str) -> list[str]:
    """The digits as they were grouped."""
    return [digits_of(group) for group in _GROUP.findall(written)]


def last(word: re.Pattern[str], text: str) -> int:
    """Where the last such word ends, or -1."""
    return max((found.end() for found in word.finditer(text)), default=-1)


def is_money(found: re.Match[str]) -> bool:
    """A sum: a currency stands before or after it, or before the sum from which it is a range."""
    before, after = around(found)
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after))


def is_dates(written: str) -> bool:
    """Dates, or years side by side, whatever the separator."""
    rest = _DATE.sub("", written)
    groups = _GROUP.findall(rest)
    if rest != written:
        return sum(map(len, groups)) < _FEWEST_BESIDE_DATE
    if not groups:
        return False
    return bool(_YEAR.fullmatch(groups[-1])) and (
        (len(groups) > 2 and " " in written) or all(map(_YEAR.fullmatch, groups))
    )


def is_round(written: str) -> bool:
    """Several sums or scores side by side: "10000-15000", "2400 2500 2600 2700"."""
    groups = groups_of(written)
    return len(groups) > 1 and all(int(group) % _ROUND == 0 for group in groups)


def is_in_link(found: re.Match[str]) -> bool:
    """A number in the address of a page is the page's; only links that open a chat hold somebody's number."""
    link = _LINK.search(found.string, max(0, found.start() - _LONGEST_LINK), found.start())
    return link is not None and not _LINK_TO_PHONE.search(link[0])


def _without_markers(text: str) -> str:
    return _MARKER.sub(lambda found: " " * len(found[0]), text)
