"""A Bot API on this machine: as strict as the real one, with faults to order, and a phone to look at.

Tests talk to it as people do (`say`, `press`), look at each chat as its member sees it (`chat`), and find every breach
of the official schema in `violations`. It works by long poll and by webhook.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

import httpx

from tests.fake_telegram import checks
from tests.fake_telegram.checks import BadRequestError, ViolationError
from tests.fake_telegram.methods import ApiError, Methods
from tests.fake_telegram.people import BOT, TOKEN, chat_of, entities_of, person
from tests.fake_telegram.wire import serve

__all__ = ["BOT", "TOKEN", "FakeTelegram"]


@dataclass
class Call:
    """One request: its method, its parameters and when it came (monotonic seconds)."""

    method: str
    params: dict[str, Any]
    at: float
    status: int = 200


@dataclass
class Fault:
    """What a request meets instead of an answer. `after` does the work first and then loses the answer; `answer` is
    the body of a 200 that no Bot API would give."""

    status: int = 500
    answer: object = None
    times: int = 1
    retry_after: int = 0
    hang: float = 0.0
    after: bool = False
    fits: Callable[[dict[str, Any]], bool] = field(default=lambda _params: True)


class NonsenseError(Exception):
    """A 200 whose body says nothing that the API could say."""

    def __init__(self, answer: object) -> None:
        super().__init__("nonsense")
        self.answer = answer


class FakeTelegram(Methods):
    """The API and its chats. `start` it, give its `url` to the bot, `stop` it."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.url = f"http://127.0.0.1:{port}"
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.refusals: list[str] = []
        self._port = port
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._server: ThreadingHTTPServer | None = None

    # The server

    def start(self) -> None:
        self._server = serve(self._port, token=TOKEN, handle=self.handle)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            with self._lock:
                self._pollers += 1
                self._lock.notify_all()
            self._server.shutdown()
            self._server.server_close()

    def fail(self, method: str, **fault: Any) -> None:
        """Orders a fault for the next calls of a method."""
        self._faults[method].append(Fault(**fault))

    # What people do

    def say(self, chat: int, text: str, **more: Any) -> int:
        """A message; returns its id. Commands and mentions get their entities."""
        return self.message(chat, text=text, entities=entities_of(text), **more)

    def message(self, chat: int, *, kind: str = "message", **fields: Any) -> int:
        """A message of any kind (`sticker={...}`), or an edited one (`kind="edited_message"`, `message_id`)."""
        number = self._message(chat, kind, {"from": person(chat), **fields})[kind]["message_id"]
        return int(number)

    def _message(self, chat: int, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            number = fields.pop("message_id", None) or self._next_message(chat)
        sent = {"message_id": number, "date": int(time.time()), "chat": chat_of(chat), **fields}
        self._chats[chat][number] = sent
        return self.update(**{kind: {name: value for name, value in sent.items() if value is not None}})

    def press(self, chat: int, title: str) -> str:
        """Presses the newest button with this title; returns the id of the query."""
        message, button = next(
            (message, button)
            for message in reversed(self.chat(chat))
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", [])
            for button in row
            if title in button["text"] and "callback_data" in button
        )
        return self.press_data(chat, message, button["callback_data"])

    def press_data(self, chat: int, message: dict[str, Any], data: str) -> str:
        """A query with any data."""
        with self._lock:
            query = f"q{self._next('query')}"
        self._queries[query] = time.monotonic()
        self.update(
            callback_query={
                "id": query,
                "from": person(chat),
                "chat_instance": "1",
                "data": data,
                "message": message,
            }
        )
        return query

    def block(self, chat: int, *, is_blocked: bool = True) -> None:
        """The person blocks the bot, or lets it in again."""
        (self.blocked.add if is_blocked else self.blocked.discard)(chat)
        status = ({"status": "kicked", "until_date": 0}, {"status": "member"})
        old, new = status[::-1] if is_blocked else status
        self.update(
            my_chat_member={
                "chat": chat_of(chat),
                "from": person(chat),
                "date": int(time.time()),
                "old_chat_member": {"user": BOT, **old},
                "new_chat_member": {"user": BOT, **new},
            }
        )

    def say_unreadably(self, chat: int, text: str) -> dict[str, Any]:
        """A message that breaks the official schema: its sender has no name, which clients rely on."""
        sent = {"from": {"id": abs(chat), "is_bot": False}, "text": text}
        return self._message(chat, "message", sent)

    def upgrade(self, group: int, supergroup: int, *, is_told: bool = True) -> None:
        """A group becomes a supergroup: its old number is dead. Both chats say so, unless nobody `is_told`."""
        self.moved[group] = supergroup
        if is_told:
            self.message(group, migrate_to_chat_id=supergroup)
            self.message(supergroup, migrate_from_chat_id=group)
        else:
            self._chats.setdefault(supergroup, {})

    def update(self, **content: Any) -> dict[str, Any]:
        """Any update; it waits until the bot fetches it, or goes to the webhook."""
        with self._lock:
            update = {"update_id": self._next("update"), **content}
            self._updates.append(update)
            self._lock.notify_all()
        return update

    def again(self, update: dict[str, Any]) -> None:
        """Delivers an update a second time."""
        with self._lock:
            self._updates.append(update)
            self._lock.notify_all()

    # What people see

    def chat(self, chat: int) -> list[dict[str, Any]]:
        """The bot's messages in a chat, as they look now."""
        return [dict(item) for item in list(self._chats[chat].values()) if item["from"]["is_bot"]]

    def texts(self, chat: int) -> list[str]:
        """The words of the bot's messages."""
        return [item.get("text") or item.get("caption") or "" for item in self.chat(chat)]

    def answered(self, chat: int) -> list[float]:
        """When the bot's messages came (monotonic seconds)."""
        return self._posted[chat]

    def called(self, method: str) -> list[Call]:
        return [call for call in list(self.calls) if call.method == method]

    def expect_refusals(self) -> list[str]:
        """What was refused so far, for a test that wants just that; what comes later is unexpected again."""
        seen, self.refusals[:] = list(self.refusals), []
        return seen

    @property
    def waiting(self) -> int:
        """Updates that the bot has not confirmed."""
        return len(self._updates)

    def deliver_to_webhook(self, *, secret: str | None = None) -> int:
        """Posts the oldest waiting update as Telegram does; it stays waiting unless the answer is 2xx."""
        update = self._updates[0]
        headers = {
            "X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "") if secret is None else secret
        }
        status = httpx.post(self.webhook["url"], json=update, headers=headers, timeout=60).status_code
        if 200 <= status < 300:
            self._updates.remove(update)
        return status

    # The API

    def handle(self, method: str, raw: dict[str, Any]) -> tuple[int, Any]:
        """One call; the status and the JSON of its answer."""
        came = time.monotonic()
        try:
            params = checks.read_request(method, raw)
        except ViolationError as problem:
            self.violations.append(str(problem))
            return 400, {"ok": False, "error_code": 400, "description": f"Bad Request: {problem}"}
        call = Call(method, params, came)
        self.calls.append(call)
        try:
            with self._faulty(method, params):
                result = getattr(self, f"_{method}", self._accept)(params)
            return 200, {"ok": True, "result": result}
        except ViolationError as problem:
            self.violations.append(str(problem))
            error = ApiError(400, f"Bad Request: {problem}")
        except NonsenseError as nonsense:
            return 200, nonsense.answer
        except BadRequestError as problem:
            self.refusals.append(f"{method}: {problem}")
            error = ApiError(400, str(problem))
        except ApiError as problem:
            error = problem
        call.status = error.status
        answer: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
        return error.status, answer | ({"parameters": error.parameters} if error.parameters else {})

    @contextmanager
    def _faulty(self, method: str, params: dict[str, Any]) -> Iterator[None]:
        with self._lock:
            fault = next((item for item in self._faults[method] if item.times > 0 and item.fits(params)), None)
            if fault:
                fault.times -= 1
        if fault and not fault.after:
            self._meet(fault)
        yield
        if fault:
            self._meet(fault)

    def _meet(self, fault: Fault) -> None:
        time.sleep(fault.hang)
        if fault.answer is not None:
            raise NonsenseError(fault.answer)
        if fault.status == 429:
            seconds = fault.retry_after
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if fault.status == 409:
            raise ApiError(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        if fault.status >= 400:
            raise ApiError(fault.status, "Internal Server Error" if fault.status < 502 else "Bad Gateway")
