"""Sign-in without a web server: how long an account rests, which passwords are good, which codes count."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from bot.db.base import Database
from bot.staff import passwords, sign_in, totp
from bot.staff.devices import Devices
from bot.staff.roles import Role
from bot.staff.store import audit_entries
from bot.staff.tables import StaffUser
from tests.staff import hire

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (29, 0), (30, 30), (31, 60), (32, 120), (34, 480), (35, 900), (75, 900), (10_000, 900)],
)
def test_the_pause_grows_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert sign_in.pause_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("correct horse", True),
        ("short", False),
        ("x" * 201, False),
        ("aaaaaaaaaaaaaaaa", False),
        ("Maria-is-my-name", False),
        ("пароль из слов", True),
        ("password1234", False),
        ("qwertyuiop12", False),
        ("iloveyou2024", False),
        ("Passw0rd!2024", False),
        ("administrator1", False),
        ("Rotation2026!", False),
        ("adminadmin123", False),
        ("x" * 60 + "correct horse battery" * 6, True),
    ],
)
def test_a_good_password_is_long_varied_not_the_name_and_no_common_one(password: str, is_good: bool) -> None:
    assert (passwords.problem_with(password, "maria") == "") is is_good


def test_a_hash_tells_nothing_and_nobody_matches_the_empty_one() -> None:
    stored = passwords.hash_of("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "correct horse battery")
    assert not passwords.matches(stored, "correct horse batterY")
    assert not passwords.matches("", "nobody has this password")
    assert not passwords.matches("damaged", "anything")


@pytest.mark.parametrize(("offset", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_for_a_step_more_or_less_and_once(offset: int, is_right: bool, empty: Database) -> None:
    staff, secret = hire(empty, Role.ADMIN), totp.new_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=30 * offset))
    with empty.unit() as session:
        user = session.get_one(StaffUser, staff.id)
        assert sign_in.use_code(session, user, secret, code=code, now=NOW) is is_right
        assert not sign_in.use_code(session, user, secret, code=code, now=NOW), "used twice"


def test_after_a_code_an_earlier_one_is_worth_nothing(empty: Database) -> None:
    staff, secret = hire(empty, Role.ADMIN), totp.new_secret()
    now, before = pyotp.TOTP(secret).at(NOW), pyotp.TOTP(secret).at(NOW - timedelta(seconds=30))
    with empty.unit() as session:
        user = session.get_one(StaffUser, staff.id)
        assert sign_in.use_code(session, user, secret, code=now, now=NOW)
        assert not sign_in.use_code(session, user, secret, code=before, now=NOW)


@pytest.mark.parametrize("code", ["", "abc", "1234567", "\uff11\uff12\uff13\uff14\uff15\uff16"])
def test_what_is_no_code_is_refused(code: str, empty: Database) -> None:
    staff, secret = hire(empty, Role.ADMIN), totp.new_secret()
    with empty.unit() as session:
        user = session.get_one(StaffUser, staff.id)
        assert not sign_in.use_code(session, user, secret, code=code, now=NOW)


def test_a_pause_is_noted_in_the_audit_log_once_per_failure(empty: Database) -> None:
    hire(empty, Role.ADMIN)
    moments = [NOW + timedelta(seconds=at) for at in range(33)]
    found = []
    for at in moments:
        with empty.unit() as session:
            found.append(sign_in.begin(session, "The-Admin ", now=at).user_id is not None)
    assert found == [True] * 30 + [False] * 3
    with empty.unit() as session:
        pauses = [entry.after for entry in audit_entries(session, action="pause sign-in")]
    assert pauses == [{"failures": 30, "for": "strangers"}]


def test_a_browser_of_the_user_is_let_through_while_the_name_rests(empty: Database) -> None:
    staff = hire(empty, Role.ADMIN)
    marks = Devices("key")
    with empty.unit() as session:
        user = session.get_one(StaffUser, staff.id)
        mine = marks.read(marks.mark(user.name, user.password_changed_at))
        old = marks.read(marks.mark(user.name, user.password_changed_at - timedelta(days=1)))
        other = marks.read(marks.mark("somebody-else", user.password_changed_at))
        user.failed_count, user.locked_until = 30, NOW + timedelta(minutes=1)
    devices = {"mine": mine, "old password": old, "other": other, "none": None}
    found = {}
    for name, device in devices.items():
        with empty.unit() as session:
            found[name] = sign_in.begin(session, "The-Admin", now=NOW, device=device).user_id
    assert found == {"mine": staff.id, "old password": None, "other": None, "none": None}
    with empty.unit() as session:
        assert session.get_one(StaffUser, staff.id).failed_count == 30, "known browsers are not counted as strangers"


@pytest.mark.parametrize(
    "mark",
    ["", "nonsense", "a.b.c", Devices("another key").mark("the-admin", NOW)],
    ids=["nothing", "nonsense", "dots", "another key"],
)
def test_a_mark_that_we_did_not_make_is_none(mark: str) -> None:
    assert Devices("key").read(mark) is None


def test_a_mark_ends_after_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = Devices("key").mark("the-admin", NOW)
    assert Devices("key").read(mark)
    later = time.time() + 366 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert Devices("key").read(mark) is None
