"""How long a page of the inbox takes over 1,000,000 synthetic messages. The budget is p95 <= 300 ms.

Run: .venv/bin/python -m bench.inbox [--messages 1000000] [--rounds 5] [--postgres | --url postgresql://...]

SQLite in a temporary folder by default; --postgres starts a private server, where its programs are installed. Words,
topics and confidences follow what real logs look like: a few topics are frequent, many are rare, one message in eight
has something wrong with it, and most of what was wrong is reviewed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from fastapi.testclient import TestClient
from sqlalchemy import text

from bot.app import create_app
from bot.bootstrap import Container
from bot.content.releases.live_responses import read_words
from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.review.inbox.filters import Filters
from bot.review.projection.reading import TRIGGERS
from bot.settings import ROOT, Settings
from bot.staff.roles import Role
from tests.postgres import postgres
from tests.staff import hire, sign_in

BUDGET_MS = 300.0
NAME = "ada"
PER_CONVERSATION = 5
INTENTS = [f"faq_topic_{number}" for number in range(40)]
WEIGHTS = [1 / (rank + 1) for rank in range(len(INTENTS))]
FREQUENT = (
    "what",
    "how",
    "much",
    "is",
    "the",
    "a",
    "do",
    "i",
    "need",
    "for",
    "my",
    "rotation",
    "visa",
    "cost",
    "letter",
    "apply",
    "student",
    "graduate",
    "hospital",
)
RARE = [f"place{number}" for number in range(20_000)]
MODELS = [f"{number:032x}" for number in range(12)]
END = datetime(2026, 11, 23, tzinfo=UTC)
COLUMNS = (
    "id",
    "conversation_id",
    "message_id",
    "received_at",
    "channel",
    "text",
    "kind",
    "intent",
    "confidence",
    "runner_up",
    "runner_up_confidence",
    "margin",
    "entities",
    "action",
    "outcome",
    "reply_ms",
    "model_id",
    "feedback",
    "feedback_reason",
    "facts",
    "trigger",
    "review",
    "claimed_by",
    "reviewed_at",
)
Row = tuple[Any, ...]


def rows(count: int) -> Iterator[Row]:
    """Messages of one year, oldest first."""
    chance = random.Random(count)
    step = timedelta(days=365) / count
    intents = chance.choices(INTENTS, WEIGHTS, k=count)
    for number in range(count):
        confidence = round(min(1.0, max(0.02, chance.gauss(0.6, 0.2))), 4)
        second = round(chance.uniform(0, min(confidence, 1 - confidence)), 4)
        trigger = chance.choice(TRIGGERS) if chance.random() < 0.125 else ""
        review = "open" if not trigger or chance.random() < 0.2 else chance.choice(("resolved", "ignored"))
        taken = NAME if trigger and review == "open" and chance.random() < 0.02 else ""
        said = " ".join((*chance.choices(FREQUENT, k=7), chance.choice(RARE)))
        yield (
            number + 1,
            f"web:{number // PER_CONVERSATION}",
            f"m-{number}",
            END - step * (count - number),
            "telegram" if chance.random() < 0.3 else "web",
            said,
            "typed",
            intents[number],
            confidence,
            INTENTS[(number + 1) % len(INTENTS)],
            second,
            round(confidence - second, 4),
            "[]",
            "action_answer_faq",
            "answered",
            chance.randrange(30, 900),
            MODELS[number * len(MODELS) // count],
            chance.choice(("up", "down")) if chance.random() < 0.03 else "",
            "",
            json.dumps({}),
            trigger,
            "claimed" if taken else review,
            taken,
            None,
        )


def fill(database: Database, count: int) -> None:
    """Write conversations and messages past the models: a million rows in about a minute."""
    talks = ((f"web:{number}", END) for number in range((count + PER_CONVERSATION - 1) // PER_CONVERSATION))
    if database.engine.dialect.name == "sqlite":
        _fill_sqlite(database, talks, count)
    else:
        _fill_postgresql(database, talks, count)


def _fill_sqlite(database: Database, talks: Iterator[tuple[str, datetime]], count: int) -> None:
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    stamp = "%Y-%m-%d %H:%M:%S.%f"
    cursor.execute("DROP TRIGGER messages_words_added")
    new = "INSERT INTO conversations (id, site, locale, created_at, last_seen_at, last_seq) VALUES (?, '', '', ?, ?, 0)"
    cursor.executemany(new, ((name, at.strftime(stamp), at.strftime(stamp)) for name, at in talks))
    marks = ", ".join("?" * len(COLUMNS))
    written = ((*row[:3], row[3].strftime(stamp), *row[4:]) for row in rows(count))
    cursor.executemany(f"INSERT INTO messages ({', '.join(COLUMNS)}) VALUES ({marks})", written)
    cursor.execute("INSERT INTO message_words (message_words) VALUES ('rebuild')")
    cursor.execute("ANALYZE")
    raw.commit()
    raw.close()


def _fill_postgresql(database: Database, talks: Iterator[tuple[str, datetime]], count: int) -> None:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.cursor() as cursor:
            named = "conversations (id, site, locale, created_at, last_seen_at, last_seq)"
            with cursor.copy(f"COPY {named} FROM STDIN") as copy:
                for name, at in talks:
                    copy.write_row((name, "", "", at, at, 0))
            with cursor.copy(f"COPY messages ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows(count):
                    copy.write_row(row)
        connection.execute("VACUUM ANALYZE messages")


LAST_WEEK, TODAY, OLD = date(2026, 11, 16), date(2026, 11, 22), date(2026, 2, 1)
MIX: dict[str, Filters] = {
    "the inbox as it opens": Filters(),
    "everything": Filters(review="every", trigger="every"),
    "my own": Filters(review="mine"),
    "resolved": Filters(review="resolved"),
    "thumbs down": Filters(trigger="thumbs_down"),
    "a frequent topic": Filters(intent=INTENTS[0]),
    "a rare topic, everything": Filters(review="every", trigger="every", intent=INTENTS[-1]),
    "a frequent topic, very unsure": Filters(review="every", trigger="every", intent=INTENTS[0], confidence_max=0.05),
    "very unsure on Telegram": Filters(review="every", trigger="every", confidence_max=0.03, channel="telegram"),
    "close": Filters(review="every", trigger="every", margin_max=0.01),
    "nothing has it": Filters(review="every", trigger="every", confidence_min=0.9999, margin_max=0.0001),
    "last week": Filters(since=LAST_WEEK),
    "one day, everything": Filters(review="every", trigger="every", since=TODAY, until=TODAY),
    "an old week": Filters(since=OLD, until=OLD + timedelta(days=7)),
    "half a year, thumbs up, sure": Filters(
        review="every", trigger="every", since=date(2026, 5, 1), feedback="up", confidence_min=0.95
    ),
    "one model, close top two": Filters(model=MODELS[3], trigger="close_top_two"),
    "a frequent word": Filters(review="every", trigger="every", text="visa"),
    "a frequent word in the inbox": Filters(text="visa cost"),
    "a rare word": Filters(review="every", trigger="every", text="place17"),
    "no such word": Filters(text="xylophone"),
    "frequent word, rare rest": Filters(review="every", trigger="every", text="visa", confidence_max=0.03),
    "two words, thumbs down": Filters(review="every", trigger="every", text="visa hospital", feedback="down"),
}


def visitor(url: str, database: Database, folder: Path) -> TestClient:
    """Somebody of the staff who is signed in; the application answers in this process."""
    settings = Settings(var=folder, database_url=url, secret_key="bench")  # type: ignore[call-arg]
    app = create_app(Container(settings, database), responses=read_words(ROOT))
    token = sign_in(database, hire(database, Role.ADMIN, NAME))
    return TestClient(app, base_url="http://127.0.0.1", cookies={"staff": token})


def measure(client: TestClient, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each kind of page, made whole: the sign-in, all queries and counts, and the HTML.

    Of each kind the first page and the next one; the very first page of all warms everything up and is not counted.
    """
    client.get("/staff/inbox")
    times: dict[str, list[float]] = {name: [] for name in MIX}
    for _ in range(rounds):
        for name, filters in MIX.items():
            path = f"/staff/inbox?{filters.to_query()}"
            for _ in range(2):
                started = time.perf_counter()
                answer = client.get(path)
                times[name].append((time.perf_counter() - started) * 1000)
                assert answer.status_code == 200, answer.text[:300]
                older = re.search(r'rel="next" href="([^"]+)"', answer.text)
                if older is None:
                    break
                path = older[1].replace("&amp;", "&")
    return times


def show(times: dict[str, list[float]]) -> float:
    """Prints a line for each kind and returns the p95 of all."""
    for name, some in times.items():
        print(f"  {name:34} p50 {statistics.median(some):7.1f} ms   max {max(some):7.1f} ms")
    every = [one for some in times.values() for one in some]
    p95 = statistics.quantiles(every, n=20)[-1]
    print(f"  all: p50 {statistics.median(every):.1f} ms, p95 {p95:.1f} ms, max {max(every):.1f} ms")
    return p95


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", action="store_true", help="A private PostgreSQL server for the measurement.")
    parser.add_argument("--url", default="", help="A database to measure; it is filled when it has no messages.")
    options = parser.parse_args()
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        url = options.url or f"sqlite:///{folder / 'bot.db'}"
        if options.postgres:
            url = ending.enter_context(postgres()).bare()
        upgrade(url)
        database = Database(url)
        with database.unit() as session:
            is_empty = session.scalar(text("SELECT 1 FROM messages LIMIT 1")) is None
        started = time.perf_counter()
        if is_empty:
            fill(database, options.messages)
        print(f"{database.engine.dialect.name}: {options.messages:,} messages in {time.perf_counter() - started:.0f} s")
        p95 = show(measure(visitor(url, database, folder), options.rounds))
        database.engine.dispose()
    return int(p95 > BUDGET_MS)


if __name__ == "__main__":
    sys.exit(main())
