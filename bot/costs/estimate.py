"""A cost question in plain words: what is known so far, what a message adds, and what is worth asking next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.nlu.message import Message
from bot.programs import measures

LONG_WEEKS = 24
"""A stay above this is confirmed first: 8 to 12 weeks in all is the advice."""
MOST_WEEKS = 520
ASKED_ONCE = "asked_weeks"
_THINGS = {"living": ("housing", "food")}
"""What a cost asked about by name stands for, where it does not stand for itself."""


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
    named = message.frame.wished("expense")
    things = tuple(dict.fromkeys(thing for name in named for thing in _THINGS.get(name, (name,))))
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
    routes = message.frame.wished("route") or (("direct",) if message.frame.named("provider") else ())
    return replace(inquiry, route=routes[0] if len(routes) == 1 else "", programs=()) if routes else inquiry


def _with_money(message: Message, inquiry: Inquiry) -> tuple[Inquiry, str]:
    found = measures.budget(message.frame)
    if found is None:
        return inquiry, ""
    if found.high <= 0:
        return inquiry, "budget"
    wants_length = message.frame.does("how_long") or not measures.stays(message.frame)
    return (replace(inquiry, budget=found.high, weeks=None), "") if wants_length else (inquiry, "")


def _weeks(message: Message, asked: str | None) -> float | None:
    """The weeks of all stays that a message names, or of the button."""
    carried = message.first("weeks")
    if message.is_button:
        return float(carried) if carried else None
    if lengths := measures.stays(message.frame):
        return sum(length.weeks[1] for length in lengths)
    return measures.bare_number(message.frame) if asked in ("weeks", "confirmed") else None


def _skipping(message: Message, inquiry: Inquiry, asked: str | None) -> Inquiry:
    """A question that is not answered twice is not asked a third time; "skip" is enough of an answer."""
    if asked != "weeks":
        return inquiry
    done = message.declines or message.intent == "affirm" or ASKED_ONCE in inquiry.skipped
    return replace(inquiry, skipped=(*inquiry.skipped, "weeks" if done else ASKED_ONCE))


def next_question(inquiry: Inquiry) -> str | None:
    """What to ask: the weeks, unless a budget decides them. Without a way to apply, both are shown."""
    if inquiry.weeks or inquiry.budget or "weeks" in inquiry.skipped:
        return None
    return "weeks"
