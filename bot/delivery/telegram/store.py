"""The post of Telegram: what is to be sent next, what is out already, and what a pressed button means.

A chat is served by one process at a time: `begin` takes a lease on it, `finish` moves on to the next reply. What was
sent is written down piece by piece, so that a restart goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    CursorResult,
    Table,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.delivery.tables import Conversation, OutboxReply
from bot.delivery.telegram.tables import (
    PREFIX,
    SENDING,
    SENT,
    TelegramBot,
    TelegramButton,
    TelegramChat,
    TelegramPolling,
    TelegramSent,
    UnreadUpdate,
)

UNREAD_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class OutboxItem:
    """A reply on its way: its row, the `chat` it goes to, and the ids of the messages of it that are out already."""

    outbox_id: int
    conversation: str
    chat: int
    seq: int
    reply: Mapping[str, Any]
    in_reply_to: str
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class ShownButton:
    """What stands behind a token."""

    payload: str
    title: str


class TelegramOutbox:
    """The post of Telegram at one moment (`now`, aware UTC), inside one unit of work."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    @property
    def session(self) -> Session:
        """The unit of work."""
        return self._session

    @property
    def now(self) -> datetime:
        return self._now

    def waiting(self) -> list[str]:
        """The conversations with replies that are not sent yet."""
        sent = func.coalesce(TelegramChat.sent_seq, 0)
        unsent = exists().where(OutboxReply.conversation_id == Conversation.id, OutboxReply.seq > sent)
        chats = select(Conversation.id).outerjoin(TelegramChat, TelegramChat.conversation_id == Conversation.id)
        mine = chats.where(Conversation.id.startswith(PREFIX), Conversation.last_seq > sent, unsent)
        return list(self._session.scalars(mine))

    def begin(self, conversation: str, owner: str, *, lease: timedelta) -> OutboxItem | None:
        """The next reply to send, with the chat leased to `owner`; None when there is none or another has the chat."""
        values = {"its_id": conversation, "owner": owner, "now": self._now, "until": self._now + lease}
        sent_seq = self._session.execute(_TAKEN, values).scalar()
        if sent_seq is None and self._require(conversation):
            sent_seq = self._session.execute(_TAKEN, values).scalar()
        if sent_seq is None:
            return None
        item = self._next(conversation, sent_seq)
        if item is None:
            self.release(conversation, owner)
        return item

    def hold_polling(self, owner: str, *, lease: timedelta) -> bool:
        """Whether this application may fetch updates until the lease ends; one at a time may."""
        if self._session.get(TelegramPolling, 1) is None:
            try:
                with self._session.begin_nested():
                    self._session.add(TelegramPolling(id=1, owner=owner, until=self._now + lease))
            except IntegrityError:  # Another process was quicker.
                self._session.expire_all()
        row = TelegramPolling
        mine = update(row).where(row.id == 1, or_(row.owner == owner, row.until < self._now))
        taken = self._session.execute(mine.values(owner=owner, until=self._now + lease))
        return bool(cast("CursorResult[Any]", taken).rowcount)

    def end_polling(self, owner: str) -> None:
        """Leave the fetching to whoever comes."""
        self._session.execute(delete(TelegramPolling).where(TelegramPolling.owner == owner))

    def renew(self, owner: str, *, lease: timedelta) -> None:
        """All chats that `owner` serves stay with it for longer."""
        mine = update(TelegramChat).where(TelegramChat.lease_owner == owner)
        self._session.execute(mine.values(lease_until=self._now + lease))

    def keep_piece(self, item: OutboxItem, message_id: int) -> None:
        """One message of a reply is out, others follow."""
        row = self._sent(item)
        row.pieces = [*row.pieces, message_id]

    def count_attempt(self, item: OutboxItem) -> int:
        """One more try failed; how many there were. 0 when the reply was deleted meanwhile."""
        if self._session.get(OutboxReply, item.outbox_id) is None:
            return 0
        row = self._sent(item)
        row.attempts += 1
        return row.attempts

    def finish(self, item: OutboxItem, *, state: str = SENT) -> OutboxItem | None:
        """A reply is done; the next one, or None and the chat is free again."""
        following = self._next(item.conversation, item.seq)
        values = {"its_id": item.conversation, "seq": item.seq, "outbox_id": item.outbox_id}
        values["is_last"] = following is None
        self._session.execute(_DONE if state == SENT else _GIVEN_UP, values)
        self._session.execute(_CLOSED, {"its_id": item.outbox_id, "new_state": state})
        return following

    def release(self, conversation: str, owner: str) -> None:
        """Let another process serve the chat."""
        mine = (TelegramChat.conversation_id == conversation, TelegramChat.lease_owner == owner)
        self._session.execute(update(TelegramChat).where(*mine).values(lease_owner="", lease_until=None))

    def release_all(self, owner: str) -> None:
        """Let other processes serve all the chats of `owner`."""
        mine = update(TelegramChat).where(TelegramChat.lease_owner == owner)
        self._session.execute(mine.values(lease_owner="", lease_until=None))

    def block(self, conversation: str, *, is_blocked: bool = True) -> None:
        """The person blocked the bot, or lets it in again."""
        self._require(conversation)
        row = self._session.get(TelegramChat, conversation)
        if row is not None:
            row.blocked_at = self._now if is_blocked else None

    def move(self, conversation: str, chat: int) -> None:
        """The group has become the supergroup `chat`; its talk goes on there. A talk that is not kept cannot move."""
        if self._session.get(Conversation, conversation) is None:
            return
        self._require(conversation)
        row = self._session.get_one(TelegramChat, conversation)
        row.moved_to, row.blocked_at = chat, None

    def redirect(self, item: OutboxItem, chat: int) -> OutboxItem | None:
        """Move the talk of a reply; the same reply on its new way, None when it was deleted meanwhile."""
        self.move(item.conversation, chat)
        self._session.flush()
        return self._next(item.conversation, item.seq - 1)

    def has_moved(self, conversation: str) -> bool:
        """Whether the group has become a supergroup."""
        row = self._session.get(TelegramChat, conversation)
        return row is not None and row.moved_to is not None

    def home_of(self, chat: int) -> str | None:
        """The talk that a supergroup has from its time as a group; None when it has none or has begun a new one."""
        own = exists().where(Conversation.id == conversation_of(chat))
        moved = select(TelegramChat.conversation_id).where(TelegramChat.moved_to == chat, ~own)
        return self._session.scalar(moved.limit(1))

    def remember_buttons(self, conversation: str, buttons: Mapping[str, ShownButton]) -> None:
        """Keep what stands behind tokens; the same token always means the same."""
        known = set(self._session.scalars(_KNOWN_TOKENS, {"tokens": list(buttons)}))
        new = [
            {"token": token, "conversation_id": conversation, "payload": item.payload, "title": item.title[:200]}
            for token, item in buttons.items()
            if token not in known
        ]
        if new:
            self._session.execute(insert(_BUTTONS), new)

    def button(self, conversation: str, token: str) -> ShownButton | None:
        """What a pressed button means, if we showed it in this conversation."""
        row = self._session.get(TelegramButton, token)
        return ShownButton(row.payload, row.title) if row and row.conversation_id == conversation else None

    def name_bot(self, username: str) -> None:
        """Keep the bot's name."""
        self._session.merge(TelegramBot(id=1, username=username))

    def _require(self, conversation: str) -> bool:
        """Whether the chat had no row and has one now."""
        if self._session.get(TelegramChat, conversation) is not None:
            return False
        try:
            with self._session.begin_nested():
                self._session.add(
                    TelegramChat(conversation_id=conversation, sent_seq=0, zone="", zone_asked=False, lease_owner="")
                )
        except IntegrityError:  # Another process was quicker.
            self._session.expire_all()
        return True

    def _next(self, conversation: str, sent_seq: int) -> OutboxItem | None:
        found = self._session.execute(_FOLLOWING, {"its_id": conversation, "seq": sent_seq}).first()
        if found is None:
            return None
        return OutboxItem(
            outbox_id=found.id,
            conversation=conversation,
            chat=found.moved_to or chat_of(conversation),
            seq=found.seq,
            reply=found.reply,
            in_reply_to=found.in_reply_to,
            pieces=tuple(found.pieces or ()),
        )

    def _sent(self, item: OutboxItem) -> TelegramSent:
        """The record of a reply, made when it is first needed."""
        row = self._session.get(TelegramSent, item.outbox_id)
        if row is None:
            row = TelegramSent(outbox_id=item.outbox_id, state=SENDING, attempts=0, pieces=[])
            self._session.add(row)
        row.updated_at = self._now
        return row


# What every reply asks stands ready: making a statement anew costs more than its answer.
_CHATS, _SENT, _BUTTONS, _OUTBOX = (
    cast("Table", table.__table__) for table in (TelegramChat, TelegramSent, TelegramButton, OutboxReply)
)
_ITS_CHAT = _CHATS.c.conversation_id == bindparam("its_id")
_IS_FREE = or_(
    _CHATS.c.lease_owner == "", _CHATS.c.lease_owner == bindparam("owner"), _CHATS.c.lease_until < bindparam("now")
)
_TAKEN = (
    update(_CHATS)
    .where(_ITS_CHAT, _IS_FREE)
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
    .returning(_CHATS.c.sent_seq)
)
_IS_LAST = bindparam("is_last", type_=Boolean)
# A chat that was erased meanwhile counts anew: what was sent of the old talk says nothing about the new one.
_STANDS = exists().where(
    _OUTBOX.c.id == bindparam("outbox_id"),
    _OUTBOX.c.conversation_id == bindparam("its_id"),
    _OUTBOX.c.seq == bindparam("seq"),
)
_GIVEN_UP = (
    update(_CHATS)
    .where(_ITS_CHAT, _STANDS)
    .values(
        sent_seq=bindparam("seq"),
        lease_owner=case((_IS_LAST, ""), else_=_CHATS.c.lease_owner),
        lease_until=case((_IS_LAST, None), else_=_CHATS.c.lease_until),
    )
)
_DONE = _GIVEN_UP.values(blocked_at=None)
_CLOSED = update(_SENT).where(_SENT.c.outbox_id == bindparam("its_id")).values(state=bindparam("new_state"))
_FOLLOWING = (
    select(_OUTBOX, _SENT.c.pieces, _CHATS.c.moved_to)
    .outerjoin(_SENT, _SENT.c.outbox_id == _OUTBOX.c.id)
    .outerjoin(_CHATS, _CHATS.c.conversation_id == _OUTBOX.c.conversation_id)
    .where(_OUTBOX.c.conversation_id == bindparam("its_id"), _OUTBOX.c.seq > bindparam("seq"))
    .order_by(_OUTBOX.c.seq)
    .limit(1)
)
_KNOWN_TOKENS = select(_BUTTONS.c.token).where(_BUTTONS.c.token.in_(bindparam("tokens", expanding=True)))


def conversation_of(chat: int) -> str:
    """The conversation of a chat."""
    return f"{PREFIX}{chat}"


def chat_of(conversation: str) -> int:
    """The chat of a conversation, as long as it has not moved."""
    return int(conversation.removeprefix(PREFIX))


def keep_unread(session: Session, update_id: int | None, *, kind: str, error: str, now: datetime) -> None:
    """Note an update that cannot be read; notes that are too old to explain anything go."""
    session.add(UnreadUpdate(update_id=update_id, kind=kind[:40], error=error[:80], received_at=now))
    session.execute(delete(UnreadUpdate).where(UnreadUpdate.received_at < now - UNREAD_KEPT))


def bot_name(session: Session) -> str:
    """The bot's name without @, empty as long as no bot has run."""
    return session.scalar(select(TelegramBot.username)) or ""


def drop_chat(session: Session, conversation: str) -> None:
    """Forget a chat: zone, state and buttons. What was sent goes with the outbox."""
    for table in (TelegramButton, TelegramChat):
        session.execute(delete(table).where(table.conversation_id == conversation))
