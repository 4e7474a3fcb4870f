"""Asking for a person: honest where nobody is there, and clear about what happens where somebody is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions import base
from actions.dialogue.talk import ActionRefuse
from actions.faq import ActionAnswerFaq
from actions.handoff import ActionRequestHuman
from bot.bootstrap import Container
from bot.db.base import Database
from bot.delivery.store import MessageStore
from bot.handoff import agents
from bot.handoff import service as handoff
from bot.handoff.agents import Agent
from bot.handoff.store import open_handoff, put_contact
from bot.handoff.tables import ContactRow
from bot.reply.responses import Responses
from bot.settings import Settings
from tests.databases import make_empty

from .conftest import Talk, said

HOME = "web:test"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A staffed desk, open day and night."""
    return open_desk(tmp_path, monkeypatch, office_hours="Mon-Sun 00:00-24:00 America/New_York")


def open_desk(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Database:
    made = Settings(var=folder, bot_today="2026-11-23", **settings)  # type: ignore[call-arg, arg-type]
    database = Database(make_empty(folder / "bot.db"))
    with database.unit() as session:
        MessageStore(session, NOW).ensure(HOME, locale="en")
    monkeypatch.setattr(base, "container", lambda: Container(made, database))
    monkeypatch.setattr(handoff, "has_staff", lambda _: True)
    return database


def ask(talk: Talk, text: str = "talk to a person", intent: str = "request_human") -> str:
    return said(talk.hear(ActionRequestHuman(), text, intent))


def press(talk: Talk, value: str) -> str:
    return said(
        talk.hear(
            ActionRequestHuman(),
            f'/request_human{{"handoff": "{value}"}}',
            "request_human",
            [{"entity": "handoff", "value": value}],
        )
    )


def is_wanted(database: Database) -> bool | None:
    with database.unit() as session:
        row = open_handoff(session, HOME)
        return row.email_wanted if row else None


@pytest.mark.parametrize("why", ["no staff", "switched off", "no conversation"])
def test_without_anybody_who_could_answer_no_person_is_promised(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    database = open_desk(tmp_path, monkeypatch, **({"handoff": "off"} if why == "switched off" else {}))
    if why == "no staff":
        monkeypatch.setattr(handoff, "has_staff", lambda _: False)
    if why == "no conversation":
        with database.unit() as session:
            MessageStore(session, NOW).erase(HOME)
    assert "can't put you through" in ask(talk)
    assert is_wanted(database) is None
    assert talk.slots.get("asked") is None


def test_the_wish_is_recorded_once_and_the_person_is_told_what_happens(talk: Talk, database: Database) -> None:
    told = ask(talk)
    assert "here in this chat" in told
    assert "The team is there now. Office hours: Mon-Sun 00:00-24:00 (New York time)." in told
    assert "leave an e-mail address" in told
    assert "deleted 30 days after" in told
    assert is_wanted(database) is True
    assert "on the list already" in ask(talk)
    with database.unit() as session:
        assert len(agents.queue(session)) == 1


def test_outside_of_office_hours_it_says_when_staff_are_back(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(tmp_path, monkeypatch, office_hours="Wed 09:00-17:00 Europe/Berlin")
    assert "back on Wednesday, November 25, 2026, at 09:00 (Berlin time)" in ask(talk)


@pytest.mark.parametrize(
    ("hours", "line"), [("weekday mornings", "Office hours: weekday mornings."), ("", "Until then, go on asking me.")]
)
def test_hours_in_other_words_are_shown_and_none_are_invented(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: str, line: str
) -> None:
    open_desk(tmp_path, monkeypatch, office_hours=hours)
    told = ask(talk)
    assert line in told
    assert ("Office hours" in told) is bool(hours)


@pytest.mark.parametrize(
    ("text", "intent"), [("skip", "nlu_fallback"), ("no thanks", "deny"), ("nah", "out_of_scope"), ("No", "faq_visa")]
)
def test_a_no_leaves_no_address(talk: Talk, database: Database, text: str, intent: str) -> None:
    ask(talk)
    assert "no e-mail address" in said(talk.hear(ActionRefuse(), text, intent))
    assert is_wanted(database) is False
    assert talk.slots["asked"] is None


def test_a_yes_is_asked_for_the_address(talk: Talk, database: Database) -> None:
    ask(talk)
    assert "Type it now" in said(talk.hear(ActionRefuse(), "yes", "affirm"))
    assert is_wanted(database) is True


def test_another_question_is_answered_and_an_address_may_still_come(talk: Talk, database: Database) -> None:
    ask(talk)
    assert "e-mail" not in said(talk.hear(ActionAnswerFaq(), "do I need a visa?", "faq_visa"))
    assert is_wanted(database) is True
    assert "Noted" in press(talk, "noted")


def test_the_address_can_be_changed_and_deleted(talk: Talk, database: Database) -> None:
    ask(talk)
    with database.unit() as session:
        put_contact(session, HOME, "encrypted", now=NOW)
    assert "Noted" in press(talk, "noted")
    again = talk.hear(ActionRequestHuman(), "talk to a person", "request_human")
    assert [button.title for button in again.suggestions] == ["Change my e-mail address", "Delete my e-mail address"]
    assert "is deleted" in press(talk, "drop")
    with database.unit() as session:
        assert session.get(ContactRow, HOME) is None
    assert is_wanted(database) is False
    assert "no e-mail address of yours" in press(talk, "drop")


def test_who_asks_again_while_somebody_is_there_hears_their_name(
    talk: Talk, database: Database, responses: Responses
) -> None:
    ask(talk)
    with database.unit() as session:
        row = open_handoff(session, HOME)
        assert row is not None
        number = row.id
    with database.unit() as session:
        agents.take(session, responses, number, who=Agent(1, "Maria"), now=NOW)
    assert "**Maria** has this chat now" in ask(talk)


def test_old_buttons_after_the_end_do_no_harm(talk: Talk, database: Database) -> None:
    assert "no e-mail address" in press(talk, "skip")
    assert "here in this chat" in press(talk, "ask")


def test_the_person_may_go_on_with_the_bot_and_stays_on_the_list(
    talk: Talk, database: Database, responses: Responses
) -> None:
    ask(talk)
    with database.unit() as session:
        row = open_handoff(session, HOME)
        assert row is not None
        number = row.id
    with database.unit() as session:
        agents.take(session, responses, number, who=Agent(1, "Maria"), now=NOW)
    assert "I'm the bot again" in press(talk, "bot")
    with database.unit() as session:
        assert agents.find(session, number).state == "waiting"
    assert "on the list already" in press(talk, "bot")  # nobody has it any more
