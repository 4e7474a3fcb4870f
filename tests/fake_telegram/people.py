"""The people and chats that updates speak of."""

from __future__ import annotations

from typing import Any

TOKEN = "123456:" + "A" * 35
BOT = {"id": 123456, "is_bot": True, "first_name": "Rotation Bot", "username": "rotation_sample_bot"}
FIRST_SUPERGROUP = -1_000_000_000_000
ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
    "supports_guest_queries": False,
}


def person(chat: int) -> dict[str, Any]:
    return {"id": abs(chat), "is_bot": False, "first_name": "Sample", "language_code": "en"}


def chat_of(chat: int) -> dict[str, Any]:
    if chat > 0:
        return {"id": chat, "type": "private", "first_name": "Sample"}
    if chat <= FIRST_SUPERGROUP:
        return {"id": chat, "type": "supergroup", "title": "Sample group"}
    return {"id": chat, "type": "group", "title": "Sample group", "all_members_are_administrators": False}


def entities_of(text: str) -> list[dict[str, Any]] | None:
    found = []
    if text.startswith("/"):
        found.append({"type": "bot_command", "offset": 0, "length": len(text.split()[0])})
    mention = f"@{BOT['username']}"
    if mention in text and not text.startswith("/"):
        found.append({"type": "mention", "offset": text.index(mention), "length": len(mention)})
    return found or None
