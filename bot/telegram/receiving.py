"""Puts what came from Telegram into the inbox: words, pressed buttons, deep links, and what is no text."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import User

from bot.db.base import Database
from bot.delivery.arrivals import Arrival, Taken
from bot.delivery.intake import read_text
from bot.delivery.service import Delivery
from bot.delivery.telegram.store import ShownButton, TelegramOutbox, chat_of, keep_unread
from bot.reminders.store import drop_reminders
from bot.reply.responses import Responses
from bot.telegram.updates import Membership, Moved, Pressed, Reading, Sent, Typed, Unreadable, at_home, is_supergroup

TITLES = "utter_titles"
LINK_START = "link-"
# A button that turns a page: its answer takes the place of the page.
_PAGING = re.compile(r'/\w+\{.*"page"')
_SLUG = re.compile(r"[a-z0-9-]{3,64}")


@dataclass(frozen=True)
class Stored:
    """A message in the inbox; `button` is what was pressed for it."""

    taken: Taken
    button: ShownButton | None = None


class Receiver:
    """Stores what updates say. `me` is the bot itself and set before the first update comes."""

    me: User

    def __init__(self, delivery: Delivery, database: Database, responses: Responses) -> None:
        self._delivery = delivery
        self._database = database
        self._responses = responses

    async def store(self, reading: Reading) -> Stored | None:
        """Keep what an update says; None when there is nothing to answer."""
        match reading:
            case Membership():
                await asyncio.to_thread(self._membership, reading)
                return None
            case Moved():
                await asyncio.to_thread(self._move, reading)
                return None
        if is_supergroup(reading.conversation) and (home := await asyncio.to_thread(self._home_of, reading)):
            reading = at_home(reading, home)
        match reading:
            case Typed():
                return await self._typed(reading)
            case Pressed():
                return await self._pressed(reading)
            case Unreadable():
                return await self._unreadable(reading)

    async def keep_unread(self, number: int | None, *, kind: str, error: str) -> None:
        """Note an update that cannot be read."""
        await asyncio.to_thread(self._keep_unread, number, kind=kind, error=error)

    async def _unreadable(self, sent: Unreadable) -> Stored:
        reply = self._responses.reply(sent.key)
        arrival = Arrival(sent.client_id, text=f"[{sent.kind}]", reply=reply, locale=sent.locale)
        return Stored(await self._delivery.take(sent.conversation, arrival))

    async def _typed(self, said: Typed) -> Stored | None:
        if said.edits and await self._is_the_same(said):
            return None
        arrival = Arrival(said.client_id, text=said.text, locale=said.locale)
        if said.start and (button := self._deep_link(said.start)):
            arrival = Arrival(said.client_id, payload=button.payload, title=button.title, locale=said.locale)
        return Stored(await self._delivery.take(said.conversation, arrival))

    async def _is_the_same(self, said: Typed) -> bool:
        """An edit that changes no words, such as a link preview."""
        known = await self._delivery.read_store(lambda messages: messages.find(said.conversation, said.edits))
        return known is not None and known.text == read_text(said.text).text

    async def _pressed(self, pressed: Pressed) -> Stored:
        button = await asyncio.to_thread(self._button, pressed)
        if button is None:
            reply = self._responses.reply("utter_telegram_button_old")
            arrival = Arrival(pressed.client_id, text="[button]", reply=reply, locale=pressed.locale)
            return Stored(await self._delivery.take(pressed.conversation, arrival))
        client_id = f"{pressed.client_id}~{pressed.message_id}" if is_paging(button) else pressed.client_id
        arrival = Arrival(client_id, payload=button.payload, title=button.title, locale=pressed.locale)
        return Stored(await self._delivery.take(pressed.conversation, arrival), button)

    def _button(self, pressed: Pressed) -> ShownButton | None:
        with self._database.unit() as session:
            return TelegramOutbox(session, datetime.now(UTC)).button(pressed.conversation, pressed.token)

    def _deep_link(self, start: str) -> ShownButton | None:
        """What `t.me/<bot>?start=...` stands for: a link code, a topic, or a program."""
        if start.startswith(LINK_START):
            return ShownButton(f'/set_reminder{{"reminder": "{start}"}}', "/start")
        topics = {item.payload: item.title for item in self._responses.buttons(TITLES)}
        for payload in (f"/{start}", f"/faq_{start}"):
            if payload in topics:
                return ShownButton(payload, topics[payload])
        return ShownButton(f'/ask_program{{"program": "{start}"}}', start) if _SLUG.fullmatch(start) else None

    def _membership(self, member: Membership) -> None:
        """The group that a supergroup was says good-bye too; that means nothing."""
        with self._database.unit() as session:
            post = TelegramOutbox(session, datetime.now(UTC))
            if post.has_moved(member.conversation):
                return
            conversation = post.home_of(chat_of(member.conversation)) or member.conversation
            post.block(conversation, is_blocked=member.is_blocked)
            if member.is_blocked:
                drop_reminders(session, conversation)

    def _move(self, moved: Moved) -> None:
        with self._database.unit() as session:
            TelegramOutbox(session, datetime.now(UTC)).move(moved.conversation, moved.chat)

    def _home_of(self, sent: Sent) -> str | None:
        with self._database.unit() as session:
            return TelegramOutbox(session, datetime.now(UTC)).home_of(chat_of(sent.conversation))

    def _keep_unread(self, number: int | None, *, kind: str, error: str) -> None:
        with self._database.unit() as session:
            keep_unread(session, number, kind=kind, error=error, now=datetime.now(UTC))


def is_paging(button: ShownButton) -> bool:
    """Whether a button turns a page."""
    return bool(_PAGING.match(button.payload))
