"""Keeps what is made at run time to the account that runs the bot: talks, keys, logs and models are nobody else's."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

UMASK = 0o077
"""Folders are made with mode 0700 and files with 0600, from the first moment."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SQLITE = "sqlite:///"


def be_private() -> None:
    """From here on this process and what it starts make files that only their own account can read."""
    os.umask(UMASK)


@contextlib.contextmanager
def shared() -> Iterator[None]:
    """Inside, files get the usual modes: for what belongs to the repository and not to the run."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


def tighten(top: Path) -> None:
    """Takes a file, or a folder with all that is in it, away from other accounts; links in it are not followed."""
    top = top.resolve()
    _tighten(top)
    for folder, folders, files in os.walk(top):
        for name in (*folders, *files):
            _tighten(Path(folder, name))


def tighten_database(url: str) -> None:
    """The same for a SQLite file and its journals, wherever it lies; another database keeps its own doors."""
    if url.startswith(_SQLITE):
        for ending in ("", "-wal", "-shm", "-journal"):
            tighten(Path(url.removeprefix(_SQLITE) + ending))


def _tighten(path: Path) -> None:
    # What goes away meanwhile needs nothing; what belongs to somebody else is theirs to close.
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
