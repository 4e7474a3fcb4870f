"""Discovery over a real database: sixty chats in, groups out, and what staff do with them can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.content.change import AddSentences, ChangeError
from bot.content.tables import ChangeRow
from bot.db.base import Database
from bot.review import bulk_actions
from bot.review.bulk_actions import BulkActionError
from bot.review.discovery import run as search
from bot.review.discovery import service as discovery
from bot.review.discovery.service import DiscoveryError, Group
from bot.review.discovery.tables import MessageVector
from bot.review.tables import BulkAction, ReviewMessage
from bot.settings import ROOT, Settings
from tests.chats import ALL, DOGS
from tests.review_rows import NOON, put

SETTINGS = Settings(var=ROOT / "var")  # type: ignore[call-arg]


def run(database: Database, *, now=NOON) -> int:
    with database.unit() as session:
        number = discovery.ask(session, "Ana", now).id
    return search.run(SETTINGS, database, number, now=now)


def the_group(session: Session) -> Group:
    return max(discovery.groups(session), key=lambda group: group.cluster.people)


@pytest.fixture
def two_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer sentences to compare with, where the comparison is not what is tested."""
    few = {"faq_cost": ["what does it cost"], "faq_visa": ["which visa do i need"]}
    monkeypatch.setattr(search, "_sentences", lambda session: few)


@pytest.fixture
def chats(empty: Database) -> Database:
    """Sixty people, one message each, the newest today and the oldest a fortnight ago."""
    with empty.unit() as session:
        for number, text in enumerate(ALL):
            put(session, f"web:{number}", text, at=NOON - timedelta(days=number % 14))
    return empty


def test_the_unknown_topic_is_found_named_counted_and_compared(chats: Database) -> None:
    assert run(chats) >= 2
    with chats.unit() as session:
        group = the_group(session)
        cluster = group.cluster
        assert "dog" in cluster.name
        assert cluster.people == len(group.members) >= 12
        assert cluster.this_week + cluster.last_week == cluster.people
        assert {member.text for member in group.members} <= set(DOGS)
        assert cluster.nearest_intent.startswith(("faq_", "search", "ask", "out_of_scope/"))
        assert 0 < cluster.similarity < 0.8
        assert group.members[0].fit >= group.members[-1].fit
        assert discovery.total(session) == len(ALL)


@pytest.mark.usefixtures("two_topics")
def test_a_group_keeps_its_id_and_the_name_that_staff_gave_it(chats: Database) -> None:
    run(chats)
    with chats.unit() as session:
        before = the_group(session).cluster.id
        discovery.rename(session, before, "Bringing a dog")
        for number, text in enumerate(("who feeds my dog when I am on call", "is my dog too big for the cabin")):
            put(session, f"web:new{number}", text)
    run(chats)
    with chats.unit() as session:
        cluster = the_group(session).cluster
        assert (cluster.id, cluster.name) == (before, "Bringing a dog")


@pytest.mark.usefixtures("two_topics")
def test_vectors_are_made_once(chats: Database) -> None:
    run(chats)
    with chats.unit() as session:
        rows = list(session.scalars(select(MessageVector)))
        assert len(rows) == len(ALL)
        rows[0].vector = marked = bytes(len(rows[0].vector))
        number = rows[0].message_id
    run(chats)
    with chats.unit() as session:
        assert session.get(MessageVector, number).vector == marked


@pytest.mark.usefixtures("two_topics")
def test_one_person_who_asks_forty_times_makes_no_group(empty: Database) -> None:
    with empty.unit() as session:
        for number in range(40):
            put(session, "web:one", f"can i bring a dog there, question {number}", at=NOON - timedelta(minutes=number))
    assert run(empty) == 0


@pytest.mark.usefixtures("two_topics")
def test_nothing_to_look_at_is_no_failure(empty: Database) -> None:
    assert run(empty) == 0


def test_a_failure_stands_in_the_row_of_the_run(chats: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[bytes]:
        raise OSError("no encoder today")

    monkeypatch.setattr("bot.review.discovery.vectors.encode", broken)
    with pytest.raises(OSError, match="no encoder"):
        run(chats)
    with chats.unit() as session:
        last = discovery.newest_run(session)
        assert (last.status, last.error) == ("failed", "no encoder today")
        discovery.ask(session, "Ana", NOON)  # the next one may start


def test_one_search_at_a_time_unless_the_first_is_dead(empty: Database) -> None:
    with empty.unit() as session:
        discovery.ask(session, "Ana", NOON)
        with pytest.raises(DiscoveryError, match="running already"):
            discovery.ask(session, "Ben", NOON + timedelta(minutes=1))
        discovery.ask(session, "Ben", NOON + timedelta(minutes=6))


@pytest.mark.usefixtures("two_topics")
def test_it_runs_by_itself_when_enough_is_new(chats: Database) -> None:
    with chats.unit() as session:
        assert discovery.is_due(session, after=60, now=NOON)
        assert not discovery.is_due(session, after=61, now=NOON)
        assert not discovery.is_due(session, after=0, now=NOON)  # switched off
    run(chats)
    with chats.unit() as session:
        assert not discovery.is_due(session, after=1, now=NOON)
        put(session, "web:late", "one more question")
        assert discovery.is_due(session, after=1, now=NOON)


def states(session: Session) -> set[str]:
    return {row.review for row in session.scalars(select(ReviewMessage))}


def add(session: Session, messages: list[int]) -> BulkAction:
    change = AddSentences("faq_documents", ("one", "two"), ("three",))
    return bulk_actions.add_to_topic(session, "Ana", change, messages=messages, now=NOON)


@pytest.mark.parametrize("way", ["undo", "withdraw"])
def test_what_was_added_is_resolved_and_open_again_when_taken_back(empty: Database, way: str) -> None:
    with empty.unit() as session:
        messages = [put(session, f"web:{number}", f"text {number}").id for number in range(3)]
        action = add(session, messages)
        assert states(session) == {"resolved"}
        assert session.get(ChangeRow, action.change_id).state == "pending"
    with empty.unit() as session:
        if way == "undo":
            bulk_actions.undo(session, "Ben", action.id, now=NOON)
        else:
            bulk_actions.withdraw(session, "Ben", action.change_id, now=NOON)
    with empty.unit() as session:
        assert states(session) == {"open"}
        assert session.get(ChangeRow, action.change_id).state == "withdrawn"
        assert bulk_actions.recent(session)[0][1] is False


def test_what_is_live_cannot_be_undone_here(empty: Database) -> None:
    with empty.unit() as session:
        action = add(session, [put(session, "web:1", "text").id])
        session.get(ChangeRow, action.change_id).state = "published"
    with pytest.raises(ChangeError), empty.unit() as session:
        bulk_actions.undo(session, "Ana", action.id, now=NOON)
    with empty.unit() as session:
        assert states(session) == {"resolved"}


def test_ignored_messages_come_back_once(empty: Database) -> None:
    with empty.unit() as session:
        action = bulk_actions.ignore(session, "Ana", [put(session, "web:1", "text").id], now=NOON)
        assert states(session) == {"ignored"}
        bulk_actions.undo(session, "Ana", action.id, now=NOON)
        assert states(session) == {"open"}
        with pytest.raises(BulkActionError, match="already"):
            bulk_actions.undo(session, "Ana", action.id, now=NOON)


def test_who_comes_second_is_told_so_and_changes_nothing(empty: Database) -> None:
    with empty.unit() as session:
        message = put(session, "web:1", "text").id
        bulk_actions.ignore(session, "Ana", [message], now=NOON)
    with pytest.raises(BulkActionError, match="faster"), empty.unit() as session:
        add(session, [message])
    with empty.unit() as session:
        assert session.scalars(select(ChangeRow)).all() == []
