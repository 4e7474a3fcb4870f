"""Traces of a turn for OpenTelemetry, as `bot/tracing.py` makes them in the application and the action server.

Off unless `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; then `rasa run` adds the reading of a message and each call
of an action. A span has names of ours and of an error its class, never words or ids of people.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import context
from opentelemetry.trace import NoOpTracer, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

ASKS, SERVES = SpanKind.CLIENT, SpanKind.SERVER
_PROPAGATOR = TraceContextTextMapPropagator()
_tracer: Tracer = NoOpTracer()


def install() -> None:
    """Sends this process's spans to the collector, from a thread, and makes those that lie inside Rasa."""
    global _tracer
    collector = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    if not collector:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from rasa.core.processor import MessageProcessor
    from rasa.utils.endpoints import EndpointConfig

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "rotation-engine"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces")))
    _tracer = provider.get_tracer(__name__)
    MessageProcessor.parse_message = _spanned("read message", MessageProcessor.parse_message)
    MessageProcessor.save_tracker = _spanned("save conversation", MessageProcessor.save_tracker)
    ask = EndpointConfig.request

    async def ask_in_trace(self: EndpointConfig, *args: Any, **options: Any) -> Any:
        with span("ask action server", kind=ASKS):
            return await ask(self, *args, **{**options, "headers": {**headers(), **options.get("headers", {})}})

    EndpointConfig.request = ask_in_trace


def _spanned(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    async def spanned(*args: Any, **options: Any) -> Any:
        with span(name):
            return await work(*args, **options)

    return spanned


@contextmanager
def span(name: str, *, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[None]:
    """What happens inside, as a part of the span around it."""
    with _tracer.start_as_current_span(name, kind=kind, record_exception=False, set_status_on_exception=False) as made:
        try:
            yield
        except Exception as error:
            made.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def headers() -> dict[str, str]:
    """What tells whom we ask which trace it works for; empty where there is none."""
    found: dict[str, str] = {}
    _PROPAGATOR.inject(found)
    return found


def join(received: Mapping[str, str]) -> None:
    """From here on everything is done for the trace that a request names, as long as its task goes on."""
    context.attach(_PROPAGATOR.extract(received))
