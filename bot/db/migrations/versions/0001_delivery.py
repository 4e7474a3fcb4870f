"""Delivery: conversations, inbox, outbox, feedback and files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_delivery"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("site", sa.String(200), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
    )
    _create_inbox()
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        _conversation(),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
        sa.Column("in_reply_to", sa.String(80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_outbox_conversation_id"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True),
        _conversation(),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("rating", sa.String(4), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_feedback_conversation_id"),
    )
    op.create_table(
        "files",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("mime", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        _conversation(),
        sa.Column("client_id", sa.String(80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("noticed", sa.Boolean(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("conversation_id", "client_id", name="uq_inbox_conversation_id"),
    )
    pending = sa.text("status = 'pending'")
    op.create_index("ix_inbox_pending", "inbox", ["conversation_id"], sqlite_where=pending, postgresql_where=pending)


def _conversation() -> sa.Column[str]:
    return sa.Column(
        "conversation_id", sa.String(80), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
    )


def downgrade() -> None:
    for table in ("files", "feedback", "outbox", "inbox", "conversations"):
        op.drop_table(table)
