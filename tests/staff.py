"""Staff for tests: a user with a role, signed in, who fills in forms as a browser does."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.db.base import Database
from bot.staff import sign_in as signing_in
from bot.staff.roles import Role, Staff
from bot.staff.service import add_user
from bot.staff.sign_in import Attempt
from bot.staff.store import find_user
from tests.running_app import RunningApp

PASSWORD = "correct horse battery"


def hire(database: Database, role: Role, name: str = "") -> Staff:
    """A user of that role, new or known; the password is PASSWORD."""
    name = name or f"the-{role.value}"
    with database.unit() as session:
        user = find_user(session, name) or add_user(session, "test", name, password=PASSWORD, role=role)
        return Staff(user.id, user.name, Role(user.role))


def sign_in(database: Database, staff: Staff) -> str:
    """The token of a new session, as the cookie `staff` carries it."""
    token = secrets.token_urlsafe(32)
    with database.unit() as session:
        signing_in.enter(session, Attempt(staff.id), token, device="test", now=datetime.now(UTC))
    return token


class ConsoleSession:
    """A member of staff at the console, without JavaScript: `open` a page, `send` the forms."""

    def __init__(self, app: RunningApp, role: Role | None = Role.ADMIN, *, name: str = "") -> None:
        """Nobody is signed in when `role` is None."""
        self.http = httpx.Client(base_url=f"{app.url}/staff", timeout=240)
        self.staff = hire(app.database, role, name) if role else None
        if self.staff:
            self.take(sign_in(app.database, self.staff))

    def take(self, token: str) -> None:
        """From now on this browser carries that token."""
        self.http.cookies.set("staff", token, domain="127.0.0.1", path="/staff")

    @property
    def token(self) -> str:
        """What this browser carries."""
        return self.http.cookies["staff"]

    def open(self, path: str, **query: Any) -> str:
        """The text of a page that must be there."""
        answer = self.http.get(path, params=query or None)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.text

    def csrf(self) -> str:
        """The token of this browser's forms."""
        page = self.http.get("/account" if self.staff else "/login").text
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert found, page[:300]
        return found[1]

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """Post a form; the answer is what comes first, a redirect when all is well."""
        return self.http.post(path, data={"csrf": self.csrf(), **fields})
