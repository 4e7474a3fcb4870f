"""A Bot API on this machine: as strict as the real one, with faults to order, and a phone to look at.

Tests talk to it as people do (`say`, `press`), look at each chat as its member sees it (`chat`), and find every breach
of the official schema in `violations`. It works by long poll and by webhook.
"""

# ruff: noqa: N802 (methods are named as in the API)

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
from tests.fake_telegram.people import ABILITIES, BOT, TOKEN, chat_of, entities_of, person
from tests.fake_telegram.wire import serve

__all__ = ["BOT", "TOKEN", "FakeTelegram"]

QUERY_SECONDS = 15.0


@dataclass
class Call:
    """One request: its method, its parameters and when it came (monotonic seconds)."""

    method: str
    params: dict[str, Any]
    at: float
    status: int = 200


@dataclass
class Fault:
    """What a request meets instead of an answer. `after` does the work first and then loses the answer."""

    status: int = 500
    times: int = 1
    retry_after: int = 0
    hang: float = 0.0
    after: bool = False
    fits: Callable[[dict[str, Any]], bool] = field(default=lambda _params: True)


class ApiError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class FakeTelegram:
    """The API and its chats. `start` it, give its `url` to the bot, `stop` it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.refusals: list[str] = []
        self.blocked: set[int] = set()
        self.webhook: dict[str, Any] = {}
        self.commands: list[dict[str, str]] = []
        self._port = port
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._updates: list[dict[str, Any]] = []
        self._numbers = {"update": 1000, "message": 0, "query": 0}
        self._chats: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._queries: dict[str, float] = {}
        self._posted: dict[int, list[float]] = defaultdict(list)
        self._pollers = 0
        self._lock = threading.Condition()
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
        with self._lock:
            number = fields.pop("message_id", None) or self._next("message")
        sent = {
            "message_id": number, "date": int(time.time()), "chat": chat_of(chat), "from": person(chat), **fields,
        }  # fmt: skip
        self._chats[chat][number] = sent
        self.update(**{kind: {name: value for name, value in sent.items() if value is not None}})
        return number

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
        self.update(callback_query={
            "id": query, "from": person(chat), "chat_instance": "1", "data": data, "message": message,
        })  # fmt: skip
        return query

    def block(self, chat: int, *, is_blocked: bool = True) -> None:
        """The person blocks the bot, or lets it in again."""
        (self.blocked.add if is_blocked else self.blocked.discard)(chat)
        status = ({"status": "kicked", "until_date": 0}, {"status": "member"})
        old, new = status[::-1] if is_blocked else status
        self.update(my_chat_member={
            "chat": chat_of(chat), "from": person(chat), "date": int(time.time()),
            "old_chat_member": {"user": BOT, **old}, "new_chat_member": {"user": BOT, **new},
        })  # fmt: skip

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
        status = httpx.post(self.webhook["url"], json=update, headers=headers, timeout=10).status_code
        if 200 <= status < 300:
            self._updates.remove(update)
        return status

    # The API

    def handle(self, method: str, raw: dict[str, Any]) -> tuple[int, dict[str, Any]]:
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
        if fault.status == 429:
            seconds = fault.retry_after
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if fault.status == 409:
            raise ApiError(409, "Conflict: terminated by other getUpdates request; make sure that only one bot "
                                "instance is running")  # fmt: skip
        if fault.status >= 400:
            raise ApiError(fault.status, "Internal Server Error" if fault.status < 502 else "Bad Gateway")

    def _accept(self, _params: dict[str, Any]) -> bool:
        return True

    def _getMe(self, _params: dict[str, Any]) -> dict[str, Any]:
        return {**BOT, **ABILITIES}

    def _getUpdates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        with self._lock:
            self._pollers += 1
            me = self._pollers
            self._lock.notify_all()
            offset = params.get("offset") or 0
            self._updates = [item for item in self._updates if item["update_id"] >= offset]
            ready = lambda: self._updates or self._pollers != me  # noqa: E731
            self._lock.wait_for(ready, timeout=params.get("timeout", 0))
            if self._pollers != me:
                raise ApiError(409, "Conflict: terminated by other getUpdates request; make sure that only one bot "
                                    "instance is running")  # fmt: skip
            return self._updates[: params.get("limit", 100)]

    def _setWebhook(self, params: dict[str, Any]) -> bool:
        if params["url"] and not params["url"].startswith(("https://", "http://127.0.0.1")):
            raise BadRequestError("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = params if params["url"] else {}
        return True

    def _deleteWebhook(self, params: dict[str, Any]) -> bool:
        assert not params.get("drop_pending_updates"), "people's messages would be thrown away"
        self.webhook = {}
        return True

    def _setMyCommands(self, params: dict[str, Any]) -> bool:
        checks.check_commands(params["commands"])
        self.commands = params["commands"]
        return True

    def _answerCallbackQuery(self, params: dict[str, Any]) -> bool:
        asked = self._queries.get(params["callback_query_id"])
        if asked is None or time.monotonic() - asked > QUERY_SECONDS:
            raise BadRequestError("Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise BadRequestError("Bad Request: MESSAGE_TOO_LONG")
        return True

    def _sendChatAction(self, params: dict[str, Any]) -> bool:
        self._known_chat(params["chat_id"])
        return True

    def _sendMessage(self, params: dict[str, Any]) -> dict[str, Any]:
        shown, entities = checks.read_text(params["text"], params.get("parse_mode"), limit=checks.TEXT_LIMIT)
        return self._post(params, text=shown, entities=entities)

    def _sendPhoto(self, params: dict[str, Any]) -> dict[str, Any]:
        checks.check_photo(params["photo"])
        size = {"file_id": "p", "file_unique_id": "p", "width": 960, "height": 1200}
        return self._post(params, photo=[size], **self._caption(params))

    def _sendDocument(self, params: dict[str, Any]) -> dict[str, Any]:
        checks.check_document(params["document"])
        name = getattr(params["document"], "name", "")
        document = {"file_id": "d", "file_unique_id": "d", "file_name": name}
        return self._post(params, document=document, **self._caption(params))

    def _caption(self, params: dict[str, Any]) -> dict[str, Any]:
        if not params.get("caption"):
            return {}
        limit = checks.CAPTION_LIMIT
        shown, entities = checks.read_text(params["caption"], params.get("parse_mode"), limit=limit, name="caption")
        return {"caption": shown, "caption_entities": entities}

    def _editMessageText(self, params: dict[str, Any]) -> dict[str, Any]:
        message = self._own(params)
        if "text" not in message:
            raise BadRequestError("Bad Request: there is no text in the message to edit")
        shown, entities = checks.read_text(params["text"], params.get("parse_mode"), limit=checks.TEXT_LIMIT)
        return self._change(message, params, text=shown, entities=entities)

    def _editMessageReplyMarkup(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._change(self._own(params), params)

    def _post(self, params: dict[str, Any], **content: Any) -> dict[str, Any]:
        chat = self._known_chat(params["chat_id"])
        checks.check_keyboard(params.get("reply_markup"))
        with self._lock:
            number = self._next("message")
            message = {"message_id": number, "date": int(time.time()), "chat": chat_of(chat), "from": BOT, **content}
            if params.get("reply_markup"):
                message["reply_markup"] = params["reply_markup"]
            self._chats[chat][number] = message
        self._posted[chat].append(time.monotonic())
        return message

    def _change(self, message: dict[str, Any], params: dict[str, Any], **content: Any) -> dict[str, Any]:
        checks.check_keyboard(params.get("reply_markup"))
        new = {**message, **content}
        new.pop("reply_markup", None)
        if (params.get("reply_markup") or {}).get("inline_keyboard"):
            new["reply_markup"] = params["reply_markup"]
        if new == message:
            raise BadRequestError(
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message"
            )
        message.clear()
        message.update(new)
        return message

    def _own(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._known_chat(params["chat_id"])
        message = self._chats[chat].get(params["message_id"])
        if message is None:
            raise BadRequestError("Bad Request: message to edit not found")
        if not message["from"]["is_bot"]:
            raise BadRequestError("Bad Request: message can't be edited")
        return message

    def _known_chat(self, chat: Any) -> int:
        if chat not in self._chats:
            raise BadRequestError("Bad Request: chat not found")
        if chat in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return int(chat)

    def _next(self, name: str) -> int:
        self._numbers[name] += 1
        return self._numbers[name]
