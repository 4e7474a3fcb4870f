"""A group that becomes a supergroup has another number from then on; its talk goes on there."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.delivery.store import MessageStore
from bot.reply.parts import Reply, Text
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import BOT, FakeTelegram
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import wait_for_texts

GROUP, SUPERGROUP = -500, -1_001_234_567_890


def ask(telegram: FakeTelegram, chat: int, words: str) -> None:
    telegram.say(chat, f"@{BOT['username']} {words}")


def push(app: RunningApp, words: str) -> None:
    """What nobody asked for, as a reminder is."""
    with app.database.unit() as session:
        messages = MessageStore(session, datetime.now(UTC))
        messages.push(f"tg:{GROUP}", Reply((Text(words),)).to_dict())


@pytest.fixture
def talk(app: RunningApp, telegram: FakeTelegram) -> RunningApp:
    """A talk in the group."""
    for number in range(3):
        ask(telegram, GROUP, f"question {number}")
    wait_for_texts(telegram, GROUP, 3)
    return app


def sent_to(telegram: FakeTelegram, chat: int) -> int:
    return sum(call.params.get("chat_id") == chat for call in telegram.calls)


def test_a_talk_goes_on_when_its_group_becomes_a_supergroup(
    talk: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    telegram.upgrade(GROUP, SUPERGROUP)
    before = sent_to(telegram, GROUP)
    for number in range(5):  # Their ids are those of old messages, and mean new ones.
        ask(telegram, SUPERGROUP, f"more {number}")
    wait_for_texts(telegram, SUPERGROUP, 5)
    push(talk, "a reminder")
    texts = wait_for_texts(telegram, SUPERGROUP, 6)
    assert texts == [*[f"You said: more {number}" for number in range(5)], "a reminder"]
    assert engine.turns(f"tg:{GROUP}")[3:] == [f"more {number}" for number in range(5)]
    assert sent_to(telegram, GROUP) == before


def test_buttons_and_pages_work_in_the_supergroup(talk: RunningApp, telegram: FakeTelegram, engine: FakeEngine) -> None:
    telegram.upgrade(GROUP, SUPERGROUP)
    ask(telegram, SUPERGROUP, "one")
    wait_for_texts(telegram, SUPERGROUP, 1)
    telegram.press(SUPERGROUP, "What does it cost?")
    assert wait_for_texts(telegram, SUPERGROUP, 2)[1] == "You said: /faq_cost"


def test_a_reply_to_a_group_that_was_upgraded_unheard_is_sent_to_the_supergroup_once(
    talk: RunningApp, telegram: FakeTelegram
) -> None:
    telegram.upgrade(GROUP, SUPERGROUP, is_told=False)
    before = sent_to(telegram, GROUP)
    push(talk, "one")
    push(talk, "two")
    wait_for_texts(telegram, SUPERGROUP, 2)
    push(talk, "three")
    assert wait_for_texts(telegram, SUPERGROUP, 3) == ["one", "two", "three"]
    time.sleep(0.5)
    assert sent_to(telegram, GROUP) == before + 1, "once, to learn of it"
    telegram.refusals.clear()


def test_a_supergroup_that_has_begun_a_talk_of_its_own_keeps_it(
    talk: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    telegram.upgrade(GROUP, SUPERGROUP, is_told=False)
    ask(telegram, SUPERGROUP, "one")
    wait_for_texts(telegram, SUPERGROUP, 1)
    push(talk, "a reminder")
    wait_for_texts(telegram, SUPERGROUP, 2)
    ask(telegram, SUPERGROUP, "two")
    assert wait_for_texts(telegram, SUPERGROUP, 3) == ["You said: one", "a reminder", "You said: two"]
    assert engine.turns(f"tg:{SUPERGROUP}") == ["one", "two"]
    telegram.refusals.clear()


def test_the_old_group_that_the_bot_leaves_blocks_nothing(talk: RunningApp, telegram: FakeTelegram) -> None:
    telegram.upgrade(GROUP, SUPERGROUP)
    telegram.block(GROUP)
    telegram.blocked.clear()
    ask(telegram, SUPERGROUP, "one")
    wait_for_texts(telegram, SUPERGROUP, 1)
    with talk.database.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT blocked_at, moved_to FROM telegram_chats").one()
    assert tuple(found) == (None, SUPERGROUP)


def test_a_forgotten_supergroup_says_good_bye_there_and_begins_anew(
    talk: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    telegram.upgrade(GROUP, SUPERGROUP)
    ask(telegram, SUPERGROUP, "forget me")
    assert len(wait_for_texts(telegram, SUPERGROUP, 1)) == 1
    telegram.refusals.clear()
    ask(telegram, SUPERGROUP, "hello")
    wait_for_texts(telegram, SUPERGROUP, 2)
    assert engine.turns(f"tg:{SUPERGROUP}") == ["hello"]


def test_a_supergroup_that_was_one_from_the_start_is_a_chat_like_any_other(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    ask(telegram, SUPERGROUP, "hello")
    assert wait_for_texts(telegram, SUPERGROUP, 1) == ["You said: hello"]
    wait_until(lambda: engine.turns(f"tg:{SUPERGROUP}") == ["hello"])
