"""Reads an update: what kind of message it is, whether it is meant for the bot, and under which id it is kept.

Ids come from Telegram's own (message, edit, album, query), so that an update that arrives twice is one message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, ChatMember, Message, MessageEntity, Update, User

from bot.delivery.telegram.store import chat_of, conversation_of

GONE = frozenset({ChatMember.BANNED, ChatMember.LEFT})
KINDS = {
    "sticker": "utter_telegram_sticker",
    "animation": "utter_telegram_sticker",
    "voice": "utter_telegram_voice",
    "audio": "utter_telegram_voice",
    "video_note": "utter_telegram_voice",
    "photo": "utter_telegram_photo",
    "video": "utter_telegram_photo",
    "document": "utter_telegram_document",
    "venue": "utter_telegram_location",
    "location": "utter_telegram_location",
    "contact": "utter_telegram_other",
    "poll": "utter_telegram_other",
    "dice": "utter_telegram_other",
    "story": "utter_telegram_other",
    "game": "utter_telegram_other",
    "invoice": "utter_telegram_other",
    "paid_media": "utter_telegram_other",
    "checklist": "utter_telegram_other",
}
# Chats with such numbers are supergroups or channels; see https://core.telegram.org/api/bots/ids.
LAST_GROUP = -1_000_000_000_000
LARGEST_NUMBER = 2**63
_KIND = re.compile(r"[a-z_]{1,40}")
_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_START_WITH = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Typed:
    """Words. `edits` is the id of the message that they replace; `start` is what a deep link carried."""

    conversation: str
    client_id: str
    text: str
    locale: str = ""
    edits: str = ""
    start: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Something that is no text; `key` names what is said to it."""

    conversation: str
    client_id: str
    kind: str
    key: str
    locale: str = ""


@dataclass(frozen=True)
class Pressed:
    """A button: its `token`, and the message that it stands below."""

    conversation: str
    client_id: str
    token: str
    message_id: int
    locale: str = ""


@dataclass(frozen=True)
class Membership:
    """The person let the bot in, or blocked it."""

    conversation: str
    is_blocked: bool


@dataclass(frozen=True)
class Moved:
    """The group of a conversation has become the supergroup `chat`."""

    conversation: str
    chat: int


Sent = Typed | Unreadable | Pressed
Reading = Sent | Membership | Moved


def read_update(update: Update, me: User) -> Reading | None:
    """What an update is; None when it is not for the bot to answer."""
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.my_chat_member:
        status = update.my_chat_member.new_chat_member.status
        return Membership(conversation_of(update.my_chat_member.chat.id), status in GONE)
    message = update.message or update.edited_message
    if message and (moved := _moved(message)):
        return moved
    if message is None or not _is_addressed(message, me):
        return None
    return _message(message, me, is_edit=update.edited_message is not None)


def is_numbered(data: Any) -> bool:
    """Whether JSON from Telegram is an update that can be told from others."""
    number = data.get("update_id") if isinstance(data, dict) else None
    return isinstance(number, int) and 0 <= number < LARGEST_NUMBER


def kind_of(data: Any) -> str:
    """What kind of update the JSON says it is, empty when it says nothing that could be a kind."""
    names = (name for name in data if name != "update_id" and _KIND.fullmatch(name)) if isinstance(data, dict) else ()
    return next(iter(names), "")


def excuse_for(data: Any) -> Unreadable | None:
    """What to tell whoever wrote a message that cannot be read; None where nobody waits for an answer."""
    match data:
        case {"message": {"chat": {"type": "private", "id": int(chat)}, "message_id": int(number)}}:
            return Unreadable(conversation_of(chat), f"m{number}", "message", "utter_telegram_other")
    return None


def is_supergroup(conversation: str) -> bool:
    """Whether a conversation's chat may have been a group before."""
    return chat_of(conversation) <= LAST_GROUP


def at_home(sent: Sent, home: str) -> Sent:
    """What came from a supergroup, in the conversation that it had as a group.

    A supergroup counts its messages anew, so that the same number means another message.
    """
    chat = chat_of(sent.conversation)
    client_id = f"{sent.client_id}@{chat}"
    if isinstance(sent, Typed) and sent.edits:
        return replace(sent, conversation=home, client_id=client_id, edits=f"{sent.edits}@{chat}")
    return replace(sent, conversation=home, client_id=client_id)


def edited_page(client_id: str) -> int | None:
    """The message that the answer to a pressed paging button takes the place of."""
    found = re.fullmatch(r"c[^~]+~(\d+)", client_id)
    return int(found[1]) if found else None


def _moved(message: Message) -> Moved | None:
    """Both chats say it: the group where it went, the supergroup where it came from."""
    if message.migrate_to_chat_id:
        return Moved(conversation_of(message.chat.id), message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Moved(conversation_of(message.migrate_from_chat_id), message.chat.id)
    return None


def _pressed(query: CallbackQuery) -> Pressed | None:
    if query.message is None or not query.data:
        return None
    chat, message_id = query.message.chat.id, query.message.message_id
    return Pressed(conversation_of(chat), f"c{query.id}", query.data, message_id, _language(query.from_user))


def _message(message: Message, me: User, *, is_edit: bool) -> Reading | None:
    conversation, locale = conversation_of(message.chat.id), _language(message.from_user)
    client_id = f"m{message.message_id}"
    text = message.text or message.caption
    if text:
        said, start = _words(text, me)
        if is_edit:
            edited = int((message.edit_date or message.date).timestamp())
            return Typed(conversation, f"{client_id}e{edited}", said, locale, edits=client_id)
        return Typed(conversation, client_id, said, locale, start=start)
    kind = next((name for name in KINDS if getattr(message, name, None)), None)
    if kind is None or is_edit:
        return None
    if message.media_group_id:
        client_id = f"g{message.media_group_id}"
    return Unreadable(conversation, client_id, kind, KINDS[kind], locale)


def _words(text: str, me: User) -> tuple[str, str]:
    """The words without the bot's name; a command's own words count more than the command."""
    command = _COMMAND.fullmatch(text.strip())
    if not command:
        return re.sub(rf"@{re.escape(me.username or '')}\b", " ", text, flags=re.IGNORECASE).strip(), ""
    name, rest = command[1].lower(), (command[3] or "").strip()
    if name == "start":
        return "/start", rest if _START_WITH.fullmatch(rest) else ""
    return rest or f"/{name}", ""


def _is_addressed(message: Message, me: User) -> bool:
    """In a group the bot answers only when it is mentioned or replied to."""
    if message.from_user is None or message.from_user.is_bot or message.sender_chat:
        return False
    if message.chat.type == "private":
        return True
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == me.id:
        return True
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    return any(_names(entity, words, me) for entity, words in entities.items())


def _names(entity: MessageEntity, words: str, me: User) -> bool:
    name = f"@{me.username}".lower()
    if entity.type == MessageEntity.MENTION:
        return words.lower() == name
    if entity.type == MessageEntity.BOT_COMMAND:
        return words.lower().endswith(name)
    return entity.user is not None and entity.user.id == me.id


def _language(user: User | None) -> str:
    return (user.language_code or "")[:20] if user else ""
