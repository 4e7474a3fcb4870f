"""A missed message becomes a question inside a topic, on one page of the console; no engine runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content import service as changes
from bot.content.change import NewAspect, NewTopic
from bot.content.evaluation import asking
from bot.content.evaluation.asking import AskedQuestion
from bot.content.releases.publishing import enter
from bot.content.store import changes_in
from bot.content.tables import CandidateRow
from bot.ops import jobs
from bot.reply.responses import Responses
from bot.review import bulk_actions
from bot.review.tables import ReviewMessage
from bot.staff.roles import Role
from tests.conftest import free_port
from tests.databases import make_seeded
from tests.review_rows import put
from tests.running_app import RunningApp
from tests.staff import ConsoleSession, hire

ASKED = "can I bring my parrot"
ALIKE = "bring my parrot to the hospital, can I?"
ANSWER = "I don't know that: the landlord decides about birds, so ask before you book the room for your stay."
WAYS = (
    "are pet birds welcome in the rooms",
    "my cockatoo travels with me, is that fine",
    "do landlords take feathered pets",
    "a cage with two budgies, any objections",
    "would they mind my macaw",
    "who looks after a canary while I work",
    "flying animals allowed in the flat?",
    "is a parakeet forbidden in the dormitory",
    "what about my old cockatiel",
    "keeping finches in the apartment",
    "birdcage in the guest house",
    "lovebirds as roommates",
    "my talking bird comes along, problem?",
    "ornithological companions permitted?",
)


@pytest.fixture
def app(tmp_path: Path, responses: Responses) -> Iterator[RunningApp]:
    make_seeded(tmp_path / "bot.db")
    running = RunningApp(free_port(), 1, folder=tmp_path, responses=responses)
    running.start()
    yield running
    running.stop()


def test_a_missed_message_becomes_a_question_and_is_tested_at_once(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(jobs, "start", lambda *words, settings: started.append(words))
    with app.database.unit() as session:
        number = put(session, "ann", ASKED, intent="faq_cost/deposit").id
        other = put(session, "bob", ALIKE).id
        put(session, "eve", "where is the library")
    desk, path = ConsoleSession(app, Role.PUBLISHER), f"/inbox/{number}/question"
    assert f"/staff{path}" in desk.open(f"/inbox/{number}")
    page = desk.open(path)
    assert f'value="{number}" checked' in page
    assert ALIKE in page
    assert "where is the library" not in page
    assert '<option value="faq_cost" selected>' in page, "the topic that it was nearest to is proposed"
    assert "am I allowed to bring my parrot" in page
    assert "{faq_rotation_weeks}</code> 4" in page, "facts are in sight with their values"
    sent = {
        "topic": "faq_cost",
        "title": "May a bird come along?",
        "answer": ANSWER,
        "unknown": "yes",
        "message": [str(number), str(other)],
        "ways": "only one way",
    }
    refused = desk.send(path, **sent)
    assert refused.status_code == 422
    assert "has 3 sentences, at least 8 are needed" in refused.text
    assert "only one way" in refused.text
    assert ANSWER.replace("'", "&#39;") in refused.text, "what was typed is still there"
    answer = desk.send(path, **sent | {"ways": "\n".join(WAYS)})
    assert answer.headers["location"] == "/staff/changes/candidates/1", answer.text
    assert started == [("train", "1")]
    with app.database.unit() as session:
        (row,) = changes_in(session, "pending")
        (made,) = changes.read_all(session, [row.id])
        assert isinstance(made, NewAspect)
        assert (made.aspect, made.is_unknown, made.answer) == ("faq_cost/may_a_bird_come_along", True, ANSWER)
        assert {*made.sentences, *made.held_out} == {ASKED, ALIKE, *WAYS}
        assert len(made.held_out) == 4, "every fourth is held out"
        assert [message.text for message in bulk_actions.messages_of(session, [row.id])] == [ASKED, ALIKE]
        assert session.get_one(ReviewMessage, number).review == "resolved"
        assert session.get_one(CandidateRow, 1).change_ids == [row.id]
    assert "New question" in desk.open("/changes")


def test_a_topic_of_its_own_needs_a_source_and_an_annotator_only_proposes(app: RunningApp) -> None:
    with app.database.unit() as session:
        number = put(session, "ann", ASKED).id
    desk, path = ConsoleSession(app, Role.ANNOTATOR), f"/inbox/{number}/question"
    sent = {"topic": "own", "title": "Pet birds", "answer": ANSWER, "message": str(number)}
    around = ("{}", "I really need an answer to this: {}", "{} because nobody at the office could tell me")
    more = "\n".join(form.format(way) for form in around for way in WAYS)
    refused = desk.send(path, **sent, ways=more)
    assert "Name at least one source" in refused.text
    answer = desk.send(path, **sent, ways=more, source_title="The landlords' own page")
    assert answer.headers["location"] == "/staff/inbox", answer.text
    with app.database.unit() as session:
        (made,) = changes.read_all(session, [row.id for row in changes_in(session, "pending")])
        assert isinstance(made, NewTopic)
        assert (made.name, made.title) == ("pet_birds", "Pet birds")
        assert session.get(CandidateRow, 1) is None
    assert ConsoleSession(app, Role.VIEWER).http.get(path).status_code == 403


def test_after_publishing_the_messages_that_started_it_are_shown_with_their_new_answers(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's understanding is stood in for; the messages, the version and the words are real."""
    now, staff = datetime.now(UTC), hire(app.database, Role.ADMIN)
    with app.database.unit() as session:
        number = put(session, "ann", ASKED).id
        put(session, "eve", "where is the library")
        change = NewAspect("faq_cost/bird", "Birds", WAYS, (), ANSWER)
        bulk_actions.new_topic(session, staff, change, messages=[number], now=now)
        row = changes.ask_for_candidate(session, staff)
        row.status, model = "published", app.settings.var / "gone.tar.gz"
        enter(session, model, "a", change_ids=[], by="ann", note="")
        enter(session, model, "b", change_ids=row.change_ids, by="ann", note="", candidate_id=row.id)
    asked: list[str] = []

    def ask(_url: str, rows: list[dict[str, str]], *, key: str) -> list[AskedQuestion]:
        asked.extend(row["text"] for row in rows)
        return [AskedQuestion(row["text"], "", "", ("faq_cost",), aspects=("faq_cost/deposit",)) for row in rows]

    monkeypatch.setattr(asking, "ask", ask)
    page = ConsoleSession(app, Role.VIEWER).open("/changes/candidates/1")
    assert asked == [ASKED]
    assert "Asked again" in page
    assert "$350 at Project IMG" in page, "the answer of today, with its figures"
