"""Websites that owners keep in the console."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_websites"
down_revision = "0020_leases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "websites",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("heading", sa.String(60), nullable=False),
        sa.Column("greeting", sa.String(500), nullable=False),
        sa.Column("starters", sa.String(300), nullable=False),
        sa.Column("accent", sa.String(7), nullable=False),
        sa.Column("logo", sa.String(300), nullable=False),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("theme", sa.String(5), nullable=False),
        sa.Column("lang", sa.String(20), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("websites")
