"""Log lines are JSON for machines and never quote a person."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from asgi_correlation_id import correlation_id

from bot.observability import configure_logging, id_of_message


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Later tests of this process log as tests/conftest.py says: by default, a logged error draws all variables."""
    root = logging.getLogger()
    handlers, level, usual = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**usual)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_lines_and_those_of_libraries_have_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    structlog.get_logger("bot").warning("engine failed", conversation="web:1")
    logging.getLogger("somebody").error("went %s", "wrong")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["conversation"], ours["level"]) == ("engine failed", "web:1", "warning")
    assert (theirs["event"], theirs["level"]) == ("went wrong", "error")
    assert ours["timestamp"].endswith("Z")


def test_a_line_says_for_which_request_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()

    def work() -> None:
        correlation_id.set(id_of_message(17))
        structlog.get_logger("bot").warning("ours")
        logging.getLogger("somebody").error("theirs")

    contextvars.Context().run(work)
    structlog.get_logger("bot").warning("outside")
    assert [line.get("request_id") for line in lines(capsys)] == ["message-17", "message-17", None]


def test_a_request_whose_id_is_no_uuid_writes_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger("asgi_correlation_id").warning("Generated new request ID")
    assert lines(capsys) == []


def test_fields_with_words_of_a_person_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    structlog.get_logger("bot").info("message stored", text="my secret", payload="my secret", seq=3)
    assert "secret" not in json.dumps(line := lines(capsys)[0])
    assert line["seq"] == 3


def test_the_errors_of_a_group_keep_no_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    try:
        raise ExceptionGroup("my secret", [ExceptionGroup("and", [ValueError("my secret")]), KeyError("my secret")])
    except ExceptionGroup:
        logging.getLogger("somebody").exception("failed")
    said = json.dumps(lines(capsys)[0])
    assert "secret" not in said
    assert "ValueError" in said


def test_a_library_that_quotes_its_error_names_the_kind(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    try:
        try:
            raise ValueError("my secret")
        except ValueError as inner:
            raise RuntimeError(f"wrapped: {inner}") from inner
    except RuntimeError as error:
        logging.getLogger("somebody").error(f"cannot go on: {error}")
        logging.getLogger("somebody").error("because of %s", error.__cause__)
    outer, cause = lines(capsys)
    assert outer["event"] == "cannot go on: RuntimeError"
    assert cause["event"] == "because of ValueError"


def test_a_traceback_tells_the_place_but_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    said = "my secret"
    try:
        raise ValueError(f"cannot read {said}")
    except ValueError:
        structlog.get_logger("bot").exception("request failed")
        logging.getLogger("somebody").exception("failed too")
    for line in lines(capsys):
        assert "secret" not in json.dumps(line)
        assert line["exception"][0]["exc_type"] == "ValueError"
        assert line["exception"][0]["frames"]


def test_what_the_telegram_library_puts_into_its_lines_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger("telegram.ext.ExtBot").critical("Received data was %r", [{"text": "my secret"}])
    logging.getLogger("telegram").error("my news")
    first, second = lines(capsys)
    assert first["event"] == "Received data was %r"
    assert second["event"] == "my news"


async def test_a_task_whose_error_nobody_fetched_is_told_without_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging()

    async def fail() -> None:
        raise ValueError("my secret")

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    del task
    gc.collect()
    line = lines(capsys)[0]
    assert line["event"] == "Task exception was never retrieved"
    assert "secret" not in json.dumps(line)
