"""A website that embeds the chat: pages of any shape and with any headers, on an origin of its own."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Website:
    """Serves the pages that were put there."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._pages: dict[str, tuple[bytes, dict[str, str]]] = {}
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Says nothing."""

            def do_GET(self) -> None:
                body, headers = pages.get(self.path.partition("?")[0], (b"", {}))
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, html: str, *, path: str = "/", headers: dict[str, str] | None = None) -> str:
        """The address under which this page is now found."""
        self._pages[path] = (html.encode(), headers or {})
        return self.url + path

    def stop(self) -> None:
        """Nothing is served any more."""
        self._server.shutdown()
        self._server.server_close()


def plain(snippet: str, *, head: str = "", attributes: str = 'lang="en"') -> str:
    """A small page of plain HTML with the snippet at the end of its body."""
    return (
        f'<!doctype html><html {attributes}><head><meta charset="utf-8"><title>Clinic</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>'
        f'<body><main><h1>Clinic</h1><p>Welcome. <a href="/next">Next page</a></p></main>{snippet}</body></html>'
    )
