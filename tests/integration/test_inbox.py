"""Working through the inbox with plain forms: pages, steps and their way back, views, topics, the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.content.tables import ChangeRow
from bot.delivery.store import MessageStore
from bot.delivery.tables import InboxMessage, OutboxReply
from bot.reply.responses import Responses
from bot.review.tables import BulkActionMessage, ReviewMessage
from bot.staff.roles import Role
from bot.staff.tables import AuditEntry
from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.inbox_talks import QUESTIONS, START, fill
from tests.running_app import RunningApp
from tests.staff import ConsoleSession


@pytest.fixture
def app(tmp_path: Path, engine: FakeEngine, responses: Responses) -> Iterator[RunningApp]:
    running = RunningApp(free_port(), engine.port, folder=tmp_path, responses=responses)
    running.start()
    yield running
    running.stop()


def states(app: RunningApp) -> dict[int, tuple[str, str]]:
    with app.database.unit() as session:
        return {row.id: (row.review, row.claimed_by) for row in session.scalars(select(ReviewMessage))}


def log(app: RunningApp) -> list[tuple[str, str, str]]:
    with app.database.unit() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.staff_name, row.action, row.subject) for row in rows if "message" in row.subject]


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'type="checkbox" name="message" value="(\d+)"', page)]


def test_the_inbox_opens_with_what_is_to_do_newest_first(app: RunningApp) -> None:
    ids = fill(app.database)
    page = ConsoleSession(app).open("/inbox")
    assert shown(page) == ids[:0:-1]
    assert "<strong>5</strong> messages" in page
    assert "How much is a rotation" not in page.partition('class="pane talk-pane"')[0]
    assert shown(ConsoleSession(app).open("/inbox", trigger="fallback")) == [ids[1]]


def test_pages_go_on_and_back_without_loss(app: RunningApp) -> None:
    ids = fill(app.database, 25)
    desk, path, seen = ConsoleSession(app), "/inbox?review=every&trigger=every", []
    while path:
        page = desk.open(path)
        seen += shown(page)
        older = re.search(r'rel="next" href="/staff(/inbox[^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == ids[::-1]
    newer = re.search(r'rel="prev" href="/staff(/inbox[^"]+)"', page)
    assert newer
    assert shown(desk.open(newer[1].replace("&amp;", "&"))) == ids[::-1][50:100]


def test_a_step_is_done_in_bulk_written_down_and_taken_back(app: RunningApp) -> None:
    ids, desk = fill(app.database), ConsoleSession(app, Role.ANNOTATOR, name="ada")
    answer = desk.send("/inbox/act", verb="resolve", message=ids[1:4], back="trigger=every")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/inbox?trigger=every")
    assert "Resolved: 3 messages." in desk.open("/inbox")
    assert [states(app)[number] for number in ids[1:4]] == [("resolved", "ada")] * 3
    desk.send("/inbox/undo")
    assert set(states(app).values()) == {("open", "")}
    assert [entry[:2] for entry in log(app)] == [("ada", "resolve messages"), ("ada", "undo resolve messages")]
    assert "nothing to take back" in desk.http.get(desk.send("/inbox/undo").headers["location"][6:]).text


def test_taking_back_leaves_what_somebody_else_has_changed_since(app: RunningApp) -> None:
    ids = fill(app.database)
    ada, bo = ConsoleSession(app, Role.ANNOTATOR, name="ada"), ConsoleSession(app, Role.ANNOTATOR, name="bo")
    ada.send("/inbox/act", verb="ignore", message=ids[1:3])
    bo.send("/inbox/act", verb="resolve", message=[ids[1]])
    ada.send("/inbox/undo")
    assert (states(app)[ids[1]], states(app)[ids[2]]) == (("resolved", "bo"), ("open", ""))


def test_a_claimed_message_is_not_claimed_again_and_is_found_by_its_holder(app: RunningApp) -> None:
    ids = fill(app.database)
    ada, bo = ConsoleSession(app, Role.ANNOTATOR, name="ada"), ConsoleSession(app, Role.ANNOTATOR, name="bo")
    ada.send("/inbox/act", verb="claim", message=[ids[1]])
    bo.send("/inbox/act", verb="claim", message=ids[1:3])
    assert (states(app)[ids[1]], states(app)[ids[2]]) == (("claimed", "ada"), ("claimed", "bo"))
    assert shown(bo.open("/inbox", review="mine")) == [ids[2]]


@pytest.mark.parametrize(
    "fields",
    [{"verb": "resolve"}, {"verb": "explode", "message": [1]}, {"message": [1]}, {"verb": "claim", "message": [99]}],
)
def test_nonsense_changes_nothing(app: RunningApp, fields: dict[str, Any]) -> None:
    fill(app.database)
    assert ConsoleSession(app).send("/inbox/act", **fields).status_code == 303
    assert set(states(app).values()) == {("open", "")}


@pytest.mark.parametrize("path", ["/inbox/act", "/inbox/undo", "/inbox/topic", "/inbox/views", "/inbox/views/1/delete"])
def test_a_viewer_reads_and_changes_nothing(app: RunningApp, path: str) -> None:
    ids, viewer = fill(app.database), ConsoleSession(app, Role.VIEWER)
    assert viewer.send(path, verb="resolve", message=[ids[1]], name="x").status_code == 403
    page = viewer.open("/inbox")
    assert "Is parking paid there?" in page
    assert 'name="verb"' not in page
    assert 'name="verb"' not in viewer.open(f"/inbox/{ids[1]}")
    assert set(states(app).values()) == {("open", "")}


def test_the_conversation_shows_both_sides_and_why(app: RunningApp) -> None:
    ids = fill(app.database)
    page = ConsoleSession(app).open(f"/inbox/{ids[5]}")
    for words in (
        "visa or letters first?",
        "How much is a rotation in Texas?",
        "Here is what I found.",
        "<details><summary>More</summary>",
        "How I <strong>searched</strong> &amp; why.",
        "Temple University",
        "44 % sure",
        "Second reading",
        "41 %",
        "Could not decide",
        "answered from what it knows",
        "a version from before",
        "asked back",
        "Show more",
        "after 0.4 s",
        "I asked about parking, not fees",
    ):
        assert words in page, words
    first = ConsoleSession(app).open(f"/inbox/{ids[0]}")
    for words in ("state: TX", "how long: 4 weeks", 'href="/staff/answers/utter_faq_cost">Edit this answer'):
        assert words in first, words
    assert not re.search(r"a3f1|action_|faq_\w+(?!\w*\")", re.sub(r"<[^>]*>", " ", page + first))
    assert ConsoleSession(app).http.get("/inbox/999").status_code == 404
    assert ConsoleSession(app).http.get(f"/inbox/{2**40}").status_code == 404


def test_personal_data_that_slipped_in_is_not_shown(app: RunningApp) -> None:
    ids = fill(app.database)
    with app.database.unit() as session:
        session.execute(update(InboxMessage).values(shown="write to jo@example.org or +1 212 555 0123"))
    page = ConsoleSession(app).open(f"/inbox/{ids[1]}")
    assert "[e-mail]" in page
    assert "example.org" not in page
    assert "555" not in page


def test_what_people_write_is_never_markup(app: RunningApp) -> None:
    ids = fill(app.database)
    evil = '<img src=x onerror="alert(1)">{{ 7 * 1234567 }}'
    with app.database.unit() as session:
        session.execute(update(ReviewMessage).values(text=evil, feedback_reason=evil, intent=evil[:80]))
        session.execute(update(InboxMessage).values(shown=evil))
        session.execute(update(OutboxReply).values(reply={"parts": [{"type": "text", "text": evil}]}))
    for path in ("/inbox", f"/inbox/{ids[1]}", "/inbox?text=%3Cscript%3E&intent=%22%3E%3Cscript%3E"):
        page = ConsoleSession(app).open(path)
        assert "<img src=x" not in page
        assert "<script>" not in page
        assert "{{ 7 * 1234567 }}" in page or "8641969" not in page


def test_a_view_is_saved_for_all_and_deleted(app: RunningApp) -> None:
    fill(app.database)
    ada, bo = ConsoleSession(app, Role.ANNOTATOR, name="ada"), ConsoleSession(app, Role.ANNOTATOR, name="bo")
    ada.send("/inbox/views", name="  Parking  words ", back="text=parking&before=3&nonsense=1")
    page = bo.open("/inbox")
    assert 'href="/staff/inbox?text=parking"' in page
    assert "Parking words" in page
    assert "Delete the view" in bo.open("/inbox", text="parking")
    bo.send("/inbox/views/1/delete", back="text=parking")
    assert "Parking words" not in ada.open("/inbox", text="visa")
    assert "1 to 60" in ada.http.get(ada.send("/inbox/views", name=" ").headers["location"][6:]).text


def test_messages_become_sentences_of_a_topic_and_are_resolved(app: RunningApp) -> None:
    ids, ada = fill(app.database), ConsoleSession(app, Role.ANNOTATOR, name="ada")
    ada.send("/inbox/topic", message=ids[2:3], intent="faq_documents")
    with app.database.unit() as session:
        change = session.scalars(select(ChangeRow)).one()
    sentences = [*change.payload["sentences"], *change.payload["held_out"]]
    assert (change.kind, change.payload["intent"], sentences) == (
        "add_sentences",
        "faq_documents",
        [QUESTIONS[2]["text"]],
    )
    assert states(app)[ids[2]] == ("resolved", "ada")
    assert (
        "Choose a topic"
        in ada.http.get(ada.send("/inbox/topic", message=ids[3:4], intent="no_such").headers["location"][6:]).text
    )


def test_an_address_to_return_to_cannot_lead_away(app: RunningApp) -> None:
    ids, desk = fill(app.database), ConsoleSession(app)
    for back in ("//evil.example", "https://evil.example", "trigger=x&before=;drop", "\r\nSet-Cookie: a=b"):
        answer = desk.send("/inbox/act", verb="claim", message=[ids[1]], back=back)
        assert answer.headers["location"] == "/staff/inbox"


def test_steps_are_forgotten_with_the_person(app: RunningApp) -> None:
    ids, desk = fill(app.database), ConsoleSession(app)
    desk.send("/inbox/act", verb="resolve", message=ids[1:4])
    with app.database.unit() as session:
        MessageStore(session, START).erase("web:talk")
    with app.database.unit() as session:
        assert session.scalar(select(func.count()).select_from(BulkActionMessage)) == 0
    assert "Nothing to do" in desk.open("/inbox")
    assert desk.send("/inbox/undo").status_code == 303
