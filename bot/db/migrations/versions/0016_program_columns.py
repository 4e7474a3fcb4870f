"""What people ask of programs and notes held: certificate, stipend, housing, hours, who decides, who is taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_program_columns"
down_revision = "0015_source_watch"
branch_labels = None
depends_on = None

_WORDS = (
    ("certificate", sa.String(4)),
    ("stipend", sa.Text()),
    ("housing", sa.Text()),
    ("hours", sa.Text()),
    ("decided_by", sa.Text()),
    ("citizenship", sa.String(8)),
    ("residency_applicants", sa.String(4)),
    ("home_agreement", sa.String(14)),
)


def upgrade() -> None:
    for name, kind in _WORDS:
        op.add_column("programs", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("programs", sa.Column("graduated_within_years", sa.Double()))
    op.add_column("program_fees", sa.Column("year", sa.String(7), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("program_fees", "year")
    op.drop_column("programs", "graduated_within_years")
    for name, _ in reversed(_WORDS):
        op.drop_column("programs", name)
