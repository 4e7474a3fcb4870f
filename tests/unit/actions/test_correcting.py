"""“This is wrong or has changed”: noted with the row at once, the person's words with it, and the talk goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions import base
from actions.dialogue.talk import ActionFeedback
from actions.faq import ActionAnswerFaq
from actions.programs.choosing import ActionAskProgram, ActionSearchPrograms
from bot.bootstrap import Container
from bot.db.base import Database
from bot.delivery.store import MessageStore
from bot.programs.corrections.store import corrections_of
from bot.programs.upkeep.store import find_program
from bot.reply.parts import Programs, Reply
from bot.settings import Settings
from tests.databases import make_seeded

from .conftest import Talk, said

HOME = "web:test"
SLUG = "yale-international-electives"
MAYO = [{"value": "Mayo Clinic", "terms": ["Mayo"]}]
REPORT = f'/give_feedback{{"program": "{SLUG}"}}'


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg]
    database = Database(make_seeded(tmp_path / "bot.db"))
    with database.unit() as session:
        MessageStore(session, datetime(2026, 11, 23, 12, tzinfo=UTC)).ensure(HOME, locale="en")
    monkeypatch.setattr(base, "container", lambda: Container(settings, database))
    return database


@pytest.fixture
def talk(database: Database) -> Talk:
    """A talk in which a program stands alone on the screen."""
    talk = Talk()
    shown = ask_program(talk, f'/ask_program{{"program": "{SLUG}"}}')
    assert REPORT in [button.payload for button in shown.suggestions]
    return talk


def ask_program(talk: Talk, text: str) -> Reply:
    return talk.hear(ActionAskProgram(), text, "ask_program")


def kept(database: Database) -> list[str]:
    with database.unit() as session:
        return [row.words for row in corrections_of(session, SLUG)[1]]


def test_the_press_alone_is_noted_once_and_words_are_added_and_thanked_for(talk: Talk, database: Database) -> None:
    for _ in range(2):
        asked = said(talk.hear(ActionFeedback(), REPORT, "give_feedback"))
    assert "What is wrong or has changed?" in asked
    assert kept(database) == [""]
    thanks = ask_program(talk, "the tuition went up to 5000 dollars this year")
    assert "goes to staff" in said(thanks)
    assert kept(database) == ["the tuition went up to 5000 dollars this year"]
    assert "Yale" in said(ask_program(talk, "how much is it?")), "the talk goes on there"
    assert kept(database) == ["the tuition went up to 5000 dollars this year"]


@pytest.mark.parametrize("words", ["they want 300 dollars now", "the program is closed", "the school has another page"])
def test_words_that_look_for_nothing_are_kept(words: str, talk: Talk, database: Database) -> None:
    talk.hear(ActionFeedback(), REPORT, "give_feedback")
    assert "goes to staff" in said(talk.hear(ActionAnswerFaq(), words, "faq_visa"))
    assert kept(database) == [words]


def test_who_looks_for_something_else_gets_it(talk: Talk, database: Database) -> None:
    talk.hear(ActionFeedback(), REPORT, "give_feedback")
    talk.hear(ActionSearchPrograms(), "I want surgery in Texas", "search_programs")
    assert kept(database) == [""]


def test_who_types_it_is_heard_and_may_say_more(talk: Talk, database: Database) -> None:
    assert "What is wrong or has changed?" in said(ask_program(talk, "I think that price is wrong"))
    assert kept(database) == ["I think that price is wrong"]
    assert "goes to staff" in said(ask_program(talk, "the tuition is outdated, it is 5000 now"))
    assert kept(database) == ["I think that price is wrong\nthe tuition is outdated, it is 5000 now"]


def test_who_names_a_place_with_several_programs_is_asked_which(talk: Talk, database: Database) -> None:
    reply = talk.hear(ActionFeedback(), "your information about Mayo is outdated", "give_feedback", names=MAYO)
    assert "Which of these programs" in said(reply)
    assert len({button.payload for button in reply.suggestions if "/give_feedback" in button.payload}) > 1


def test_who_names_no_program_is_asked_for_it(database: Database) -> None:
    fresh = Talk()
    asked = said(fresh.hear(ActionFeedback(), "I want to report a mistake", "give_feedback"))
    assert "Which program is it about?" in asked


def test_who_asks_something_else_has_said_nothing_and_is_answered(talk: Talk, database: Database) -> None:
    talk.hear(ActionFeedback(), REPORT, "give_feedback")
    talk.hear(ActionAnswerFaq(), "what is an observership?", "faq_observership")
    assert talk.slots["asked"] is None
    talk.hear(ActionAnswerFaq(), "I like surgery", "faq_observership")
    assert kept(database) == [""]


def test_a_program_that_is_gone_is_no_correction(talk: Talk, database: Database) -> None:
    reply = talk.hear(ActionFeedback(), '/give_feedback{"program": "nowhere"}', "give_feedback")
    assert "Thank you for telling me" in said(reply)
    assert kept(database) == []


def test_a_card_says_when_its_row_was_looked_at(talk: Talk, database: Database) -> None:
    with database.unit() as session:
        row = find_program(session, SLUG)
        assert row is not None
        row.checked_at = datetime(2026, 10, 5, 18, tzinfo=UTC)
    shown = ask_program(talk, f'/ask_program{{"program": "{SLUG}"}}')
    (card,) = next(part for part in shown.parts if isinstance(part, Programs)).cards
    assert card.source_note == "February 2026 · official page · looked at in October 2026"
