"""The pages of changes, candidates, versions and answers, used as staff use them; no engine runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.console import candidate_pages
from bot.content import service as changes
from bot.content.candidates.comparing import Measured, Report, compare
from bot.content.edit.answers import read_answers
from bot.content.edit.sentences import Sentence
from bot.content.evaluation.golden import Mistake
from bot.content.releases.publishing import enter
from bot.content.service import AddSentences, EditAnswer, EditDialogue
from bot.content.store import changes_in
from bot.content.tables import CandidateRow, ChangeRow
from bot.handoff.service import HandoffPolicy, ask_for_person
from bot.handoff.tables import HandoffRow
from bot.ops import jobs
from bot.reply.responses import Responses
from bot.settings import ROOT, Settings
from bot.staff.roles import Role
from bot.staff.store import audit_entries
from tests.conftest import free_port
from tests.databases import make_seeded
from tests.inbox_talks import fill
from tests.running_app import RunningApp
from tests.staff import ConsoleSession

BROKEN = Mistake(1, "and how long?", "it broke", "Twelve weeks are a long time for that.", ("four weeks",))
MORE = AddSentences("faq_cost", ("what is the damage",), ("how deep into my pocket",))


@pytest.fixture
def app(tmp_path: Path, responses: Responses) -> Iterator[RunningApp]:
    make_seeded(tmp_path / "bot.db")
    running = RunningApp(free_port(), 1, folder=tmp_path, responses=responses)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What would have been started as a child process."""
    words: list[tuple[str, ...]] = []

    def note(*said: str, settings: Settings | None = None) -> int:
        words.append(said)
        return 1

    monkeypatch.setattr(jobs, "start", note)
    return words


def report(*, is_green: bool) -> Report:
    sentences = [Sentence("faq_cost", "price?"), Sentence("out_of_scope", "rain?")]
    right = {"price?": ("faq_cost",), "rain?": ("out_of_scope",)}
    new = right if is_green else {**right, "rain?": ("faq_visa",)}
    played = {"A talk": "" if is_green else "it broke <b>here</b>"}
    mistakes = {} if is_green else {"A talk": BROKEN.to_dict()}
    measured = Measured(13_000_000, 13_100_000, 8.0, 8.4, played, mistakes)
    known = frozenset({"faq_cost", "out_of_scope"})
    made = compare(sentences, right, new, known=known, measured=measured, live_model="rotation-1.tar.gz")
    made.seconds.update({"building": 1.0, "training": 30.0})
    return made


def candidate(app: RunningApp, *, is_green: bool = True, status: str = "ready") -> int:
    with app.database.unit() as session:
        row = changes.ask_for_candidate(session, "test")
        row.status, row.report = status, report(is_green=is_green).to_dict()
        row.model_path = str(app.settings.var / "models" / "rotation-2.tar.gz")
        return row.id


def propose(app: RunningApp) -> int:
    with app.database.unit() as session:
        return changes.propose(session, "test", MORE).id


def flash(desk: ConsoleSession, path: str) -> str:
    found = re.search(r'role="(?:status|alert)">(.+?)</p>', desk.open(path), re.DOTALL)
    return found[1] if found else ""


def test_a_change_is_seen_withdrawn_and_restored_and_all_of_it_is_audited(app: RunningApp) -> None:
    number, desk = propose(app), ConsoleSession(app, Role.ANNOTATOR)
    page = desk.open("/changes")
    assert "what is the damage" in page
    assert "Test the drafts" not in page, "an annotator does not train"
    assert desk.send(f"/changes/{number}/withdraw").status_code == 303
    with app.database.unit() as session:
        assert changes_in(session, "withdrawn")[0].decided_by == "the-annotator"
    desk.send(f"/changes/{number}/restore")
    with app.database.unit() as session:
        assert [row.id for row in changes_in(session, "pending")] == [number]
        audited = [entry.action for entry in audit_entries(session) if entry.staff_name == "the-annotator"]
    assert audited.count("move change") == 2
    assert "not withdrawn" in (desk.send(f"/changes/{number}/restore") and flash(desk, "/changes"))


NAMES = re.compile(r"\b(?:utter|faq|action)_\w+|\b\w+=\w+|\b[0-9a-f]{32}\b|\bthird_party\b")


def test_no_page_speaks_in_names(app: RunningApp) -> None:
    desk, ids = ConsoleSession(app), fill(app.database)
    with app.database.unit() as session:
        for change in (MORE, EditAnswer("utter_faq_visa", "route=third_party", "Ask the agency first.")):
            changes.propose(session, "test", change)
        enter(session, app.settings.var / "gone.tar.gz", "a3f1" * 8, change_ids=[], by="ann", note="At first")
        assert ask_for_person(session, HandoffPolicy.of(app.settings), "web:talk", now=datetime.now(UTC))
        talk = session.scalars(select(HandoffRow.id)).one()
    number = candidate(app, is_green=False)
    for path in (
        "/",
        "/inbox",
        f"/inbox/{ids[0]}",
        f"/inbox/{ids[5]}",
        f"/inbox/{ids[1]}/question",
        "/changes",
        f"/changes/candidates/{number}",
        f"/changes/candidates/{number}/trial",
        "/changes/versions",
        "/answers",
        "/answers?kind=all",
        "/answers/utter_faq_direct_vs_third_party",
        "/handoff",
        f"/handoff/{talk}",
        "/handoff/replies",
        "/discovery",
        "/discovery/map",
        "/insights",
        "/programs",
        "/programs/ace-md-rotations",
        "/coverage",
        "/users",
        "/websites",
        "/account",
    ):
        page = re.sub(r"(?s)<textarea.*?</textarea>|<ul class=.plain facts.*?</ul>", "", desk.open(path))
        shown = " ".join(re.sub(r"<[^>]*>", " ", page).split())
        assert NAMES.findall(shown) == [], path


def test_a_word_is_proposed_and_one_with_another_meaning_is_not(app: RunningApp) -> None:
    desk = ConsoleSession(app, Role.ANNOTATOR)
    assert '<option value="specialty/dermatology">dermatology' in desk.open("/changes")
    desk.send("/changes/words", thing="specialty/dermatology", words="skin medicine, Skin  care\ndermy")
    assert "kept as a draft" in flash(desk, "/changes")
    with app.database.unit() as session:
        [row] = changes_in(session, "pending")
    assert row.payload["words"] == ["skin medicine", "Skin care", "dermy"]
    assert "“skin medicine”" in desk.open("/changes")
    for thing, words, problem in (
        ("specialty/surgery", "peds", "means pediatrics already"),
        ("specialty/dermatologie", "skins", "does not know dermatologie"),
        ("", "skins", "Choose what the word means"),
        ("specialty/surgery", " , ", "at least one word"),
    ):
        desk.send("/changes/words", thing=thing, words=words)
        assert problem in flash(desk, "/changes")
    assert ConsoleSession(app, Role.VIEWER).send("/changes/words", thing="exam/step1", words="x").status_code == 403
    with app.database.unit() as session:
        assert len(changes_in(session, "pending")) == 1


def test_training_writes_a_row_starts_a_child_and_shows_its_progress(
    app: RunningApp, started: list[tuple[str, ...]]
) -> None:
    propose(app)
    desk = ConsoleSession(app, Role.PUBLISHER)
    answer = desk.send("/changes/train")
    assert answer.headers["location"] == "/staff/changes/candidates/1"
    assert started == [("train", "1")]
    assert 'data-progress="/staff/changes/candidates/1/progress"' in desk.open("/changes/candidates/1")
    with app.database.unit() as session:
        row = session.get(CandidateRow, 1)
        assert row
        row.status, row.progress, row.step = "training", 40, "Training the candidate, 12 s"
    told = desk.http.get("/changes/candidates/1/progress").json()
    assert told == {
        "status": "training",
        "progress": 40,
        "step": "Training the candidate, 12 s",
        "is_working": True,
    }


def test_nothing_pending_starts_nothing(app: RunningApp, started: list[tuple[str, ...]]) -> None:
    desk = ConsoleSession(app, Role.PUBLISHER)
    desk.send("/changes/train")
    assert "no draft to test" in flash(desk, "/changes")
    assert started == []


def test_a_candidate_whose_process_died_is_said_and_can_be_started_again(
    app: RunningApp, started: list[tuple[str, ...]]
) -> None:
    propose(app)
    number, desk = candidate(app, status="training"), ConsoleSession(app, Role.PUBLISHER)
    desk.send(f"/changes/candidates/{number}/again")
    assert started == [], "somebody works on it"
    with app.database.unit() as session:
        row = session.get(CandidateRow, number)
        assert row
        row.beat_at = row.asked_at - 2 * candidate_pages.SILENT
    assert "ended without a word" in desk.open(f"/changes/candidates/{number}")
    desk.send(f"/changes/candidates/{number}/again")
    assert started == [("train", str(number))]


def test_a_red_gate_is_explained_and_only_an_admin_gets_past_it(app: RunningApp) -> None:
    propose(app)
    number, publisher = candidate(app, is_green=False), ConsoleSession(app, Role.PUBLISHER)
    here = f"/changes/candidates/{number}"
    page = publisher.open(here)
    assert "A gate is red" in page
    assert "it broke &lt;b&gt;here&lt;/b&gt;" in page
    assert "An admin may publish it" in page
    publisher.send(f"{here}/publish")
    assert "a gate is red" in flash(publisher, here)
    publisher.send(f"{here}/publish", reason="I want it")
    assert "Only an admin" in flash(publisher, here)
    admin = ConsoleSession(app, Role.ADMIN)
    assert "Publish all the same" in admin.open(here)
    admin.send(f"{here}/publish", reason="the dialogue is out of date")
    assert "model file is gone" in flash(admin, here), "past the gate, it fails only because there is no model"


def test_every_red_gate_has_a_button_that_mends_it(app: RunningApp, started: list[tuple[str, ...]]) -> None:
    change = propose(app)
    number, desk = candidate(app, is_green=False), ConsoleSession(app, Role.PUBLISHER)
    here = f"/changes/candidates/{number}"
    page = desk.open(here)
    assert "After “and how long?” it expects <code>four weeks</code>" in page
    assert 'value="Twelve weeks are a long time"' in page, "the new words are proposed"
    assert "“rain?” belongs to <strong>Out of scope" in page
    assert "Withdraw draft 1" in page
    assert "Test again" not in page, "nothing is mended yet"
    desk.send(f"{here}/expect", dialogue="A talk", says="Twelve weeks are a long time")
    desk.send(f"{here}/sentences", intent="out_of_scope", sentences="will there be snow on the roads in Boston")
    desk.send(f"{here}/expect", dialogue="Another talk", says="x")
    assert "does not wait for other words" in flash(desk, here)
    desk.send(f"{here}/sentences", intent="faq_nowhere", sentences="where is it")
    assert "no topic faq_nowhere" in flash(desk, here)
    with app.database.unit() as session:
        expected, sentences = changes.read_all(session, [row.id for row in changes_in(session, "pending")])[1:]
    assert expected == EditDialogue("A talk", 1, "and how long?", ("four weeks",), ("Twelve weeks are a long time",))
    assert sentences == AddSentences("out_of_scope", ("will there be snow on the roads in Boston",))
    assert "2 mended since" in desk.open(here)
    desk.send(f"{here}/withdraw", change=change)
    desk.send("/changes/train")
    assert started == [("train", str(number + 1))]
    with app.database.unit() as session:
        again = session.get(CandidateRow, number + 1)
        assert again
        assert change not in again.change_ids
        assert len(again.change_ids) == 2


def test_content_that_could_not_be_trained_can_be_withdrawn_where_it_is_said(app: RunningApp) -> None:
    propose(app)
    number, desk = candidate(app, status="failed"), ConsoleSession(app, Role.ANNOTATOR)
    with app.database.unit() as session:
        row = session.get(CandidateRow, number)
        assert row
        row.report, row.error = None, "faq_canteen has 1 sentences"
    assert "Withdraw draft 1" in desk.open(f"/changes/candidates/{number}")
    assert "Withdraw draft 1" not in ConsoleSession(app, Role.VIEWER).open(f"/changes/candidates/{number}")


def test_a_green_candidate_can_be_published_or_rejected(app: RunningApp) -> None:
    propose(app)
    number, desk = candidate(app), ConsoleSession(app, Role.PUBLISHER)
    assert "Every gate is green" in desk.open(f"/changes/candidates/{number}")
    desk.send(f"/changes/candidates/{number}/reject", reason="not yet")
    with app.database.unit() as session:
        row = session.get(CandidateRow, number)
        assert row
        assert (row.status, row.decided_by, row.reason) == ("rejected", "the-publisher", "not yet")
        assert session.get(ChangeRow, 1).state == "pending"


def test_publishing_without_an_engine_changes_nothing_and_says_so(app: RunningApp) -> None:
    propose(app)
    number, desk = candidate(app), ConsoleSession(app, Role.PUBLISHER)
    model = app.settings.var / "models" / "rotation-2.tar.gz"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"no archive")
    desk.send(f"/changes/candidates/{number}/publish")
    assert "cannot be read" in flash(desk, f"/changes/candidates/{number}")
    with app.database.unit() as session:
        assert session.get(CandidateRow, number).status == "ready"
        assert session.get(ChangeRow, 1).state == "pending"


def test_versions_are_listed_and_the_way_back_is_offered_to_publishers(app: RunningApp) -> None:
    with app.database.unit() as session:
        for note in ("The repository's content", "1 sentences for faq_cost"):
            enter(session, app.settings.var / "gone.tar.gz", "abc", change_ids=[], by="ann", note=note)
    assert "Go back to 1" not in ConsoleSession(app, Role.ANNOTATOR).open("/changes/versions")
    desk = ConsoleSession(app, Role.PUBLISHER)
    page = desk.open("/changes/versions")
    assert "Go back to 1" in page
    assert "Go back to 2" not in page, "it is live"
    desk.send("/changes/versions/1/rollback")
    assert "is gone" in flash(desk, "/changes/versions")


def test_answers_are_found_by_their_words(app: RunningApp) -> None:
    desk = ConsoleSession(app, Role.VIEWER)
    assert "/staff/answers/utter_faq_discount_code" in desk.open("/answers", q="SAIOO250")
    assert "/staff/answers/utter_faq_visa" not in desk.open("/answers", q="SAIOO250"), "a figure is found as it is read"
    assert "/staff/answers/utter_greet" in desk.open("/answers", kind="all", q="utter_greet")
    assert "Propose" not in desk.open("/answers/utter_faq_cost")


def fields(desk: ConsoleSession, key: str, variant: str = "") -> dict[str, str | list[str]]:
    """The fields of an answer's form as they come."""
    chosen = read_answers(ROOT)[key].variant(variant)
    assert chosen
    return {
        "variant": variant,
        "text": chosen.text,
        "reviewed": chosen.reviewed,
        "source_title": [item.title for item in chosen.sources],
        "source_url": [item.url for item in chosen.sources],
        "source_date": [item.date for item in chosen.sources],
        "button_title": [item.title for item in chosen.buttons],
        "button_payload": [item.payload for item in chosen.buttons],
    }


def test_an_edit_is_previewed_on_both_channels_and_proposed(app: RunningApp) -> None:
    desk, key = ConsoleSession(app, Role.ANNOTATOR), "utter_faq_duration"
    filled = fields(desk, key) | {"text": "**Four** weeks <script>.\n\n- more is *better*"}
    page = desk.send(f"/answers/{key}", **filled, verb="preview").text
    assert "<strong>Four</strong> weeks &lt;script&gt;" in page
    assert "<b>Four</b>" in page
    answer = desk.send(f"/answers/{key}", **filled | {"text": "**Four** weeks. " + "Good words. " * 20}, verb="propose")
    assert answer.status_code == 303, answer.text
    with app.database.unit() as session:
        (row,) = changes_in(session, "pending")
        (edit,) = changes.read_all(session, [row.id])
    assert asdict(edit) | {"text": ""} == {
        "key": key,
        "variant": "",
        "text": "",
        "sources": None,
        "reviewed": None,
        "buttons": None,
    }
    assert "Good words" in desk.open(f"/answers/{key}"), "the desk shows what is pending"
    assert ">draft<" in desk.open("/answers", q="Good words")


def test_an_answer_of_an_aspect_is_shown_with_its_figures_and_edited_like_any_other(app: RunningApp) -> None:
    desk, key = ConsoleSession(app, Role.ANNOTATOR), "utter_faq_cost/deposit"
    assert f"/staff/answers/{key}" in desk.open("/answers", q=key)
    page = desk.open(f"/answers/{key}")
    assert "{project_img_deposit_usd}" in page, "the text to edit names the fact"
    assert "$350 at Project IMG" in page, "the previews say its figure"
    filled = fields(desk, key) | {"text": "Plan with {amo_down_payment_usd} at AMO, which we work with."}
    answer = desk.send(f"/answers/{key}", **filled, verb="propose")
    assert answer.status_code == 303, answer.text
    assert "$899 at AMO" in desk.open(f"/answers/{key}")


def test_words_are_put_live_by_publishers_and_what_cannot_be_checked_stays_where_it_is(app: RunningApp) -> None:
    key, text = "utter_faq_duration/usual_length", "As a rule a month, so that the physicians get to know you well."
    annotator = ConsoleSession(app, Role.ANNOTATOR)
    assert "Put live now" not in annotator.open(f"/answers/{key}")
    sent = fields(annotator, key) | {"text": text}
    assert annotator.send(f"/answers/{key}", **sent, verb="publish").status_code == 403
    desk = ConsoleSession(app, Role.PUBLISHER)
    answer = desk.send(f"/answers/{key}", **sent, verb="publish")
    assert answer.status_code == 422, "no engine runs, so nobody knows what its talks ask for"
    assert "They could not be asked" in answer.text
    assert text in answer.text
    with app.database.unit() as session:
        assert changes_in(session, "pending") == []
        changes.propose(session, "ann", EditAnswer(key, "", text))
    assert "Put it live now" in desk.open("/changes")
    assert "Put it live now" not in annotator.open("/changes")
    propose(app)
    assert "Put the answers live now" in desk.open("/changes")


@pytest.mark.parametrize(
    ("key", "sent", "said"),
    [
        ("utter_faq_duration", {"text": " "}, "cannot be empty"),
        ("utter_faq_duration", {"button_title": ["Go"], "button_payload": ["/nowhere"]}, "unknown intent /nowhere"),
        ("utter_faq_duration", {"source_title": []}, "no sources"),
        ("utter_faq_duration", {"text": "It costs {price}."}, "names the fact price"),
        ("utter_faq_cost/deposit", {"text": "It costs $350."}, "says 350; name the fact"),
        ("utter_cost_line", {"text": "It costs {amount}."}, "{label} is missing"),
    ],
)
def test_an_edit_against_the_content_rules_comes_back_with_the_reason(
    app: RunningApp, key: str, sent: dict[str, str | list[str]], said: str
) -> None:
    desk = ConsoleSession(app, Role.ANNOTATOR)
    answer = desk.send(f"/answers/{key}", **fields(desk, key) | sent, verb="propose")
    assert answer.status_code == 422
    assert said in answer.text
    with app.database.unit() as session:
        assert changes_in(session, "pending") == []


def test_content_in_a_former_layout_is_no_patch_and_the_page_says_why(app: RunningApp) -> None:
    propose(app)
    number = candidate(app)
    (app.settings.var / "content" / "rotation-2" / "data" / "nlu").mkdir(parents=True)
    answer = ConsoleSession(app, Role.VIEWER).http.get(f"/changes/candidates/{number}/patch")
    assert answer.status_code == 409
    assert "before all training sentences stood in data/nlu.yml" in answer.text
