"""Keeps what people wrote out of the logs.

Rasa logs exceptions with all local variables, message text included, and puts errors of the database, with the whole
event that could not be stored, into the middle of its sentences. No list of such places would stay complete. So once
the engine serves, a line keeps what was written before anybody spoke: where in the code it comes from, and the kind and
place of the error. The versions are pinned, so the place says which sentence it was.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
import warnings
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from rotation_engine import request_id

PLAIN = ("event", "level", "seconds")
"""What a structured line keeps: the names that its source gives it, and how long something took."""
_is_private = False
_says_everything: ContextVar[bool] = ContextVar("says_everything", default=False)


def keep_private() -> None:
    """From here on people are served; what comes before (loading a model, a port in use) is said in full."""
    global _is_private
    _is_private = True
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLine())


def say_everything(wanted: bool) -> None:
    """Whether the rest of this request may be told in full: one that carries no words, as a swap of the model."""
    _says_everything.set(wanted)


def is_private() -> bool:
    """Whether a line that is written now could quote somebody."""
    return _is_private and not _says_everything.get()


def brief(error: BaseException, trace: TracebackType | None) -> str:
    """The error's class and where it happened: no message, no source lines, no variables."""
    places = [f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-4:]]
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"


class BriefExceptions(logging.Filter):
    """Replaces the traceback of a record by one line; while people are served, its sentence by its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        error = record.exc_info[1] if record.exc_info else None
        if is_private() and not isinstance(record.msg, Structured):
            record.msg, record.args = f"{record.name} at {record.filename}:{record.lineno}", ()
            error = error or sys.exc_info()[1]
        if error is not None:
            record.msg = f"{record.getMessage()} [{brief(error, error.__traceback__)}]"
            record.args, record.exc_info, record.exc_text = (), None, None
        record.stack_info = None
        return True


class Structured(str):
    """A line of structlog, as one string of JSON: it came through `brief_structlog`."""


class JsonLine(logging.Formatter):
    """One object a line, as the application and the action server write it, with the id of the message it is for."""

    converter = staticmethod(time.gmtime)
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {"event": record.getMessage(), "level": record.levelname.lower()}
        line = json.loads(record.msg) if isinstance(record.msg, Structured) else told
        line["timestamp"] = self.formatTime(record)
        return json.dumps(line | request_id.field())


def brief_structlog(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog processor in the place of tracebacks with local variables."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is True:
        error = sys.exc_info()[1]
    if is_private():
        event = {name: event[name] for name in PLAIN if name in event}
    if isinstance(error, BaseException):
        event["error"] = brief(error, error.__traceback__)
    return event


def _brief_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_rest: Any, **_more: Any
) -> None:
    said = "" if is_private() else f": {message}"
    sys.stderr.write(f"{category.__name__} at {os.path.basename(filename)}:{lineno}{said}\n")


def _brief_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error that nobody catches ends the process; it is told in full while nobody is served."""
    if is_private():
        sys.stderr.write(f"{brief(error, trace)}\n")
    else:
        sys.__excepthook__(kind, error, trace)


def install() -> None:
    """Makes brief records out of all exceptions, those logged through structlog too."""
    # Rasa's other renderer, for a terminal, shows local variables in a way of its own. Read when Rasa is imported.
    os.environ["FORCE_JSON_LOGGING"] = "true"
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

    class Renderer(processors.JSONRenderer):
        def __call__(self, *args: Any) -> Structured:
            return Structured(super().__call__(*args))

    processors.JSONRenderer = Renderer
    warnings.showwarning, sys.excepthook = _brief_warning, _brief_end
