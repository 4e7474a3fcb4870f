"""Handoff: who asked for a person, and the address that they left."""

from __future__ import annotations

revision = "0007_handoff"
down_revision = "0006_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return


def downgrade() -> None:
    return
