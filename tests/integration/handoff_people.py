"""Staff who answer people, as tests need them: they look at a talk and press its buttons."""

from __future__ import annotations

import httpx

from bot.staff.roles import Role
from tests.running_app import RunningApp
from tests.staff import ConsoleSession


class AgentDesk(ConsoleSession):
    """One of the staff with a browser of their own."""

    def __init__(self, app: RunningApp, name: str, role: Role = Role.ANNOTATOR) -> None:
        super().__init__(app, role, name=name)
        self.name = name
        self.http.follow_redirects = True

    def see(self, path: str) -> str:
        """What a page says, an error page included."""
        return self.http.get(path).text

    def act(self, number: int, verb: str, **fields: str) -> httpx.Response:
        """Press a button of a talk."""
        return self.send(f"/handoff/{number}/{verb}", **fields)
