"""Of several engines a well one is asked, a conversation keeps its own, and a busy one is spared."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from bot.delivery.engine import Engine, EngineAwayError, EngineForgetfulError, EngineSilentError
from bot.delivery.engine_pool import EnginePool
from bot.reply.parts import Reply, Text

NAMES = ("http://one", "http://two", "http://three")


class House:
    """Engines that are well or ill, and what each was asked."""

    def __init__(self, *names: str) -> None:
        self.asked: dict[str, list[str]] = {name: [] for name in names}
        self.ill: set[str] = set()
        self.models = dict.fromkeys(names, "m1")
        self.answer: Any = [{"custom": Reply((Text("Hello"),)).to_dict()}]
        self.status = 200
        self.held: asyncio.Event | None = None
        transport = httpx.MockTransport(self._handle)
        engines = [Engine(name, f"{name}-actions", timeout=1, transport=transport) for name in names]
        self.pool = EnginePool(engines, live=self._live)
        self.live = "m1"

    async def _live(self) -> str:
        return self.live

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        name = f"http://{request.url.host}".removesuffix("-actions")
        if name in self.ill:
            raise httpx.ConnectError("away")
        if request.method == "GET":
            return httpx.Response(200, json={"model_file": "m.tar.gz", "model_id": self.models[name]})
        self.asked[name].append(request.url.path)
        if self.held:
            await self.held.wait()
        return httpx.Response(self.status, json=self.answer)

    async def ask(self, conversation: str) -> None:
        await self.pool.ask(conversation, "hi", message_id="m")

    def engine_of(self, before: dict[str, int]) -> str:
        (name,) = (name for name, asked in self.asked.items() if len(asked) > before[name])
        return name

    async def where(self, conversation: str) -> str:
        before = {name: len(asked) for name, asked in self.asked.items()}
        await self.ask(conversation)
        return self.engine_of(before)


async def test_conversations_are_spread_and_each_keeps_its_engine_while_that_is_well() -> None:
    house = House(*NAMES)
    people = [f"web:{number}" for number in range(60)]
    first = {person: await house.where(person) for person in people}
    assert all(count >= 10 for count in Counter(first.values()).values())
    house.ill.add("http://two")
    await house.pool.round()
    second = {person: await house.where(person) for person in people}
    assert {person: first[person] for person in people if first[person] != "http://two"}.items() <= second.items()
    house.ill.clear()
    await house.pool.round()
    assert {person: await house.where(person) for person in people} == first


async def test_a_busy_engine_is_spared() -> None:
    house = House(*NAMES[:2])
    own = await house.where("web:1")
    house.held = asyncio.Event()
    tasks = [asyncio.create_task(house.ask("web:1")) for _ in range(12)]
    while sum(map(len, house.asked.values())) < 13:
        await asyncio.sleep(0)
    other = next(name for name in NAMES[:2] if name != own)
    assert len(house.asked[other]) >= 4
    house.held.set()
    await asyncio.gather(*tasks)


async def test_one_with_an_older_model_is_asked_only_when_no_other_is_well() -> None:
    house = House(*NAMES[:2])
    house.models["http://two"], house.live = "m2", "m2"
    await house.pool.round()
    assert {await house.where(f"web:{number}") for number in range(20)} == {"http://two"}
    house.ill.add("http://two")
    await house.pool.round()
    assert await house.where("web:1") == "http://one"


async def test_the_message_is_not_blamed_for_an_engine_that_is_away() -> None:
    house = House(*NAMES[:2])
    own = await house.where("web:1")
    house.ill.add(own)
    with pytest.raises(EngineAwayError):
        await house.ask("web:1")
    assert await house.where("web:1") != own
    assert await house.pool.healthy()
    house.ill.clear()
    house.answer = []
    with pytest.raises(EngineSilentError) as silent:
        await house.ask("web:1")
    assert not isinstance(silent.value, EngineAwayError)
    house.status = 507
    with pytest.raises(EngineForgetfulError):
        await house.ask("web:1")


async def test_readiness_counts_the_engines_and_one_is_enough() -> None:
    house = House(*NAMES[:2])
    assert {name: part["detail"] for name, part in (await house.pool.parts()).items()} == {
        "engine": "2 of 2",
        "model": "2 of 2 m.tar.gz",
        "actions": "2 of 2",
    }
    house.ill.add("http://one")
    parts = await house.pool.parts()
    assert all(part["ok"] for part in parts.values())
    assert parts["engine"]["detail"] == "1 of 2"
    house.ill.add("http://two")
    assert not any(part["ok"] for part in (await house.pool.parts()).values())
    assert not await house.pool.healthy()
