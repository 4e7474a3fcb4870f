"""A cost question in plain words: what is known so far, what a message adds, and what is worth asking next."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.nlu import quantities
from bot.nlu.mentions import SKIP, mentions
from bot.nlu.message import Message

LONG_WEEKS = 24
"""A stay above this is confirmed first: 8 to 12 weeks in all is the advice."""
MOST_WEEKS = 520
ASKED_ONCE = "asked_weeks"
_DIRECT = re.compile(r"\bdirect(?:ly)?\b|\bmedical schools?\b|\buniversit(?:y|ies)\b", re.IGNORECASE)
_THIRD = re.compile(
    r"\bthird[\s-]?part(?:y|ies)\b|\b3rd[\s-]?party\b|\bagenc(?:y|ies)\b|\bplacement compan|\bAMO\b", re.IGNORECASE
)
_VSLO = re.compile(r"\bvslo\b|\bvsas\b", re.IGNORECASE)
_HOW_LONG = re.compile(
    r"\bhow (?:many|much) (?:weeks?|months?|time)|\bhow long\b|\bwhat can i (?:get|afford|do)\b|\benough\b|"
    r"\bafford\b|\bhow many rotations\b",
    re.IGNORECASE,
)
THINGS = {
    "housing": re.compile(
        r"\b(?:rent|hous\w*|accommodat\w*|lodging|room|apartment|stay(?:ing)? cost|living)\b", re.IGNORECASE
    ),
    "flights": re.compile(r"\b(?:flights?|tickets?|travel|airfare|plane)\b", re.IGNORECASE),
    "food": re.compile(r"\b(?:food|meals?|living|groceries)\b", re.IGNORECASE),
    "transport": re.compile(r"\b(?:transport\w*|car|uber|bus)\b", re.IGNORECASE),
    "insurance": re.compile(r"\b(?:insurance|malpractice)\b", re.IGNORECASE),
    "exams": re.compile(r"\b(?:exam fees?|usmle (?:fee|cost))\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Inquiry:
    """What a cost question is about. `pending_weeks` waits for a yes; `skipped` are questions not answered."""

    weeks: float | None = None
    route: str = ""
    programs: tuple[str, ...] = ()
    budget: float | None = None
    pending_weeks: float | None = None
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class CostFacts:
    """An inquiry after a message; `problem` names a value that cannot be, `things` the costs asked about by name."""

    inquiry: Inquiry
    problem: str = ""
    things: tuple[str, ...] = ()


def hear(message: Message, inquiry: Inquiry, *, programs: tuple[str, ...] = (), asked: str | None = None) -> CostFacts:
    """What a message adds. `programs` are the slugs it names; `asked` is weeks, confirmed or None."""
    things = () if message.is_button else tuple(name for name, found in THINGS.items() if found.search(message.text))
    inquiry = replace(inquiry, programs=programs) if programs else inquiry
    inquiry = _with_route(message, inquiry, named=bool(programs))
    if asked == "confirmed" and inquiry.pending_weeks:
        if message.intent == "affirm":
            return CostFacts(replace(inquiry, weeks=inquiry.pending_weeks, pending_weeks=None), "", things)
        asked = "weeks"
    inquiry, problem = _with_money(message, inquiry)
    if problem:
        return CostFacts(inquiry, problem, things)
    weeks = _weeks(message, asked)
    if weeks is None:
        return CostFacts(_skipping(message, inquiry, asked), "", things)
    if not 0 < weeks <= MOST_WEEKS:
        return CostFacts(replace(inquiry, pending_weeks=None), "weeks", things)
    if weeks > LONG_WEEKS and weeks != inquiry.weeks:
        return CostFacts(replace(inquiry, pending_weeks=weeks), "confirm", things)
    return CostFacts(replace(inquiry, weeks=weeks, pending_weeks=None), "", things)


def _with_route(message: Message, inquiry: Inquiry, *, named: bool) -> Inquiry:
    """A way to apply that is named alone asks about ways, no longer about the program of before."""
    if named:
        return inquiry
    entities = [item for item in mentions(message) if item.kind == "route" and not item.negated]
    if entities:
        return replace(inquiry, route=entities[-1].value, programs=())
    text = "" if message.is_button else message.text
    for route, pattern in (("vslo", _VSLO), ("third_party", _THIRD), ("direct", _DIRECT)):
        if pattern.search(text):
            return replace(inquiry, route=route, programs=())
    return inquiry


def _with_money(message: Message, inquiry: Inquiry) -> tuple[Inquiry, str]:
    if message.is_button:
        return inquiry, ""
    found = quantities.money(message.text)
    if found is None:
        return inquiry, ""
    if found.high <= 0:
        return inquiry, "budget"
    wants_length = bool(_HOW_LONG.search(message.text)) or quantities.duration(message.text) is None
    return (replace(inquiry, budget=found.high, weeks=None), "") if wants_length else (inquiry, "")


def _weeks(message: Message, asked: str | None) -> float | None:
    carried = message.first("weeks")
    if carried and re.fullmatch(r"\d+(?:\.\d+)?", carried):
        return float(carried)
    if message.is_button:
        return None
    return quantities.weeks(message.text, expected=asked in ("weeks", "confirmed"))


def _skipping(message: Message, inquiry: Inquiry, asked: str | None) -> Inquiry:
    """A question that is not answered twice is not asked a third time; "skip" is enough of an answer."""
    if asked != "weeks":
        return inquiry
    declined = message.intent in ("unsure", "deny", "affirm") or bool(SKIP.match(message.text))
    done = declined or ASKED_ONCE in inquiry.skipped
    return replace(inquiry, skipped=(*inquiry.skipped, "weeks" if done else ASKED_ONCE))


def next_question(inquiry: Inquiry) -> str | None:
    """What to ask: the weeks, unless a budget decides them. Without a way to apply, both are shown."""
    if inquiry.weeks or inquiry.budget or "weeks" in inquiry.skipped:
        return None
    return "weeks"
