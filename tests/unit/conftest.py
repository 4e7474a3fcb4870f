"""What unit tests share: the seed data as values and as a database."""

from __future__ import annotations

import csv
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db.base import Database
from bot.programs.catalog import Catalog
from bot.programs.facets import Surroundings
from bot.programs.program import Program
from bot.programs.rows import FactRow, read_fact, read_program
from bot.programs.vocabulary import vocabulary
from tests.databases import FACTS, PROGRAMS, make_empty, make_seeded

TODAY = date(2026, 11, 23)
__all__ = ["FACTS", "PROGRAMS"]


def rows(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file as they are."""
    with path.open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def programs() -> tuple[Program, ...]:
    """All programs of the seed file."""
    read = [read_program(row, line)[0] for line, row in enumerate(rows(PROGRAMS), 2)]
    return tuple(program for program in read if program)


@pytest.fixture(scope="session")
def facts() -> dict[str, FactRow]:
    """All facts of the seed file by key."""
    read = [read_fact(row, line)[0] for line, row in enumerate(rows(FACTS), 2)]
    return {fact.key: fact for fact in read if fact}


@pytest.fixture(scope="session")
def catalog(programs: tuple[Program, ...]) -> Catalog:
    return Catalog(programs)


@pytest.fixture(scope="session")
def around(catalog: Catalog) -> Surroundings:
    return Surroundings(vocabulary().specialties, TODAY, catalog.homes)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database with the seed data, for tests that only read it: SQLite refuses one that changes programs or facts."""
    database = Database(make_seeded(tmp_path_factory.mktemp("seeded") / "bot.db"))
    with database.engine.begin() as connection:
        for table, deed in product(("programs", "facts"), ("INSERT", "UPDATE", "DELETE")):
            refuse = "BEGIN SELECT RAISE(ABORT, 'the seed data is shared by all tests'); END"
            connection.execute(text(f"CREATE TRIGGER shared_{table}_{deed} BEFORE {deed} ON {table} {refuse}"))
    return database


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    """A migrated database without rows, for tests that write."""
    return Database(make_empty(tmp_path / "bot.db"))
