"""Keeps what people wrote out of the logs: Rasa logs exceptions with all local variables, message text included."""

from __future__ import annotations

import logging
import os
import traceback
from types import TracebackType
from typing import Any

PRIVATE_LOGGERS = ("rasa.core.channels", "rasa.core.processor", "rasa.core.actions")


def brief(error: BaseException, trace: TracebackType | None) -> str:
    """The error's class and where it happened: no message, no source lines, no variables."""
    places = [f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-4:]]
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"


class BriefExceptions(logging.Filter):
    """Replaces the traceback of a record by one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        if record.exc_info and record.exc_info[1] is not None:
            record.msg = f"{record.getMessage()} [{brief(record.exc_info[1], record.exc_info[2])}]"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def brief_structlog(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog processor in the place of tracebacks with local variables."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = brief(error, error.__traceback__)
    return event


def install() -> None:
    """Makes brief records out of all exceptions, those logged through structlog too."""
    import structlog

    # A filter on a logger does not see its children's records, so the records are changed where they are made.
    make, shorten = logging.getLogRecordFactory(), BriefExceptions()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        shorten.filter(record)
        return record

    logging.setLogRecordFactory(factory)
    processors: Any = structlog.processors
    processors.dict_tracebacks = brief_structlog
