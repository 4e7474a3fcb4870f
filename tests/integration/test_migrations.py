"""The schema is what the models say, and a database that is in use goes up and down with all that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, inspect, select, text

from bot.db.base import Database, with_driver
from bot.db.migrate import configuration, downgrade, upgrade
from bot.handoff.tables import ContactRow
from bot.review import bulk_actions
from bot.review.bulk_actions import BulkActionError, Outcome
from bot.review.tables import BulkAction, BulkActionMessage
from bot.staff.tables import StaffUser
from tests.review_rows import put

FIRST = "0011_shared_profiles"
TRIGGERS = {
    "sqlite": {
        *("audit_log_no_update", "audit_log_no_delete", "inbox_added", "inbox_settled", "feedback_added"),
        *("messages_words_added", "messages_words_removed", "messages_words_changed"),
    },
    "postgresql": {"audit_log_only_grows", "inbox_added", "inbox_settled", "feedback_added"},
}
USED = (
    "INSERT INTO conversations VALUES ('web:1', '', '', '{day} 08:00:00', '{day} 08:00:00', 0)",
    "INSERT INTO staff_users VALUES (1, 'ada', 'hash', 'admin', 'secret', 7, '{day} 08:00:00', '{day} 08:00:00',"
    " NULL, NULL, 0, NULL)",
    "INSERT INTO contacts VALUES ('web:1', 'address', '{day} 08:00:00', NULL)",
    "INSERT INTO changes VALUES (5, 'add_sentences', '{{}}', 'two sentences', 'pending', 'ada', '{day} 10:00:00', '',"
    " NULL, '')",
    "INSERT INTO messages (id, conversation_id, message_id, received_at, channel, text, kind, intent, runner_up,"
    " entities, action, outcome, model_id, feedback, feedback_reason, facts, trigger, review, claimed_by)"
    " SELECT number, 'web:1', 'm-' || number, '{day} 08:00:00', 'web', 'text', 'typed', '', '', '[]', '', 'fallback',"
    " '', '', '', '{{}}', 'fallback', 'resolved', 'ada' FROM (SELECT 1 AS number UNION SELECT 2 UNION SELECT 3) AS n",
    "INSERT INTO review_steps VALUES (1, '{day} 09:00:00', 'ada', 'claim', {true}), (2, '{day} 11:00:00', 'bo',"
    " 'resolve', {false})",
    "INSERT INTO review_step_messages VALUES (1, 1, 'open', '', NULL), (2, 1, 'claimed', 'ada', NULL),"
    " (2, 3, 'ignored', 'cy', '{day} 08:30:00')",
    "INSERT INTO discovery_deeds VALUES (1, 'added', 'ada', '{day} 10:00:00', 5, 'two sentences', NULL),"
    " (2, 'ignored', 'bo', '{day} 12:00:00', NULL, '1 messages', '{day} 13:00:00')",
    "INSERT INTO discovery_deed_messages VALUES (1, 1), (1, 2), (2, 3)",
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp(request.param) / 'bot.db'}"
    else:
        yield request.getfixturevalue("postgres_server").bare()


@pytest.fixture
def url(address: str) -> Iterator[str]:
    yield address
    downgrade(address, "base")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    upgrade(url)
    made = Database(url)
    yield made
    made.engine.dispose()


def execute(url: str, *statements: str) -> None:
    engine = create_engine(with_driver(url))
    is_sqlite = engine.dialect.name == "sqlite"
    words = {"day": "2026-11-20", "true": "1" if is_sqlite else "true", "false": "0" if is_sqlite else "false"}
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.format(**words))
    engine.dispose()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(with_driver(url))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def triggers(connection: Connection) -> set[str]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return set(connection.scalars(text(asked[connection.dialect.name])))


def schema(url: str) -> list[tuple[object, ...]]:
    """Everything that was created, as the database itself words it."""
    if url.startswith("sqlite"):
        return rows(url, "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")
    asked = (
        "SELECT table_name, ordinal_position, column_name, data_type, character_maximum_length, is_nullable,"
        " column_default FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 3",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        " ORDER BY 1",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    )
    return [row for query in asked for row in rows(url, query)]


def test_the_migrated_schema_is_what_the_models_say(url: str) -> None:
    upgrade(url)
    command.check(configuration(url))


def test_what_stands_outside_of_the_models_is_there(database: Database) -> None:
    with database.engine.connect() as connection:
        assert triggers(connection) == TRIGGERS[connection.dialect.name]
        assert connection.scalar(text("SELECT COUNT(*) FROM projection_lease")) == 1


def test_the_way_down_ends_with_nothing(url: str) -> None:
    upgrade(url)
    downgrade(url, "base")
    left = inspect(create_engine(with_driver(url)))
    assert left.get_table_names() == ["alembic_version"]


def test_going_up_carries_every_step_and_its_messages_over(url: str) -> None:
    upgrade(url, FIRST)
    execute(url, *USED)
    upgrade(url)
    database = Database(url)
    with database.unit() as session:
        actions = session.scalars(select(BulkAction).order_by(BulkAction.id)).all()
        noted = [(row.verb, row.done_by, row.done_at.hour, row.change_id, row.summary) for row in actions]
        assert noted == [
            ("claim", "ada", 9, None, "1 message"),
            ("add", "ada", 10, 5, "two sentences"),
            ("resolve", "bo", 11, None, "2 messages"),
            ("ignore", "bo", 12, None, "1 messages"),
        ]
        assert [row.undone_at and row.undone_at.hour for row in actions] == [9, None, None, 13]
        kept = session.scalars(select(BulkActionMessage).order_by("action_id", "message_id"))
        assert [(row.action_id, row.message_id, row.review, row.claimed_by, row.reviewed_at) for row in kept] == [
            (1, 1, "open", "", None),
            (2, 1, "open", "", None),
            (2, 2, "open", "", None),
            (3, 1, "claimed", "ada", None),
            (3, 3, "ignored", "cy", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
            (4, 3, "open", "", None),
        ]
        user, contact = session.scalars(select(StaffUser)).one(), session.scalars(select(ContactRow)).one()
        assert (user.totp_encrypted, contact.encrypted) == ("secret", "address")
        bulk_actions.ignore(session, "cy", [put(session, "web:2", id=9).id], now=datetime.now(UTC))
    with database.unit() as session:
        assert session.scalar(select(BulkAction.id).order_by(BulkAction.id.desc()).limit(1)) == 5
    database.engine.dispose()


def test_going_down_sorts_them_again_and_the_schema_is_as_before(url: str) -> None:
    upgrade(url, FIRST)
    before = schema(url)
    execute(url, *USED)
    upgrade(url)
    downgrade(url, FIRST)
    assert schema(url) == before
    steps = "SELECT id, staff_name, verb, undone FROM review_steps ORDER BY id"
    assert rows(url, steps) == [(1, "ada", "claim", 1), (3, "bo", "resolve", 0), (4, "bo", "ignore", 1)]
    kept = "SELECT step_id, message_id, review, claimed_by FROM review_step_messages ORDER BY step_id, message_id"
    claims = [(1, 1, "open", ""), (3, 1, "claimed", "ada"), (3, 3, "ignored", "cy"), (4, 3, "open", "")]
    assert rows(url, kept) == claims
    deeds = "SELECT id, kind, done_by, change_id, summary FROM discovery_deeds"
    assert rows(url, deeds) == [(2, "added", "ada", 5, "two sentences")]
    assert rows(url, "SELECT deed_id, message_id FROM discovery_deed_messages ORDER BY message_id") == [(2, 1), (2, 2)]
    assert rows(url, "SELECT totp_sealed, sealed FROM staff_users, contacts") == [("secret", "address")]
    upgrade(url)
    assert rows(url, "SELECT COUNT(*) FROM bulk_action_messages") == [(6,)]


def test_of_two_who_act_at_one_moment_one_is_told_so(database: Database) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with database.unit() as session:
        messages = [put(session, f"web:{number}", at=now).id for number in range(5)]

    def ignore(number: int) -> int | None:
        try:
            with database.unit() as session:
                return bulk_actions.ignore(session, f"staff-{number}", messages, now=now).id
        except BulkActionError:
            return None

    def undo(_: int) -> Outcome | None:
        try:
            with database.unit() as session:
                return bulk_actions.undo(session, "eva", action, now=now)
        except BulkActionError:
            return None

    with ThreadPoolExecutor(8) as pool:
        (action,) = filter(None, pool.map(ignore, range(8)))
        assert list(filter(None, pool.map(undo, range(8)))) == [Outcome(5)]
