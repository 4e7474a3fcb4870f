"""Brings CSV files into the database and out again: idempotent, row by row, all or nothing.

A file with problems changes nothing unless `partial` is set; every problem is reported with line, column and reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.db.base import Database
from bot.programs.program import Program
from bot.programs.rows import (
    COLUMNS,
    FACT_COLUMNS,
    LATER_COLUMNS,
    FactRow,
    Problem,
    read_fact,
    read_header,
    read_program,
    write_fact,
    write_program,
)
from bot.programs.store import Shelf, all_facts, all_programs, in_order, store, to_fact, to_program
from bot.programs.tables import FactRecord, Institution, InstitutionAlias, ProgramRow
from bot.staff.tables import AuditEntry

Progress = Callable[[int, int], None]
"""Called with the rows done and the rows in all."""
Fields = Mapping[str, str]
Families = Sequence[Mapping[str, Sequence[str]]]
"""Groups of institutions with shared other names: `{institutions: [...], names: [...]}`, the main one first."""
ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
Edits = Mapping[str, frozenset[str]]
"""The columns that staff wrote by hand, by the name of the row."""


@dataclass(frozen=True)
class Clash:
    """A row that staff edited by hand and the file would change, with the columns where both differ."""

    name: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}: staff edited {', '.join(self.columns)}"


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would have done: `applied` is false when problems kept the database unchanged."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    applied: bool = True
    clashes: tuple[Clash, ...] = ()

    @property
    def rejected(self) -> int:
        """How many lines were refused."""
        return len({problem.line for problem in self.problems})


T = TypeVar("T", Program, FactRow)
Read = Callable[[Mapping[str, str], int], tuple[T | None, list[Problem]]]


def import_programs(
    database: Database,
    path: Path,
    *,
    families: Families = (),
    partial: bool = False,
    over_staff: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Adds and updates programs from a file; rows that the file does not name stay as they are.

    So do those that it would change where staff did, unless `over_staff`; either way they are named. A column that the
    file lacks (one of `LATER_COLUMNS`) stays as it is in every row.
    """
    programs, problems, lacking = _read_file(path, COLUMNS, read=read_program, name="slug", later=LATER_COLUMNS)
    if problems and not partial:
        return ImportReport(problems=problems, applied=False)
    with database.unit() as session:
        rows = in_order(session.scalars(select(ProgramRow)).unique())
        shelf = Shelf.load(session)
        known = {slug: to_program(row) for slug, row in rows.items()}
        programs = [_completed(program, known.get(program.slug), lacking) for program in programs]
        written = {slug: write_program(program) for slug, program in known.items()}
        wanted = {program.slug: write_program(program) for program in programs}
        clashes = _clashes(edited_columns(session, "program"), written, wanted)
        passed_over = set() if over_staff else {clash.name for clash in clashes}
        done = [
            _save(session, rows.get(program.slug), program, shelf=shelf)
            for program in _ticking(programs, progress)
            if program.slug not in passed_over
        ]
        session.flush()
        add_aliases(session, families)
    return _report(done, problems, clashes)


def import_facts(
    database: Database,
    path: Path,
    *,
    partial: bool = False,
    over_staff: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Adds facts from a file and updates those that are known, with `over_staff` as for programs."""
    facts, problems, _ = _read_file(path, FACT_COLUMNS, read=read_fact, name="key")
    if problems and not partial:
        return ImportReport(problems=problems, applied=False)
    with database.unit() as session:
        rows = {row.key: row for row in session.scalars(select(FactRecord))}
        written = {key: write_fact(to_fact(row)) for key, row in rows.items()}
        clashes = _clashes(edited_columns(session, "fact"), written, {fact.key: write_fact(fact) for fact in facts})
        passed_over = set() if over_staff else {clash.name for clash in clashes}
        done = [
            _save_fact(session, rows.get(fact.key), fact)
            for fact in _ticking(facts, progress)
            if fact.key not in passed_over
        ]
    return _report(done, problems, clashes)


def edited_columns(session: Session, kind: str) -> Edits:
    """What staff wrote by hand into programs or facts (`kind` program or fact), from the audit log."""
    log = select(AuditEntry).where(AuditEntry.subject.startswith(f"{kind} "), AuditEntry.action.in_(("add", "change")))
    found: dict[str, frozenset[str]] = {}
    for entry in session.scalars(log):
        name = entry.subject.removeprefix(f"{kind} ")
        found[name] = found.get(name, frozenset()) | (entry.before or {}).keys() | (entry.after or {}).keys()
    return found


def _clashes(edits: Edits, known: Mapping[str, Fields], wanted: Mapping[str, Fields]) -> tuple[Clash, ...]:
    found = []
    for name, fields in wanted.items():
        own = edits.get(name, frozenset()) if name in known else frozenset()
        columns = tuple(column for column, value in fields.items() if column in own and known[name][column] != value)
        if columns:
            found.append(Clash(name, columns))
    return tuple(found)


def _report(done: Sequence[str], problems: tuple[Problem, ...], clashes: tuple[Clash, ...]) -> ImportReport:
    return ImportReport(
        done.count(ADDED), done.count(CHANGED), done.count(UNCHANGED), problems=problems, clashes=clashes
    )


def add_missing_facts(database: Database, path: Path) -> int:
    """Adds those facts of a file whose keys are new; how many. What staff corrected or retired stays as it is."""
    facts, _, _ = _read_file(path, FACT_COLUMNS, read=read_fact, name="key")
    with database.unit() as session:
        known = set(session.scalars(select(FactRecord.key)))
        return [_save_fact(session, None, fact) for fact in facts if fact.key not in known].count(ADDED)


def add_aliases(session: Session, families: Families) -> None:
    """Gives institutions their other names; names that staff added stay, unknown institutions are passed over."""
    every = select(Institution).options(selectinload(Institution.aliases))  # one by one they take seconds
    found = {item.name: item for item in session.scalars(every)}
    for family in families:
        members = [found[name] for name in family["institutions"] if name in found]
        for rank, institution in enumerate(members):
            known = {item.alias: item for item in institution.aliases}
            for name in family["names"]:
                if name not in known:
                    institution.aliases.append(InstitutionAlias(alias=name, rank=rank))
                elif known[name].rank != rank:
                    known[name].rank = rank


def export_programs(session: Session) -> str:
    """The programs as the text of programs.csv."""
    return _csv(COLUMNS, [write_program(program) for program in all_programs(session)])


def export_facts(session: Session) -> str:
    """The facts as the text of facts.csv."""
    return _csv(FACT_COLUMNS, [write_fact(fact) for fact in all_facts(session)])


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _ticking(items: Sequence[T], progress: Progress | None) -> Sequence[T]:
    if progress is None:
        return items
    return [item for at, item in enumerate(items, 1) if progress(at, len(items)) is None]


def _completed(program: Program, known: Program | None, lacking: Sequence[str]) -> Program:
    """A program with what is known of the columns that its file lacks."""
    return replace(program, **{name: getattr(known, name) for name in lacking}) if known else program


def _save(session: Session, row: ProgramRow | None, program: Program, *, shelf: Shelf) -> str:
    if row is not None and to_program(row) == program:
        return UNCHANGED
    outcome = ADDED if row is None else CHANGED
    row = row or ProgramRow()
    store(row, program, shelf)
    session.add(row)
    return outcome


def _save_fact(session: Session, row: FactRecord | None, fact: FactRow) -> str:
    if row is not None and to_fact(row) == fact:
        return UNCHANGED
    outcome = ADDED if row is None else CHANGED
    row = row or FactRecord()
    for name, value in write_fact(fact).items():
        setattr(row, name, value)
    session.add(row)
    return outcome


def _read_file(
    path: Path, columns: Sequence[str], *, read: Read[T], name: str, later: Sequence[str] = ()
) -> tuple[list[T], tuple[Problem, ...], tuple[str, ...]]:
    """The rows of a file, what is wrong with them, and which of the `later` columns it lacks."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], (Problem(1, "file", f"is not UTF-8 text (byte {error.start})"),), ()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    problems = read_header(header, columns, later=later)
    if problems:
        return [], tuple(problems), ()
    items, wrong = _read_rows(reader, header, read=read, name=name)
    return items, wrong, tuple(column for column in later if column not in header)


def _read_rows(reader: Any, header: Sequence[str], *, read: Read[T], name: str) -> tuple[list[T], tuple[Problem, ...]]:
    found: dict[str, T] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    try:
        for row in reader:
            line = reader.line_num
            if len(row) != len(header):
                problems.append(Problem(line, "row", f"has {len(row)} fields instead of {len(header)}"))
                continue
            item, wrong = read(dict(zip(header, row, strict=True)), line)
            problems += wrong
            if item is None:
                continue
            key: str = getattr(item, name)
            if key in found:
                problems.append(Problem(line, name, f"“{key}” already stands on line {lines[key]}"))
            else:
                found[key], lines[key] = item, line
    except csv.Error as error:
        problems.append(Problem(reader.line_num, "row", f"cannot be read as CSV: {error}"))
    return list(found.values()), tuple(problems)
