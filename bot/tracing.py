"""Traces of a turn for OpenTelemetry: application, engine, action server. None is made without an address to send to.

Only our own spans are sent: the provider is kept here and not made known to libraries, of which one writes the id of
the conversation into its spans. A span has names of ours, the id under which a message is logged, and of an error its
class; never words or ids of people. `engine/rotation_engine/tracing.py` is the same for the engine's room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context
from opentelemetry.trace import NoOpTracer, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

ASKS, SERVES = SpanKind.CLIENT, SpanKind.SERVER
_PROPAGATOR = TraceContextTextMapPropagator()
_tracer: Tracer = NoOpTracer()


def configure_tracing(service: str, collector: str) -> None:
    """Sends this process's spans to the OTLP/HTTP address of a collector, from a thread; none when that is empty."""
    global _tracer
    if not collector:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces")))
    _tracer = provider.get_tracer(__name__)


@contextmanager
def span(name: str, *, kind: SpanKind = SpanKind.INTERNAL, **attributes: str) -> Iterator[None]:
    """What happens inside, as a part of the span around it; attributes must tell nothing of a person."""
    with _tracer.start_as_current_span(
        name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as made:
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
