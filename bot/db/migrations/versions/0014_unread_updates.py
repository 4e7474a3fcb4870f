"""Updates of Telegram that could not be read, and the number that a group gets when it becomes a supergroup."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_unread_updates"
down_revision = "0013_erasures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telegram_unread_updates",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("error", sa.String(80), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.add_column("telegram_chats", sa.Column("moved_to", sa.BigInteger(), nullable=True))
    op.create_index("ix_telegram_chats_moved_to", "telegram_chats", ["moved_to"])


def downgrade() -> None:
    op.drop_index("ix_telegram_chats_moved_to", "telegram_chats")
    op.drop_column("telegram_chats", "moved_to")
    op.drop_table("telegram_unread_updates")
