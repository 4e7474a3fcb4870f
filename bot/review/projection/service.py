"""Keeps the review's `messages` in step with what was received, answered and understood.

A round takes due entries from the queue, reads our side and the engine's, decides (bot.review.projection.reading), and
writes the rows and removes the entries in one unit of work. It can be killed anywhere and begun again, and only the
owner of the lease writes, so several processes may run it. A row whose events are not there yet (they are committed
late, or the engine lost them) is looked at again, less and less often, for a day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.db.base import Database
from bot.delivery.tracker import TrackerDatabase, TrackerSpan
from bot.observability import id_of_message
from bot.review.projection.reading import (
    SLOTS_READ,
    TYPES_READ,
    Echo,
    Event,
    Projected,
    ReceivedMessage,
    Thresholds,
    next_look,
    project,
    turns_of,
)
from bot.review.projection.store import ProjectionBatch, is_anything_due, read_batch, take_lease, write_batch
from bot.settings import Settings

log = structlog.get_logger(__name__)
LEASE_SECONDS = 10.0
BATCH = 500
AT_ONCE = 3  # conversations
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True)
class RoundResult:
    """One round: how many entries it took, and how many of the engine's events it read."""

    entries: int = 0
    events: int = 0

    def __add__(self, other: RoundResult) -> RoundResult:
        return RoundResult(self.entries + other.entries, self.events + other.events)


class Projector:
    """One of possibly several; whoever has the lease works."""

    def __init__(
        self,
        database: Database,
        tracker: TrackerDatabase,
        thresholds: Thresholds,
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._tracker = tracker
        self._thresholds = thresholds
        self._lease_seconds = lease_seconds
        self._owner = uuid.uuid4().hex

    @classmethod
    def of(cls, settings: Settings, database: Database) -> Projector:
        """The projector that the settings describe."""
        thresholds = Thresholds(settings.review_low_confidence, settings.review_close_margin)
        return cls(database, TrackerDatabase(settings.tracker), thresholds)

    def catch_up(self) -> RoundResult:
        """Rounds until nothing is due, or until somebody else has the lease."""
        total = RoundResult()
        while (done := self.step()).entries:
            total += done
        return total

    def step(self, *, now: datetime | None = None, most: int = BATCH) -> RoundResult:
        """One round over at most `most` entries.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: one of the databases cannot be reached; the entries stay.
        """
        now = now or datetime.now(UTC)
        with self._database.unit() as session:
            if not is_anything_due(session, now):
                return RoundResult()
        with self._database.unit() as session:
            if not take_lease(session, self._owner, now=now, seconds=self._lease_seconds):
                return RoundResult()
        with self._database.unit() as session:
            batch = read_batch(session, now=now, most=most)
        if not batch.entries:
            return RoundResult()
        spans = list(_spans(batch))
        found = [self._rows(batch, spans[start : start + AT_ONCE]) for start in range(0, len(spans), AT_ONCE)]
        rows = [pair for pairs, _ in found for pair in pairs]
        later = {
            (message.conversation, message.message_id): moment
            for message, row in rows
            if not row.is_complete and (moment := next_look(message.received_at, now))
        }
        with self._database.unit() as session:
            if not take_lease(session, self._owner, now=datetime.now(UTC), seconds=self._lease_seconds):
                return RoundResult()
            write_batch(session, batch, [row.values for _, row in rows], later)
        return RoundResult(len(batch.entries), sum(events for _, events in found))

    def _rows(
        self, batch: ProjectionBatch, spans: Sequence[TrackerSpan]
    ) -> tuple[list[tuple[ReceivedMessage, Projected]], int]:
        """The rows of some conversations' messages, and how many events were read for them.

        A few conversations at a time: the events of a talk are a hundred times as large as its words.
        """
        events = self._tracker.read(spans, types=TYPES_READ, slots=SLOTS_READ)
        turns = {conversation: turns_of(said) for conversation, said in events.items()}
        conversations = {span.conversation for span in spans}
        messages = [message for message in batch.messages if message.conversation in conversations]
        rows = [(message, self._row(message, batch, turns.get(message.conversation, {}))) for message in messages]
        return rows, sum(map(len, events.values()))

    def _row(self, message: ReceivedMessage, batch: ProjectionBatch, turns: dict[str, list[Event]]) -> Projected:
        echo = batch.echoes.get((message.conversation, message.message_id), Echo())
        try:
            return project(message, echo, turns.get(message.message_id, ()), self._thresholds)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # One event of an unknown form must not keep all later messages from the review.
            log.error("events cannot be read", request_id=id_of_message(message.id), error=type(error).__name__)
            return project(message, echo, (), self._thresholds)


def _spans(batch: ProjectionBatch) -> Iterable[TrackerSpan]:
    """For each conversation the time in which the turns of its messages lie: from the first message on, up to the last
    answer, where all are answered."""
    by_conversation: dict[str, list[ReceivedMessage]] = {}
    for message in batch.messages:
        by_conversation.setdefault(message.conversation, []).append(message)
    for conversation, messages in by_conversation.items():
        since = min(message.received_at for message in messages) - _CLOCKS_DIFFER
        answers = [batch.echoes.get((conversation, item.message_id), Echo()).answered_at for item in messages]
        known = [answer for answer in answers if answer is not None]
        is_over = len(known) == len(answers) and all(item.status != "pending" for item in messages)
        yield TrackerSpan(conversation, since, max(known) + _CLOCKS_DIFFER if is_over else None)
