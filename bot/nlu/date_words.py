"""The words of dates: months, seasons and numbers as people type them, and the parts of a message that are no dates."""

# ruff: noqa: E501 (a pattern is easier to read in one piece)

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz, process

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "couple of": 2,
    "a couple of": 2,
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
    "eighteen": 18,
    "half a": 0.5,
    "half": 0.5,
    "a year and a half": 1.5,
    "one and a half": 1.5,
}
MONTH = (
    r"(?:jan(?:uary)?|feb(?:r|ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
SEASON = r"(?:spring|summer|fall(?! (?:short|behind|into|under|for|back|apart|through))|autumn|winter)"
YEAR = r"(?:(?:19|20|21)\d\d|'\d\d)"
NUMBER = r"(?:\d{1,3}(?:[.,]5)?|(?:an? )?couple of|one and a half|half an?|half|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen)"
UNIT = r"(?:days?|weeks?|wks?|months?|mths?|mos?|years?|yrs?)"
_KNOWN = (*MONTHS, "spring", "summer", "autumn", "winter")
_NOT_MONTHS = frozenset(
    {"match", "matches", "matched", "marched", "winner", "string", "spin", "sprint", "inter", "summary"}
)
_SURE = 86
_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2013": "-", "\u2014": "-"})
_EXAM = r"(?:usmle|step\s?(?:1|2|one|two)(?:\s?ck)?|ck|toefl|ielts|oet|exams?|finals)"
_DATE = rf"(?:(?:in|on|by|around)\s+)?(?:early |mid |late )?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?(?:,?\s+(?:of\s+)?{YEAR})?|{YEAR})\b"
_NOISE = tuple(
    re.compile(pattern)
    for pattern in (
        # graduation and studies
        rf"\b(?:graduat\w*|class of|batch(?: of)?|yog|passed out|finish(?:ed|ing)? (?:med(?:ical)? school|school|mbbs)|degree)\b[^.,;?!]{{0,20}}?{_DATE}",
        rf"\b{YEAR}\s+(?:grad(?:uate)?s?|graduation|batch|passout|yog)\b",
        rf"\b(?:start\w*|begin\w*|enter\w*)?\s*(?:my |the )?(?:final|last|fourth|fifth|sixth|[3-6](?:th|rd)) year\b(?: (?:of \w+ )?(?:starts?|begins?))?\s*(?:{_DATE})?",
        # the year of a Match
        rf"\b(?:match\w*|eras|cycle|residency|season)\b[^.,;?!]{{0,12}}?\b{YEAR}\b",
        rf"\b{YEAR}(?:\s?[/-]\s?\d\d)?\s+(?:us )?(?:match|eras|cycle|residency|season)\b",
        # visas and scores that are valid until a day
        rf"\b(?:valid|expir\w*|runs? out)\b[^.,;?!]{{0,15}}?{_DATE}",
        rf"(?<!after )(?<!after my )(?<!after the )\b{_EXAM}\b(?: exam| score| result)?s?(?: is| are| was)?(?: booked| scheduled| planned)?(?: for)?\s+{_DATE}",
        # lengths of a stay
        rf"\bfor (?:about |around )?{NUMBER}(?:\s?(?:-|to|or)\s?{NUMBER})?[\s-]*{UNIT}\b",
        rf"\b{NUMBER}[\s-]*{UNIT}(?= (?:long|rotation|elective|observership|externship|in advance|ahead|before|prior|early|ago|old|each|total|of (?:rotation|elective|observ|extern|usce|experience)))",
        # what is given up
        rf"\b(?:instead of|rather than|not(?: in)?|no longer(?: in)?)\s+{MONTH}(?:\s+{YEAR})?",
    )
)


def normalize(text: str) -> str:
    """Lower case, plain quotes and dashes, single spaces, months and seasons spelled right."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_PLAIN)
    words = [_spelled(word) for word in plain.split()]
    return " ".join(words)


def without_noise(text: str) -> str:
    """A normalized text without the dates that are not about a start: graduation, validity, exams, lengths of a stay."""
    for pattern in _NOISE:
        text = pattern.sub(" ", text)
    return re.sub(r"\s+", " ", text).strip()


def month_number(word: str) -> int:
    """1 to 12 for a month's name or its abbreviation."""
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(word.rstrip(".")[:3]))


def year_number(word: str) -> int:
    """2027 for "2027" and "'27"."""
    return 2000 + int(word[1:]) if word.startswith("'") else int(word)


def amount(word: str) -> float:
    """The number in "5", "1.5", "a couple of", "half a"."""
    word = word.strip()
    if re.fullmatch(r"\d+(?:[.,]5)?", word):
        return float(word.replace(",", "."))
    return NUMBERS.get(word.replace("an ", "a ").replace("half an", "half a"), NUMBERS.get(word, 1))


def _spelled(word: str) -> str:
    bare = word.strip(".,;:!?()\"'")
    if len(bare) < 5 or not bare.isalpha() or bare in _KNOWN or bare in _NOT_MONTHS:
        return word
    found = process.extractOne(bare, _KNOWN, scorer=fuzz.ratio, score_cutoff=_SURE)
    return word.replace(bare, found[0]) if found else word
