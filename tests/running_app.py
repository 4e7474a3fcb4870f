"""The public application on a real port inside the test's process, with a fast pace and its own words."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from bot.app import DELIVERY, ERASING, create_app
from bot.bootstrap import Container
from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.delivery.retries import RetryTiming
from bot.reply.responses import Responses
from bot.settings import Settings
from bot.telegram.outbox_sender import Timing
from bot.web.guarded_protocol import GuardedProtocol
from tests import patient
from tests.databases import make_empty

WORDS = Responses(
    {
        "utter_engine_down": [{"text": "I am still working on it; your answer will appear here."}],
        "utter_turn_failed": [{"text": "I could not answer this one."}],
        "utter_request_human": [{"text": "Nobody is there."}],
        "utter_forgotten": [{"text": "All gone, later."}],
        "utter_being_forgotten": [{"text": "It is being deleted."}],
        "utter_empty_message": [{"text": "Please type a question."}],
        "utter_too_long": [{"text": "Please keep it under {limit} characters."}],
        "utter_handoff_team": [{"text": "The team"}],
    }
)
LONGEST_WAIT = 60.0
"""Seconds; what takes so long even on busy cores does not happen at all."""
FAST = RetryTiming(
    notice=1.0, tick=0.05, first_retry=0.1, longest_retry=0.2, most_attempts=3, farewell=3.0, erasing=0.5
)


class RunningApp:
    """One application; `stop` and `start` again is a restart over the same database.

    Of the workers beside the requests only delivery runs, unless a test names others: what a test puts into the
    database by hand is touched by nobody behind its back.
    """

    def __init__(
        self,
        port: int,
        engine_port: int,
        *,
        folder: Path,
        pace: RetryTiming = FAST,
        responses: Responses = WORDS,
        timing: Timing | None = None,
        workers: Collection[str] = (DELIVERY, ERASING),
        **settings: Any,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.settings = Settings(
            bot_port=port,
            engine_port=engine_port,
            actions_port=engine_port,
            var=folder,
            **{"secret_key": "test", "retention_days": 0, **settings},
        )
        self.database = Database(self.settings.database)
        self._pace = pace
        self._responses = responses
        self._timing = timing
        self._workers = workers
        self.app: FastAPI | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self._prepare_database()
        container = Container(self.settings, self.database)
        self.app = create_app(
            container, responses=self._responses, pace=self._pace, timing=self._timing, workers=self._workers
        )
        config = uvicorn.Config(
            self.app,
            host="127.0.0.1",
            port=self.settings.bot_port,
            log_config=None,
            timeout_graceful_shutdown=1,
            http=GuardedProtocol,
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the application does not start")
            time.sleep(0.01)

    def _prepare_database(self) -> None:
        file = self.settings.var / "bot.db"
        if self.settings.database_url:
            upgrade(self.settings.database)
        elif not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            make_empty(file)

    def stop(self) -> None:
        """Ends it like a deployment does."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(LONGEST_WAIT)
            assert not self._thread.is_alive(), "the application does not end"

    @property
    def answered(self) -> int:
        """How many requests have had an answer since the start."""
        return self._server.server_state.total_requests if self._server else 0

    def is_connected(self, address: Any) -> bool:
        """Whether the application still holds the connection from that address, as `getsockname` gives it."""
        held = list(self._server.server_state.connections) if self._server else []
        return any(
            getattr(one, "transport", None) and one.transport.get_extra_info("peername") == address for one in held
        )

    def visitor(self) -> Visitor:
        """Somebody new with a conversation of their own."""
        opened = patient.post(f"{self.url}/api/v1/conversations", json={"site": "test", "locale": "en-US"})
        return Visitor(self.url, opened.json())


class Visitor:
    """A website visitor as the page is one: a token, messages with ids, events."""

    def __init__(self, url: str, opened: dict[str, Any]) -> None:
        self.conversation: str = opened["conversation"]
        self.token: str = opened["token"]
        self.http = httpx.Client(
            base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {self.token}"}, timeout=60
        )

    def send(self, text: str | None = None, *, message_id: str = "", payload: str | None = None) -> httpx.Response:
        """Post one message."""
        body = {"id": message_id or str(uuid.uuid4()), "text": text, "payload": payload}
        return self.http.post("/messages", json={name: value for name, value in body.items() if value is not None})

    def ask(self, text: str, **options: str) -> dict[str, Any]:
        """Post one message that is expected to be taken."""
        answer = self.send(text, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def history(self) -> list[dict[str, Any]]:
        """Both sides."""
        return self.http.get("/messages").json()["messages"]

    def wait_for(self, after: int, *, seconds: float = 25) -> list[dict[str, Any]]:
        """New replies by long poll."""
        return self.http.get("/events", params={"after": after, "wait": seconds}).json()["events"]


def words_of(reply: dict[str, Any]) -> str:
    """The text of a sent reply."""
    return " ".join(part.get("text", "") for part in reply["reply"]["parts"])


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def wait_until(is_true: Callable[[], bool], *, seconds: float = LONGEST_WAIT) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
