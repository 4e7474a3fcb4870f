"""One conversation around a message: both sides in order, with what the bot understood at each turn, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.inbox_pages import REASONS, RESULTS, inbox_path
from bot.console.rendering import page
from bot.console.topics import topics
from bot.delivery.redaction import redact
from bot.delivery.store import Answer, MessageStore, Said
from bot.delivery.tables import InboxMessage
from bot.handoff.tables import HandoffRow
from bot.review.tables import ReviewMessage

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
SHOWN_BEFORE, SHOWN = 20, 60


@router.get("/inbox/{number}")
def show_conversation(
    request: Request, number: Number, staff: Viewer, back: Annotated[str, Query(max_length=1000)] = ""
) -> Response:
    """The conversation of a message."""
    with console_of(request).database.unit() as session:
        message = session.get(ReviewMessage, number)
        if message is None:
            raise HTTPException(404, "There is no such message (any more).")
        known = topics(request, session)
        return page(
            request,
            "conversation.html",
            message=message,
            entries=_entries(session, message),
            topics=known,
            titles=dict(known),
            reasons=REASONS,
            results=RESULTS,
            handoff=_handoff(session, message),
            back=back,
            inbox=f"/staff{inbox_path(back)}",
            may_act=staff.may(Role.ANNOTATOR),
            is_admin=staff.may(Role.ADMIN),
        )


def _entries(session: Session, message: ReviewMessage) -> list[dict[str, Any]]:
    """Both sides around a message; a person's entry carries the row of what was understood."""
    mine = (InboxMessage.conversation_id == message.conversation_id, InboxMessage.client_id == message.message_id)
    seq = session.scalar(select(InboxMessage.seq).where(*mine)) or 0
    messages = MessageStore(session, datetime.now(UTC))
    shown = messages.history(message.conversation_id, max(0, seq - SHOWN_BEFORE), limit=SHOWN)
    names = [entry.id for entry in shown if isinstance(entry, Said)]
    own = (ReviewMessage.conversation_id == message.conversation_id, ReviewMessage.message_id.in_(names))
    rows = {row.message_id: row for row in session.scalars(select(ReviewMessage).where(*own))}
    return [_said(entry, rows) if isinstance(entry, Said) else _answered(entry) for entry in shown]


def _said(entry: Said, rows: dict[str, ReviewMessage]) -> dict[str, Any]:
    return {"who": "person", "at": entry.at, "text": redact(entry.text), "row": rows.get(entry.id)}


def _answered(entry: Answer) -> dict[str, Any]:
    parts = entry.reply.get("parts", [])
    speaker = next((part["speaker"] for part in parts if part.get("speaker")), "")
    buttons = [item["title"] for item in entry.reply.get("suggestions", ())]
    return {
        "who": "staff" if speaker else "bot",
        "speaker": speaker,
        "at": entry.at,
        "parts": parts,
        "buttons": buttons,
    }


def _handoff(session: Session, message: ReviewMessage) -> int | None:
    """The newest handoff of this conversation."""
    mine = select(HandoffRow.id).where(HandoffRow.conversation_id == message.conversation_id)
    return session.scalar(mine.order_by(HandoffRow.id.desc()).limit(1))
