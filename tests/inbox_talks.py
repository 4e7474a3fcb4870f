"""Conversations as they stand in all tables after the projection, for tests of the inbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from bot.db.base import Database
from bot.delivery.tables import Conversation, InboxMessage, OutboxReply
from bot.review.tables import ProjectionEntry, ReviewMessage

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
CARD = {"slug": "a", "title": "Temple University", "subtitle": "Philadelphia, PA"}
REPLY = {
    "version": 1,
    "parts": [
        {"type": "text", "text": "Here is what I found.", "more": "How I **searched** & why."},
        {"type": "programs", "cards": [CARD], "total": 12},
    ],
    "suggestions": [{"title": "Show more", "payload": "/more"}],
}
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "text": "How much is a rotation in Texas?",
        "intent": "faq_cost",
        "confidence": 0.91,
        "runner_up": "faq_visa",
        "runner_up_confidence": 0.02,
        "margin": 0.89,
        "action": "action_answer_faq",
        "outcome": "answered",
        "entities": [{"entity": "state", "value": "TX", "text": "Texas"}],
        "facts": {"aspect": "faq_cost", "measures": [{"dim": "duration", "text": "4 weeks"}], "acts": ["ask"]},
    },
    {
        "text": "can i bring my cat to the hospital?",
        "intent": "faq_documents",
        "confidence": 0.11,
        "runner_up": "faq_visa",
        "runner_up_confidence": 0.1,
        "margin": 0.01,
        "action": "action_default_fallback",
        "outcome": "fallback",
        "trigger": "fallback",
        "facts": {"fallback": True},
    },
    {
        "text": "Is parking paid there?",
        "intent": "faq_cost",
        "confidence": 0.24,
        "runner_up": "faq_documents",
        "runner_up_confidence": 0.2,
        "margin": 0.04,
        "action": "action_answer_faq",
        "outcome": "answered",
        "trigger": "thumbs_down",
        "feedback": "down",
        "feedback_reason": "I asked about parking, not fees",
    },
    {
        "text": "who won the match yesterday",
        "intent": "out_of_scope",
        "confidence": 0.72,
        "runner_up": "faq_match_impact",
        "runner_up_confidence": 0.12,
        "margin": 0.6,
        "action": "action_refuse",
        "outcome": "refused",
        "trigger": "out_of_scope",
        "channel": "telegram",
    },
    {
        "text": "Let me talk to somebody",
        "intent": "request_human",
        "confidence": 0.95,
        "runner_up": "ask_bot",
        "runner_up_confidence": 0.02,
        "margin": 0.93,
        "action": "action_request_human",
        "outcome": "handed_off",
        "trigger": "handoff",
    },
    {
        "text": "visa or letters first?",
        "intent": "faq_visa",
        "confidence": 0.44,
        "runner_up": "faq_lor_count",
        "runner_up_confidence": 0.41,
        "margin": 0.03,
        "action": "action_answer_faq",
        "outcome": "asked_back",
        "trigger": "close_top_two",
        "facts": {"ambiguous": ["faq_visa", "faq_lor_count"]},
    },
)


def fill(database: Database, times: int = 1, *, conversation: str = "web:talk") -> list[int]:
    """The questions above `times` over, each with its reply; the ids of the messages, oldest first."""
    ids = []
    with database.unit() as session:
        last = 2 * times * len(QUESTIONS)
        session.add(Conversation(id=conversation, created_at=START, last_seen_at=START, last_seq=last))
        session.flush()
        for number in range(times * len(QUESTIONS)):
            at, name = START + timedelta(minutes=number), f"m-{number}"
            asked = QUESTIONS[number % len(QUESTIONS)]
            came = InboxMessage(
                conversation_id=conversation,
                client_id=name,
                seq=2 * number + 1,
                text=asked["text"],
                shown=asked["text"],
                status="answered",
                received_at=at,
            )
            session.add(came)
            session.add(
                OutboxReply(
                    conversation_id=conversation, seq=2 * number + 2, reply=REPLY, in_reply_to=name, created_at=at
                )
            )
            session.flush()
            row = {"channel": "web", "reply_ms": 420, "model_id": "a3f1" * 8} | asked
            row |= {"id": came.id, "conversation_id": conversation, "message_id": name, "received_at": at}
            session.add(ReviewMessage(**row))
            ids.append(came.id)
        session.flush()
        session.execute(delete(ProjectionEntry))  # These rows stand as they are; no engine has seen the questions.
    return ids
