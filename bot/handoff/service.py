"""Handing a talk to staff, as a person sees it: asking for somebody, leaving an address or not, being forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.delivery.tables import Conversation
from bot.handoff.office_hours import OfficeHours, read_hours
from bot.handoff.store import (
    begin_handoff,
    drop_contact,
    drop_handoffs,
    has_staff,
    lock_talk,
    open_handoff,
    release,
    was_asked_since,
)
from bot.handoff.tables import TAKEN, ContactRow
from bot.settings import Settings

AUTO = "auto"
TOGETHER, APART = timedelta(seconds=20), timedelta(minutes=2)
"""A mail to staff waits for others who ask in the same moment; while many ask, mails come no closer than this."""


@dataclass(frozen=True)
class HandoffPolicy:
    """How talks are handed to staff, as the settings say; after `silence` of staff the bot has a talk again."""

    is_on: bool
    hours: OfficeHours
    silence: timedelta
    contact_days: int
    sends_mail: bool

    @classmethod
    def of(cls, settings: Settings) -> HandoffPolicy:
        return cls(
            is_on=settings.handoff == AUTO,
            hours=read_hours(settings.office_hours),
            silence=timedelta(hours=settings.handoff_silence_hours),
            contact_days=settings.contact_days,
            sends_mail=bool(settings.smtp_url and settings.smtp_to),
        )

    def is_staffed(self, session: Session) -> bool:
        """Whether there is anybody who could answer."""
        return self.is_on and has_staff(session)


@dataclass(frozen=True)
class HandoffWish:
    """Where a wish for a person stands; `staff` is who has the talk, empty while nobody has."""

    is_new: bool
    staff: str
    has_address: bool
    is_taken: bool = False


def ask_for_person(session: Session, policy: HandoffPolicy, conversation: str, *, now: datetime) -> HandoffWish | None:
    """Put somebody on the list, once; None where nobody could ever answer them."""
    if not policy.is_staffed(session) or session.get(Conversation, conversation) is None:
        return None
    row = open_handoff(session, conversation)
    is_new = row is None
    if row is None:
        row = begin_handoff(session, conversation, now=now, mail_due_at=_mail_due(session, policy, now))
    if row is None:
        return None
    if contact := session.get(ContactRow, conversation):
        contact.delete_after = None
    return HandoffWish(is_new, row.taken_name, contact is not None, row.state == TAKEN)


def _mail_due(session: Session, policy: HandoffPolicy, now: datetime) -> datetime | None:
    if not policy.sends_mail:
        return None
    return now + (APART if was_asked_since(session, now - APART) else TOGETHER)


def go_on_with_bot(session: Session, conversation: str) -> bool:
    """The person would rather have the bot; whether staff had the talk. They stay on the list."""
    row = open_handoff(session, conversation)
    row = lock_talk(session, row.id) if row else None
    if row is None or row.state != TAKEN:
        return False
    release(row)
    return True


def want_address(session: Session, conversation: str, *, is_wanted: bool) -> bool:
    """From now on an address is kept, or no longer; False when nobody is asked for."""
    row = open_handoff(session, conversation)
    if row is None:
        return False
    row.email_wanted = is_wanted
    return True


def delete_address(session: Session, conversation: str) -> bool:
    """Delete the address and take no other until it is asked for again; whether there was one."""
    want_address(session, conversation, is_wanted=False)
    return drop_contact(session, conversation)


def forget(session: Session, conversation: str) -> None:
    """Delete everything that staff keep about a conversation."""
    drop_handoffs(session, conversation)
