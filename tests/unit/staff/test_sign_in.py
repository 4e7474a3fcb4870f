"""Sign-in without a web server: how long an account rests, which passwords are good, which codes count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from bot.db.base import Database
from bot.staff import passwords, sign_in, totp
from bot.staff.roles import Role
from bot.staff.tables import StaffUser
from tests.staff import hire

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (50, 900), (10_000, 900)]
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
    ],
)
def test_a_good_password_is_long_varied_and_not_the_name(password: str, is_good: bool) -> None:
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
    moments = [NOW + timedelta(seconds=at) for at in range(8)]
    found = []
    for at in moments:
        with empty.unit() as session:
            found.append(sign_in.begin(session, "The-Admin ", now=at).user_id is not None)
    assert found == [True] * 5 + [False] * 3
