"""What happened in a period, counted by the database once: one row per person, day and model.

An index covers every column that is counted (ix_messages_insights), so that the wide rows of messages (texts, entities)
are not read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, String, Text, and_, case, cast, func, select
from sqlalchemy.orm import Session

from bot.review.tables import ReviewMessage as Message

REPLY_STEP_MS = 10


@dataclass(frozen=True)
class Scope:
    """The days that are counted, both included, in UTC; a channel or model only, unless empty."""

    first: date
    last: date
    channel: str = ""
    model: str = ""

    def holds(self) -> ColumnElement[bool]:
        """The condition on messages."""
        start = datetime.combine(self.first, time(), UTC)
        end = datetime.combine(self.last + timedelta(days=1), time(), UTC)
        wanted = [Message.received_at >= start, Message.received_at < end]
        if self.channel:
            wanted.append(Message.channel == self.channel)
        if self.model:
            wanted.append(Message.model_id == self.model)
        return and_(*wanted)


class TalkCounts(NamedTuple):
    """What one person wrote on one day and to one model: how many messages, and how many of each kind."""

    day: str
    person: str
    channel: str
    model: str
    messages: int
    typed: int
    fallbacks: int
    refused: int
    handed_off: int
    failed: int
    thumbs_up: int
    thumbs_down: int


def talks(session: Session, scope: Scope) -> list[TalkCounts]:
    """Every talk of the period, in no order. Only what was typed can fall through or be refused."""
    parts = (_day(session), Message.conversation_id, Message.channel, Message.model_id)
    is_typed = Message.kind == "typed"
    rows = session.execute(
        select(
            *parts,
            func.count(),
            _number(is_typed),
            _number(and_(is_typed, Message.outcome == "fallback")),
            _number(and_(is_typed, Message.outcome == "refused")),
            _number(Message.outcome == "handed_off"),
            _number(Message.outcome == "failed"),
            _number(Message.feedback == "up"),
            _number(Message.feedback == "down"),
        )
        .where(scope.holds())
        .group_by(*parts)
    )
    return [TalkCounts(str(row[0]), *row[1:]) for row in rows]


def reply_times(session: Session, scope: Scope) -> list[tuple[str, str, str, int, int]]:
    """(day, channel, model, reply time in steps of 10 ms, messages); those without an answer are left out."""
    parts = (_day(session), Message.channel, Message.model_id, Message.reply_ms // REPLY_STEP_MS)
    wanted = select(*parts, func.count()).where(scope.holds(), Message.reply_ms.is_not(None)).group_by(*parts)
    return [(str(row[0]), row[1], row[2], int(row[3]), int(row[4])) for row in session.execute(wanted)]


def intents(session: Session, scope: Scope) -> list[tuple[str, int, int]]:
    """(intent, messages, answered ones) of what was understood, most asked first."""
    answered = _number(Message.outcome == "answered")
    rows = session.execute(
        select(Message.intent, func.count(), answered)
        .where(scope.holds(), Message.intent != "")
        .group_by(Message.intent)
        .order_by(func.count().desc(), Message.intent)
    )
    return [(row[0], int(row[1]), int(row[2])) for row in rows]


def facts(session: Session, scope: Scope) -> list[tuple[dict[str, Any], int]]:
    """(facts, messages with exactly these): they are counted as text, so that each kind is read once."""
    as_text = cast(Message.facts, Text)
    rows = session.execute(
        select(as_text, func.count()).where(scope.holds(), as_text.not_in(("{}", "null"))).group_by(as_text)
    )
    return [(json.loads(row[0]), int(row[1])) for row in rows]


def outcomes(session: Session, scope: Scope) -> dict[str, int]:
    """How many typed messages came to which end."""
    wanted = select(Message.outcome, func.count()).where(scope.holds(), Message.kind == "typed")
    return {row[0]: int(row[1]) for row in session.execute(wanted.group_by(Message.outcome))}


def aspects(session: Session, scope: Scope) -> list[tuple[str, int, int]]:
    """(topic or aspect, typed messages that it answered, people who wrote them)."""
    aspect = Message.facts["aspect"].as_string()
    wanted = select(aspect, func.count(), func.count(Message.conversation_id.distinct()))
    typed = (Message.kind == "typed", Message.outcome == "answered", aspect.is_not(None))
    rows = session.execute(wanted.where(scope.holds(), *typed).group_by(aspect))
    return [(row[0], int(row[1]), int(row[2])) for row in rows]


def models(session: Session) -> list[str]:
    """Every model that answered something."""
    rows = session.scalars(select(Message.model_id).where(Message.model_id != "").distinct())
    return sorted(rows)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _day(session: Session) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.timezone("UTC", Message.received_at), Date)
    return func.substr(cast(Message.received_at, String), 1, 10)
