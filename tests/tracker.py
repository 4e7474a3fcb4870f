"""Rasa's events table as its tracker store makes it, filled by tests and benchmarks in the form that Rasa writes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Float, Index, Integer, MetaData, String, Table, Text, create_engine, insert

from bot.db.base import with_driver

EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False, index=True),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float(53)),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)
Index("events_by_sender_and_time", EVENTS.c.sender_id, EVENTS.c.timestamp)


def make_events(url: str) -> None:
    """Makes the table where it is missing, as the engine does at its start."""
    engine = create_engine(with_driver(url))
    EVENTS.metadata.create_all(engine)
    engine.dispose()


MODEL = {"model_id": "model-1", "assistant_id": "rotation-bot"}


def turn(
    conversation: str,
    message_id: str,
    at: datetime,
    *,
    text: str = "How much is it?",
    intent: str = "faq_cost",
    confidence: float = 0.8,
) -> list[dict[str, Any]]:
    """The rows of one answered turn: nine events, as for a question of the FAQ."""
    ranking = [{"name": intent, "confidence": confidence}, {"name": "faq_visa", "confidence": 0.1}]
    parsed = {"intent": ranking[0], "entities": [], "text": text, "intent_ranking": ranking}
    custom = {"version": 1, "parts": [{"type": "text", "text": "It depends on the program."}], "suggestions": []}
    events: list[dict[str, Any]] = [
        {"event": "user", "text": text, "parse_data": parsed, "input_channel": "rest"},
        {"event": "user_featurization", "use_text_for_featurization": False},
        {"event": "action", "name": "action_answer_faq", "policy": "RulePolicy", "confidence": 1.0},
        {"event": "bot", "text": None, "data": {"custom": custom}},
        *({"event": "slot", "name": name, "value": None} for name in ("last_topic", "task", "asked", "query")),
        {"event": "action", "name": "action_listen", "policy": "RulePolicy", "confidence": 1.0},
    ]
    metadata = [{**MODEL, "message_id": message_id, "channel": "web"}, *([MODEL] * (len(events) - 1))]
    return [
        _row(conversation, {**event, "metadata": noted, "timestamp": at.timestamp() + number / 100_000})
        for number, (event, noted) in enumerate(zip(events, metadata, strict=True))
    ]


def _row(conversation: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": conversation,
        "type_name": event["event"],
        "timestamp": event["timestamp"],
        "action_name": event.get("name"),
        "data": json.dumps(event),
    }


def store(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write events, as the engine does at the end of a turn."""
    connection.execute(insert(EVENTS), list(rows))
