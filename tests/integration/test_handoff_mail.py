"""Staff are told by mail that somebody waits: through a real SMTP server, grouped, tried again, without their words."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from bot.bootstrap import Container
from bot.db.base import Database
from bot.delivery.notifier import Notifier
from bot.delivery.store import MessageStore
from bot.handoff import mail as desk_mail
from bot.handoff import service
from bot.handoff.office_hours import read_hours
from bot.handoff.service import APART, TOGETHER, HandoffPolicy
from bot.handoff.store import begin_handoff, open_handoffs
from bot.handoff.worker import HandoffWorker
from bot.reply.responses import Responses
from bot.settings import Settings
from tests.conftest import free_port
from tests.databases import make_empty

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + TOGETHER


class Inbox:
    """What the server took; while `is_down`, it takes nothing."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.is_down = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd names it)
        if self.is_down:
            return "451 come back later"
        self.mails.append(envelope)
        return "250 taken"

    def login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"pass word")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    running = Controller(
        inbox, hostname="127.0.0.1", port=free_port(), authenticator=inbox.login, auth_require_tls=False
    )
    running.start()
    yield running
    running.stop()


def make_porter(folder: Path, responses: Responses, url: str) -> tuple[HandoffWorker, Database]:
    settings = Settings(  # type: ignore[call-arg]
        var=folder,
        secret_key="test",
        smtp_url=url,
        smtp_from="bot@bot.example",
        smtp_to="one@team.example, two@team.example",
        public_url="https://bot.example",
    )
    if not (folder / "bot.db").exists():
        make_empty(folder / "bot.db")
    database = Database(settings.database)
    return HandoffWorker(Container(settings, database), responses, Notifier()), database


def wait_for_person(database: Database, name: str, *, at: datetime = NOW) -> None:
    with database.unit() as session:
        MessageStore(session, at).open(name, locale="en")
    with database.unit() as session:
        begin_handoff(session, name, now=at, mail_due_at=at + TOGETHER)


def url_of(server: Controller, login: str = "") -> str:
    return f"smtp://{login}127.0.0.1:{server.port}"


def test_one_mail_for_each_wish_with_the_link_and_nothing_of_the_talk(
    tmp_path: Path, responses: Responses, server: Controller, inbox: Inbox
) -> None:
    porter, database = make_porter(tmp_path, responses, url_of(server, "staff%40bot.example:pass%20word@"))
    wait_for_person(database, "web:secret-talk")
    assert not porter.call_staff(NOW)
    assert porter.call_staff(LATER)
    assert not porter.call_staff(LATER + timedelta(days=1))
    (mail,) = inbox.mails
    assert (mail.mail_from, mail.rcpt_tos) == ("bot@bot.example", ["one@team.example", "two@team.example"])
    content = mail.content.decode()
    assert "Subject: 1 waiting for a person" in content
    assert "https://bot.example/staff/handoff" in content
    assert "secret-talk" not in content
    assert inbox.logins == [(b"staff@bot.example", b"pass word")]


def test_a_burst_is_one_mail(tmp_path: Path, responses: Responses, server: Controller, inbox: Inbox) -> None:
    porter, database = make_porter(tmp_path, responses, url_of(server))
    for number in range(5):
        wait_for_person(database, f"web:{number}", at=NOW + timedelta(seconds=4 * number))
    assert porter.call_staff(LATER)
    assert not porter.call_staff(LATER + timedelta(minutes=1))
    wait_for_person(database, "web:late", at=LATER)
    assert porter.call_staff(LATER + TOGETHER)
    assert [mail.content.decode().split("Subject: ")[1][:9] for mail in inbox.mails] == ["5 waiting", "6 waiting"]


def test_while_many_ask_there_is_time_between_two_mails(
    tmp_path: Path, responses: Responses, server: Controller, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    porter, database = make_porter(tmp_path, responses, url_of(server))
    monkeypatch.setattr(service, "has_staff", lambda _: True)
    desk = HandoffPolicy(is_on=True, hours=read_hours(""), silence=APART, contact_days=1, sends_mail=True)
    for number in range(60):
        now = NOW + timedelta(seconds=10 * number)
        with database.unit() as session:
            MessageStore(session, now).open(f"web:{number}")
        with database.unit() as session:
            assert service.ask_for_person(session, desk, f"web:{number}", now=now)
        porter.call_staff(now)
    assert 4 <= len(inbox.mails) <= 6


def test_what_fails_is_tried_again_with_growing_pauses(
    tmp_path: Path, responses: Responses, server: Controller, inbox: Inbox
) -> None:
    porter, database = make_porter(tmp_path, responses, url_of(server))
    wait_for_person(database, "web:1")
    inbox.is_down = True
    assert not porter.call_staff(LATER)
    inbox.is_down = False
    assert not porter.call_staff(LATER + timedelta(seconds=29))
    assert porter.call_staff(LATER + timedelta(seconds=30))
    assert len(inbox.mails) == 1


def test_a_mail_that_is_sent_again_because_a_process_died_has_the_id_of_the_first(
    tmp_path: Path, responses: Responses, server: Controller, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    porter, database = make_porter(tmp_path, responses, url_of(server))
    wait_for_person(database, "web:1")
    with monkeypatch.context() as dying:
        dying.setattr(desk_mail, "sent", lambda _session, _call: None)  # It died before this was written down.
        assert porter.call_staff(LATER)
    assert porter.call_staff(LATER + timedelta(seconds=30))
    wait_for_person(database, "web:2", at=LATER)
    assert porter.call_staff(LATER + TOGETHER)
    first, again, other = (mail.content.decode().split("Message-ID: ")[1].split()[0] for mail in inbox.mails)
    assert first == again != other


def test_a_server_that_is_away_or_a_wrong_password_break_nothing(
    tmp_path: Path, responses: Responses, server: Controller, inbox: Inbox
) -> None:
    porter, database = make_porter(tmp_path, responses, f"smtp://127.0.0.1:{free_port()}")
    wait_for_person(database, "web:1")
    assert not porter.call_staff(LATER)
    porter, _ = make_porter(tmp_path, responses, url_of(server, "bot:wrong@"))
    assert not porter.call_staff(LATER + timedelta(hours=1))
    assert inbox.mails == []


def test_one_day_it_is_given_up(tmp_path: Path, responses: Responses) -> None:
    porter, database = make_porter(tmp_path, responses, f"smtp://127.0.0.1:{free_port()}")
    wait_for_person(database, "web:1")
    for attempt in range(desk_mail.MOST_ATTEMPTS):
        assert not porter.call_staff(LATER + timedelta(hours=attempt))
    with database.unit() as session:
        (row,) = open_handoffs(session)
        assert row.mail_due_at is None


def test_who_was_answered_already_needs_no_mail(
    tmp_path: Path, responses: Responses, server: Controller, inbox: Inbox
) -> None:
    porter, database = make_porter(tmp_path, responses, url_of(server))
    wait_for_person(database, "web:1")
    with database.unit() as session:
        open_handoffs(session)[0].state = "taken"
    assert not porter.call_staff(LATER)


def test_without_settings_no_mail_is_sent(tmp_path: Path, responses: Responses) -> None:
    porter, database = make_porter(tmp_path, responses, "")
    wait_for_person(database, "web:1")
    assert not porter.call_staff(LATER)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            key,
            "-out",
            certificate,
            "-days",
            "1",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


def test_an_encrypted_server_must_prove_who_it_is(
    tmp_path: Path, responses: Responses, inbox: Inbox, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate[1], certificate[0])
    server = Controller(
        inbox,
        hostname="localhost",
        port=free_port(),
        ssl_context=context,
        authenticator=inbox.login,
        auth_require_tls=False,
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    server.start()
    try:
        porter, database = make_porter(tmp_path, responses, f"smtps://bot:pass%20word@localhost:{server.port}")
        wait_for_person(database, "web:1")
        monkeypatch.delenv("SSL_CERT_FILE")
        assert not porter.call_staff(LATER)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
        assert porter.call_staff(LATER + timedelta(minutes=1))
    finally:
        server.stop()
    assert len(inbox.mails) == 1
