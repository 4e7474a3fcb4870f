"""Writes a plan as a calendar file (RFC 5545) that updates its own entries when a newer one is imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from bot.reply.parts import Source
from bot.timeline.plan import Step

PRODUCT = "-//Rotation Bot//Timeline//EN"
MIME = "text/calendar"
NAME = "rotation-plan.ics"
"""Of the file, on every channel."""
REMIND_DAYS = (7, 1)


@dataclass(frozen=True)
class CalendarWords:
    """The words of the file: its name, and the lines of an entry ("{title}", "{latest}" are filled in already)."""

    name: str
    now: str
    estimated: str


def due(step: Step, computed: date) -> date:
    """The day of a step's entry: its own day for an event, otherwise its last day, and today for what is overdue."""
    if step.event:
        return max(step.earliest, computed)
    return computed if step.status != "on_track" else max(step.latest, computed)


def calendar_file(
    steps: Sequence[Step],
    words: CalendarWords,
    *,
    uid: str,
    sequence: int,
    computed: date,
    sources: Mapping[str, Source],
    dropped: Iterable[str] = (),
) -> bytes:
    """An .ics file with one all-day entry a step, reminders a week and a day before, and cancelled entries for
    `dropped` ids. An entry says whose step it is and why, with its source (`sources` by the step's id) and its page.
    The same plan gives the same bytes; `uid` is opaque and belongs to one conversation."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words.name)
    stamp = datetime.combine(computed, time(), UTC)
    for step in steps:
        event = _bare(step.id, due_on=due(step, computed), uid=uid, sequence=sequence, stamp=stamp)
        calendar.add_component(_filled(event, step, words, source=sources.get(step.id)))
    for name in dropped:
        event = _bare(name, due_on=computed, uid=uid, sequence=sequence, stamp=stamp)
        event.add("status", "CANCELLED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _bare(name: str, *, due_on: date, uid: str, sequence: int, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{name}-{uid}@rotation-bot")
    event.add("sequence", sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _filled(event: Event, step: Step, words: CalendarWords, *, source: Source | None) -> Event:
    event.add("summary", step.title)
    lines = [
        words.name,
        step.note,
        words.now if step.status != "on_track" and not step.event else "",
        words.estimated if step.estimated else "",
        source.title if source else "",
    ]
    event.add("description", "\n".join(line for line in lines if line))
    if source and source.url:
        event.add("url", source.url)
    event.add("status", "CONFIRMED")
    for days in REMIND_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -timedelta(days=days))
        alarm.add("description", step.title)
        event.add_component(alarm)
    return event
