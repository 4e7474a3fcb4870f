"""When staff were last seen to write, which every application shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_typing"
down_revision = "0021_websites"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("typing_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("handoffs", "typing_at")
