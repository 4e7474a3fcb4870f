"""Reminders of a person: set, listed, moved, deleted, and handed to the outbox when they are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy.orm import Session

from bot.delivery.store import ConversationGoneError, MessageStore
from bot.delivery.tables import Conversation
from bot.delivery.telegram.tables import PREFIX, TelegramChat
from bot.linking.store import telegram_of
from bot.reminders.request import MOST_REMINDERS, awake, due, snoozed
from bot.reminders.store import (
    drop_delivered,
    drop_reminders,
    find_reminder,
    mark_delivered,
    take_due,
    waiting_reminders,
)
from bot.reminders.tables import WAITING, ReminderRow
from bot.reminders.zones import guess, zone_of
from bot.reply.parts import Reply, Text
from bot.reply.responses import Responses

AT_ONCE = 100
KEPT_AFTERWARDS = timedelta(days=60)
SOON = timedelta(minutes=1)


class TooManyRemindersError(Exception):
    """The person has as many reminders as we keep."""


@dataclass(frozen=True)
class Reminder:
    """A reminder as it is shown: `when` is on the person's own clock (aware)."""

    id: int
    subject: str
    when: datetime


@dataclass(frozen=True)
class ReminderDraft:
    """A reminder to be set: on a `day` (at a time, or in the morning), or at an exact `moment` (aware)."""

    subject: str
    day: date | None = None
    at: time | None = None
    moment: datetime | None = None
    step: str = ""


@dataclass(frozen=True)
class Clock:
    """Where on the clock a person lives: `zone` as told or guessed, and whether we have asked for it."""

    zone: str
    is_told: bool
    is_asked: bool

    @property
    def zone_info(self) -> tzinfo:
        return zone_of(self.zone)


def home_of(session: Session, conversation: str) -> str | None:
    """The Telegram conversation that reminders of this one go to; None where there is none."""
    return conversation if conversation.startswith(PREFIX) else telegram_of(session, conversation)


def clock_of(session: Session, home: str) -> Clock:
    """The person's clock: what they told, else what the language of their app makes likely, else UTC."""
    chat = session.get(TelegramChat, home)
    talk = session.get(Conversation, home)
    told = chat.zone if chat else ""
    return Clock(told or guess(talk.locale if talk else "") or "UTC", bool(told), bool(chat and chat.zone_asked))


def note_asked(session: Session, home: str) -> None:
    """The question for the time zone was put; it is not put again."""
    _chat(session, home).zone_asked = True


def set_zone(session: Session, home: str, zone: str, *, now: datetime) -> None:
    """Keep the person's time zone; reminders of a day move with it."""
    chat = _chat(session, home)
    chat.zone, chat.zone_asked = zone, True
    for row in waiting_reminders(session, home):
        if row.day is not None:
            row.due_at = max(due(row.day, _at(row.minute), zone_of(zone)), now + SOON).astimezone(UTC)


def set_reminder(session: Session, home: str, draft: ReminderDraft, *, now: datetime) -> tuple[Reminder, bool]:
    """Keep a reminder; one of the same subject and day is not kept twice (the second value is then false).

    Raises:
        TooManyRemindersError: see there.
    """
    zone = clock_of(session, home).zone_info
    moment = draft.moment or due(draft.day or now.astimezone(zone).date(), draft.at, zone)
    if draft.moment is None and draft.at is None:
        moment = awake(max(moment, now + SOON), zone)
    known = waiting_reminders(session, home)
    for row in known:
        if row.subject == draft.subject and abs(row.due_at - moment) < timedelta(hours=12):
            return _shown(row, zone), False
    if len(known) >= MOST_REMINDERS:
        raise TooManyRemindersError
    row = ReminderRow(
        conversation_id=home,
        subject=draft.subject,
        step=draft.step,
        day=None if draft.moment else draft.day,
        minute=draft.at.hour * 60 + draft.at.minute if draft.at else None,
        due_at=moment.astimezone(UTC),
        status=WAITING,
        deliveries=0,
        delivery_key="",
        created_at=now,
    )
    _number(session, row)
    return _shown(row, zone), True


def reminders_of(session: Session, home: str) -> list[Reminder]:
    """What is still to come, soonest first."""
    zone = clock_of(session, home).zone_info
    return [_shown(row, zone) for row in waiting_reminders(session, home)]


def snooze(session: Session, home: str, number: int, *, days: int, now: datetime) -> Reminder | None:
    """Let a reminder come back in the morning so many days later; None when it is gone."""
    row = find_reminder(session, home, number)
    if row is None:
        return None
    zone = clock_of(session, home).zone_info
    moment = snoozed(now, days, zone)
    row.due_at, row.day, row.minute, row.status = moment.astimezone(UTC), moment.date(), None, WAITING
    row.delivery_key = f"reminder-{row.id}-{row.deliveries + 1}"
    return _shown(row, zone)


def delete_reminder(session: Session, home: str, number: int) -> Reminder | None:
    """Delete one; None when it is gone already."""
    row = find_reminder(session, home, number)
    if row is None:
        return None
    shown = _shown(row, clock_of(session, home).zone_info)
    session.delete(row)
    return shown


def delete_all(session: Session, home: str) -> None:
    """Delete every reminder of a person."""
    drop_reminders(session, home)


def fire_due(session: Session, responses: Responses, now: datetime) -> list[str]:
    """Put every due reminder into the outbox, each in the same transaction that takes it; returns the conversations.

    At night it waits for the person's morning, unless they named the hour themselves.
    """
    fired = []
    for row in take_due(session, now, most=AT_ONCE):
        morning = awake(now, clock_of(session, row.conversation_id).zone_info)
        if morning > now and row.day is not None and row.minute is None:
            row.due_at = morning.astimezone(UTC)
            continue
        if mark_delivered(session, row) and _push(session, row, responses, now=now):
            fired.append(row.conversation_id)
    drop_delivered(session, now - KEPT_AFTERWARDS)
    return fired


def due_reply(responses: Responses, number: int, subject: str) -> Reply:
    """A reminder as the person gets it."""
    shown = subject or responses.text("utter_reminder_subject_unnamed")
    parts = (Text(responses.text("utter_reminder_due", subject=shown)),)
    return Reply(parts, responses.buttons("utter_reminder_due", id=number))


def _push(session: Session, row: ReminderRow, responses: Responses, *, now: datetime) -> bool:
    try:
        reply = due_reply(responses, row.id, row.subject).to_dict()
        MessageStore(session, now).push(row.conversation_id, reply, in_reply_to=row.delivery_key)
    except ConversationGoneError:
        session.delete(row)
        return False
    return True


def _number(session: Session, row: ReminderRow) -> None:
    """The key holds the row's own number, which the database gives."""
    row.delivery_key = f"new-{row.conversation_id}-{row.created_at.timestamp()}-{row.subject}"[:80]
    session.add(row)
    session.flush()
    row.delivery_key = f"reminder-{row.id}-1"


def _chat(session: Session, home: str) -> TelegramChat:
    chat = session.get(TelegramChat, home)
    if chat is None:
        chat = TelegramChat(conversation_id=home, sent_seq=0, zone="", zone_asked=False, lease_owner="")
        session.add(chat)
    return chat


def _at(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)


def _shown(row: ReminderRow, zone: tzinfo) -> Reminder:
    return Reminder(row.id, row.subject, row.due_at.astimezone(zone))


def subjects(reminders: Sequence[Reminder], words: str) -> list[Reminder]:
    """The reminders whose subject or day somebody's words name."""
    plain = words.lower()
    return [
        item for item in reminders if plain and (plain in item.subject.lower() or plain in f"{item.when:%B}".lower())
    ]
