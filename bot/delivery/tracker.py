"""The engine's memory, in its own database: read for the review and for lost answers, and people are deleted there.

The engine has no endpoint for either. Its `events` table is Rasa's: sender_id, type_name, timestamp (seconds),
action_name (of a slot event: the slot's name) and data (the event as JSON).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    NullPool,
    and_,
    column,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    table,
)

from bot.db.base import empty_wal, with_driver
from bot.db.probe import try_write

_EVENTS = table(
    "events",
    column("id"),
    column("sender_id"),
    column("type_name"),
    column("timestamp"),
    column("action_name"),
    column("data"),
)
_CONVERSATIONS_AT_ONCE = 100
_CONNECT_SECONDS = 5


@dataclass(frozen=True)
class TrackerSpan:
    """A stretch of one conversation's events; `until` is None for its end."""

    conversation: str
    since: datetime
    until: datetime | None = None


class TrackerDatabase:
    """The database in which the engine keeps its conversations (SQLite or PostgreSQL); its settings are not ours."""

    def __init__(self, url: str) -> None:
        patience = {} if url.startswith("sqlite") else {"connect_timeout": _CONNECT_SECONDS}
        self._engine = create_engine(with_driver(url), poolclass=NullPool, hide_parameters=True, connect_args=patience)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _overwrite_deleted)

    def forget(self, conversation: str) -> None:
        """Delete all events of one conversation; nothing happens when the engine has not stored anything yet.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be reached or written.
        """
        with self._engine.begin() as connection:
            if inspect(connection).has_table(_EVENTS.name):
                connection.execute(delete(_EVENTS).where(_EVENTS.c.sender_id == conversation))

    def tidy(self) -> bool:
        """Take what was deleted out of SQLite's log as well; False when it is in use just now."""
        return empty_wal(self._engine)

    def said_after(self, conversation: str, message_id: str) -> list[dict[str, Any]]:
        """What the bot said after the message with this id, the last time that the engine was asked it, as events.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be read; that is no empty answer.
        """
        mine = _EVENTS.c.sender_id == conversation
        from_person = and_(mine, _EVENTS.c.type_name == "user")
        with self._engine.connect() as connection:
            asked = _last_asked(connection, from_person, message_id)
            if asked is None:
                return []
            said = select(_EVENTS.c.data).where(mine, _EVENTS.c.type_name == "bot", _EVENTS.c.id > asked)
            next_one = connection.scalar(select(func.min(_EVENTS.c.id)).where(from_person, _EVENTS.c.id > asked))
            if next_one is not None:
                said = said.where(_EVENTS.c.id < next_one)
            return [json.loads(data) for data in connection.scalars(said.order_by(_EVENTS.c.id))]

    def try_write(self) -> None:
        """Make sure that the engine could store a turn, without leaving anything behind.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it could not.
        """
        try_write(self._engine, insert(_EVENTS).values(sender_id="readyz", type_name="readyz"))

    def read(
        self, spans: Sequence[TrackerSpan], *, types: Iterable[str], slots: Iterable[str]
    ) -> dict[str, list[dict[str, Any]]]:
        """The events of some types in these spans by conversation, in the order in which the engine replays them.

        Of slot events only those of the named `slots`.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be reached.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        wanted = select(_EVENTS.c.sender_id, _EVENTS.c.data).where(
            _EVENTS.c.type_name.in_(list(types)),
            or_(_EVENTS.c.type_name != "slot", _EVENTS.c.action_name.in_(list(slots))),
        )
        with self._engine.connect() as connection:
            if not inspect(connection).has_table(_EVENTS.name):
                return {}
            for start in range(0, len(spans), _CONVERSATIONS_AT_ONCE):
                here = or_(*(_within(span) for span in spans[start : start + _CONVERSATIONS_AT_ONCE]))
                rows = wanted.where(here).order_by(_EVENTS.c.timestamp, _EVENTS.c.id)
                for conversation, data in connection.execute(rows):
                    found.setdefault(conversation, []).append(json.loads(data))
        return found


def _overwrite_deleted(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA secure_delete=ON")


def _last_asked(connection: Connection, from_person: ColumnElement[bool], message_id: str) -> int | None:
    """The number of the newest event that carries this id; the database looks for its letters, case aside."""
    noted = _EVENTS.c.data.contains(f'"message_id": {json.dumps(message_id)}', autoescape=True)
    found = select(_EVENTS.c.id, _EVENTS.c.data).where(from_person, noted).order_by(_EVENTS.c.id.desc())
    for number, data in connection.execute(found):
        if (json.loads(data).get("metadata") or {}).get("message_id") == message_id:
            return int(number)
    return None


def _within(span: TrackerSpan) -> Any:
    bounds = [_EVENTS.c.sender_id == span.conversation, _EVENTS.c.timestamp >= span.since.timestamp()]
    if span.until is not None:
        bounds.append(_EVENTS.c.timestamp <= span.until.timestamp())
    return and_(*bounds)
