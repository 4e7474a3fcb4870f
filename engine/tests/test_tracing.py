"""A span of the engine stands below the one of who asks, and says of an error its class alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from rasa.utils.endpoints import EndpointConfig
from rotation_engine import tracing

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    yield exporter
    tracing.join({})


def test_a_span_belongs_to_the_trace_of_the_request_and_goes_on_from_it(sent: InMemorySpanExporter) -> None:
    tracing.join({"traceparent": f"00-{TRACE}-{PARENT}-01"})
    with tracing.span("engine turn"):
        passed_on = tracing.headers()["traceparent"]
    (span,) = sent.get_finished_spans()
    assert span.context
    assert span.parent
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)
    assert passed_on == f"00-{TRACE}-{span.context.span_id:016x}-01"


def test_a_request_without_a_trace_does_not_have_that_of_the_one_before(sent: InMemorySpanExporter) -> None:
    tracing.join({"traceparent": f"00-{TRACE}-{PARENT}-01"})
    tracing.join({})
    with tracing.span("engine turn"):
        pass
    (span,) = sent.get_finished_spans()
    assert span.parent is None


def test_an_error_leaves_its_class_and_nothing_that_it_says(sent: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="secret"), tracing.span("read message"):
        raise ValueError("somebody's secret")
    (span,) = sent.get_finished_spans()
    assert "secret" not in span.to_json()
    assert (span.status.description, list(span.events)) == ("ValueError", [])


def test_without_a_collector_nothing_is_made_or_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    before = EndpointConfig.request
    tracing.install()
    assert EndpointConfig.request is before
    with tracing.span("engine turn"):
        assert tracing.headers() == {}
