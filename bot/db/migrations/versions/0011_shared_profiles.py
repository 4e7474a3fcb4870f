"""Every table of the first release, in one step.

The product was never released before, so the eleven steps in which these tables grew are one. It keeps the name of the
last of them: a database that those steps made has this schema and this name, is up to date here, and goes on from here
with all that it holds.

Outside of the models are the word index of messages (SQLite has a full-text table, PostgreSQL a column of the same
words with a GIN index), the triggers that put every changed message into the queue of the projection, and those that
let the audit log only grow. A later migration that copies `inbox`, `feedback`, `messages` or `audit_log` on SQLite
(batch) must make their triggers anew; tests/integration/test_migrations.py notices when they are missing.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011_shared_profiles"
down_revision = None
branch_labels = None
depends_on = None

_REFUSAL = "the audit log can only grow"


def upgrade() -> None:
    _create_delivery()
    _create_programs()
    _create_owned_by_programs()
    _create_telegram()
    _create_plans_and_reminders()
    _create_links()
    _create_staff()
    _create_audit_log()
    _create_handoff()
    _create_messages()
    _create_message_indexes()
    _create_word_index()
    _create_projection()
    _create_steps()
    _create_changes()
    _create_discovery()
    _create_deeds()


def downgrade() -> None:
    is_sqlite = _is_sqlite()
    if is_sqlite:
        op.execute("DROP TABLE message_words")
    for table in _TABLES:
        op.drop_table(table)
    for name in () if is_sqlite else ("audit_log_refuse", *(f"{table}_to_queue" for table in _CHANGED)):
        op.execute(f"DROP FUNCTION {name}()")


# Those that refer to others come before them.
_TABLES = (
    *("discovery_deed_messages", "discovery_deeds", "discovery_runs", "cluster_members", "clusters", "message_vectors"),
    *("versions", "candidates", "changes"),
    *("saved_views", "review_step_messages", "review_steps", "projection_lease", "projection_queue", "messages"),
    *("contacts", "handoffs", "audit_log", "staff_sessions", "staff_users"),
    *("shared_profiles", "links", "link_codes", "reminders", "plans"),
    *("telegram_bot", "telegram_buttons", "telegram_sent", "telegram_chats"),
    *("program_windows", "program_specialties", "program_sources", "program_rotation_types", "program_requirements"),
    *("program_fees", "program_documents", "program_audiences", "programs", "institution_aliases", "specialties"),
    *("institutions", "facts", "catalog_version"),
    *("files", "feedback", "outbox", "inbox", "conversations"),
)


def _create_delivery() -> None:
    op.create_table(
        "conversations",
        _text("id", 80, primary_key=True),
        _text("site", 200),
        _text("locale", 20),
        _moment("created_at"),
        _moment("last_seen_at"),
        _int("last_seq"),
    )
    op.create_table(
        "inbox",
        _id(),
        _conversation(),
        _text("client_id", 80),
        _int("seq"),
        _text("text"),
        _text("shown"),
        _text("status", 10),
        _int("attempts"),
        _flag("noticed"),
        _moment("received_at"),
        sa.UniqueConstraint("conversation_id", "client_id"),
    )
    _create_partial_index("ix_inbox_pending", "inbox", ["conversation_id"], "status = 'pending'")
    op.create_table(
        "outbox",
        _id(),
        _conversation(),
        _int("seq"),
        _json("reply"),
        _text("in_reply_to", 80),
        _moment("created_at"),
        sa.UniqueConstraint("conversation_id", "seq"),
    )
    op.create_index("ix_outbox_in_reply_to", "outbox", ["conversation_id", "in_reply_to"])
    op.create_table(
        "feedback",
        _id(),
        _conversation(),
        _int("seq"),
        _text("rating", 4),
        _text("reason", 500),
        _moment("created_at"),
        sa.UniqueConstraint("conversation_id", "seq"),
    )
    op.create_table(
        "files",
        _text("token", 64, primary_key=True),
        _text("conversation_id", 80, index=True),
        _text("mime", 100),
        _text("name", 200),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("expires_at", index=True),
    )


def _create_programs() -> None:
    op.create_table("catalog_version", _id(), _int("number"))
    op.create_table(
        "facts",
        _id(),
        _text("key"),
        _text("value"),
        _text("unit"),
        _text("applies_to"),
        _text("explanation"),
        _text("source_url"),
        _text("source_date", 10),
        _text("confidence", 8),
        _moment("retired_at", nullable=True),
        _moment("checked_at", nullable=True),
        sa.UniqueConstraint("key"),
    )
    op.create_table("institutions", _id(), _text("name"), sa.UniqueConstraint("name"))
    op.create_table("specialties", _id(), _text("name"), sa.UniqueConstraint("name"))
    op.create_table(
        "institution_aliases",
        _id(),
        _reference("institution_id", "institutions.id"),
        _text("alias"),
        _int("rank"),
        sa.UniqueConstraint("institution_id", "alias"),
    )
    op.create_index("ix_institution_aliases_alias", "institution_aliases", ["alias"])
    op.create_table(
        "programs",
        _id(),
        _text("slug"),
        sa.Column("institution_id", sa.Integer(), sa.ForeignKey("institutions.id"), nullable=False, index=True),
        _text("name"),
        _text("provider_type", 20),
        _text("route", 20),
        _text("city"),
        _text("state", 2, index=True),
        _text("accepts_international", 12),
        _text("hands_on", 8),
        _text("vslo", 4),
        _text("visa"),
        _text("lor", 14),
        _text("notes"),
        _moment("checked_at", nullable=True),
        _moment("updated_at"),
        _moment("retired_at", nullable=True),
        sa.UniqueConstraint("slug"),
    )


def _create_owned_by_programs() -> None:
    _create_owned("program_rotation_types", _text("rotation_type", 20, primary_key=True), _int("position"))
    _create_owned("program_audiences", _text("audience", 12, primary_key=True), _int("position"))
    specialty = sa.Column("specialty_id", sa.Integer(), sa.ForeignKey("specialties.id"), primary_key=True)
    _create_owned("program_specialties", specialty, _int("position"))
    _create_owned("program_documents", _text("name", primary_key=True), _int("position"))
    exam = _text("exam", 20, primary_key=True)
    _create_owned("program_requirements", exam, _text("level", 14), _text("detail"))
    _create_owned(
        "program_fees",
        _text("kind", 12, primary_key=True),
        _number("usd_min"),
        _number("usd_max"),
        _text("period", 14),
        sa.CheckConstraint("usd_min IS NULL OR usd_min >= 0", name="not_negative"),
        sa.CheckConstraint("usd_max IS NULL OR usd_min <= usd_max", name="in_order"),
    )
    _create_owned(
        "program_windows",
        _number("duration_weeks_min"),
        _number("duration_weeks_max"),
        _number("max_weeks_total"),
        _number("apply_months_before_min"),
        _number("apply_months_before_max"),
        _text("application_window"),
    )
    _create_owned("program_sources", _text("url"), _text("date", 10), _text("confidence", 8, index=True))


def _create_telegram() -> None:
    op.create_table(
        "telegram_chats",
        _text("conversation_id", 80, primary_key=True),
        _int("sent_seq"),
        _text("zone", 60),
        _flag("zone_asked"),
        _moment("blocked_at", nullable=True),
        _text("lease_owner", 40),
        _moment("lease_until", nullable=True),
    )
    op.create_table(
        "telegram_sent",
        sa.Column("outbox_id", sa.Integer(), sa.ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
        _text("state", 10),
        _int("attempts"),
        _json("pieces"),
        _moment("updated_at"),
    )
    op.create_table(
        "telegram_buttons",
        _text("token", 40, primary_key=True),
        _text("conversation_id", 80, index=True),
        _text("payload"),
        _text("title", 200),
    )
    op.create_table("telegram_bot", _id(), _text("username", 64))


def _create_plans_and_reminders() -> None:
    op.create_table(
        "plans",
        _id(),
        _text("conversation_id", 80),
        _text("uid", 40),
        _int("sequence"),
        sa.Column("computed", sa.Date(), nullable=False),
        _text("verdict", 12),
        _text("title", 200),
        _text("words"),
        _json("steps"),
        _json("dropped"),
        _moment("updated_at"),
        sa.UniqueConstraint("conversation_id"),
    )
    op.create_table(
        "reminders",
        _id(),
        _text("conversation_id", 80, index=True),
        _text("subject"),
        _text("step", 40),
        sa.Column("day", sa.Date(), nullable=True),
        _int("minute", nullable=True),
        _moment("due_at"),
        _text("status", 10),
        _text("delivery_key", 80),
        _int("deliveries"),
        _moment("created_at"),
        sa.UniqueConstraint("delivery_key"),
    )
    _create_partial_index("ix_reminders_waiting", "reminders", ["due_at"], "status = 'waiting'")


def _create_links() -> None:
    op.create_table(
        "link_codes",
        _text("code", 16, primary_key=True),
        _text("conversation_id", 80, index=True),
        _json("slots"),
        _moment("expires_at"),
        _text("used_by", 80),
    )
    op.create_table(
        "links", _text("web", 80, primary_key=True), _text("telegram", 80, index=True), _moment("created_at")
    )
    op.create_table("shared_profiles", _text("home", 80, primary_key=True), _json("slots"))


def _create_staff() -> None:
    op.create_table(
        "staff_users",
        _id(),
        _text("name", 80),
        _text("password_hash", 200),
        _text("role", 12),
        _text("totp_sealed"),
        _int("totp_last_step"),
        _moment("created_at"),
        _moment("password_changed_at"),
        _moment("last_login_at", nullable=True),
        _moment("disabled_at", nullable=True),
        _int("failed_count"),
        _moment("locked_until", nullable=True),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "staff_sessions",
        _id(),
        _text("token_hash", 64),
        _reference("user_id", "staff_users.id", index=True),
        _flag("awaits_code"),
        _text("device", 120),
        _moment("created_at"),
        _moment("last_seen_at"),
        _moment("expires_at", index=True),
        sa.UniqueConstraint("token_hash"),
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        _id(),
        _moment("at", index=True),
        _int("staff_id", nullable=True),
        _text("staff_name", 80),
        _text("action", 60, index=True),
        _text("subject", 200),
        _json("before", nullable=True),
        _json("after", nullable=True),
    )
    op.create_index("ix_audit_log_subject", "audit_log", ["subject", "id"])
    op.create_index("ix_audit_log_staff_name", "audit_log", ["staff_name"])
    if _is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_log_no_{verb.lower()} BEFORE {verb} ON audit_log "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()"
    )


def _create_handoff() -> None:
    op.create_table(
        "handoffs",
        _id(),
        _conversation(index=True),
        _text("state", 10),
        _moment("asked_at"),
        _flag("email_wanted"),
        _int("taken_by", nullable=True),
        _text("taken_name", 120),
        _moment("taken_at", nullable=True),
        _moment("last_staff_at", nullable=True),
        _moment("closed_at", nullable=True, index=True),
        _moment("mail_due_at", nullable=True),
        _int("mail_attempts"),
    )
    _create_partial_index("uq_handoffs_open", "handoffs", ["conversation_id"], "state <> 'closed'", unique=True)
    op.create_table(
        "contacts",
        _conversation(primary_key=True),
        _text("sealed"),
        _moment("noted_at"),
        _moment("delete_after", nullable=True, index=True),
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        _id(),
        _conversation(),
        _text("message_id", 80),
        _moment("received_at", index=True),
        _text("channel", 20),
        _text("text"),
        _text("kind", 10),
        _text("intent", 80),
        sa.Column("confidence", sa.Float(), nullable=True, index=True),
        _text("runner_up", 80),
        sa.Column("runner_up_confidence", sa.Float(), nullable=True),
        sa.Column("margin", sa.Float(), nullable=True),
        _json("entities"),
        _text("action", 80),
        _text("outcome", 12),
        _int("reply_ms", nullable=True),
        _text("model_id", 64),
        _text("feedback", 4),
        _text("feedback_reason", 500),
        _json("facts"),
        _text("trigger", 20),
        _text("review", 10),
        _text("claimed_by", 80),
        _moment("reviewed_at", nullable=True),
        sa.UniqueConstraint("conversation_id", "message_id"),
    )


def _create_message_indexes() -> None:
    op.create_index("ix_messages_intent", "messages", ["intent", "id"])
    op.create_index("ix_messages_model_id", "messages", ["model_id", "id"])
    filters = "id received_at channel intent outcome confidence margin trigger feedback review model_id"
    op.create_index("ix_messages_filters", "messages", filters.split())
    insights = "received_at conversation_id channel model_id kind outcome feedback intent reply_ms"
    op.create_index("ix_messages_insights", "messages", insights.split())
    waiting = "trigger <> '' AND review IN ('open', 'claimed')"
    _create_partial_index("ix_messages_trigger", "messages", ["trigger", "id"], waiting)
    _create_partial_index("ix_messages_waiting", "messages", ["id", "trigger"], waiting)
    _create_partial_index("ix_messages_feedback", "messages", ["feedback", "id"], "feedback <> ''")
    _create_partial_index("ix_messages_claimed_by", "messages", ["claimed_by", "id"], "claimed_by <> ''")


def _create_word_index() -> None:
    if _is_sqlite():
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


def _create_projection() -> None:
    op.create_table("projection_queue", _id(), _conversation(index=True), _text("message_id", 80), _moment("due_at"))
    op.create_index("ix_projection_queue_due_at", "projection_queue", ["due_at", "id"])
    op.create_table("projection_lease", _id(), _text("owner", 40), _moment("expires_at"))
    op.execute("INSERT INTO projection_lease (id, owner, expires_at) VALUES (1, '', '2000-01-01 00:00:00.000000')")
    _create_queue_triggers()


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
    if _is_sqlite():
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


def _create_steps() -> None:
    op.create_table(
        "review_steps",
        _id(),
        _moment("at"),
        _text("staff_name", 80, index=True),
        _text("verb", 10),
        _flag("undone"),
    )
    op.create_table(
        "review_step_messages",
        sa.Column("step_id", sa.Integer(), _cascade("review_steps.id"), primary_key=True),
        sa.Column("message_id", sa.Integer(), _cascade("messages.id"), primary_key=True, index=True),
        _text("review", 10),
        _text("claimed_by", 80),
        _moment("reviewed_at", nullable=True),
    )
    op.create_table(
        "saved_views",
        _id(),
        _text("name", 60),
        _text("query", 1000),
        _text("made_by", 80),
        _moment("created_at"),
        sa.UniqueConstraint("name"),
    )


def _create_changes() -> None:
    op.create_table(
        "changes",
        _id(),
        _text("kind", 20),
        _json("payload"),
        _text("summary"),
        _text("state", 10, index=True),
        _text("proposed_by", 80),
        _moment("proposed_at"),
        *_decided(),
        _text("note"),
    )
    op.create_table(
        "candidates",
        _id(),
        _json("change_ids"),
        _text("status", 10, index=True),
        _int("progress"),
        _text("step", 200),
        _json("report", nullable=True),
        _text("model_path", 500),
        _text("model_id", 64),
        _text("error"),
        _text("asked_by", 80),
        _moment("asked_at"),
        _moment("started_at", nullable=True),
        _moment("beat_at", nullable=True),
        _moment("finished_at", nullable=True),
        *_decided(),
        _text("reason"),
    )
    op.create_table(
        "versions",
        _int("number", primary_key=True),
        _text("model_path", 500),
        _text("model_id", 64, index=True),
        _json("change_ids"),
        _int("candidate_id", nullable=True),
        _text("published_by", 80),
        _moment("published_at"),
        _text("note"),
        _flag("is_live"),
    )


def _create_discovery() -> None:
    op.create_table("message_vectors", _message_key(), sa.Column("vector", sa.LargeBinary(), nullable=False))
    op.create_table(
        "clusters",
        _id(),
        _text("name", 120),
        _int("people"),
        _int("messages"),
        _int("this_week"),
        _int("last_week"),
        _text("nearest_intent", 80),
        _number("similarity", nullable=False),
        _flag("is_current", index=True),
        _moment("first_seen_at"),
        _moment("updated_at"),
    )
    near = sa.ForeignKey("clusters.id", ondelete="SET NULL")
    op.create_table(
        "cluster_members",
        _message_key(),
        _reference("cluster_id", "clusters.id", nullable=True, index=True),
        sa.Column("near_id", sa.Integer(), near, index=True),
        _number("fit", nullable=False),
        _number("x", nullable=False),
        _number("y", nullable=False),
    )
    op.create_table(
        "discovery_runs",
        _id(),
        _text("status", 10),
        _text("step", 200),
        _int("messages"),
        _int("found"),
        _int("newest_message"),
        _text("asked_by", 80),
        _moment("asked_at"),
        _moment("beat_at"),
        _moment("finished_at", nullable=True),
        _text("error"),
    )


def _create_deeds() -> None:
    op.create_table(
        "discovery_deeds",
        _id(),
        _text("kind", 10),
        _text("done_by", 80),
        _moment("done_at"),
        _reference("change_id", "changes.id", nullable=True, index=True),
        _text("summary"),
        _moment("undone_at", nullable=True),
    )
    deed = sa.Column("deed_id", sa.Integer(), _cascade("discovery_deeds.id"), primary_key=True, autoincrement=False)
    op.create_table("discovery_deed_messages", deed, _message_key(index=True))


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _create_partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    part = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=part, postgresql_where=part)


def _create_owned(name: str, *columns: Any) -> None:
    """A table of what belongs to one program and goes with it."""
    program = sa.Column("program_id", sa.Integer(), _cascade("programs.id"), primary_key=True)
    op.create_table(name, program, *columns)


def _cascade(target: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, ondelete="CASCADE")


def _reference(name: str, target: str, *, nullable: bool = False, index: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), _cascade(target), nullable=nullable, index=index)


def _conversation(*, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    key = _cascade("conversations.id")
    return sa.Column("conversation_id", sa.String(80), key, nullable=False, primary_key=primary_key, index=index)


def _message_key(*, index: bool = False) -> sa.Column[int]:
    key = _cascade("messages.id")
    return sa.Column("message_id", sa.Integer(), key, primary_key=True, autoincrement=False, index=index)


def _decided() -> tuple[sa.Column[Any], ...]:
    return _text("decided_by", 80), _moment("decided_at", nullable=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _text(name: str, length: int | None = None, *, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    kind = sa.String(length) if length else sa.Text()
    return sa.Column(name, kind, nullable=False, primary_key=primary_key, index=index)


def _int(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, primary_key=primary_key)


def _number(name: str, *, nullable: bool = True) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _flag(name: str, *, index: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, index=index)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)
