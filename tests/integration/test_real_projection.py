"""What the real engine stores arrives in the review: understanding, confidence, model, and what the actions noted."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from bot.db.base import Database
from bot.ops.supervisor import Supervisor
from bot.review.tables import ReviewMessage
from bot.settings import Settings
from tests.running_app import Visitor

pytestmark = [pytest.mark.engine]


def row(database: Database, message_id: str, is_there: Callable[[ReviewMessage], bool]) -> ReviewMessage:
    """The row of a message, as soon as the running application has projected it."""
    deadline = time.monotonic() + 60
    while True:
        with database.unit() as session:
            found = session.scalar(select(ReviewMessage).where(ReviewMessage.message_id == message_id))
        if found and is_there(found):
            return found
        assert time.monotonic() < deadline, f"not projected: {found and found.outcome}"
        time.sleep(0.5)


def test_what_the_engine_understood_arrives(running: tuple[Settings, Supervisor]) -> None:
    settings, _ = running
    database = Database(settings.database)
    opened = httpx.post(f"{settings.base_url}/api/v1/conversations", json={}, timeout=30)
    visitor = Visitor(settings.base_url, opened.json())
    said = {
        "cost": visitor.ask("How much does a rotation cost?"),
        "search": visitor.ask("Find internal medicine observerships in Texas"),
        "lost": visitor.ask("blorp fnord wibble zonk"),
        "plan": visitor.ask("I want to start in September 2027"),
    }
    assert all(answer["status"] == "answered" for answer in said.values())
    history = {entry["text"]: entry["id"] for entry in visitor.history() if entry.get("id")}

    def understood(found: ReviewMessage) -> bool:
        return found.model_id != ""

    cost = row(database, history["How much does a rotation cost?"], understood)
    assert (cost.intent, cost.outcome, cost.action) == ("faq_cost", "answered", "action_answer_faq")
    assert cost.facts["aspect"].startswith("faq_cost")
    assert "ask" in cost.facts["acts"]
    assert cost.confidence is not None
    assert cost.confidence > 0.3
    assert cost.runner_up not in ("", "nlu_fallback")
    assert cost.reply_ms is not None
    found = row(database, history["Find internal medicine observerships in Texas"], understood)
    assert found.facts["search"]["states"] == ["TX"]
    assert found.facts["search"]["specialties"] == ["internal medicine"]
    # What the engine understood may be projected before its reply, which says what came of the message.
    lost = row(database, history["blorp fnord wibble zonk"], lambda row: row.outcome in ("fallback", "refused"))
    assert lost.trigger in ("fallback", "out_of_scope")
    database.engine.dispose()
