"""What is done with messages can be taken back: each becomes what it was, unless somebody has changed it since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.content.change import AddSentences, ChangeError
from bot.content.tables import ChangeRow
from bot.db.base import Database
from bot.review import bulk_actions
from bot.review.bulk_actions import BulkActionError, Outcome
from bot.review.tables import BulkAction, BulkActionMessage, ReviewMessage
from bot.staff.roles import Role, Staff
from bot.staff.store import audit_entries
from tests.review_rows import NOON, put

ADA, BO = Staff(1, "ada", Role.ANNOTATOR), Staff(2, "bo", Role.ANNOTATOR)
LATER = NOON + timedelta(hours=1)
SENTENCES = AddSentences("faq_documents", ("one", "two"), ("three",))


def three(session: Session) -> list[int]:
    return [put(session, f"web:{number}", f"text {number}").id for number in range(3)]


def states(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(ReviewMessage).order_by(ReviewMessage.id))
    return [(row.review, row.claimed_by) for row in rows]


def log(session: Session) -> list[tuple[str, str, str]]:
    return [(entry.staff_name, entry.action, entry.subject) for entry in reversed(audit_entries(session))]


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("claim", ("claimed", "ada")),
        ("resolve", ("resolved", "ada")),
        ("ignore", ("ignored", "ada")),
        ("reopen", ("open", "")),
    ],
)
def test_every_action_makes_its_way_back_to_what_was_before(empty: Database, verb: str, state: tuple[str, str]) -> None:
    with empty.unit() as session:
        first, second, third = three(session)
        bulk_actions.act(session, BO, "claim", [second], now=NOON)
        bulk_actions.act(session, BO, "resolve", [third], now=NOON)
        before = [(row.review, row.claimed_by, row.reviewed_at) for row in session.scalars(select(ReviewMessage))]
        done = bulk_actions.act(session, ADA, verb, [first, second, third], now=LATER)
        assert states(session).count(state) >= done.changed > 0
        bulk_actions.undo(session, ADA, bulk_actions.last(session, ADA).id, now=LATER)
        after = [(row.review, row.claimed_by, row.reviewed_at) for row in session.scalars(select(ReviewMessage))]
        assert after == before


def test_a_claim_outlives_a_topic_that_was_taken_back(empty: Database) -> None:
    with empty.unit() as session:
        messages = three(session)
        bulk_actions.act(session, BO, "claim", messages[:1], now=NOON)
        action = bulk_actions.add_to_topic(session, ADA, SENTENCES, messages=messages, now=LATER)
        assert states(session) == [("resolved", "ada")] * 3
        assert bulk_actions.undo(session, BO, action.id, now=LATER) == Outcome(3)
        assert states(session) == [("claimed", "bo"), ("open", ""), ("open", "")]
        assert session.get(ChangeRow, action.change_id).state == "withdrawn"


def test_what_somebody_has_changed_since_stays(empty: Database) -> None:
    with empty.unit() as session:
        messages = three(session)
        action = bulk_actions.add_to_topic(session, ADA, SENTENCES, messages=messages, now=NOON)
        bulk_actions.act(session, BO, "ignore", messages[:1], now=LATER)
        assert bulk_actions.undo(session, ADA, action.id, now=LATER) == Outcome(2, others=1)
        assert states(session) == [("ignored", "bo"), ("open", ""), ("open", "")]


def test_what_somebody_else_has_claimed_is_counted_and_left(empty: Database) -> None:
    with empty.unit() as session:
        messages = three(session)
        bulk_actions.act(session, BO, "claim", messages[:2], now=NOON)
        assert bulk_actions.act(session, ADA, "claim", messages, now=NOON) == Outcome(1, others=2)
        assert bulk_actions.act(session, ADA, "claim", messages[2:], now=NOON) == Outcome(0)


def test_ignoring_takes_only_what_still_waits(empty: Database) -> None:
    with empty.unit() as session:
        messages = three(session)
        bulk_actions.act(session, BO, "resolve", messages[:1], now=NOON)
        action = bulk_actions.ignore(session, ADA, messages, now=LATER)
        assert (action.summary, states(session)) == ("2 messages", [("resolved", "bo"), *[("ignored", "ada")] * 2])


def test_the_last_action_is_ones_own_and_can_still_be_undone(empty: Database) -> None:
    with empty.unit() as session:
        first, second, third = three(session)
        bulk_actions.act(session, ADA, "claim", [first], now=NOON)
        action = bulk_actions.add_to_topic(session, ADA, SENTENCES, messages=[second], now=NOON)
        bulk_actions.act(session, BO, "resolve", [third], now=NOON)
        assert bulk_actions.last(session, ADA) is action
        session.get(ChangeRow, action.change_id).state = "published"
        assert bulk_actions.last(session, ADA).verb == "claim"
        with pytest.raises(ChangeError):
            bulk_actions.undo(session, ADA, action.id, now=LATER)


def test_one_list_shows_what_left_the_groups_and_whether_it_can_come_back(empty: Database) -> None:
    with empty.unit() as session:
        first, second, third = three(session)
        bulk_actions.act(session, ADA, "ignore", [first], now=NOON)
        bulk_actions.act(session, ADA, "claim", [third], now=NOON)
        added = bulk_actions.add_to_topic(session, BO, SENTENCES, messages=[second], now=NOON)
        shown = [(action.verb, action.summary, can_undo) for action, can_undo in bulk_actions.recent(session)]
        assert shown == [("add", "2 sentences for faq_documents, 1 held out", True), ("ignore", "1 message", True)]
        bulk_actions.withdraw(session, ADA, added.change_id, now=LATER)
        assert [can_undo for _, can_undo in bulk_actions.recent(session)] == [False, True]
        assert states(session) == [("ignored", "ada"), ("open", ""), ("claimed", "ada")]


def test_what_changes_nothing_leaves_nothing_to_take_back(empty: Database) -> None:
    with empty.unit() as session:
        messages = three(session)
        assert bulk_actions.act(session, ADA, "reopen", messages, now=NOON) == Outcome(0)
        assert bulk_actions.last(session, ADA) is None
        for verb, chosen in (("explode", messages), ("claim", [])):
            with pytest.raises(BulkActionError):
                bulk_actions.act(session, ADA, verb, chosen, now=NOON)
        assert session.scalars(select(BulkActionMessage)).all() == session.scalars(select(BulkAction)).all() == []


def test_the_log_names_who_did_what_to_which_messages(empty: Database) -> None:
    with empty.unit() as session:
        messages = three(session)
        action = bulk_actions.ignore(session, ADA, messages[:2], now=NOON)
        bulk_actions.undo(session, BO, action.id, now=LATER)
        session.flush()
        assert log(session) == [
            ("ada", "ignore messages", f"messages {messages[0]}, {messages[1]}"),
            ("bo", "undo ignore messages", f"messages {messages[0]}, {messages[1]}"),
        ]
