"""Handoff: who asked for a person, and the address that they left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_handoff"
down_revision = "0006_review"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _conversation(*, is_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.String(80), key, nullable=False, primary_key=is_key, index=not is_key)


def upgrade() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.Integer(), primary_key=True),
        _conversation(),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("email_wanted", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_name", sa.String(120), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=True),
        sa.Column("last_staff_at", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True, index=True),
        sa.Column("mail_due_at", _MOMENT, nullable=True),
        sa.Column("mail_attempts", sa.Integer(), nullable=False),
    )
    is_open = sa.text("state <> 'closed'")
    op.create_index(
        "uq_handoffs_open",
        "handoffs",
        ["conversation_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "contacts",
        _conversation(is_key=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("noted_at", _MOMENT, nullable=False),
        sa.Column("delete_after", _MOMENT, nullable=True, index=True),
    )


def downgrade() -> None:
    op.drop_table("contacts")
    op.drop_table("handoffs")
