"""Who may use the chat from where: listed websites, tokens of one's own, limits, and a human line for all others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import randrange

import httpx
import pytest
from sqlalchemy import func, select

from bot.delivery.tables import InboxMessage
from bot.web.tokens import Tokens
from bot.web.widget import manifest
from tests import patient
from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp

CLINIC, SHOP = "https://www.clinic.example", "https://shop.example"
LOGOS = {
    "": "",
    "https://www.clinic.example/logo.png": " https://www.clinic.example",
    "http://www.clinic.example/logo.png": "",
    "https://x; script-src */": "",
    "javascript:alert(1)": "",
}
"""What a frame with this logo may load pictures from, beside ourselves."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("origins")
    engine = FakeEngine(free_port(), folder)
    engine.start()
    running = RunningApp(
        free_port(),
        engine.port,
        folder=folder,
        sites={"clinic": [CLINIC, "https://*.pages.example"], "shop": [SHOP]},
        trusted_proxies="127.0.0.1,10.0.0.0/8",
    )
    running.start()
    yield running
    running.stop()
    engine.kill()


def begin(app: RunningApp, origin: str | None, site: str = "clinic") -> httpx.Response:
    headers = {} if origin is None else {"Origin": origin}
    return patient.post(f"{app.url}/api/v1/conversations", json={"site": site}, headers=headers)


def is_human(answer: httpx.Response) -> bool:
    """An error in our shape, whose message is a sentence."""
    message = answer.json()["error"]["message"]
    return message.endswith(".") and " " in message and "Error" not in message


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        (CLINIC, "clinic", 201),
        (CLINIC.upper(), "clinic", 201),
        ("https://a.b.pages.example", "clinic", 201),
        (SHOP, "shop", 201),
        (None, "anything", 201),
        (SHOP, "clinic", 403),
        (CLINIC, "", 403),
        (CLINIC, "unknown", 403),
        ("http://www.clinic.example", "clinic", 403),
        ("https://www.clinic.example.evil.example", "clinic", 403),
        ("https://pages.example", "clinic", 403),
        ("https://evilpages.example", "clinic", 403),
        ("null", "clinic", 403),
        ("https://evil.example", "clinic", 403),
        ("https://evil.example\\@www.clinic.example", "clinic", 403),
    ],
)
def test_a_conversation_begins_only_on_a_website_of_the_site_key(
    app: RunningApp, origin: str | None, site: str, status: int
) -> None:
    answer = begin(app, origin, site)
    assert answer.status_code == status
    assert status == 201 or is_human(answer)


@pytest.mark.parametrize(
    ("origin", "site", "status"), [(CLINIC, "clinic", 204), (SHOP, "clinic", 403), (None, "", 204)]
)
def test_a_website_can_ask_whether_it_is_listed(app: RunningApp, origin: str | None, site: str, status: int) -> None:
    answer = patient.get(f"{app.url}/widget/check", params={"site": site}, headers={"Origin": origin} if origin else {})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*")
    assert status == 204 or is_human(answer)


def test_our_own_pages_need_no_entry(app: RunningApp) -> None:
    assert begin(app, app.url, "whatever").status_code == 201


def test_a_foreign_origin_is_refused_even_with_a_good_token(app: RunningApp) -> None:
    token = begin(app, CLINIC).json()["token"]
    headers = {"Authorization": f"Bearer {token}", "Origin": "https://evil.example"}
    for method, path in (
        ("POST", "messages"),
        ("GET", "messages"),
        ("GET", "events"),
        ("DELETE", "conversations/current"),
    ):
        answer = httpx.request(method, f"{app.url}/api/v1/{path}", headers=headers, json={"id": "m-1", "text": "hello"})
        assert (answer.status_code, is_human(answer)) == (403, True)
        assert "access-control-allow-origin" not in answer.headers


def test_a_browser_asks_first_and_is_told(app: RunningApp) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    good = httpx.options(f"{app.url}/api/v1/messages", headers={"Origin": CLINIC, **asked})
    assert good.status_code == 200
    assert good.headers["access-control-allow-origin"] == CLINIC
    assert "access-control-allow-credentials" not in good.headers
    assert "Origin" in good.headers["vary"]
    assert (
        httpx.options(f"{app.url}/api/v1/messages", headers={"Origin": "https://evil.example", **asked}).status_code
        == 403
    )


def test_errors_can_be_read_by_the_website_too(app: RunningApp) -> None:
    answer = patient.get(f"{app.url}/api/v1/messages", headers={"Origin": CLINIC, "Authorization": "Bearer forged"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, CLINIC)


def test_a_token_opens_its_own_conversation_only(app: RunningApp) -> None:
    mine, other = app.visitor(), app.visitor()
    mine.ask("my secret plan")
    assert other.history() == []
    forged = ["", "x", mine.token[:-2] + "zz", mine.token + "x", Tokens("another key").issue(mine.conversation)[0]]
    for token in forged:
        answer = patient.get(f"{app.url}/api/v1/messages", headers={"Authorization": f"Bearer {token}".strip()})
        assert (answer.status_code, is_human(answer)) == (401, True), token


@pytest.fixture
def strict(app: RunningApp, tmp_path: Path) -> Iterator[RunningApp]:
    """Limits for an hour, so that no test takes so long that the first requests count no more."""
    running = RunningApp(
        free_port(),
        app.settings.engine_port,
        folder=tmp_path,
        trusted_proxies="127.0.0.1,10.0.0.0/8",
        rate_per_conversation="30/hour",
        rate_per_address="60/hour",
    )
    running.start()
    yield running
    running.stop()


def test_a_flood_of_messages_is_refused(strict: RunningApp) -> None:
    visitor = strict.visitor()
    answers = [visitor.send("hello", message_id=f"m-{i}") for i in range(50)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 20
    assert is_human(refused[0])
    assert 1 <= int(refused[0].headers["retry-after"]) <= 3600
    with strict.database.unit() as session:
        stored = session.scalar(
            select(func.count()).select_from(InboxMessage).where(InboxMessage.conversation_id == visitor.conversation)
        )
    assert stored == 30


def test_one_address_cannot_get_around_it_with_new_conversations(strict: RunningApp) -> None:
    """The proxies in front of us name the visitor; another visitor behind them is not touched."""
    statuses = [flood(strict, "203.0.113.7").status_code for _ in range(70)]
    assert statuses == [201] * 60 + [429] * 10
    assert flood(strict, "203.0.113.8").status_code == 201


def flood(app: RunningApp, address: str) -> httpx.Response:
    forwarded = f"198.51.100.{randrange(256)}, {address}, 10.1.2.3"  # The first is what a visitor may invent.
    return patient.post(f"{app.url}/api/v1/conversations", headers={"X-Forwarded-For": forwarded})


def test_a_message_that_is_too_large_is_refused(app: RunningApp) -> None:
    answer = app.visitor().send("a" * 70_000)
    assert (answer.status_code, is_human(answer)) == (413, True)


@pytest.mark.parametrize("part", ["loader", "component", "frame"])
def test_versioned_files_may_be_kept_for_a_year(app: RunningApp, part: str) -> None:
    answer = patient.get(f"{app.url}/widget/{manifest()[part]['file']}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-encoding"] == "gzip"


def test_the_loader_is_asked_for_again_and_is_the_newest(app: RunningApp) -> None:
    answer = patient.get(f"{app.url}/widget.js")
    assert answer.headers["cache-control"] == "public, no-cache"
    assert manifest()["component"]["file"] in answer.text
    again = patient.get(f"{app.url}/widget.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_only_listed_websites_may_hold_the_frame(app: RunningApp) -> None:
    policy = patient.get(f"{app.url}/widget/frame", params={"site": "clinic"}).headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {CLINIC} https://*.pages.example")
    for logo, allowed in LOGOS.items():
        shown = patient.get(f"{app.url}/widget/frame", params={"logo": logo}).headers["content-security-policy"]
        assert f"img-src 'self'{allowed};" in shown
    stranger = patient.get(f"{app.url}/widget/frame", params={"site": "x; script-src *"}).headers[
        "content-security-policy"
    ]
    assert stranger.endswith("frame-ancestors 'self'")


def test_nothing_outside_of_the_built_files_is_served(app: RunningApp, tmp_path: Path) -> None:
    for path in ("/widget/../api.py", "/widget/%2e%2e/page.css", "/widget/nothing.js"):
        assert patient.get(app.url + path).status_code == 404
