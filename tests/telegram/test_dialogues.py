"""Whole dialogues with the real engine over the strict Bot API: an answer to every turn, and not one wrong request.

What the answers say is checked elsewhere; here it counts that each turn gets one, whatever it is made of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count, zip_longest

import pytest

from bot.content.evaluation.golden import read_dialogues
from bot.db.base import Database
from bot.delivery.tables import InboxMessage, OutboxReply
from bot.reply.responses import Responses
from bot.settings import ROOT
from tests.fake_telegram.server import FakeTelegram
from tests.running_app import wait_until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]
MEASURING = ROOT.parent / "shared" / "data" / "dialogues-dev.jsonl"
FAILURES = ("utter_action_failed", "utter_engine_down", "utter_turn_failed")
PEOPLE = count(20_000)
TOGETHER = 8


def ours() -> dict[str, list[str]]:
    """Every second one: all kinds of parts are in them, and what is answered is judged in tests/dialogues."""
    return {title: [turn["user"] for turn in turns] for title, turns in [*read_dialogues(ROOT).items()][::2]}


def measuring() -> dict[str, list[str]]:
    assert MEASURING.exists(), f"The dialogues for measuring are missing: shared/ belongs at {MEASURING.parents[1]}"
    lines = [json.loads(line) for line in MEASURING.read_text(encoding="utf8").splitlines()]
    return {line["id"]: [turn["user"] for turn in line["turns"]] for line in lines}


def test_our_own_dialogues_are_answered_on_telegram(
    api: FakeTelegram, database: Database, responses: Responses
) -> None:
    play(api, database, responses, dialogues=ours())


def test_the_dialogues_for_measuring_are_answered_on_telegram(
    api: FakeTelegram, database: Database, responses: Responses
) -> None:
    play(api, database, responses, dialogues=measuring())


def play(
    api: FakeTelegram, database: Database, responses: Responses, *, dialogues: Mapping[str, Sequence[str]]
) -> None:
    """Plays some dialogues side by side, each in a chat of its own, turn by turn."""
    assert len(dialogues) >= 10
    titles, people = list(dialogues), []
    for at in range(0, len(titles), TOGETHER):
        chats = {next(PEOPLE): title for title in titles[at : at + TOGETHER]}
        people += [f"tg:{chat}" for chat in chats]
        for said in zip_longest(*(dialogues[title] for title in chats.values())):
            take_turns(api, database, dict(zip(chats, said, strict=True)))
    assert api.violations == []
    assert [said for said in api.refusals if "not modified" not in said] == []
    with database.unit() as session:
        mine = session.query(OutboxReply).where(OutboxReply.conversation_id.in_(people))
        replies = json.dumps([row.reply for row in mine], ensure_ascii=False)
    assert replies != "[]"
    assert [key for key in FAILURES if responses.text(key) in replies] == []


def take_turns(api: FakeTelegram, database: Database, said: Mapping[int, str | None]) -> None:
    """One turn in each chat; returns when each is answered."""
    speaking = {chat: text for chat, text in said.items() if text is not None}
    before = {chat: len(api.answered(chat)) for chat in speaking}
    for chat, text in speaking.items():
        api.say(chat, text)

    def silent() -> list[int]:
        return [chat for chat in speaking if len(api.answered(chat)) == before[chat]]

    try:
        wait_until(lambda: not silent())
    except AssertionError:
        raise AssertionError(f"no answer to {[speaking[chat] for chat in silent()]}") from None
    wait_until(lambda: all(_is_done(database, chat) for chat in speaking))


def _is_done(database: Database, chat: int) -> bool:
    """Whether nothing is pending; after "forget me" nothing is left at all."""
    mine = InboxMessage.conversation_id == f"tg:{chat}"
    with database.unit() as session:
        return {row.status for row in session.query(InboxMessage).where(mine)} <= {"answered"}
