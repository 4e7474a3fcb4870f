"""The audit log: every write of staff, in the same unit of work as the write itself.

Write no personal data into it, neither words of a visitor nor the id of a conversation: it is never deleted. A message
is named by its number, a conversation by its channel.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.staff.roles import Staff
from bot.staff.tables import AuditEntry

LONGEST_SUBJECT = 200


def audit(
    session: Session,
    staff: Staff | str,
    action: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Adds an entry. `staff` is a name when nobody is signed in, as on the command line.

    `action` is a short verb phrase such as "change answer"; `subject` names what it was done to, such as
    "answer utter_faq_cost". Of `before` and `after`, only what differs is kept.
    """
    if before is not None and after is not None:
        same = {name for name in before.keys() & after.keys() if before[name] == after[name]}
        before = {name: value for name, value in before.items() if name not in same}
        after = {name: value for name, value in after.items() if name not in same}
    name, number = (staff, None) if isinstance(staff, str) else (staff.name, staff.id)
    session.add(
        AuditEntry(
            staff_id=number,
            staff_name=name,
            action=action,
            subject=subject[:LONGEST_SUBJECT],
            before=before,
            after=after,
        )
    )
