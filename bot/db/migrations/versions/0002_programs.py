"""Programs: institutions, their names, programs with all that hangs on them, facts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002_programs"
down_revision = "0001_delivery"
branch_labels = None
depends_on = None

_TABLES = (
    "program_windows",
    "program_specialties",
    "program_sources",
    "program_rotation_types",
    "program_requirements",
    "program_fees",
    "program_documents",
    "program_audiences",
    "programs",
    "institution_aliases",
    "specialties",
    "institutions",
    "facts",
    "catalog_version",
)


def upgrade() -> None:
    _create_shared()
    _create_programs()
    _create_owned("program_rotation_types", _key("rotation_type", sa.String(20)), _int("position"))
    _create_owned("program_audiences", _key("audience", sa.String(12)), _int("position"))
    specialty = sa.Column("specialty_id", sa.Integer(), sa.ForeignKey("specialties.id"), primary_key=True)
    _create_owned("program_specialties", specialty, _int("position"))
    _create_owned("program_documents", _key("name", sa.Text()), _int("position"))
    _create_owned("program_requirements", _key("exam", sa.String(20)), _text("level", 14), _text("detail"))
    _create_owned(
        "program_fees",
        _key("kind", sa.String(12)),
        _number("usd_min"),
        _number("usd_max"),
        _text("period", 14),
        sa.CheckConstraint("usd_min IS NULL OR usd_min >= 0", name="not_negative"),
        sa.CheckConstraint("usd_max IS NULL OR usd_min <= usd_max", name="in_order"),
    )
    _create_owned(
        "program_windows",
        _number("duration_weeks_min"),
        _number("duration_weeks_max"),
        _number("max_weeks_total"),
        _number("apply_months_before_min"),
        _number("apply_months_before_max"),
        _text("application_window"),
    )
    _create_owned("program_sources", _text("url"), _text("date", 10), _text("confidence", 8))
    op.create_index("ix_program_sources_confidence", "program_sources", ["confidence"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


def _create_shared() -> None:
    op.create_table("catalog_version", _id(), _int("number"))
    op.create_table(
        "facts",
        _id(),
        _text("key"),
        _text("value"),
        _text("unit"),
        _text("applies_to"),
        _text("explanation"),
        _text("source_url"),
        _text("source_date", 10),
        _text("confidence", 8),
        sa.UniqueConstraint("key"),
    )
    op.create_table("institutions", _id(), _text("name"), sa.UniqueConstraint("name"))
    op.create_table("specialties", _id(), _text("name"), sa.UniqueConstraint("name"))
    op.create_table(
        "institution_aliases",
        _id(),
        sa.Column("institution_id", sa.Integer(), sa.ForeignKey("institutions.id", ondelete="CASCADE"), nullable=False),
        _text("alias"),
        _int("rank"),
        sa.UniqueConstraint("institution_id", "alias"),
    )
    op.create_index("ix_institution_aliases_alias", "institution_aliases", ["alias"])


def _create_programs() -> None:
    op.create_table(
        "programs",
        _id(),
        _text("slug"),
        sa.Column("institution_id", sa.Integer(), sa.ForeignKey("institutions.id"), nullable=False),
        _text("name"),
        _text("provider_type", 20),
        _text("route", 20),
        _text("city"),
        _text("state", 2),
        _text("accepts_international", 12),
        _text("hands_on", 8),
        _text("vslo", 4),
        _text("visa"),
        _text("lor", 14),
        _text("notes"),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("ix_programs_institution_id", "programs", ["institution_id"])
    op.create_index("ix_programs_state", "programs", ["state"])


def _create_owned(name: str, *columns: Any) -> None:
    """A table of what belongs to one program and goes with it."""
    program = sa.Column("program_id", sa.Integer(), sa.ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    op.create_table(name, program, *columns)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _key(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double())


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)
