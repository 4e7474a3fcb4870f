"""`bot doctor` against real servers: what is well is well, and every planted illness has its line with a remedy."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.db.migrate import upgrade
from bot.ops import doctor, training
from bot.settings import Settings
from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.ports import free_port
from tests.postgres import PostgresServer
from tests.redis_server import redis_server
from tests.running_app import RunningApp

NOBODY = "127.0.0.1:1"


def found(settings: Settings, part: str) -> tuple[str, str]:
    """The worst state of a part, and its line."""
    lines = [item for item in doctor.look(settings) if item.part == part]
    worst = max(lines, key=lambda item: (doctor.WELL, doctor.WARNING, doctor.ILL).index(item.state))
    assert bool(worst.remedy) is (worst.state != doctor.WELL)
    return worst.state, str(worst)


def at(folder: Path, **given: Any) -> Settings:
    ports = {name: free_port() for name in ("bot_port", "engine_port", "actions_port")}
    return Settings(**{**ports, "var": folder, **given})


def test_a_running_installation_is_well(
    make_app: Callable[..., RunningApp], telegram: FakeTelegram, tmp_path: Path
) -> None:
    app = make_app(secret_key="a long and quite random key of this test")
    with redis_server() as url:
        settings = app.settings.model_copy(update={"redis_url": url, "public_url": app.url})
        lines = list(doctor.look(settings))
    assert [str(item) for item in lines if item.state != doctor.WELL] == []
    assert {item.part for item in lines} >= {"versions", "key", "database", "ports", "redis", "public", "telegram"}
    assert TOKEN not in "".join(map(str, lines))


@pytest.mark.parametrize(
    ("given", "part", "state", "words"),
    [
        ({"secret_key": "short"}, "key", doctor.WARNING, "openssl rand"),
        ({"engine_token": "off"}, "key", doctor.WARNING, "ENGINE_TOKEN"),
        ({"database_url": f"postgresql://bot:secret@{NOBODY}/bot"}, "database", doctor.ILL, "DATABASE_URL"),
        ({"database_url": "nonsense"}, "database", doctor.ILL, "DATABASE_URL"),
        ({"tracker_url": f"postgresql://bot:secret@{NOBODY}/bot"}, "tracker", doctor.ILL, "TRACKER_URL"),
        ({"redis_url": f"redis://:secret@{NOBODY}/0"}, "redis", doctor.ILL, "REDIS_URL"),
        ({"public_url": f"https://{NOBODY}"}, "public", doctor.ILL, "proxy"),
        ({"public_url": f"http://{NOBODY}"}, "public", doctor.WARNING, "proxy"),
        ({"telegram_token": "1:secret", "telegram_api_base": f"http://{NOBODY}"}, "telegram", doctor.ILL, "network"),
        ({"smtp_to": "desk@clinic.example"}, "mail", doctor.WARNING, "SMTP_TO"),
        ({"smtp_url": f"smtp://me:secret@{NOBODY}"}, "mail", doctor.ILL, "SMTP_URL"),
        (
            {"engine_urls": f"http://{NOBODY}, http://127.0.0.1:2", "redis_url": "redis://127.0.0.1:1/0"},
            "engines",
            doctor.ILL,
            "number 1 of ENGINE_URLS does not answer",
        ),
    ],
)
def test_an_illness_has_its_line_and_shows_no_secret(
    tmp_path: Path, given: dict[str, Any], part: str, state: str, words: str
) -> None:
    seen, line = found(at(tmp_path, **given), part)
    assert seen == state
    assert words in line
    assert "secret" not in line


def test_a_port_of_somebody_else_and_an_open_key_are_told(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    (tmp_path / "secret.key").chmod(0o644)
    settings = at(tmp_path)
    assert found(settings, "ports")[0] == doctor.WELL
    with socket.create_server(("127.0.0.1", settings.bot_port)):
        state, line = found(settings, "ports")
    assert (state, "set BOT_PORT" in line) == (doctor.ILL, True)
    state, line = found(settings, "key")
    assert (state, "chmod 600" in line) == (doctor.ILL, True)


def test_tables_of_an_older_version_are_told(tmp_path: Path, postgres_server: PostgresServer) -> None:
    url = postgres_server.bare()
    upgrade(url, "0013_erasures")
    state, line = found(at(tmp_path, database_url=url), "database")
    assert (state, "bot migrate" in line) == (doctor.WARNING, True)


def test_a_full_disk_and_a_missing_engine_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: doctor.shutil._ntuple_diskusage(10, 9, 1))
    monkeypatch.setattr(training, "ENGINE_PYTHON", tmp_path / "python")
    assert found(at(tmp_path), "disk")[0] == doctor.ILL
    assert "make setup" in found(at(tmp_path), "versions")[1]


def test_what_telegram_says_of_the_webhook_is_told(tmp_path: Path, telegram: FakeTelegram) -> None:
    given = {"telegram_token": TOKEN, "telegram_api_base": telegram.url}
    telegram.webhook = {"url": "https://elsewhere.example/telegram/x"}
    assert (
        "leads elsewhere"
        in found(at(tmp_path, telegram_mode="webhook", public_url=f"https://{NOBODY}", **given), "telegram")[1]
    )
    assert "nothing can be polled" in found(at(tmp_path, **given), "telegram")[1]
    assert "needs https" in found(at(tmp_path, telegram_mode="webhook", **given), "telegram")[1]
