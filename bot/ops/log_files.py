"""What a process says, in files of a bounded size.

A child writes into a pipe and a thread of the supervisor into the file: a file that a child itself holds open cannot be
put aside without losing lines. The thread ends with the pipe, so a child that is killed takes nothing down.
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Thread
from typing import IO

LARGEST_BYTES = 10_000_000
KEPT_FILES = 5
LONGEST_LINE = 65_536


class LogFile:
    """A log that several starts of one process write to, one after the other."""

    def __init__(self, path: Path, *, largest: int = LARGEST_BYTES, kept: int = KEPT_FILES) -> None:
        """When `path` holds `largest` bytes it becomes `path.1`, and so on; what would be `path.<kept + 1>` goes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = _Lines(path, maxBytes=largest, backupCount=kept, encoding="utf8", errors="replace", delay=True)

    def follow(self, output: IO[bytes], name: str) -> Thread:
        """Writes down everything that comes out of a pipe, until nobody holds its other end any more."""
        thread = Thread(target=self._copy, args=(output,), name=f"log-{name}", daemon=True)
        thread.start()
        return thread

    def write(self, line: str) -> None:
        """One line, without its end."""
        self._file.handle(logging.makeLogRecord({"msg": line}))

    def close(self) -> None:
        """Gives the file back; a later line opens it again."""
        self._file.close()

    def _copy(self, output: IO[bytes]) -> None:
        with output:
            for line in iter(lambda: output.readline(LONGEST_LINE), b""):
                self.write(line.decode("utf8", "replace").rstrip("\r\n"))


class _Lines(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A full disk costs lines; a pipe that nobody empties would stop the process that writes to it."""


def put_aside(path: Path, *, largest: int = LARGEST_BYTES, kept: int = KEPT_FILES) -> None:
    """Before a file is opened: a large one is put aside. Whoever still writes to it goes on in the file put aside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size >= largest:
        file = RotatingFileHandler(path, backupCount=kept, delay=True)
        file.doRollover()
        file.close()
