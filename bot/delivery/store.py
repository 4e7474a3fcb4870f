"""Everything that is asked of the delivery tables. One `MessageStore` works inside one unit of work.

Whoever numbers something first updates the conversation's row: that lock puts writers of one conversation in line
on SQLite and PostgreSQL alike, so numbers are unique and become visible in their order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.delivery.tables import (
    ANSWERED,
    PENDING,
    Conversation,
    Erasure,
    Feedback,
    InboxMessage,
    OutboxReply,
    StoredFile,
)

_BUTTONS_REMEMBERED = 200


class ConversationGoneError(LookupError):
    """There is no such conversation (any more)."""


class ConversationLeavingError(ConversationGoneError):
    """It is being erased: gone for everybody, but not everything is deleted yet."""


class UnknownReplyError(LookupError):
    """This conversation has no reply with that number."""


@dataclass(frozen=True)
class Draft:
    """A message ready to be stored: `text` for the engine, `shown` for the history."""

    text: str
    shown: str


@dataclass(frozen=True)
class Lease:
    """The application `owner` answers a message; if nothing more is heard of it, others may after `length`."""

    owner: str
    length: timedelta

    def covers(self, message: Incoming, now: datetime) -> bool:
        """Whether a message is the owner's for long enough to ask the engine."""
        is_long = message.lease_until is not None and message.lease_until > now + self.length / 2
        return message.lease_owner == self.owner and is_long


@dataclass(frozen=True)
class Incoming:
    """A stored message; see `InboxMessage` for its lease."""

    id: int
    conversation: str
    client_id: str
    seq: int
    text: str
    status: str
    locale: str = ""
    lease_owner: str = ""
    lease_until: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """A stored reply: `reply` as `Reply.to_dict` wrote it. `rating` (up, down or empty) is known in a history only."""

    seq: int
    reply: dict[str, Any]
    in_reply_to: str
    at: datetime
    rating: str = ""


@dataclass(frozen=True)
class Said:
    """A person's message in the history."""

    seq: int
    id: str
    text: str
    status: str
    at: datetime


@dataclass(frozen=True)
class Waiting:
    """A message of which nothing has been done yet, to be stored in a new talk; `locale` is the conversation's."""

    client_id: str
    draft: Draft
    locale: str


class MessageStore:
    """Inbox, outbox and feedback at one moment (`now`, aware UTC).

    With a `lease`, messages that it stores are leased from the beginning.
    """

    def __init__(self, session: Session, now: datetime, *, lease: Lease | None = None) -> None:
        self._session = session
        self._now = now
        self._lease = lease

    @property
    def session(self) -> Session:
        """The unit of work, for what is decided together with a message."""
        return self._session

    @property
    def now(self) -> datetime:
        return self._now

    def open(self, conversation: str, *, site: str = "", locale: str = "") -> None:
        """Begin a conversation under a new id."""
        row = Conversation(id=conversation, site=site, locale=locale, created_at=self._now, last_seen_at=self._now)
        self._session.add(row)
        self._session.flush()

    def ensure(self, conversation: str, *, locale: str) -> None:
        """Begin a conversation, unless it has begun."""
        if self._session.get(Conversation, conversation) is None:
            try:
                with self._session.begin_nested():
                    self.open(conversation, locale=locale)
            except IntegrityError:  # Another process was quicker.
                self._session.expire_all()

    def require(self, conversation: str) -> Conversation:
        """The conversation's row.

        Raises:
            ConversationGoneError: it was erased, or never was.
        """
        row = self._session.scalar(select(Conversation).where(Conversation.id == conversation, not_(_IS_LEAVING)))
        if row is None:
            raise self._gone(conversation)
        return row

    def lock(self, conversation: str) -> None:
        """Wait until nobody else writes to this conversation.

        Raises:
            ConversationGoneError: it was erased, or never was.
        """
        if not self._changed(_SEEN, {"its_id": conversation, "now": self._now}):
            raise self._gone(conversation)

    def find(self, conversation: str, client_id: str) -> Incoming | None:
        """The message with this client id, when it has arrived before."""
        row = self._session.execute(_KNOWN, {"its_id": conversation, "its_client_id": client_id}).first()
        return _incoming(row) if row else None

    def store(self, conversation: str, client_id: str, *, draft: Draft, status: str = PENDING) -> Incoming:
        """Write a new message into the inbox."""
        seq = self._next(conversation)
        made = self._session.execute(
            insert(_INBOX),
            {
                "conversation_id": conversation,
                "client_id": client_id,
                "seq": seq,
                "text": draft.text,
                "shown": draft.shown,
                "status": status,
                "attempts": 0,
                "noticed": False,
                "received_at": self._now,
                "lease_owner": self._lease.owner if self._lease else "",
                "lease_until": self._now + self._lease.length if self._lease else None,
            },
        )
        return Incoming(_number_of(made), conversation, client_id, seq, draft.text, status)

    def oldest_pending(self, conversation: str) -> Incoming | None:
        """The next message of this conversation to be answered; none while the talk before it is being erased."""
        row = self._session.execute(_OLDEST, {"its_id": conversation}).first()
        return _incoming(row, row.locale) if row else None

    def waiting(self, *, before: str = "") -> list[str]:
        """The conversations with a pending message that no application has leased; the leases of the process that bore
        the name `before` count as ended."""
        is_free = or_(
            InboxMessage.lease_until.is_(None),
            InboxMessage.lease_until < self._now,
            and_(InboxMessage.lease_owner == before, InboxMessage.lease_owner != ""),
        )
        return list(self._session.scalars(select(InboxMessage.conversation_id).where(_PENDING, is_free).distinct()))

    def claim(self, message: Incoming) -> bool:
        """Lease a pending message; False when another application has it, or it changed since it was read."""
        lease = self._required()
        values = {"its_id": message.id, "seen_owner": message.lease_owner, "now": self._now}
        return bool(self._changed(_CLAIMED, values | {"owner": lease.owner, "until": self._now + lease.length}))

    def hold(self, conversations: Sequence[str]) -> None:
        """Lengthen our leases on what is pending in these conversations."""
        lease = self._required()
        mine = (InboxMessage.conversation_id.in_(conversations), InboxMessage.lease_owner == lease.owner, _PENDING)
        self._changed(update(InboxMessage).where(*mine).values(lease_until=self._now + lease.length))

    def release(self) -> None:
        """Leave all that we have leased to whoever comes."""
        mine = (InboxMessage.lease_owner == self._required().owner, _PENDING)
        self._changed(update(InboxMessage).where(*mine).values(lease_until=None))

    def settled(self, messages: Collection[int]) -> list[int]:
        """Those of these messages that are pending no longer."""
        done = select(InboxMessage.id).where(InboxMessage.id.in_(messages), not_(_PENDING))
        return list(self._session.scalars(done))

    def newest(self, conversations: Sequence[str]) -> Mapping[str, int]:
        """The number of the newest reply of each conversation that is there; 0 without any."""
        newest = func.coalesce(func.max(OutboxReply.seq), 0)
        rows = (
            select(Conversation.id, newest)
            .outerjoin(OutboxReply, OutboxReply.conversation_id == Conversation.id)
            .where(Conversation.id.in_(conversations), not_(_IS_LEAVING))
            .group_by(Conversation.id)
        )
        return {row[0]: row[1] for row in self._session.execute(rows)}

    def settle(self, message: Incoming, reply: dict[str, Any], *, status: str = ANSWERED) -> Answer | None:
        """Close a pending message with its reply; None when it is no longer pending, so nobody answers twice."""
        done = self._changed(_SETTLED, {"its_id": message.id, "new_status": status})
        return self.push(message.conversation, reply, in_reply_to=message.client_id) if done else None

    def explain(self, message: Incoming, reply: dict[str, Any]) -> Answer | None:
        """Tell once that a pending message takes longer; None when it was told or is answered."""
        open_row = (InboxMessage.id == message.id, _PENDING, InboxMessage.noticed.is_(False))
        told = update(InboxMessage).where(*open_row).values(noticed=True)
        return self.push(message.conversation, reply, in_reply_to=message.client_id) if self._changed(told) else None

    def count_failure(self, message: Incoming) -> int:
        """One more failure while the engine was healthy; how many there were."""
        more = update(InboxMessage).where(InboxMessage.id == message.id).values(attempts=InboxMessage.attempts + 1)
        self._changed(more)
        return self._session.scalar(select(InboxMessage.attempts).where(InboxMessage.id == message.id)) or 0

    def push(self, conversation: str, reply: dict[str, Any], *, in_reply_to: str = "") -> Answer:
        """Write a reply into the outbox."""
        seq = self._next(conversation)
        row = {"conversation_id": conversation, "seq": seq, "reply": reply, "in_reply_to": in_reply_to}
        self._session.execute(insert(_OUTBOX), row | {"created_at": self._now})
        return Answer(seq, reply, in_reply_to, self._now)

    def answers_to(self, conversation: str, client_id: str) -> list[Answer]:
        """All replies to one message, in order."""
        mine = (OutboxReply.conversation_id == conversation, OutboxReply.in_reply_to == client_id)
        return [
            _answer(row) for row in self._session.scalars(select(OutboxReply).where(*mine).order_by(OutboxReply.seq))
        ]

    def answers_after(self, conversation: str, seq: int) -> list[Answer]:
        """All replies with a higher number, in order.

        Raises:
            ConversationGoneError: it was erased, or never was.
        """
        self.require(conversation)
        newer = (OutboxReply.conversation_id == conversation, OutboxReply.seq > seq)
        return [
            _answer(row) for row in self._session.scalars(select(OutboxReply).where(*newer).order_by(OutboxReply.seq))
        ]

    def history(self, conversation: str, after: int, *, limit: int) -> list[Said | Answer]:
        """Both sides in order, at most `limit` entries with a number above `after`.

        Raises:
            ConversationGoneError: it was erased, or never was.
        """
        self.require(conversation)
        said = select(InboxMessage).where(InboxMessage.conversation_id == conversation, InboxMessage.seq > after)
        sent = (
            select(OutboxReply, Feedback.rating)
            .outerjoin(Feedback, and_(Feedback.conversation_id == conversation, Feedback.seq == OutboxReply.seq))
            .where(OutboxReply.conversation_id == conversation, OutboxReply.seq > after)
        )
        replies = self._session.execute(sent.order_by(OutboxReply.seq).limit(limit))
        rows: Iterable[Said | Answer] = (
            *(_said(row) for row in self._session.scalars(said.order_by(InboxMessage.seq).limit(limit))),
            *(_answer(row, rating or "") for row, rating in replies),
        )
        return sorted(rows, key=lambda row: row.seq)[:limit]

    def button_title(self, conversation: str, payload: str) -> str | None:
        """What stood on the button with this payload, if we showed one in this conversation."""
        mine = select(OutboxReply.reply).where(OutboxReply.conversation_id == conversation)
        for reply in self._session.scalars(mine.order_by(OutboxReply.seq.desc()).limit(_BUTTONS_REMEMBERED)):
            for suggestion in reply.get("suggestions", ()):
                if suggestion["payload"] == payload:
                    return str(suggestion["title"])
        return None

    def rate(self, conversation: str, seq: int, *, rating: str, reason: str) -> None:
        """Store a thumb.

        Raises:
            UnknownReplyError: no reply of this conversation has that number.
        """
        self.lock(conversation)
        mine = (OutboxReply.conversation_id == conversation, OutboxReply.seq == seq)
        if self._session.scalar(select(OutboxReply.id).where(*mine)) is None:
            raise UnknownReplyError(seq)
        old = delete(Feedback).where(Feedback.conversation_id == conversation, Feedback.seq == seq)
        self._session.execute(old)
        row = Feedback(conversation_id=conversation, seq=seq, rating=rating, reason=reason, created_at=self._now)
        self._session.add(row)

    def erase(self, conversation: str) -> None:
        """Delete the conversation with everything that belongs to it."""
        for table in (Feedback, OutboxReply, InboxMessage, StoredFile):
            self._session.execute(delete(table).where(table.conversation_id == conversation))
        self._session.execute(delete(Conversation).where(Conversation.id == conversation))

    def pending_after(self, conversation: str, seq: int) -> list[Waiting]:
        """The messages with a higher number that nobody has answered, in order."""
        rows = (
            select(InboxMessage, Conversation.locale)
            .join(Conversation, Conversation.id == InboxMessage.conversation_id)
            .where(InboxMessage.conversation_id == conversation, InboxMessage.seq > seq, _PENDING)
            .order_by(InboxMessage.seq)
        )
        return [
            Waiting(row.client_id, Draft(row.text, row.shown), locale) for row, locale in self._session.execute(rows)
        ]

    def begin_again(self, conversation: str, waiting: Sequence[Waiting]) -> None:
        """A new talk under the same id, which these messages begin."""
        self.ensure(conversation, locale=waiting[0].locale)
        for message in waiting:
            self.store(conversation, message.client_id, draft=message.draft)

    def _gone(self, conversation: str) -> ConversationGoneError:
        """Why a conversation cannot be used."""
        is_open = select(Erasure.conversation_id).where(
            Erasure.conversation_id == conversation, Erasure.done_at.is_(None)
        )
        is_leaving = self._session.scalar(is_open) is not None
        return ConversationLeavingError(conversation) if is_leaving else ConversationGoneError(conversation)

    def _required(self) -> Lease:
        if self._lease is None:
            raise ValueError("who leases must say so")
        return self._lease

    def _next(self, conversation: str) -> int:
        number: int | None = self._session.execute(_ONE_MORE, {"its_id": conversation}).scalar()
        if number is None:
            raise ConversationGoneError(conversation)
        return number

    def _changed(self, statement: Any, values: dict[str, Any] | None = None) -> int:
        return cast("CursorResult[Any]", self._session.execute(statement, values)).rowcount


# Written out, since only so the index of pending messages is used.
_PENDING = InboxMessage.status == literal_column(f"'{PENDING}'")
# What every turn asks stands ready: making a statement anew costs more than its answer.
_CONVERSATIONS, _INBOX, _OUTBOX = (
    cast("Table", table.__table__) for table in (Conversation, InboxMessage, OutboxReply)
)
_ITS_ID = _CONVERSATIONS.c.id == bindparam("its_id")
_MINE = _INBOX.c.conversation_id == bindparam("its_id")
# From the wish to erase it until its rows are gone a conversation stands there for nobody.
_IS_LEAVING = exists().where(Erasure.conversation_id == Conversation.id, Erasure.cleared_at.is_(None))
_SEEN = update(_CONVERSATIONS).where(_ITS_ID, not_(_IS_LEAVING)).values(last_seen_at=bindparam("now"))
_ONE_MORE = (
    update(_CONVERSATIONS)
    .where(_ITS_ID)
    .values(last_seq=_CONVERSATIONS.c.last_seq + 1)
    .returning(_CONVERSATIONS.c.last_seq)
)
_KNOWN = select(_INBOX).where(_MINE, _INBOX.c.client_id == bindparam("its_client_id"))
_IS_ERASING = exists().where(Erasure.conversation_id == Conversation.id, Erasure.done_at.is_(None))
_OLDEST = (
    select(_INBOX, _CONVERSATIONS.c.locale)
    .join(_CONVERSATIONS, _CONVERSATIONS.c.id == _INBOX.c.conversation_id)
    .where(_MINE, _PENDING, not_(_IS_ERASING))
    .order_by(_INBOX.c.seq)
    .limit(1)
)
_CLAIMED = (
    update(_INBOX)
    .where(
        _INBOX.c.id == bindparam("its_id"),
        _PENDING,
        _INBOX.c.lease_owner == bindparam("seen_owner"),
        or_(
            _INBOX.c.lease_until.is_(None),
            _INBOX.c.lease_until < bindparam("now"),
            _INBOX.c.lease_owner == bindparam("owner"),
        ),
    )
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
)
_SETTLED = update(_INBOX).where(_INBOX.c.id == bindparam("its_id"), _PENDING).values(status=bindparam("new_status"))


def begins_by_itself(conversation: str) -> bool:
    """Whether a talk begins with its first message, so that a new one may follow an erased one under the same id."""
    return not conversation.startswith("web:")


def _number_of(made: Any) -> int:
    return int(made.inserted_primary_key[0])


def _incoming(row: Any, locale: str = "") -> Incoming:
    leased = {"lease_owner": row.lease_owner, "lease_until": row.lease_until}
    return Incoming(row.id, row.conversation_id, row.client_id, row.seq, row.text, row.status, locale, **leased)


def _answer(row: OutboxReply, rating: str = "") -> Answer:
    return Answer(row.seq, row.reply, row.in_reply_to, row.created_at, rating)


def _said(row: InboxMessage) -> Said:
    return Said(row.seq, row.client_id, row.shown, row.status, row.received_at)
