"""Upkeep of programs and facts: when somebody looked last, and whether it is still offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_upkeep"
down_revision = "0009_discovery"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("programs", sa.Column("retired_at", _MOMENT, nullable=True))
    op.add_column("facts", sa.Column("retired_at", _MOMENT, nullable=True))
    op.add_column("facts", sa.Column("checked_at", _MOMENT, nullable=True))


def downgrade() -> None:
    for table, column in (("facts", "checked_at"), ("facts", "retired_at"), ("programs", "retired_at")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
