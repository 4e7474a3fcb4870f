"""First content of an empty database, and the list of names that the engine reads from it."""

from __future__ import annotations

from pathlib import Path

from bot.db.base import Database
from bot.errors import ContentError
from bot.programs import service as programs
from bot.programs.importer import ImportReport, Progress, add_missing_facts, import_facts, import_programs
from bot.programs.vocabulary import families
from bot.settings import ROOT, Settings

SHOWN_PROBLEMS = 50


def seed(settings: Settings, database: Database) -> None:
    """Brings programs and facts into an empty database; a database with programs is left to its staff.

    Only facts that it has never had are added: the answers of a newer version name them.
    """
    facts = ROOT / "data" / "facts.csv"
    with database.unit() as session:
        is_empty = programs.is_empty(session)
    if is_empty:
        bring_in("facts", facts, database=database)
        bring_in("programs", ROOT / "data" / "programs.csv", database=database)
    else:
        add_missing_facts(database, facts)
    write_gazetteer(settings, database)


def bring_in(
    what: str,
    path: Path,
    *,
    database: Database,
    partial: bool = False,
    over_staff: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports a file of programs or facts.

    Raises:
        ContentError: rows are broken and `partial` is false; every one is named, and nothing was changed.
    """
    if what == "facts":
        report = import_facts(database, path, partial=partial, over_staff=over_staff, progress=progress)
    else:
        report = import_programs(
            database, path, families=families(), partial=partial, over_staff=over_staff, progress=progress
        )
    if not report.applied:
        shown = "\n  ".join(str(problem) for problem in report.problems[:SHOWN_PROBLEMS])
        raise ContentError(f"{path}: {report.rejected} rows are broken, so nothing was changed:\n  {shown}")
    return report


def write_gazetteer(settings: Settings, database: Database) -> None:
    """Writes the institutions' names where the engine looks for them; it reads them again without a restart."""
    with database.unit() as session:
        programs.write_gazetteer(session, settings.var)
