"""The door of the console: every route with every role, and what people try who want in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import pyotp
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext
from sqlalchemy import update
from starlette.routing import Mount

from bot.console.access import RoleRequirement, Staff, requires
from bot.console.application import require_declared_roles
from bot.console.routes import requirements_of, routes_of
from bot.console.sign_in_pages import ATTEMPTS_AT_ONE_NAME, ATTEMPTS_OF_ONE_ADDRESS
from bot.staff import sign_in as signing_in
from bot.staff import totp
from bot.staff.roles import Role
from bot.staff.store import audit_entries
from bot.staff.tables import StaffSession, StaffUser
from tests import patient
from tests.conftest import free_port
from tests.running_app import RunningApp
from tests.staff import PASSWORD, ConsoleSession, hire, sign_in

PUBLIC = {("GET", "/login"), ("POST", "/login"), ("GET", "/login/code"), ("POST", "/login/code")}
FOR_ADMINS = ("/users", "/audit", "/people")
Case = tuple[str, str, Role | None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One application for all tests that leave no trace."""
    running = RunningApp(free_port(), 1, folder=tmp_path_factory.mktemp("house"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningApp]:
    """An application for one test."""
    running = RunningApp(free_port(), 1, folder=tmp_path)
    running.start()
    yield running
    running.stop()


def staff_app(app: RunningApp) -> FastAPI:
    """The mounted console."""
    assert app.app
    mounted = [route for route in app.app.routes if getattr(route, "path", "").startswith("/staff")]
    assert len(mounted) == 1
    assert isinstance(mounted[0], Mount)
    assert isinstance(mounted[0].app, FastAPI)
    return mounted[0].app


def pages_of(app: RunningApp) -> list[RouteContext]:
    """Every route of the console; static files are the one thing that is none."""
    found = [route for route in routes_of(staff_app(app)) if not isinstance(route.original_route, Mount)]
    assert len(found) > 20, "the test does not see the routes"
    return found


def cases(app: RunningApp) -> list[Case]:
    """Method, path with numbers filled in, and the least role (None: everybody)."""
    return [
        (method, re.sub(r"{[^}]*}", "999999", str(route.path)), requirements_of(route)[0].role)
        for route in pages_of(app)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def status(http: httpx.Client, method: str, path: str, **options: object) -> tuple[int, str]:
    """Status and goal of a redirect; a stream is not read."""
    with http.stream(method, path, **options) as answer:  # type: ignore[arg-type]
        return answer.status_code, answer.headers.get("location", "")


def is_refused(answer: tuple[int, str]) -> bool:
    return answer[0] == 403 or answer[1].startswith("/staff/login")


def test_every_route_declares_one_role_and_only_the_sign_in_is_public(house: RunningApp) -> None:
    assert [route.path for route in pages_of(house) if len(requirements_of(route)) != 1] == []
    assert {(method, path) for method, path, role in cases(house) if role is None} == PUBLIC


def test_what_concerns_users_people_and_the_log_is_for_admins(house: RunningApp) -> None:
    sensitive = [case for case in cases(house) if case[1].startswith(FOR_ADMINS)]
    assert len(sensitive) > 5
    assert [case for case in sensitive if case[2] is not Role.ADMIN] == []


def test_nobody_changes_anything_by_reading(house: RunningApp) -> None:
    assert {method for method, _, _ in cases(house)} <= {"GET", "POST", "DELETE", "PUT", "PATCH"}


def test_without_a_session_every_route_leads_to_the_sign_in(house: RunningApp) -> None:
    nobody = ConsoleSession(house, None)
    token = nobody.csrf()
    wrong = [
        (method, path)
        for method, path, role in cases(house)
        if role is not None and not is_refused(status(nobody.http, method, path, headers={"X-CSRF-Token": token}))
    ]
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_own_pages_and_none_above(role: Role, house: RunningApp) -> None:
    desk = ConsoleSession(house, role)
    token = desk.csrf()
    wrong = []
    for method, path, needed in cases(house):
        if needed is None:
            continue
        if not role.covers(needed):
            if status(desk.http, method, path, headers={"X-CSRF-Token": token})[0] != 403:
                wrong.append((method, path, "open"))
        elif method == "GET":  # What would change something is tried by the tests of its page.
            answer = status(desk.http, method, path)
            if is_refused(answer) or answer[0] >= 500:
                wrong.append((method, path, str(answer)))
    assert wrong == []


@pytest.mark.parametrize("has", list(Role))
@pytest.mark.parametrize("needs", list(Role))
def test_roles_hold_each_other_in_order(has: Role, needs: Role) -> None:
    assert Staff(1, "eva", has).may(needs) == (list(Role).index(has) >= list(Role).index(needs))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": "0" * 64},
        {"Origin": "https://evil.example", "token": "good"},
        {"Origin": "null", "token": "good"},
        {"Sec-Fetch-Site": "cross-site", "token": "good"},
        {"Sec-Fetch-Site": "same-site", "token": "good"},
    ],
    ids=["no token", "wrong token", "foreign origin", "hidden origin", "other site", "sister site"],
)
def test_every_write_refuses_what_our_own_page_did_not_send(headers: dict[str, str], house: RunningApp) -> None:
    desk = ConsoleSession(house, Role.ADMIN)
    sent = {**headers, **({"X-CSRF-Token": desk.csrf()} if headers.get("token") else {})}
    writes = [(method, path) for method, path, _ in cases(house) if method != "GET"]
    assert len(writes) > 8
    assert [case for case in writes if status(desk.http, *case, headers=sent)[0] != 403] == []


def test_a_form_of_another_session_is_refused(house: RunningApp) -> None:
    eva, tom = ConsoleSession(house, name="eva"), ConsoleSession(house, name="tom")
    assert eva.http.post("/logout", data={"csrf": tom.csrf()}).status_code == 403
    assert eva.http.post("/logout", data={"csrf": eva.csrf()}).status_code == 303


def test_a_route_that_declares_nothing_keeps_the_application_from_starting() -> None:
    app, router = FastAPI(), APIRouter()

    @router.get("/open")
    def open_() -> str:
        return "everybody reads this"

    @router.get("/shut")
    def shut(_: Annotated[Staff, requires(Role.VIEWER)]) -> str:
        return "fine"

    app.include_router(router)
    app.router.routes = [route for route in app.router.routes if "openapi" not in getattr(route, "path", "")]
    with pytest.raises(RuntimeError, match="/open"):
        require_declared_roles(routes_of(app))


def test_a_requirement_is_seen_by_the_check() -> None:
    router = APIRouter()

    @router.get("/shut")
    def shut(_: Annotated[Staff, requires(Role.PUBLISHER)]) -> str:
        return "fine"

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router)
    require_declared_roles(routes_of(app))
    found = requirements_of(routes_of(app)[0])
    assert [item.role for item in found if isinstance(item, RoleRequirement)] == [Role.PUBLISHER]


@pytest.mark.parametrize("url", ["http://127.0.0.1", "https://bot.example"])
def test_cookies_are_kept_from_scripts_and_other_sites(url: str, tmp_path: Path) -> None:
    app = RunningApp(free_port(), 1, folder=tmp_path, public_url=url)
    app.start()
    given = ConsoleSession(app, None).http.get("/login").headers["set-cookie"]
    app.stop()
    assert {"HttpOnly", "SameSite=lax", "Path=/staff"} <= set(given.split("; "))
    assert ("Secure" in given) == url.startswith("https")


def test_pages_forbid_foreign_content_and_are_kept_nowhere(house: RunningApp) -> None:
    for path in ("/login", "/account"):
        headers = ConsoleSession(house).http.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"


def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    victim = ConsoleSession(own, None)
    victim.take("planted-by-somebody-else")
    token = re.search(r'name="csrf" value="(\w+)"', victim.http.get("/login").text)
    assert token
    answer = victim.http.post("/login", data={"csrf": token[1], "name": "the-admin", "password": PASSWORD})
    assert answer.status_code == 303
    assert victim.token != "planted-by-somebody-else"
    thief = patient.Client(base_url=f"{own.url}/staff", cookies={"staff": "planted-by-somebody-else"})
    assert thief.get("/account").status_code == 303


def test_a_sign_in_goes_on_to_our_own_pages_only(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    goals = {
        "/audit?who=x": "/staff/audit?who=x",
        "//evil.example": "/staff/",
        "https://evil.example": "/staff/",
        "/\\evil.example": "/staff/",
        "": "/staff/",
    }
    for wish, goal in goals.items():
        answer = ConsoleSession(own, None).send("/login", name="the-admin", password=PASSWORD, next=wish)
        assert answer.headers["location"] == goal


def test_unknown_name_wrong_password_and_a_disabled_user_get_the_same_answer(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    hire(own.database, Role.VIEWER, "gone")
    with own.database.unit() as session:
        session.execute(update(StaffUser).where(StaffUser.name == "gone").values(disabled_at=datetime.now(UTC)))
    tries = [("nobody", PASSWORD), ("the-admin", "wrong"), ("gone", PASSWORD)]
    pages = []
    for name, password in tries:
        desk = ConsoleSession(own, None)
        answer = desk.send("/login", name=name, password=password)
        assert answer.status_code == 401
        pages.append(re.sub(r'value="[^"]*"', "", answer.text))
    assert pages[0] == pages[1] == pages[2]
    assert "Name or password is not right" in pages[0]
    assert "After five attempts you have to wait" in pages[0]


def test_the_five_steps_stand_open_for_a_newcomer_and_link_to_pages_that_are_there(own: RunningApp) -> None:
    desk = ConsoleSession(own, Role.VIEWER)
    page = desk.open("/")
    assert '<details class="card" open>' in page
    steps = re.findall(r'<li><a href="/staff(/[^"]+)">', page.partition("five steps")[2].partition("</ol>")[0])
    assert len(steps) == 5
    for step in steps:
        desk.open(step)
    with own.database.unit() as session:
        session.execute(update(StaffUser).values(created_at=datetime.now(UTC) - timedelta(days=8)))
    assert '<details class="card">' in desk.open("/")


def from_address(app: RunningApp, address: str) -> ConsoleSession:
    """Somebody behind our proxy, not signed in."""
    desk = ConsoleSession(app, None)
    desk.http.headers["X-Forwarded-For"] = address
    return desk


def test_an_address_rests_at_a_name_and_locks_nobody_else_out(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    stranger = from_address(own, "203.0.113.7")
    for _ in range(ATTEMPTS_AT_ONE_NAME.amount):
        assert stranger.send("/login", name="the-admin", password="wrong").status_code == 401
    for _ in range(3):
        refused = stranger.send("/login", name="The-Admin ", password=PASSWORD)
        assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= ATTEMPTS_AT_ONE_NAME.get_expiry()
    assert from_address(own, "203.0.113.8").send("/login", name="the-admin", password=PASSWORD).status_code == 303
    assert from_address(own, "203.0.113.7").send("/login", name="nobody", password="x").status_code == 401
    with own.database.unit() as session:
        entries = [(entry.action, entry.after) for entry in audit_entries(session, subject="the-admin")]
    assert entries[:2] == [("sign in", None), ("pause sign-in", {"for": "one address"})]
    assert [action for action, _ in entries].count("pause sign-in") == 1, "the log is not to be flooded"


def test_one_household_has_many_ipv6_addresses_and_counts_once(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    answers = [
        from_address(own, f"2001:db8:1:2::{at:x}").send("/login", name="the-admin", password="wrong").status_code
        for at in range(1, ATTEMPTS_AT_ONE_NAME.amount + 2)
    ]
    assert answers == [401] * ATTEMPTS_AT_ONE_NAME.amount + [429]


def test_guesses_from_everywhere_make_the_name_rest_but_not_for_a_browser_used_before(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    mine = from_address(own, "198.51.100.1")
    assert mine.send("/login", name="the-admin", password=PASSWORD).status_code == 303
    assert mine.http.post("/logout", data={"csrf": csrf_of(mine, "/account")}).status_code == 303
    for at in range(signing_in.FREE_ATTEMPTS):
        from_address(own, f"203.0.113.{at}").send("/login", name="the-admin", password="wrong")
    assert from_address(own, "198.51.100.2").send("/login", name="the-admin", password=PASSWORD).status_code == 401
    assert mine.send("/login", name="the-admin", password=PASSWORD).status_code == 303
    with own.database.unit() as session:
        [pause] = audit_entries(session, subject="the-admin", action="pause sign-in")
        assert pause.after == {"failures": signing_in.FREE_ATTEMPTS, "for": "strangers"}


def test_a_browser_used_before_is_no_way_to_guess_either(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    mine = ConsoleSession(own, None)
    mine.send("/login", name="the-admin", password=PASSWORD)
    answers = [
        from_same_browser(own, mine, f"203.0.113.{at}").send("/login", name="the-admin", password="wrong").status_code
        for at in range(ATTEMPTS_AT_ONE_NAME.amount + 1)
    ]
    assert answers[-1] == 429


def from_same_browser(app: RunningApp, desk: ConsoleSession, address: str) -> ConsoleSession:
    moved = from_address(app, address)
    moved.http.cookies.set("staff_device", desk.http.cookies["staff_device"], domain="127.0.0.1", path="/staff")
    return moved


def csrf_of(desk: ConsoleSession, path: str) -> str:
    token = re.search(r'name="csrf" value="(\w+)"', desk.http.get(path).text)
    assert token
    return token[1]


def test_the_present_password_cannot_be_guessed_in_an_open_browser(own: RunningApp) -> None:
    desk = ConsoleSession(own)
    answers = [
        desk.send("/account/password", present="wrong", fresh="another good phrase", again="another good phrase")
        for _ in range(ATTEMPTS_AT_ONE_NAME.amount + 1)
    ]
    assert [answer.status_code for answer in answers] == [422] * ATTEMPTS_AT_ONE_NAME.amount + [429]


def test_many_guesses_at_one_moment_are_not_all_looked_at(own: RunningApp) -> None:
    hire(own.database, Role.ADMIN)
    desk = ConsoleSession(own, None)
    form = {"csrf": desk.csrf(), "name": "the-admin", "password": "wrong"}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: desk.http.post("/login", data=form).status_code, range(20)))
    assert answers.count(401) == ATTEMPTS_AT_ONE_NAME.amount
    with own.database.unit() as session:
        assert session.get_one(StaffUser, 1).failed_count <= ATTEMPTS_AT_ONE_NAME.amount


def test_one_address_cannot_try_on_and_on(own: RunningApp) -> None:
    desk = ConsoleSession(own, None)
    form = {"csrf": desk.csrf(), "name": "", "password": "x"}
    answers = [
        desk.http.post("/login", data={**form, "name": f"user{at}"}) for at in range(ATTEMPTS_OF_ONE_ADDRESS.amount + 2)
    ]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= ATTEMPTS_OF_ONE_ADDRESS.get_expiry()
    assert "wait a few minutes" in answers[-1].text
    assert answers[0].status_code == 401


def test_totp_is_asked_for_and_a_code_works_once(own: RunningApp) -> None:
    admin = ConsoleSession(own)
    secret = enroll(admin)
    desk = ConsoleSession(own, None)
    answer = desk.send("/login", name="the-admin", password=PASSWORD)
    assert answer.headers["location"].startswith("/staff/login/code")
    assert is_refused(status(desk.http, "GET", "/account")), "the password alone was enough"
    half = desk.token
    page = desk.http.get("/login/code").text
    token = re.search(r'name="csrf" value="(\w+)"', page)
    assert token
    fresh = pyotp.TOTP(secret).at(datetime.now(UTC), counter_offset=1)
    assert desk.http.post("/login/code", data={"csrf": token[1], "code": "000000"}).status_code == 401
    assert desk.http.post("/login/code", data={"csrf": token[1], "code": fresh}).headers["location"] == "/staff/"
    assert desk.http.get("/account").status_code == 200
    assert desk.token != half
    thief = ConsoleSession(own, None)
    thief.send("/login", name="the-admin", password=PASSWORD)
    again = re.search(r'name="csrf" value="(\w+)"', thief.http.get("/login/code").text)
    assert again
    assert thief.http.post("/login/code", data={"csrf": again[1], "code": fresh}).status_code == 401, "replayed"


def test_a_totp_secret_encrypted_with_another_key_is_explained(own: RunningApp) -> None:
    enroll(ConsoleSession(own))
    with own.database.unit() as session:
        session.get_one(StaffUser, 1).totp_encrypted = totp.encryption_of("another key").encrypt("secret")
    desk = ConsoleSession(own, None)
    desk.send("/login", name="the-admin", password=PASSWORD)
    token = re.search(r'name="csrf" value="(\w+)"', desk.http.get("/login/code").text)
    assert token
    answer = desk.http.post("/login/code", data={"csrf": token[1], "code": "123456"})
    assert answer.status_code == 401
    assert "--drop-second-step" in answer.text


def enroll(desk: ConsoleSession) -> str:
    """Turns on the second step and uses up the present code; the next one still works. Gives the secret."""
    page = desk.open("/account/second-step")
    encrypted = re.search(r'name="encrypted" value="([^"]+)"', page)
    secret = re.search(r"<code>(\w+)</code>", page)
    assert encrypted
    assert secret
    code = pyotp.TOTP(secret[1]).now()
    answer = desk.send("/account/second-step", encrypted=encrypted[1], code=code)
    assert answer.status_code == 303, answer.text
    return secret[1]


def test_the_totp_secret_does_not_lie_open(own: RunningApp) -> None:
    secret = enroll(ConsoleSession(own))
    with own.database.unit() as session:
        assert secret not in session.get_one(StaffUser, 1).totp_encrypted


def test_somebody_elses_encrypted_secret_is_refused(own: RunningApp) -> None:
    eva, tom = ConsoleSession(own, name="eva"), ConsoleSession(own, name="tom")
    encrypted = re.search(r'name="encrypted" value="([^"]+)"', tom.open("/account/second-step"))
    assert encrypted
    assert eva.send("/account/second-step", encrypted=encrypted[1], code="123456").status_code == 403
    assert eva.send("/account/second-step", encrypted="x", code="123456").status_code == 403


def test_nobody_ends_the_session_of_somebody_else(own: RunningApp) -> None:
    tom, eva = ConsoleSession(own, Role.VIEWER, name="tom"), ConsoleSession(own, Role.ADMIN, name="eva")
    with own.database.unit() as session:
        ids = {row.user_id: row.id for row in session.query(StaffSession)}
    assert tom.staff
    assert eva.staff
    tom.send(f"/account/sessions/{ids[eva.staff.id]}/end")
    assert eva.http.get("/account").status_code == 200
    eva.send(f"/account/sessions/{ids[tom.staff.id]}/end")
    assert tom.http.get("/account").status_code == 200, "not even an admin, under this address"


def test_signing_out_everywhere_and_a_new_password_end_the_other_sessions(own: RunningApp) -> None:
    for path, fields in (
        ("/account/sessions/end", {}),
        ("/account/password", {"present": PASSWORD, "fresh": "another good phrase", "again": "another good phrase"}),
    ):
        here, there = ConsoleSession(own), ConsoleSession(own)
        before = here.token
        assert here.send(path, **fields).status_code == 303
        assert there.http.get("/account").status_code == 303, path
        assert here.http.get("/account").status_code == 200, path
        assert here.token != before, "the token stayed the same"


def test_a_password_needs_the_present_one_and_some_length(own: RunningApp) -> None:
    desk = ConsoleSession(own)
    good = {"present": PASSWORD, "fresh": "another good phrase", "again": "another good phrase"}
    for change in ({"present": "wrong"}, {"fresh": "short", "again": "short"}, {"again": "something else"}):
        assert desk.send("/account/password", **(good | change)).status_code == 422


def test_another_role_or_being_disabled_counts_at_once(own: RunningApp) -> None:
    admin, tom = ConsoleSession(own), ConsoleSession(own, Role.PUBLISHER, name="tom")
    assert tom.staff
    admin.send(f"/users/{tom.staff.id}/role", role="viewer")
    assert tom.http.get("/account").status_code == 303
    tom.take(sign_in(own.database, tom.staff))
    admin.send(f"/users/{tom.staff.id}/disable")
    assert tom.http.get("/account").status_code == 303
    assert ConsoleSession(own, None).send("/login", name="tom", password=PASSWORD).status_code == 401


def test_the_last_admin_stays(own: RunningApp) -> None:
    admin = ConsoleSession(own)
    assert admin.staff
    admin.send(f"/users/{admin.staff.id}/disable")
    admin.send(f"/users/{admin.staff.id}/role", role="viewer")
    assert "last administrator" in admin.open(f"/users/{admin.staff.id}")
    with own.database.unit() as session:
        user = session.get_one(StaffUser, admin.staff.id)
        assert (user.role, user.disabled_at) == (Role.ADMIN, None)


def test_a_session_ends_by_itself(own: RunningApp) -> None:
    for column in (StaffSession.last_seen_at, StaffSession.expires_at):
        desk = ConsoleSession(own)
        with own.database.unit() as session:
            session.execute(update(StaffSession).values({column: datetime.now(UTC) - signing_in.LIFETIME}))
        assert desk.http.get("/account").status_code == 303


def test_a_signed_out_token_is_dead(own: RunningApp) -> None:
    desk = ConsoleSession(own)
    token = desk.token
    desk.send("/logout")
    thief = patient.Client(base_url=f"{own.url}/staff", cookies={"staff": token})
    assert thief.get("/account").status_code == 303


def test_the_first_sign_in_page_says_how_to_begin(own: RunningApp) -> None:
    assert "bot user add" in ConsoleSession(own, None).open("/login")
    hire(own.database, Role.ADMIN)
    assert "bot user add" not in ConsoleSession(own, None).open("/login")


def test_a_huge_form_is_refused(house: RunningApp) -> None:
    desk = ConsoleSession(house)
    assert desk.send("/login", name="x" * 2_000_000).status_code == 413


@pytest.mark.parametrize("path", ["/audit?subject=%00", "/audit?subject=x%2500%00", "/users/1?x=%00"])
def test_a_zero_byte_is_no_text(path: str, house: RunningApp) -> None:
    desk = ConsoleSession(house)
    assert desk.http.get(path).status_code == 400
    assert desk.send("/login", name="a\0b", password="x").status_code == 400
