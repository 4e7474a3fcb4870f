"""Review: messages projected from the logs, items, saved views."""

from __future__ import annotations

revision = "0006_review"
down_revision = "0005_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return


def downgrade() -> None:
    return
