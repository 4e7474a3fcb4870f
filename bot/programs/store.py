"""Between tables and values: a `ProgramRow` with all that hangs on it, and the `Program` that core works with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.db.base import Base
from bot.programs.coverage import Kept
from bot.programs.program import Program
from bot.programs.rows import FACT_COLUMNS, FactRow
from bot.programs.tables import (
    CATALOG,
    ApplicationWindow,
    CatalogVersion,
    FactRecord,
    Fee,
    Institution,
    ProgramAudience,
    ProgramDocument,
    ProgramRotationType,
    ProgramRow,
    ProgramSpecialty,
    Requirement,
    SourceRow,
    SpecialtyRow,
)

_SAME = (
    "slug",
    "provider_type",
    "route",
    "city",
    "state",
    "accepts_international",
    "hands_on",
    "vslo",
    "visa",
    "lor",
    "certificate",
    "stipend",
    "housing",
    "hours",
    "decided_by",
    "price_list",
    "graduated_within_years",
    "citizenship",
    "residency_applicants",
    "home_agreement",
    "notes",
)
_EXAMS = ("step1", "step2ck", "english_test", "ecfmg")
_WINDOW = (
    "duration_weeks_min",
    "duration_weeks_max",
    "max_weeks_total",
    "apply_months_before_min",
    "apply_months_before_max",
    "application_window",
)


def all_programs(session: Session) -> tuple[Program, ...]:
    """Every program that is not retired, in the order of the slugs."""
    return tuple(to_program(row) for row in _live_rows(session))


def live_programs(session: Session) -> tuple[Kept, ...]:
    """The same with the day on which somebody looked at each."""
    return tuple(
        Kept(to_program(row), row.checked_at.date() if row.checked_at else None) for row in _live_rows(session)
    )


def _live_rows(session: Session) -> Iterable[ProgramRow]:
    live = select(ProgramRow).where(ProgramRow.retired_at.is_(None))
    return session.scalars(live.order_by(ProgramRow.slug)).unique()


def all_facts(session: Session) -> tuple[FactRow, ...]:
    """Every fact that is not retired, in the order in which they were first imported."""
    live = select(FactRecord).where(FactRecord.retired_at.is_(None))
    return tuple(to_fact(row) for row in session.scalars(live.order_by(FactRecord.id)))


def catalog_version(session: Session) -> int:
    """The number of the catalog's state; it grows with every change."""
    return session.scalar(select(CatalogVersion.number).where(CatalogVersion.id == 1)) or 0


def to_fact(row: FactRecord) -> FactRow:
    """The fact of a table row."""
    return FactRow(**{name: getattr(row, name) for name in FACT_COLUMNS})


def to_program(row: ProgramRow) -> Program:
    """The program of a table row."""
    exams = {item.exam: item for item in row.requirements}
    fees = {item.kind: item for item in row.fees}
    fee, application = fees.get("program"), fees.get("application")
    english = exams.get("english_test")
    values: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    values |= {name: getattr(row.window, name) for name in _WINDOW} if row.window else {}
    values |= {name: exams[name].level for name in _EXAMS if name in exams}
    return Program(
        **values,
        institution=row.institution.name,
        program_name=row.name,
        rotation_types=tuple(item.rotation_type for item in row.rotation_types),
        audience=tuple(item.audience for item in row.audiences),
        specialties=tuple(item.specialty.name for item in row.specialties),
        documents=tuple(item.name for item in row.documents),
        english_detail=english.detail if english else "",
        application_fee_usd=application.usd_min if application else None,
        fee_usd_min=fee.usd_min if fee else None,
        fee_usd_max=fee.usd_max if fee else None,
        fee_period=fee.period if fee else "",
        fee_year=next((item.year for item in (fee, application) if item and item.year), ""),
        source_url=row.source.url if row.source else "",
        source_date=row.source.date if row.source else "",
        confidence=row.source.confidence if row.source else "",
        looked_at=row.checked_at.date() if row.checked_at else None,
    )


@dataclass
class Shelf:
    """Named things that programs share, found or made once."""

    session: Session
    institutions: dict[str, Institution] = field(default_factory=dict)
    specialties: dict[str, SpecialtyRow] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session) -> Shelf:
        """The shelf with everything that the database has."""
        return cls(
            session,
            {item.name: item for item in session.scalars(select(Institution))},
            {item.name: item for item in session.scalars(select(SpecialtyRow))},
        )

    def institution(self, name: str) -> Institution:
        if name not in self.institutions:
            self.institutions[name] = Institution(name=name)
            self.session.add(self.institutions[name])
        return self.institutions[name]

    def specialty(self, name: str) -> SpecialtyRow:
        if name not in self.specialties:
            self.specialties[name] = SpecialtyRow(name=name)
            self.session.add(self.specialties[name])
        return self.specialties[name]


def store(row: ProgramRow, program: Program, shelf: Shelf) -> None:
    """Writes a program into its table row; lists are replaced where they differ."""
    for name in _SAME:
        setattr(row, name, getattr(program, name))
    row.name, row.institution = program.program_name, shelf.institution(program.institution)
    _replace(
        row.rotation_types,
        program.rotation_types,
        lambda x: x.rotation_type,
        lambda name, at: ProgramRotationType(rotation_type=name, position=at),
    )
    _replace(
        row.audiences,
        program.audience,
        lambda x: x.audience,
        lambda name, at: ProgramAudience(audience=name, position=at),
    )
    _replace(
        row.specialties,
        program.specialties,
        lambda x: x.specialty.name,
        lambda name, at: ProgramSpecialty(specialty=shelf.specialty(name), position=at),
    )
    _replace(
        row.documents, program.documents, lambda x: x.name, lambda name, at: ProgramDocument(name=name, position=at)
    )
    _store_requirements(row, program)
    _store_fees(row, program)
    row.window = row.window or ApplicationWindow()
    for name in _WINDOW:
        setattr(row.window, name, getattr(program, name))
    row.source = row.source or SourceRow()
    row.source.url, row.source.date = program.source_url, program.source_date
    row.source.confidence = program.confidence


T = TypeVar("T", ProgramRotationType, ProgramAudience, ProgramSpecialty, ProgramDocument)


def _replace(held: list[T], wanted: Sequence[str], name: Callable[[T], str], make: Callable[[str, int], T]) -> None:
    """Keeps the rows that stay, so that no key is deleted and inserted in one flush."""
    known = {name(item): item for item in held}
    for at, value in enumerate(wanted):
        item = known.pop(value, None)
        if item is None:
            held.append(make(value, at))
        else:
            item.position = at
    for item in known.values():
        held.remove(item)


def _store_requirements(row: ProgramRow, program: Program) -> None:
    wanted = {
        exam: (getattr(program, exam), program.english_detail if exam == "english_test" else "") for exam in _EXAMS
    }
    known = {item.exam: item for item in row.requirements}
    for exam, (level, detail) in wanted.items():
        item = known.get(exam)
        if not (level or detail):
            _drop(row.requirements, item)
        elif item is None:
            row.requirements.append(Requirement(exam=exam, level=level, detail=detail))
        else:
            item.level, item.detail = level, detail


def _store_fees(row: ProgramRow, program: Program) -> None:
    application = (program.application_fee_usd, program.application_fee_usd, "")
    wanted = {"program": (program.fee_usd_min, program.fee_usd_max, program.fee_period), "application": application}
    year = program.fee_year
    known = {item.kind: item for item in row.fees}
    for kind, (low, high, period) in wanted.items():
        item = known.get(kind)
        if low is None and not period:
            _drop(row.fees, item)
        elif item is None:
            row.fees.append(Fee(kind=kind, usd_min=low, usd_max=high, period=period, year=year))
        else:
            item.usd_min, item.usd_max, item.period, item.year = low, high, period, year


def _drop(held: list[Any], item: Any) -> None:
    if item is not None:
        held.remove(item)


def in_order(rows: Iterable[ProgramRow]) -> dict[str, ProgramRow]:
    """Rows by slug."""
    return {row.slug: row for row in rows}


def copy_catalog(source: Session, target: Session) -> None:
    """Puts all programs and facts of a database into another one, in place of those there."""
    for kind in reversed(CATALOG):
        target.execute(delete(kind))
    for kind in CATALOG:
        table = Base.metadata.tables[kind.__tablename__]
        rows = [dict(row) for row in source.execute(select(table)).mappings()]
        if rows:
            target.execute(insert(table), rows)
    version = target.get(CatalogVersion, 1) or target.merge(CatalogVersion(id=1, number=0))
    version.number += 1  # whoever has read the former rows reads these
