"""Whatever somebody sends to whichever address, the answer is never that we broke: every route, with nasty values.

The routes and their parameters are taken from the application, the fields of forms from the templates, so that a new
one is tried without being added here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from limits import parse
from starlette.routing import Mount
from structlog.testing import capture_logs

from bot.console import rendering, sign_in_pages
from bot.console.routes import requirements_of, routes_of
from bot.content.releases.live_responses import live_words
from bot.ops import jobs
from bot.programs.importer import import_facts
from bot.settings import ROOT, Settings
from bot.staff import passwords
from bot.staff.roles import Role
from tests.conftest import free_port
from tests.inbox_talks import fill
from tests.postgres import postgres, programs
from tests.running_app import RunningApp
from tests.staff import ConsoleSession, hire

SURROGATE = b"\xed\xa0\x80"
NASTY = (
    "-1",
    "2147483648",
    "9223372036854775808",
    "9" * 5_000,
    "1e400",
    "nan",
    "²",
    "١٢",
    "9999-12-31",
    "0000-00-00",
    "0001-01-01",
    "a\0b",
    "x" * 2_000,
    "word " * 400,
    "=@SUM(1)",
    "../../etc/passwd",
    "{{7*7}}%s%(x)s'\";--",
    "\u202e💥\u0000".rstrip("\0"),
)
FEW = ("2147483648", "a\0b", "9999-12-31")
OF_SQLITE = ("9223372036854775808", *FEW)
"""What SQLite alone may take amiss; the rest is the application's, and PostgreSQL is the stricter of the two."""
JSON_VALUES: tuple[Any, ...] = (*NASTY, -1, 2**31, 2**63, 10**400, 1e308, None, True, [], {}, "\ud800", [["a"]])
LEAVES = {"/logout"}
KEYS = {"key": "utter_faq_cost", "table": "time", "name": "faq_lead_third_party_months", "session_id": "999999"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """An application with something in every list; nothing that takes minutes is started."""
    folder = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        yield from _running(folder)
    elif programs() is None:
        pytest.skip("PostgreSQL is not installed")
    else:
        with postgres() as server:
            yield from _running(folder, database_url=server.bare())


def _running(folder: Path, **settings: str) -> Iterator[RunningApp]:
    # Pretty tracebacks of a thousand requests take longer than the requests.
    with pytest.MonkeyPatch.context() as patch, capture_logs():
        patch.setattr(jobs, "start", lambda *_, **__: None)
        # A password is checked at each of its forms, and a check is meant to be slow.
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        for name in ("ATTEMPTS_OF_ONE_ADDRESS", "ATTEMPTS_AT_ONE_NAME"):
            patch.setattr(sign_in_pages, name, parse("1000000/second"))
        running = RunningApp(
            free_port(),
            1,
            folder=folder,
            responses=live_words(Settings(var=folder)),
            rate_per_conversation="1000000/second",
            bot_today="2026-11-23",
            **settings,
        )
        running.start()
        hire(running.database, Role.VIEWER, "somebody")  # Number 1, whom the forms below change.
        import_facts(running.database, ROOT / "data" / "facts.csv")
        fill(running.database)
        yield running
        running.stop()


def encoded(value: str) -> str:
    return quote(value, safe="")


def names_of(dependant: Dependant, kind: str) -> list[str]:
    """The names that a route reads as query, header, form or path, itself or through what it depends on."""
    found = [field.alias for field in getattr(dependant, f"{kind}_params")]
    models = [field.field_info.annotation for field in getattr(dependant, f"{kind}_params")]
    found += [name for model in models for name in getattr(model, "model_fields", {})]
    return found + [name for inner in dependant.dependencies for name in names_of(inner, kind)]


def fields_of_forms() -> list[str]:
    """Every name that a form of the console sends."""
    pages = (rendering.FOLDER / "templates").rglob("*.html")
    found = {name for page in pages for name in re.findall(r'name="(\w+)"', page.read_text(encoding="utf8"))}
    assert len(found) > 40, "the test does not see the fields"
    return sorted(found - {"csrf"})


def some(values: tuple[str, ...], place: int) -> tuple[str, ...]:
    """Every third value, beginning elsewhere at each place: all are tried over the fields and the routes together."""
    return values[place % 3 :: 3]


def addresses(path: str, values: tuple[str, ...]) -> list[str]:
    """The path with everything in braces filled in: once with what is there, then with each nasty value."""
    if "{" not in path:
        return [path]
    usual = re.sub(r"{(\w+)(:\w+)?}", lambda found: KEYS.get(found[1], "1"), path)
    return [usual, *(re.sub(r"{[^}]*}", lambda _, value=value: encoded(value), path) for value in values)]


class Answers:
    """Statuses by request; a stream is not read."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self.broken: list[str] = []
        self.statuses: set[int] = set()
        self.count = 0

    def ask(self, method: str, url: str, **options: Any) -> int:
        with self._http.stream(method, url, **options) as answer:
            self.count += 1
            self.statuses.add(answer.status_code)
            if answer.status_code >= 500:
                self.broken.append(f"{answer.status_code} {method} {url[:150]} {str(options)[:200]}")
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                answer.read()  # So that the connection serves the next one, too.
            return answer.status_code


def console(app: RunningApp) -> FastAPI:
    assert app.app
    [mounted] = [route for route in app.app.routes if getattr(route, "path", "").startswith("/staff")]
    assert isinstance(mounted, Mount)
    assert isinstance(mounted.app, FastAPI)
    return mounted.app


def nasty(role: Role, house: RunningApp) -> tuple[str, ...]:
    """All of them for who may do all, on the stricter database."""
    if role is not Role.ADMIN:
        return FEW
    return NASTY if house.settings.database_url else OF_SQLITE


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_the_console_breaks(role: Role, house: RunningApp) -> None:
    desk = ConsoleSession(house, role)
    answers, values = Answers(desk.http), nasty(role, house)
    token, fields = desk.csrf(), fields_of_forms()
    for number, route in enumerate(routes_of(console(house))):
        path = str(route.path)
        if isinstance(route.original_route, Mount) or path in LEAVES or not requirements_of(route):
            continue
        dependant: Dependant = route.dependant  # type: ignore[assignment]
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if method == "GET":
                _read(answers, path, [*names_of(dependant, "query")] or ["q"], values=values, place=number)
            else:
                form = _Form(method, path, token, set(names_of(dependant, "body")) - {"csrf"})
                _write(answers, form, fields, values=values, place=number)
        token = _still_here(desk, token)
    assert answers.broken == []
    assert answers.count > 150, "the test does not see the routes"
    assert {403 if role is not Role.ADMIN else 422, 200} <= answers.statuses


def _read(answers: Answers, path: str, names: list[str], *, values: tuple[str, ...], place: int) -> None:
    """A page at each address, and with each of its parameters."""
    usual, *others = addresses(path, values)
    for address in (usual, *others):
        answers.ask("GET", address)
    for at, name in enumerate(names, start=place):
        for value in some(values, at):
            answers.ask("GET", f"{usual}?{name}={encoded(value)}")


@dataclass(frozen=True)
class _Form:
    """Where a form is sent, by which method, with which token, and the fields that are read there."""

    method: str
    path: str
    token: str
    read: set[str]


def _write(answers: Answers, form: _Form, fields: list[str], *, values: tuple[str, ...], place: int) -> None:
    """A form empty at each address, with every field of the console, and with each of its own."""

    def send(address: str, data: dict[str, Any]) -> None:
        answers.ask(form.method, address, data=data, headers={"X-CSRF-Token": form.token})

    usual, *others = addresses(form.path, values)
    for address in (usual, *others):
        send(address, {})
    for value in values:
        send(usual, {name: [value, value] if name == "message" else value for name in fields})
    for at, name in enumerate(sorted(form.read), start=place):
        for value in some(values, at):
            send(usual, dict.fromkeys(form.read | {"csrf"}, "1") | {name: value})


def _still_here(desk: ConsoleSession, token: str) -> str:
    """The token of the forms; a form may have ended or renewed the session."""
    if desk.http.get("/account").status_code == 200:
        return desk.csrf()
    raise AssertionError(f"signed out by a nasty value (token {token[:4]})")


@pytest.mark.timeout(600)
def test_no_address_of_the_public_api_breaks(house: RunningApp) -> None:
    visitor = house.visitor()
    answers = Answers(httpx.Client(base_url=house.url, headers=visitor.http.headers, timeout=30))
    assert house.app
    for route in iter_route_contexts(house.app.routes):
        if not isinstance(route.original_route, APIRoute) or str(route.path) in ("/healthz", "/readyz", "/metrics"):
            continue
        dependant: Dependant = route.dependant  # type: ignore[assignment]
        for method in sorted((route.methods or set()) - {"HEAD", "DELETE"}):
            usual = addresses(str(route.path), NASTY)[0]
            for address in addresses(str(route.path), NASTY):
                answers.ask(method, address, params={"wait": "0"})
            for value in NASTY:
                for name in names_of(dependant, "query"):
                    rest = "" if name == "wait" else "&wait=0"
                    answers.ask(method, f"{usual}?{name}={encoded(value)}{rest}")
                if value.isascii() and value.isprintable():
                    for name in ("Last-Event-ID", "Authorization", "Origin", "Content-Type", "Host", "X-Forwarded-For"):
                        answers.ask(method, usual, params={"wait": "0"}, headers={name: value.strip()})
            if method == "POST":
                _send_bodies(answers, method, usual)
    assert answers.broken == []
    assert answers.count > 500, "the test does not see the routes"
    assert {200, 201, 204, 400, 401, 404, 422} <= answers.statuses, answers.statuses


def _send_bodies(answers: Answers, method: str, url: str) -> None:
    good = {"id": "m-1", "text": "hello", "seq": 1, "rating": "up", "reason": "so", "site": "s", "locale": "en"}
    if url.endswith("/messages"):
        good.pop("seq")
    bodies = [json.dumps(good | {name: value}).encode() for name in good for value in JSON_VALUES]
    bodies += [b"[" * 20_000, b'{"a":' * 20_000, b"\xff", SURROGATE, b"null", b"[]", b'"\\u0000"', b"1" * 5_000]
    bodies += [json.dumps({"id": "m-2", "payload": value}).encode() for value in JSON_VALUES]
    for body in bodies:
        answers.ask(method, url, content=body, headers={"Content-Type": "application/json"})


def test_half_a_character_in_an_address_breaks_nothing(house: RunningApp) -> None:
    answers, half = Answers(httpx.Client(base_url=house.url, timeout=30)), quote_from_bytes(SURROGATE)
    for path in (
        "/api/v1/files/",
        "/staff/answers/",
        "/staff/login?next=",
        "/widget/frame?site=",
        "/widget/check?site=",
    ):
        answers.ask("GET", path + half)
        answers.ask("GET", path + "%00")
    assert answers.broken == []
