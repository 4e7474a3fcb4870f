"""One way to write each character, before rules look at a text: a full-width digit means what any other means.

Unicode's NFKC does the most of it (https://www.unicode.org/reports/tr15/). What nobody can see goes: numbers copied
from address books come wrapped in direction marks, and a zero-width space inside an address hides it from every rule.
The ranges are Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, with the blank of Braille and the
anchors of annotations. What people read stays: joiners inside words of scripts that join, and joiners, variation
selectors and tags inside emoji. Written fractions stay, for NFKC makes eleven halves of one and a half. The hyphen that
does not break becomes the one of the keyboard; lines under or around a digit go.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_JOINERS = "\u200c\u200d"
_FRACTION = re.compile("([¼-¾⅐-⅟↉])")
_LATIN_GREEK_CYRILLIC = (
    "A-Za-z\u00aa\u00ba\u00c0-\u058f\u1c80-\u1c8f\u1d00-\u1fff\u2c60-\u2c7f\ua640-\ua7ff\uab30-\uab6f"
)
_EMOJI = "\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_FLAG, _TAGS = "\U0001f3f4", "[\U000e0020-\U000e007f]"

_HIDDEN = re.compile(
    # what may stay is matched first, so that it is passed over
    f"({_FLAG}{_TAGS}+"
    f"|(?<=[^\\W\\d_{_LATIN_GREEK_CYRILLIC}])[{_JOINERS}](?=[^\\W\\d_{_LATIN_GREEK_CYRILLIC}])"
    f"|(?<=[\u0300-\u036f\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff])[{_JOINERS}](?=[\u0900-\u0dff\u1000-\u109f\u1780-\u17ff])"
    f"|(?<=[{_EMOJI}])[\ufe0e\ufe0f](?:\u200d(?=[{_EMOJI}]))?"
    f"|(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}]))"
    f"|[{_INVISIBLE}]"
)
_MARK_ON_DIGIT = re.compile("(?<=\\d)[\u0300-\u036f\u20d0-\u20ff]+")


def plain(text: str) -> str:
    """The text in Unicode's NFKC without what cannot be seen. Done twice it changes nothing more."""
    if text.isascii():
        return text
    while (new := _pass(text)) != text:
        text = new
    return text


def _pass(text: str) -> str:
    text = "".join(
        part if _FRACTION.match(part) else unicodedata.normalize("NFKC", part) for part in _FRACTION.split(text)
    ).replace("\u2010", "-")
    text = _HIDDEN.sub(lambda found: found[1] or "", text)
    return _MARK_ON_DIGIT.sub("", text)
