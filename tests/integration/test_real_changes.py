"""From a change to a live model and back, with the real engine: hot swaps under traffic, rollback, kill -9, red gates.

One real candidate is trained for all tests: a good new topic, and a planted fault that the gates have to find. A
candidate with every gate green is trained and published in tests/e2e/test_console_story.py.
"""

from __future__ import annotations

import tarfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
from rapidfuzz import fuzz, process

from bot.content import service as changes
from bot.content.candidates.build import make
from bot.content.candidates.comparing import Report
from bot.content.candidates.starting import bring_live
from bot.content.releases import places
from bot.content.releases.patch import patch
from bot.content.releases.publishing import publish, roll_back
from bot.content.service import AddSentences, AddWords, EditAnswer, NewTopic
from bot.content.store import live_version
from bot.content.tables import CandidateRow, ChangeRow
from bot.db.base import Database
from bot.errors import ContentError, NotPublishableError, SwapFailedError
from bot.lint.source import read
from bot.nlu.message import intent_of
from bot.ops import system
from bot.ops.supervisor import Supervisor
from bot.reply.parts import Source, Suggestion
from bot.review.bulk_actions import reopen_messages_of
from bot.settings import ROOT, Settings
from tests import patient, trained
from tests.conftest import PATIENCE, TODAY
from tests.visitor import Visitor, words

pytestmark = [pytest.mark.engine, pytest.mark.story, pytest.mark.timeout(1200)]
WHY = "the fault is planted"
QUESTION = "is there parking for students near the hospital"
WORD = AddWords("specialty", "dermatology", ("skinnology",))
WITH_WORD = "find skinnology observerships"
ANSWER = "Ask the coordinator of the hospital about parking before the first day; the price is the hospital's own."
PARKING = NewTopic(
    name="parking",
    title="Where to park",
    sentences=tuple(
        f"{start} {rest}"
        for start in ("where do I park", "is there parking", "parking permit", "can I leave my car", "a parking spot")
        for rest in (
            "during my rotation",
            "at the hospital",
            "for visiting students",
            "overnight",
            "near the clinic",
            "if I drive to work",
        )
    ),
    held_out=(
        "how do I get a space for my car",
        "can I park my car there",
        "any car park for observers",
        "what does it cost to park the car",
        "where can students leave their vehicle",
        "need a parking sticker",
        "is parking free for rotators",
        "is street parking possible near the ward",
    ),
    answer=ANSWER,
    sources=(Source("The hospital's own page"),),
    buttons=(Suggestion("What does it cost?", "/faq_cost"),),
    reviewed=TODAY,
)


@dataclass
class House:
    """A running system with its own `var`, and the candidate that was made for it."""

    settings: Settings
    database: Database
    supervisor: Supervisor
    candidate: int
    report: Report

    def visitor(self) -> Visitor:
        return Visitor(self.settings.base_url)

    def live(self) -> int:
        with self.database.unit() as session:
            version = live_version(session)
        assert version
        return version.number

    def model_id(self) -> str:
        return str(patient.get(f"{self.settings.engine_url}/status").json()["model_id"])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Everything up with what is live, and a candidate with a new topic and the planted fault, trained and compared."""
    var = tmp_path_factory.mktemp("var")
    trained.share(var)
    first = Settings(var=var)  # type: ignore[call-arg]
    live = bring_live(first, system.prepare_database(first))
    with system.temporary(var, live, today=TODAY, patience=PATIENCE, engine_timeout_seconds=60) as (
        settings,
        supervisor,
    ):
        database = Database(settings.database)
        with database.unit() as session:
            changes.propose(session, "ann", PARKING)
            changes.propose(session, "ann", WORD)
            changes.propose(session, "ann", AddSentences("faq_telehealth", misplaced_sentences()))
            number = changes.ask_for_candidate(session, "ann").id
        with trained.one_candidate_at_a_time():
            report = make(settings, database, number)
        yield House(settings, database, supervisor, number, report)


def misplaced_sentences() -> tuple[str, ...]:
    """The fault: sentences about visas, each without its first or last word, to be put under another topic.

    A fixed word before each would be no fault: the classifier learns that word.
    """
    content = read(ROOT)
    visa = [item.text.split() for item in content.sentences if intent_of(item.intent) == "faq_visa"]
    known = {" ".join(words) for words in visa}
    wrong = {" ".join(part) for words in visa for part in (words[1:], words[:-1]) if len(part) > 4} - known
    twins = [twin.text.casefold() for twin in content.twins]
    wrong = {s for s in wrong if not process.extractOne(s.casefold(), twins, scorer=fuzz.ratio, score_cutoff=80)}
    assert len(wrong) > 300, "so few sentences are no fault"
    return tuple(sorted(wrong))


def test_the_candidate_is_compared_gate_by_gate(house: House) -> None:
    report = house.report
    green = {gate.name for gate in report.gates if gate.is_green}
    assert "The new topic faq_parking is understood" in green, report.lines()
    assert "No topic loses" not in green, "the planted fault was not found"
    assert any(flip.intent == "faq_visa" and flip.better is False for flip in report.flips)
    topics = {topic.intent: topic for topic in report.topics}
    assert topics["faq_parking"].old is None
    assert topics["faq_cost"].old
    assert any(flip.intent == "faq_parking" and flip.better for flip in report.flips)
    assert len(report.measured.dialogues) > 30
    assert report.measured.new_ms > 0
    with house.database.unit() as session:
        row = session.get(CandidateRow, house.candidate)
    assert row
    assert (row.status, row.progress) == ("ready", 100)
    assert Report.from_dict(row.report or {}) == report


def test_a_red_gate_keeps_a_candidate_from_going_live_unless_somebody_says_why(house: House) -> None:
    red = next(gate.name for gate in house.report.gates if not gate.is_green)
    with pytest.raises(NotPublishableError, match=f"a gate is red: .*{red}"):
        publish(house.settings, house.database, house.candidate, by="ann")


def test_a_broken_model_never_goes_live(house: House) -> None:
    before = house.model_id()
    with house.database.unit() as session:
        row = session.get(CandidateRow, house.candidate)
        assert row
        good = Path(row.model_path)
        spoilt = good.with_name("rotation-spoilt.tar.gz")
        _spoil(good, spoilt)
        row.model_path = str(spoilt)
    with pytest.raises(SwapFailedError, match="stays live"):
        publish(house.settings, house.database, house.candidate, by="ann", override=WHY)
    assert house.model_id() == before
    assert house.visitor().say("How much does it cost?")["status"] == "answered"
    with house.database.unit() as session:
        row = session.get(CandidateRow, house.candidate)
        assert row
        assert row.status == "ready"
        row.model_path = str(good)


def _spoil(good: Path, spoilt: Path) -> None:
    """A model whose id can be read and whose classifier cannot: the worst that a full disk leaves behind."""
    with tarfile.open(good) as source, tarfile.open(spoilt, "w:gz") as target:
        for member in source:
            if "SentenceClassifier" not in member.name:
                target.addfile(member, source.extractfile(member) if member.isfile() else None)


def test_publishing_and_going_back_drops_and_doubles_no_message(house: House) -> None:
    first, stop = house.live(), Event()
    assert ANSWER not in words(house.visitor().say(QUESTION)["replies"][0])
    assert "dermatology" not in words(house.visitor().say(WITH_WORD)["replies"][0])
    with ThreadPoolExecutor(4) as pool:
        talks = [pool.submit(_talk, house, stop) for _ in range(4)]
        try:
            time.sleep(1)
            published = publish(house.settings, house.database, house.candidate, by="ann", override=WHY)
            assert ANSWER in words(house.visitor().say(QUESTION)["replies"][0])
            assert "dermatology" in words(house.visitor().say(WITH_WORD)["replies"][0])
            time.sleep(1)
            back = roll_back(house.settings, house.database, first, by="ann", withdrawn=reopen_messages_of)
            assert ANSWER not in words(house.visitor().say(QUESTION)["replies"][0])
            time.sleep(1)
        finally:
            stop.set()
        said = sum(talk.result() for talk in talks)
    assert said > 20, "so few messages prove nothing"
    assert (published.number, back.number) == (first + 1, first + 2)
    with house.database.unit() as session:
        assert [row.state for row in session.query(ChangeRow)] == ["withdrawn", "withdrawn", "withdrawn"]
    assert house.model_id() == back.model_id


def _talk(house: House, stop: Event) -> int:
    """Somebody who asks and asks; each message gets exactly one answer."""
    visitor, asked = house.visitor(), []
    while not stop.is_set():
        message = str(uuid.uuid4())
        said = visitor.say("How much does it cost?", message)
        assert said["status"] == "answered", said
        asked.append(message)
    assert all(len(visitor.answers_to(message)) == 1 for message in asked)
    return len(asked)


def test_a_killed_engine_comes_back_with_what_is_live_and_so_does_a_new_start(house: House) -> None:
    with house.database.unit() as session:
        row = session.get(CandidateRow, house.candidate)
        assert row
        row.status = "ready"
        for change in row.change_ids:
            changes.restore(session, "ann", change)
    version = publish(house.settings, house.database, house.candidate, by="ann", override=WHY)
    engine = next(item for item in house.supervisor.processes if item.name == "engine")
    engine.running.kill()  # type: ignore[union-attr]
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and not engine.is_healthy():
        time.sleep(0.5)
    assert house.model_id() == version.model_id
    assert ANSWER in words(house.visitor().say(QUESTION)["replies"][0])
    started = bring_live(house.settings, house.database)
    assert started.resolve() == Path(version.model_path).resolve()
    assert house.live() == version.number, "nothing changed, so there is no new version"


def test_what_is_live_can_be_brought_into_the_repository(house: House) -> None:
    with house.database.unit() as session:
        version = live_version(session)
    assert version
    written = patch(house.settings, Path(version.model_path))
    assert "+++ b/data/responses/faq_parking.yml" in written
    assert "+- faq_parking" in written


def test_a_candidate_from_before_the_last_publication_is_refused(house: House) -> None:
    with house.database.unit() as session:
        edit = changes.propose(session, "ann", EditAnswer("utter_only_english", "", "Please write in English.")).id
        row = changes.ask_for_candidate(session, "ann")
        row.change_ids, row.status, row.report = [edit], "ready", house.report.to_dict()
        row.model_path, stale = str(places.live_link(house.settings)), row.id
    with pytest.raises(NotPublishableError, match="went live after"):
        publish(house.settings, house.database, stale, by="ann", override=WHY)


def test_content_that_the_lint_refuses_is_never_trained_and_the_reason_is_kept(house: House) -> None:
    few = NewTopic(**{**vars(PARKING), "name": "canteen", "sentences": ("where can I eat",), "held_out": ()})
    with house.database.unit() as session:
        change = changes.propose(session, "ann", few).id
        number = changes.ask_for_candidate(session, "ann").id
    with pytest.raises(ContentError):
        make(house.settings, house.database, number)
    with house.database.unit() as session:
        row = session.get(CandidateRow, number)
        assert row
        assert row.status == "failed"
        assert "faq_canteen has 1 sentences" in row.error
        changes.withdraw(session, "ann", change)
