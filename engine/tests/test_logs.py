"""What people wrote stays out of the logs, also when something breaks."""

from __future__ import annotations

import io
import logging
import sys
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog
from rotation_engine import logs
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


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after the start, when lines could quote somebody."""
    monkeypatch.setattr(logs, "_is_private", True)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Everything that a logger of Rasa's says from here on, as the log's file gets it."""
    stream = io.StringIO()
    handler, factory = logging.StreamHandler(stream), logging.getLogRecordFactory()
    logger = logging.getLogger("rasa.core.somewhere")
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setenv("FORCE_JSON_LOGGING", "")
    processors = [(structlog.processors, name) for name in ("dict_tracebacks", "JSONRenderer")]
    for place, name in ((warnings, "showwarning"), (sys, "excepthook"), *processors):
        monkeypatch.setattr(place, name, getattr(place, name))  # as it is, so that it is put back
    logs.install()
    yield stream.getvalue
    logging.setLogRecordFactory(factory)


def test_a_sentence_of_rasa_with_an_error_in_it_keeps_place_and_kind(serving: None, shown: Callable[[], str]) -> None:
    try:
        raise failure()
    except ValueError as error:
        logging.getLogger("rasa.core.somewhere").error(f"cannot save: {error}")
    assert SECRET not in shown()
    assert "rasa.core.somewhere at test_logs.py:" in shown()
    assert "ValueError at test_logs.py" in shown()


def test_arguments_of_a_line_are_left_out_too(serving: None, shown: Callable[[], str]) -> None:
    logging.getLogger("rasa.core.somewhere").warning("tripped for %s", SECRET, stack_info=True)
    assert SECRET not in shown()
    assert "test_logs.py" in shown()


def test_before_anybody_is_served_lines_are_whole(shown: Callable[[], str]) -> None:
    logging.getLogger("rasa.core.somewhere").error("Port %s is taken", 5005)
    assert "Port 5005 is taken" in shown()


def test_a_swap_of_the_model_is_told_in_full(serving: None, shown: Callable[[], str]) -> None:
    logs.say_everything(True)
    logging.getLogger("rasa.core.somewhere").error("no such file: %s", "live.tar.gz")
    logs.say_everything(False)
    logging.getLogger("rasa.core.somewhere").error("no such file: %s", SECRET)
    assert "live.tar.gz" in shown()
    assert SECRET not in shown()


def test_structured_lines_keep_their_name_only(serving: None) -> None:
    said = {"event": "rest.message.received.failure", "level": "error", "text": SECRET, "anything": {"new": SECRET}}
    assert brief_structlog(None, "error", said) == {"event": "rest.message.received.failure", "level": "error"}


def test_an_exception_that_structlog_is_told_to_look_for_is_brief(serving: None) -> None:
    try:
        raise failure()
    except ValueError:
        event = brief_structlog(None, "error", {"event": "failed", "exc_info": True})
    assert event["error"].startswith("ValueError at test_logs.py")
    assert SECRET not in str(event)


def test_warnings_quote_nobody(serving: None, shown: Callable[[], str], capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.showwarning = logs._brief_warning
        warnings.simplefilter("always")
        warnings.warn(f"unknown value {SECRET}", UserWarning, stacklevel=1)
    said = capsys.readouterr().err
    assert SECRET not in said
    assert "UserWarning at test_logs.py" in said
