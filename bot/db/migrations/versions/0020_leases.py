"""Who answers a message, and who fetches Telegram's updates, where several applications run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_leases"
down_revision = "0019_talk_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("lease_owner", sa.String(120), nullable=False, server_default=""))
    op.add_column("inbox", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "telegram_polling",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("telegram_polling")
    for name in ("lease_until", "lease_owner"):
        op.drop_column("inbox", name)
