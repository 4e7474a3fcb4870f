"""The tables of the Telegram channel: how far each chat is served, what was sent, and what stands behind a button.

A chat is served by one process at a time: `begin` takes a lease on it, `finish` moves on to the next reply. What was
sent is written down piece by piece, so that a restart goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.base import Base, UtcDateTime
from bot.db.delivery import Conversation, OutboxReply

PREFIX = "tg:"
SENDING, SENT, REFUSED = "sending", "sent", "refused"


class TelegramChat(Base):
    """A chat that was written to. All replies up to `sent_seq` are done; `zone` is the person's time zone, or empty."""

    __tablename__ = "telegram_chats"

    conversation_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    sent_seq: Mapped[int] = mapped_column(default=0)
    zone: Mapped[str] = mapped_column(String(60), default="")
    zone_asked: Mapped[bool] = mapped_column(default=False)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TelegramSent(Base):
    """What became of one reply: `pieces` are the ids of its messages so far, `attempts` counts tries."""

    __tablename__ = "telegram_sent"

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default=SENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[list[int]] = mapped_column(JSON, default=list)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TelegramButton(Base):
    """What a button means; its token stands in the message, since Telegram allows 64 bytes only."""

    __tablename__ = "telegram_buttons"

    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80), index=True)
    payload: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))


class TelegramBot(Base):
    """The bot's own name, kept for those who make links to it."""

    __tablename__ = "telegram_bot"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Parcel:
    """A reply on its way: its row, and the ids of the messages of it that are out already."""

    outbox_id: int
    conversation: str
    seq: int
    reply: Mapping[str, Any]
    in_reply_to: str
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Button:
    """What stands behind a token."""

    payload: str
    title: str


class ChatPost:
    """The post of Telegram at one moment (`now`, aware UTC), inside one unit of work."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def waiting(self) -> list[str]:
        """The conversations with replies that are not sent yet."""
        sent = select(TelegramChat.sent_seq).where(TelegramChat.conversation_id == Conversation.id).scalar_subquery()
        unsent = exists().where(
            OutboxReply.conversation_id == Conversation.id, OutboxReply.seq > func.coalesce(sent, 0)
        )
        mine = Conversation.id.startswith(PREFIX), Conversation.last_seq > func.coalesce(sent, 0)
        return list(self._session.scalars(select(Conversation.id).where(*mine, unsent)))

    def begin(self, conversation: str, owner: str, *, lease: timedelta) -> Parcel | None:
        """The next reply to send, with the chat leased to `owner`; None when there is none or another has the chat."""
        free = or_(TelegramChat.lease_owner.in_(("", owner)), TelegramChat.lease_until < self._now)
        mine = update(TelegramChat).where(TelegramChat.conversation_id == conversation, free)
        taken = mine.values(lease_owner=owner, lease_until=self._now + lease).returning(TelegramChat.sent_seq)
        sent_seq = self._session.scalar(taken)
        if sent_seq is None and self._require(conversation):
            sent_seq = self._session.scalar(taken)
        if sent_seq is None:
            return None
        parcel = self._next(conversation, sent_seq)
        if parcel is None:
            self.release(conversation, owner)
        return parcel

    def keep_piece(self, parcel: Parcel, message_id: int, *, lease: timedelta) -> None:
        """One message of a reply is out."""
        row = self._sent(parcel)
        row.pieces = [*row.pieces, message_id]
        mine = update(TelegramChat).where(TelegramChat.conversation_id == parcel.conversation)
        self._session.execute(mine.values(lease_until=self._now + lease))

    def count_attempt(self, parcel: Parcel) -> int:
        """One more try failed; how many there were. 0 when the reply was deleted meanwhile."""
        if self._session.get(OutboxReply, parcel.outbox_id) is None:
            return 0
        row = self._sent(parcel)
        row.attempts += 1
        return row.attempts

    def finish(self, parcel: Parcel, *, pieces: Iterable[int] = (), state: str = SENT) -> Parcel | None:
        """A reply is done; the next one, or None and the chat is free again."""
        following = self._next(parcel.conversation, parcel.seq)
        values: dict[str, Any] = {"sent_seq": parcel.seq}
        if state == SENT:
            values |= {"blocked_at": None}
        if following is None:
            values |= {"lease_owner": "", "lease_until": None}
        mine = update(TelegramChat).where(TelegramChat.conversation_id == parcel.conversation)
        self._session.execute(mine.values(**values))
        if self._session.scalar(select(OutboxReply.id).where(OutboxReply.id == parcel.outbox_id)):
            row = self._sent(parcel)
            row.state, row.pieces = state, [*row.pieces, *pieces]
        return following

    def release(self, conversation: str, owner: str) -> None:
        """Let another process serve the chat."""
        mine = (TelegramChat.conversation_id == conversation, TelegramChat.lease_owner == owner)
        self._session.execute(update(TelegramChat).where(*mine).values(lease_owner="", lease_until=None))

    def block(self, conversation: str, *, is_blocked: bool = True) -> None:
        """The person blocked the bot, or lets it in again."""
        self._require(conversation)
        row = self._session.get(TelegramChat, conversation)
        if row is not None:
            row.blocked_at = self._now if is_blocked else None

    def remember_buttons(self, conversation: str, buttons: Mapping[str, Button]) -> None:
        """Keep what stands behind tokens; the same token always means the same."""
        known = set(self._session.scalars(select(TelegramButton.token).where(TelegramButton.token.in_(buttons))))
        for token, button in buttons.items():
            if token not in known:
                self._session.add(TelegramButton(
                    token=token, conversation_id=conversation, payload=button.payload, title=button.title[:200]
                ))  # fmt: skip

    def button(self, conversation: str, token: str) -> Button | None:
        """What a pressed button means, if we showed it in this conversation."""
        row = self._session.get(TelegramButton, token)
        return Button(row.payload, row.title) if row and row.conversation_id == conversation else None

    def name_bot(self, username: str) -> None:
        """Keep the bot's name."""
        self._session.merge(TelegramBot(id=1, username=username))

    def _require(self, conversation: str) -> bool:
        """Whether the chat had no row and has one now."""
        if self._session.get(TelegramChat, conversation) is not None:
            return False
        try:
            with self._session.begin_nested():
                self._session.add(TelegramChat(
                    conversation_id=conversation, sent_seq=0, zone="", zone_asked=False, lease_owner=""
                ))  # fmt: skip
        except IntegrityError:  # Another process was quicker.
            self._session.expire_all()
        return True

    def _next(self, conversation: str, sent_seq: int) -> Parcel | None:
        newer = (OutboxReply.conversation_id == conversation, OutboxReply.seq > sent_seq)
        rows = select(OutboxReply, TelegramSent.pieces).outerjoin(
            TelegramSent, TelegramSent.outbox_id == OutboxReply.id
        )
        found = self._session.execute(rows.where(*newer).order_by(OutboxReply.seq).limit(1)).first()
        if found is None:
            return None
        row, pieces = found
        return Parcel(row.id, conversation, row.seq, row.reply, row.in_reply_to, tuple(pieces or ()))

    def _sent(self, parcel: Parcel) -> TelegramSent:
        """The record of a reply, made when it is first needed."""
        row = self._session.get(TelegramSent, parcel.outbox_id)
        if row is None:
            row = TelegramSent(outbox_id=parcel.outbox_id, state=SENDING, attempts=0, pieces=[])
            self._session.add(row)
        row.updated_at = self._now
        return row


def bot_name(session: Session) -> str:
    """The bot's name without @, empty as long as no bot has run."""
    return session.scalar(select(TelegramBot.username)) or ""


def drop_chat(session: Session, conversation: str) -> None:
    """Forget a chat: zone, state and buttons. What was sent goes with the outbox."""
    for table in (TelegramButton, TelegramChat):
        session.execute(delete(table).where(table.conversation_id == conversation))
