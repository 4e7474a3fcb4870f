"""A visitor of the web channel who speaks its HTTP surface, as the widget does."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

NOTICE = "Your message is safe"


class Visitor:
    """Somebody new with a conversation of their own."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=100)
        opened = self._http.post("/api/v1/conversations", json={}).raise_for_status().json()
        token, self.conversation = opened["token"], opened["conversation"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def say(self, text: str, message: str | None = None) -> dict[str, Any]:
        """What came at once: `{seq, replies, status}`."""
        body = {"id": message or str(uuid.uuid4()), "text": text}
        said: dict[str, Any] = self._http.post("/api/v1/messages", json=body).raise_for_status().json()
        return said

    def history(self) -> list[dict[str, Any]]:
        """Both sides in order, all pages."""
        entries: list[dict[str, Any]] = []
        more = True
        while more:
            after = entries[-1]["seq"] if entries else 0
            page = self._http.get("/api/v1/messages", params={"after": after}).raise_for_status().json()
            entries += page["messages"]
            more = page["more"]
        return entries

    def answers_to(self, message: str) -> list[dict[str, Any]]:
        """All that the bot said to a message, the line about a delay too."""
        return [item for item in self.history() if item.get("in_reply_to") == message]


def words(answer: dict[str, Any]) -> str:
    """The texts of an answer."""
    return " ".join(part.get("text", "") for part in answer["reply"]["parts"])


def is_final(item: dict[str, Any]) -> bool:
    """A reply, and not the line about a delay."""
    return item["from"] == "bot" and NOTICE not in words(item)
