"""Telegram, from the first call to the last: fetches updates, has them answered, and stops without losing any."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import BotCommand, CallbackQuery, InlineKeyboardMarkup, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot.bootstrap import Container
from bot.delivery.arrivals import Taken
from bot.delivery.commands import COMMANDS
from bot.delivery.service import Delivery
from bot.delivery.telegram.store import ShownButton
from bot.reply.responses import Responses
from bot.telegram.connection import WRONG_TOKEN, Connection, reason
from bot.telegram.outbox_sender import OutboxSender, Timing
from bot.telegram.polling import UPDATES, Poller, UpdatesRequest
from bot.telegram.rate_limit import Limiter
from bot.telegram.receiving import Receiver, is_paging
from bot.telegram.rich_text import LIMIT, bold, length, to_html
from bot.telegram.update_queue import Arrived, UpdateQueue

log = structlog.get_logger(__name__)
POLLING, WEBHOOK = "polling", "webhook"
TYPING_AFTER, TYPING_EVERY = 0.5, 4.5
AT_ONCE = 32
HANDLERS = 4_096
CONNECTIONS, POOL_SECONDS = 24, 20.0
STOP_SECONDS = 5.0
STOPPED = "The Telegram channel has ended by an error; the log says which. Restart the application."
SecretPair = tuple[str, str]


class Gateway:
    """The Telegram channel of this process. `run` it as a task; cancel the task to stop."""

    def __init__(
        self, container: Container, delivery: Delivery, responses: Responses, *, timing: Timing | None = None
    ) -> None:
        settings = container.settings
        self._settings = settings
        self._delivery = delivery
        self._responses = responses
        self._timing = timing = timing or Timing()
        self._owner = settings.instance
        self._receiver = Receiver(delivery, container.database, responses)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self._trouble = ""
        self.connection = Connection(pause=timing.pause, longest_pause=timing.longest_pause, alarm=timing.alarm)
        self.application = self._build(timing)
        self.queue = UpdateQueue(self.application.bot, self._receiver, self.application.update_queue.put)
        self.poller = Poller(self.application.bot, self.connection, self.queue.take)
        self.outbox_sender = OutboxSender(
            self.application.bot, container.database, responses, notifier=delivery.notifier, timing=timing
        )
        self.is_ready = False

    @property
    def secrets(self) -> SecretPair:
        """The secret part of the webhook's path, and the token that Telegram sends in the header."""
        key = self._settings.signing_key().encode()
        path, header = (
            hmac.new(key, name, hashlib.sha256).hexdigest() for name in (b"telegram path", b"telegram header")
        )
        return path[:32], header

    @property
    def mode(self) -> str:
        """polling or webhook."""
        return self._settings.telegram_mode

    @property
    def trouble(self) -> str:
        """Why nobody has been served on Telegram for long, or will be; empty when all is well."""
        return self._trouble or self.connection.trouble

    async def run(self) -> None:
        """Serve until cancelled. Telegram out of reach is waited for; a wrong token ends the channel with a word."""
        try:
            await self._serve()
        except InvalidToken:
            self._trouble = WRONG_TOKEN
            log.error("telegram is off", advice=WRONG_TOKEN)
        except Exception:
            self._trouble = STOPPED
            log.exception("telegram is off", advice=STOPPED)
        finally:
            self.is_ready = False
            await asyncio.shield(self._stop())

    async def receive(self, data: object) -> None:
        """What Telegram sent by webhook; it is stored when this returns, or noted when it cannot be read."""
        await self.queue.take(data)

    async def _serve(self) -> None:
        await self.connection.until_it_works(self.application.initialize)
        self._receiver.me = self.application.bot.bot
        await self.outbox_sender.post(lambda post: post.name_bot(self.application.bot.username))
        await self.application.start()
        await self.connection.until_it_works(self._choose_way)
        self.is_ready = True
        async with asyncio.TaskGroup() as group:
            group.create_task(self._present())
            group.create_task(self.outbox_sender.run())
            if self.mode == POLLING:
                group.create_task(self._poll())

    async def _poll(self) -> None:
        """Fetch while this application has the lease on it; of several over one database, one does."""
        while True:
            asked = time.monotonic()
            if await self._may_poll():
                await self._poll_until(asked + self._timing.lease)
            await asyncio.sleep(self._timing.sweep)

    async def _poll_until(self, end: float) -> None:
        """Fetch until the lease ends (monotonic seconds), which is lengthened as long as that works."""
        polling = asyncio.create_task(self.poller.run())
        try:
            while time.monotonic() < end:
                await asyncio.wait({polling}, timeout=self._timing.sweep)
                if polling.done():
                    polling.result()
                asked = time.monotonic()
                if await self._may_poll():
                    end = asked + self._timing.lease
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    async def _may_poll(self) -> bool:
        lease = timedelta(seconds=self._timing.lease)
        try:
            return await self.outbox_sender.post(lambda post: post.hold_polling(self._owner, lease=lease))
        except SQLAlchemyError as error:
            log.warning("who fetches updates is not known", error=type(error).__name__)
            return False

    def _build(self, timing: Timing) -> Application[Any, Any, Any, Any, Any, Any]:
        settings = self._settings
        base = settings.telegram_api_base.rstrip("/")
        builder = ApplicationBuilder().token(settings.telegram_token)
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
        application = (
            builder.rate_limiter(Limiter())
            .updater(None)
            .concurrent_updates(HANDLERS)
            .connection_pool_size(CONNECTIONS)  # Each idle one is looked at in every call.
            .pool_timeout(POOL_SECONDS)
            .read_timeout(timing.patience)
            # The last call confirms while the one before it is being ended.
            .get_updates_request(UpdatesRequest(connection_pool_size=2))
            .job_queue(None)
            .build()
        )
        application.add_handler(TypeHandler(Arrived, self._handle))
        application.add_error_handler(_log_error)
        return application

    async def _choose_way(self) -> None:
        """Telegram brings updates to a webhook, or keeps them until they are fetched."""
        bot = self.application.bot
        if self.mode == POLLING:
            await bot.delete_webhook(drop_pending_updates=False)
            return
        path, header = self.secrets
        url = f"{self._settings.base_url}/telegram/{path}"
        await bot.set_webhook(url, secret_token=header, allowed_updates=UPDATES, drop_pending_updates=False)

    async def _present(self) -> None:
        """The menu of commands; cosmetic, so that a failure is only noted."""
        menu = [BotCommand(name, self._responses.text(item.title)) for name, item in COMMANDS.items() if item.title]
        try:
            await self.application.bot.set_my_commands(menu)
        except TelegramError as error:
            log.warning("the menu could not be set", detail=reason(error))

    async def _handle(self, arrived: Arrived, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a stored message: at once to the press, then by the engine; the outbox_sender sends the words."""
        stored, query, chat = arrived.stored, arrived.update.callback_query, arrived.update.effective_chat
        if query:
            await _quietly(query.answer())
            if stored and stored.button:
                await settle_question(query, stored.button)
        if stored and chat and stored.taken.message.status == "pending":
            await self._answer(stored.taken, chat.id)

    async def _answer(self, taken: Taken, chat: int) -> None:
        lock = self._locks.setdefault(taken.message.conversation, asyncio.Lock())
        async with lock, self._at_once:
            if self._stopping.is_set():
                return
            typing = asyncio.create_task(self._type(chat))
            answering = asyncio.create_task(self._delivery.answer(taken))
            stopping = asyncio.create_task(self._stopping.wait())
            try:
                await asyncio.wait({answering, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (typing, stopping, answering):
                    task.cancel()
            await _finished(answering)

    async def _type(self, chat: int) -> None:
        """ "typing ..." as long as the answer takes."""
        await asyncio.sleep(TYPING_AFTER)
        while True:
            await _quietly(self.application.bot.send_chat_action(chat, ChatAction.TYPING))
            await asyncio.sleep(TYPING_EVERY)

    async def _stop(self) -> None:
        """First no more updates, then the turns, then the sending; whatever is open stands in the database."""
        self._stopping.set()
        application = self.application
        with contextlib.suppress(TimeoutError, TelegramError, RuntimeError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.poller.confirm()
                if application.running:
                    await application.stop()
        await self.outbox_sender.stop()
        with contextlib.suppress(SQLAlchemyError):  # Else the lease ends by itself.
            await self.outbox_sender.post(lambda post: post.end_polling(self._owner))
        with contextlib.suppress(TimeoutError, TelegramError, RuntimeError):
            async with asyncio.timeout(STOP_SECONDS):
                await application.shutdown()


async def settle_question(query: CallbackQuery, button: ShownButton) -> None:
    """Shows the choice in the question that it answers and takes the buttons away, so that nobody taps twice."""
    message = query.message
    if not isinstance(message, Message) or is_paging(button) or not _asks(message, button):
        return
    if message.text is None:
        await _quietly(query.edit_message_reply_markup(InlineKeyboardMarkup([])))
        return
    chosen = to_html(bold(f"✓ {button.title}"))
    html = f"{message.text_html}\n\n{chosen}"
    if length(html) <= LIMIT:
        await _quietly(query.edit_message_text(html, parse_mode=ParseMode.HTML))


def _asks(message: Message, button: ShownButton) -> bool:
    words = (message.text or message.caption or "").rstrip()
    return words.endswith("?") or button.payload.startswith("/set_reminder")


async def _quietly(call: Coroutine[Any, Any, Any]) -> None:
    """A call whose failure costs nothing but polish: a query too old, a message not modified."""
    try:
        await call
    except TelegramError as error:
        log.debug("telegram refused polish", detail=reason(error))


async def _finished(task: asyncio.Task[Any]) -> None:
    """The end of a task that may have been cancelled; its errors are logged, since the message stays pending."""
    try:
        await task
    except asyncio.CancelledError:
        pass
    except Exception:
        log.exception("a message stays pending")


async def _log_error(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("handling an update failed", exc_info=context.error)
