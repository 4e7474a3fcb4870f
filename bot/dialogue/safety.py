"""Somebody who is not well comes before the question: what their words say about them, by plain phrases.

Meant to be narrow: a message of somebody in danger is answered as such whatever else it asks; one of somebody who is
worried only gets a kind word before an answer that would read as cold.
"""

from __future__ import annotations

import re

_DANGER = re.compile(
    r"\b(?:kill(?:ing)?|hurt(?:ing)?|harm(?:ing)?|hang(?:ing)?) my ?self\b"
    r"|\b(?:end(?:ing)?|tak(?:e|ing)) my (?:own )?life\b(?! sav)|\bend(?:ing)? it all\b"
    r"|\b(?:don'?t|do not|no longer|never) (?:want|wish|feel like|wanna) (?:to )?(?:live|living|be alive|exist)\b"
    r"(?! (?:in|near|with|far|on|at|by|outside|alone|there|together|too|where|apart))"
    r"|\b(?:want(?:ed)?|wish|wanna) (?:to )?die\b|\bwish i (?:was|were) dead\b|\bbetter off dead\b"
    r"|\b(?:no reason|nothing left) to live\b|\b(?:life is|it is|it'?s) not worth living\b|\btired of living\b"
    r"|\b(?:i am|i'?m|i feel|feeling|i was) suicidal\b|\b(?:think(?:ing)? (?:of|about)|commit(?:ting)?) suicide\b",
    re.IGNORECASE,
)
_MYSELF = re.compile(r"\b(?:i|i'?m|im|i'?ve|me|my|myself|feel|feeling)\b", re.IGNORECASE)
_WORRY = re.compile(
    r"\bgiv(?:e|ing) up\s*(?:$|[.,!?…]|on (?:everything|it all|this|medicine|residency|my dream)|now\b)"
    r"|\b(?:hopeless|helpless|desperate|depress(?:ed|ing)|panick?(?:ed|ing|y)?|overwhelm(?:ed|ing)|stress(?:ed|ing)"
    r"|anxious|anxiety|exhausted|heart ?broken|devastated|crying|burn(?:ed|t) out|lost (?:all )?hope)\b"
    r"|\b(?:so|very|really|too|bit|super) (?:scared|afraid|worried|nervous|sad|lost|tired|lonely)\b"
    r"|\bcan'?(?:t|not) (?:sleep|do this|take (?:it|this))\b|\bfeel(?:ing)? (?:like a failure|lost|alone|stupid|low)\b"
    r"|\bmy life is (?:over|ruined)\b",
    re.IGNORECASE,
)


def is_in_danger(text: str) -> bool:
    """Whether somebody says that they may harm themselves."""
    return bool(_DANGER.search(_plain(text)))


def is_worried(text: str) -> bool:
    """Whether somebody says that they are at the end of their strength."""
    plain = _plain(text)
    return bool(_MYSELF.search(plain) and _WORRY.search(plain))


def _plain(text: str) -> str:
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
