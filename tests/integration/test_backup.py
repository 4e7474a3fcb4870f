"""What a backup holds comes back whole, on both kinds of databases, and nothing is replaced unasked."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.errors import BackupError
from bot.ops import backup
from bot.settings import ROOT, Settings
from tests.databases import make_empty
from tests.fake_engine import FakeEngine
from tests.ports import free_port
from tests.postgres import PostgresServer
from tests.running_app import RunningApp, words_of

Place = Callable[[], dict[str, Any]]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Gives where a house of one's own has its things: a `var` and two databases, all new."""
    numbers = iter(range(10))
    server: PostgresServer | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")

    def make() -> dict[str, Any]:
        urls = {"database_url": server.bare(), "tracker_url": server.bare()} if server else {}
        return {"var": tmp_path / f"var{next(numbers)}", **urls}

    return make


def at(place: dict[str, Any], **more: Any) -> Settings:
    return Settings(
        **{"bot_port": free_port(), "engine_port": free_port(), "actions_port": free_port(), **place, **more}
    )


def put_into_tracker(settings: Settings) -> None:
    database = Database(settings.tracker)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE events (id INTEGER, sender_id VARCHAR(20))")
        connection.exec_driver_sql("INSERT INTO events VALUES (7, 'web:somebody')")
    database.engine.dispose()


def in_tracker(settings: Settings) -> list[Any]:
    with Database(settings.tracker).engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM events")]


def test_a_talk_goes_on_in_the_house_where_it_was_restored(place: Place, tmp_path: Path, engine: FakeEngine) -> None:
    first, second = place(), place()
    app = RunningApp(free_port(), engine.port, folder=first["var"], **{"secret_key": "", **without_var(first)})
    app.start()
    visitor = app.visitor()
    visitor.ask("my year is 2019")
    put_into_tracker(app.settings)
    model = app.settings.var / "models" / "live.tar.gz"
    model.parent.mkdir()
    model.write_bytes(b"a model")
    made = backup.save(app.settings, tmp_path / "bot.tar.gz", keep=[model, model.with_name("gone")])
    visitor.ask("said after the backup")
    app.stop()

    there = at(second)
    assert backup.restore(there, tmp_path / "bot.tar.gz") == made
    assert in_tracker(there) == [(7, "web:somebody")]
    assert (there.var / "models" / "live.tar.gz").read_bytes() == b"a model"
    again = RunningApp(free_port(), engine.port, folder=second["var"], **{"secret_key": "", **without_var(second)})
    again.start()
    visitor.http.base_url = f"{again.url}/api/v1"  # type: ignore[assignment]
    assert [item.get("text") or words_of(item) for item in visitor.history()] == [
        "my year is 2019",
        "You said: my year is 2019",
    ]
    visitor.ask("and on it goes")
    again.stop()


def without_var(place: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if name != "var"}


@pytest.fixture
def full(place: Place, tmp_path: Path) -> tuple[Settings, Path]:
    """A house with both databases, and its backup."""
    settings = at(place())
    if settings.database_url:
        upgrade(settings.database)
    else:
        settings.var.mkdir()
        make_empty(settings.var / "bot.db")
    put_into_tracker(settings)
    backup.save(settings, tmp_path / "bot.tar.gz")
    return settings, tmp_path / "bot.tar.gz"


def test_nothing_is_replaced_unasked_and_all_of_it_when_asked(full: tuple[Settings, Path]) -> None:
    settings, file = full
    database = Database(settings.tracker)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO events VALUES (8, 'web:later')")
    with pytest.raises(BackupError, match="--replace"):
        backup.restore(settings, file)
    assert len(in_tracker(settings)) == 2
    database.engine.dispose()
    backup.restore(settings, file, replace=True)
    assert in_tracker(settings) == [(7, "web:somebody")]


def test_a_backup_that_does_not_fit_changes_nothing(full: tuple[Settings, Path], place: Place, tmp_path: Path) -> None:
    settings, file = full
    with pytest.raises(BackupError, match="SECRET_KEY"):
        backup.restore(at(place(), secret_key="another"), file)
    torn = tmp_path / "torn.tar.gz"
    torn.write_bytes(file.read_bytes()[:-200])
    strange = tmp_path / "strange.tar.gz"
    with tarfile.open(strange, "w:gz") as archive:
        archive.add(__file__, "notes.txt")
    for broken, why in ((torn, "cannot be read"), (strange, "no backup")):
        with pytest.raises(BackupError, match=why):
            backup.restore(settings, broken, replace=True)
    assert in_tracker(settings) == [(7, "web:somebody")]


def test_a_file_is_not_restored_into_a_server(tmp_path: Path, postgres_server: PostgresServer) -> None:
    settings = at({"var": tmp_path / "var"})
    settings.var.mkdir()
    make_empty(settings.var / "bot.db")
    backup.save(settings, tmp_path / "bot.tar.gz")
    with pytest.raises(BackupError, match="another kind"):
        backup.restore(at({"var": tmp_path / "there", "database_url": postgres_server.bare()}), tmp_path / "bot.tar.gz")


def test_nothing_is_restored_under_a_running_bot(tmp_path: Path, engine: FakeEngine) -> None:
    with pytest.raises(BackupError, match=f"port {engine.port}"):
        backup.restore(at({"var": tmp_path / "var"}, bot_port=engine.port), tmp_path / "any.tar.gz")


def test_the_password_of_a_server_is_on_no_command_line_and_a_refusal_is_one_sentence(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.migrated().replace("bot@", "bot:a%20secret@")
    psycopg.connect(url).close()
    environment = os.environ | {"VAR": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": "key"}
    for file, code in ((tmp_path / "bot.tar.gz", 0), (tmp_path / "nowhere" / "bot.tar.gz", 1)):
        command = [sys.executable, "-m", "bot.cli.main", "backup", str(file)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)
        assert done.returncode == code, done.stderr
        assert "secret" not in done.stdout + done.stderr
        assert len((done.stdout + done.stderr).strip().splitlines()) == 1
    assert (tmp_path / "bot.tar.gz").stat().st_mode & 0o077 == 0
