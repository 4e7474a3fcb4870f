"""Staff at the console for tests: signed in through the real form, pressing the real buttons."""

from __future__ import annotations

import re

import httpx

from bot.core.staff import Role
from bot.db.base import Database
from bot.db.staff import StaffUser
from bot.services import passwords

PASSWORD = "a long password of a test"


class Clerk:
    """One of the staff with a browser of their own."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.http = httpx.Client(base_url=f"{url}/staff", timeout=20, follow_redirects=True)
        self.post("/login", "/login", name=name, password=PASSWORD)

    def see(self, path: str) -> str:
        """The page at a path."""
        return self.http.get(path).text

    def post(self, page: str, path: str, **fields: str) -> httpx.Response:
        """Send the form of a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.see(page))
        assert found, f"no form on {page}"
        return self.http.post(path, data={"csrf": found[1], **fields})

    def act(self, number: int, deed: str, **fields: str) -> httpx.Response:
        """Press a button of a talk."""
        return self.post(f"/handoff/{number}", f"/handoff/{number}/{deed}", **fields)


def hire(database: Database, url: str, name: str, role: Role = Role.ANNOTATOR) -> Clerk:
    """A new user, signed in."""
    with database.unit() as session:
        session.add(StaffUser(name=name, password_hash=passwords.hash_of(PASSWORD), role=role.value))
    return Clerk(url, name)
