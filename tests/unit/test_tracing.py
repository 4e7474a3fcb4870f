"""A span says of an error its class alone, and none is made without a collector."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot import tracing


def test_an_error_leaves_its_class_and_nothing_that_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    with pytest.raises(ValueError, match="secret"), tracing.span("turn", channel="web"):
        raise ValueError("somebody's secret")
    (span,) = exporter.get_finished_spans()
    assert "secret" not in span.to_json()
    assert (span.status.description, span.events, span.attributes) == ("ValueError", (), {"channel": "web"})


def test_without_a_collector_there_is_nothing_to_go_on_from() -> None:
    tracing.configure_tracing("rotation-app", "")
    with tracing.span("turn"):
        assert tracing.headers() == {}
