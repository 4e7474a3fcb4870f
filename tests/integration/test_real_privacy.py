"""What other accounts and programs of the machine can learn from a real system that runs: nothing."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.content.releases import swapping
from bot.observability import id_of_message
from bot.ops import system, training
from bot.ops.supervisor import Supervisor
from bot.settings import ROOT, Settings
from tests import patient
from tests.conftest import PATIENCE, TODAY
from tests.running_app import wait_until
from tests.visitor import Visitor

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]
MARKER = "zanzibarquux"
TOLD = f"I am a graduate from 2017 with the {MARKER} and a budget of 43217 dollars, I want cardiology in Nevada"
FAILURE, LOGGED_WITHIN_SECONDS = "rotation_engine.channel at channel.py:", 30
VALUES = ("cardiology", "Nevada", "43217", "2017")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Supervisor]]:
    """A system of its own, whose logs hold nothing but what these tests do."""
    trained = training.train(Settings(var=ROOT / "var"))  # type: ignore[call-arg]
    var = tmp_path_factory.mktemp("house") / "var"
    with system.temporary(var, trained, today=TODAY, patience=PATIENCE, engine_timeout_seconds=60) as started:
        yield started


def call(house: tuple[Settings, Supervisor], method: str, path: str, **options: object) -> int:
    return httpx.request(method, house[0].engine_url + path, timeout=30, **options).status_code  # type: ignore[arg-type]


def key(house: tuple[Settings, Supervisor]) -> dict[str, str]:
    return {"Authorization": f"Bearer {house[0].engine_key()}"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/conversations/web:1/tracker", None),
        ("PUT", "/model", {"model_file": "/tmp/evil.tar.gz"}),
        ("POST", "/conversations/web:1/trigger_intent", {"name": "greet"}),
        ("GET", "/domain", None),
        ("POST", "/webhooks/rest/webhook", {"sender": "web:1", "message": "what do you know about me?"}),
    ],
)
def test_the_engine_tells_and_does_nothing_without_the_token(
    house: tuple[Settings, Supervisor], method: str, path: str, body: dict[str, str] | None
) -> None:
    assert call(house, method, path, json=body) == 401
    assert call(house, method, path, json=body, headers={"Authorization": "Bearer guess"}) == 401
    assert call(house, method, path, json=body, params={"token": "guess"}) == 401


def test_the_token_opens_the_engine_as_header_and_in_the_address(house: tuple[Settings, Supervisor]) -> None:
    path = "/conversations/somebody/tracker"
    assert call(house, "GET", path, headers=key(house)) == 200
    assert call(house, "GET", path, params={"token": house[0].engine_key()}) == 200


def test_measuring_asks_as_somebody_new_without_the_token_but_in_json(house: tuple[Settings, Supervisor]) -> None:
    said = {"sender": f"talk-{uuid.uuid4()}", "message": "How much does it cost?"}
    assert call(house, "POST", "/webhooks/rest/webhook", json=said) == 200
    assert call(house, "POST", "/model/parse", json={"text": "How much does it cost?"}) == 200
    assert call(house, "GET", "/status") == 200
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        plain = {"content": '{"sender": "x", "message": "hello"}', "headers": {"Content-Type": kind}}
        assert call(house, "POST", "/webhooks/rest/webhook", **plain) == 415
        assert call(house, "POST", "/model/parse", **plain) == 415


def test_the_action_server_answers_its_engine_only(house: tuple[Settings, Supervisor]) -> None:
    url = house[0].actions_url
    body = {"next_action": "action_tell_profile", "tracker": {"sender_id": "web:1"}}
    assert patient.post(f"{url}/webhook", json=body).status_code == 401
    assert patient.get(f"{url}/actions").status_code == 401
    assert patient.post(f"{url}/webhook", content="{}", headers=key(house)).status_code == 415
    assert patient.get(f"{url}/actions", headers=key(house)).status_code == 200
    assert patient.get(f"{url}/health").status_code == 200


def test_our_own_swap_knows_the_token(house: tuple[Settings, Supervisor]) -> None:
    model = training.current(Settings(var=ROOT / "var"))  # type: ignore[call-arg]
    assert swapping.swap(house[0], model) == swapping.model_id(model)


def test_the_token_stands_on_no_command_line_and_in_no_log(house: tuple[Settings, Supervisor]) -> None:
    call(house, "GET", "/conversations/somebody/tracker", params={"token": house[0].engine_key()})
    call(house, "GET", "/nowhere", params={"token": house[0].engine_key()})
    shown = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    assert "rotation_engine run" in shown
    assert house[0].engine_key() not in shown
    assert house[0].engine_key() not in logged(house[0].var)


def logged(var: Path) -> str:
    return "".join(path.read_text(encoding="utf8") for path in sorted((var / "logs").iterdir()))


def lines_of(var: Path, request_id: str) -> dict[str, list[str]]:
    """The events that each process logged under an id."""
    found = {}
    for name in system.ALL:
        said = (var / "logs" / f"{name}.log").read_text(encoding="utf8").splitlines()
        lines = [json.loads(line) for line in said if f'"{request_id}"' in line]
        found[name] = [line["event"] for line in lines if line["request_id"] == request_id]
    return found


def test_one_id_leads_through_the_logs_of_all_three_processes(house: tuple[Settings, Supervisor]) -> None:
    visitor, var = Visitor(house[0].base_url), house[0].var
    sent = [str(uuid.uuid4()) for _ in range(2)]
    for message in sent:
        visitor.say(f"How much does it cost for {MARKER}?", message)
    with sqlite3.connect(var / "bot.db") as database:
        numbers = dict(database.execute("SELECT client_id, id FROM inbox").fetchall())
    expected = {"engine": ["turn answered"], "actions": ["action ended"], "app": ["turn answered"]}
    for message in sent:
        name = id_of_message(numbers[message])
        wait_until(lambda name=name: lines_of(var, name) == expected, seconds=LOGGED_WITHIN_SECONDS)  # type: ignore[misc]
    assert MARKER not in logged(var)


def test_an_id_that_somebody_else_makes_up_is_in_no_log(house: tuple[Settings, Supervisor]) -> None:
    made_up = {"X-Request-ID": MARKER}
    said = {"sender": f"talk-{uuid.uuid4()}", "message": "How much does it cost?"}
    assert call(house, "POST", "/webhooks/rest/webhook", json=said, headers=made_up) == 200
    assert httpx.get(f"{house[0].base_url}/healthz", headers=made_up).headers["X-Request-ID"] != MARKER
    assert MARKER not in logged(house[0].var)


def test_a_tracker_that_cannot_be_written_tells_the_logs_nothing_about_anybody(
    house: tuple[Settings, Supervisor],
) -> None:
    visitor, var = Visitor(house[0].base_url), house[0].var
    before = {path: path.stat().st_size for path in (var / "logs").iterdir()}
    with sqlite3.connect(house[0].tracker.removeprefix("sqlite:///"), timeout=30, isolation_level=None) as tracker:
        tracker.execute(
            "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'attempt to write: disk full'); END"
        )
        try:
            visitor.say(TOLD)
            call(house, "GET", f"/conversations/web:{MARKER}/tracker", headers=key(house))
            call(
                house, "POST", f"/conversations/web:{MARKER}/trigger_intent", json={"name": MARKER}, headers=key(house)
            )
            call(house, "POST", f"/{MARKER}", json={"sender": f"web:{MARKER}"})
            call(house, "POST", "/webhooks/rest/webhook", json={"sender": "x", "message": {"no": MARKER}})
            call(house, "POST", "/model/parse", content="{" + MARKER, headers={"Content-Type": "application/json"})
        finally:
            tracker.execute("DROP TRIGGER full")
    deadline = time.monotonic() + LOGGED_WITHIN_SECONDS
    said = ""
    while FAILURE not in said and time.monotonic() < deadline:
        time.sleep(1)
        said = "".join(path.read_bytes()[size:].decode() for path, size in before.items())
    # As words of their own: some digits stand in a port, a moment or an id by chance.
    assert [word for word in (MARKER, *VALUES) if re.search(rf"(?<![\w.-]){word}(?!\w)", said)] == []
    conversations = {row[0] for row in sqlite3.connect(var / "bot.db").execute("SELECT id FROM conversations")}
    assert conversations
    assert [name for name in conversations if name in said] == []
    assert FAILURE in said, "the failure itself is logged"
