"""One way back for everything that staff do with messages, and columns that say that they are encrypted.

What was done in the inbox (review_steps) and in discovery (discovery_deeds) becomes bulk actions, in the order in which
it was done. A step that was taken back did not say when; it counts as taken back when it was done. A deed did not say
what its messages were before; they were open.

The way back sorts them again. Columns that the old tables do not have are lost on it: when a step was taken back, and
what messages were before they became part of a topic.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012_one_undo"
down_revision = "0011_shared_profiles"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_RENAMED = (("staff_users", "totp_sealed", "totp_encrypted"), ("contacts", "sealed", "encrypted"))


def upgrade() -> None:
    # Renamed in place: a copy of a table (batch) would empty the tables that go with its rows on SQLite.
    for table, old, new in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    _create_bulk_actions()
    _carry_over()
    for table in ("discovery_deed_messages", "discovery_deeds", "review_step_messages", "review_steps"):
        op.drop_table(table)


def downgrade() -> None:
    _create_steps()
    _create_deeds()
    _carry_back()
    op.drop_table("bulk_action_messages")
    op.drop_table("bulk_actions")
    for table, old, new in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")


def _create_bulk_actions() -> None:
    op.create_table(
        "bulk_actions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("verb", sa.String(10), nullable=False),
        sa.Column("done_by", sa.String(80), nullable=False, index=True),
        sa.Column("done_at", _MOMENT, nullable=False),
        sa.Column("change_id", sa.Integer(), sa.ForeignKey("changes.id", ondelete="CASCADE"), index=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
    )
    op.create_table(
        "bulk_action_messages",
        _key("action_id", "bulk_actions.id"),
        _key("message_id", "messages.id", index=True),
        *_before(),
    )


# Both kinds in one order; `source` and `old` tell which row of which table a new one is.
_NUMBERED = """
    SELECT ROW_NUMBER() OVER (ORDER BY done_at, source, old) AS id, known.* FROM (
        SELECT 1 AS source, id AS old, verb, staff_name AS done_by, at AS done_at, NULL AS change_id,
            (SELECT CASE COUNT(*) WHEN 1 THEN '1 message' ELSE COUNT(*) || ' messages' END
                FROM review_step_messages WHERE step_id = review_steps.id) AS summary,
            CASE WHEN undone THEN at END AS undone_at
        FROM review_steps
        UNION ALL
        SELECT 2, id, CASE kind WHEN 'ignored' THEN 'ignore' WHEN 'added' THEN 'add' ELSE kind END, done_by, done_at,
            change_id, summary, undone_at
        FROM discovery_deeds
    ) AS known
"""


def _carry_over() -> None:
    columns = "id, verb, done_by, done_at, change_id, summary, undone_at"
    op.execute(f"INSERT INTO bulk_actions ({columns}) SELECT {columns} FROM ({_NUMBERED}) AS numbered")
    into = "INSERT INTO bulk_action_messages (action_id, message_id, review, claimed_by, reviewed_at)"
    op.execute(
        f"{into} SELECT numbered.id, message_id, review, claimed_by, reviewed_at FROM review_step_messages"
        f" JOIN ({_NUMBERED}) AS numbered ON source = 1 AND old = step_id"
    )
    op.execute(
        f"{into} SELECT numbered.id, message_id, 'open', '', NULL FROM discovery_deed_messages"
        f" JOIN ({_NUMBERED}) AS numbered ON source = 2 AND old = deed_id"
    )
    _go_on_counting("bulk_actions")


def _create_steps() -> None:
    op.create_table(
        "review_steps",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("staff_name", sa.String(80), nullable=False, index=True),
        sa.Column("verb", sa.String(10), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "review_step_messages",
        _key("step_id", "review_steps.id"),
        _key("message_id", "messages.id", index=True),
        *_before(),
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
        _key("deed_id", "discovery_deeds.id"),
        _key("message_id", "messages.id", index=True),
    )


def _carry_back() -> None:
    """With the numbers of the bulk actions: each is one of both kinds."""
    op.execute(
        "INSERT INTO review_steps (id, at, staff_name, verb, undone)"
        " SELECT id, done_at, done_by, verb, undone_at IS NOT NULL FROM bulk_actions"
        " WHERE verb NOT IN ('add', 'new_topic')"
    )
    op.execute(
        "INSERT INTO review_step_messages (step_id, message_id, review, claimed_by, reviewed_at)"
        " SELECT action_id, message_id, review, claimed_by, reviewed_at FROM bulk_action_messages"
        " WHERE action_id IN (SELECT id FROM review_steps)"
    )
    op.execute(
        "INSERT INTO discovery_deeds (id, kind, done_by, done_at, change_id, summary, undone_at)"
        " SELECT id, CASE verb WHEN 'add' THEN 'added' ELSE verb END, done_by, done_at, change_id, summary, undone_at"
        " FROM bulk_actions WHERE verb IN ('add', 'new_topic')"
    )
    op.execute(
        "INSERT INTO discovery_deed_messages (deed_id, message_id) SELECT action_id, message_id"
        " FROM bulk_action_messages WHERE action_id IN (SELECT id FROM discovery_deeds)"
    )
    _go_on_counting("review_steps", "discovery_deeds")


def _go_on_counting(*tables: str) -> None:
    """PostgreSQL counts on from the last number that it gave itself."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in tables:
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE(MAX(id), 0) + 1, false) FROM {table}"
        )


def _key(name: str, target: str, *, index: bool = False) -> sa.Column[int]:
    reference = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, sa.Integer(), reference, primary_key=True, autoincrement=False, index=index)


def _before() -> tuple[sa.Column[Any], ...]:
    """What a message was."""
    return (
        sa.Column("review", sa.String(10), nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=False),
        sa.Column("reviewed_at", _MOMENT, nullable=True),
    )
