"""What is known about a person who talks to the bot in several places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_shared_profiles"
down_revision = "0010_upkeep"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_profiles",
        sa.Column("home", sa.String(80), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("home", name="pk_shared_profiles"),
    )


def downgrade() -> None:
    op.drop_table("shared_profiles")
