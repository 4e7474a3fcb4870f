"""The web API over real HTTP: odd input, tokens, limits, errors, events, files and forgetting."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.db.probe import FRESH_SECONDS
from bot.delivery.files import save_file
from bot.delivery.tables import Conversation, Feedback, InboxMessage, OutboxReply, StoredFile
from bot.web.tokens import Tokens
from tests import patient
from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp, Visitor, words_of


def count(app: RunningApp, table: type) -> int:
    with app.database.unit() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


YEARS = timedelta(days=3650)
ODD = [
    ("", "Please type a question."),
    (" \n\t\x00 ", "Please type a question."),
    ("a" * 20_000, "Please keep it under 2,000 characters."),
    ("😀🩺👩🏽‍⚕️", "You said: 😀🩺👩🏽‍⚕️"),
    ("ما هي تكلفة التدريب؟", "You said: ما هي تكلفة التدريب؟"),
    ("\x7fELF\x02\x01\x01\x00\x00PNG\r\n\x1a\n", "You said: ELFPNG"),
    ('/faq_cost{"exam": "step1"}', 'You said: faq_cost{"exam": "step1"}'),
    ("/help", "You said: /help"),
    ("/profile", "You said: /show_profile"),
    ("mail a.b@example.org, tel +1 212 555 0187", "You said: mail [e-mail], tel [phone]"),
]


@pytest.mark.parametrize(("said", "answered"), ODD, ids=[words[:20] for _, words in ODD])
def test_odd_messages_get_a_sensible_reply(said: str, answered: str, visitor: Visitor) -> None:
    answer = visitor.ask(said)
    assert (answer["status"], words_of(answer["replies"][0])) == ("answered", answered)


def test_half_a_surrogate_pair_is_no_server_error(visitor: Visitor) -> None:
    body = b'{"id": "m-1", "text": "half \\ud800 emoji"}'
    answer = visitor.http.post("/messages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422), answer.text


def test_a_button_carries_its_payload_only_where_it_was_shown(app: RunningApp, engine: FakeEngine) -> None:
    visitor, stranger = app.visitor(), app.visitor()
    visitor.ask("hello")
    visitor.send(payload="/faq_cost")
    stranger.send(payload="/faq_cost")
    assert engine.turns(visitor.conversation) == ["hello", "/faq_cost"]
    assert engine.turns(stranger.conversation) == ["faq_cost"]
    assert [row["text"] for row in visitor.history() if "text" in row] == ["hello", "What does it cost?"]


def test_nothing_personal_is_stored_or_sent(visitor: Visitor, engine: FakeEngine, tmp_path: Path) -> None:
    visitor.ask("I am reachable at ana.silva@example.org, passport AB1234567")
    visitor.http.post("/feedback", json={"seq": 2, "rating": "down", "reason": "write to ana.silva@example.org"})
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"ana.silva" not in kept
    assert b"AB1234567" not in kept
    assert b"[passport]" in kept


def test_events_stream_carries_late_answers_with_their_numbers(visitor: Visitor, engine: FakeEngine) -> None:
    engine.kill()
    pending = visitor.ask("hello", message_id="m-1")
    with visitor.http.stream("GET", "/events", headers={"Last-Event-ID": str(pending["replies"][-1]["seq"])}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["x-accel-buffering"] == "no"
        engine.start()
        lines = stream.iter_lines()
        event = _next_event(lines)
    assert (event["id"], event["event"]) == ("3", "reply")
    assert json.loads(event["data"])["in_reply_to"] == "m-1"


def _next_event(lines: Iterator[str]) -> dict[str, str]:
    """The fields of the next event, in whatever order; comments and the time to wait before a retry are none."""
    fields: dict[str, str] = {}
    for line in lines:
        if not line and "event" in fields:
            return fields
        name, _, value = line.partition(": ")
        fields |= {name: value} if name else {}
    raise AssertionError("the stream ended")


def test_events_resume_after_the_last_number(visitor: Visitor) -> None:
    visitor.ask("one")
    visitor.ask("two")
    assert [reply["seq"] for reply in visitor.wait_for(0)] == [2, 4]
    assert [reply["seq"] for reply in visitor.wait_for(2)] == [4]
    assert visitor.wait_for(4, seconds=0.2) == []


def test_forget_me_leaves_no_row_anywhere(app: RunningApp, engine: FakeEngine) -> None:
    visitor, other = app.visitor(), app.visitor()
    other.ask("hello")
    visitor.ask("hello")
    visitor.http.post("/feedback", json={"seq": 2, "rating": "up"})
    with app.database.unit() as session:
        soon = session.get_one(Conversation, visitor.conversation).created_at + YEARS
        save_file(session, b"x", name="a.ics", mime="text/calendar", conversation=visitor.conversation, expires_at=soon)
    assert visitor.http.delete("/conversations/current").status_code == 204
    for table in (Feedback, StoredFile):
        assert count(app, table) == 0, table
    for table in (InboxMessage, OutboxReply, Conversation):
        assert count(app, table) == 1, table
    with closing(sqlite3.connect(engine.tracker)) as tracker:
        assert tracker.execute("SELECT DISTINCT sender_id FROM events").fetchall() == [(other.conversation,)]
    assert visitor.send("hello").json()["error"]["code"] == "conversation_gone"
    assert visitor.http.delete("/conversations/current").status_code == 204


def test_a_reply_that_erases_still_reaches_the_visitor(app: RunningApp) -> None:
    visitor = app.visitor()
    visitor.ask("hello")
    answer = visitor.ask("forget everything about me")
    assert (answer["status"], words_of(answer["replies"][0])) == ("answered", "All gone.")
    assert [count(app, table) for table in (Conversation, InboxMessage, OutboxReply)] == [0, 0, 0]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer a.b.c"])
def test_a_missing_or_forged_token_is_refused(header: str, app: RunningApp) -> None:
    answer = patient.get(f"{app.url}/api/v1/messages", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"


def test_a_token_signed_with_another_key_is_refused(app: RunningApp, visitor: Visitor) -> None:
    forged, _ = Tokens("another key").issue(visitor.conversation)
    assert patient.get(f"{app.url}/api/v1/messages", headers={"Authorization": f"Bearer {forged}"}).status_code == 401


def test_a_visitor_sees_and_rates_only_the_own_conversation(app: RunningApp) -> None:
    visitor, stranger = app.visitor(), app.visitor()
    visitor.ask("hello")
    assert stranger.history() == []
    assert stranger.http.post("/feedback", json={"seq": 2, "rating": "up"}).status_code == 404
    assert stranger.wait_for(0, seconds=0.1) == []


def test_a_second_thumb_replaces_the_first(app: RunningApp, visitor: Visitor) -> None:
    visitor.ask("hello")
    for rating in ("up", "down"):
        assert visitor.http.post("/feedback", json={"seq": 2, "rating": rating}).status_code == 204
    with app.database.unit() as session:
        assert [row.rating for row in session.scalars(select(Feedback))] == ["down"]
    assert [entry.get("rating") for entry in visitor.history()] == [None, "down"]


def test_whether_a_person_can_be_asked_for_is_said_before_and_lists_nobody(app: RunningApp) -> None:
    found = patient.get(f"{app.url}/api/v1/staff").json()
    assert found == {"is_staffed": False, "text": "Nobody is there.", "key": "utter_request_human", "values": {}}


ERRORS = [
    ("GET", "/nothing", None, 404, "not_found"),
    ("PUT", "/api/v1/messages", None, 405, "method_not_allowed"),
    ("POST", "/api/v1/messages", b"{", 422, "invalid"),
    ("POST", "/api/v1/messages", b'{"id": "m"}', 422, "invalid"),
    ("POST", "/api/v1/messages", b'{"id": "m", "text": "a", "payload": "/b"}', 422, "invalid"),
    ("POST", "/api/v1/messages", b'{"id": "no spaces", "text": "a"}', 422, "invalid"),
    ("POST", "/api/v1/messages", b'{"id": "m", "text": 5}', 422, "invalid"),
    ("POST", "/api/v1/messages", b"\xff\xfe\x00", 400, "bad_request"),
    ("POST", "/api/v1/messages", b'{"id": "m", "text": "' + b"a" * 66_000 + b'"}', 413, "too_large"),
    ("POST", "/api/v1/feedback", b'{"seq": 1, "rating": "sideways"}', 422, "invalid"),
    ("GET", "/api/v1/messages?after=x", None, 422, "invalid"),
    ("GET", "/api/v1/files/unknown", None, 404, "not_found"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), ERRORS)
def test_errors_have_one_shape(
    method: str, path: str, body: bytes | None, status: int, code: str, app: RunningApp, visitor: Visitor
) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}", "Content-Type": "application/json"}
    answer = httpx.request(method, app.url + path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]


def test_a_large_body_without_a_length_is_refused_too(app: RunningApp, visitor: Visitor) -> None:
    chunks = (b"a" * 1_000 for _ in range(100))
    assert visitor.http.post("/messages", content=chunks).status_code == 413


def test_an_unreachable_database_is_a_plain_503(app: RunningApp, visitor: Visitor) -> None:
    with app.database.unit() as session:
        session.connection().exec_driver_sql("ALTER TABLE inbox RENAME TO elsewhere")
    answer = visitor.send("hello")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")


def test_too_many_messages_are_refused_with_a_time_to_wait(tmp_path: Path, engine: FakeEngine) -> None:
    strict = RunningApp(free_port(), engine.port, folder=tmp_path, rate_per_conversation="3/hour")
    strict.start()
    try:
        visitor = strict.visitor()
        answers = [visitor.send("hello") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert 0 < answers[-1].json()["error"]["retry_after"] <= 3600
        assert answers[-1].headers["retry-after"]
    finally:
        strict.stop()


def test_sending_again_is_no_new_message_for_the_limit(tmp_path: Path, engine: FakeEngine) -> None:
    strict = RunningApp(free_port(), engine.port, folder=tmp_path, rate_per_conversation="3/minute")
    strict.start()
    try:
        visitor = strict.visitor()
        again = [visitor.send("hello", message_id="m-1") for _ in range(8)]
        assert {answer.status_code for answer in again} == {200}
        rest = [visitor.send("hello", message_id=f"m-{at}").status_code for at in range(2, 6)]
        assert rest == [200, 200, 429, 429]
        assert visitor.send("hello", message_id="m-1").status_code == 200
        assert visitor.send("hello", message_id="m-5").status_code == 429, "it was refused, so it is new"
    finally:
        strict.stop()


READS = [("GET", "/messages"), ("GET", "/events?wait=0"), ("GET", "/files/x"), ("DELETE", "/conversations/current")]


@pytest.mark.parametrize(("method", "path"), READS)
def test_reading_and_forgetting_count_too(method: str, path: str, tmp_path: Path) -> None:
    strict = RunningApp(free_port(), 1, folder=tmp_path, rate_per_address="3/minute")
    strict.start()
    try:
        visitor = strict.visitor()
        visitor.http.headers["X-Forwarded-For"] = "203.0.113.7"
        answers = [visitor.http.request(method, path) for _ in range(5)]
        assert [answer.status_code == 429 for answer in answers] == [False, False, False, True, True]
        assert answers[-1].json()["error"]["retry_after"] > 0
    finally:
        strict.stop()


def test_a_foreign_name_and_plain_http_are_not_for_us(tmp_path: Path) -> None:
    app = RunningApp(free_port(), 1, folder=tmp_path, public_url="https://chat.example.org")
    app.start()
    try:
        for path in ("/", "/api/v1/messages", "/staff/login", "/widget.js"):
            refused = patient.get(app.url + path, headers={"Host": "evil.example"})
            assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request"), path
            ours = patient.get(app.url + path, headers={"Host": "chat.example.org"})
            assert ours.status_code in (200, 401), path
            assert ours.headers["strict-transport-security"] == "max-age=31536000"
        assert patient.get(f"{app.url}/healthz", headers={"Host": "10.1.2.3:8000"}).status_code == 200
    finally:
        app.stop()


def test_without_https_browsers_are_told_nothing_of_it(app: RunningApp) -> None:
    assert "strict-transport-security" not in patient.get(app.url + "/").headers


def test_half_a_form_is_not_acted_upon(app: RunningApp, engine: FakeEngine) -> None:
    """Who leaves in the middle of a message did not say it."""
    visitor = app.visitor()
    body = b'{"id": "m-1", "text": "hello"}'
    head = f"POST /api/v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {visitor.token}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body) + 10}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", app.settings.bot_port)) as made:
        made.sendall(head.encode() + body)
    time.sleep(0.5)
    assert visitor.history() == []
    assert engine.turns() == []


def test_files_are_served_until_they_expire(app: RunningApp, visitor: Visitor) -> None:
    with app.database.unit() as session:
        created = session.get_one(Conversation, visitor.conversation).created_at
        kept, old = (
            save_file(
                session,
                b"BEGIN:VCALENDAR",
                name="plän.ics",
                mime="text/calendar",
                conversation=visitor.conversation,
                expires_at=expires_at,
            )
            for expires_at in (created + YEARS, created - YEARS)
        )
    answer = patient.get(app.url + kept)
    assert (answer.status_code, answer.content) == (200, b"BEGIN:VCALENDAR")
    assert answer.headers["content-disposition"] == 'attachment; filename="pl_n.ics"'
    assert patient.get(app.url + old).status_code == 404


def test_readiness_names_the_part_that_is_missing(app: RunningApp, engine: FakeEngine) -> None:
    ready = patient.get(f"{app.url}/readyz")
    assert (ready.status_code, ready.json()["parts"]["model"]["detail"]) == (200, "fake.tar.gz")
    engine.set("no_actions")
    without_actions = patient.get(f"{app.url}/readyz")
    assert without_actions.status_code == 503
    assert {name for name, part in without_actions.json()["parts"].items() if not part["ok"]} == {"actions"}
    engine.kill()
    without_engine = patient.get(f"{app.url}/readyz").json()["parts"]
    assert {name for name, part in without_engine.items() if not part["ok"]} == {"engine", "model", "actions"}
    assert patient.get(f"{app.url}/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("part", ["database", "tracker"])
def test_readiness_sees_that_nothing_can_be_written(app: RunningApp, engine: FakeEngine, part: str) -> None:
    file = app.settings.var / {"database": "bot.db", "tracker": "tracker.db"}[part]
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = patient.get(f"{app.url}/readyz")
    assert locked.status_code == 503
    assert {name: state["detail"] for name, state in locked.json()["parts"].items() if not state["ok"]} == {
        part: "cannot be written (OperationalError)"
    }
    time.sleep(FRESH_SECONDS)
    assert patient.get(f"{app.url}/readyz").status_code == 200


def test_readiness_sees_that_the_tracker_is_away(app: RunningApp, engine: FakeEngine) -> None:
    engine.tracker.rename(engine.tracker.with_name("aside.db"))
    away = patient.get(f"{app.url}/readyz").json()["parts"]
    assert {name for name, state in away.items() if not state["ok"]} == {"tracker"}


def test_metrics_count_turns_and_requests_by_route(app: RunningApp, visitor: Visitor) -> None:
    visitor.ask("hello")
    text = patient.get(f"{app.url}/metrics").text
    assert 'bot_turns_total{channel="web",outcome="answered"}' in text
    assert 'bot_http_requests_total{method="POST",route="/api/v1/messages",status="200"}' in text


def test_the_page_is_served_with_strict_headers_and_nothing_foreign(app: RunningApp) -> None:
    page = patient.get(app.url + "/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    for name in ("page.css", "page.js", "frame.js", "playground.js", "icon.svg"):
        assert patient.get(f"{app.url}/static/{name}").status_code == 200, name


def test_the_api_describes_itself(app: RunningApp) -> None:
    paths = patient.get(f"{app.url}/api/openapi.json").json()["paths"]
    assert {"/api/v1/conversations", "/api/v1/messages", "/api/v1/events", "/api/v1/feedback"} <= set(paths)
    assert {"application/json", "text/event-stream"} == set(
        paths["/api/v1/events"]["get"]["responses"]["200"]["content"]
    )


OPEN_ROUTES = {("post", "/api/v1/conversations"), ("get", "/api/v1/files/{token}"), ("get", "/api/v1/staff")}


def test_the_api_says_what_opens_it_and_how_it_refuses(app: RunningApp) -> None:
    described = patient.get(f"{app.url}/api/openapi.json").json()
    assert described["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            if not path.startswith("/api/"):
                continue
            assert {"400", "429", "500", "503"} <= set(route["responses"]), path
            is_open = (method, path) in OPEN_ROUTES
            assert route.get("security", []) == ([] if is_open else [{"Bearer": []}]), path
