"""The real application with a strict Bot API and a stand-in for the engine, all real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import delete

from bot.app import DELIVERY, REMINDERS, create_app
from bot.bootstrap import Container
from bot.db.base import Database
from bot.delivery.telegram.tables import TelegramBot
from bot.ops.supervisor import Supervisor
from bot.reply.responses import Responses
from bot.settings import Settings
from bot.telegram.outbox_sender import Timing
from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.running_app import RunningApp, in_background, wait_until
from tests.telegram.process import Process

ANA, BEN = 71, 72
QUICK = Timing(sweep=0.3, lease=2.0, pause=0.1, longest_pause=0.5, patience=5.0)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    server = FakeEngine(free_port(), tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """The API; a test that made one request against the schema or the API's rules fails."""
    fake = FakeTelegram(free_port())
    fake.start()
    yield fake
    fake.stop()
    assert fake.violations == []
    expected = ("not modified", "query is too old")
    assert [said for said in fake.refusals if not any(words in said for words in expected)] == []


@pytest.fixture
def make_app(
    tmp_path: Path, engine: FakeEngine, telegram: FakeTelegram, responses: Responses
) -> Iterator[Callable[..., RunningApp]]:
    """Makes applications over the same database; all are stopped at the end."""
    made: list[RunningApp] = []

    def make(**settings: object) -> RunningApp:
        app = RunningApp(
            free_port(),
            engine.port,
            folder=tmp_path,
            responses=responses,
            **{"timing": QUICK, "telegram_token": TOKEN, "telegram_api_base": telegram.url, **settings},
        )
        app.start()
        made.append(app)
        return app

    yield make
    for app in made:
        app.stop()


@pytest.fixture
def app(make_app: Callable[..., RunningApp], telegram: FakeTelegram) -> RunningApp:
    """The application, polling."""
    running = make_app()
    wait_until(lambda: bool(telegram.commands))
    return running


@pytest.fixture
def process(tmp_path: Path, engine: FakeEngine, telegram: FakeTelegram) -> Iterator[Process]:
    made = Process(tmp_path, engine, telegram)
    yield made
    made.kill()


def wait_for_texts(telegram: FakeTelegram, chat: int, count: int) -> list[str]:
    """What the bot has said in a chat, as soon as it has said so much; busy cores may add a line about a delay."""
    wait_until(lambda: len(answers(telegram, chat)) >= count)
    return answers(telegram, chat)


def answers(telegram: FakeTelegram, chat: int) -> list[str]:
    """What the bot has said in a chat, without the lines about a delay."""
    return [text for text in telegram.texts(chat) if "Your message is safe" not in text]


@pytest.fixture(scope="module")
def api() -> Iterator[FakeTelegram]:
    fake = FakeTelegram(free_port())
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def database(running: tuple[Settings, Supervisor], api: FakeTelegram, responses: Responses) -> Iterator[Database]:
    """A second application beside the running system, with Telegram on."""
    extra = {"bot_port": free_port(), "telegram_token": TOKEN, "telegram_api_base": api.url}
    settings = running[0].model_copy(update=extra)
    database = Database(settings.database)
    app = create_app(Container(settings, database), responses=responses, timing=QUICK, workers=(DELIVERY, REMINDERS))
    server = uvicorn.Server(uvicorn.Config(app, port=settings.bot_port, log_config=None, timeout_graceful_shutdown=1))
    thread = in_background(server.run)
    wait_until(lambda: bool(api.commands))
    yield database
    server.should_exit = True
    thread.join(60)
    # Other tests meet the same system, and no bot runs beside it any more.
    with database.unit() as session:
        session.execute(delete(TelegramBot))
