"""A stand-in for Rasa and its action server: a real HTTP server in a process of its own, so that it can be killed.

It keeps what it was asked in a file, and stores its events as Rasa's tracker does, in `tracker.db`, where the
application looks for lost answers and may delete them. What is said decides what happens: "slow" takes a while, "held"
waits for `release`, "poison" is never answered, "forget" asks for erasure, "everything" and "article" have samples.
`mode` sets how every turn ends: ok, silent (`[]`), broken (500), forgetful (507: it cannot store its conversations),
garbage (not JSON), lost (handled, but the answer never arrives), no_actions (the action server is down: `[]`, and
unhealthy).

Only the standard library is imported: hundreds of tests start one.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SLOW_SECONDS = 1.5
LONGEST_HELD_SECONDS = 50.0
TABLE = (
    "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id TEXT NOT NULL, type_name TEXT NOT NULL, "
    "timestamp FLOAT, intent_name TEXT, action_name TEXT, data TEXT)"
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # Headers and body go out in two writes; together they would wait 40 ms.
    events: Path
    tracker: Path
    mode = "ok"
    released = threading.Event()
    writing = threading.Lock()

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        if self.path == "/health" and self.mode == "no_actions":
            self._send(503, {})
        else:
            self._send(200, {"model_file": "models/fake.tar.gz", "status": "ok"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/mode":
            type(self).mode = body["mode"]
            self._send(200, {})
            return
        if self.path == "/release":
            self.released.set()
            self._send(200, {})
            return
        asked = {"event": "user", "text": body["message"], "metadata": body["metadata"], "sender": body["sender"]}
        self._remember(asked)
        if "slow" in body["message"]:
            time.sleep(SLOW_SECONDS)
        if "held" in body["message"]:
            self.released.wait(LONGEST_HELD_SECONDS)
        self._answer(body)

    def _answer(self, body: dict) -> None:
        if self.mode in ("silent", "no_actions") or "poison" in body["message"]:
            self._send(200, [])
        elif self.mode == "broken":
            self._send(500, {})
        elif self.mode == "forgetful":
            self._send(507, [])
        elif self.mode == "garbage":
            self._send(200, "nonsense")
        else:
            custom = canned_reply(body["message"])
            self._remember({"event": "bot", "text": None, "data": {"custom": custom}, "sender": body["sender"]})
            if self.mode == "lost":
                self.close_connection = True
                self.connection.close()
                return
            self._send(200, [{"recipient_id": body["sender"], "custom": custom}])

    def _remember(self, event: dict) -> None:
        with self.events.open("a") as file:
            file.write(json.dumps(event) + "\n")
        row = (event["sender"], event["event"], time.time(), json.dumps(event))
        with self.writing, closing(sqlite3.connect(self.tracker, timeout=10)) as connection, connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)", row)

    def _send(self, status: int, data: object) -> None:
        content = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def canned_reply(message: str) -> dict:
    """The reply to a message: a picture book of all parts for "everything", a folded "article", else an echo."""
    if "forget" in message:
        return _reply({"type": "notice", "text": "All gone.", "effect": "erase"})
    for word, sample in (("everything", "everything.json"), ("article", "more.json")):
        if word in message:
            return json.loads((Path(__file__).parent / "golden" / "replies" / sample).read_text(encoding="utf8"))
    return _reply(
        {"type": "text", "text": f"You said: {message}"}, {"title": "What does it cost?", "payload": "/faq_cost"}
    )


def _reply(part: dict, *suggestions: dict) -> dict:
    return {"version": 1, "parts": [part], "suggestions": list(suggestions)}


if __name__ == "__main__":
    _Handler.events, _Handler.tracker = Path(sys.argv[2]), Path(sys.argv[3])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), _Handler).serve_forever()
