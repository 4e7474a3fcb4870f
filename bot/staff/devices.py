"""Browsers in which somebody has signed in: they are let through while strangers make the name rest.

A signed mark stays in the browser for a year (OWASP, "Slow down online guessing attacks with device cookies"). It is
no key: it opens nothing without the password, and it ends with the password that it was given for.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

LIFETIME = timedelta(days=365)


@dataclass(frozen=True)
class Device:
    """A browser: who signed in there, with the password since when (UNIX time), and its own number."""

    name: str
    password_since: float
    number: str

    def fits(self, name: str, password_changed_at: datetime) -> bool:
        """Whether it is a browser of this user, who still has the same password."""
        return self.name == name and self.password_since == password_changed_at.timestamp()


class Devices:
    """Makes and reads the marks with the key of this installation."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="staff device")

    def mark(self, name: str, password_changed_at: datetime) -> str:
        """The mark of a browser in which this user has just signed in."""
        return self._serializer.dumps([name, password_changed_at.timestamp(), secrets.token_urlsafe(9)])

    def read(self, mark: str) -> Device | None:
        """The browser, or None when we did not sign this or it is too old."""
        try:
            name, since, number = self._serializer.loads(mark, max_age=int(LIFETIME.total_seconds()))
        except (BadSignature, ValueError, TypeError):
            return None
        return Device(str(name), float(since), str(number))
