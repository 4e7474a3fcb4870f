"""How the fake Bot API is spoken to over HTTP: forms, multipart forms and JSON, as clients send them."""

# ruff: noqa: N815 (methods are named as in the library)

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.fake_telegram.checks import Upload

Handle = Callable[[str, dict[str, Any]], tuple[int, Any]]


def serve(port: int, *, token: str, handle: Handle) -> ThreadingHTTPServer:
    """A server that hands every call (method, parameters) to `handle`; it is not running yet."""
    handler = type("Handler", (_Handler,), {"handle_call": staticmethod(handle), "token": token})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # Headers and body go out in two writes; together they would wait 40 ms.
    handle_call: Handle
    token: str

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionResetError):  # A client that was killed says no goodbye.
            super().handle()

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if len(body) < size:  # The client died in the middle of its request.
            self.close_connection = True
            return
        token, _, method = self.path.removeprefix("/bot").partition("/")
        if token != self.token:
            self._send(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        self._send(*self.handle_call(method, _parameters(self.headers.get("Content-Type") or "", body)))

    do_GET = do_POST

    def _send(self, status: int, data: Any) -> None:
        content = data if isinstance(data, bytes) else json.dumps(data).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True


def _parameters(kind: str, body: bytes) -> dict[str, Any]:
    """The fields of a form, a multipart form or JSON."""
    if kind.startswith("application/json"):
        return dict(json.loads(body))
    if not kind.startswith("multipart/"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    parts = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    fields: dict[str, Any] = {}
    for part in parts.get_payload():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if filename := part.get_filename():
            fields[name] = upload = Upload(content)
            upload.name = filename
        else:
            fields[name] = content.decode()
    return fields
