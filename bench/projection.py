"""How many of the engine's events the projection takes in a second. The budget is 2,000.

Run: .venv/bin/python -m bench.projection [--messages 20000] [--url postgresql://...]

Every message is a question with its nine events, five to a conversation, as the engine and the gateway store them; both
databases lie in a temporary folder, or in the empty database at --url (the events stay in SQLite).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, func, insert, select

from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.delivery.tables import Conversation, InboxMessage, OutboxReply
from bot.delivery.tracker import TrackerDatabase
from bot.review.projection.reading import Thresholds
from bot.review.projection.service import Projector, RoundResult
from bot.review.tables import ReviewMessage
from tests.tracker import EVENTS, store, turn

BUDGET = 2_000
PER_CONVERSATION = 5
REPLY = {"version": 1, "parts": [{"type": "text", "text": "It depends on the program."}], "suggestions": []}


def talk(database: Database, tracker_url: str, messages: int) -> None:
    """Fill both databases."""
    start = datetime.now(UTC) - timedelta(days=30)
    engine = create_engine(tracker_url)
    EVENTS.create(engine)
    said = [
        (f"web:{number // PER_CONVERSATION}", f"m-{number}", start + timedelta(seconds=number))
        for number in range(messages)
    ]
    with engine.begin() as connection:
        store(connection, (row for conversation, name, at in said for row in turn(conversation, name, at)))
    with database.unit() as session:
        opened = {conversation: at for conversation, _, at in reversed(said)}
        session.execute(
            insert(Conversation),
            [
                {"id": name, "created_at": at, "last_seen_at": at, "last_seq": 2 * PER_CONVERSATION}
                for name, at in opened.items()
            ],
        )
        session.execute(
            insert(InboxMessage),
            [
                {
                    "conversation_id": conversation,
                    "client_id": name,
                    "seq": 2 * number,
                    "text": "How much is it?",
                    "shown": "How much is it?",
                    "status": "answered",
                    "received_at": at,
                }
                for number, (conversation, name, at) in enumerate(said)
            ],
        )
        session.execute(
            insert(OutboxReply),
            [
                {
                    "conversation_id": conversation,
                    "seq": 2 * number + 1,
                    "reply": REPLY,
                    "in_reply_to": name,
                    "created_at": at + timedelta(seconds=1),
                }
                for number, (conversation, name, at) in enumerate(said)
            ],
        )
    engine.dispose()


def measure(url: str, tracker_url: str, messages: int) -> float:
    """Prints one line and returns events per second."""
    upgrade(url)
    database = Database(url)
    talk(database, tracker_url, messages)
    projector = Projector(database, TrackerDatabase(tracker_url), Thresholds(0.3, 0.08))
    started = time.perf_counter()
    done: RoundResult = projector.catch_up()
    seconds = time.perf_counter() - started
    with database.unit() as session:
        rows = session.scalar(select(func.count()).where(ReviewMessage.intent == "faq_cost")) or 0
    database.engine.dispose()
    if rows != messages:
        sys.exit(f"{messages - rows} of {messages} messages are missing")
    events = messages * len(turn("web:0", "m-0", datetime.now(UTC)))
    print(
        f"{messages:,} messages with {events:,} events in {seconds:.1f} s: {events / seconds:,.0f} events/s, "
        f"{messages / seconds:,.0f} messages/s ({done.events:,} events read, the others say nothing to the review)"
    )
    return events / seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--url", default="", help="An empty PostgreSQL database; a temporary SQLite file without it.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'bot.db'}"
        speed = measure(url, f"sqlite:///{Path(folder) / 'tracker.db'}", options.messages)
    return int(speed < BUDGET)


if __name__ == "__main__":
    sys.exit(main())
