"""Starts long work as a child process, so that the application keeps answering and a restart of it ends nothing.

A page writes a row, calls `start("train", "7")`, and polls the row: the command writes its progress there.
"""

from __future__ import annotations

import subprocess
import sys
from threading import Thread

from bot.settings import ROOT, settings

POLITENESS = 10


def start(*words: str) -> int:
    """Runs `bot review <words>` beside the application, with less claim to the processor; returns its process id.

    The child reads the same environment; what it says goes to var/logs/review.log.
    """
    log = settings().var / "logs" / "review.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            ["nice", "-n", str(POLITENESS), sys.executable, "-m", "bot.cli", "review", *words],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    Thread(target=child.wait, name=f"review-{child.pid}", daemon=True).start()
    return child.pid
