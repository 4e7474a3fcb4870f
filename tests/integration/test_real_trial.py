"""A chat with a test before it is published, with the real engine: started, asked, begun anew, ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from bot.content import service as changes
from bot.content.candidates import trial
from bot.content.change import AddSentences
from bot.content.tables import CandidateRow
from bot.ops import jobs, training
from bot.programs.upkeep.store import find_program
from bot.reply.responses import Responses
from bot.settings import Settings
from bot.staff.roles import Role
from tests import trained
from tests.conftest import free_port
from tests.running_app import RunningApp, wait_until
from tests.staff import ConsoleSession

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.fixture
def app(tmp_path: Path, responses: Responses) -> Iterator[RunningApp]:
    trained.share(tmp_path)
    running = RunningApp(free_port(), 1, folder=tmp_path, responses=responses)
    running.start()
    yield running
    running.stop()


def test_a_test_is_tried_in_a_chat(app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Thread] = []

    def start(verb: str, number: str, *, settings: Settings) -> int:
        assert verb == "try"
        started.append(Thread(target=trial.run, args=(settings, app.database, int(number))))
        started[-1].start()
        return 1

    monkeypatch.setattr(jobs, "start", start)
    with app.database.unit() as session:
        changes.propose(session, "test", AddSentences("faq_cost", ("what is the damage",), ()))
        row = changes.ask_for_candidate(session, "test")
        row.status, row.model_path, number = "ready", str(training.current(app.settings)), row.id
        edited = find_program(session, "griffin-hospital-clinical-observership")
        assert edited
        next(fee for fee in edited.fees if fee.kind == "program").usd_min = 777
        next(fee for fee in edited.fees if fee.kind == "program").usd_max = 777
    desk, viewer = ConsoleSession(app, Role.ANNOTATOR), ConsoleSession(app, Role.VIEWER)
    here = f"/changes/candidates/{number}/trial"
    assert "Start the chat" in desk.open(here)
    assert "Start the chat" not in viewer.open(here)
    assert viewer.send(here).status_code == 403
    desk.send(here)
    desk.send(here)
    assert len(started) == 1, "one engine, however often the button is pressed"
    assert desk.http.get(f"{here}/state").json()["is_working"]
    wait_until(lambda: not desk.http.get(f"{here}/state").json()["is_working"], seconds=240)
    desk.send(f"{here}/say", text="/forget_me how much does a rotation usually cost?")
    page = desk.open(here)
    assert "forget_me how much does a rotation usually cost?" in page, "nobody forces an intent by a slash"
    assert '<li class="bot"' in page
    desk.send(f"{here}/say", text="how much is Griffin Hospital?")
    assert "USD 777" in desk.open(here), "it knows what staff edited"
    desk.send(f"{here}/say", text="/greet", title="Hello")
    assert '<p class="said lines" dir="auto">Hello</p>' in desk.open(here)
    desk.send(f"{here}/again")
    assert "Ask it what people would ask." in desk.open(here)
    desk.send(f"{here}/end")
    started[0].join(60)
    assert not started[0].is_alive(), "the engine ends when the trial does"
    desk.send(f"{here}/say", text="hello?")
    assert "has ended" in desk.open(here)
    with app.database.unit() as session:
        kept = session.get(CandidateRow, number)
        assert kept
        kept.model_path = ""
    assert desk.http.get(here).status_code == 404
