"""What people wrote stays out of the logs, also when something breaks."""

from __future__ import annotations

import logging

import pytest
from rotation_engine.logs import BriefExceptions, brief_structlog

SECRET = "my passport number"


def failure() -> BaseException:
    text = SECRET
    try:
        raise ValueError(f"cannot handle {text}")
    except ValueError as error:
        return error


def test_a_logged_exception_names_class_and_place_only(caplog: pytest.LogCaptureFixture) -> None:
    error = failure()
    record = logging.LogRecord(
        "x", logging.ERROR, __file__, 1, "it broke in %s", ("turn",), (type(error), error, error.__traceback__)
    )
    BriefExceptions().filter(record)
    shown = logging.Formatter().format(record)
    assert "ValueError at test_logs.py" in shown
    assert "it broke in turn" in shown
    assert SECRET not in shown


def test_structured_logs_carry_no_traceback() -> None:
    event = brief_structlog(None, "error", {"event": "failed", "exc_info": failure()})
    assert event["error"].startswith("ValueError at test_logs.py")
    assert SECRET not in str(event)
