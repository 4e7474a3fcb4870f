"""Telegram, from the first call to the last: fetches updates, has them answered, and stops without losing any."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from weakref import WeakValueDictionary

import structlog
from telegram import BotCommand, CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot.bootstrap import Container
from bot.delivery.arrivals import Taken
from bot.delivery.commands import COMMANDS
from bot.delivery.service import Delivery
from bot.delivery.telegram.store import ShownButton
from bot.reply.responses import Responses
from bot.telegram.outbox_sender import OutboxSender, Timing
from bot.telegram.rate_limit import Limiter
from bot.telegram.receiving import Receiver, Stored, is_paging
from bot.telegram.rich_text import LIMIT, bold, length, to_html
from bot.telegram.update_queue import StoringQueue
from bot.telegram.updates import chat_of

log = structlog.get_logger(__name__)
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POLLING, WEBHOOK = "polling", "webhook"
TYPING_AFTER, TYPING_EVERY = 0.5, 4.5
AT_ONCE = 32
HANDLERS = 4_096
CONNECTIONS, POOL_SECONDS = 24, 20.0
STOP_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
CONFLICT = (
    "Telegram says that another process fetches this bot's messages (409 Conflict). Stop the other one, or give this "
    "one a token of its own; until then only one of the two gets each message."
)
WRONG_TOKEN = "Telegram does not know this TELEGRAM_TOKEN. Copy it again from @BotFather; the website works without it."
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
        self._intake = Receiver(delivery, container.database, responses)
        self._stored: dict[int, Stored | None] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self.queue = StoringQueue(self._store)
        self.application = self._build(timing or Timing())
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

    async def run(self) -> None:
        """Serve until cancelled. Telegram out of reach is waited for; a wrong token ends the channel with a word."""
        try:
            await self._until_it_works(self.application.initialize)
            self._intake.me = self.application.bot.bot
            await self.outbox_sender.post(lambda post: post.name_bot(self.application.bot.username))
            await self.application.start()
            await self._fetch()
            self.is_ready = True
            async with asyncio.TaskGroup() as group:
                group.create_task(self._present())
                group.create_task(self.outbox_sender.run())
        except InvalidToken:
            log.error("telegram is off", advice=WRONG_TOKEN)
        finally:
            self.is_ready = False
            await asyncio.shield(self._stop())

    async def receive(self, data: dict[str, Any]) -> None:
        """An update that came by webhook; it is stored when this returns."""
        update = Update.de_json(data, self.application.bot)
        await self.queue.put(update)

    def _build(self, timing: Timing) -> Application[Any, Any, Any, Any, Any, Any]:
        settings = self._settings
        base = settings.telegram_api_base.rstrip("/")
        builder = ApplicationBuilder().token(settings.telegram_token)
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
        application = (
            builder.rate_limiter(Limiter())
            .update_queue(self.queue)
            .concurrent_updates(HANDLERS)
            .connection_pool_size(CONNECTIONS)  # Each idle one is looked at in every call.
            .pool_timeout(POOL_SECONDS)
            .read_timeout(timing.patience)
            .get_updates_connection_pool_size(2)  # The last call confirms while the one before it is being ended.
            .job_queue(None)
            .build()
        )
        application.add_handler(TypeHandler(Update, self._handle))
        application.add_error_handler(_log_error)
        return application

    async def _until_it_works(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Does `work` again and again, as long as only the network is in the way."""
        pause = FIRST_PAUSE
        while True:
            try:
                await work()
                return
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("telegram does not answer", detail=str(error), again_in_seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _fetch(self) -> None:
        updater = self.application.updater
        assert updater is not None
        if self._settings.telegram_mode == POLLING:
            await updater.start_polling(
                bootstrap_retries=-1,
                drop_pending_updates=False,
                allowed_updates=UPDATES,
                error_callback=_log_polling_error,
                timeout=20,
            )
            return
        path, header = self.secrets
        url = f"{self._settings.base_url}/telegram/{path}"
        await self._until_it_works(
            lambda: self.application.bot.set_webhook(
                url, secret_token=header, allowed_updates=UPDATES, drop_pending_updates=False
            )
        )

    async def _present(self) -> None:
        """The menu of commands; cosmetic, so that a failure is only noted."""
        menu = [BotCommand(name, self._responses.text(item.title)) for name, item in COMMANDS.items() if item.title]
        try:
            await self.application.bot.set_my_commands(menu)
        except TelegramError as error:
            log.warning("the menu could not be set", detail=str(error))

    async def _store(self, update: Update) -> None:
        self._stored[update.update_id] = await self._intake.store(update)

    async def _handle(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a stored message: at once to the press, then by the engine; the outbox_sender sends the words."""
        stored = self._stored.pop(update.update_id, None)
        query = update.callback_query
        if query:
            await _quietly(query.answer())
            if stored and stored.button:
                await settle_question(query, stored.button)
        if stored and stored.taken.message.status == "pending":
            await self._answer(stored.taken)

    async def _answer(self, taken: Taken) -> None:
        conversation = taken.message.conversation
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock, self._at_once:
            if self._stopping.is_set():
                return
            typing = asyncio.create_task(self._type(chat_of(conversation)))
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
                if application.updater and application.updater.running:
                    await application.updater.stop()
                if application.running:
                    await application.stop()
        await self.outbox_sender.stop()
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
        log.debug("telegram refused polish", detail=str(error))


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


def _log_polling_error(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("telegram conflict", advice=CONFLICT)
    else:
        log.warning("telegram does not answer", error=type(error).__name__)
