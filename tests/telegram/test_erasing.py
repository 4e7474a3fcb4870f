"""Forgetting on Telegram, where a chat keeps its id: the truth is said, and what is written meanwhile is a new talk."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db.base import Database
from bot.delivery.erasing.service import TELLING
from bot.delivery.store import Draft, MessageStore
from bot.delivery.telegram.store import TelegramOutbox
from bot.reply.responses import Responses
from tests.dying_app import PLACES, DyingApp
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import FakeTelegram
from tests.integration.test_deleting_people import events_of, remember, traces
from tests.integration.test_erasing import failing
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, wait_for_texts

CHAT = f"tg:{ANA}"
NOTICE = "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16} "
GONE = NOTICE + "All gone."


@pytest.fixture
def talk(app: RunningApp, telegram: FakeTelegram) -> RunningApp:
    """A chat in which something was said, also in the engine's memory."""
    remember(app, CHAT)
    telegram.say(ANA, "hello from long ago")
    wait_for_texts(telegram, ANA, 1)
    return app


def remembers_the_old_talk(app: RunningApp) -> bool:
    """Whether the turn that `remember` made stands in the engine's memory."""
    with Database(app.settings.tracker).unit() as session:
        found = session.execute(text("SELECT 1 FROM events WHERE data LIKE '%How much is it?%'"))
        return found.first() is not None


def is_gone(app: RunningApp) -> bool:
    return not traces(app.database, CHAT) and not events_of(app, CHAT)


@pytest.fixture
def forgotten(responses: Responses) -> str:
    return NOTICE + responses.text("utter_forgotten")


def test_first_it_is_under_way_and_then_it_is_done(
    talk: RunningApp, telegram: FakeTelegram, responses: Responses
) -> None:
    with failing(Database(talk.settings.tracker), "DELETE ON events"):
        telegram.say(ANA, "forget me")
        assert wait_for_texts(telegram, ANA, 2)[1] == NOTICE + responses.text("utter_being_forgotten")
        time.sleep(0.5)
        assert len(telegram.texts(ANA)) == 2
    said = wait_for_texts(telegram, ANA, 3)[2]
    assert said in (GONE, NOTICE + responses.text("utter_forgotten"))
    wait_until(lambda: is_gone(talk))
    time.sleep(0.5)
    assert len(telegram.texts(ANA)) == 3


@pytest.mark.parametrize("fault", ["memory", "rows"])
def test_what_is_written_meanwhile_waits_and_begins_a_new_talk(
    fault: str, talk: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    event = "DELETE ON events" if fault == "memory" else "DELETE ON conversations"
    with failing(Database(talk.settings.tracker) if fault == "memory" else talk.database, event):
        telegram.say(ANA, "forget me")
        wait_for_texts(telegram, ANA, 2)
        if fault == "memory":
            telegram.say(ANA, "who are you")
            wait_until(lambda: len(telegram.texts(ANA)) > 2)  # the line about the delay
            assert "who are you" not in engine.turns(), "asked while the engine still knew the old talk"
    if fault == "rows":
        telegram.say(ANA, "who are you")
    wait_until(lambda: "You said: who are you" in telegram.texts(ANA))
    wait_until(lambda: not remembers_the_old_talk(talk))
    with talk.database.unit() as session:
        assert session.scalars(text("SELECT shown FROM inbox")).all() == ["who are you"]
        assert session.scalars(text("SELECT text FROM messages WHERE text <> 'who are you'")).all() == []
    assert engine.turns().count("who are you") == 1


def test_what_was_written_behind_the_wish_is_not_deleted_with_the_talk(
    talk: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    telegram.say(ANA, "slow: forget me")
    wait_until(lambda: "slow: forget me" in engine.turns())
    telegram.say(ANA, "who are you")
    wait_until(lambda: "You said: who are you" in telegram.texts(ANA))
    assert GONE in telegram.texts(ANA)
    with talk.database.unit() as session:
        assert session.scalars(text("SELECT shown FROM inbox")).all() == ["who are you"]


@pytest.mark.parametrize("place", PLACES)
def test_after_a_kill_everything_is_deleted_and_the_person_is_told(
    place: str, talk: RunningApp, telegram: FakeTelegram, engine: FakeEngine, tmp_path: Path, forgotten: str
) -> None:
    talk.stop()
    dying = DyingApp(tmp_path, engine.port, place, telegram.url)
    telegram.say(ANA, "forget me")
    dying.join()
    assert traces(talk.database, CHAT)
    assert len(telegram.texts(ANA)) == 1
    talk.start()
    assert wait_for_texts(telegram, ANA, 2)[1] == forgotten
    wait_until(lambda: is_gone(talk))
    telegram.say(ANA, "hello again")
    assert wait_for_texts(telegram, ANA, 3)[2] == "You said: hello again"


def test_the_last_words_are_said_later_when_telegram_was_out_of_reach(
    talk: RunningApp, telegram: FakeTelegram, forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.erasing.service.TELLING", timedelta(seconds=1))
    monkeypatch.setattr("bot.telegram.outbox_sender.TELLING", timedelta(seconds=1))
    telegram.fail("sendMessage", status=502, times=20)
    telegram.say(ANA, "forget me")
    wait_until(lambda: traces(talk.database, CHAT) == ["erasures"])
    wait_until(lambda: forgotten in telegram.texts(ANA) or GONE in telegram.texts(ANA), seconds=40)
    wait_until(lambda: is_gone(talk))


def test_who_is_forgotten_by_an_application_without_telegram_is_told_by_one_that_has_it(
    talk: RunningApp, telegram: FakeTelegram, make_app: Callable[..., RunningApp], forgotten: str
) -> None:
    talk.stop()
    make_app(telegram_token="")
    with talk.database.unit() as session:
        MessageStore(session, datetime.now(UTC)).store(CHAT, "m-1", draft=Draft("forget me", "forget me"))
    wait_until(lambda: traces(talk.database, CHAT) == ["erasures"])
    talk.start()
    wait_until(lambda: forgotten in telegram.texts(ANA), seconds=TELLING.total_seconds() / 2)


def test_what_was_sent_of_the_old_talk_does_not_count_in_the_new_one(talk: RunningApp) -> None:
    now = datetime.now(UTC)
    reply = {"version": 1, "parts": [{"type": "text", "text": "x"}], "suggestions": []}
    talk.stop()
    with talk.database.unit() as session:
        MessageStore(session, now).push(CHAT, reply)
        old = TelegramOutbox(session, now).begin(CHAT, "me", lease=timedelta(seconds=5))
        assert old
        MessageStore(session, now).erase(CHAT)
        session.execute(text("DELETE FROM telegram_chats"))
        MessageStore(session, now).open(CHAT)
        MessageStore(session, now).push(CHAT, reply)
    with talk.database.unit() as session:
        assert TelegramOutbox(session, now).begin(CHAT, "me", lease=timedelta(seconds=5))
        assert TelegramOutbox(session, now).finish(old) is None
    with talk.database.unit() as session:
        assert TelegramOutbox(session, now).waiting() == [CHAT]
