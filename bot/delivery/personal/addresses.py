"""E-mail addresses, also those that are written so that no machine should find them: "name (at) example dot org".

The rules are our own: the forms are those that people type, with "at the rate" of South Asia and the Spanish words.
"""

from __future__ import annotations

import re

from bot.delivery.personal.surroundings import EMAIL

_LOCAL = r"(?<![\w.+%-])[\w.+%\u200c\u200d-]+"
_AT_WORD = r"(?:at(?: the rate(?: of)?)?|arroba)"
_SIGN = r"\s{0,2}[\[({<]?@[\])}>]?\s{0,2}"
_IN_BRACKETS = rf"\s{{0,2}}[\[({{<]\s?{_AT_WORD}\s?[\])}}>]\s{{0,2}}"
_SPELLED_AT = rf"\s{{0,2}}[\[(]?\b{_AT_WORD}\b[\])]?\s{{0,2}}"
_SPELLED_DOT = r"\s{0,2}[\[({<]?\b(?:dot|punto)\b[\])}>]?\s{0,2}"
_LOOSE_DOT = rf"(?:\s{{0,2}}[\[({{<]?[.。][\])}}>]?\s{{0,2}}|{_SPELLED_DOT})"
_DOMAIN = r"[\w-]+(?:[.。]{1,2}[\w-]+)*[.。]{1,2}[^\W\d_]{2,}"
_COMMON_END = r"(?:com|org|net|edu|gov)\b"
_SPELLED_END = (
    r"(?:com|org|net|edu|gov|io|in|pk|uk|ng|eg|co|de|fr|ca|info|br|mx|ph|au|bd|np|lk|ae|sa|tr|it|es|me|us|za|gh|ke)\b"
)
_SPELLED_DOMAIN = rf"[\w-]{{1,63}}(?:{_SPELLED_DOT}[\w-]{{1,63}}){{0,3}}{_SPELLED_DOT}{_SPELLED_END}"
_LOOSE_DOMAIN = rf"[\w-]{{1,63}}(?:{_LOOSE_DOT}[\w-]{{1,63}}){{0,3}}{_LOOSE_DOT}{_COMMON_END}"
_SPELLED_LOCAL = rf"(?<![\w.+%-])(?:[\w+%-]{{1,64}}{_SPELLED_DOT}){{0,2}}[\w.+%-]+"
_PROVIDER = r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|icloud|proton(?:mail)?|rediffmail|aol|live|msn|gmx)"
_NOT_A_NAME = r"(?!(?:me|us|you|them|it|is|mail|e-?mail|write|account|look|apply)\b)"

_FORMS = (
    rf"{_LOCAL}(?:{_SIGN}|{_IN_BRACKETS})(?:{_DOMAIN}|{_SPELLED_DOMAIN}|{_LOOSE_DOMAIN})",
    rf"{_LOCAL}@{_PROVIDER}(?:[ ,]com)?\b",
    rf"{_LOCAL}@[\w-]+,{_COMMON_END}",
    rf"{_SPELLED_LOCAL}{_SPELLED_AT}{_SPELLED_DOMAIN}",
    rf"(?<![\w.+%-]){_NOT_A_NAME}[\w.+%-]+\s{{1,2}}{_AT_WORD}\s{{1,2}}{_PROVIDER}\.[^\W\d_]{{2,3}}(?:\.[^\W\d_]{{2}})?\b",
    r"(?<![\w.])(?:[\w.] ){2,40}@(?: [\w-]){1,40} \.(?: [^\W\d_]){2,4}(?![^\W_])",
)
_ADDRESSES = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)
_AT = re.compile(rf"\s*[\[({{<]?\s?(?:@|\b{_AT_WORD}\b)\s?[\])}}>]?\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({<]?(?:[.,。]+|\b(?:dot|punto)\b)[\])}>]?\s*", re.IGNORECASE)


def without_addresses(text: str) -> str:
    """The text with a marker in place of each address."""
    for form in _ADDRESSES:
        text = form.sub(EMAIL, text)
    return text


def address_in(text: str) -> str:
    """The first e-mail address in a text, written as mail programs want it; "" when there is none."""
    for form in _ADDRESSES:
        if found := form.search(text):
            name, _, domain = _AT.sub("@", found[0], count=1).partition("@")
            return f"{_DOT.sub('.', name)}@{_DOT.sub('.', domain)}".replace(" ", "")
    return ""
