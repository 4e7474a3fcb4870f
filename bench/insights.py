"""Insights over 1,000,000 messages of two years: seconds for the figures of the page, by period and database.

`python -m bench.insights [messages]`; PostgreSQL is measured where it is installed.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.delivery.tables import Conversation
from bot.review.insights import service as insights
from bot.review.insights.store import Scope
from bot.review.tables import ReviewMessage
from tests.postgres import postgres, programs

LAST, DAYS, EACH = date(2026, 11, 22), 730, 6
PERIODS = (28, 90, 365, 730)


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Messages of people who write six each, spread over two years."""
    dice = random.Random(1)
    start = datetime(2026, 11, 22, 23, tzinfo=UTC) - timedelta(days=DAYS - 1)
    for number in range(count):
        search = {"search": {"states": [f"S{dice.randrange(50)}"], "specialties": ["x"], "found": dice.randrange(4)}}
        yield {
            "id": number + 1,
            "conversation_id": f"web:{number // EACH}",
            "message_id": str(number),
            "received_at": start + timedelta(days=DAYS) * (number / count),
            "channel": dice.choice(["web", "telegram"]),
            "text": "a question about rotations in the United States " * 2,
            "kind": dice.choice(["typed", "button"]),
            "intent": f"faq_{dice.randrange(60)}",
            "entities": [],
            "action": "action_answer_faq",
            "outcome": dice.choices(["answered", "fallback", "refused", "failed"], [90, 6, 3, 1])[0],
            "reply_ms": dice.randrange(30, 400),
            "model_id": f"m{number * 12 // count}",
            "feedback": dice.choices(["", "up", "down"], [95, 3, 2])[0],
            "trigger": "",
            "review": "open",
            "claimed_by": "",
            "feedback_reason": "",
            "runner_up": "",
            "facts": search if dice.random() < 0.2 else {},
        }


def fill(database: Database, count: int) -> None:
    """All messages, and what the planner wants to know about them."""
    now = datetime.now(UTC)
    people = (
        {"id": f"web:{n}", "site": "", "locale": "", "created_at": now, "last_seen_at": now, "last_seq": 0}
        for n in range(count // EACH + 1)
    )
    for table, values in ((Conversation, people), (ReviewMessage, rows(count))):
        waiting = iter(values)
        while part := list(islice(waiting, 20_000)):
            with database.engine.begin() as connection:
                connection.execute(insert(table), part)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if database.engine.dialect.name == "postgresql" else "ANALYZE"))


def measure(database: Database) -> dict[int, float]:
    """Seconds for everything that the page shows, by days of the period."""
    found = {}
    for days in PERIODS:
        scope, started = Scope(LAST - timedelta(days=days - 1), LAST), time.perf_counter()
        with database.unit() as session:
            period = insights.Period(session, scope)
            for division in ("", "day" if days <= 60 else "week", "channel", "model"):
                period.by(division)
            insights.topics(session, scope)
            insights.wishes(session, scope)
        found[days] = round(time.perf_counter() - started, 2)
    return found


def main() -> None:
    """Both databases, one line each."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bot.db"
        upgrade(url)
        fill(Database(url), count)
        print(json.dumps({"database": "sqlite", "messages": count, "seconds": measure(Database(url))}), flush=True)
    if programs():
        with postgres() as server:
            url = server.bare()
            upgrade(url)
            fill(Database(url), count)
            print(json.dumps({"database": "postgresql", "messages": count, "seconds": measure(Database(url))}))


if __name__ == "__main__":
    main()
