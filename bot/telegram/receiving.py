"""Puts what came from Telegram into the inbox: words, pressed buttons, deep links, and what cannot be read."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import Update, User

from bot.db.base import Database
from bot.delivery.arrivals import Arrival, Taken
from bot.delivery.intake import read_text
from bot.delivery.service import Delivery
from bot.delivery.telegram.store import ShownButton, TelegramOutbox
from bot.reminders.store import drop_reminders
from bot.reply.responses import Responses
from bot.telegram.updates import Membership, Pressed, Typed, Unreadable, read_update

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
    """Stores updates. `me` is the bot itself and set before the first update comes."""

    me: User

    def __init__(self, delivery: Delivery, database: Database, responses: Responses) -> None:
        self._delivery = delivery
        self._database = database
        self._responses = responses

    async def store(self, update: Update) -> Stored | None:
        """Keep what an update says; None when there is nothing to answer."""
        match read_update(update, self.me):
            case Typed() as said:
                return await self._typed(said)
            case Pressed() as pressed:
                return await self._pressed(pressed)
            case Unreadable() as sent:
                reply = self._responses.reply(sent.key)
                arrival = Arrival(sent.client_id, text=f"[{sent.kind}]", reply=reply, locale=sent.locale)
                return Stored(await self._delivery.take(sent.conversation, arrival))
            case Membership() as member:
                await asyncio.to_thread(self._membership, member)
        return None

    async def _typed(self, said: Typed) -> Stored | None:
        if said.edits and await self._is_the_same(said):
            return None
        arrival = Arrival(said.client_id, text=said.text, locale=said.locale)
        if said.start and (button := self._deep_link(said.start)):
            arrival = Arrival(said.client_id, payload=button.payload, title=button.title, locale=said.locale)
        return Stored(await self._delivery.take(said.conversation, arrival))

    async def _is_the_same(self, said: Typed) -> bool:
        """An edit that changes no words, such as a link preview."""
        known = await self._delivery.ask_mailbox(lambda box: box.find(said.conversation, said.edits))
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
        with self._database.unit() as session:
            TelegramOutbox(session, datetime.now(UTC)).block(member.conversation, is_blocked=member.is_blocked)
            if member.is_blocked:
                drop_reminders(session, member.conversation)


def is_paging(button: ShownButton) -> bool:
    """Whether a button turns a page."""
    return bool(_PAGING.match(button.payload))
