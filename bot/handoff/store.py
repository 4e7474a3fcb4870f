"""Wishes for a person and left addresses, read and changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.delivery.tables import Conversation
from bot.handoff.tables import CLOSED, TAKEN, WAITING, ContactRow, HandoffRow
from bot.staff.roles import Role
from bot.staff.tables import StaffUser


def open_handoff(session: Session, conversation: str) -> HandoffRow | None:
    """The handoff of a conversation that is not closed."""
    mine = (HandoffRow.conversation_id == conversation, HandoffRow.state != CLOSED)
    return session.scalar(select(HandoffRow).where(*mine))


def begin_handoff(
    session: Session, conversation: str, *, now: datetime, mail_due_at: datetime | None
) -> HandoffRow | None:
    """A new handoff, or the one that another process began in the same moment; None when the talk was erased then."""
    row = HandoffRow(conversation_id=conversation, state=WAITING, asked_at=now, mail_due_at=mail_due_at)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return open_handoff(session, conversation)
    return row


def lock_talk(session: Session, number: int) -> HandoffRow | None:
    """The handoff, its conversation locked as the message store locks it: who changes the talk stands in one line.

    What is read afterwards holds until the end of the unit of work.
    """
    mine = select(HandoffRow.conversation_id).where(HandoffRow.id == number).scalar_subquery()
    session.execute(update(Conversation).where(Conversation.id == mine).values(last_seen_at=Conversation.last_seen_at))
    return session.get(HandoffRow, number, populate_existing=True)


def release(row: HandoffRow) -> None:
    """Nobody has the talk any more; the person waits again."""
    row.state, row.taken_by, row.taken_name, row.taken_at = WAITING, None, "", None


def was_asked_since(session: Session, moment: datetime) -> bool:
    """Whether anybody asked for a person after a moment."""
    return session.scalar(select(HandoffRow.id).where(HandoffRow.asked_at > moment).limit(1)) is not None


def open_handoffs(session: Session) -> list[HandoffRow]:
    """Everybody who waits, longest first, then what is taken."""
    rows = select(HandoffRow).where(HandoffRow.state != CLOSED)
    return list(session.scalars(rows.order_by(HandoffRow.state.desc(), HandoffRow.asked_at)))


def closed_handoffs(session: Session, *, most: int) -> list[HandoffRow]:
    """What was closed lately, newest first."""
    rows = select(HandoffRow).where(HandoffRow.state == CLOSED).order_by(HandoffRow.closed_at.desc()).limit(most)
    return list(session.scalars(rows))


def silent_since(session: Session, moment: datetime) -> list[int]:
    """What was taken, and heard no word of staff since a moment."""
    silent = (HandoffRow.state == TAKEN, HandoffRow.last_staff_at < moment)
    return list(session.scalars(select(HandoffRow.id).where(*silent)))


def writing_since(session: Session, conversations: Collection[str], moment: datetime) -> dict[str, str]:
    """In which of these conversations one of the staff was seen to write since a moment, without an answer yet; by
    what name the person sees."""
    row = HandoffRow
    is_open = or_(row.last_staff_at.is_(None), row.last_staff_at < row.typing_at)
    writing = (row.state == TAKEN, row.conversation_id.in_(conversations), row.typing_at >= moment, is_open)
    return {found.conversation_id: found.taken_name for found in session.scalars(select(row).where(*writing))}


def put_contact(session: Session, conversation: str, encrypted: str, *, now: datetime) -> None:
    """Keep an encrypted address; it replaces the one before."""
    session.merge(ContactRow(conversation_id=conversation, encrypted=encrypted, noted_at=now, delete_after=None))


def has_contact(session: Session, conversation: str) -> bool:
    """Whether the person has left an address."""
    return session.get(ContactRow, conversation) is not None


def drop_contact(session: Session, conversation: str) -> bool:
    """Delete the address of a conversation; whether there was one."""
    done: Any = session.execute(delete(ContactRow).where(ContactRow.conversation_id == conversation))
    return bool(done.rowcount)


def drop_old_contacts(session: Session, now: datetime) -> int:
    """Delete the addresses whose time is over; how many."""
    done: Any = session.execute(delete(ContactRow).where(ContactRow.delete_after <= now))
    return int(done.rowcount)


def drop_handoffs(session: Session, conversation: str) -> None:
    """Delete everything that staff keep about a conversation."""
    drop_contact(session, conversation)
    session.execute(delete(HandoffRow).where(HandoffRow.conversation_id == conversation))


def unmailed(session: Session) -> list[HandoffRow]:
    """Those who wait and of whom staff were not told by mail yet; locked, so that one process tells."""
    rows = select(HandoffRow).where(HandoffRow.state == WAITING, HandoffRow.mail_due_at.is_not(None))
    return list(session.scalars(rows.order_by(HandoffRow.asked_at).with_for_update(skip_locked=True)))


def mark_mailed(session: Session, numbers: Sequence[int]) -> None:
    """Staff were told of these."""
    session.execute(update(HandoffRow).where(HandoffRow.id.in_(numbers)).values(mail_due_at=None))


def has_staff(session: Session) -> bool:
    """Whether there is a staff user who could answer."""
    able = (StaffUser.disabled_at.is_(None), StaffUser.role != Role.VIEWER.value)
    return session.scalar(select(StaffUser.id).where(*able).limit(1)) is not None


def able_staff(session: Session) -> list[StaffUser]:
    """Staff users who may answer, by name."""
    able = (StaffUser.disabled_at.is_(None), StaffUser.role != Role.VIEWER.value)
    return list(session.scalars(select(StaffUser).where(*able).order_by(StaffUser.name)))


def rate_last(session: Session, conversation: str, rating: str) -> bool:
    """Keep whether the last closed talk with staff helped; False when there was none."""
    mine = (HandoffRow.conversation_id == conversation, HandoffRow.state == CLOSED)
    row = session.scalar(select(HandoffRow).where(*mine).order_by(HandoffRow.id.desc()).limit(1))
    if row is not None:
        row.rating = rating
    return row is not None


def staff_name(session: Session, number: int | None) -> str:
    """The name under which one of the staff signs in; "" for nobody."""
    return session.scalar(select(StaffUser.name).where(StaffUser.id == number)) or "" if number else ""
