"""A talk on Telegram goes to staff and comes back: their words arrive at once, commands still work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.encryption import Encryption
from bot.handoff import service
from bot.handoff.service import HandoffPolicy
from bot.handoff.store import open_handoff
from bot.handoff.tables import ContactRow
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import FakeTelegram
from tests.integration.handoff_people import AgentDesk
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, BEN, wait_for_texts

HOME = f"tg:{ANA}"


@pytest.fixture
def app(make_app: Callable[..., RunningApp], telegram: FakeTelegram) -> RunningApp:
    """The application, polling, with somebody in the talk's queue."""
    running = make_app(staff_names={"maria": "Maria"})
    wait_until(lambda: bool(telegram.commands))
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    return running


@pytest.fixture
def maria(app: RunningApp) -> AgentDesk:
    return AgentDesk(app, "maria")


@pytest.fixture
def number(app: RunningApp, maria: AgentDesk) -> int:
    """Ana has asked for a person, as the action notes it."""
    with app.database.unit() as session:
        assert service.ask_for_person(session, HandoffPolicy.of(app.settings), HOME, now=datetime.now(UTC))
        service.want_address(session, HOME, is_wanted=True)
        row = open_handoff(session, HOME)
        assert row is not None
        return row.id


def test_staff_answer_in_the_chat_and_the_bot_is_silent_until_they_are_done(
    telegram: FakeTelegram, engine: FakeEngine, maria: AgentDesk, number: int
) -> None:
    maria.act(number, "take")
    assert wait_for_texts(telegram, ANA, 2)[1].startswith("ℹ️ Maria has joined")  # noqa: RUF001
    telegram.say(ANA, "is this a person?")
    telegram.say(BEN, "hello from Ben")
    wait_for_texts(telegram, BEN, 1)
    wait_until(lambda: "is this a person?" in maria.see(f"/handoff/{number}"))
    maria.act(number, "answer", text="Yes, **it is**. <b>Really</b>", key="1")
    assert wait_for_texts(telegram, ANA, 3)[2] == "👤 Maria\nYes, it is. <b>Really</b>"
    maria.act(number, "close")
    assert "I'm the bot again" in wait_for_texts(telegram, ANA, 4)[3]
    telegram.say(ANA, "good")
    assert wait_for_texts(telegram, ANA, 5)[4] == "You said: good"
    assert engine.turns(HOME) == ["hello", "good"]


def test_the_chat_shows_that_staff_write(telegram: FakeTelegram, maria: AgentDesk, number: int) -> None:
    maria.act(number, "take")
    wait_for_texts(telegram, ANA, 2)
    before = len(telegram.called("sendChatAction"))
    assert maria.act(number, "typing").status_code == 204
    wait_until(lambda: len(telegram.called("sendChatAction")) > before)
    assert telegram.called("sendChatAction")[-1].params == {"chat_id": ANA, "action": "typing"}


def test_commands_and_buttons_reach_the_bot_during_a_hold(
    telegram: FakeTelegram, engine: FakeEngine, maria: AgentDesk, number: int
) -> None:
    maria.act(number, "take")
    wait_for_texts(telegram, ANA, 2)
    telegram.say(ANA, "/help")
    telegram.press(ANA, "What does it cost?")
    telegram.press(ANA, "Go on with the bot")
    wait_until(lambda: engine.turns(HOME) == ["hello", "/help", "/faq_cost", '/request_human{"handoff": "bot"}'])


def test_staff_see_that_the_person_has_blocked_the_bot(
    app: RunningApp, telegram: FakeTelegram, maria: AgentDesk, number: int
) -> None:
    assert "blocked the bot" not in maria.see(f"/handoff/{number}")
    telegram.block(ANA)
    wait_until(lambda: "blocked the bot" in maria.see(f"/handoff/{number}"))


def test_forget_works_during_a_hold(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine, maria: AgentDesk, number: int
) -> None:
    telegram.say(ANA, "ana@example.com")
    wait_for_texts(telegram, ANA, 2)
    maria.act(number, "take")
    wait_for_texts(telegram, ANA, 3)
    telegram.say(ANA, "/forget")
    assert wait_for_texts(telegram, ANA, 4)[3].endswith("All gone.")
    with app.database.unit() as session:
        assert session.get(ContactRow, HOME) is None
        assert open_handoff(session, HOME) is None
    assert maria.http.get(f"/handoff/{number}").status_code == 404


def test_an_address_is_kept_apart_on_telegram_too(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine, number: int
) -> None:
    telegram.say(ANA, "ana@example.com")
    wait_for_texts(telegram, ANA, 2)
    assert engine.turns(HOME) == ["hello", '/request_human{"handoff": "noted"}']
    with app.database.unit() as session:
        row = session.get(ContactRow, HOME)
        assert row is not None
        assert Encryption("test").decrypt(row.encrypted) == "ana@example.com"


def test_a_long_answer_of_staff_arrives_whole(telegram: FakeTelegram, maria: AgentDesk, number: int) -> None:
    maria.act(number, "take")
    wait_for_texts(telegram, ANA, 2)
    maria.act(number, "answer", text="word " * 790, key="1")
    wait_until(lambda: sum(text.count("word") for text in telegram.texts(ANA)) == 790)
