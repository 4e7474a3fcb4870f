"""Starts long work as a child process, so that the application keeps answering and a restart of it ends nothing.

A page writes a row, calls `start("train", "7")`, and polls the row: the command writes its progress there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Thread

from bot import settings as environment
from bot.ops.log_files import put_aside
from bot.private_files import UMASK
from bot.settings import ROOT, Settings

POLITENESS = 10


def start(*words: str, settings: Settings | None = None) -> int:
    """Runs `bot review <words>` beside the application, with less claim to the processor; returns its process id.

    The child works with `settings`, those of this process when there are none; what it says goes to
    var/logs/review.log.
    """
    known = settings or environment.settings()
    log = known.var / "logs" / "review.log"
    put_aside(log)
    with log.open("ab") as output:
        child = subprocess.Popen(
            ["nice", "-n", str(POLITENESS), sys.executable, "-m", "bot.cli.main", "review", *words],
            cwd=ROOT,
            env=_environment(known),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=UMASK,
        )
    Thread(target=child.wait, name=f"review-{child.pid}", daemon=True).start()
    return child.pid


def _environment(settings: Settings) -> dict[str, str]:
    """This process's, with what decides where things lie and who is asked."""
    return os.environ | {
        "VAR": str(settings.var),
        "DATABASE_URL": settings.database_url,
        "TRACKER_URL": settings.tracker_url,
        "ENGINE_PORT": str(settings.engine_port),
        "ACTIONS_PORT": str(settings.actions_port),
        "ENGINE_URLS": settings.engine_urls,
        "ACTIONS_URLS": settings.actions_urls,
        "REDIS_URL": settings.redis_url,
    }
