"""What staff keep about a talk with a person: notes, tags, whether it helped; and their ready replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_talk_desk"
down_revision = "0018_price_list"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("tags", sa.String(300), nullable=False, server_default=""))
    op.add_column("handoffs", sa.Column("rating", sa.String(4), nullable=False, server_default=""))
    op.create_table(
        "handoff_notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("handoff_id", sa.Integer(), sa.ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("ix_handoff_notes_handoff_id", "handoff_notes", ["handoff_id"])
    op.create_table(
        "ready_replies",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("title", name="uq_ready_replies_title"),
    )


def downgrade() -> None:
    op.drop_table("ready_replies")
    op.drop_table("handoff_notes")
    op.drop_column("handoffs", "rating")
    op.drop_column("handoffs", "tags")
