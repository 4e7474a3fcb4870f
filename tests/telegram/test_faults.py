"""Everything that breaks on the way: each person is answered exactly once, in order, and nothing is lost."""

from __future__ import annotations

import signal
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.telegram.rate_limit import ChatRateLimit, RateWindow
from tests import patient
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import FakeTelegram
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, BEN, answers, wait_for_texts
from tests.telegram.process import Process

DOWN_SECONDS = 12.0
"""Longer than all patience of the application under test: its leases, its pauses, and sixty of its retries."""


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 1},
        {"status": 500, "times": 3},
        {"status": 502, "times": 2},
        {"status": 500, "hang": 5.5},
    ],
    ids=["429", "500", "502", "timeout"],
)
def test_a_failing_api_delays_an_answer_and_never_doubles_it(
    app: RunningApp, telegram: FakeTelegram, fault: dict[str, float]
) -> None:
    telegram.fail("sendMessage", fits=lambda params: params["chat_id"] == ANA, **fault)
    telegram.say(ANA, "one")
    telegram.say(ANA, "two")
    telegram.say(BEN, "hello")
    wait_until(lambda: len(answers(telegram, ANA)) == 2)
    time.sleep(0.5)
    assert answers(telegram, ANA) == ["You said: one", "You said: two"]
    assert answers(telegram, BEN) == ["You said: hello"]


def test_an_answer_in_several_messages_goes_on_where_it_stopped(app: RunningApp, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", status=500, times=2, fits=lambda params: "icon" in params["text"])
    telegram.say(ANA, "everything")
    texts = wait_for_texts(telegram, ANA, 6)
    assert len(set(texts[:1])) == 1
    time.sleep(0.5)
    assert len(telegram.texts(ANA)) == 6


def test_a_message_that_the_api_refuses_is_sent_as_plain_words(app: RunningApp, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", status=400)
    telegram.say(ANA, "hello")
    assert wait_for_texts(telegram, ANA, 1) == ["You said: hello"]
    assert "reply_markup" not in telegram.chat(ANA)[0]


def test_a_second_bot_process_is_told_to_the_operator_and_nothing_is_lost(
    app: RunningApp, telegram: FakeTelegram
) -> None:
    with capture_logs() as lines:
        telegram.fail("getUpdates", status=409, times=2)
        telegram.say(ANA, "one")
        wait_until(lambda: any(line["event"] == "telegram conflict" for line in lines))
    telegram.say(ANA, "two")
    assert wait_for_texts(telegram, ANA, 2) == ["You said: one", "You said: two"]
    assert "Stop the other one" in next(line["advice"] for line in lines if "advice" in line)


def test_an_api_out_of_reach_at_the_start_is_waited_for(
    make_app: Callable[..., RunningApp], telegram: FakeTelegram
) -> None:
    telegram.fail("getMe", status=502, times=2)
    telegram.say(ANA, "waiting")
    app = make_app()
    assert patient.get(f"{app.url}/healthz").status_code == 200
    assert wait_for_texts(telegram, ANA, 1) == ["You said: waiting"]


def test_a_wrong_token_leaves_the_website_working(
    make_app: Callable[..., RunningApp],
) -> None:
    with capture_logs() as lines:
        app = make_app(telegram_token="1:wrong")
        wait_until(lambda: any("BotFather" in line.get("advice", "") for line in lines))
    assert patient.get(f"{app.url}/healthz").status_code == 200


def test_while_the_engine_is_down_people_are_told_and_answered_later_in_order(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    engine.kill()
    for words in ("one", "two", "three"):
        telegram.say(ANA, words)
    telegram.say(BEN, "hello")
    wait_until(lambda: any("Your message is safe" in text for text in telegram.texts(BEN)))
    time.sleep(3)
    engine.start()
    wait_until(lambda: len(answers(telegram, ANA)) == 3 and len(answers(telegram, BEN)) == 1)
    assert answers(telegram, ANA) == ["You said: one", "You said: two", "You said: three"]
    assert engine.turns(f"tg:{ANA}") == ["one", "two", "three"]


def test_an_engine_that_is_down_for_long_costs_nobody_an_answer(
    app: RunningApp, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    engine.kill()
    chats = range(400, 406)
    for number in range(3):
        for chat in chats:
            telegram.say(chat, f"question {number}")
        time.sleep(DOWN_SECONDS / 3)
    engine.start()
    wanted = [f"You said: question {number}" for number in range(3)]
    wait_until(lambda: all(len(answers(telegram, chat)) >= 3 for chat in chats))
    time.sleep(1)
    assert {chat: answers(telegram, chat) for chat in chats} == dict.fromkeys(chats, wanted)
    assert sorted(engine.turns()) == sorted(text.removeprefix("You said: ") for text in wanted * len(chats))


def test_a_late_answer_is_sent_after_a_restart(app: RunningApp, telegram: FakeTelegram, engine: FakeEngine) -> None:
    engine.kill()
    telegram.say(ANA, "still there?")
    wait_until(lambda: bool(telegram.texts(ANA)))
    app.stop()
    engine.start()
    app.start()
    wait_until(lambda: answers(telegram, ANA) == ["You said: still there?"])
    assert engine.turns() == ["still there?"]


def test_five_hundred_waiting_updates_are_each_answered_once_and_in_order(
    make_app: Callable[..., RunningApp], telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, turn = list[float](), RateWindow.turn
    in_chat, turn_in_chat = defaultdict[str, list[float]](list), ChatRateLimit.turn

    async def noted(window: RateWindow) -> None:
        await turn(window)
        let_go.append(time.monotonic())

    async def noted_in_chat(limit: ChatRateLimit, conversation: str) -> None:
        await turn_in_chat(limit, conversation)
        in_chat[conversation].append(time.monotonic())

    # On busy cores, calls that left evenly arrive in heaps.
    monkeypatch.setattr(RateWindow, "turn", noted)
    monkeypatch.setattr(ChatRateLimit, "turn", noted_in_chat)
    chats = range(100, 200)
    for number in range(5):
        for chat in chats:
            telegram.say(chat, f"question {number}")
    make_app()
    wait_until(lambda: all(len(answers(telegram, chat)) >= 5 for chat in chats), seconds=200)
    wanted = [f"You said: question {number}" for number in range(5)]
    assert {chat: answers(telegram, chat) for chat in chats} == dict.fromkeys(chats, wanted)
    sent = [call for call in telegram.called("sendMessage") if call.status == 200]
    assert len(let_go) >= len(sent)
    assert most_within(1, let_go) <= 30, "Telegram takes about thirty messages a second"
    assert len(in_chat) == len(chats)
    for own in in_chat.values():
        assert len(own) >= 5
        assert min(after - before for before, after in pairwise(own)) > 0.99, "and one a second in a chat"


def most_within(seconds: float, times: list[float]) -> int:
    """How many of them the busiest stretch holds."""
    return max(sum(start <= at < start + seconds for at in times) for start in times)


def test_a_process_killed_between_receiving_and_answering_answers_once_when_it_is_back(
    process: Process, telegram: FakeTelegram, engine: FakeEngine
) -> None:
    process.start()
    telegram.say(BEN, "hello")
    wait_for_texts(telegram, BEN, 1)
    telegram.say(ANA, "slow one")
    telegram.say(ANA, "two")
    wait_until(lambda: bool(engine.turns(f"tg:{ANA}")))
    process.kill()
    process.start()
    wait_until(lambda: len(answers(telegram, ANA)) == 2)
    time.sleep(1)
    assert answers(telegram, ANA) == ["You said: slow one", "You said: two"]
    assert answers(telegram, BEN) == ["You said: hello"]
    assert engine.turns(f"tg:{ANA}") == ["slow one", "two"]


def test_a_process_killed_again_and_again_loses_nothing_and_repeats_nothing(
    process: Process, telegram: FakeTelegram
) -> None:
    chats = range(300, 306)
    process.start()
    for number in range(6):
        for chat in chats:
            telegram.say(chat, f"question {number}")
        if number in (2, 4):
            wait_until(lambda: len(telegram.called("sendMessage")) > 6)
            process.kill()
            process.start()
    wanted = [f"You said: question {number}" for number in range(6)]
    wait_until(lambda: all(len(set(answers(telegram, chat))) == 6 for chat in chats), seconds=90)
    found = {chat: answers(telegram, chat) for chat in chats}
    # Between the API taking a message and the database knowing it, a kill may repeat that one message, never lose it.
    assert {chat: list(dict.fromkeys(said)) for chat, said in found.items()} == dict.fromkeys(chats, wanted)
    assert max(len(said) - 6 for said in found.values()) <= 2, "at most one repeat for each kill"


def test_a_process_killed_before_it_knows_that_a_message_arrived_repeats_this_one_only(
    process: Process, telegram: FakeTelegram
) -> None:
    process.start()
    telegram.fail("sendMessage", hang=8.0, after=True, status=200, fits=lambda params: params["text"].endswith("one"))
    telegram.say(ANA, "one")
    wait_until(lambda: answers(telegram, ANA) == ["You said: one"])
    telegram.say(ANA, "two")
    process.kill()
    process.start()
    wait_until(lambda: "You said: two" in answers(telegram, ANA))
    assert answers(telegram, ANA) == ["You said: one", "You said: one", "You said: two"]


def test_a_graceful_stop_answers_everything_once(process: Process, telegram: FakeTelegram) -> None:
    process.start()
    telegram.say(ANA, "one")
    wait_for_texts(telegram, ANA, 1)
    telegram.say(ANA, "slow two")
    telegram.say(ANA, "three")
    time.sleep(0.3)
    process.kill(signal.SIGTERM)
    process.start()
    wait_until(lambda: len(answers(telegram, ANA)) == 3)
    time.sleep(0.5)
    assert answers(telegram, ANA) == ["You said: one", "You said: slow two", "You said: three"]
