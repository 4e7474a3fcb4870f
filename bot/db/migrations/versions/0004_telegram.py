"""Telegram: chats, what was sent, buttons, reminders and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_telegram"
down_revision = "0003_plans"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "telegram_chats",
        sa.Column("conversation_id", sa.String(80), primary_key=True),
        sa.Column("sent_seq", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("zone_asked", sa.Boolean(), nullable=False),
        sa.Column("blocked_at", _MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(40), nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=True),
    )
    op.create_table(
        "telegram_sent",
        sa.Column("outbox_id", sa.Integer(), sa.ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "telegram_buttons",
        sa.Column("token", sa.String(40), primary_key=True),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
    )
    op.create_table(
        "telegram_bot",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("username", sa.String(64), nullable=False),
    )
    _create_reminders()
    _create_links()


def _create_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("delivery_key", sa.String(80), nullable=False),
        sa.Column("deliveries", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("delivery_key", name="uq_reminders_delivery_key"),
    )
    waiting = sa.text("status = 'waiting'")
    op.create_index("ix_reminders_waiting", "reminders", ["due_at"], sqlite_where=waiting, postgresql_where=waiting)


def _create_links() -> None:
    op.create_table(
        "link_codes",
        sa.Column("code", sa.String(16), primary_key=True),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_by", sa.String(80), nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("web", sa.String(80), primary_key=True),
        sa.Column("telegram", sa.String(80), nullable=False, index=True),
        sa.Column("created_at", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    for table in (
        "links",
        "link_codes",
        "reminders",
        "telegram_bot",
        "telegram_buttons",
        "telegram_sent",
        "telegram_chats",
    ):
        op.drop_table(table)
