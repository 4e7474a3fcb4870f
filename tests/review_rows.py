"""Messages as the projection leaves them, made by hand for tests of what staff do with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.delivery.tables import Conversation
from bot.review.tables import ReviewMessage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def put(session: Session, person: str, text: str = "hello", *, at: datetime = NOON, **values: Any) -> ReviewMessage:
    """One message of a person; unless `values` say otherwise it was typed on the web and fell through."""
    if session.get(Conversation, person) is None:
        session.add(Conversation(id=person, created_at=at, last_seen_at=at))
        session.flush()
    usual = {"channel": "web", "outcome": "fallback", "trigger": "fallback", "message_id": f"{person}-{id(text)}-{at}"}
    row = ReviewMessage(conversation_id=person, text=text, received_at=at, **usual | values)
    session.add(row)
    session.flush()
    return row
