"""Staff: users, sessions, the audit log."""

from __future__ import annotations

revision = "0005_staff"
down_revision = "0004_telegram"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return


def downgrade() -> None:
    return
