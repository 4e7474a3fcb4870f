"""A new model reaches every engine that answers before it is live; one that was away gets it by itself."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.content.releases import swapping
from bot.content.releases.model_worker import ModelWorker
from bot.content.tables import VersionRow
from bot.db.base import Database
from bot.errors import SwapFailedError
from bot.settings import Settings
from tests.databases import make_empty
from tests.ports import free_port


class ModelServer:
    """The routes of an engine that are about its model: status, swap, parse."""

    def __init__(self, port: int, model: str) -> None:
        self.port, self.model, self.refuses = port, model, False
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        engine = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Says nothing."""

            def do_GET(self) -> None:
                self._send(200, {"model_id": engine.model, "model_file": "m"})

            def do_POST(self) -> None:
                self._read()
                self._send(200, {"intent": {"name": "faq_cost"}})

            def do_PUT(self) -> None:
                file = self._read()["model_file"]
                if not engine.refuses:
                    engine.model = swapping.model_id(Path(file))
                self._send(400 if engine.refuses else 204, {})

            def _read(self) -> Any:
                return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

            def _send(self, status: int, told: dict[str, Any]) -> None:
                content = b"" if status == 204 else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def engines() -> Iterator[list[ModelServer]]:
    servers = [ModelServer(free_port(), "old") for _ in range(2)]
    for server in servers:
        server.start()
    yield servers
    for server in servers:
        server.stop()


@pytest.fixture
def settings(engines: list[ModelServer], tmp_path: Path) -> Settings:
    urls = ", ".join(f"http://127.0.0.1:{server.port}" for server in engines)
    return Settings(var=tmp_path, secret_key="key", engine_urls=urls, redis_url="redis://127.0.0.1:1/0")


def make_model(folder: Path, name: str) -> Path:
    path, told = folder / f"{name}.tar.gz", json.dumps({"model_id": name}).encode()
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("metadata.json")
        info.size = len(told)
        archive.addfile(info, io.BytesIO(told))
    return path


def test_a_model_reaches_every_engine_and_one_that_was_away_gets_it_by_itself(
    engines: list[ModelServer], settings: Settings, tmp_path: Path
) -> None:
    first, late = engines
    late.stop()
    new = make_model(tmp_path, "new")
    assert swapping.swap(settings, new) == "new"
    database = Database(make_empty(tmp_path / "bot.db"))
    with database.unit() as session:
        session.add(
            VersionRow(model_path=str(new), model_id="new", change_ids=[], published_by="ann", note="", is_live=True)
        )
    worker = ModelWorker(settings, database)
    assert worker.catch_up() == []
    late.start()
    assert worker.catch_up() == [f"http://127.0.0.1:{late.port}"]
    assert (first.model, late.model) == ("new", "new")
    assert worker.catch_up() == []


def test_where_one_engine_refuses_no_engine_keeps_the_new_model(
    engines: list[ModelServer], settings: Settings, tmp_path: Path
) -> None:
    old, new = (make_model(tmp_path, name) for name in ("old", "new"))
    engines[1].refuses = True
    with pytest.raises(SwapFailedError, match="did not take"):
        swapping.swap(settings, new)
    swapping.put_back(settings, old)
    assert [engine.model for engine in engines] == ["old", "old"]


def test_without_any_engine_nothing_is_swapped(engines: list[ModelServer], settings: Settings, tmp_path: Path) -> None:
    for engine in engines:
        engine.stop()
    with pytest.raises(SwapFailedError, match="No engine answers"):
        swapping.swap(settings, make_model(tmp_path, "new"))
