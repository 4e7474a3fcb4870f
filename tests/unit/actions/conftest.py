"""A talk with the actions alone: their real words, no engine, no network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions import base
from bot.bootstrap import Container
from bot.data_files import read_yaml
from bot.db.base import Database
from bot.programs import service
from bot.reply.parts import Notice, Reply, Text
from bot.settings import ROOT, Settings
from tests.databases import make_empty
from tests.unit.extractor import Names, parsed

Entities = list[dict[str, Any]]
ActionExecutor().register_package("actions")  # an action finds the one of another task, whichever file runs alone


@lru_cache
def responses() -> dict[str, Any]:
    """All words of the bot, read once."""
    files = sorted((ROOT / "data" / "responses").glob("*.yml"))
    loaded = [read_yaml(path)["responses"] for path in files]
    return {key: variants for part in loaded for key, variants in part.items()}


@lru_cache
def known_slots() -> frozenset[str]:
    """The slots of the domain; Rasa forgets any other."""
    domain = read_yaml(ROOT / "domain.yml")
    return frozenset(domain["slots"])


class Talk:
    """Keeps the slots from turn to turn, as Rasa would."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.responses = responses()

    def hear(
        self,
        action: Any,
        text: str,
        intent: str,
        entities: Entities | None = None,
        *,
        sure: float = 0.9,
        names: Names = (),
        **parse: Any,
    ) -> Reply:
        """What an action says to a message; its slot events are kept.

        The engine's reader reads it; `entities` are what it would find with more names, `parse` overwrites its data.
        """
        message = parsed(text, intent, names=names, sure=sure) | {"intent": {"name": intent, "confidence": sure}}
        message["entities"] = _with(message["entities"], entities or [], carried=text.startswith("/"))
        message |= parse
        tracker = Tracker("web:test", dict(self.slots), message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker, {"responses": self.responses}))
        changed = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        assert changed.keys() <= known_slots(), "a slot that domain.yml does not know is lost"
        self.slots |= changed
        (sent,) = dispatcher.messages
        return Reply.from_dict(sent["custom"])


def _with(read: Entities, more: Entities, *, carried: bool) -> Entities:
    """What was read, and things of kinds of which nothing was read."""
    known = {item["entity"] for item in read}
    place = {} if carried else {"start": 0, "end": 0, "polarity": "named", "whose": "self", "holds": "now", "role": ""}
    return [*read, *(place | item for item in more if item["entity"] not in known)]


def said(reply: Reply) -> str:
    """All words of a reply."""
    return "\n".join(part.text for part in reply.parts if isinstance(part, Text | Notice))


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talk:
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg]
    container = Container(settings, Database(make_empty(tmp_path / "bot.db")))
    monkeypatch.setattr(base, "container", lambda: container)
    return Talk()


@pytest.fixture
def entity() -> Callable[..., dict[str, Any]]:
    """An entity as Rasa writes it."""

    def make(name: str, value: str, text: str, typed: str) -> dict[str, Any]:
        start = text.index(typed)
        return {"entity": name, "value": value, "start": start, "end": start + len(typed)}

    return make


@pytest.fixture(scope="session")
def names_of_seed(seeded: Database) -> list[dict[str, object]]:
    """The institutions of the seed data as the engine reads them."""
    with seeded.unit() as session:
        return service.gazetteer(session)


@pytest.fixture
def seeded_names(
    seeded: Database, names_of_seed: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> list[dict[str, object]]:
    """The actions ask the database with the seed data; these are the institutions in it."""
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg]
    monkeypatch.setattr(base, "container", lambda: Container(settings, seeded))
    return names_of_seed
