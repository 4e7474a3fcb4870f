"""Staff, audit log, upkeep and retention behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import Database
from bot.delivery.retention.store import holding, unseen
from bot.delivery.tables import Conversation
from bot.linking.store import goes_on_elsewhere, partners
from bot.linking.tables import Link
from bot.programs.importer import import_facts, import_programs
from bot.programs.upkeep import service as upkeep
from bot.programs.upkeep.store import STATES, find_facts, find_program, find_programs
from bot.programs.vocabulary import families
from bot.reminders.store import waits
from bot.settings import ROOT
from bot.staff import service as staff
from bot.staff import sign_in as signing_in
from bot.staff.audit import audit
from bot.staff.roles import Role, Staff
from bot.staff.store import audit_entries
from bot.staff.tables import StaffUser
from tests.staff import hire, sign_in

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
KEEPS = (waits, partial(goes_on_elsewhere, keeps=(waits,)))
EVA = Staff(1, "eva", Role.PUBLISHER)


@pytest.fixture(scope="module")
def database(new_database: Callable[[], str]) -> Iterator[Database]:
    made = Database(new_database())
    import_programs(made, ROOT / "data" / "programs.csv", families=families())
    import_facts(made, ROOT / "data" / "facts.csv")
    yield made
    made.engine.dispose()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET staff_name = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
def test_the_database_refuses_to_change_the_audit_log(statement: str, database: Database) -> None:
    if statement.startswith("TRUNCATE") and database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    with database.unit() as session:
        audit(session, EVA, "try", "something", {"a": 1, "b": 2}, {"a": 1, "b": 3})
    with pytest.raises(SQLAlchemyError, match="only grow"), database.unit() as session:
        session.execute(text(statement))
    with database.unit() as session:
        newest = audit_entries(session, who="eva", action="try", subject="SOME", since=datetime(2020, 1, 1, tzinfo=UTC))
    assert (newest[0].before, newest[0].after) == ({"b": 2}, {"b": 3})


def test_attempts_at_one_moment_are_counted_one_by_one(database: Database) -> None:
    person = hire(database, Role.VIEWER, "counted")

    def attempt(_: int) -> bool:
        with database.unit() as session:
            return signing_in.begin(session, "counted", now=NOW).user_id is not None

    with ThreadPoolExecutor(8) as pool:
        looked_at = sum(pool.map(attempt, range(40)))
    assert looked_at <= signing_in.FREE_ATTEMPTS
    with database.unit() as session:
        assert session.get_one(StaffUser, person.id).failed_count == looked_at


def test_sessions_and_roles(database: Database) -> None:
    admin, tom = hire(database, Role.ADMIN, "chief"), hire(database, Role.VIEWER, "tom")
    token = sign_in(database, tom)
    with database.unit() as session:
        found = signing_in.visit_of(session, token, now=datetime.now(UTC))
        assert found
        assert found.staff == tom
        staff.set_role(session, admin, session.get_one(StaffUser, tom.id), Role.PUBLISHER)
    with database.unit() as session:
        assert signing_in.visit_of(session, token, now=datetime.now(UTC)) is None
        with pytest.raises(staff.StaffError):
            staff.disable(session, admin, session.get_one(StaffUser, admin.id))
        session.rollback()


@pytest.mark.parametrize("state", STATES)
def test_lists_of_programs_and_facts(state: str, database: Database) -> None:
    with database.unit() as session:
        found = find_programs(session, "", state=state, today=TODAY, us_state="NY", limit=5)
        assert len(found.rows) == min(found.count, 5)
        assert (found.count > 5) is (state != "retired")
        facts = find_facts(session, "visa", state=state, today=TODAY)
        assert all("visa" in f"{row.key} {row.explanation} {row.value} {row.applies_to}".lower() for row in facts.rows)


def test_a_program_is_retired_and_comes_back(database: Database) -> None:
    for verb, count in (("retire", 1), ("bring back", 0)):
        with database.unit() as session:
            row = find_program(session, "ace-md-rotations")
            assert row
            if verb == "retire":
                upkeep.retire(session, EVA, row, reason="closed", now=NOW)
            else:
                upkeep.bring_back(session, EVA, row)
        with database.unit() as session:
            assert find_programs(session, "ace.md", state="retired", today=TODAY).count == count


def test_old_conversations_are_found_unless_the_person_goes_on_elsewhere(database: Database) -> None:
    edge = NOW - timedelta(days=365)
    with database.unit() as session:
        for name, days in (("web:gone", 400), ("web:here", 10), ("web:linked", 400), ("tg:7", 10)):
            seen = NOW - timedelta(days=days)
            session.add(Conversation(id=name, created_at=seen, last_seen_at=seen))
        session.add(Link(web="web:linked", telegram="tg:7", created_at=NOW))
    with database.unit() as session:
        assert unseen(session, edge, keeps=KEEPS) == ["web:gone"]
        assert unseen(session, edge, keeps=KEEPS, after="web:gone") == []
        known = holding(session, "tg:7", partners=partners(session, "tg:7"))
        assert known
        assert (known.channel, known.partners, known.messages) == ("telegram", ("web:linked",), 0)
