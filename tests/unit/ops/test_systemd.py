"""The unit in deploy/systemd starts what is in this repository, shut in, and is told how we are doing."""

from __future__ import annotations

import socket
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from bot.cli.main import app
from bot.ops import systemd
from bot.ops.supervisor import BEAT_SECONDS
from bot.settings import ROOT, Settings

UNIT = ROOT / "deploy" / "systemd" / "rotation-bot.service"


def directives() -> dict[str, list[str]]:
    """All values of each directive; a line is read as systemd reads it, so a misspelled one is not found."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text(encoding="utf8").splitlines():
        if line and not line.startswith(("#", "[")):
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Type", "notify"),
        ("Restart", "always"),
        ("StartLimitIntervalSec", "0"),
        ("KillMode", "mixed"),
        ("User", "rotation-bot"),
        ("UMask", "0077"),
        ("StateDirectoryMode", "0700"),
        ("NoNewPrivileges", "true"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "true"),
        ("PrivateTmp", "true"),
        ("ProtectProc", "invisible"),
        ("CapabilityBoundingSet", ""),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
    ],
)
def test_the_unit_shuts_the_bot_in_and_starts_it_again(name: str, value: str) -> None:
    assert directives()[name] == [value]


def test_the_unit_starts_a_command_of_this_repository() -> None:
    (place,), (command,) = directives()["WorkingDirectory"], directives()["ExecStart"]
    program, verb = command.split()
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]["scripts"]
    installed = Path(program).relative_to(place)
    assert installed.parts[:-1] == (".venv", "bin")
    assert installed.name in scripts
    assert (ROOT / installed).exists()
    assert verb in {item.name or (item.callback and item.callback.__name__) for item in app.registered_commands}


def test_everything_that_is_written_lies_in_the_folder_that_the_unit_opens() -> None:
    (folder,) = directives()["StateDirectory"]
    given = dict(item.split("=", 1) for item in directives()["Environment"])
    places = [value for value in given.values() if value.startswith("/")]
    assert "VAR" in given
    assert all(place.startswith(f"/var/lib/{folder}") for place in places)


def test_the_watchdog_waits_for_several_beats() -> None:
    assert float(directives()["WatchdogSec"][0]) >= 4 * BEAT_SECONDS


def test_systemd_hears_what_it_is_told(tmp_path: Path) -> None:
    for address in (str(tmp_path / "notify"), f"@rotation-bot-{tmp_path.name}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
            listening.bind(address.replace("@", "\0", 1))
            listening.settimeout(5)
            systemd.tell(address, systemd.READY)
            assert listening.recv(100) == b"READY=1"


def test_elsewhere_nobody_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    systemd.tell("", systemd.READY)
    systemd.tell(str(tmp_path / "gone"), systemd.ALIVE)


def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    assert Settings().notify_socket == "/run/systemd/notify"  # type: ignore[call-arg]
