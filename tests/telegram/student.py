"""Somebody with a phone, for tests that talk to the real engine over the strict Bot API."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.fake_telegram.server import FakeTelegram
from tests.running_app import wait_until

STUDENT = 4711


class Student:
    """Somebody with a phone."""

    def __init__(self, api: FakeTelegram, chat: int = STUDENT) -> None:
        self.api = api
        self.chat = chat
        self.marks: list[int] = []

    def says(self, text: str) -> str:
        return self._answer(lambda: self.api.say(self.chat, text))

    def presses(self, title: str, *, last: str = "") -> str:
        """What a press leads to; `last` are words of its last message, where it changes one and then sends another."""
        return self._answer(lambda: self.api.press(self.chat, title), last)

    def _answer(self, act: Callable[[], object], last: str = "") -> str:
        """All that the bot says, until it has been silent for a moment."""
        before = self._seen()
        act()
        wait_until(lambda: self._seen() != before and any(last in text for text in self._seen()))
        quiet = self._seen()
        while True:
            time.sleep(1.0)
            if self._seen() == quiet:
                break
            quiet = self._seen()
        new = [text for text, known in zip(quiet, [*before, *[None] * len(quiet)], strict=False) if text != known]
        return "\n".join(new)

    def _seen(self) -> list[str]:
        return self.api.texts(self.chat)

    def mark(self) -> None:
        """A new phone in the documentation begins here."""
        self.marks.append(max(self.api._chats[self.chat], default=0))

    @property
    def buttons(self) -> list[str]:
        rows = (self.api.chat(self.chat)[-1].get("reply_markup") or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]
