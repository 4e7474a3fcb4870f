"""Talks handed to staff, as staff see them: who waits, taking a talk over, answering, giving it back, closing it.

Each function locks the talk first, so of two staff who do the same at once one comes second and is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.redaction import redact
from bot.delivery.store import MessageStore
from bot.delivery.tables import InboxMessage
from bot.delivery.telegram.tables import TelegramChat
from bot.encryption import Encryption
from bot.handoff.service import HandoffPolicy
from bot.handoff.store import closed_handoffs, has_contact, lock_talk, open_handoffs, release, staff_name
from bot.handoff.tables import CLOSED, TAKEN, WAITING, ContactRow, HandoffRow
from bot.reply.parts import Notice, Reply, Text
from bot.reply.responses import Responses

KEY = "staff-"
"""Begins `in_reply_to` of what staff wrote."""
CLOSED_SHOWN = 30


class HandoffGoneError(LookupError):
    """It was closed, or the conversation was deleted."""


class NotYoursError(Exception):
    """The talk is with somebody else (`holder`), or with nobody (""): nothing was done."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@dataclass(frozen=True)
class Agent:
    """One of the staff: `name` is what the person in the chat sees, "" for the team. A chief may act for others."""

    id: int
    name: str
    is_chief: bool = False


@dataclass(frozen=True)
class Handoff:
    """A line of the queue. `said_at` is when the person last wrote, `holder` the sign-in name of who has or had it.

    `is_blocked`: the person blocked the bot on Telegram, so that nothing reaches them. `last_words` are what the
    person wrote last, redacted; `tags` and `rating` are as in the table.
    """

    id: int
    conversation: str
    state: str
    asked_at: datetime
    holder: str
    taken_by: int | None
    closed_at: datetime | None
    has_address: bool
    said_at: datetime | None
    is_blocked: bool = False
    last_words: str = ""
    tags: str = ""
    rating: str = ""

    @property
    def channel(self) -> str:
        return "telegram" if self.conversation.startswith("tg:") else "web"


def queue(session: Session) -> list[Handoff]:
    """Everybody who waits, longest first, then the talks that somebody has."""
    return [_shown(session, row) for row in open_handoffs(session)]


def closed_lately(session: Session) -> list[Handoff]:
    """What was closed, newest first."""
    return [_shown(session, row) for row in closed_handoffs(session, most=CLOSED_SHOWN)]


def find(session: Session, number: int) -> Handoff:
    """One handoff, also a closed one.

    Raises:
        HandoffGoneError: the conversation was deleted.
    """
    row = session.get(HandoffRow, number)
    if row is None:
        raise HandoffGoneError(number)
    return _shown(session, row)


def take(session: Session, responses: Responses, number: int, *, who: Agent, now: datetime) -> str:
    """Take a talk over; the person is told. Taking it twice is no error. Returns the conversation.

    Raises:
        HandoffGoneError, NotYoursError: see there.
    """
    row = _open(session, number)
    if row.state == TAKEN and row.taken_by != who.id:
        raise NotYoursError(_holder(session, row))
    if row.state == WAITING:
        name = who.name or responses.text("utter_handoff_team")
        row.state, row.taken_by, row.taken_name = TAKEN, who.id, name
        row.taken_at = row.last_staff_at = now
        joined = responses.notice("utter_handoff_joined", speaker=name, name=name)
        told = Reply((joined,), responses.buttons("utter_handoff_joined"))
        MessageStore(session, now).push(row.conversation_id, told.to_dict())
    return row.conversation_id


def assign(session: Session, responses: Responses, number: int, *, to: Agent, who: Agent, now: datetime) -> str:
    """Give a talk to one of the staff, who has it from then on; the person is told. Returns the conversation.

    Raises:
        HandoffGoneError, NotYoursError: see there; who has a talk, or a chief, may give it away.
    """
    row = _open(session, number)
    _must_be_theirs(session, row, who)
    if row.state == TAKEN and row.taken_by != to.id:
        release(row)
    return take(session, responses, number, who=to, now=now)


def answer(session: Session, number: int, text: str, *, who: Agent, key: str, now: datetime) -> str:
    """Say something to the person, once for each `key`. Returns the conversation.

    Raises:
        HandoffGoneError, NotYoursError: see there.
    """
    row = _open(session, number)
    if row.state != TAKEN or row.taken_by != who.id:
        raise NotYoursError(_holder(session, row))
    messages = MessageStore(session, now)
    if not messages.answers_to(row.conversation_id, KEY + key):
        reply = Reply((Text(text, speaker=row.taken_name),))
        messages.push(row.conversation_id, reply.to_dict(), in_reply_to=KEY + key)
    row.last_staff_at = now
    return row.conversation_id


def typing(session: Session, number: int, *, who: Agent, now: datetime) -> tuple[str, str]:
    """Note that somebody writes. Returns the conversation and the name that the person sees.

    Raises:
        HandoffGoneError, NotYoursError: see there.
    """
    row = session.get(HandoffRow, number)
    if row is None or row.state == CLOSED:
        raise HandoffGoneError(number)
    if row.state != TAKEN or row.taken_by != who.id:
        raise NotYoursError(_holder(session, row))
    row.typing_at = now
    return row.conversation_id, row.taken_name


def give_back(session: Session, responses: Responses, number: int, *, who: Agent, now: datetime) -> str:
    """Let the bot speak again; the person stays on the list. Returns the conversation.

    Raises:
        HandoffGoneError, NotYoursError: see there.
    """
    row = _open(session, number)
    _must_be_theirs(session, row, who)
    if row.state == TAKEN:
        told = responses.notice("utter_handoff_given_back", name=row.taken_name)
        _release(session, row, told, now=now)
    return row.conversation_id


def close(
    session: Session, responses: Responses, number: int, *, who: Agent, policy: HandoffPolicy, now: datetime
) -> str:
    """End the matter; the bot speaks again, and the address is deleted some days later. Returns the conversation.

    Raises:
        HandoffGoneError, NotYoursError: see there.
    """
    row = _open(session, number)
    _must_be_theirs(session, row, who)
    name = row.taken_name or who.name or responses.text("utter_handoff_team")
    _say_closed(session, responses, row, name, now=now)
    row.state, row.closed_at, row.email_wanted, row.mail_due_at = CLOSED, now, False, None
    if contact := session.get(ContactRow, row.conversation_id):
        contact.delete_after = now + timedelta(days=policy.contact_days)
    return row.conversation_id


def end_silence(
    session: Session, responses: Responses, number: int, *, policy: HandoffPolicy, now: datetime
) -> str | None:
    """Give a talk back to the bot when staff were silent for too long. Returns the conversation if that was done."""
    row = lock_talk(session, number)
    if row is None or row.state != TAKEN or not row.last_staff_at or row.last_staff_at >= now - policy.silence:
        return None
    hours = f"{policy.silence / timedelta(hours=1):g}"
    told = responses.notice("utter_handoff_silent", name=row.taken_name, hours=hours)
    _release(session, row, told, now=now)
    return row.conversation_id


def reveal(session: Session, encryption: Encryption, number: int) -> str:
    """The address that the person left, "" when there is none.

    Raises:
        HandoffGoneError: the conversation was deleted.
        bot.encryption.DecryptionError: SECRET_KEY is not the one it was encrypted with.
    """
    row = session.get(HandoffRow, number)
    if row is None:
        raise HandoffGoneError(number)
    contact = session.get(ContactRow, row.conversation_id)
    return encryption.decrypt(contact.encrypted) if contact else ""


def _open(session: Session, number: int) -> HandoffRow:
    row = lock_talk(session, number)
    if row is None or row.state == CLOSED:
        raise HandoffGoneError(number)
    return row


def _holder(session: Session, row: HandoffRow) -> str:
    return staff_name(session, row.taken_by) or row.taken_name


def _must_be_theirs(session: Session, row: HandoffRow, who: Agent) -> None:
    if row.state == TAKEN and row.taken_by != who.id and not who.is_chief:
        raise NotYoursError(_holder(session, row))


def _release(session: Session, row: HandoffRow, told: Notice, *, now: datetime) -> None:
    release(row)
    MessageStore(session, now).push(row.conversation_id, Reply((told,)).to_dict())


def _say_closed(session: Session, responses: Responses, row: HandoffRow, name: str, *, now: datetime) -> None:
    """Tells the person, who is asked whether it helped if somebody was there."""
    told = responses.notice("utter_handoff_closed", name=name)
    asks = responses.buttons("utter_handoff_closed") if row.last_staff_at else ()
    MessageStore(session, now).push(row.conversation_id, Reply((told,), asks).to_dict())


def _shown(session: Session, row: HandoffRow) -> Handoff:
    own = select(InboxMessage).where(InboxMessage.conversation_id == row.conversation_id)
    last = session.scalar(own.order_by(InboxMessage.seq.desc()).limit(1))
    chat = session.get(TelegramChat, row.conversation_id)
    return Handoff(
        id=row.id,
        conversation=row.conversation_id,
        state=row.state,
        asked_at=row.asked_at,
        holder=_holder(session, row),
        taken_by=row.taken_by,
        closed_at=row.closed_at,
        said_at=last.received_at if last else None,
        has_address=has_contact(session, row.conversation_id),
        is_blocked=bool(chat and chat.blocked_at),
        last_words=redact(last.shown) if last else "",
        tags=row.tags,
        rating=row.rating,
    )
