"""A private PostgreSQL server for tests, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.ops.system import free_ports


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, or None."""
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).resolve().parent if found else installed[-1].parent if installed else None


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a new, empty server in a folder of its own; gives the URL of its database."""
    bin_folder = programs()
    assert bin_folder, "PostgreSQL is not installed"
    # PostgreSQL refuses to run as root; pytest's own folder is closed to others whenever a pytest starts.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data, port = folder / "data", free_ports(1)[0]
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def call(*command: str | Path) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    call(bin_folder / "initdb", "-D", data, "-U", "bot", "--auth=trust", "--no-sync", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    call(bin_folder / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"postgresql://bot@127.0.0.1:{port}/postgres"
    finally:
        call(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)
