"""Understands what somebody wants to be reminded of and when: "remind me two weeks before I must apply".

`today` and `now` are always arguments. A wish names a day, a moment ("in two hours") or a step of the person's plan
with the time ahead of it; what is missing is asked by the action. The subject is what the reader left over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from dateutil.relativedelta import relativedelta

from bot.nlu.frame import Act, Length, Number, Ordinal, Time
from bot.nlu.message import Message
from bot.nlu.when import When, resolve, span
from bot.reminders.phrases import JOINING, SMALL

Kind = Literal["one", "all", "list", "delete", "delete_all", "ask"]
MORNING = time(9)
QUIET_FROM, QUIET_TO = time(22), time(8)
ADVANCE = timedelta(days=7)
FURTHEST = timedelta(days=3 * 366)
MOST_REMINDERS = 50
LONGEST_SUBJECT = 200
SIGNS = " \t\n.,;:!?-"
_SHORT = {"hour": 3600, "minute": 60}


@dataclass(frozen=True)
class ReminderWish:
    """A request. `day` is fixed, `moment` exact; else `step` is the id of a step of the plan and `ahead` the time
    before it. `number` is the reminder that is meant in a list, counted from 1."""

    kind: Kind = "one"
    subject: str = ""
    day: date | None = None
    at: time | None = None
    moment: datetime | None = None
    step: str = ""
    ahead: relativedelta | None = None
    number: int | None = None


def read_wish(message: Message, today: date, now: datetime) -> ReminderWish:
    """What a message asks for. `now` is aware, in the person's own zone; `today` is the day there."""
    subject = _subject(message)
    if managed := _managing(message, subject):
        return managed
    frame, step = message.frame, _step(message)
    at, moment = _clock(message), _moment(message, now)
    if moment:
        return ReminderWish(subject=subject, moment=moment)
    day, ahead = _day(message, today), _ahead(message)
    if day:
        return ReminderWish(subject=subject, day=day - (ahead or relativedelta()), at=at)
    if ahead is not None or step:
        return ReminderWish(subject=subject, step=step, ahead=ahead, at=at)
    if at and not frame.measures(Time, "deadline"):
        later = datetime.combine(today, at, now.tzinfo) > now
        return ReminderWish(subject=subject, day=today + timedelta(days=not later), at=at)
    return ReminderWish(subject=subject)


def _managing(message: Message, subject: str) -> ReminderWish | None:
    """Deleting, listing, or a wish for all steps at once."""
    frame = message.frame
    if frame.does("delete_reminder", "delete_reminders"):
        places = [item.value for item in frame.dimensions if isinstance(item.value, Number | Ordinal)]
        if places:
            return ReminderWish("delete", number=int(places[0].value))
        is_one = frame.does("delete_reminder") or _step(message)
        return ReminderWish("delete", subject=subject) if is_one else ReminderWish("delete_all")
    if frame.does("list_reminders"):
        return ReminderWish("list")
    return ReminderWish("all") if frame.does("remind_all") else None


def _step(message: Message) -> str:
    """The step of the plan that is named last, in the words of the task list."""
    named = message.frame.named("step")
    return named[-1].value if named else ""


def _anchor(message: Message) -> Act | None:
    """The word behind which the thing stands that a reminder hangs on ("before", "when")."""
    acts = [act for act in message.frame.acts if act.name in ("remind_before", "remind_when")]
    return min(acts, key=lambda act: act.name, default=None)


def _ahead(message: Message) -> relativedelta | None:
    """The time ahead of what is named: as said, a week when only "before" is said, none at all on its day."""
    anchor = _anchor(message)
    if anchor is None or anchor.name == "remind_when":
        return relativedelta() if anchor else None
    leads = [length for length, item in message.frame.measures(Length) if item.start < anchor.end]
    return span(leads[-1].high, leads[-1].unit) if leads else relativedelta(days=ADVANCE.days)


def _day(message: Message, today: date) -> date | None:
    """The first day of the first time that is named; what it lies before is counted by `_ahead`."""
    for said, _item in message.frame.measures(Time):
        found = resolve(replace(said, bound=""), today) if said.unit not in _SHORT else None
        if isinstance(found, When):
            return found.first
    return None


def _clock(message: Message) -> time | None:
    clocks = (said for said, _item in message.frame.measures(Time) if said.kind == "clock")
    return next((time(said.hour or 0, said.minute or 0) for said in clocks), None)


def _moment(message: Message, now: datetime) -> datetime | None:
    """A moment so many hours or minutes from now."""
    short = (said for said, _item in message.frame.measures(Time) if said.unit in _SHORT)
    return next((now + timedelta(seconds=(said.count or 0) * _SHORT[said.unit]) for said in short), None)


def _subject(message: Message) -> str:
    """What the reminder is about: the words behind the request, without those of its time."""
    text, anchor = message.text, _anchor(message)
    requests = (act for act in message.frame.acts if act.name in ("remind", "delete_reminder", "delete_reminders"))
    start = max((act.end for act in requests), default=0)
    times = [(item.start, item.end) for _said, item in message.frame.measures(Time)]
    if anchor and anchor.end > start:
        times += [(item.start, item.end) for _length, item in message.frame.measures(Length)]
        end = max([anchor.end, *(item.end for item in message.frame.named("step")), *(end for _, end in times)])
        behind = _tidy(text[end:], start=0, cut=[]) if _leads_on(text[end:]) else ""
        return _tidy(text[: anchor.end], start=start, cut=times) or behind
    return _tidy(text, start=start, cut=times)


def _leads_on(rest: str) -> bool:
    words = rest.split()
    return bool(words) and words[0].lower() in ("to", "about")


def _tidy(text: str, *, start: int, cut: Iterable[tuple[int, int]]) -> str:
    """A text from `start` on without the parts in `cut`, the words that lead to them, and small words at its ends."""
    kept, at = "", start
    for first, last in sorted(cut):
        if first >= at:
            kept, at = f"{kept} {_without_end(text[at:first], JOINING)}", last
    words = f"{kept} {text[at:]}".strip(SIGNS).split()
    while words and words[0].strip(SIGNS).lower() in SMALL:
        words.pop(0)
    return _without_end(" ".join(words), SMALL)[:LONGEST_SUBJECT].strip(SIGNS)


def _without_end(text: str, small: frozenset[str]) -> str:
    words = text.split()
    while words and words[-1].strip(SIGNS).lower() in small:
        words.pop()
    return " ".join(words)


def due(day: date, at: time | None, zone: tzinfo) -> datetime:
    """The moment of a reminder on a day: at the time wished for, else in the morning of the person's own zone."""
    return datetime.combine(day, at or MORNING, zone)


def awake(moment: datetime, zone: tzinfo) -> datetime:
    """The same moment, or the end of the quiet hours when it falls into them."""
    local = moment.astimezone(zone)
    if QUIET_TO <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_TO, zone)


def snoozed(now: datetime, days: int, zone: tzinfo) -> datetime:
    """The morning so many days later."""
    return due(now.astimezone(zone).date() + timedelta(days=days), None, zone)
