"""The projection on SQLite and PostgreSQL: nothing missing and nothing double, whatever happens to whoever writes."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, delete, func, select

from bot.db.base import Database, with_driver
from bot.delivery.store import Draft, MessageStore
from bot.delivery.tracker import TrackerDatabase
from bot.review.projection.reading import Thresholds
from bot.review.projection.service import Projector
from bot.review.projection.store import enqueue_all
from bot.review.tables import IGNORED, OPEN, ProjectionEntry, ReviewMessage
from bot.settings import ROOT
from tests.running_app import wait_until
from tests.tracker import EVENTS, store, turn

LIMITS = Thresholds(low=0.3, close=0.08)
REPLY = {"version": 1, "parts": [{"type": "text", "text": "It depends."}], "suggestions": []}
LATER = timedelta(minutes=1)
KILLS = 50


@dataclass(frozen=True)
class Ground:
    """Our database and the engine's, with a way to talk in them."""

    url: str
    tracker_url: str
    database: Database
    engine: Engine

    def projector(self, *, lease: float = 10.0) -> Projector:
        return Projector(self.database, TrackerDatabase(self.tracker_url), LIMITS, lease_seconds=lease)

    def open(self, *conversations: str) -> None:
        with self.database.unit() as session:
            for conversation in conversations:
                MessageStore(session, datetime.now(UTC)).open(conversation)

    def ask(self, conversation: str, message_id: str) -> None:
        with self.database.unit() as session:
            messages = MessageStore(session, datetime.now(UTC))
            messages.lock(conversation)
            messages.store(conversation, message_id, draft=Draft("How much is it?", "How much is it?"))

    def understand(self, conversation: str, message_id: str) -> None:
        with self.engine.begin() as connection:
            store(connection, turn(conversation, message_id, datetime.now(UTC)))

    def answer(self, conversation: str, message_id: str) -> int:
        with self.database.unit() as session:
            messages = MessageStore(session, datetime.now(UTC))
            message = messages.find(conversation, message_id)
            assert message
            answer = messages.settle(message, REPLY)
            assert answer
            return answer.seq

    def say(self, conversation: str, message_id: str) -> int:
        self.ask(conversation, message_id)
        self.understand(conversation, message_id)
        return self.answer(conversation, message_id)

    def rows(self) -> list[ReviewMessage]:
        with self.database.unit() as session:
            return list(session.scalars(select(ReviewMessage).order_by(ReviewMessage.id)))

    def row(self, message_id: str = "m-1") -> ReviewMessage:
        return next(row for row in self.rows() if row.message_id == message_id)

    def queued(self) -> int:
        with self.database.unit() as session:
            return session.scalar(select(func.count()).select_from(ProjectionEntry)) or 0


@pytest.fixture
def ground(new_database: Callable[[], str], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    url = new_database()
    if url.startswith("sqlite"):
        tracker_url = f"sqlite:///{tmp_path / 'tracker.db'}"
    else:
        tracker_url = request.getfixturevalue("postgres_server").bare()
    made = Ground(url, tracker_url, Database(url), create_engine(with_driver(tracker_url)))
    EVENTS.create(made.engine)
    made.open("web:1")
    yield made
    made.engine.dispose()
    made.database.engine.dispose()


def test_a_message_is_seen_from_its_arrival_to_its_thumb(ground: Ground) -> None:
    projector = ground.projector()
    ground.ask("web:1", "m-1")
    projector.catch_up()
    assert (ground.row().outcome, ground.row().intent, ground.row().confidence) == ("pending", "", None)
    ground.understand("web:1", "m-1")
    seq = ground.answer("web:1", "m-1")
    projector.catch_up()
    row = ground.row()
    assert (row.outcome, row.intent, row.confidence, row.runner_up) == ("answered", "faq_cost", 0.8, "faq_visa")
    assert (row.action, row.model_id, row.trigger) == ("action_answer_faq", "model-1", "")
    assert row.reply_ms is not None
    with ground.database.unit() as session:
        MessageStore(session, datetime.now(UTC)).rate("web:1", seq, rating="down", reason="wrong")
    projector.catch_up()
    row = ground.row()
    assert (row.feedback, row.feedback_reason, row.trigger) == ("down", "wrong", "thumbs_down")
    assert ground.queued() == 0


def test_what_staff_decided_stays_unless_the_person_complains(ground: Ground) -> None:
    seq = ground.say("web:1", "m-1")
    projector = ground.projector()
    projector.catch_up()
    decided = datetime.now(UTC)
    with ground.database.unit() as session:
        row = session.scalars(select(ReviewMessage)).one()
        row.review, row.claimed_by, row.reviewed_at = IGNORED, "Ada", decided
        enqueue_all(session, now=decided)
    projector.catch_up()
    assert (ground.row().review, ground.row().claimed_by, ground.row().reviewed_at) == (IGNORED, "Ada", decided)
    with ground.database.unit() as session:
        MessageStore(session, datetime.now(UTC)).rate("web:1", seq, rating="down", reason="")
    projector.catch_up()
    assert ground.row().review == OPEN


def test_the_engines_side_is_found_however_late_it_is_committed(ground: Ground) -> None:
    """On PostgreSQL the late events have lower numbers than others that were seen before them."""
    ground.open("web:2")
    ground.ask("web:1", "m-1")
    ground.ask("web:2", "m-2")
    late = ground.engine.connect() if ground.engine.dialect.name == "postgresql" else None
    if late:
        store(late, turn("web:1", "m-1", datetime.now(UTC)))
    ground.understand("web:2", "m-2")
    ground.answer("web:1", "m-1")
    ground.answer("web:2", "m-2")
    projector = ground.projector()
    projector.catch_up()
    assert (ground.row("m-1").intent, ground.row("m-2").intent) == ("", "faq_cost")
    if late:
        late.commit()
        late.close()
    else:
        ground.understand("web:1", "m-1")
    projector.step(now=datetime.now(UTC) + LATER)
    assert ground.row("m-1").intent == "faq_cost"
    assert ground.queued() == 0


def test_an_inbox_row_that_is_committed_late_is_not_passed_over(ground: Ground) -> None:
    if ground.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    ground.open("web:2")
    projector = ground.projector()
    with ground.database.unit() as session:
        messages = MessageStore(session, datetime.now(UTC))
        messages.lock("web:1")
        messages.store("web:1", "m-1", draft=Draft("first", "first"))
        ground.say("web:2", "m-2")
        projector.catch_up()
        assert [row.message_id for row in ground.rows()] == ["m-2"]
    projector.catch_up()
    assert [row.message_id for row in ground.rows()] == ["m-1", "m-2"]


def test_numbers_that_are_given_out_again_after_an_erasure_are_new_messages(ground: Ground) -> None:
    ground.open("web:2")
    ground.say("web:2", "m-1")
    projector = ground.projector()
    projector.catch_up()
    erase(ground, "web:2")
    ground.say("web:1", "m-2")
    projector.catch_up()
    assert [(row.conversation_id, row.message_id, row.intent) for row in ground.rows()] == [
        ("web:1", "m-2", "faq_cost")
    ]


def erase(ground: Ground, conversation: str) -> None:
    TrackerDatabase(ground.tracker_url).forget(conversation)
    with ground.database.unit() as session:
        MessageStore(session, datetime.now(UTC)).erase(conversation)


def test_an_erased_conversation_vanishes_and_stays_away(ground: Ground) -> None:
    ground.say("web:1", "m-1")
    ground.projector().catch_up()
    ground.say("web:1", "m-2")
    erase(ground, "web:1")
    ground.projector(lease=0).catch_up()
    assert ground.rows() == []
    assert ground.queued() == 0


def test_a_projection_that_runs_while_a_conversation_is_erased_does_not_bring_it_back(ground: Ground) -> None:
    ground.open("web:2")
    for number in range(30):
        ground.say("web:1", f"m-{number}")
        ground.say("web:2", f"m-{number}")

    class Interrupted(TrackerDatabase):
        """Erases the conversation after it was read and before it is written."""

        def read(self, *args: object, **kwargs: object) -> dict[str, list[dict[str, object]]]:
            found = super().read(*args, **kwargs)  # type: ignore[arg-type]
            erase(ground, "web:1")
            return found

    Projector(ground.database, Interrupted(ground.tracker_url), LIMITS).step()
    assert {row.conversation_id for row in ground.rows()} == {"web:2"}


def test_rows_of_an_erased_talk_do_not_come_back_in_a_new_one_with_the_same_id(ground: Ground) -> None:
    for number in range(3):
        ground.say("web:1", f"m-{number}")

    class Interrupted(TrackerDatabase):
        """Between reading and writing the talk is erased, and a new one begins."""

        def read(self, *args: object, **kwargs: object) -> dict[str, list[dict[str, object]]]:
            found = super().read(*args, **kwargs)  # type: ignore[arg-type]
            erase(ground, "web:1")
            ground.open("web:1")
            ground.say("web:1", "m-9")
            return found

    Projector(ground.database, Interrupted(ground.tracker_url), LIMITS, lease_seconds=0.5).step()
    assert ground.rows() == []
    time.sleep(0.6)
    ground.projector().catch_up()
    assert [row.message_id for row in ground.rows()] == ["m-9"]


def test_erasing_and_projecting_at_once_leaves_nothing(ground: Ground) -> None:
    for number in range(20):
        conversation = f"web:e{number}"
        ground.open(conversation)
        for message in range(3):
            ground.say(conversation, f"m-{message}")
        wait = threading.Thread(target=erase, args=(ground, conversation))
        wait.start()
        ground.projector(lease=0).catch_up()
        wait.join()
    ground.projector(lease=0).catch_up()
    assert [row for row in ground.rows() if row.conversation_id.startswith("web:e")] == []


def test_two_projectors_at_once_make_each_row_once(ground: Ground) -> None:
    for number in range(40):
        ground.say("web:1", f"m-{number}")
    first, second = ground.projector(lease=0), ground.projector(lease=0)

    def work(projector: Projector) -> None:
        for _ in range(30):
            projector.step(most=3)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [first, second]))
    settle(ground)
    assert_nothing_missing(ground, 40)


def test_only_the_owner_of_the_lease_works(ground: Ground) -> None:
    ground.say("web:1", "m-1")
    ground.say("web:1", "m-2")
    first, second = ground.projector(), ground.projector()
    assert first.step(most=1).entries == 1
    assert second.step().entries == 0
    assert second.step(now=datetime.now(UTC) + LATER).entries > 0
    assert first.step().entries == 0


def test_every_message_can_be_made_anew(ground: Ground) -> None:
    for number in range(5):
        ground.say("web:1", f"m-{number}")
    ground.projector().catch_up()
    with ground.database.unit() as session:
        session.execute(delete(ReviewMessage))
        enqueue_all(session, now=datetime.now(UTC))
    ground.projector(lease=0).step(now=datetime.now(UTC) + LATER)
    assert_nothing_missing(ground, 5)


def test_killed_fifty_times_while_people_write_it_misses_and_doubles_nothing(ground: Ground, tmp_path: Path) -> None:
    chance = random.Random(7)
    stop, log = threading.Event(), tmp_path / "log"
    log.touch()

    def worked() -> int:
        return log.read_text().count("step")

    ground.say("web:1", "m-first")
    with nursery(ground, log) as next_worker:
        writer = ThreadPoolExecutor(1).submit(write_until, stop, ground)
        for kill in range(KILLS):
            worker, before = next_worker(), worked()
            if kill % 2:  # Half of them may die before they did anything, the others not.
                wait_until(lambda before=before: worked() > before)
            time.sleep(chance.uniform(0.0, 0.2))
            os.kill(worker, signal.SIGKILL)
        stop.set()
        said = writer.result()
    assert worked() >= KILLS / 2, "the killed processes did too little to prove anything"
    settle(ground)
    assert_nothing_missing(ground, said, "m-first")


def write_until(stop: threading.Event, ground: Ground) -> int:
    """People write; how many messages."""
    for number in itertools.count():
        if stop.is_set():
            return number
        ground.say("web:1", f"m-{number}")
        time.sleep(0.02)
    raise AssertionError


NURSERY = """
import os, signal, sys
from bot.review.projection.reading import Thresholds
from bot.db.base import Database
from bot.delivery.tracker import TrackerDatabase
from bot.review.projection.service import Projector

database, tracker = Database(sys.argv[1]), TrackerDatabase(sys.argv[2])

def make():
    return Projector(database, tracker, Thresholds(0.3, 0.08), lease_seconds=0.05)

def work():
    log = open(sys.argv[3], "a", buffering=1)
    projector = make()
    while True:
        if projector.step(most=3).entries:
            log.write("step\\n")

make().step()  # So that a child, which inherits the prepared statements, works from its first moment on.
database.engine.dispose()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        work()
    print(child, flush=True)
"""


@contextmanager
def nursery(ground: Ground, log: Path) -> Iterator[Callable[[], int]]:
    """Begets projectors as processes of their own; each call gives the id of a new one."""
    command = [sys.executable, "-c", NURSERY, ground.url, ground.tracker_url, str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    assert process.stdin
    assert process.stdout
    asked, told = process.stdin, process.stdout
    assert told.readline() == "ready\n"

    def beget() -> int:
        asked.write("\n")
        return int(told.readline())

    try:
        yield beget
    finally:
        asked.close()
        process.wait()


def settle(ground: Ground) -> None:
    time.sleep(0.1)
    wait_for(lambda: not ground.projector(lease=0).step(now=datetime.now(UTC) + LATER).entries)


def wait_for(is_true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_true():
            return
    raise AssertionError("it did not end")


def assert_nothing_missing(ground: Ground, expected: int, *others: str) -> None:
    rows = ground.rows()
    assert sorted(row.message_id for row in rows) == sorted([*others, *(f"m-{number}" for number in range(expected))])
    assert {(row.outcome, row.intent) for row in rows} == {("answered", "faq_cost")}
    assert ground.queued() == 0
