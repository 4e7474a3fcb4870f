"""What operators see of a running process: structured log lines and metrics, never the words of a person."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from asgi_correlation_id import correlation_id
from prometheus_client import Counter, Gauge, Histogram
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

TURNS = Counter("bot_turns_total", "Messages of people by outcome.", ["channel", "outcome"])
TURN_SECONDS = Histogram(
    "bot_turn_seconds",
    "From a stored message to its stored reply.",
    ["channel"],
    buckets=(0.02, 0.04, 0.06, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
ENGINE_FAILURES = Counter("bot_engine_failures_total", "Turns that the engine did not answer, by reason.", ["reason"])
WAITING = Gauge("bot_waiting_conversations", "Conversations with an unanswered message.")
REQUESTS = Counter(
    "bot_http_requests_total", "HTTP requests by method, route and status.", ["method", "route", "status"]
)
REFUSED_CONNECTIONS = Counter(
    "bot_refused_connections_total", "Connections ended at the border, by reason.", ["reason"]
)
ERASING = Gauge("bot_open_erasures", "Conversations that are to be erased and are not yet, in all processes together.")
STREAMS = Gauge("bot_event_streams", "Open event streams and long polls.")
UNREAD_UPDATES = Counter(
    "bot_telegram_unread_updates_total",
    "Updates of Telegram that could not be read and were passed.",
    ["kind", "error"],
)
TELEGRAM_FAILURES = Counter("bot_telegram_failures_total", "Failed attempts to fetch updates of Telegram.", ["error"])

# Fields that could carry what a person wrote; a log line never keeps them.
_PRIVATE = frozenset({"text", "message", "payload", "reply", "shown", "body", "reason_text"})
# Libraries that put whole updates, or errors with all that they quote, into their lines.
_TALKATIVE = ("telegram", "asyncio")


def configure_logging(level: int = logging.INFO) -> None:
    """One JSON object a line on standard error, from our code and from libraries alike."""
    processors: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_request_id,
        without_private_fields,
        without_quoted_errors,
    ]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *processors,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(processors))
    handler.addFilter(without_values)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # The web server brings a form of its own.
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # These write every request with its address, or every one whose id is no UUID.
    for name in ("httpx", "httpcore", "uvicorn.access", "asgi_correlation_id"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _formatter(processors: list[Processor]) -> structlog.stdlib.ProcessorFormatter:
    tracebacks = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=processors,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            tracebacks,
            without_error_messages,
            structlog.processors.JSONRenderer(),
        ],
    )


def without_values(record: logging.LogRecord) -> bool:
    """A line of a talkative library keeps the words that stand in its code, not the values that it puts into them."""
    if record.name.partition(".")[0] in _TALKATIVE:
        record.msg, record.args = str(record.msg).partition("\n")[0], ()
    return True


def id_of_message(number: int) -> str:
    """Under which id all that is done for a message is logged, whichever process tries it and however often."""
    return f"message-{number}"


def with_request_id(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The log line with the id of the request or message that it was written for."""
    if request_id := correlation_id.get():
        event.setdefault("request_id", request_id)
    return event


def without_private_fields(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The log line without fields that could carry a person's words."""
    return {name: value for name, value in event.items() if name not in _PRIVATE}


def without_error_messages(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Tracebacks keep the place and the kind of an error; its message may quote a person."""
    _forget_messages(event.get("exception") or ())
    return event


def _forget_messages(traces: Iterable[dict[str, Any]]) -> None:
    for trace in traces:
        trace.pop("exc_value", None)
        trace.pop("exc_notes", None)
        for member in trace.get("exceptions") or ():  # of a group
            _forget_messages(member)


def without_quoted_errors(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A library that puts the error which it has just caught into its own sentence names its kind instead."""
    said, error, seen = event.get("event"), sys.exc_info()[1], set[int]()
    while isinstance(said, str) and error is not None and id(error) not in seen:
        seen.add(id(error))
        if str(error):
            said = event["event"] = said.replace(str(error), type(error).__name__)
        error = error.__cause__ or error.__context__
    return event
