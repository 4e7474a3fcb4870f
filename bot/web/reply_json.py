"""The web form of a reply: JSON for the page, without any link that a browser must not follow."""

from __future__ import annotations

import re
from typing import Any

from bot.delivery.store import Answer, Said

_LINK_FIELDS = {"url", "ics", "picture", "table"}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|/(?![/\\]))[^\s\\]*", re.IGNORECASE)
_SAFE_PAYLOAD = re.compile(r"/[a-z]|https?://", re.IGNORECASE)


def render_answer(answer: Answer) -> dict[str, Any]:
    """`{seq, reply, in_reply_to}`: a reply as events and answers carry it."""
    return {"seq": answer.seq, "reply": render_reply(answer.reply), "in_reply_to": answer.in_reply_to or None}


def render_entry(entry: Said | Answer) -> dict[str, Any]:
    """One line of the history: the visitor's with `id`, `text` and `status`, the bot's with `reply` and `rating`."""
    at = entry.at.isoformat()
    if isinstance(entry, Answer):
        return render_answer(entry) | {"from": "bot", "at": at, "rating": entry.rating or None}
    return {"seq": entry.seq, "from": "visitor", "id": entry.id, "text": entry.text, "status": entry.status, "at": at}


def render_reply(reply: dict[str, Any]) -> dict[str, Any]:
    """The reply with unsafe links emptied and buttons left out that carry neither an intent nor a web address."""
    buttons = [item for item in reply.get("suggestions", ()) if _SAFE_PAYLOAD.match(item["payload"])]
    return {**reply, "parts": _safe(reply.get("parts", [])), "suggestions": buttons}


def _safe(value: Any) -> Any:
    if isinstance(value, list):
        return [_safe(item) for item in value]
    if isinstance(value, dict):
        return {name: _safe_link(item) if name in _LINK_FIELDS else _safe(item) for name, item in value.items()}
    return value


def _safe_link(link: Any) -> str:
    return link if isinstance(link, str) and _SAFE_LINK.fullmatch(link) else ""
