"""What staff do with many messages at once: they become sentences of a topic, a new topic, or nothing; and back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.content import service as changes
from bot.content.change import AddSentences, ChangeError, NewTopic
from bot.content.service import name_of
from bot.content.tables import ChangeRow
from bot.review.discovery.tables import Deed, DeedMessage, reopen, reopen_messages_of
from bot.review.tables import CLAIMED, IGNORED, OPEN, RESOLVED
from bot.review.tables import ReviewMessage as Message
from bot.staff.audit import audit
from bot.staff.roles import Staff

SHOWN_DEEDS = 10


def add_to_topic(
    session: Session, staff: Staff | str, change: AddSentences, *, messages: Collection[int], now: datetime
) -> Deed:
    """Proposes sentences for a topic that exists, and resolves the messages that they came from.

    Raises:
        ChangeError: no message is open any more, or the change makes no sense.
    """
    return _propose(session, staff, change, messages=messages, now=now, kind="added")


def new_topic(
    session: Session, staff: Staff | str, change: NewTopic, *, messages: Collection[int], now: datetime
) -> Deed:
    """Proposes a topic, and resolves the messages that it came from.

    Raises:
        ChangeError: as `add_to_topic`.
    """
    return _propose(session, staff, change, messages=messages, now=now, kind="new_topic")


def ignore(session: Session, staff: Staff | str, messages: Collection[int], *, now: datetime) -> Deed:
    """Sets messages aside that the bot need not answer.

    Raises:
        ChangeError: none of them is open any more.
    """
    taken = _close(session, messages, IGNORED, staff=staff, now=now)
    audit(session, staff, "ignore messages", f"{len(taken)} messages", None, {"messages": taken})
    deed = Deed(kind="ignored", done_by=name_of(staff), done_at=now, summary=f"{len(taken)} messages")
    return _record(session, deed, taken)


def undo(session: Session, staff: Staff | str, deed_id: int, *, now: datetime) -> Deed:
    """Opens the messages of a deed again; a change that came of it is withdrawn.

    Raises:
        ChangeError: it was undone before, or its change is live already.
    """
    deed = session.get(Deed, deed_id)
    if deed is None or deed.undone_at is not None:
        raise ChangeError("This was taken back already.")
    if deed.change_id is not None:
        withdraw(session, staff, deed.change_id, now=now)
    else:
        reopen(session, deed, now)
        audit(session, staff, "open messages again", f"{size(session, deed)} messages")
    return deed


def withdraw(session: Session, staff: Staff | str, change_id: int, *, now: datetime) -> ChangeRow:
    """Takes a pending change back; the messages that it came from wait for somebody again.

    Raises:
        ChangeError: there is no such change, or it is live already.
    """
    row = changes.withdraw(session, staff, change_id)
    reopen_messages_of(session, change_id, now)
    return row


def recent(session: Session) -> list[tuple[Deed, bool]]:
    """The newest deeds, and whether each can still be undone."""
    rows = session.execute(
        select(Deed, ChangeRow.state)
        .outerjoin(ChangeRow, ChangeRow.id == Deed.change_id)
        .order_by(Deed.id.desc())
        .limit(SHOWN_DEEDS)
    )
    return [(deed, deed.undone_at is None and state in (None, changes.PENDING)) for deed, state in rows]


def size(session: Session, deed: Deed) -> int:
    """How many messages a deed was done with."""
    return session.scalar(select(func.count()).where(DeedMessage.deed_id == deed.id)) or 0


def _propose(
    session: Session,
    staff: Staff | str,
    change: AddSentences | NewTopic,
    *,
    messages: Collection[int],
    now: datetime,
    kind: str,
) -> Deed:
    taken = _close(session, messages, RESOLVED, staff=staff, now=now)
    row = changes.propose(session, staff, change)
    deed = Deed(kind=kind, done_by=name_of(staff), done_at=now, change_id=row.id, summary=row.summary)
    return _record(session, deed, taken)


def _close(session: Session, messages: Collection[int], review: str, *, staff: Staff | str, now: datetime) -> list[int]:
    """Takes the messages that are still open; two people who act on the same one do not both get it."""
    wanted = (Message.id.in_(list(messages)), Message.review.in_((OPEN, CLAIMED)))
    values = {"review": review, "claimed_by": name_of(staff), "reviewed_at": now}
    taken = list(session.scalars(update(Message).where(*wanted).values(**values).returning(Message.id)))
    if not taken:
        raise ChangeError("None of these messages is open any more; somebody was faster, or none was chosen.")
    return taken


def _record(session: Session, deed: Deed, messages: Sequence[int]) -> Deed:
    session.add(deed)
    session.flush()
    session.add_all(DeedMessage(deed_id=deed.id, message_id=message) for message in messages)
    return deed
