"""Changes are proposed, taken back and put into candidates, and come out of the database as they went in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.content import service as changes
from bot.content.change import Change
from bot.content.service import AddSentences, ChangeError, EditAnswer, NewTopic
from bot.db.base import Database
from bot.reply.parts import Source, Suggestion
from tests.databases import make_empty

SOURCE = Source("The program's page", "https://www.example.org/", "2026")
TOPIC = NewTopic(
    "parking",
    "Where to park",
    ("where do I park",),
    ("is there parking",),
    "Ask the hospital.",
    sources=(SOURCE,),
    buttons=(Suggestion("What does it cost?", "/faq_cost"),),
)
EVERY_KIND: list[Change] = [
    AddSentences("faq_cost", ("what is the damage",), ("how deep into my pocket",)),
    TOPIC,
    EditAnswer("utter_faq_cost", "career_stage=student", "It depends.", sources=(SOURCE,), buttons=()),
    EditAnswer("utter_greet", "", "Hello."),
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Database(make_empty(tmp_path / "bot.db")).unit() as opened:
        yield opened


@pytest.mark.parametrize("change", EVERY_KIND, ids=lambda change: type(change).__name__)
def test_a_change_comes_back_as_it_was_proposed(session: Session, change: Change) -> None:
    row = changes.propose(session, "ann", change)
    session.expire_all()
    assert changes.read_all(session, [row.id]) == [change]


def test_sentences_are_tidied(session: Session) -> None:
    row = changes.propose(session, "ann", AddSentences("faq_cost", (" how  much\n", "how much", "", "price")))
    assert changes.read_all(session, [row.id]) == [AddSentences("faq_cost", ("how much", "price"))]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (AddSentences("faq_cost", (" ",)), "no sentence"),
        (AddSentences("", ("price",)), "topic"),
        (NewTopic("Parking!", "Park", (), (), "Ask.", sources=(SOURCE,)), "one word"),
        (NewTopic("faq_parking", "Park", (), (), "Ask.", sources=(SOURCE,)), "one word"),
        (NewTopic("parking", " ", (), (), "Ask.", sources=(SOURCE,)), "title"),
        (NewTopic("parking", "Park", (), (), " ", sources=(SOURCE,)), "answer"),
        (NewTopic("parking", "Park", (), (), "Ask."), "source"),
        (EditAnswer("greet", "", "Hello."), "answer"),
        (EditAnswer("utter_greet", "", " "), "empty"),
    ],
)
def test_a_senseless_change_is_refused_in_plain_words(session: Session, change: Change, said: str) -> None:
    with pytest.raises(ChangeError, match=said):
        changes.propose(session, "ann", change)


def test_a_withdrawn_change_is_in_no_candidate_until_it_is_restored(session: Session) -> None:
    first, second = (changes.propose(session, "ann", change).id for change in EVERY_KIND[:2])
    changes.withdraw(session, "ben", first)
    assert changes.ask_for_candidate(session, "ben").change_ids == [second]
    with pytest.raises(ChangeError, match="not pending"):
        changes.withdraw(session, "ben", first)
    changes.restore(session, "ben", first)
    assert changes.ask_for_candidate(session, "ben").change_ids == [first, second]


def test_nothing_pending_makes_no_candidate(session: Session) -> None:
    with pytest.raises(ChangeError, match="no draft to test"):
        changes.ask_for_candidate(session, "ben")
