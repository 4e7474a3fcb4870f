"""The words of our public pages in the languages of the chat. English stands in the template, and names them there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

from bot.reply.responses import fill
from bot.web.widget import BUILT

Say = Callable[..., str]
RIGHT_TO_LEFT = frozenset({"ar"})


@cache
def tables() -> dict[str, dict[str, str]]:
    """`{language: {English: its words}}`, as widget/build.mjs wrote them."""
    found: dict[str, dict[str, str]] = json.loads((BUILT / "pages.json").read_text(encoding="utf8"))
    return found


def language_of(accepted: str) -> str:
    """The first language of an Accept-Language header that has words; English when none has."""
    codes = (item.partition(";")[0].strip().partition("-")[0].lower() for item in accepted.split(","))
    return next((code for code in codes if code == "en" or code in tables()), "en")


def words_in(language: str) -> Say:
    """Says English words in a language, `{places}` filled in."""
    table = tables().get(language, {})
    return lambda english, **values: fill(table.get(english, english), values)
