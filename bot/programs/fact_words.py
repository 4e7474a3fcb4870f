"""Facts in sentences: a figure is named by its key and filled in when it is said, with its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from bot.programs.rows import FactRow
from bot.reply import days
from bot.reply.parts import Source, Text
from bot.reply.responses import fill, placeholders

FAQ = Source("US clinical rotations FAQ, part 2 (Dr. Ahmad)")
_PERCENT, _MONEY = "percent", "usd"
_TO = "\u2013"
_BETWEEN_DIGITS = re.compile(r"(?<=\d)-(?=\d)")


def figure(fact: FactRow) -> str:
    """The value as people read it: money, "6" (months), a range of either, "56.4%", "March 19, 2027", or its text."""
    if fact.range:
        low, high = fact.range
        if fact.unit.startswith(_MONEY):
            return _TO.join(map(_dollars, dict.fromkeys((low, high))))
        return _BETWEEN_DIGITS.sub(_TO, fact.value) + ("%" if fact.unit.startswith(_PERCENT) else "")
    try:
        return days.day(date.fromisoformat(fact.value))
    except ValueError:
        return fact.value


def figures(keys: Iterable[str], facts: Mapping[str, FactRow]) -> dict[str, str]:
    """The figures of those keys that are known."""
    return {key: figure(facts[key]) for key in keys if key in facts}


def sources(rows: Iterable[FactRow | None]) -> tuple[Source, ...]:
    """Where facts come from, each once; a fact without a page of its own is the FAQ's."""
    return tuple(dict.fromkeys(_source(row) for row in rows if row))


def with_figures(text: Text, facts: Mapping[str, FactRow], *, missing: str | None = None) -> Text:
    """A text with the figures that it names filled in, and where they come from before its own sources.

    `missing` is said for a fact that there is not; without it, the key stays in sight.
    """
    keys = placeholders(text.text)
    absent = {} if missing is None else dict.fromkeys(keys, missing)
    found = dict.fromkeys((*sources(facts.get(key) for key in sorted(keys)), *text.sources))
    return replace(text, text=fill(text.text, absent | figures(keys, facts)), sources=tuple(found))


def _dollars(amount: float) -> str:
    return f"${amount:,.0f}" if amount == int(amount) else f"${amount:,.2f}"


def _source(row: FactRow) -> Source:
    if not row.source_url:
        return FAQ
    return Source((urlsplit(row.source_url).hostname or "").removeprefix("www."), row.source_url, row.source_date)
