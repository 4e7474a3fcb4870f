"""Money, durations and months in plain words: "2.5k a month", "a month and a half", "for September".

A month of rotation is four weeks (source FAQ, part 8: "4 weeks (1 month)"). Nothing here decides what a number is
for; callers check ranges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.nlu.when import MONTHS

WEEKS_PER_MONTH = 4
_WORDS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "sixteen": 16,
    "twenty": 20,
    "couple": 2,
    "a couple of": 2,
    "couple of": 2,
    "a couple": 2,
    "half a": 0.5,
    "half": 0.5,
}
_NUMBER_WORD = "|".join(sorted((re.escape(word) for word in _WORDS), key=len, reverse=True))
_COUNT = (
    rf"(?<![\w.,/])(?P<sign>[-\u2212\u2013]\s?)?(?P<count>\d+(?:[.,]\d+)?|"
    rf"(?:{_NUMBER_WORD})\b)(?P<half>\s*(?:and\s+a\s+half|½))?"
)
_UNIT = (
    r"(?P<unit>(?:weeks?|wks?|wk|w(?=\b)|weeek(?:s)?|fortnights?|months?|mnths?|mths?|mos?|days?|years?|yrs?))\b"
    r"(?P<after>\s+and\s+a\s+half)?"
)
_DURATION = re.compile(
    rf"(?:(?P<low>\d+(?:[.,]\d+)?)\s*(?:-|\u2013|to|or)\s*)?{_COUNT}[\s-]*(?:more\s+|full\s+|whole\s+)?{_UNIT}",
    re.IGNORECASE,
)
_WEEKS = {"w": 1.0, "f": 2.0, "m": float(WEEKS_PER_MONTH), "d": 1 / 7, "y": 52.0}
_NOT_A_STAY_BEFORE = re.compile(
    r"\b(?:in|within|after|last|past|every|per|before|next|since|ago|older than|least every|/)\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_NOT_A_STAY_AFTER = re.compile(
    r"^\s*(?:ago|from now|before|earlier|in advance|ahead|old\b|of (?:experience|practice|residency)|since|post|after)",
    re.IGNORECASE,
)

_AMOUNT = (
    r"(?P<sign{n}>[-\u2212]\s?)?(?P<cur{n}>(?:us\s?)?\$|usd\s*)?\s*(?P<num{n}>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|"
    r"\d+(?:\.\d+)?)\s*(?P<k{n}>k|grand|thousand|hundred)?\b"
)
_DOLLARS = r"(?P<tail>\s*(?:\$|usd|us\s?dollars?|dollars?|bucks|dolars?))?"
_PER = (
    r"(?P<per>\s*(?:a|per|/|each|every|for(?: a| one| 1)?|p\.?)\s*(?P<each>month|mo\b|4[\s-]?weeks?|four[\s-]weeks?|"
    r"week|wk|rotation|block|day)|\s*(?P<monthly>monthly|weekly|pm\b))?"
)
_MONEY = re.compile(
    rf"(?<![\w.])(?:{_AMOUNT.format(n='1')}\s*(?:usd\s*)?(?:-|\u2013|to|"
    rf"and)\s*)?{_AMOUNT.format(n='2')}{_DOLLARS}{_PER}",
    re.IGNORECASE,
)
_CUE_BEFORE = re.compile(
    r"(?:\b(?:under|below|less than|lower than|cheaper than|up to|upto|max(?:imum)?(?: of| is)?|at most|"
    r"no more than|not more than|"
    r"within|budget(?: of| is| around| about|:)?(?: about| around| only)?|around|about|afford|spend|pay|"
    r"have(?: only| about| around| just)?|got(?: only)?|"
    r"than|between|with|only|just|over|above|more than|costs?|costing|fees?(?: of| is)?|price(?: of| is)?)|"
    r"[<≤~])\s*(?:a |my )?$",
    re.IGNORECASE,
)
_CUE_MONEY_ONLY = re.compile(r"\b(?:budget|afford|spend|pay|costs?|costing|fees?|price|max(?:imum)?)\b", re.IGNORECASE)
_OTHER_CURRENCY = re.compile(
    r"[€£₹]|\b(?:eur|euros?|pounds?|gbp|rupees?|inr|pkr|egp|riyals?|sar|lira|jod|dirhams?|aed|naira|cad)\b", re.I
)
_UNIT_FOLLOWS = re.compile(
    r"^\s*[-\u2013]?\s*(?:weeks?|wks?|months?|mos?\b|days?|years?|yrs?|programs?|schools?|rotations?|electives?|"
    r"letters?|lors?|"
    r"options?|places?|results?|ck\b|th\b|st\b|nd\b|rd\b|%|hours?|people|attempts?|hospitals?)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total|totally|in all|overall|altogether|all together|all in|everything included|for everything)\b", re.I
)
_MONTH = re.compile(
    r"(?:\b(?P<lead>in|for|by|from|start(?:ing)?(?: in| from)?|until|till|next|this|early|mid|late|of|on|around|"
    r"before|after|since)\s+(?:the\s+)?)?"
    r"\b(?P<name>jan(?:uary)?|feb(?:ruary|uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
    r"(?:\.?,?\s*(?P<year>(?:19|20)\d\d))?",
    re.IGNORECASE,
)
_INMONTHS = re.compile(rf"\bin\s+(?P<count>\d+|{_NUMBER_WORD})\s+(?P<unit>months?|weeks?)\b", re.IGNORECASE)
_ISO_MONTH = re.compile(r"\b(20\d\d)-(0[1-9]|1[0-2])\b")


@dataclass(frozen=True)
class Money:
    """An amount in US dollars, or a range; `per` is "4_weeks", "week", "rotation", "day", "total" or "" (not said)."""

    low: float
    high: float
    per: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Duration:
    """A length in weeks, or a range of lengths, and where it stands in the text."""

    low: float
    high: float
    start: int = 0
    end: int = 0


def money(text: str, *, expected: bool = False) -> Money | None:
    """The first amount of money in a text.

    A bare number counts when a word like "under" or "budget" leads to it, when it ends in "k", or when the question
    just asked was about money (`expected`). Amounts in other currencies are not taken.
    """
    for found in _MONEY.finditer(text):
        if _OTHER_CURRENCY.search(text[max(0, found.start() - 3) : found.end() + 10]):
            continue
        if _is_money(text, found, expected=expected):
            return _money(text, found)
    return None


def _is_money(text: str, found: re.Match[str], *, expected: bool) -> bool:
    marked = found["cur1"] or found["cur2"] or found["tail"]
    if marked:
        return True
    before, after = text[: found.start()], text[found.end("tail") if found["tail"] else found.end("num2") :]
    if found["k2"]:
        return not _UNIT_FOLLOWS.match(text[found.end("k2") :])
    if _UNIT_FOLLOWS.match(after) and not found["per"]:
        return False
    if re.search(r"\b(?:step|usmle|s)\s*-?$", before, re.IGNORECASE):
        return False
    led = _CUE_BEFORE.search(before)
    big = float(found["num2"].replace(",", "")) >= 50
    if (
        not found["num1"]
        and re.fullmatch(r"(?:19|20)\d\d", found["num2"])
        and not (_CUE_MONEY_ONLY.search(before) or _limits(before))
    ):
        return expected
    return bool(expected or (led and big) or (found["per"] and big))


def _limits(before: str) -> bool:
    return bool(re.search(r"\b(?:under|below|less than|up to|cheaper than|at most|within)\s*$", before, re.IGNORECASE))


def _money(text: str, found: re.Match[str]) -> Money:
    high = _amount(found["num2"], found["k2"])
    low = _amount(found["num1"], found["k1"] or (found["k2"] if found["num1"] else None)) if found["num1"] else high
    if found["sign2"] and not found["num1"]:
        low = high = -high
    return Money(min(low, high), max(low, high), _per(text, found), found.start(), found.end())


def _amount(digits: str, scale: str | None) -> float:
    factor = {"k": 1000, "grand": 1000, "thousand": 1000, "hundred": 100}.get((scale or "").lower(), 1)
    return float(digits.replace(",", "")) * factor


def _per(text: str, found: re.Match[str]) -> str:
    if _TOTAL.search(text):
        return "total"
    each = (found["each"] or found["monthly"] or "").lower()
    if each.startswith("mo") or each.startswith(("4", "four")) or each == "pm":
        return "4_weeks"
    if each.startswith("w"):
        return "week"
    if each in ("rotation", "block"):
        return "rotation"
    return "day" if each == "day" else ""


def duration(text: str) -> Duration | None:
    """The first length of a stay in a text, in weeks ("6 weeks", "a month and a half", "4-8 weeks", "10 days").

    Lead times and ages ("in 3 months", "2 years ago", "within a week") are no stays.
    """
    if re.match(r"\W*month and a half\b", text, re.IGNORECASE):
        text = f"a {text}"
    spent = money(text)
    for found in _DURATION.finditer(text):
        if spent and found.start() < spent.end and found.end() > spent.start:
            continue
        if _NOT_A_STAY_BEFORE.search(text[: found.start()]) or _NOT_A_STAY_AFTER.match(text[found.end() :]):
            continue
        return _duration(found)
    return None


def _duration(found: re.Match[str]) -> Duration:
    unit = _WEEKS[found["unit"][0].lower()]
    count = _count(found["count"]) + (0.5 if found["half"] or found["after"] else 0)
    high = round(count * unit, 1)
    low = round(_count(found["low"]) * unit, 1) if found["low"] else high
    if found["sign"] and not found["low"]:
        low = high = -high
    return Duration(min(low, high), max(low, high), found.start(), found.end())


def _count(word: str) -> float:
    known = _WORDS.get(re.sub(r"\s+", " ", word.lower()))
    return float(known) if known is not None else float(word.replace(",", "."))


def bare_number(text: str) -> float | None:
    """The number of a message that is nothing but a number, perhaps with a sign: the answer to "how many?"."""
    found = re.fullmatch(
        rf"\W*?(?P<sign>[-\u2212\u2013]|minus )?\s*(?P<count>\d+(?:\.\d+)?|{_NUMBER_WORD})\W*",
        text.strip(),
        re.IGNORECASE,
    )
    if not found:
        return None
    return -_count(found["count"]) if found["sign"] else _count(found["count"])


def weeks(text: str, *, expected: bool = False) -> float | None:
    """How many weeks a text speaks of (the upper end of a range); a bare number counts when weeks were asked for."""
    found = duration(text)
    if found:
        return found.high
    return bare_number(text) if expected else None


def start_month(text: str, today: date) -> str | None:
    """The month in which something is to start, "YYYY-MM", the next one of that name; None when none is named."""
    iso = _ISO_MONTH.search(text)
    if iso:
        return iso[0]
    if re.search(r"\bnext month\b", text, re.IGNORECASE):
        return _plus(today, 1)
    ahead = _INMONTHS.search(text)
    if ahead:
        count = _count(ahead["count"])
        return _plus(today, round(count if ahead["unit"][0].lower() == "m" else count / WEEKS_PER_MONTH))
    for found in _MONTH.finditer(text):
        if _is_month(found):
            return _next(found, today)
    return None


def _is_month(found: re.Match[str]) -> bool:
    if found["name"].lower() in ("may", "mar", "march", "dec"):
        return bool(found["lead"] or found["year"] or found["name"][0].isupper())
    return True


def _next(found: re.Match[str], today: date) -> str:
    number = next(at for at, name in enumerate(MONTHS, 1) if name.startswith(found["name"].lower()[:3]))
    year = int(found["year"]) if found["year"] else today.year + (number < today.month)
    return f"{year:04d}-{number:02d}"


def _plus(today: date, months: int) -> str:
    total = today.year * 12 + today.month - 1 + months
    return f"{total // 12:04d}-{total % 12 + 1:02d}"
