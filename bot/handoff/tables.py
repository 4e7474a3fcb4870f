"""The tables of the staff desk: who asked for a person, and, apart from all messages, the address that they left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.base import Base, UtcDateTime
from bot.delivery.tables import Conversation
from bot.staff.roles import Role
from bot.staff.tables import StaffUser

WAITING, TAKEN, CLOSED = "waiting", "taken", "closed"
_IS_OPEN = text("state <> 'closed'")


class HandoffRow(Base):
    """One wish for a person; a conversation has at most one that is not closed.

    `taken_by` is the id and `taken_name` the shown name of the staff who have it. While `email_wanted`, an address in a
    message is kept. `mail_due_at` is when staff are told by mail; null when that is done or not wanted.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index("uq_handoffs_open", "conversation_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    email_wanted: Mapped[bool] = mapped_column(default=False)
    taken_by: Mapped[int | None]
    taken_name: Mapped[str] = mapped_column(String(120), default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_staff_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    mail_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_attempts: Mapped[int] = mapped_column(default=0)


class ContactRow(Base):
    """The address that somebody left, encrypted. `delete_after` is set when the handoff is closed."""

    __tablename__ = "contacts"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    encrypted: Mapped[str] = mapped_column("sealed", Text)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delete_after: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


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
    """The handoff, with its conversation locked as the mailbox locks it: whoever changes the talk stands in one line.

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
    """Delete everything that the staff desk has about a conversation."""
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


def staff_name(session: Session, number: int | None) -> str:
    """The name under which one of the staff signs in; "" for nobody."""
    return session.scalar(select(StaffUser.name).where(StaffUser.id == number)) or "" if number else ""
