"""New databases for tests: migrated once in a process, then copied; a migration takes longer than most tests."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.programs.importer import import_facts, import_programs
from bot.programs.vocabulary import families
from bot.settings import ROOT

PROGRAMS = ROOT / "data" / "programs.csv"
FACTS = ROOT / "data" / "facts.csv"


def make_empty(path: Path) -> str:
    """A migrated SQLite database without rows at a path where nothing is yet; its URL."""
    shutil.copyfile(_empty(), path)
    return f"sqlite:///{path}"


def make_seeded(path: Path) -> str:
    """A migrated SQLite database with the seed data at a path where nothing is yet; its URL."""
    shutil.copyfile(_seeded(), path)
    return f"sqlite:///{path}"


@cache
def _empty() -> Path:
    path = _folder() / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@cache
def _seeded() -> Path:
    database = Database(make_empty(_folder() / "seeded.db"))
    import_programs(database, PROGRAMS, families=families())
    import_facts(database, FACTS)
    database.engine.dispose()  # The last connection brings what was written ahead into the one file that is copied.
    return _folder() / "seeded.db"


@cache
def _folder() -> Path:
    made = tempfile.TemporaryDirectory(prefix="databases-")
    _kept.append(made)
    return Path(made.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []
"""Removed with the process."""
