"""Discovery: vectors and clusters of messages that were not answered; an index for insights."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_discovery"
down_revision = "0008_changes"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _message_key() -> sa.Column[int]:
    return sa.Column(
        "message_id",
        sa.Integer(),
        sa.ForeignKey("messages.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


def upgrade() -> None:
    op.create_table("message_vectors", _message_key(), sa.Column("vector", sa.LargeBinary(), nullable=False))
    op.create_table(
        "clusters",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("this_week", sa.Integer(), nullable=False),
        sa.Column("last_week", sa.Integer(), nullable=False),
        sa.Column("nearest_intent", sa.String(80), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False, index=True),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "cluster_members",
        _message_key(),
        sa.Column("cluster_id", sa.Integer(), sa.ForeignKey("clusters.id", ondelete="CASCADE"), index=True),
        sa.Column("near_id", sa.Integer(), sa.ForeignKey("clusters.id", ondelete="SET NULL"), index=True),
        sa.Column("fit", sa.Double(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
    )
    _create_runs()
    _create_deeds()
    op.create_index(
        "ix_messages_insights",
        "messages",
        ["received_at", "conversation_id", "channel", "model_id", "kind", "outcome", "feedback", "intent", "reply_ms"],
    )


def _create_runs() -> None:
    op.create_table(
        "discovery_runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("newest_message", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(80), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("beat_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
    )


def _create_deeds() -> None:
    op.create_table(
        "discovery_deeds",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("done_by", sa.String(80), nullable=False),
        sa.Column("done_at", _MOMENT, nullable=False),
        sa.Column("change_id", sa.Integer(), sa.ForeignKey("changes.id", ondelete="CASCADE"), index=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
    )
    op.create_table(
        "discovery_deed_messages",
        sa.Column(
            "deed_id",
            sa.Integer(),
            sa.ForeignKey("discovery_deeds.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "message_id",
            sa.Integer(),
            sa.ForeignKey("messages.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
            index=True,
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_messages_insights", "messages")
    for table in (
        "discovery_deed_messages",
        "discovery_deeds",
        "discovery_runs",
        "cluster_members",
        "clusters",
        "message_vectors",
    ):
        op.drop_table(table)
