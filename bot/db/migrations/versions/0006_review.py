"""Review: messages made from the logs, what is still to be made, what staff did, saved views, and a word index.

Outside of the models are the word index (SQLite has a full-text table, PostgreSQL a column of the same words with a GIN
index) and the triggers that put every changed message into the queue. A later migration that copies `inbox` or
`feedback` on SQLite (batch) must make the triggers anew; tests/integration/test_projection.py notices when they are
missing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_review"
down_revision = "0005_staff"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_messages()
    _create_queue()
    _create_steps()
    _create_word_index()
    _create_queue_triggers()
    op.execute(
        "INSERT INTO projection_queue (conversation_id, message_id, due_at)"
        " SELECT conversation_id, client_id, received_at FROM inbox ORDER BY id"
    )


def _conversation() -> sa.Column[str]:
    return sa.Column(
        "conversation_id", sa.String(80), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        _conversation(),
        sa.Column("message_id", sa.String(80), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("intent", sa.String(80), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("runner_up", sa.String(80), nullable=False),
        sa.Column("runner_up_confidence", sa.Float(), nullable=True),
        sa.Column("margin", sa.Float(), nullable=True),
        sa.Column("entities", sa.JSON(), nullable=False),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("reply_ms", sa.Integer(), nullable=True),
        sa.Column("model_id", sa.String(64), nullable=False),
        sa.Column("feedback", sa.String(4), nullable=False),
        sa.Column("feedback_reason", sa.String(500), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("trigger", sa.String(20), nullable=False),
        sa.Column("review", sa.String(10), nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=False),
        sa.Column("reviewed_at", _MOMENT, nullable=True),
        sa.UniqueConstraint("conversation_id", "message_id", name="uq_messages_conversation_id"),
    )
    op.create_index("ix_messages_received_at", "messages", ["received_at"])
    op.create_index("ix_messages_confidence", "messages", ["confidence"])
    op.create_index("ix_messages_intent", "messages", ["intent", "id"])
    op.create_index("ix_messages_model_id", "messages", ["model_id", "id"])
    op.create_index(
        "ix_messages_filters",
        "messages",
        [
            "id",
            "received_at",
            "channel",
            "intent",
            "outcome",
            "confidence",
            "margin",
            "trigger",
            "feedback",
            "review",
            "model_id",
        ],
    )
    for name, columns, where in (
        ("trigger", ["trigger", "id"], "trigger <> '' AND review IN ('open', 'claimed')"),
        ("waiting", ["id", "trigger"], "trigger <> '' AND review IN ('open', 'claimed')"),
        ("feedback", ["feedback", "id"], "feedback <> ''"),
        ("claimed_by", ["claimed_by", "id"], "claimed_by <> ''"),
    ):
        part = sa.text(where)
        op.create_index(f"ix_messages_{name}", "messages", columns, sqlite_where=part, postgresql_where=part)


def _create_queue() -> None:
    op.create_index("ix_outbox_in_reply_to", "outbox", ["conversation_id", "in_reply_to"])
    op.create_table(
        "projection_queue",
        sa.Column("id", sa.Integer(), primary_key=True),
        _conversation(),
        sa.Column("message_id", sa.String(80), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_projection_queue_due_at", "projection_queue", ["due_at", "id"])
    op.create_index("ix_projection_queue_conversation_id", "projection_queue", ["conversation_id"])
    op.create_table(
        "projection_lease",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )
    op.execute("INSERT INTO projection_lease (id, owner, expires_at) VALUES (1, '', '2000-01-01 00:00:00.000000')")


def _create_steps() -> None:
    op.create_table(
        "review_steps",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("staff_name", sa.String(80), nullable=False, index=True),
        sa.Column("verb", sa.String(10), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
    )
    step = sa.ForeignKey("review_steps.id", ondelete="CASCADE")
    message = sa.ForeignKey("messages.id", ondelete="CASCADE")
    op.create_table(
        "review_step_messages",
        sa.Column("step_id", sa.Integer(), step, primary_key=True),
        sa.Column("message_id", sa.Integer(), message, primary_key=True, index=True),
        sa.Column("review", sa.String(10), nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=False),
        sa.Column("reviewed_at", _MOMENT, nullable=True),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("name", name="uq_saved_views_name"),
    )


def _create_word_index() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE message_words USING fts5(text, content='messages', content_rowid='id')")
        for statement in _SQLITE_TRIGGERS:
            op.execute(statement)
    else:
        made = f"message_words tsvector GENERATED ALWAYS AS ({_POSTGRESQL_WORDS}) STORED"
        op.execute(f"ALTER TABLE messages ADD COLUMN {made}")
        op.execute("CREATE INDEX ix_messages_words ON messages USING gin (message_words)")


_SQLITE_TRIGGERS = (
    "CREATE TRIGGER messages_words_added AFTER INSERT ON messages BEGIN"
    " INSERT INTO message_words (rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER messages_words_removed AFTER DELETE ON messages BEGIN"
    " INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.id, old.text); END",
    "CREATE TRIGGER messages_words_changed AFTER UPDATE OF text ON messages WHEN old.text <> new.text BEGIN"
    " INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.id, old.text);"
    " INSERT INTO message_words (rowid, text) VALUES (new.id, new.text); END",
)
# Words are what stands between everything that is no letter or digit; "simple" neither stems nor drops any.
_POSTGRESQL_WORDS = "to_tsvector('simple', regexp_replace(text, '[^[:alnum:]]+', ' ', 'g'))"


_WATCHED = {
    "inbox_added": ("inbox", "AFTER INSERT ON inbox", ""),
    "inbox_settled": ("inbox", "AFTER UPDATE OF status ON inbox", "WHEN (old.status <> new.status)"),
    "feedback_added": ("feedback", "AFTER INSERT ON feedback", ""),
}
_CHANGED = {
    "inbox": "SELECT new.conversation_id, new.client_id, {now}",
    "feedback": "SELECT conversation_id, in_reply_to, {now} FROM outbox"
    " WHERE conversation_id = new.conversation_id AND seq = new.seq AND in_reply_to <> ''",
}


def _create_queue_triggers() -> None:
    enqueue = "INSERT INTO projection_queue (conversation_id, message_id, due_at) "
    if op.get_bind().dialect.name == "sqlite":
        now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
        for name, (table, event, when) in _WATCHED.items():
            change = enqueue + _CHANGED[table].format(now=now)
            op.execute(f"CREATE TRIGGER {name} {event} FOR EACH ROW {when} BEGIN {change}; END")
        return
    for table, change in _CHANGED.items():
        body = f"BEGIN {enqueue}{change.format(now='clock_timestamp()')}; RETURN NULL; END"
        op.execute(f"CREATE FUNCTION {table}_to_queue() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    for name, (table, event, when) in _WATCHED.items():
        op.execute(f"CREATE TRIGGER {name} {event} FOR EACH ROW {when} EXECUTE FUNCTION {table}_to_queue()")


def _drop_triggers() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, _, _) in _WATCHED.items():
        op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
    for table in () if is_sqlite else _CHANGED:
        op.execute(f"DROP FUNCTION {table}_to_queue()")
    if is_sqlite:
        op.execute("DROP TABLE message_words")


def downgrade() -> None:
    op.drop_index("ix_outbox_in_reply_to", "outbox")
    _drop_triggers()
    for table in (
        "saved_views",
        "review_step_messages",
        "review_steps",
        "projection_lease",
        "projection_queue",
        "messages",
    ):
        op.drop_table(table)
