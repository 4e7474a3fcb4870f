"""Discovery: vectors and clusters of messages that were not answered."""

from __future__ import annotations

revision = "0009_discovery"
down_revision = "0008_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return


def downgrade() -> None:
    return
