"""Understands what somebody wants to be reminded of and when: "remind me two weeks before I must apply".

`today` and `now` are always arguments. A wish names a day, a moment ("in two hours") or a step of the person's plan
with the time ahead of it; what is missing is asked by the action.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, Protocol, TypeVar

from dateutil.relativedelta import relativedelta

from bot.nlu.date_words import amount, normalize
from bot.nlu.when import read_day
from bot.reminders import phrases as said

Kind = Literal["one", "all", "list", "delete", "delete_all", "ask"]
QUIET_FROM, QUIET_TO = time(22), time(8)
ADVANCE = timedelta(days=7)
FURTHEST = timedelta(days=3 * 366)
MOST_REMINDERS = 50
LONGEST_SUBJECT = 200


class PlanStep(Protocol):
    """What a reminder needs of a step of the plan."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def latest(self) -> date: ...


@dataclass(frozen=True)
class ReminderWish:
    """A request. `day` is fixed, `moment` exact; else `anchor` names a step in the person's words and `ahead` the time
    before it. `number` is the reminder that is meant in a list, counted from 1."""

    kind: Kind = "one"
    subject: str = ""
    day: date | None = None
    at: time | None = None
    moment: datetime | None = None
    anchor: str = ""
    ahead: relativedelta | None = None
    number: int | None = None


S = TypeVar("S", bound=PlanStep)


def read_wish(text: str, today: date, now: datetime) -> ReminderWish:
    """What a message asks for. `now` is aware, in the person's own zone; `today` is the day there."""
    found = _read(normalize(text), today, now)
    return replace(found, subject=_recased(found.subject, text))


def _recased(subject: str, text: str) -> str:
    """The subject as the person wrote it ("book TOEFL")."""
    one_line = " ".join(text.split())
    at = one_line.lower().find(subject)
    return one_line[at : at + len(subject)] if at >= 0 else subject


def _read(plain: str, today: date, now: datetime) -> ReminderWish:
    if managed := _managing(plain):
        return managed
    rest = said.ASKING.sub("", plain, count=1)
    at, rest = _clock(rest)
    if found := said.HOURS.search(rest):
        return ReminderWish(subject=_subject(rest.replace(found[0], " "), today), moment=_later(found, now))
    if found := said.BEFORE.search(rest):
        return _ahead(found, _subject(rest[: found.start()], today), today=today, at=at)
    if found := said.WHEN.search(rest):
        if day := _day(found["anchor"], today):
            return ReminderWish(subject=_subject(rest[: found.start()], today), day=day, at=at)
        return ReminderWish(
            anchor=found["anchor"], ahead=relativedelta(), at=at, subject=_subject(rest[: found.start()], today)
        )
    day = _day(rest, today)
    return ReminderWish(subject=_subject(rest, today), day=day, at=at, anchor="" if day else _named(rest))


def _managing(plain: str) -> ReminderWish | None:
    """Deleting, listing, or a wish for all steps at once."""
    is_about_reminders = "remind" in plain or "notif" in plain
    if is_about_reminders and said.DELETE.search(plain):
        number = said.IN_LIST.search(plain)
        if number:
            return ReminderWish("delete", number=int(number[1]))
        words = said.ASKING.sub("", plain, count=1)
        return (
            ReminderWish("delete_all")
            if said.PLURAL.search(plain) and not _named(words)
            else ReminderWish("delete", subject=_bare(words))
        )
    if said.LIST.search(plain) and not re.search(r"\b(?:set|turn on|want|for my|make|create|add)\b", plain):
        return ReminderWish("list")
    if said.ALL.search(plain) and re.search(
        r"\b(?:steps?|milestones?|deadlines?|dates?|time ?line|plan|them|reminders)\b", plain
    ):
        return ReminderWish("all")
    return None


def _ahead(found: re.Match[str], subject: str, *, today: date, at: time | None) -> ReminderWish:
    anchor = found["anchor"].strip(" .!?")
    ahead = relativedelta(days=7)
    if found["n"]:
        ahead = _span(found["n"], found["unit"])
    elif found["day"] or (found["soon"] or "").strip() in ("shortly", "right", "just"):
        ahead = relativedelta(days=1)
    if day := _day(anchor, today):
        return ReminderWish(subject=subject or _subject(anchor, today), day=day - ahead, at=at)
    return ReminderWish(subject=subject, anchor=anchor, ahead=ahead, at=at)


def _span(number: str, unit: str) -> relativedelta:
    count, letter = amount(number), unit[0]
    days = {"d": 1.0, "w": 7.0}
    if letter in days:
        return relativedelta(days=round(count * days[letter]))
    months = count * (12 if letter == "y" else 1)
    return relativedelta(months=int(months), days=round((months % 1) * 30))


def _later(found: re.Match[str], now: datetime) -> datetime:
    number = 0.5 if found["n"] == "half an" else amount(found["n"])
    return now + (timedelta(hours=number) if found["unit"].startswith("h") else timedelta(minutes=number))


def _clock(text: str) -> tuple[time | None, str]:
    """A time of day, and the text without it."""
    found = said.CLOCK.search(text)
    if not found:
        return None, text
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if found["word"]:
        return said.WORDED[found["word"]], rest if found["word"] != "tonight" else f"{rest} today"
    hour, minute = int(found["h"]), int(found["m"] or 0)
    half = (found["half"] or "").replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or not (half or found["m"] or found[0].startswith("at")):
        return None, text
    return time(hour, minute), rest


def _day(text: str, today: date) -> date | None:
    """The first day of what a phrase names, weekdays and "the 20th" included."""
    if found := said.WEEKDAY.search(text):
        index = next(i for i, name in enumerate(said.WEEKDAYS) if name.startswith(found["name"][:3]))
        ahead = (index - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead)
    if (
        (found := said.DAY_OF_MONTH.search(text))
        and int(found["d"]) <= 31
        and not re.search(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", text)
    ):
        return _next_such_day(int(found["d"]), today, skips=1 if found["which"] == "next" else 0)
    when = read_day(text, today)
    return when.first if when else None


def _next_such_day(number: int, today: date, *, skips: int) -> date:
    first = today.replace(day=1) + relativedelta(months=skips)
    day = first + relativedelta(day=number)
    return day if day > today else first + relativedelta(months=1, day=number)


def _named(text: str) -> str:
    return text if not said.EVERY.search(text) and any(pattern.search(text) for _step, pattern in said.STEPS) else ""


def _subject(text: str, today: date) -> str:
    """What the reminder is about, without the words of its date."""
    found = said.SUBJECT.search(text)
    return _bare(_without_date(found["words"] if found else text, today))


def _without_date(words: str, today: date) -> str:
    """The words without the date at their end or their beginning."""
    tokens, day = words.split(), _day(words, today)
    if day is None:
        return words
    is_last = _day(" ".join(tokens[:-1]), today) != day
    if not is_last and said.DATE_START.match(tokens[0]):
        first = next(at for at in range(1, len(tokens) + 1) if _day(" ".join(tokens[:at]), today) == day)
        return " ".join(tokens[first:])
    tails = (at for at in range(len(tokens) - 1, -1, -1) if _day(" ".join(tokens[at:]), today) == day)
    start = next((at for at in tails if said.DATE_START.match(tokens[at])), len(tokens))
    while start and said.BEFORE_DATE.fullmatch(tokens[start - 1]):
        start -= 1
    return " ".join(tokens[:start])


def _bare(words: str) -> str:
    before = ""
    while words != before:
        before, words = words, said.FILLER.sub("", words.strip())
    return "" if words in said.LEFT_OVER else words[:LONGEST_SUBJECT]


def meant_step(words: str, steps: Iterable[S]) -> S | None:
    """The step of a plan that somebody's words name; "apply" for "I must apply"."""
    known = {step.id: step for step in steps}
    plain = normalize(words)
    by_title = next((step for step in known.values() if step.title.lower() in plain), None)
    named = (step for step, pattern in said.STEPS if pattern.search(plain))
    return by_title or next((known[name] for name in named if name in known), None)


def due(day: date, at: time | None, zone: tzinfo) -> datetime:
    """The moment of a reminder on a day: at the time wished for, else in the morning of the person's own zone."""
    return datetime.combine(day, at or said.MORNING, zone)


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
