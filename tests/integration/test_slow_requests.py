"""What one sender can take up: slow and large requests, connections, event streams. Real servers, raw sockets."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.db.migrate import upgrade
from bot.ops.system import processes
from bot.settings import ROOT, Settings
from bot.web import guarded_protocol as connection
from bot.web import open_streams
from tests import patient
from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp, Visitor, wait_until


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The application as the system starts it: its own command line, a process of its own."""
    settings = Settings(bot_port=free_port(), engine_port=1, actions_port=1, var=tmp_path_factory.mktemp("var"))
    upgrade(settings.database)
    command = [str(word) for word in processes(settings, Path("none"))[2].command]
    environment = os.environ | {"VAR": str(settings.var), "BOT_PORT": str(settings.bot_port)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_up(settings.bot_port), seconds=60)
        yield settings.bot_port
    finally:
        process.terminate()
        process.wait(20)


def is_up(port: int) -> bool:
    try:
        return patient.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False


def call(port: int, data: bytes, *, source: str = "127.0.0.1") -> socket.socket:
    """A connection that has sent this much."""
    made = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))
    with contextlib.suppress(OSError):  # It may be refused before everything is sent.
        made.sendall(data)
    return made


def answer_of(made: socket.socket) -> bytes:
    """Everything up to the end that the server makes."""
    said = b""
    with made, contextlib.suppress(OSError):
        while piece := made.recv(65536):
            said += piece
    return said


@pytest.mark.parametrize("size", [20_000, 2_000_000])
@pytest.mark.parametrize("end", [b"\r\n\r\n", b""], ids=["whole", "endless"])
def test_a_huge_header_is_refused_while_it_comes(size: int, end: bytes, port: int) -> None:
    began = time.monotonic()
    said = answer_of(call(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * size + end))
    assert said == b"" or said.startswith(b"HTTP/1.1 431")
    assert time.monotonic() - began < connection.HEAD_SECONDS / 2


def test_a_huge_address_is_refused(port: int) -> None:
    said = answer_of(call(port, b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
    assert said.startswith(b"HTTP/1.1 431")


def test_a_header_of_usual_size_is_taken(port: int) -> None:
    headers = {"Cookie": "a" * 8_000, "Authorization": "Bearer " + "b" * 2_000}
    assert patient.get(f"http://127.0.0.1:{port}/healthz", headers=headers).status_code == 200


def test_half_requests_are_ended_and_silence_too(port: int) -> None:
    began = time.monotonic()
    half = [call(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n") for _ in range(50)]
    silent = [call(port, b"") for _ in range(50)]
    empty = [call(port, b"\r\n") for _ in range(5)]
    assert {answer_of(made)[:12] for made in half} == {b"HTTP/1.1 408"}
    assert {answer_of(made) for made in silent} == {b""}
    assert [answer_of(made)[:12] for made in empty] == [b"HTTP/1.1 408"] * 5
    assert time.monotonic() - began < connection.HEAD_SECONDS + 5


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(connection, "BODY_SECONDS", 0.5)
    monkeypatch.setattr(connection, "READER_SECONDS", 0.5)
    monkeypatch.setattr(connection, "CONNECTIONS_OF_ONE_ADDRESS", 5)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("path", ["/api/v1/messages", "/staff/login", "/telegram/x", "/nothing"])
def test_a_body_that_does_not_come_ends_the_request(path: str, app: RunningApp) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf".encode()
    began = time.monotonic()
    assert answer_of(call(app.settings.bot_port, head)).startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("hasty")
def test_a_second_request_that_is_slow_is_ended_too(app: RunningApp) -> None:
    made = call(app.settings.bot_port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"200 OK" in made.recv(65536)
    made.sendall(b"GET /healthz HT")
    assert b"408" in answer_of(made)


@pytest.mark.usefixtures("hasty")
def test_a_long_answer_is_no_slow_request(app: RunningApp, engine: FakeEngine) -> None:
    """The time for a request ends with the request; how long its answer takes is another matter."""
    visitor = app.visitor()
    assert visitor.ask("slow one")["status"] in ("answered", "pending")
    assert visitor.wait_for(10, seconds=1.5) == []


@pytest.mark.usefixtures("hasty")
def test_who_does_not_read_the_answer_is_let_go(app: RunningApp) -> None:
    ask = b"GET /widget/rotation-chat.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect(("127.0.0.1", app.settings.bot_port))
    before, address = app.answered, made.getsockname()
    made.sendall(ask * 200)
    wait_until(lambda: app.answered > before, seconds=60)
    wait_until(lambda: not app.is_connected(address), seconds=60)
    assert len(answer_of(made)) < 200 * 50_000, "everything was kept for a reader that did not read"
    assert is_up(app.settings.bot_port)


@pytest.mark.usefixtures("hasty")
def test_one_address_holds_so_many_connections_and_a_proxy_any_number(app: RunningApp) -> None:
    port = app.settings.bot_port
    stranger = [call(port, b"GET /healthz HTTP/1.1\r\n", source="127.0.0.2") for _ in range(8)]
    other = [call(port, b"GET /healthz HTTP/1.1\r\n", source="127.0.0.3") for _ in range(2)]
    proxy = [call(port, b"GET /healthz HTTP/1.1\r\n") for _ in range(8)]
    assert [answer_of(made)[9:12] for made in stranger] == [b"408"] * 5 + [b""] * 3
    assert [answer_of(made)[9:12] for made in other + proxy] == [b"408"] * 10
    wait_until(lambda: not connection._HELD)


def test_the_oldest_of_too_many_streams_of_a_talk_ends(app: RunningApp, visitor: Visitor) -> None:
    assert app.app
    streams = app.app.state.web.streams
    with httpx.Client(headers=visitor.http.headers, timeout=20) as browser:
        first = browser.send(browser.build_request("GET", f"{app.url}/api/v1/events"), stream=True)
        later = [
            browser.send(browser.build_request("GET", f"{app.url}/api/v1/events"), stream=True)
            for _ in range(open_streams.OF_ONE_CONVERSATION)
        ]
        list(first.iter_lines())  # It ends; without the limit this waits until the test is over.
        assert len(streams._by_conversation[visitor.conversation]) == open_streams.OF_ONE_CONVERSATION
        for stream in later:
            stream.close()
    wait_until(lambda: not streams._by_conversation, seconds=40)


def test_an_address_with_too_many_streams_is_told_when_to_come_again(
    app: RunningApp, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_streams, "OF_ONE_ADDRESS", 2)
    others = [app.visitor() for _ in range(2)]
    home, elsewhere = {"X-Forwarded-For": "2001:db8:1:2::7"}, {"X-Forwarded-For": "2001:db8:1:3::7"}
    neighbor = {"X-Forwarded-For": "2001:db8:1:2::8"}
    with httpx.Client(timeout=20) as browser:
        held = [
            browser.send(
                browser.build_request("GET", f"{app.url}/api/v1/events", headers={**other.http.headers, **home}),
                stream=True,
            )
            for other in others
        ]
        refused = visitor.http.get("/events", params={"wait": 0.1}, headers=neighbor)
        assert (refused.status_code, refused.json()["error"]["retry_after"]) == (429, open_streams.RETRY_SECONDS)
        assert visitor.http.get("/events", params={"wait": 0.1}, headers=elsewhere).status_code == 200
        for stream in held:
            stream.close()
