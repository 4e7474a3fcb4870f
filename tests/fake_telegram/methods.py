"""The methods of the Bot API as the fake answers them: what is sent lands in chats, and the API's own rules hold."""

# ruff: noqa: N802 (methods are named as in the API)

from __future__ import annotations

import threading
import time
from collections import defaultdict
from typing import Any

from tests.fake_telegram import checks
from tests.fake_telegram.checks import BadRequestError
from tests.fake_telegram.people import ABILITIES, BOT, FIRST_SUPERGROUP, chat_of

QUERY_SECONDS = 15.0


class ApiError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class Methods:
    """The state of the API, and one method for each of its own."""

    def __init__(self) -> None:
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.webhook: dict[str, Any] = {}
        self.commands: list[dict[str, str]] = []
        self._updates: list[dict[str, Any]] = []
        self._numbers = defaultdict(int, update=1000)
        self._chats: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._queries: dict[str, float] = {}
        self._posted: dict[int, list[float]] = defaultdict(list)
        self._pollers = 0
        self._lock = threading.Condition()

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
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            return self._updates[: params.get("limit", 100)]

    def _setWebhook(self, params: dict[str, Any]) -> bool:
        if params["url"] and not params["url"].startswith(("https://", "http://127.0.0.1")):
            raise BadRequestError("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = params if params["url"] else {}
        return True

    def _getWebhookInfo(self, _params: dict[str, Any]) -> dict[str, Any]:
        url = self.webhook.get("url", "")
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self._updates)}

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
            number = self._next_message(chat)
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
        if chat in self.moved:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, description, migrate_to_chat_id=self.moved[chat])
        return int(chat)

    def _next_message(self, chat: int) -> int:
        """Supergroups count their messages from 1, all other chats share one line."""
        return self._next("message" if chat > FIRST_SUPERGROUP else f"message of {chat}")

    def _next(self, name: str) -> int:
        self._numbers[name] += 1
        return self._numbers[name]
