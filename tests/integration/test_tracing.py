"""One trace leads through application, engine and action server, and tells nothing of a person."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bot.ops import system, training
from bot.settings import settings
from tests.conftest import TODAY
from tests.ports import free_port
from tests.running_app import wait_until
from tests.visitor import Visitor

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]
TURN = ("turn", "ask engine", "engine turn", "ask action server", "action")


class Collector:
    """What takes spans by OTLP/HTTP, as a collector does; `bodies` are the requests as they came."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.bodies: list[bytes] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.bodies += [body] if self.path == "/v1/traces" else []
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Every span with the name of its service."""
        for body in list(self.bodies):
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                named = {item.key: item.value.string_value for item in resource.resource.attributes}
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        yield named["service.name"], span


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_turn_is_one_trace_through_three_processes_without_anybodys_words(
    tmp_path: Path, collector: Collector
) -> None:
    trained = training.train(settings())
    with system.temporary(
        tmp_path / "var", trained, today=TODAY, otel_exporter_otlp_endpoint=collector.url, patience=150.0
    ) as (chosen, _):
        visitor = Visitor(chosen.base_url)
        visitor.say("I am Zebediah from Quux, how much does a rotation cost?")
        wait_until(lambda: set(TURN) <= {span.name for _, span in collector.spans()}, seconds=60)
        wait_until(lambda: len({service for service, _ in collector.spans()}) == 3, seconds=60)
    spans = list(collector.spans())
    (turn,) = (span for _, span in spans if span.name == "turn")
    whole = {span.name: (service, span) for service, span in spans if span.trace_id == turn.trace_id}
    services = [whole[name][0] for name in TURN]
    assert services == ["rotation-app"] * 2 + ["rotation-engine"] * 2 + ["rotation-actions"]
    above = [whole[name][1].parent_span_id for name in TURN]
    assert above == [b"", *(whole[name][1].span_id for name in TURN[:-1])]
    assert {"read message", "save conversation"} <= whole.keys()
    told = {item.key: item.value.string_value for _, span in whole.values() for item in span.attributes}
    assert set(told) == {"request_id", "channel", "engine", "action"}
    assert (told["channel"], told["action"].partition("_")[0]) == ("web", "action")
    conversation = visitor.conversation.encode()
    assert conversation
    for body in collector.bodies:
        assert not any(private in body for private in (b"Zebediah", b"Quux", b"rotation cost", conversation))
