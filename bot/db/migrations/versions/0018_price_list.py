"""What a page charges by weeks or for students and graduates, where no single fee says it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_price_list"
down_revision = "0017_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("programs", sa.Column("price_list", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("programs", "price_list")
