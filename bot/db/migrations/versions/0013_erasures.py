"""Wishes to be forgotten, kept until nothing is left anywhere.

On SQLite the index of words is made anew as well: a deletion only marked words in it as gone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_erasures"
down_revision = "0012_one_undo"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("conversation_id", sa.String(80), primary_key=True),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("quiet_at", _MOMENT, nullable=True),
        sa.Column("cleared_at", _MOMENT, nullable=True),
        sa.Column("done_at", _MOMENT, nullable=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO message_words (message_words) VALUES ('rebuild')")


def downgrade() -> None:
    op.drop_table("erasures")
