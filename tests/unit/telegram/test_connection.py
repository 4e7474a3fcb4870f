"""How long to wait for Telegram, and when that is trouble."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.connection import Connection, reason


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(asyncio, "sleep", made.sleep)
    return made


@pytest.fixture
def connection(clock: Clock) -> Connection:
    return Connection(pause=1, longest_pause=8, alarm=10, clock=lambda: clock.now)


@pytest.mark.parametrize(
    "error", [NetworkError("x"), TimedOut(), Conflict("x"), InvalidToken(), TelegramError("x"), KeyError("result")]
)
async def test_pauses_grow_whatever_the_error_and_begin_anew_when_it_worked(
    connection: Connection, clock: Clock, error: Exception
) -> None:
    for _ in range(6):
        await connection.failed(error)
    connection.worked()
    await connection.failed(error)
    assert clock.slept == [1, 2, 4, 8, 8, 8, 1]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_telegram_is_left_alone_for_as_long_as_it_asks(connection: Connection, clock: Clock) -> None:
    await connection.failed(RetryAfter(30))
    await connection.failed(RetryAfter(1))
    assert clock.slept == [30, 2]


async def test_only_what_lasts_is_trouble(connection: Connection, clock: Clock) -> None:
    assert connection.trouble == ""
    for _ in range(3):
        await connection.failed(NetworkError("x"))
    assert connection.trouble == ""
    await connection.failed(NetworkError("x"))
    assert connection.trouble == "Telegram has not been in reach for 15 s: NetworkError"
    connection.worked()
    clock.now += 100
    assert connection.trouble == ""


async def test_an_operator_reads_what_to_do(connection: Connection) -> None:
    with capture_logs() as lines:
        for error in (Conflict("x"), InvalidToken(), Conflict("x"), Conflict("x")):
            await connection.failed(error)
    assert "Stop the other one" in connection.trouble
    assert [line["event"] for line in lines[:2]] == ["telegram conflict", "telegram refuses the token"]


async def test_work_is_repeated_until_it_works_but_not_with_a_wrong_token(connection: Connection, clock: Clock) -> None:
    endings: list[Exception | None] = [NetworkError("x"), BadRequest("x"), None, InvalidToken()]

    async def work() -> None:
        if error := endings.pop(0):
            raise error

    await connection.until_it_works(work)
    assert clock.slept == [1, 2]
    with pytest.raises(InvalidToken):
        await connection.until_it_works(work)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadRequest("Chat not found"), "BadRequest: Chat not found"),
        (Forbidden("bot was blocked by the user"), "Forbidden: bot was blocked by the user"),
        (
            BadRequest('Can\'t parse entities: unsupported start tag "secret" at byte offset 7'),
            "BadRequest: Can't parse entities: unsupported start tag",
        ),
        (BadRequest("Inline keyboard button URL 'secret' is invalid"), "BadRequest: Inline keyboard button URL"),
        (
            BadRequest("Bad Request (400). Parsing the server response b'secret' failed"),
            "BadRequest: Bad Request (400)",
        ),
        (NetworkError("Bad Gateway (502). Parsing the server response b'secret' failed"), "NetworkError"),
        (Conflict("secret"), "Conflict"),
    ],
)
def test_why_a_request_was_refused_is_said_without_what_it_quotes(error: TelegramError, said: str) -> None:
    assert reason(error) == said
