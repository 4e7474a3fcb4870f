"""Sends one message of a reply over the Bot API, and says what to make of each failure.

SendingError
├── LaterError     the API is not to be reached, or asks for patience: the same again after `seconds`
├── RefusedError   the person has blocked the bot, or the chat is gone: never again
└── MovedError     the group has become a supergroup: the same again to `chat`
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from io import StringIO

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.telegram.connection import reason, wanted_pause
from bot.telegram.render import Keyboard, Outgoing
from bot.telegram.rich_text import CAPTION_LIMIT, LIMIT

log = structlog.get_logger(__name__)
PICTURES = frozenset({"image/png", "image/jpeg"})
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class SendingError(Exception):
    """A message that did not go out."""


class LaterError(SendingError):
    """Not now; `seconds` is how long to wait, 0 when the API did not say."""

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.seconds = seconds


class RefusedError(SendingError):
    """The chat takes nothing more."""


class MovedError(SendingError):
    """The chat has another number now."""

    def __init__(self, chat: int) -> None:
        super().__init__("the group has become a supergroup")
        self.chat = chat


@dataclass(frozen=True)
class FileContent:
    """A file of ours, ready to be sent."""

    data: bytes
    mime: str
    name: str


async def send(bot: Bot, chat: int, message: Outgoing, content: FileContent | None) -> int:
    """Send one message; returns its id. What the API cannot take is sent as plain words.

    Raises:
        SendingError: see above.
    """
    try:
        return await _send(bot, chat, message, content)
    except BadRequest as error:
        if _is_gone(error):
            raise RefusedError(reason(error)) from error
        log.error("telegram refused a message", method=message.method, detail=reason(error))
        return await _send_plainly(bot, chat, message)
    except TelegramError as error:
        raise _as_ours(error) from error


async def edit(bot: Bot, chat: int, message_id: int, message: Outgoing) -> int | None:
    """Put a message in the place of another; None when that one cannot be changed any more.

    Raises:
        SendingError: see above.
    """
    try:
        await bot.edit_message_text(
            message.html,
            chat_id=chat,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=markup(message.keyboard),
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        return message_id if "not modified" in str(error).lower() else None
    except TelegramError as error:
        raise _as_ours(error) from error
    return message_id


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """The keyboard as the API wants it."""
    rows = [[_button(button) for button in row] for row in keyboard]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: dict[str, str]) -> InlineKeyboardButton:
    return InlineKeyboardButton(button["text"], url=button.get("url"), callback_data=button.get("callback_data"))


async def _send(bot: Bot, chat: int, message: Outgoing, content: FileContent | None) -> int:
    keyboard = markup(message.keyboard)
    if content is None:
        sent = await bot.send_message(
            chat, message.html, parse_mode=ParseMode.HTML, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
        )
        return sent.message_id
    caption = message.html or None
    if message.method == "sendPhoto" and content.mime in PICTURES:
        sent = await bot.send_photo(
            chat,
            InputFile(content.data, content.name),
            caption=caption,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard,
        )
        return sent.message_id
    sent = await bot.send_document(
        chat,
        InputFile(content.data, message.name or content.name),
        caption=caption,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard,
    )
    return sent.message_id


async def _send_plainly(bot: Bot, chat: int, message: Outgoing) -> int:
    words = plain_words(message.html)[:LIMIT]
    try:
        return (await bot.send_message(chat, words, link_preview_options=_NO_PREVIEW)).message_id
    except BadRequest as error:
        raise RefusedError(reason(error)) from error
    except TelegramError as error:
        raise _as_ours(error) from error


def plain_words(html: str) -> str:
    """HTML of ours without its tags."""
    words = StringIO()
    parser = HTMLParser(convert_charrefs=True)
    parser.handle_data = words.write  # type: ignore[assignment, method-assign]
    parser.feed(html)
    parser.close()
    return words.getvalue()


def _as_ours(error: TelegramError) -> SendingError:
    if isinstance(error, Forbidden):
        return RefusedError(reason(error))
    if isinstance(error, ChatMigrated):
        return MovedError(error.new_chat_id)
    return LaterError(type(error).__name__, wanted_pause(error))


def _is_gone(error: BadRequest) -> bool:
    return any(words in str(error).lower() for words in ("chat not found", "user is deactivated", "peer_id_invalid"))


__all__ = [
    "CAPTION_LIMIT",
    "FileContent",
    "LaterError",
    "MovedError",
    "RefusedError",
    "SendingError",
    "edit",
    "markup",
    "send",
]
