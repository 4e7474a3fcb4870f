"""The talk around a message as staff see it: both sides in order, what was understood, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.content.store import versions
from bot.delivery.redaction import redact
from bot.delivery.store import Answer, MessageStore, Said
from bot.delivery.tables import InboxMessage
from bot.handoff.tables import HandoffRow
from bot.reply.responses import Responses, answer_of
from bot.review.tables import ReviewMessage

SHOWN_BEFORE, SHOWN = 20, 60
SAYS_AN_ANSWER = frozenset({"action_answer_faq", "action_refuse", "action_ask_bot", "action_care"})


def around(session: Session, message: ReviewMessage) -> list[dict[str, Any]]:
    """Both sides around a message; a person's entry carries the row of what was understood."""
    mine = (InboxMessage.conversation_id == message.conversation_id, InboxMessage.client_id == message.message_id)
    seq = session.scalar(select(InboxMessage.seq).where(*mine)) or 0
    messages = MessageStore(session, datetime.now(UTC))
    shown = messages.history(message.conversation_id, max(0, seq - SHOWN_BEFORE), limit=SHOWN)
    names = [said.id for said in shown if isinstance(said, Said)]
    own = (ReviewMessage.conversation_id == message.conversation_id, ReviewMessage.message_id.in_(names))
    rows = {row.message_id: row for row in session.scalars(select(ReviewMessage).where(*own))}
    return [entry(said) | {"row": rows.get(said.id) if isinstance(said, Said) else None} for said in shown]


def entry(said: Said | Answer) -> dict[str, Any]:
    """What a page shows of one side: who, when, the words of a person, or the parts and buttons of a reply."""
    if isinstance(said, Said):
        words = redact(said.text)
        return {"seq": said.seq, "at": said.at, "who": "person", "text": words, "parts": [], "buttons": []}
    parts = said.reply.get("parts", [])
    speaker = next((part["speaker"] for part in parts if part.get("speaker")), "")
    is_notice = bool(parts) and all(part.get("type") == "notice" for part in parts)
    buttons = [item["title"] for item in said.reply.get("suggestions", ())]
    who = "notice" if is_notice else "staff" if speaker else "bot"
    return {"seq": said.seq, "at": said.at, "who": who, "speaker": speaker, "parts": parts, "buttons": buttons}


def last_understood(session: Session, conversation: str) -> ReviewMessage | None:
    """The newest message of a conversation that the engine has understood."""
    own = (ReviewMessage.conversation_id == conversation, ReviewMessage.intent != "")
    return session.scalar(select(ReviewMessage).where(*own).order_by(ReviewMessage.id.desc()).limit(1))


def answer_said(row: ReviewMessage, words: Responses) -> str:
    """The key of the answer that a message got, "" when a task or nothing answered it."""
    key = answer_of(str(row.facts.get("aspect") or row.intent))
    return key if row.action in SAYS_AN_ANSWER and row.intent and key in words else ""


def handoff_of(session: Session, message: ReviewMessage) -> int | None:
    """The newest talk with staff of this conversation."""
    mine = select(HandoffRow.id).where(HandoffRow.conversation_id == message.conversation_id)
    return session.scalar(mine.order_by(HandoffRow.id.desc()).limit(1))


def version_names(session: Session) -> Mapping[str, str]:
    """The number of the newest version in which a model was live: "Version 3", by the model's id."""
    return {row.model_id: f"Version {row.number}" for row in reversed(versions(session)) if row.model_id}
