"""Brings replies from the outbox into the chats: each once, in order, and on after a restart.

The outbox is the record: a chat's replies are sent one after the other by one process, which takes a lease on the chat
before it sends and gives it back with the last reply. Between the API taking a message and our writing it down lies
the one gap that nobody can close, since the API cannot be asked; a reply that falls into it is sent again rather than
lost. A graceful stop waits for what is under way, so only a crash or a broken connection can hit the gap.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.db.base import Database
from bot.delivery.erasing.service import TELLING
from bot.delivery.erasing.store import drop_told, take_untold
from bot.delivery.files import find_file
from bot.delivery.notifier import News, Notifier
from bot.delivery.telegram.store import OutboxItem, ShownButton, TelegramOutbox, chat_of
from bot.delivery.telegram.tables import PREFIX, REFUSED
from bot.reply.parts import Notice, Reply, Suggestion
from bot.reply.responses import Responses
from bot.telegram.rate_limit import ChatRateLimit
from bot.telegram.render import Outgoing, render
from bot.telegram.sending import FileContent, LaterError, MovedError, RefusedError, edit, send
from bot.telegram.updates import edited_page

log = structlog.get_logger(__name__)
T = TypeVar("T")
FILES = "/api/v1/files/"
STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Timing:
    """Seconds: `sweep` between looks for what another process wrote, `lease` on a chat (renewed in each sweep), first
    and longest `pause` after a failure; a reply is given up after `most_attempts`. `patience` is how long the API may
    think about a message: given up too early, one that arrived would be sent again. What fails for longer than `alarm`
    is told to operators."""

    sweep: float = 4.0
    lease: float = 12.0
    patience: float = 20.0
    pause: float = 1.0
    longest_pause: float = 60.0
    most_attempts: int = 60
    alarm: float = 60.0


@dataclass(frozen=True)
class RenderedReply:
    """A reply with its messages."""

    item: OutboxItem
    messages: list[Outgoing]


class OutboxSender:
    """Sends everything that stands in the outbox of Telegram conversations. One per process."""

    def __init__(
        self, bot: Bot, database: Database, responses: Responses, *, notifier: Notifier, timing: Timing | None = None
    ) -> None:
        self._bot = bot
        self._database = database
        self._responses = responses
        self._news = notifier.watch("tg", self._prepare)
        self._timing = timing or Timing()
        self._lease = timedelta(seconds=self._timing.lease)
        self._owner = uuid.uuid4().hex
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._sending: set[asyncio.Task[Any]] = set()
        self._is_stopping = False
        self._rate_limit = ChatRateLimit()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled."""
        sweeper = asyncio.create_task(self._sweep())
        try:
            while True:
                conversation, news = await self._news.get()
                self._hear(conversation, news)
        finally:
            sweeper.cancel()

    async def stop(self) -> None:
        """End all rounds; what is not sent stays in the outbox, and the chats are free for the next process."""
        self._is_stopping = True
        if self._sending:
            await asyncio.wait(self._sending, timeout=STOP_SECONDS)
        tasks = [*self._rounds.values(), *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.post(lambda post: post.release_all(self._owner))

    def wake(self, conversation: str, first: RenderedReply | None = None) -> None:
        """There may be something to send; `first` is what was prepared already."""
        if conversation in self._rounds:
            self._again.add(conversation)
            return
        work = self._round(conversation, first)
        self._rounds[conversation] = asyncio.create_task(work, name=f"outbox_sender {conversation}")

    async def post(self, work: Callable[[TelegramOutbox], T]) -> T:
        """Do `work` in one unit of work, off the event loop."""
        return await asyncio.to_thread(self._in_unit, work)

    def _in_unit(self, work: Callable[[TelegramOutbox], T]) -> T:
        with self._database.turn() as session:
            return work(TelegramOutbox(session, datetime.now(UTC)))

    def _hear(self, conversation: str, news: News) -> None:
        if news.typing:
            self._start(self._show_typing(conversation))
        elif news.answer:
            self._start(self._part(conversation, news.answer.reply, is_done=news.is_done))
        elif not news.gone:
            self.wake(conversation, news.ready if isinstance(news.ready, RenderedReply) else None)

    async def _show_typing(self, conversation: str) -> None:
        """The sign of staff, which Telegram shows for five seconds; a failure costs nothing but polish."""
        with contextlib.suppress(TelegramError):
            await self._bot.send_chat_action(chat_of(conversation), ChatAction.TYPING)

    def _prepare(self, session: Session, conversation: str) -> RenderedReply | None:
        """The next reply of a chat, in the unit of work that stored one; None when a round is on its way to it."""
        if conversation in self._rounds or self._is_stopping:
            return None
        post = TelegramOutbox(session, datetime.now(UTC))
        return self._render(post, post.begin(conversation, self._owner, lease=self._lease))

    def _start(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep(self) -> None:
        """What came from other processes, or was left by the one before."""
        while True:
            try:
                for conversation in await self.post(self._look):
                    if conversation not in self._rounds:
                        self.wake(conversation)
                for conversation in await self.post(self._untold):
                    self._start(self._part(conversation, self._forgotten(), is_done=True))
            except Exception:
                log.exception("sweep failed")
            await asyncio.sleep(self._timing.sweep)

    def _look(self, post: TelegramOutbox) -> list[str]:
        post.renew(self._owner, lease=self._lease)
        return post.waiting()

    async def _round(self, conversation: str, first: RenderedReply | None) -> None:
        """Send what waits in one chat, until nothing is left."""
        pause, is_done = self._timing.pause, False
        try:
            while True:
                self._again.discard(conversation)
                try:
                    await self._serve(conversation, first)
                    pause = self._timing.pause
                except LaterError as error:
                    first = None
                    await asyncio.sleep(error.seconds or pause)
                    pause = min(pause * 2, self._timing.longest_pause)
                    continue
                first = None
                if is_done := conversation not in self._again:
                    return
        except Exception:
            log.exception("round broke", conversation=conversation)
        finally:
            del self._rounds[conversation]
            if not is_done:
                await asyncio.shield(self.post(lambda post: post.release(conversation, self._owner)))

    async def _serve(self, conversation: str, rendered: RenderedReply | None) -> None:
        if rendered is None:
            rendered = await self.post(
                lambda post: self._render(post, post.begin(conversation, self._owner, lease=self._lease))
            )
        while rendered and not self._is_stopping:
            await self._rate_limit.turn(conversation)
            task = asyncio.create_task(self._deliver(rendered))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
            rendered = await task

    async def _deliver(self, rendered: RenderedReply) -> RenderedReply | None:
        """One reply, from the first message that is not out yet; returns the next reply of the chat."""
        item, messages = rendered.item, rendered.messages
        try:
            for at, message in enumerate(messages[len(item.pieces) :], len(item.pieces)):
                number = await self._put(item, message, is_only=len(messages) == 1)
                if at + 1 < len(messages):
                    await self.post(partial(_keep, item, number))
        except RefusedError as error:
            log.info("chat refuses", conversation=item.conversation, detail=str(error))
            return await self.post(lambda post: self._render(post, _refused(post, item)))
        except MovedError as error:
            log.info("group has become a supergroup", conversation=item.conversation)
            chat = error.chat
            return await self.post(lambda post: self._render(post, post.redirect(item, chat)))
        except LaterError as error:
            return await self._count(item, error)
        return await self.post(lambda post: self._render(post, post.finish(item)))

    def _render(self, post: TelegramOutbox, item: OutboxItem | None) -> RenderedReply | None:
        """The messages of a reply, with what stands behind their buttons kept."""
        if item is None:
            return None
        buttons: dict[str, ShownButton] = {}

        def shorten(suggestion: Suggestion) -> str:
            token = token_of(item.conversation, suggestion)
            buttons[token] = ShownButton(suggestion.payload, suggestion.title)
            return token

        try:
            messages = render(Reply.from_dict(dict(item.reply)), self._responses, shorten)
        except Exception:
            log.exception("a reply cannot be drawn", seq=item.seq)
            messages = [Outgoing("sendMessage", self._responses.text("utter_turn_failed"))]
        if buttons:
            post.remember_buttons(item.conversation, buttons)
        return RenderedReply(item, messages)

    async def _put(self, item: OutboxItem, message: Outgoing, *, is_only: bool) -> int:
        chat = item.chat
        self._rate_limit.sent(item.conversation)
        page = edited_page(item.in_reply_to)
        may_edit = page and is_only and message.method == "sendMessage" and not _is_notice(item)
        if may_edit and page and (done := await edit(self._bot, chat, page, message)):
            return done
        return await send(self._bot, chat, *await self._loaded(message))

    async def _count(self, item: OutboxItem, error: LaterError) -> RenderedReply | None:
        """One more failure: later again, or never again when it is hopeless."""
        if await self.post(lambda post: post.count_attempt(item)) < self._timing.most_attempts:
            raise error
        log.error("a reply is given up", conversation=item.conversation, seq=item.seq)
        return await self.post(lambda post: self._render(post, post.finish(item, state=REFUSED)))

    async def _loaded(self, message: Outgoing) -> tuple[Outgoing, FileContent | None]:
        """The message with the content of its file; words alone when there is none any more."""
        if not message.file:
            return message, None
        if found := await asyncio.to_thread(self._file, message.file):
            return message, found
        words = self._responses.text("utter_telegram_file_expired") if message.file.startswith(FILES) else message.html
        return Outgoing("sendMessage", words or message.name, message.keyboard), None

    def _file(self, path: str) -> FileContent | None:
        if not path.startswith(FILES):
            return None
        with self._database.unit() as session:
            found = find_file(session, path.removeprefix(FILES), now=datetime.now(UTC))
            return FileContent(found.content, found.mime, found.name) if found else None

    def _untold(self, post: TelegramOutbox) -> list[str]:
        """Whose talk is erased without anybody having told them, for instance since a process died."""
        return take_untold(post.session, PREFIX, post.now, again=TELLING)

    def _forgotten(self) -> dict[str, Any]:
        return Reply((self._responses.notice("utter_forgotten", effect="erase"),)).to_dict()

    async def _part(self, conversation: str, reply: object, *, is_done: bool) -> None:
        """Say the last words; once they say that all is deleted, nobody owes them any more."""
        if await self._last_words(conversation, reply) and is_done:
            await self.post(lambda post: drop_told(post.session, conversation))

    async def _last_words(self, conversation: str, reply: object) -> bool:
        """Whether they are said, or nobody wants to hear them. They stand in no table; a few tries, and the next sweep
        of some process begins anew when they are owed."""
        chat = chat_of(conversation)
        for message in render(Reply.from_dict(reply), self._responses, lambda suggestion: suggestion.payload[:64]):
            for attempt in range(5):
                try:
                    await send(self._bot, chat, *await self._loaded(message))
                    break
                except MovedError as error:  # Where it went was deleted with the rest.
                    chat = error.chat
                except LaterError as error:
                    await asyncio.sleep(error.seconds or self._timing.pause * 2**attempt)
                except RefusedError:
                    return True
            else:
                return False
        return True


def token_of(conversation: str, suggestion: Suggestion) -> str:
    """The callback data of a button: the same button of the same chat has the same token, after a restart too."""
    meaning = f"{conversation}\n{suggestion.payload}\n{suggestion.title}"
    return hashlib.blake2b(meaning.encode(), digest_size=15).hexdigest()


def _keep(item: OutboxItem, number: int, post: TelegramOutbox) -> None:
    post.keep_piece(item, number)


def _refused(post: TelegramOutbox, item: OutboxItem) -> OutboxItem | None:
    post.block(item.conversation)
    return post.finish(item, state=REFUSED)


def _is_notice(item: OutboxItem) -> bool:
    parts = item.reply.get("parts") or ()
    return all(part.get("type") == Notice.kind for part in parts)
