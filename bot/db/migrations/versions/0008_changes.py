"""Changes to the content, candidates and published versions."""

from __future__ import annotations

revision = "0008_changes"
down_revision = "0007_handoff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return


def downgrade() -> None:
    return
