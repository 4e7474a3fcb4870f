"""Vectors of sentences on disk, for engines that are started only to be asked the same again (rehearsals).

One file for each encoder. A file that cannot be read or has grown too large is begun anew; several processes may share
it, and one that finds it busy does without.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LARGEST = 200_000_000
"""Bytes; the held-out sentences and their parts take 44 million."""
WAIT_SECONDS = 0.5


class VectorFile:
    """What was kept of earlier engines: a vector in single precision for each text."""

    def __init__(self, file: Path) -> None:
        self._file = file
        if file.exists() and (file.stat().st_size > LARGEST or not _is_readable(file)):
            _remove(file)
        self._connection = _opened(file)

    def get(self, text: str) -> NDArray[np.float32] | None:
        """The vector of a text, exactly as it was put there."""
        try:
            found = self._connection.execute("SELECT vector FROM vectors WHERE text = ?", (text,)).fetchone()
        except sqlite3.Error:
            return None
        return np.frombuffer(found[0], dtype=np.float32) if found else None

    def put(self, text: str, vector: NDArray[np.float32]) -> None:
        """Keeps a vector, unless the file is busy or the disk is full."""
        try:
            self._connection.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", (text, vector.tobytes()))
        except sqlite3.Error:
            return


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")  # a writer that is killed leaves whole rows
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE IF NOT EXISTS vectors (text TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
    return connection


def _is_readable(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.OperationalError:
        return True  # it is busy
    except sqlite3.DatabaseError:
        return False


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
