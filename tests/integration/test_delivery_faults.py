"""An engine that is slow, silent, broken or dead, and an application that restarts: nothing lost, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine
from tests.ports import free_port
from tests.running_app import FAST, RunningApp, Visitor, in_background, wait_until, words_of

DELAY_WORDS = "I am still working on it; your answer will appear here."


def final_answers(visitor: Visitor) -> list[str]:
    """What the visitor was told, without the lines about a delay."""
    said = [words_of(entry) for entry in visitor.history() if entry["from"] == "bot"]
    return [words for words in said if words != DELAY_WORDS]


def test_a_question_is_answered_and_both_sides_are_numbered_in_order(visitor: Visitor, engine: FakeEngine) -> None:
    answer = visitor.ask("When do I apply?", message_id="m-1")
    assert answer["status"] == "answered"
    assert [(reply["seq"], reply["in_reply_to"]) for reply in answer["replies"]] == [(2, "m-1")]
    assert words_of(answer["replies"][0]) == "You said: When do I apply?"
    history = visitor.history()
    assert [(entry["seq"], entry["from"]) for entry in history] == [(1, "visitor"), (2, "bot")]
    assert engine.metadata() == [{"message_id": "m-1", "channel": "web", "locale": "en-US"}]


def test_the_same_id_again_returns_the_same_answer_without_a_second_turn(visitor: Visitor, engine: FakeEngine) -> None:
    first = visitor.ask("Hello", message_id="m-1")
    assert visitor.ask("Something else", message_id="m-1") == first
    assert engine.turns() == ["Hello"]


def test_the_same_message_posted_in_parallel_is_one_turn(visitor: Visitor, engine: FakeEngine) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: visitor.ask("slow please", message_id="m-1"), range(6)))
    wait_until(lambda: bool(final_answers(visitor)))
    assert engine.turns() == ["slow please"]
    assert {answer["seq"] for answer in answers} == {1}
    assert len(final_answers(visitor)) == 1


def test_two_messages_of_one_conversation_stay_in_order_while_others_go_on(app: RunningApp, engine: FakeEngine) -> None:
    busy, other = app.visitor(), app.visitor()
    first = in_background(lambda: busy.ask("held first"))
    wait_until(lambda: bool(engine.turns(busy.conversation)))
    second = in_background(lambda: busy.ask("second"))
    assert other.ask("hello")["status"] == "answered"
    assert engine.turns(busy.conversation) == ["held first"]
    engine.release()
    first.join()
    second.join()
    wait_until(lambda: len(final_answers(busy)) == 2)
    assert engine.turns(busy.conversation) == ["held first", "second"]
    assert final_answers(busy) == ["You said: held first", "You said: second"]


@pytest.fixture
def patient(tmp_path: Path, engine: FakeEngine) -> Iterator[Visitor]:
    """A visitor of an application that says only after half a minute that an answer takes longer."""
    running = RunningApp(free_port(), engine.port, folder=tmp_path, pace=replace(FAST, notice=30.0))
    running.start()
    yield running.visitor()
    running.stop()


def test_an_engine_killed_in_flight_is_told_at_once_and_answered_once_later(
    patient: Visitor, engine: FakeEngine
) -> None:
    visitor, answers = patient, list[dict]()
    asking = in_background(lambda: answers.append(visitor.ask("slow question", message_id="m-1")))
    wait_until(lambda: bool(engine.turns()))
    engine.kill()
    asking.join(15)
    assert answers, "the person has to wait for the notice of a slow engine"
    assert answers[0]["status"] == "pending"
    assert [words_of(reply) for reply in answers[0]["replies"]] == [DELAY_WORDS]
    engine.start()
    late = visitor.wait_for(answers[0]["replies"][-1]["seq"])
    assert [(words_of(reply), reply["in_reply_to"]) for reply in late] == [("You said: slow question", "m-1")]
    assert visitor.ask("slow question", message_id="m-1")["status"] == "answered"
    assert final_answers(visitor) == ["You said: slow question"]


def test_an_answer_lost_on_the_way_is_recovered_without_asking_again(visitor: Visitor, engine: FakeEngine) -> None:
    engine.set("lost")
    answer = visitor.ask("only once")
    assert answer["status"] == "pending"
    wait_until(lambda: final_answers(visitor) == ["You said: only once"])
    assert engine.turns() == ["only once"]


@pytest.mark.parametrize("mode", ["silent", "broken", "forgetful", "garbage", "no_actions"])
def test_a_failing_engine_never_reaches_the_visitor_as_silence(mode: str, visitor: Visitor, engine: FakeEngine) -> None:
    engine.set(mode)
    answer = visitor.ask("hello")
    assert (answer["status"], words_of(answer["replies"][0])) == ("pending", DELAY_WORDS)
    engine.set("ok")
    wait_until(lambda: final_answers(visitor) == ["You said: hello"])


def test_a_turn_that_keeps_failing_is_given_up_and_later_ones_are_answered(
    visitor: Visitor, engine: FakeEngine
) -> None:
    assert visitor.ask("poison")["status"] == "pending"
    visitor.ask("hello")
    wait_until(lambda: final_answers(visitor) == ["I could not answer this one.", "You said: hello"])
    assert engine.turns().count("poison") == 3


def test_while_the_actions_are_down_no_turn_is_given_up(visitor: Visitor, engine: FakeEngine) -> None:
    engine.set("no_actions")
    visitor.ask("hello")
    time.sleep(1.5)
    assert final_answers(visitor) == []
    engine.set("ok")
    wait_until(lambda: final_answers(visitor) == ["You said: hello"])


def test_while_the_engine_cannot_remember_no_turn_is_given_up(visitor: Visitor, engine: FakeEngine) -> None:
    engine.set("forgetful")
    visitor.ask("hello")
    time.sleep(1.5)
    assert final_answers(visitor) == []
    engine.set("ok")
    wait_until(lambda: final_answers(visitor) == ["You said: hello"])


def test_several_messages_sent_while_the_engine_is_down_are_answered_in_order(
    visitor: Visitor, engine: FakeEngine
) -> None:
    engine.kill()
    for words in ("one", "two", "three"):
        assert visitor.ask(words)["status"] == "pending"
    engine.start()
    wait_until(lambda: len(final_answers(visitor)) == 3)
    assert final_answers(visitor) == ["You said: one", "You said: two", "You said: three"]


def test_a_slow_engine_is_asked_once_and_its_answer_follows(visitor: Visitor, engine: FakeEngine) -> None:
    answer = visitor.ask("slow one")
    assert answer["status"] == "pending"
    wait_until(lambda: final_answers(visitor) == ["You said: slow one"])
    assert engine.turns() == ["slow one"]


def test_a_pending_message_survives_a_restart_of_the_application(app: RunningApp, engine: FakeEngine) -> None:
    visitor = app.visitor()
    engine.kill()
    visitor.ask("still there?")
    app.stop()
    engine.start()
    app.start()
    wait_until(lambda: final_answers(visitor) == ["You said: still there?"])
    assert engine.turns() == ["still there?"]


def test_a_restart_in_the_middle_of_a_turn_loses_nothing(app: RunningApp, engine: FakeEngine) -> None:
    visitor = app.visitor()
    asking = in_background(lambda: visitor.send("slow and steady", message_id="m-1"))
    wait_until(lambda: bool(engine.turns()))
    app.stop()
    asking.join()
    app.start()
    wait_until(lambda: final_answers(visitor) == ["You said: slow and steady"])
