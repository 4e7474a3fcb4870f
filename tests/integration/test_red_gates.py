"""Nobody gets stuck: each planted fault is said on a page that has the button which mends it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.content import service as changes
from bot.content.candidates.comparing import Flip, Measured, Report, TopicComparison, gates
from bot.content.change import AddSentences, EditAnswer
from bot.content.evaluation.golden import Mistake
from bot.content.store import changes_in
from bot.content.tables import CandidateRow
from bot.ops import jobs
from bot.reply.responses import Responses
from bot.staff.roles import Role
from tests.conftest import free_port
from tests.databases import make_seeded
from tests.inbox_talks import fill
from tests.running_app import RunningApp
from tests.staff import ConsoleSession

DRAFT = AddSentences("faq_cost", ("will it rain in Boston tomorrow",), ())
ALIKE = Flip("will it rain tomorrow", "out_of_scope", "out_of_scope", "faq_cost", better=False)
OTHER = Flip("zebra crossing", "faq_visa", "faq_visa", "faq_cost", better=False)
FINE = TopicComparison("faq_cost", 40, 38, 38)
REFUSED = TopicComparison("out_of_scope", 40, 38, 38)
NEW_WORDS = Mistake(1, "and how long?", "it broke", "Twelve weeks are long.", ("four weeks",))
LOST_TALK = Mistake(1, "and how long?", "it broke", "I did not understand.", ())


@dataclass(frozen=True)
class Planted:
    """A red test of one draft, and the buttons of which each would mend it."""

    topics: tuple[TopicComparison, ...] = (FINE, REFUSED)
    flips: tuple[Flip, ...] = ()
    missed: tuple[Flip, ...] = ()
    mistake: Mistake | None = None
    new_ms: float = 8.0
    error: str = ""
    is_dead: bool = False
    buttons: tuple[str, ...] = ()

    def report(self) -> Report:
        played = {"A talk": "it broke" if self.mistake else ""}
        found = {"A talk": self.mistake.to_dict()} if self.mistake else {}
        measured = Measured(13_000_000, 13_000_000, 8.0, self.new_ms, played, found)
        return Report(self.topics, self.flips, gates(self.topics, measured), measured, "live", {}, self.missed)


PLANTED = {
    "a talk expects the old words": Planted(mistake=NEW_WORDS, buttons=("Accept the new words in A talk", "Withdraw")),
    "a talk is lost": Planted(mistake=LOST_TALK, buttons=("Withdraw",)),
    "a sentence is drawn away": Planted(
        topics=(FINE, replace(REFUSED, new=30)),
        flips=(ALIKE,),
        buttons=("Add the sentence to Out of scope", "Withdraw"),
    ),
    "a topic loses, and nothing new is like it": Planted(
        topics=(FINE, REFUSED, TopicComparison("faq_visa", 20, 19, 10)),
        flips=(OTHER,),
        buttons=("Add the sentence to Visa for a rotation", "Withdraw"),
    ),
    "a new question is missed": Planted(
        topics=(FINE, REFUSED, TopicComparison("faq_cost/pets", 4, None, 1)),
        missed=(replace(OTHER, intent="faq_cost/pets"),),
        buttons=("Add the sentence to cost/pets", "Withdraw"),
    ),
    "the server was busy": Planted(new_ms=90.0, buttons=("Measure again",)),
    "the draft could not be learned": Planted(error="faq_cost has 1 sentences", buttons=("Withdraw", "Test it again")),
    "the process of the test died": Planted(is_dead=True, buttons=("Test it again",)),
}


@pytest.fixture
def app(tmp_path: Path, responses: Responses, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningApp]:
    monkeypatch.setattr(jobs, "start", lambda *_, **__: 1)
    make_seeded(tmp_path / "bot.db")
    running = RunningApp(free_port(), 1, folder=tmp_path, responses=responses)
    running.start()
    yield running
    running.stop()


def plant(app: RunningApp, planted: Planted) -> int:
    """A test of one draft that ended like that; its number."""
    with app.database.unit() as session:
        changes.propose(session, "test", DRAFT)
        row = changes.ask_for_candidate(session, "test")
        row.status = "training" if planted.is_dead else "failed" if planted.error else "ready"
        row.report = None if planted.error or planted.is_dead else planted.report().to_dict()
        row.error, row.beat_at = planted.error, datetime.now(UTC) - timedelta(hours=planted.is_dead)
        return row.id


def buttons(page: str) -> list[str]:
    """What stands on the buttons of the page's own forms, for the ear too."""
    found = re.findall(r"<button[^>]*>(.*?)</button>", page.partition("<main")[2], re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split()) for text in found]


@pytest.mark.parametrize("name", PLANTED)
def test_a_red_test_has_a_button_that_mends_it(app: RunningApp, name: str) -> None:
    planted = PLANTED[name]
    number, desk = plant(app, planted), ConsoleSession(app, Role.PUBLISHER)
    here = f"/changes/candidates/{number}"
    page = desk.open(here)
    for wanted in planted.buttons:
        assert any(said.startswith(wanted) for said in buttons(page)), (wanted, buttons(page))
    assert not re.search(r"faq_|utter_", re.sub(r"<[^>]*>", " ", page))
    if "Withdraw" in planted.buttons:
        desk.send(f"{here}/withdraw", change=1)
        assert "Test again" in buttons(desk.open(here))
    elif "Test it again" in planted.buttons:
        desk.send(f"{here}/again")
        with app.database.unit() as session:
            row = session.get(CandidateRow, number)
            assert row
            assert row.status == "queued"


def test_a_new_question_with_three_faults_is_mended_by_its_buttons(app: RunningApp) -> None:
    """A sentence that stands elsewhere, a bare figure, too few ways to ask: each by a button, then it is kept."""
    asked, desk = fill(app.database)[1], ConsoleSession(app, Role.ANNOTATOR)
    here = f"/inbox/{asked}/question"
    form = {
        "topic": "faq_documents",
        "title": "Pets in the hospital",
        "answer": "No. Ask the hospital; the deposit of $350 stays the same.",
        "message": str(asked),
        # The fourth, with the message, is held out; it stands among the training sentences of another question.
        "ways": "can my parrot come along to the ward\nis a hamster welcome there\ndo I have to pay a deposit",
    }
    refused = desk.send(here, **form)
    assert refused.status_code == 422
    page = refused.text
    pressed = []
    while way := next(iter(re.findall(r'name="mend" value="([^"]*)"', page)), ""):
        pressed.append(html.unescape(way))
        mended = desk.send(here, **form, mend=pressed[-1])
        assert mended.status_code == 200
        for field in ("ways", "answer"):
            found = re.search(rf'<textarea name="{field}"[^>]*>(.*?)</textarea>', mended.text, re.DOTALL)
            assert found
            form[field] = html.unescape(found[1])
        answer = desk.send(here, **form)
        page = answer.text if answer.status_code == 422 else ""
    assert {way.partition(":")[0] for way in pressed} == {"leave_out", "name_fact", "more"}
    assert answer.headers["location"] == "/staff/inbox"
    with app.database.unit() as session:
        (kept,) = changes.read_all(session, [row.id for row in changes_in(session, "pending")])
    assert "$350" not in kept.answer


def test_a_bare_figure_in_an_answer_is_named_by_a_button(app: RunningApp) -> None:
    desk, here = ConsoleSession(app, Role.ANNOTATOR), "/answers/utter_faq_discount_code"
    form = {
        "text": "The deposit of $350 stays as it is; the code takes off the fee of the application alone.",
        "variant": "",
        "reviewed": "2026-11-26",
        "source_title": "US clinical rotations FAQ",
        "source_url": "",
        "source_date": "",
    }
    refused = desk.send(here, **form, verb="propose")
    assert refused.status_code == 422
    button = re.search(r'name="mend" value="(name_fact:350 project_img_deposit_usd)"', refused.text)
    assert button, refused.text
    mended = desk.send(here, **form, mend=button[1])
    named = "deposit of {project_img_deposit_usd} stays"
    assert named in mended.text
    kept = desk.send(here, **form | {"text": form["text"].replace("deposit of $350 stays", named)}, verb="propose")
    assert kept.status_code == 303, re.findall(r"<li>.*?</li>", kept.text.partition("Not kept")[2])[:3]
    with app.database.unit() as session:
        (edit,) = changes.read_all(session, [row.id for row in changes_in(session, "pending")])
    assert isinstance(edit, EditAnswer)
