"""What the bot cannot read costs nobody else anything: it is noted without words, counted, and passed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.db.base import Database
from bot.delivery.telegram.tables import UnreadUpdate
from bot.telegram.outbox_sender import Timing
from tests import patient
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import FakeTelegram
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, BEN, answers, wait_for_texts
from tests.telegram.process import Process

MARK = "zanzibar"
UNREADABLE = "I can't read this kind of message. Please write your question in words."


def unread(database: Database) -> list[UnreadUpdate]:
    with database.unit() as session:
        return list(session.scalars(select(UnreadUpdate)))


def counted(kind: str, error: str) -> float:
    return REGISTRY.get_sample_value("bot_telegram_unread_updates_total", {"kind": kind, "error": error}) or 0.0


@pytest.mark.timeout(240)
def test_one_broken_update_among_a_thousand_costs_nothing_else(
    process: Process, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    chats = range(100, 150)
    for number in range(20):
        for chat in chats:
            telegram.say(chat, f"{MARK} {number}")
        if number == 10:
            telegram.say_unreadably(BEN, f"{MARK} broken")
    began = time.monotonic()
    process.start()
    wait_until(lambda: all(len(answers(telegram, chat)) >= 20 for chat in chats), seconds=200)
    took = time.monotonic() - began
    wanted = [f"You said: {MARK} {number}" for number in range(20)]
    assert {chat: answers(telegram, chat) for chat in chats} == dict.fromkeys(chats, wanted)
    assert len(engine.turns()) == 1000
    assert answers(telegram, BEN) == [UNREADABLE]
    wait_until(lambda: telegram.waiting == 0)
    assert len(telegram.called("getUpdates")) < 20 + took, "about one call for a hundred updates, then long polls"
    metrics = patient.get(f"{process.url}/metrics").text
    assert 'bot_telegram_unread_updates_total{error="TypeError",kind="message"} 1.0' in metrics
    log = process.log.read_text()
    assert '"kind": "message"' in log
    assert MARK not in log
    answered = [line for line in log.splitlines() if '"turn answered"' in line]
    assert len(answered) == 1000, "one line for each turn, and the broken update adds next to nothing"
    assert len(log) - sum(map(len, answered)) < 100_000


@pytest.mark.usefixtures("app")
def test_an_update_that_cannot_be_read_is_kept_without_words_and_its_sender_is_told(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    before = counted("message", "TypeError")
    with capture_logs() as lines:
        update = telegram.say_unreadably(ANA, f"{MARK} one")
        telegram.say(ANA, "two")
        assert wait_for_texts(telegram, ANA, 2) == [UNREADABLE, "You said: two"]
    (row,) = unread(app.database)
    assert (row.update_id, row.kind, row.error) == (update["update_id"], "message", "TypeError")
    assert counted("message", "TypeError") == before + 1
    assert MARK not in str(lines)
    assert engine.turns() == ["two"]


def test_nobody_in_a_group_is_told_of_what_cannot_be_read_there(app: RunningApp, telegram: FakeTelegram) -> None:
    telegram.say_unreadably(-500, "among ourselves")
    telegram.say(ANA, "two")
    wait_for_texts(telegram, ANA, 1)
    assert telegram.texts(-500) == []
    assert len(unread(app.database)) == 1


def test_an_update_that_can_never_be_stored_is_passed_too(app: RunningApp, telegram: FakeTelegram) -> None:
    telegram.say(ANA, "one")
    wait_for_texts(telegram, ANA, 1)
    telegram.press_data(ANA, telegram.chat(ANA)[0], "half of an emoji: \ud83d")
    telegram.say(BEN, "two")
    assert wait_for_texts(telegram, BEN, 1) == ["You said: two"]
    (row,) = unread(app.database)
    assert (row.kind, row.error) == ("callback_query", "UnicodeEncodeError")


def test_what_the_library_does_not_know_yet_is_passed_without_an_error(app: RunningApp, telegram: FakeTelegram) -> None:
    telegram.update(thought_received={"id": "7", "from": {"id": ANA}, "text": "hm"})
    telegram.update()
    telegram.message(ANA, aura={"color": 7}, text="one", entities=[{"type": "glow", "offset": 0, "length": 3}])
    telegram.message(ANA, hologram={"file_id": "h"})
    telegram.say(ANA, "two")
    assert wait_for_texts(telegram, ANA, 2) == ["You said: one", "You said: two"]
    assert unread(app.database) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 401},
        {"status": 404},
        {"answer": b"<html>zanzibar</html>"},
        {"answer": b'{"ok": true, "result": [{"update_id": 1, "message": {"text": "zanzi'},
        {"answer": {"ok": True}},
        {"answer": {"ok": True, "result": "zanzibar"}},
        {"answer": {"ok": True, "result": ["zanzibar", {"message": {"text": "zanzibar"}}]}},
        {"answer": []},
    ],
    ids=["500", "401", "404", "html", "cut", "no result", "words", "no numbers", "list"],
)
def test_fetching_that_fails_in_any_way_pauses_tells_and_goes_on(
    make_app: Callable[..., RunningApp], telegram: FakeTelegram, fault: dict[str, object], capfd: pytest.CaptureFixture
) -> None:
    telegram.fail("getUpdates", times=10_000, **fault)
    begun = time.monotonic()
    with capture_logs() as lines:
        app = make_app(timing=Timing(pause=0.1, longest_pause=0.4, alarm=1.0))
        telegram.say(ANA, "one")
        wait_until(lambda: bool(app.app.state.telegram.trouble))
        assert time.monotonic() - begun >= 1.0, "one failure is no trouble yet"
    assert len(telegram.called("getUpdates")) < 15
    assert "zanzi" not in str(lines) + capfd.readouterr().err
    assert any(line["event"].startswith("telegram") for line in lines)
    telegram._faults.clear()
    assert wait_for_texts(telegram, ANA, 1) == ["You said: one"]
    assert app.app.state.telegram.trouble == ""


def test_an_api_that_answers_at_once_with_nothing_is_not_asked_again_and_again(
    make_app: Callable[..., RunningApp], telegram: FakeTelegram
) -> None:
    telegram.fail("getUpdates", times=10_000, answer={"ok": True, "result": []})
    make_app()
    time.sleep(3)
    assert 1 <= len(telegram.called("getUpdates")) <= 4


def test_a_wrong_token_is_trouble_for_operators(make_app: Callable[..., RunningApp]) -> None:
    app = make_app(telegram_token="1:wrong")
    wait_until(lambda: "BotFather" in app.app.state.telegram.trouble)
    told = patient.get(f"{app.url}/readyz").json()["parts"]["telegram"]
    assert not told["ok"]
    assert "BotFather" in told["detail"]


def test_an_update_is_stored_before_it_is_confirmed(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    engine.kill()
    telegram.say(ANA, "one")
    wait_until(lambda: telegram.waiting == 0)
    app.stop()
    engine.start()
    app.start()
    wait_until(lambda: answers(telegram, ANA) == ["You said: one"])


def test_by_webhook_what_cannot_be_read_is_kept_and_taken(
    make_app: Callable[..., RunningApp], telegram: FakeTelegram
) -> None:
    app = make_app(telegram_mode="webhook")
    wait_until(lambda: bool(telegram.webhook))
    telegram.say_unreadably(ANA, f"{MARK} one")
    assert telegram.deliver_to_webhook() == 200
    telegram.say(ANA, "two")
    assert telegram.deliver_to_webhook() == 200
    assert wait_for_texts(telegram, ANA, 2) == [UNREADABLE, "You said: two"]
    url, secret = telegram.webhook["url"], telegram.webhook["secret_token"]
    for body in (b"{", b"[]", b'{"update_id": "one"}', b"\xff", b"[" * 100_000):
        right = {"X-Telegram-Bot-Api-Secret-Token": secret}
        assert patient.post(url, content=body, headers=right).status_code == 200
        assert patient.post(url, content=body).status_code == 403
    rows = unread(app.database)
    assert [row.kind for row in rows] == ["message", *[""] * 5]
    assert MARK not in json.dumps([[row.update_id, row.kind, row.error] for row in rows])
