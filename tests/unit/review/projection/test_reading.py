"""What staff see of a message: outcome, trigger and facts for every way a turn can go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.review.projection.reading import Echo, Event, ReceivedMessage, Thresholds, next_look, project, turns_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIMITS = Thresholds(low=0.3, close=0.1)
MESSAGE = ReceivedMessage(7, "web:1", "m-1", "How much is it?", "How much is it?", "answered", NOON)
REPLIED = Echo(NOON + timedelta(milliseconds=840))
WORDS = {"type": "text", "text": "It depends."}


def user(*ranking: tuple[str, float], message_id: str = "m-1", **parsed: Any) -> Event:
    rows = [{"name": name, "confidence": sureness} for name, sureness in ranking]
    best = rows[0] if rows else {"name": None, "confidence": 0.0}
    return {
        "event": "user",
        "text": "How much is it?",
        "metadata": {"message_id": message_id, "model_id": "m9"},
        "parse_data": {"intent": best, "intent_ranking": rows, **parsed},
    }


def action(name: str) -> Event:
    return {"event": "action", "name": name}


def said(*parts: dict[str, Any], **notes: Any) -> Event:
    return {"event": "bot", "data": {"custom": {"version": 1, "parts": list(parts)}}, "metadata": {"notes": notes}}


def slot(name: str, value: Any) -> Event:
    return {"event": "slot", "name": name, "value": value}


SURE = user(("faq_cost", 0.8), ("estimate_cost", 0.1))
LOST = user(("nlu_fallback", 0.15), ("faq_visa", 0.12), ("faq_cost", 0.1))
FOUND = {"type": "programs", "total": 12, "cards": [{}, {}, {}]}
QUERY = slot("query", {"states": ["TX"], "specialties": ["surgery"]})


@pytest.mark.parametrize(
    ("turn", "outcome", "trigger"),
    [
        pytest.param([SURE, action("action_answer_faq"), said(WORDS)], "answered", "", id="an answer"),
        pytest.param([LOST, said(WORDS, ending="fallback")], "fallback", "fallback", id="not understood"),
        pytest.param([LOST, said(WORDS, task="cost")], "answered", "", id="the running task took it as its answer"),
        pytest.param(
            [user(("out_of_scope", 0.7), ("faq_cost", 0.1)), action("action_refuse"), said(WORDS)],
            "refused",
            "out_of_scope",
            id="out of scope",
        ),
        pytest.param([SURE, said(WORDS, ending="failed")], "failed", "failed_turn", id="an action broke"),
        pytest.param(
            [user(("request_human", 0.9), ("faq_amo", 0.01)), said(WORDS), slot("asked", "handoff_email")],
            "handed_off",
            "handoff",
            id="a person is wanted",
        ),
        pytest.param(
            [user(("request_human", 1.0), entities=[{"entity": "handoff", "value": "skip"}]), said(WORDS)],
            "answered",
            "",
            id="an address is not wanted",
        ),
        pytest.param([SURE, said(WORDS), slot("asked", "weeks")], "asked_back", "", id="only a question back"),
        pytest.param([SURE, said(WORDS, FOUND), slot("asked", "weeks")], "answered", "", id="results and a question"),
        pytest.param(
            [
                user(("faq_cost", 0.5), ("faq_visa", 0.47), ambiguous=["faq_cost", "faq_visa"]),
                said(WORDS, ending="asked_back"),
            ],
            "asked_back",
            "close_top_two",
            id="which of the two",
        ),
        pytest.param([user(("faq_cost", 0.29), ("faq_visa", 0.1)), said(WORDS)], "answered", "low_confidence", id="l"),
        pytest.param([user(("faq_cost", 0.3), ("faq_visa", 0.1)), said(WORDS)], "answered", "", id="just not low"),
        pytest.param(
            [user(("faq_cost", 0.25), ("faq_visa", 0.2)), said(WORDS)],
            "answered",
            "low_confidence",
            id="low weighs more than close",
        ),
        pytest.param(
            [
                user(("faq_cost", 0.5), ("faq_visa", 0.45), questions=[{"intent": "faq_cost"}, {"intent": "faq_visa"}]),
                said(WORDS),
            ],
            "answered",
            "",
            id="two questions are close by nature",
        ),
        pytest.param([user(), said(WORDS, ending="fallback")], "fallback", "fallback", id="nothing readable"),
    ],
)
def test_outcome_and_trigger_of_an_answered_message(turn: list[Event], outcome: str, trigger: str) -> None:
    values = project(MESSAGE, REPLIED, turn, LIMITS).values
    assert (values["outcome"], values["trigger"]) == (outcome, trigger)


@pytest.mark.parametrize(
    ("status", "echo", "turn", "outcome", "trigger", "complete"),
    [
        ("pending", Echo(), [], "pending", "", True),
        ("pending", Echo(NOON), [SURE, said(WORDS)], "pending", "", True),  # Only the delay was explained.
        ("failed", REPLIED, [], "failed", "failed_turn", False),
        ("answered", Echo(), [], "handed_off", "handoff", False),  # A person has the talk.
        ("answered", REPLIED, [], "answered", "", False),  # The engine's side comes later, or never.
        ("answered", REPLIED, [SURE], "answered", "", False),
        ("answered", replace(REPLIED, rating="down"), [SURE, said(WORDS)], "answered", "thumbs_down", True),
        ("answered", replace(REPLIED, rating="up"), [SURE, said(WORDS)], "answered", "", True),
        ("failed", replace(REPLIED, rating="down"), [], "failed", "thumbs_down", False),
    ],
)
def test_outcome_without_or_before_the_engines_side(
    status: str, echo: Echo, turn: list[Event], outcome: str, trigger: str, complete: bool
) -> None:
    row = project(replace(MESSAGE, status=status), echo, turn, LIMITS)
    assert (row.values["outcome"], row.values["trigger"], row.is_complete) == (outcome, trigger, complete)


def test_the_real_confidence_is_shown_and_never_the_threshold_of_the_fallback() -> None:
    values = project(MESSAGE, REPLIED, [LOST, said(WORDS, ending="fallback")], LIMITS).values
    assert (values["intent"], values["confidence"]) == ("faq_visa", 0.12)
    assert (values["runner_up"], values["runner_up_confidence"], values["margin"]) == ("faq_cost", 0.1, 0.02)
    assert values["facts"] == {"fallback": True}


def test_what_the_engine_did_and_how_long_it_took() -> None:
    turn = [SURE, action("action_listen"), action("action_answer_faq"), said(WORDS)]
    values = project(MESSAGE, REPLIED, turn, LIMITS).values
    assert (values["action"], values["model_id"], values["reply_ms"]) == ("action_answer_faq", "m9", 840)
    assert (values["channel"], values["kind"], values["id"]) == ("web", "typed", 7)


def test_a_button_shows_its_title_and_is_never_unsure() -> None:
    pressed = replace(MESSAGE, conversation="tg:5", text="/faq_cost", shown="What does it cost?")
    values = project(pressed, REPLIED, [user(("faq_cost", 0.1), ("faq_visa", 0.1)), said(WORDS)], LIMITS).values
    shown = (values["kind"], values["text"], values["channel"], values["trigger"])
    assert shown == ("button", "What does it cost?", "telegram", "")


def test_what_identifies_a_person_is_removed_again() -> None:
    told = "Write to jo@example.org"
    turn = [
        {
            **user(
                ("inform", 0.9),
                ("faq_cost", 0.1),
                entities=[{"entity": "city", "value": "jo@example.org", "start": 9, "end": 23}],
            ),
            "text": told,
        },
        said(WORDS),
    ]
    echo = replace(REPLIED, rating="down", reason="call me on +1 212 555 0123")
    values = project(replace(MESSAGE, shown=told), echo, turn, LIMITS).values
    assert values["text"] == "Write to [e-mail]"
    assert values["feedback_reason"] == "call me on [phone]"
    assert values["entities"] == [{"entity": "city", "value": "[e-mail]", "text": "[e-mail]"}]


@pytest.mark.parametrize(
    ("turn", "facts"),
    [
        (
            [SURE, QUERY, said(WORDS, FOUND)],
            {"search": {"specialties": ["surgery"], "states": ["TX"], "rotation_types": [], "found": 12}},
        ),
        (
            [SURE, QUERY, said(WORDS)],
            {"search": {"specialties": ["surgery"], "states": ["TX"], "rotation_types": [], "found": 0}},
        ),
        (
            [SURE, QUERY, said(WORDS, FOUND, relaxed=["states"])],
            {
                "search": {
                    "specialties": ["surgery"],
                    "states": ["TX"],
                    "rotation_types": [],
                    "found": 12,
                    "relaxed": ["states"],
                }
            },
        ),
        ([SURE, slot("last_topic", "faq_cost/deposit"), said(WORDS)], {"aspect": "faq_cost/deposit"}),
        ([SURE, QUERY, slot("asked", "specialties"), said(WORDS)], {}),
        ([SURE, said({"type": "timeline", "verdict": "tight"})], {"timeline": {"verdict": "tight"}}),
        (
            [user(("faq_cost", 0.9), questions=[{"intent": "faq_cost"}, {"intent": "faq_visa"}]), said(WORDS)],
            {"topics": ["faq_cost", "faq_visa"]},
        ),
        (
            [
                user(
                    ("faq_cost", 0.9),
                    dimensions=[{"dim": "duration", "body": "4 weeks", "start": 0, "end": 7, "value": {"low": 4}}],
                    acts=[{"act": "ask", "start": 0, "end": 3}, {"act": "ask", "start": 5, "end": 9}],
                ),
                said(WORDS),
            ],
            {"measures": [{"dim": "duration", "text": "4 weeks"}], "acts": ["ask"]},
        ),
    ],
)
def test_facts_for_the_insights(turn: list[Event], facts: dict[str, Any]) -> None:
    assert project(MESSAGE, REPLIED, turn, LIMITS).values["facts"] == facts


def test_each_turn_has_its_own_events_and_a_repeated_one_counts_last() -> None:
    first, second = user(("faq_cost", 0.8)), user(("faq_visa", 0.9))
    other = user(("greet", 1.0), message_id="m-2")
    turns = turns_of([action("action_session_start"), first, said(WORDS), other, said(), second])
    assert turns == {"m-1": [second], "m-2": [other, said()]}


def test_it_looks_again_less_and_less_often_and_stops_after_a_day() -> None:
    assert next_look(NOON, NOON) == NOON + timedelta(seconds=15)
    assert next_look(NOON, NOON + timedelta(hours=2)) == NOON + timedelta(hours=3)
    assert next_look(NOON, NOON + timedelta(days=2)) is None
