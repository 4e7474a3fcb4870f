"""Delivery without a network: what channels other than the web rely on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.db.base import Database
from bot.delivery.engine import EngineForgetfulError, EngineSilentError
from bot.delivery.erasing.service import Eraser, Parts
from bot.delivery.erasing.worker import ErasingWorker
from bot.delivery.retries import RetryTiming
from bot.delivery.service import Delivery
from bot.delivery.store import Answer, ConversationGoneError, ConversationLeavingError
from bot.delivery.tracker import TrackerDatabase
from bot.ops.periodic import Periodic
from bot.reply import parts as replies
from bot.reply.parts import Reply
from bot.reply.responses import Responses
from tests.databases import make_empty
from tests.tracker import make_events

WORDS = Responses(
    {
        "utter_engine_down": [{"text": "Later."}],
        "utter_turn_failed": [{"text": "No."}],
        "utter_forgotten": [{"text": "All gone."}],
        "utter_being_forgotten": [{"text": "Under way."}],
    }
)


class FakeEngine:
    """Answers with an echo; `is_up` false makes it silent."""

    def __init__(self) -> None:
        self.is_up = True
        self.asked: list[str] = []

    async def ask(self, conversation: str, text: str, *, message_id: str, locale: str = "") -> Reply:
        self.asked.append(text)
        await asyncio.sleep(0)
        if not self.is_up:
            raise EngineSilentError("[]")
        return replies.text(f"You said: {text}")

    async def healthy(self) -> bool:
        return self.is_up


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
async def delivery(engine: FakeEngine, tmp_path: Path) -> AsyncIterator[Delivery]:
    database = Database(make_empty(tmp_path / "bot.db"))
    timing = RetryTiming(notice=3.0, tick=0.01, first_retry=0.02, longest_retry=0.05)
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    make_events(url)
    tracker = TrackerDatabase(url)
    made = Delivery(database, engine, WORDS, tracker=tracker, timing=timing)  # type: ignore[arg-type]
    worker = asyncio.create_task(Periodic("delivery", made.round, timing.tick).run())
    await made.open("tg:1")
    yield made
    worker.cancel()
    await made.stop()
    database.engine.dispose()


async def until(is_true: Callable[[], bool]) -> None:
    """Returns when it is true; a busy machine may take its time."""
    async with asyncio.timeout(20):
        while not is_true():
            await asyncio.sleep(0.01)


async def test_who_listens_is_told_of_what_nobody_asked_for(delivery: Delivery) -> None:
    with delivery.notifier.listen("tg:1") as news, delivery.notifier.listen("tg:2") as other:
        pushed = await delivery.push("tg:1", replies.text("Apply this week."))
        await asyncio.wait_for(news.get(), 20)
        assert other.empty()
    assert await delivery.ask_store(lambda messages: messages.answers_after("tg:1", 0)) == [pushed]
    assert len(delivery.notifier) == 0


async def test_nothing_is_left_in_memory_after_a_turn(delivery: Delivery) -> None:
    receipts = await asyncio.gather(*(delivery.submit("tg:1", f"m-{n}", text=f"question {n}") for n in range(5)))
    assert [receipt.status for receipt in receipts] == ["answered"] * 5
    await until(lambda: (len(delivery._queues), len(delivery._retries)) == (0, 0))


async def test_messages_are_asked_in_the_order_of_their_numbers(delivery: Delivery, engine: FakeEngine) -> None:
    receipts = await asyncio.gather(*(delivery.submit("tg:1", f"m-{n}", text=f"{n}") for n in range(10)))
    by_number = sorted(zip((receipt.seq for receipt in receipts), map(str, range(10)), strict=True))
    assert engine.asked == [text for _, text in by_number]


async def test_asking_again_does_not_shorten_the_pause_before_a_retry(delivery: Delivery, engine: FakeEngine) -> None:
    engine.is_up = False
    receipts = [await delivery.submit("tg:1", "m-1", text="hi") for _ in range(5)]
    assert {receipt.status for receipt in receipts} == {"pending"}
    assert len(receipts[-1].answers) == 1
    assert engine.asked == ["hi"]
    engine.is_up = True
    with delivery.notifier.listen("tg:1") as news:
        await asyncio.wait_for(news.get(), 20)
    assert (await delivery.submit("tg:1", "m-1", text="hi")).status == "answered"


async def test_nobody_is_asked_again_while_the_tracker_is_locked(
    delivery: Delivery, engine: FakeEngine, tmp_path: Path
) -> None:
    engine.is_up = False
    assert (await delivery.submit("tg:1", "m-1", text="hi")).status == "pending"
    with closing(sqlite3.connect(tmp_path / "tracker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        engine.is_up = True
        await asyncio.sleep(0.5)
        assert engine.asked == ["hi"]
    while (await delivery.submit("tg:1", "m-1", text="hi")).status == "pending":
        await asyncio.sleep(0.1)
    assert engine.asked == ["hi", "hi"]


async def test_once_the_engine_cannot_remember_nobody_waits_for_it_in_vain(
    delivery: Delivery, engine: FakeEngine, tmp_path: Path
) -> None:
    async def forgetful(*_: object, **__: object) -> Reply:
        engine.asked.append("in vain")
        raise EngineForgetfulError("507")

    answer, engine.ask = engine.ask, forgetful  # type: ignore[method-assign]
    await delivery.open("tg:2")
    with closing(sqlite3.connect(tmp_path / "tracker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for conversation in ("tg:1", "tg:2", "tg:2"):
            receipt = await delivery.submit(conversation, f"m-{len(engine.asked)}", text="hi")
            assert receipt.status == "pending"
        assert engine.asked == ["in vain"]
    engine.ask = answer  # type: ignore[method-assign]
    while (await delivery.submit("tg:2", "m-1", text="hi")).status == "pending":
        await asyncio.sleep(0.1)


async def test_an_unknown_conversation_is_an_error(delivery: Delivery) -> None:
    with pytest.raises(ConversationGoneError):
        await delivery.submit("tg:404", "m-1", text="hi")


async def test_an_eraser_that_fails_is_tried_again_until_all_is_gone_and_then_it_is_said(
    delivery: Delivery, engine: FakeEngine
) -> None:
    tries: list[str] = []

    def memory(conversation: str) -> None:
        tries.append(conversation)
        if len(tries) < 3:
            raise OSError("the tracker is away")

    async def farewell(*_: object, **__: object) -> Reply:
        return Reply((replies.Notice("Gone.", effect="erase"),))

    delivery._eraser = Eraser(delivery._database, Parts(memory=memory), again=0.05)
    worker = asyncio.create_task(
        Periodic("erasing", ErasingWorker(delivery._eraser, delivery.say_erased).round, 0.01).run()
    )
    engine.ask = farewell  # type: ignore[method-assign]
    with delivery.notifier.listen("tg:1") as news:
        receipt = await delivery.submit("tg:1", "m-1", text="forget me")
        assert said(receipt.answers[0]) == "Under way."
        with pytest.raises(ConversationLeavingError):
            await delivery.submit("tg:1", "m-2", text="hi")
        heard = [await asyncio.wait_for(news.get(), 20)]
        while not heard[-1].is_done:
            heard.append(await asyncio.wait_for(news.get(), 20))
    worker.cancel()
    assert tries == ["tg:1"] * 3
    assert heard[-1].answer
    assert said(heard[-1].answer) == "All gone."
    with pytest.raises(ConversationGoneError):
        await delivery.submit("tg:1", "m-3", text="hi")


def said(answer: Answer) -> str:
    return str(answer.reply["parts"][0]["text"])
