"""What staff do with messages, many at once, and the one way back.

Messages are claimed, resolved, ignored and opened again; or they become sentences of a topic, or a new topic, and are
resolved by that. Every action is kept with what each message was before and written into the audit log in the same unit
of work. Taking it back makes each message what it was, unless somebody has changed it since.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.content import service as changes
from bot.content.change import AddSentences, NewAspect, NewTopic
from bot.content.service import name_of
from bot.content.tables import ChangeRow
from bot.review.tables import CLAIMED, IGNORED, OPEN, RESOLVED, BulkAction, BulkActionMessage
from bot.review.tables import ReviewMessage as Message
from bot.staff.audit import audit
from bot.staff.roles import Staff

CLAIM, RESOLVE, IGNORE, REOPEN, ADD, NEW_TOPIC = "claim", "resolve", "ignore", "reopen", "add", "new_topic"
STATES = {CLAIM: CLAIMED, RESOLVE: RESOLVED, IGNORE: IGNORED, REOPEN: OPEN, ADD: RESOLVED, NEW_TOPIC: RESOLVED}
SIMPLE = (CLAIM, RESOLVE, IGNORE, REOPEN)
LISTED = (IGNORE, ADD, NEW_TOPIC)
"""What a list of the last actions shows; claims and resolved messages are daily work."""
MOST_LISTED = 10
MOST_AT_ONCE = 500
_NAMED = 12


class BulkActionError(ValueError):
    """Something that cannot be done; the text says why, for staff."""


@dataclass(frozen=True)
class Outcome:
    """How many messages were changed, and how many were left alone because somebody else has them or changed them."""

    changed: int
    others: int = 0


def act(session: Session, staff: Staff, verb: str, messages: Collection[int], *, now: datetime) -> Outcome:
    """Claim, resolve, ignore or reopen messages. What somebody else has claimed is not claimed again.

    Raises:
        BulkActionError: no such verb, or no message.
    """
    if verb not in SIMPLE or not messages:
        raise BulkActionError(
            "Choose at least one message." if verb in SIMPLE else "That cannot be done with a message."
        )
    action = _begin(session, staff, verb, now=now)
    rows = _locked(session, sorted(messages)[:MOST_AT_ONCE])
    others = [row for row in rows if verb == CLAIM and row.review == CLAIMED and row.claimed_by != staff.name]
    changing = [row for row in rows if row not in others and row.review != STATES[verb]]
    if changing:
        _change(session, action, changing)
        audit(session, staff, f"{verb} messages", _subject(changing))
    else:
        session.delete(action)
    return Outcome(len(changing), len(others))


def ignore(session: Session, staff: Staff | str, messages: Collection[int], *, now: datetime) -> BulkAction:
    """Sets messages aside that still wait for somebody and that the bot need not answer.

    Raises:
        BulkActionError: none of them is open any more.
    """
    action, rows = _take(session, staff, IGNORE, messages=messages, now=now)
    audit(session, staff, f"{IGNORE} messages", _subject(rows))
    return action


def add_to_topic(
    session: Session, staff: Staff | str, change: AddSentences, *, messages: Collection[int], now: datetime
) -> BulkAction:
    """Proposes sentences for a topic that exists, and resolves the messages that they came from.

    Raises:
        BulkActionError: no message is open any more.
        ChangeError: the change makes no sense.
    """
    return _propose(session, staff, ADD, change, messages=messages, now=now)


def new_topic(
    session: Session, staff: Staff | str, change: NewTopic | NewAspect, *, messages: Collection[int], now: datetime
) -> BulkAction:
    """Proposes a topic or a question inside one, and resolves the messages that it came from.

    Raises:
        BulkActionError, ChangeError: as `add_to_topic`.
    """
    return _propose(session, staff, NEW_TOPIC, change, messages=messages, now=now)


def undo(session: Session, staff: Staff | str, action_id: int, *, now: datetime) -> Outcome:
    """Makes the messages of an action what they were before; a change that came of it is withdrawn.

    Raises:
        BulkActionError: it was taken back before.
        ChangeError: its change is live already.
    """
    action = session.get(BulkAction, action_id)
    if action is None or action.undone_at is not None:
        raise BulkActionError("This was taken back already.")
    if action.change_id is not None:
        changes.withdraw(session, staff, action.change_id)
    if not _mark_undone(session, action, now):
        raise BulkActionError("This was taken back already.")
    restored, left = _restore(session, action)
    if action.change_id is None:
        audit(session, staff, f"undo {action.verb} messages", _subject(restored))
    return Outcome(len(restored), left)


def withdraw(session: Session, staff: Staff | str, change_id: int, *, now: datetime) -> ChangeRow:
    """Takes a pending change back; the messages that it came from are what they were before.

    Raises:
        ChangeError: there is no such change, or it is live already.
    """
    row = changes.withdraw(session, staff, change_id)
    reopen_messages_of(session, change_id, now)
    return row


def reopen_messages_of(session: Session, change_id: int, now: datetime) -> None:
    """When a change is withdrawn, the messages that it came from wait for somebody again."""
    of_it = (BulkAction.change_id == change_id, BulkAction.undone_at.is_(None))
    for action in session.scalars(select(BulkAction).where(*of_it)).all():
        if _mark_undone(session, action, now):
            _restore(session, action)


def messages_of(session: Session, change_ids: Collection[int]) -> list[Message]:
    """The typed messages that changes came from, oldest first."""
    of_it = (BulkAction.change_id.in_(sorted(change_ids)), BulkAction.undone_at.is_(None), Message.kind == "typed")
    found = select(Message).join(BulkActionMessage, BulkActionMessage.message_id == Message.id)
    return list(session.scalars(found.join(BulkAction).where(*of_it).order_by(Message.id).limit(MOST_AT_ONCE)))


def last(session: Session, staff: Staff) -> BulkAction | None:
    """The newest of one's own actions that can still be taken back."""
    mine = (BulkAction.done_by == staff.name, BulkAction.undone_at.is_(None))
    can_undo = or_(BulkAction.change_id.is_(None), ChangeRow.state == changes.PENDING)
    with_change = select(BulkAction).outerjoin(ChangeRow, ChangeRow.id == BulkAction.change_id)
    return session.scalar(with_change.where(*mine, can_undo).order_by(BulkAction.id.desc()).limit(1))


def recent(session: Session) -> list[tuple[BulkAction, bool]]:
    """The newest actions by which messages left the groups of discovery, and whether each can still be undone."""
    rows = session.execute(
        select(BulkAction, ChangeRow.state)
        .outerjoin(ChangeRow, ChangeRow.id == BulkAction.change_id)
        .where(BulkAction.verb.in_(LISTED))
        .order_by(BulkAction.id.desc())
        .limit(MOST_LISTED)
    )
    return [(action, action.undone_at is None and state in (None, changes.PENDING)) for action, state in rows]


def _propose(
    session: Session,
    staff: Staff | str,
    verb: str,
    change: AddSentences | NewTopic | NewAspect,
    *,
    messages: Collection[int],
    now: datetime,
) -> BulkAction:
    action, _ = _take(session, staff, verb, messages=messages, now=now)
    row = changes.propose(session, staff, change)
    action.change_id, action.summary = row.id, row.summary
    return action


def _take(
    session: Session, staff: Staff | str, verb: str, *, messages: Collection[int], now: datetime
) -> tuple[BulkAction, list[Message]]:
    """Takes the messages that are still open; two people who act on the same one do not both get it."""
    action = _begin(session, staff, verb, now=now)
    rows = [row for row in _locked(session, messages) if row.review in (OPEN, CLAIMED)]
    if not rows:
        raise BulkActionError("None of these messages is open any more; somebody was faster, or none was chosen.")
    _change(session, action, rows)
    return action, rows


def _begin(session: Session, staff: Staff | str, verb: str, *, now: datetime) -> BulkAction:
    """Writes the action before its messages are read: SQLite locks no rows, but lets only one of us write."""
    action = BulkAction(verb=verb, done_by=name_of(staff), done_at=now)
    session.add(action)
    session.flush()
    return action


def _locked(session: Session, messages: Collection[int]) -> list[Message]:
    """The messages as they are now, in the order in which the projection locks them too."""
    wanted = select(Message).where(Message.id.in_(sorted(messages))).order_by(Message.id).with_for_update()
    return list(session.scalars(wanted, execution_options={"populate_existing": True}))


def _change(session: Session, action: BulkAction, rows: Sequence[Message]) -> None:
    """Makes the messages what the action says, and keeps what they were before."""
    before = ("review", "claimed_by", "reviewed_at")
    kept = [
        {"action_id": action.id, "message_id": row.id, **{name: getattr(row, name) for name in before}} for row in rows
    ]
    session.execute(insert(BulkActionMessage), kept)
    action.summary = f"{len(rows)} {'message' if len(rows) == 1 else 'messages'}"
    for row in rows:
        row.review, row.claimed_by = _after(action)
        row.reviewed_at = action.done_at if row.review in (RESOLVED, IGNORED) else None


def _restore(session: Session, action: BulkAction) -> tuple[list[Message], int]:
    """The messages that are again what they were, and how many somebody has changed since."""
    own = select(BulkActionMessage).where(BulkActionMessage.action_id == action.id)
    kept = {row.message_id: row for row in session.scalars(own)}
    rows = [row for row in _locked(session, kept) if (row.review, row.claimed_by) == _after(action)]
    for row in rows:
        before = kept[row.id]
        row.review, row.claimed_by, row.reviewed_at = before.review, before.claimed_by, before.reviewed_at
    return rows, len(kept) - len(rows)


def _mark_undone(session: Session, action: BulkAction, now: datetime) -> bool:
    """Whether it was not taken back before; of two people who try at once, one is told no."""
    unused = update(BulkAction).where(BulkAction.id == action.id, BulkAction.undone_at.is_(None))
    return bool(cast("CursorResult[Any]", session.execute(unused.values(undone_at=now))).rowcount)


def _after(action: BulkAction) -> tuple[str, str]:
    """The state and the holder that the action gave its messages."""
    return STATES[action.verb], "" if action.verb == REOPEN else action.done_by


def _subject(rows: Collection[Message]) -> str:
    numbers = [str(row.id) for row in rows]
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return f"messages {', '.join(numbers[:_NAMED])}{more}" if len(numbers) != 1 else f"message {numbers[0]}"
