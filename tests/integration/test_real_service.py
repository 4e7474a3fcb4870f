"""`bot run` as a service starts it: it tells that it is up, keeps its files to itself, and leaves no orphan behind."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.ops import training
from bot.settings import ROOT, Settings
from tests.conftest import SETTINGS, TODAY, free_port
from tests.visitor import Visitor

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]
UP_WITHIN_SECONDS = 150


def old_installation(var: Path) -> None:
    """A `var` with a model, as it was when its files were for all to read."""
    trained = training.train(Settings(var=ROOT / "var"))  # type: ignore[call-arg]
    (var / "models").mkdir(parents=True)
    (var / "logs").mkdir()
    (var / "models" / trained.name).write_bytes(trained.read_bytes())
    (var / "encoder.onnx").symlink_to(ROOT / "var" / "encoder.onnx")
    (var / "logs" / "app.log").write_text("something old\n", encoding="utf8")
    for path in (var, *var.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


def hear(line: socket.socket, wanted: bytes, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        line.settimeout(max(0.1, deadline - time.monotonic()))
        if line.recv(100) == wanted:
            return
    raise AssertionError(f"{wanted!r} was not said in time")


def free(ports: list[int]) -> list[int]:
    probes = [(port, socket.socket()) for port in ports]
    try:
        return [port for port, probe in probes if probe.connect_ex(("127.0.0.1", port)) != 0]
    finally:
        for _port, probe in probes:
            probe.close()


def test_bot_run_tells_that_it_is_up_is_private_and_takes_everything_with_it(tmp_path: Path) -> None:
    var, ports, said = tmp_path / "var", [free_port() for _ in range(3)], tmp_path / "said"
    old_installation(var)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        names = dict(zip(("BOT_PORT", "ENGINE_PORT", "ACTIONS_PORT"), map(str, ports), strict=True))
        environment = {**os.environ, **dict.fromkeys(SETTINGS, ""), **names}
        environment |= {
            "VAR": str(var),
            "BOT_TODAY": TODAY,
            "ENGINE_TIMEOUT_SECONDS": "60",
            "NOTIFY_SOCKET": str(tmp_path / "notify"),
        }
        with said.open("w", encoding="utf8") as output:
            command = [sys.executable, "-m", "bot.cli.main", "run"]
            running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output, umask=0o022)
        try:
            hear(line, b"READY=1", seconds=UP_WITHIN_SECONDS)
            hear(line, b"WATCHDOG=1", seconds=20)
            assert httpx.get(f"http://127.0.0.1:{ports[0]}/readyz", timeout=10).status_code == 200
            assert Visitor(f"http://127.0.0.1:{ports[0]}").say("How much does it cost?")["status"] == "answered"
            assert free(ports) == []
            modes = {str(path.relative_to(var)): stat.S_IMODE(path.lstat().st_mode) for path in var.rglob("*")}
            modes |= {".": stat.S_IMODE(var.stat().st_mode)}
            links = {str(path.relative_to(var)) for path in var.rglob("*") if path.is_symlink()}
            assert {"secret.key", "bot.db", "tracker.db", "logs/app.log"} <= modes.keys()
            assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077 and name not in links} == {}
            settings = Settings(var=var, secret_key="", engine_token="")  # type: ignore[call-arg]
            for secret in (settings.engine_key(), settings.signing_key()):
                assert secret not in said.read_text(encoding="utf8")
                assert all(secret not in log.read_text(encoding="utf8") for log in (var / "logs").iterdir())
        finally:
            running.kill()
            running.wait()
        deadline = time.monotonic() + 5
        while (left := sorted(set(ports) - set(free(ports)))) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left == [], "an orphan holds a port"
