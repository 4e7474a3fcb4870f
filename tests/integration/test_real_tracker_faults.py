"""A fault of the engine's database, however short, costs nobody what they told, nor an answer, nor the order."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from bot.content.releases.swapping import swap
from bot.ops import system, training
from bot.ops.supervisor import Supervisor
from bot.settings import ROOT, Settings
from tests.conftest import PATIENCE, TODAY
from tests.database_faults import SqliteFaults
from tests.postgres import postgres
from tests.running_app import wait_until
from tests.visitor import Visitor, is_final, words

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]
ANSWERED_WITHIN_SECONDS = 90
TOLD = ("graduate", "internal medicine", "step 1: passed")


def tell(visitor: Visitor) -> None:
    visitor.say("I'm a graduate")
    assert visitor.say("I want internal medicine")["status"] == "answered"


def nothing_is_lost(visitor: Visitor, fault: AbstractContextManager[None], check: Callable[[], None]) -> None:
    """Facts are told, the database breaks, two messages come, it is mended, and everything is there."""
    tell(visitor)
    sent = [("I passed USMLE Step 1", str(uuid.uuid4())), ("what do you know about me?", str(uuid.uuid4()))]
    with fault:
        for text, message in sent:
            assert visitor.say(text, message)["status"] == "pending"
        check()
    wait_for_answers(visitor, [message for _, message in sent])
    summary = visitor.answers_to(sent[1][1])[-1]
    assert [told for told in TOLD if told in words(summary).lower()] == list(TOLD)
    order = [item["in_reply_to"] for item in visitor.history() if is_final(item)]
    assert order[-2:] == [message for _, message in sent]
    again = visitor.say("what do you know about me?")
    assert [told for told in TOLD if told in words(again["replies"][0]).lower()] == list(TOLD)


def wait_for_answers(visitor: Visitor, messages: list[str]) -> None:
    """Returns when each has its answer, and some time later has no second one."""
    deadline = time.monotonic() + ANSWERED_WITHIN_SECONDS
    while not all(finals(visitor, message) for message in messages) and time.monotonic() < deadline:
        time.sleep(0.5)
    time.sleep(3)
    assert [len(finals(visitor, message)) for message in messages] == [1] * len(messages)


def finals(visitor: Visitor, message: str) -> list[dict]:
    return [item for item in visitor.answers_to(message) if is_final(item)]


def failing_parts(url: str) -> set[str]:
    """What is not well, as the readiness page knows it: it looks anew every second or two."""
    ready = httpx.get(f"{url}/readyz", timeout=10)
    return {name for name, part in ready.json()["parts"].items() if not part["ok"]}


@pytest.mark.parametrize(("fault", "is_seen"), [("locked", True), ("away", True), ("read_only", False)])
def test_a_fault_of_the_tracker_file_costs_no_fact_and_no_answer(
    running: tuple[Settings, Supervisor],
    app_url: str,
    fault: str,
    is_seen: bool,
) -> None:
    tracker = SqliteFaults(running[0].var / "tracker.db")

    def check() -> None:
        if is_seen:
            wait_until(lambda: "tracker" in failing_parts(app_url))

    nothing_is_lost(Visitor(app_url), getattr(tracker, fault)(), check)


def test_the_same_holds_after_a_hot_swap(running: tuple[Settings, Supervisor], app_url: str) -> None:
    settings = running[0]
    swap(settings, training.current(Settings(var=ROOT / "var")))  # type: ignore[call-arg]
    nothing_is_lost(Visitor(app_url), SqliteFaults(settings.var / "tracker.db").away(), lambda: None)


def test_postgresql_stops_and_comes_back(tmp_path: Path) -> None:
    trained = training.train(Settings(var=ROOT / "var"))  # type: ignore[call-arg]

    def check() -> None:
        wait_until(lambda: failing_parts(url) == {"tracker"})

    with (
        postgres() as server,
        system.temporary(
            tmp_path, trained, today=TODAY, patience=PATIENCE, engine_timeout_seconds=60, tracker_url=server.bare()
        ) as started,
    ):
        url = started[0].base_url
        visitor = Visitor(url)
        nothing_is_lost(visitor, server.stopped(), check)
        with server.stopped():
            time.sleep(1)
        assert visitor.say("Do I need USMLE Step 1?")["status"] == "answered"
