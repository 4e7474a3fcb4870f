"""`bot user`: the first administrator from a terminal; a password is asked for and never an argument."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.user import user
from bot.db.base import Database
from bot.settings import settings
from bot.staff import passwords
from bot.staff.store import find_user
from bot.staff.tables import StaffSession
from tests.staff import PASSWORD, hire, sign_in


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database that the command finds in its environment."""
    monkeypatch.setenv("VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    monkeypatch.setattr("bot.ops.seeding.seed", lambda *_: None)
    monkeypatch.setattr("bot.ops.system.seed", lambda *_: None)
    settings.cache_clear()
    yield Database(f"sqlite:///{tmp_path / 'bot.db'}")
    settings.cache_clear()


def run(*words: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> Result:
    return CliRunner().invoke(user, list(words), input=typed)


def test_the_first_administrator_is_made_and_the_password_is_not_shown(database: Database) -> None:
    done = run("add", "Maria", "--role", "admin")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert "/staff/login" in done.output
    with database.unit() as session:
        row = find_user(session, "maria")
    assert row
    assert row.role == "admin"
    assert passwords.matches(row.password_hash, PASSWORD)
    assert "maria" in run("list").output


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["add", "maria"], "short\nshort\n", "12 to 200"),
        (["add", "x y"], None, "letters"),
        (["disable", "nobody"], None, "no user"),
        (["role", "maria", "viewer"], None, "last administrator"),
        (["disable", "maria"], None, "last administrator"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(words: list[str], typed: str | None, said: str, database: Database) -> None:
    if words[0] not in ("add",):
        run("add", "maria", "--role", "admin")
    done = run(*words, **({"typed": typed} if typed else {}))
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_there_is_no_option_for_a_password(database: Database) -> None:
    assert run("add", "maria", "--password", PASSWORD).exit_code == 2


def test_another_password_ends_sessions_and_drops_a_lost_phone(database: Database) -> None:
    run("add", "maria", "--role", "admin")
    with database.unit() as session:
        row = find_user(session, "maria")
        assert row
        row.totp_encrypted, row.failed_count = "encrypted", 9
    sign_in(database, hire(database, row.role, "maria"))  # type: ignore[arg-type]
    assert run("password", "maria", "--drop-second-step", typed="another phrase\nanother phrase\n").exit_code == 0
    with database.unit() as session:
        row = find_user(session, "maria")
        assert row
        assert (row.totp_encrypted, row.failed_count) == ("", 0)
        assert passwords.matches(row.password_hash, "another phrase")
        assert session.query(StaffSession).count() == 0
