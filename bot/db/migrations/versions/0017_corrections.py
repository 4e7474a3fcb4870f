"""What people say is wrong in a program."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_corrections"
down_revision = "0016_program_columns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column(
            "conversation_id",
            sa.String(80),
            sa.ForeignKey("conversations.id", ondelete="CASCADE", name="fk_corrections_conversation_id_conversations"),
            primary_key=True,
        ),
        sa.Column("slug", sa.Text(), primary_key=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_corrections_slug", "corrections", ["slug"])


def downgrade() -> None:
    op.drop_table("corrections")
