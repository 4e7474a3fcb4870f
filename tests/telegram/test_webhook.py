"""The same bot by webhook: two secrets, stored before the answer, never twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import patient
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import FakeTelegram
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, answers, wait_for_texts


@pytest.fixture
def app(make_app: Callable[..., RunningApp], telegram: FakeTelegram) -> RunningApp:
    running = make_app(telegram_mode="webhook")
    wait_until(lambda: bool(telegram.webhook))
    return running


def test_the_webhook_is_set_with_a_secret_and_named_updates(app: RunningApp, telegram: FakeTelegram) -> None:
    assert telegram.webhook["url"].startswith(f"{app.url}/telegram/")
    assert len(telegram.webhook["secret_token"]) >= 32
    assert telegram.webhook["secret_token"] not in telegram.webhook["url"]
    assert telegram.webhook["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert telegram.called("getUpdates") == []


def test_an_update_is_answered_once_though_it_is_delivered_twice(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    telegram.say(ANA, "slow hello")
    update = telegram._updates[0]
    assert telegram.deliver_to_webhook() == 200
    telegram.again(update)
    assert telegram.deliver_to_webhook() == 200
    wait_until(lambda: bool(answers(telegram, ANA)))
    telegram.say(ANA, "next")
    assert telegram.deliver_to_webhook() == 200
    wait_until(lambda: len(answers(telegram, ANA)) == 2)
    assert engine.turns() == ["slow hello", "next"]


def test_buttons_work(app: RunningApp, telegram: FakeTelegram) -> None:
    telegram.say(ANA, "hello")
    telegram.deliver_to_webhook()
    wait_for_texts(telegram, ANA, 1)
    telegram.press(ANA, "What does it cost?")
    telegram.deliver_to_webhook()
    assert wait_for_texts(telegram, ANA, 2)[1] == "You said: /faq_cost"


def test_what_lacks_a_secret_is_turned_away(app: RunningApp, telegram: FakeTelegram, engine: FakeEngine) -> None:
    telegram.say(ANA, "hello")
    assert telegram.deliver_to_webhook(secret="wrong") == 403
    assert telegram.waiting == 1
    url = telegram.webhook["url"]
    assert patient.post(url, json={"update_id": 1}).status_code == 403
    assert patient.post(f"{app.url}/telegram/guess", json={"update_id": 1}).status_code == 404
    assert engine.turns() == []


def test_while_polling_there_is_no_webhook(make_app: Callable[..., RunningApp]) -> None:
    app = make_app()
    assert patient.post(f"{app.url}/telegram/anything", json={"update_id": 1}).status_code == 404
