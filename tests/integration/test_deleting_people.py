"""Nothing is left of a person: after the wish of staff, and after a year without a word."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import create_engine, select, text, update

from bot.db.base import Base, Database
from bot.delivery.retention.store import unseen
from bot.delivery.retention.worker import RetentionWorker
from bot.delivery.tables import Conversation
from bot.linking.store import goes_on_elsewhere
from bot.linking.tables import Link
from bot.reminders.store import waits
from bot.reminders.tables import ReminderRow
from bot.review.tables import ReviewMessage
from bot.staff.roles import Role
from bot.staff.store import audit_entries
from bot.timeline.store import save_plan
from tests.running_app import RunningApp, Visitor
from tests.staff import ConsoleSession
from tests.tracker import EVENTS, store, turn

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
KEEPS = (waits, partial(goes_on_elsewhere, keeps=(waits,)))


def traces(database: Database, mark: str) -> list[str]:
    """The tables in which `mark` stands in any column."""
    found = []
    with database.unit() as session:
        for table in Base.metadata.sorted_tables:
            rows = session.execute(select(table)).all()
            if any(mark in str(value) for row in rows for value in row):
                found.append(table.name)
    return found


def age(database: Database, *conversations: str, days: int) -> None:
    """Makes it long since something was said there."""
    with database.unit() as session:
        old = update(Conversation).where(Conversation.id.in_(conversations))
        session.execute(old.values(last_seen_at=NOW - timedelta(days=days)))


def add_conversation(database: Database, name: str, *, days: int) -> str:
    with database.unit() as session:
        seen = NOW - timedelta(days=days)
        session.add(Conversation(id=name, created_at=seen, last_seen_at=seen))
    return name


def remind(database: Database, conversation: str) -> None:
    with database.unit() as session:
        session.add(
            ReminderRow(
                conversation_id=conversation,
                subject="apply",
                due_at=NOW + YEAR,
                delivery_key=str(uuid.uuid4()),
                created_at=NOW,
            )
        )


def link(database: Database, web: str, telegram: str) -> None:
    with database.unit() as session:
        session.add(Link(web=web, telegram=telegram, created_at=NOW))


def fill(app: RunningApp, visitor: Visitor) -> str:
    """A conversation with something in many tables, in the engine's own too; gives its id."""
    visitor.ask("how much does it cost?")
    conversation = visitor.conversation
    with app.database.unit() as session:
        save_plan(session, conversation, computed=NOW.date(), verdict="ok", title="x", words="x", steps=[], now=NOW)
        session.add(
            ReviewMessage(
                conversation_id=conversation, message_id=str(uuid.uuid4()), received_at=NOW, channel="web", text="x"
            )
        )
    remember(app, conversation)
    return conversation


def remember(app: RunningApp, conversation: str, said: str = "How much is it?") -> None:
    """Puts a turn into the engine's memory."""
    with create_engine(app.settings.tracker).begin() as connection:
        EVENTS.metadata.create_all(connection)
        store(connection, turn(conversation, str(uuid.uuid4()), NOW, text=said))


def events_of(app: RunningApp, conversation: str) -> Sequence[object]:
    with create_engine(app.settings.tracker).begin() as connection:
        return connection.execute(text("SELECT 1 FROM events WHERE sender_id = :who"), {"who": conversation}).all()


def test_staff_delete_a_person_from_every_table_and_the_log_does_not_say_whom(
    app: RunningApp, visitor: Visitor
) -> None:
    conversation = fill(app, visitor)
    assert {"conversations", "inbox", "outbox", "plans", "messages"} <= set(traces(app.database, conversation))
    admin = ConsoleSession(app, Role.ADMIN)
    assert "What will be deleted" in admin.open("/people", conversation=conversation)
    admin.send("/people/delete", conversation=conversation)
    assert traces(app.database, conversation), "deleted without being sure"
    assert admin.send("/people/delete", conversation=conversation, sure="yes").status_code == 303
    assert traces(app.database, conversation) == []
    assert events_of(app, conversation) == []
    assert visitor.http.get("/messages").status_code == 401
    with app.database.unit() as session:
        entry = audit_entries(session, action="delete person")[0]
    assert (entry.staff_name, entry.subject) == ("the-admin", "a web conversation")


def test_a_conversation_is_found_by_the_number_of_a_message(app: RunningApp, visitor: Visitor) -> None:
    fill(app, visitor)
    with app.database.unit() as session:
        number = session.scalar(select(ReviewMessage.id).where(ReviewMessage.conversation_id == visitor.conversation))
    admin = ConsoleSession(app, Role.ADMIN)
    assert visitor.conversation in admin.open("/people", conversation=number)
    assert admin.http.get("/people", params={"conversation": "999999"}).status_code == 404


def test_a_stranger_is_not_deleted(app: RunningApp, visitor: Visitor) -> None:
    conversation, other = fill(app, visitor), fill(app, app.visitor())
    ConsoleSession(app, Role.ADMIN).send("/people/delete", conversation=conversation, sure="yes")
    assert "inbox" in traces(app.database, other)
    assert events_of(app, other)


async def test_what_nobody_came_back_to_is_deleted_everywhere_and_the_rest_stays(
    app: RunningApp, visitor: Visitor
) -> None:
    old, fresh = fill(app, visitor), fill(app, app.visitor())
    age(app.database, old, days=366)
    age(app.database, fresh, days=364)
    assert app.app
    retention = RetentionWorker(app.database, app.app.state.web.delivery, 365, keeps=KEEPS)
    assert await retention.sweep(NOW) == 1
    assert traces(app.database, old) == []
    assert events_of(app, old) == []
    assert "inbox" in traces(app.database, fresh)


async def test_zero_days_keep_everything(app: RunningApp, visitor: Visitor) -> None:
    conversation = fill(app, visitor)
    age(app.database, conversation, days=9999)
    assert app.app
    await RetentionWorker(app.database, app.app.state.web.delivery, 0).round()
    assert "inbox" in traces(app.database, conversation)


@pytest.mark.parametrize(
    ("partner_days", "reminds", "gone"), [(400, "", True), (10, "", False), (400, "tg:1", False), (400, "web:1", False)]
)
def test_who_talks_elsewhere_or_waits_for_a_reminder_is_not_gone(
    partner_days: int, reminds: str, gone: bool, app: RunningApp
) -> None:
    add_conversation(app.database, "web:1", days=400)
    add_conversation(app.database, "tg:1", days=partner_days)
    link(app.database, "web:1", "tg:1")
    if reminds:
        remind(app.database, reminds)
    with app.database.unit() as session:
        assert ("web:1" in unseen(session, NOW - YEAR, keeps=KEEPS)) is gone


async def test_many_are_deleted_in_batches(app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.retention.worker.BATCH", 3)
    for at in range(7):
        add_conversation(app.database, f"web:{at}", days=400)
    assert app.app
    assert await RetentionWorker(app.database, app.app.state.web.delivery, 365).sweep(NOW) == 7
