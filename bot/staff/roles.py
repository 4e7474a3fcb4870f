"""Who works with the console, and what each may do. A role holds everything that the roles before it may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """From reading alone up to running the console."""

    VIEWER = "viewer"
    ANNOTATOR = "annotator"
    PUBLISHER = "publisher"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


ROLE_MEANS = {
    Role.VIEWER: "reads everything, changes nothing",
    Role.ANNOTATOR: "also works through the inbox, answers people, proposes changes",
    Role.PUBLISHER: "also edits programs and facts, trains and publishes",
    Role.ADMIN: "also manages users, deletes people, overrides gates",
}


@dataclass(frozen=True)
class Staff:
    """Somebody who is signed in."""

    id: int
    name: str
    role: Role

    def may(self, needed: Role) -> bool:
        """Whether this person's role covers `needed`."""
        return self.role.covers(needed)
