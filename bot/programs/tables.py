"""The tables of the program database: institutions and their names, programs and everything that hangs on them, facts.

`CatalogVersion` counts up with every change made through a session, so that readers can keep the whole catalog in
memory and know when it is stale.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.db.base import Base, UtcDateTime


def _now() -> datetime:
    return datetime.now(UTC)


def _owned(order: str | None = None) -> dict[str, Any]:
    """How a program holds what belongs to it alone."""
    return {"cascade": "all, delete-orphan", "lazy": "selectin", "order_by": order or False}


class Institution(Base):
    """A school, hospital or company; its name is the official one."""

    __tablename__ = "institutions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    aliases: Mapped[list[InstitutionAlias]] = relationship(
        back_populates="institution", cascade="all, delete-orphan", order_by="InstitutionAlias.id"
    )
    programs: Mapped[list[ProgramRow]] = relationship(back_populates="institution")

    def __str__(self) -> str:
        return self.name


class InstitutionAlias(Base):
    """Another name of an institution. One alias may stand for several; `rank` 0 is the one that is meant first."""

    __tablename__ = "institution_aliases"
    __table_args__ = (UniqueConstraint("institution_id", "alias"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"))
    alias: Mapped[str] = mapped_column(Text, index=True)
    rank: Mapped[int] = mapped_column(default=0)
    institution: Mapped[Institution] = relationship(back_populates="aliases")

    def __str__(self) -> str:
        return self.alias


class SpecialtyRow(Base):
    """A specialty by its lower-case name, as programs list it."""

    __tablename__ = "specialties"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)

    def __str__(self) -> str:
        return self.name


class ProgramRow(Base):
    """One offering. What may be several, or has an inner structure, hangs on it in tables of its own.

    `checked_at` is when somebody compared it with its source; a program with `retired_at` is no longer offered.
    """

    __tablename__ = "programs"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    provider_type: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(2), default="", index=True)
    accepts_international: Mapped[str] = mapped_column(String(12), default="")
    hands_on: Mapped[str] = mapped_column(String(8), default="")
    vslo: Mapped[str] = mapped_column(String(4), default="")
    visa: Mapped[str] = mapped_column(Text, default="")
    lor: Mapped[str] = mapped_column(String(14), default="")
    certificate: Mapped[str] = mapped_column(String(4), default="")
    stipend: Mapped[str] = mapped_column(Text, default="")
    housing: Mapped[str] = mapped_column(Text, default="")
    hours: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(Text, default="")
    price_list: Mapped[str] = mapped_column(Text, default="")
    graduated_within_years: Mapped[float | None]
    citizenship: Mapped[str] = mapped_column(String(8), default="")
    residency_applicants: Mapped[str] = mapped_column(String(4), default="")
    home_agreement: Mapped[str] = mapped_column(String(14), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now, onupdate=_now)

    institution: Mapped[Institution] = relationship(back_populates="programs", lazy="joined", innerjoin=True)
    rotation_types: Mapped[list[ProgramRotationType]] = relationship(**_owned("ProgramRotationType.position"))
    audiences: Mapped[list[ProgramAudience]] = relationship(**_owned("ProgramAudience.position"))
    specialties: Mapped[list[ProgramSpecialty]] = relationship(**_owned("ProgramSpecialty.position"))
    documents: Mapped[list[ProgramDocument]] = relationship(**_owned("ProgramDocument.position"))
    requirements: Mapped[list[Requirement]] = relationship(**_owned("Requirement.exam"))
    fees: Mapped[list[Fee]] = relationship(**_owned("Fee.kind"))
    window: Mapped[ApplicationWindow | None] = relationship(**_owned())
    source: Mapped[SourceRow | None] = relationship(**_owned())

    def __str__(self) -> str:
        return self.slug


class ProgramRotationType(Base):
    __tablename__ = "program_rotation_types"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    rotation_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]


class ProgramAudience(Base):
    __tablename__ = "program_audiences"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(12), primary_key=True)
    position: Mapped[int]


class ProgramSpecialty(Base):
    __tablename__ = "program_specialties"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    specialty_id: Mapped[int] = mapped_column(ForeignKey("specialties.id"), primary_key=True)
    position: Mapped[int]
    specialty: Mapped[SpecialtyRow] = relationship(lazy="joined", innerjoin=True)


class ProgramDocument(Base):
    """A paper to be sent, by a short name."""

    __tablename__ = "program_documents"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int]


class Requirement(Base):
    """An exam (step1, step2ck, english_test) or the ECFMG certificate (ecfmg): required, recommended or not_required.

    An empty `level` is unknown.
    """

    __tablename__ = "program_requirements"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    exam: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[str] = mapped_column(String(14), default="")
    detail: Mapped[str] = mapped_column(Text, default="")


class Fee(Base):
    """What a program costs, in US dollars: kind "program" (with a period) or "application".

    `year` (YYYY or YYYY-YY) is the one that the price is for, where it is not the source's.
    """

    __tablename__ = "program_fees"
    __table_args__ = (
        CheckConstraint("usd_min IS NULL OR usd_min >= 0", name="not_negative"),
        CheckConstraint("usd_max IS NULL OR usd_min <= usd_max", name="in_order"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    usd_min: Mapped[float | None]
    usd_max: Mapped[float | None]
    period: Mapped[str] = mapped_column(String(14), default="")
    year: Mapped[str] = mapped_column(String(7), default="")


class ApplicationWindow(Base):
    """How long a stay lasts (weeks) and when to apply (months before the start, or the page's own words)."""

    __tablename__ = "program_windows"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    duration_weeks_min: Mapped[float | None]
    duration_weeks_max: Mapped[float | None]
    max_weeks_total: Mapped[float | None]
    apply_months_before_min: Mapped[float | None]
    apply_months_before_max: Mapped[float | None]
    application_window: Mapped[str] = mapped_column(Text, default="")


class SourceRow(Base):
    """The page that says it, the date printed there (YYYY, YYYY-MM, YYYY-MM-DD or empty) and how sure we are."""

    __tablename__ = "program_sources"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    date: Mapped[str] = mapped_column(String(10), default="")
    confidence: Mapped[str] = mapped_column(String(8), index=True)


class FactRecord(Base):
    """One line of facts.csv: a date, fee, lead time or rule with its source."""

    __tablename__ = "facts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    value: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    applies_to: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    source_date: Mapped[str] = mapped_column(String(10), default="")
    confidence: Mapped[str] = mapped_column(String(8), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __str__(self) -> str:
        return self.key


class CatalogVersion(Base):
    """One row: how often the catalog has changed."""

    __tablename__ = "catalog_version"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    number: Mapped[int] = mapped_column(default=0)


CATALOG = (
    Institution,
    InstitutionAlias,
    SpecialtyRow,
    ProgramRow,
    ProgramRotationType,
    ProgramAudience,
    ProgramSpecialty,
    ProgramDocument,
    Requirement,
    Fee,
    ApplicationWindow,
    SourceRow,
    FactRecord,
)


@event.listens_for(Session, "before_flush")
def _count_changes(session: Session, _context: Any, _instances: Any) -> None:
    """Any writer counts, the console's forms as well as the importer."""
    changed = (item for group in (session.new, session.dirty, session.deleted) for item in group)
    if any(isinstance(item, CATALOG) for item in changed):
        version = session.get(CatalogVersion, 1, with_for_update=True)
        if version is None:
            session.add(CatalogVersion(id=1, number=1))
        else:
            version.number = CatalogVersion.number + 1
