"""A talk goes to staff and comes back: through the real console, the web API and PostgreSQL, races included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import DELIVERY, HANDOFF, TYPING
from bot.handoff import service
from bot.handoff.service import HandoffPolicy
from bot.handoff.store import open_handoff
from bot.handoff.tables import HandoffRow
from bot.programs.tables import FactRecord
from bot.reply.responses import Responses
from bot.staff.roles import Role
from bot.staff.tables import AuditEntry
from bot.telegram.outbox_sender import Timing
from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.integration.handoff_people import AgentDesk
from tests.postgres import PostgresServer
from tests.running_app import RunningApp, Visitor, in_background, wait_until, words_of

NAMES = {"maria": "Maria"}


@pytest.fixture
def app(
    tmp_path: Path, engine: FakeEngine, responses: Responses, postgres_server: PostgresServer
) -> Iterator[RunningApp]:
    running = RunningApp(
        free_port(),
        engine.port,
        folder=tmp_path,
        responses=responses,
        timing=Timing(sweep=0.2),
        database_url=postgres_server.migrated(),
        workers=(DELIVERY, HANDOFF),
        staff_names=NAMES,
        handoff_silence_hours=5,
    )
    running.start()
    yield running
    running.stop()
    running.database.engine.dispose()


@pytest.fixture
def maria(app: RunningApp) -> AgentDesk:
    return AgentDesk(app, "maria")


def ask_for_person(app: RunningApp, visitor: Visitor, *, wanted: bool = True) -> int:
    """What the action does."""
    with app.database.unit() as session:
        asked = service.ask_for_person(
            session, HandoffPolicy.of(app.settings), visitor.conversation, now=datetime.now(UTC)
        )
        assert asked is not None
        assert asked.is_new
        service.want_address(session, visitor.conversation, is_wanted=wanted)
        row = open_handoff(session, visitor.conversation)
        assert row is not None
        return row.id


def test_who_listens_at_another_application_sees_that_staff_write_until_they_have_written(
    app: RunningApp, visitor: Visitor, maria: AgentDesk, tmp_path: Path, engine: FakeEngine
) -> None:
    visitor.ask("hello bot")
    number = ask_for_person(app, visitor)
    maria.act(number, "take")
    elsewhere = RunningApp(
        free_port(), engine.port, folder=tmp_path, database_url=app.settings.database_url, workers=(TYPING,)
    )
    elsewhere.start()
    try:
        there = Visitor(elsewhere.url, {"conversation": visitor.conversation, "token": visitor.token})

        def typing(seconds: float) -> str:
            last = visitor.history()[-1]["seq"]
            answer = there.http.get("/events", params={"after": last, "wait": seconds}, timeout=seconds + 5)
            name: str = answer.json()["typing"]
            return name

        heard: list[str] = []
        waiting = in_background(lambda: heard.append(typing(10)))
        wait_until(lambda: bool(elsewhere.app and len(elsewhere.app.state.web.delivery.notifier)))
        assert maria.act(number, "typing").status_code == 204
        waiting.join(15)
        assert heard == ["Maria"]
        maria.act(number, "typing")
        maria.act(number, "answer", text="Here I am.", key="1")
        assert typing(1.5) == ""
    finally:
        elsewhere.stop()


def test_the_whole_way(app: RunningApp, visitor: Visitor, maria: AgentDesk, engine: FakeEngine) -> None:
    visitor.ask("hello bot")
    number = ask_for_person(app, visitor)
    assert f"Talk {number}" in maria.see("/handoff")
    assert "hello bot" in maria.see(f"/handoff/{number}")

    heard: list[list[dict]] = []
    last = visitor.history()[-1]["seq"]
    waiting = in_background(lambda: heard.append(visitor.wait_for(last)))
    assert "You have this talk now" in maria.act(number, "take").text
    waiting.join(30)
    assert "<strong>" not in words_of(heard[0][0])
    assert "Maria** has joined" in words_of(heard[0][0])

    held = visitor.ask("are you a person?")
    assert (held["status"], held["replies"]) == ("answered", [])
    assert "are you a person?" not in engine.turns(visitor.conversation)
    assert "are you a person?" in maria.see(f"/handoff/{number}/new?after={last}")

    assert "Sent." in maria.act(number, "answer", text="I am. **Ask** me.", key="k1").text
    maria.act(number, "answer", text="I am. **Ask** me.", key="k1")
    (answer,) = visitor.wait_for(heard[0][0]["seq"])
    assert answer["reply"]["parts"] == [{"type": "text", "text": "I am. **Ask** me.", "speaker": "Maria"}]

    maria.act(number, "close")
    assert "I'm the bot again" in words_of(visitor.wait_for(answer["seq"])[0])
    assert visitor.ask("and now?")["replies"]
    said = [entry.get("text") for entry in visitor.history() if entry["from"] == "visitor"]
    assert said == ["hello bot", "are you a person?", "and now?"]
    with app.database.unit() as session:
        log = session.query(AuditEntry).filter_by(subject=f"handoff {number}").order_by(AuditEntry.id)
        actions = [row.action for row in log]
    assert actions == ["take over a talk", "answer a person", "answer a person", "close a talk"]


def test_of_two_who_take_the_same_talk_one_wins_and_the_other_is_told(
    app: RunningApp, visitor: Visitor, maria: AgentDesk
) -> None:
    others = [maria, *(AgentDesk(app, f"clerk{number}") for number in range(3))]
    for _ in range(3):
        number = ask_for_person(app, visitor)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda clerk, number=number: clerk.act(number, "take"), others))
        won = [clerk for clerk, answer in zip(others, answers, strict=True) if "You have this talk now" in answer.text]
        assert len(won) == 1
        refused = [answer for answer in answers if answer.status_code == 409]
        assert len(refused) == 3
        assert all(f"{won[0].name} has this talk." in answer.text for answer in refused)
        assert won[0].act(number, "close").status_code == 200
    joined = [entry for entry in visitor.history() if entry["from"] == "bot" and "has joined" in words_of(entry)]
    assert len(joined) == 3


def test_somebody_else_cannot_answer_and_their_words_are_kept(
    app: RunningApp, visitor: Visitor, maria: AgentDesk
) -> None:
    omar = AgentDesk(app, "omar")
    number = ask_for_person(app, visitor)
    page = omar.see(f"/handoff/{number}")
    assert "Take over" in page
    maria.act(number, "take")
    refused = omar.act(number, "answer", text="my long answer", key="k")
    assert refused.status_code == 409
    assert "maria has this talk." in refused.text
    assert "my long answer" in refused.text
    assert visitor.history()[-1]["from"] == "bot"
    assert "my long answer" not in str(visitor.history())


def test_two_who_ask_in_the_same_moment_are_one_line(app: RunningApp, visitor: Visitor, maria: AgentDesk) -> None:
    def ask(_: int) -> bool:
        with app.database.unit() as session:
            asked = service.ask_for_person(
                session, HandoffPolicy.of(app.settings), visitor.conversation, now=datetime.now(UTC)
            )
            return asked is not None

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(ask, range(12)))
    with app.database.unit() as session:
        assert session.query(HandoffRow).filter_by(conversation_id=visitor.conversation).count() == 1


def test_no_message_falls_between_bot_and_staff(
    app: RunningApp, visitor: Visitor, maria: AgentDesk, engine: FakeEngine
) -> None:
    """While a talk is taken and given back again and again, every message is either answered or seen by staff."""
    number = ask_for_person(app, visitor)

    def write(at: int) -> tuple[str, bool]:
        said = f"message {at}"
        return said, bool(visitor.ask(said)["replies"])

    with ThreadPoolExecutor(3) as pool:
        written = [pool.submit(write, at) for at in range(18)]
        for _ in range(3):
            assert maria.act(number, "take").status_code == 200
            assert maria.act(number, "give-back").status_code == 200
        answered = dict(item.result() for item in written)
    heard = engine.turns(visitor.conversation)
    assert sorted(heard) == sorted(said for said, is_answered in answered.items() if is_answered)
    in_history = [entry["text"] for entry in visitor.history() if entry["from"] == "visitor"]
    assert sorted(in_history) == sorted(answered)


def test_an_address_is_seen_by_who_may_and_the_log_says_who_looked(
    app: RunningApp, visitor: Visitor, maria: AgentDesk
) -> None:
    viewer = AgentDesk(app, "vera", Role.VIEWER)
    number = ask_for_person(app, visitor)
    visitor.ask("write to ana@example.com")
    assert "ana@example.com" not in maria.see(f"/handoff/{number}") + maria.see("/handoff") + str(visitor.history())
    assert "[e-mail]" in maria.see(f"/handoff/{number}")
    assert viewer.act(number, "reveal").status_code == 403
    shown = maria.act(number, "reveal")
    assert "ana@example.com" in shown.text
    assert "set-cookie" not in shown.headers
    with app.database.unit() as session:
        looks = session.query(AuditEntry).filter_by(action="look at an address", subject=f"handoff {number}")
        assert [row.staff_name for row in looks] == ["maria"]
        stored = str(session.execute(text("select * from contacts")).all())
    assert "ana@" not in stored


def test_what_staff_write_down_is_theirs_alone_and_goes_with_the_talk(
    app: RunningApp, visitor: Visitor, maria: AgentDesk
) -> None:
    number = ask_for_person(app, visitor)
    visitor.ask("is anybody there?")
    assert "Noted" in maria.act(number, "note", text="Wants a letter; write to ana@example.com").text
    assert "Tagged" in maria.act(number, "tags", tags=" Visa , letter,visa").text
    page = maria.see(f"/handoff/{number}")
    assert "Wants a letter; write to [e-mail]" in page
    assert 'value="visa, letter"' in page
    assert "is anybody there?" in re.sub(r'(?s)<section class="pane talk-pane".*', "", page)
    too_long = maria.act(number, "note", text="x" * 2_001)
    assert (too_long.status_code, "x" * 2_001 in too_long.text) == (422, True)
    assert "letter" not in str(visitor.history())
    visitor.http.delete("/conversations/current")
    with app.database.unit() as session:
        assert session.execute(text("select count(*) from handoff_notes")).scalar() == 0


def test_a_talk_is_assigned_and_the_person_says_whether_it_helped(
    app: RunningApp, visitor: Visitor, maria: AgentDesk, engine: FakeEngine
) -> None:
    omar, number = AgentDesk(app, "omar"), ask_for_person(app, visitor)
    assert maria.staff
    assert "Assigned" in omar.act(number, "assign", to=str(maria.staff.id)).text
    assert "Maria** has joined" in words_of(visitor.history()[-1])
    assert omar.act(number, "assign", to=str(maria.staff.id)).status_code == 409
    assert "Sent." in maria.act(number, "answer", text="Yes.", key="k").text
    maria.act(number, "close")
    closed = visitor.history()[-1]["reply"]
    helped = closed["suggestions"][0]["payload"]
    answer = visitor.send(payload=helped).json()
    assert words_of(answer["replies"][0]) == "Thank you; the team sees that."
    assert engine.turns(visitor.conversation) == []
    assert "The person says: it helped" in maria.see(f"/handoff/{number}")


def test_nobody_is_asked_whether_it_helped_when_nobody_was_there(
    app: RunningApp, visitor: Visitor, maria: AgentDesk
) -> None:
    maria.act(ask_for_person(app, visitor), "close")
    assert visitor.history()[-1]["reply"]["suggestions"] == []


def test_a_ready_reply_is_filled_in_and_its_keys_are_known(app: RunningApp, visitor: Visitor, maria: AgentDesk) -> None:
    with app.database.unit() as session:
        session.add(FactRecord(key="fee_days", value="14", unit="days", source_url="https://example.org"))
    number = ask_for_person(app, visitor)
    maria.act(number, "take")
    refused = maria.send("/handoff/replies", title="Fee", text="Within {fee_dayz} days.")
    assert refused.status_code == 422
    assert "no fact with the key fee_dayz" in refused.text
    assert "Within {fee_dayz} days." in refused.text
    assert "is ready" in maria.send("/handoff/replies", title="Fee", text="Within {fee_days} days.").text
    assert 'data-words="Within 14 days."' in maria.see(f"/handoff/{number}")
    with app.database.unit() as session:
        kept = session.execute(text("select id from ready_replies")).scalar()
    assert ">Within 14 days.</textarea>" in maria.see(f"/handoff/{number}?reply={kept}")
    assert "Deleted" in maria.send(f"/handoff/replies/{kept}/delete").text
    assert "Within 14 days." not in maria.see(f"/handoff/{number}")


@pytest.mark.parametrize("verb", ["take", "answer", "give-back", "close", "reveal", "note", "tags", "assign"])
def test_a_viewer_changes_nothing(app: RunningApp, visitor: Visitor, maria: AgentDesk, verb: str) -> None:
    viewer = AgentDesk(app, "vera", Role.VIEWER)
    number = ask_for_person(app, visitor)
    assert viewer.see(f"/handoff/{number}").count("<form") == 1  # the one to sign out
    assert viewer.act(number, verb, text="x").status_code == 403
    with app.database.unit() as session:
        row = open_handoff(session, visitor.conversation)
        assert row is not None
        assert row.state == "waiting"


@pytest.mark.parametrize("how", ["the page", "a command"])
def test_forgetting_works_during_a_hold_and_staff_see_that_it_is_gone(
    app: RunningApp, visitor: Visitor, maria: AgentDesk, how: str
) -> None:
    number = ask_for_person(app, visitor)
    visitor.ask("ana@example.com")
    maria.act(number, "take")
    if how == "the page":
        assert visitor.http.delete("/conversations/current").status_code == 204
    else:
        visitor.ask("please forget me")  # the stand-in erases at once
    assert maria.http.get(f"/handoff/{number}").status_code == 404
    assert "closed, or the person had it deleted" in maria.act(number, "answer", text="x").text
    with app.database.unit() as session:
        assert session.execute(text("select count(*) from contacts")).scalar() == 0
        assert session.execute(text("select count(*) from handoffs")).scalar() == 0


def test_when_staff_fall_silent_the_bot_speaks_again_by_itself(
    app: RunningApp, visitor: Visitor, maria: AgentDesk
) -> None:
    number = ask_for_person(app, visitor)
    maria.act(number, "take")
    after = visitor.history()[-1]["seq"]
    with app.database.unit() as session:
        row = session.get(HandoffRow, number)
        assert row is not None
        row.last_staff_at = datetime.now(UTC) - timedelta(hours=6)
    (told,) = visitor.wait_for(after)
    assert "for 5 hours" in words_of(told)
    assert visitor.ask("hello?")["replies"]
    assert "waiting" in maria.see("/handoff")


def test_a_hold_outlasts_a_restart(app: RunningApp, visitor: Visitor, maria: AgentDesk, engine: FakeEngine) -> None:
    number = ask_for_person(app, visitor)
    maria.act(number, "take")
    app.stop()
    app.start()
    assert visitor.ask("still there?")["replies"] == []
    maria.act(number, "answer", text="Yes", key="1")
    assert words_of(visitor.history()[-1]) == "Yes"
    assert engine.turns(visitor.conversation) == []


@pytest.mark.parametrize("words_sent", ["", "x" * 4_001])
def test_an_answer_has_words_and_not_too_many(
    app: RunningApp, visitor: Visitor, maria: AgentDesk, words_sent: str
) -> None:
    number = ask_for_person(app, visitor)
    maria.act(number, "take")
    refused = maria.act(number, "answer", text=words_sent)
    assert refused.status_code == 422
    assert "1 to 4,000 characters" in refused.text


def test_what_a_person_writes_is_never_markup(app: RunningApp, visitor: Visitor, maria: AgentDesk) -> None:
    number = ask_for_person(app, visitor)
    visitor.ask("<script>alert(1)</script> <img src=x onerror=alert(1)>")
    seen = maria.see(f"/handoff/{number}") + maria.see(f"/handoff/{number}/new")
    assert "<script>alert" not in seen
    assert "<img src=x" not in seen
