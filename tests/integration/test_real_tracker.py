"""What delivery relies on in the real engine: lost answers are found in its tracker, and it can forget."""

from __future__ import annotations

import uuid

import pytest

from bot.delivery.engine import Engine, earlier_reply
from bot.delivery.tracker import TrackerDatabase
from bot.ops.supervisor import Supervisor
from bot.settings import Settings

pytestmark = [pytest.mark.engine]


async def test_a_lost_answer_is_found_until_it_is_forgotten(running: tuple[Settings, Supervisor]) -> None:
    settings = running[0]
    tracker = TrackerDatabase(settings.tracker)
    engine = Engine(settings.engine_url, settings.actions_url, timeout=30, key=settings.engine_key())
    conversation = f"web:{uuid.uuid4()}"
    try:
        first = await engine.ask(conversation, "How much does a rotation cost?", message_id="m-1")
        second = await engine.ask(conversation, "/restart", message_id="m-2")
        assert earlier_reply(tracker.said_after(conversation, "m-1")) == first
        assert earlier_reply(tracker.said_after(conversation, "m-2")) == second
        assert earlier_reply(tracker.said_after(conversation, "m-3")) is None
        tracker.forget(conversation)
        assert earlier_reply(tracker.said_after(conversation, "m-1")) is None
        assert await engine.healthy()
    finally:
        await engine.close()
