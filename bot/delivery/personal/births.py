"""Dates of birth. A date alone is a date of a plan; it is one of birth when a word says so right before or after it."""

from __future__ import annotations

import re

from bot.delivery.personal.surroundings import BIRTH_DATE

_CUE = (
    r"(?:born|d\.? ?o\.? ?b\b\.?|dates? of birth|birth ?dates?|birth ?days?|b'?days?|bdays?|birth|fecha de nacimiento"
    r"|data de nascimento)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?:\.(?=[ ,]{0,2}\d))?"
)
_DAY, _FULL_YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:19|20)\d\d"
_SIGN = r" ?[-./\u2010-\u2015\u2212 ] ?"
_DATE = (
    rf"(?:{_FULL_YEAR}{_SIGN}\d{{1,2}}{_SIGN}\d{{1,2}}"
    rf"|\d{{1,2}}{_SIGN}\d{{1,2}}{_SIGN}(?:{_FULL_YEAR}|'?\d\d)"
    rf"|{_DAY}(?: of)?[ -]?{_MONTH}(?:,?[ -]?(?:{_FULL_YEAR}|'?\d\d\b))?"
    rf"|{_MONTH} ?{_DAY}(?:,? ?(?:{_FULL_YEAR}|'\d\d))?"
    rf"|{_FULL_YEAR}[ -]{_MONTH}[ -]{_DAY}"
    r"|(?:19|20)\d{6}|\d{4}(?:19|20)\d\d)(?!\w)"
)
_FILLER = r"(?:is|was|on|in|the|of|date|day|as|dd|mm|yy|yyyy|yr|my|and|place|a|at)"
_PLACE = r"in [^\W\d_]{2,20}[ ,]{1,2}(?:(?-i:[A-Z])[^\W\d_]{1,20}[ ,]{1,2}){0,2}"
_BETWEEN = rf"[\s:=,.()/-]{{0,4}}(?:{_PLACE}|{_FILLER}\b[\s:=,.()/-]{{1,4}}){{0,5}}"
_AFTER_CUE = re.compile(rf"(?<!\w)({_CUE}{_BETWEEN})(?<!\d){_DATE}", re.IGNORECASE)
_BEFORE_CUE = re.compile(
    rf"(?<![\w/.-]){_DATE}(\s?(?:[(,-]\s?)?(?:(?:is|was|as|my|the|our)\s){{0,3}}{_CUE})(?!\w)", re.IGNORECASE
)


def without_birth_dates(text: str) -> str:
    """The text with a marker in place of each date of birth; the word that said so stays."""
    text = _AFTER_CUE.sub(rf"\1{BIRTH_DATE}", text)
    return _BEFORE_CUE.sub(rf"{BIRTH_DATE}\1", text)
