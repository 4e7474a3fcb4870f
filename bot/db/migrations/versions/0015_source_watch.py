"""The pages behind programs and facts as they were read last, and the sentences that each row rests on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_source_watch"
down_revision = "0014_unread_updates"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "source_pages",
        sa.Column("url", sa.Text(), primary_key=True),
        sa.Column("checked_at", _MOMENT, nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
    )
    op.create_table(
        "source_checks",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("needs_look", sa.Boolean(), nullable=False, index=True),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("checked_at", _MOMENT, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("source_checks")
    op.drop_table("source_pages")
