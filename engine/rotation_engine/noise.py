"""Noisy copies of training sentences, so that hurried typing is understood. Made in training; nothing at run time.

Every fourth sentence gets one: on held-out sentences with typos a copy of each is right 0.2 points more often, and none
0.4 points less often, but a copy of each makes a training half as long again (docs/decisions/0001-understanding.md).
"""

from __future__ import annotations

import random
import re
import zlib

COPIED = 4
"""One sentence of so many has a copy."""
NEIGHBORS = {
    "a": "sqz",
    "b": "vgn",
    "c": "xdv",
    "d": "sfe",
    "e": "wrd",
    "f": "dgr",
    "g": "fht",
    "h": "gjy",
    "i": "uok",
    "j": "hku",
    "k": "jli",
    "l": "kop",
    "m": "nj",
    "n": "bmh",
    "o": "ipl",
    "p": "ol",
    "q": "wa",
    "r": "etf",
    "s": "adw",
    "t": "ryg",
    "u": "yij",
    "v": "cbf",
    "w": "qes",
    "x": "zcs",
    "y": "tuh",
    "z": "xa",
}
SMS = {
    "you": "u",
    "are": "r",
    "your": "ur",
    "please": "pls",
    "for": "4",
    "to": "2",
    "be": "b",
    "before": "b4",
    "and": "n",
    "because": "bc",
    "with": "w",
    "without": "w/o",
    "what": "wat",
    "thanks": "thx",
    "about": "abt",
    "want": "wanna",
    "going": "goin",
    "know": "kno",
    "the": "d",
    "people": "ppl",
    "i'm": "im",
    "don't": "dont",
    "can't": "cant",
    "is": "iz",
    "do": "do",
    "have": "hv",
    "need": "ned",
    "get": "gt",
    "months": "mths",
    "years": "yrs",
    "year": "yr",
    "month": "mth",
    "through": "thru",
    "really": "rly",
    "should": "shud",
    "would": "wud",
    "could": "cud",
    "how": "hw",
    "doctor": "dr",
    "university": "uni",
    "application": "app",
    "rotation": "rotatn",
    "rotations": "rotatns",
    "hospital": "hosp",
    "information": "info",
}


def noisy_copies(sentence: str) -> list[str]:
    """Of every fourth sentence a copy with keyboard typos, every second of them in SMS spelling; always the same."""
    number = zlib.crc32(sentence.encode())
    if number % COPIED:
        return []
    chance = random.Random(number)
    return [typos(sentence, chance) if number // COPIED % 2 else typos(sms(sentence, chance), chance, rate=0.04)]


def typos(sentence: str, chance: random.Random, rate: float = 0.12) -> str:
    """One edit in some words of four letters or more: swap, loss, doubling, or a neighbor key."""
    words = sentence.split(" ")
    return " ".join(_typo(word, chance) if len(word) > 3 and chance.random() < rate * 2 else word for word in words)


def _typo(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    edit = chance.randrange(4)
    if edit == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if edit == 1:
        return word[:at] + word[at + 1 :]
    if edit == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + chance.choice(NEIGHBORS.get(word[at].lower(), word[at])) + word[at + 1 :]


def sms(sentence: str, chance: random.Random) -> str:
    words = re.sub(r"[^\w\s'/-]", "", sentence.lower()).split()
    return " ".join(SMS[word] if word in SMS and chance.random() < 0.7 else word for word in words)
