"""Golden dialogues: whole talks with the real engine and the real actions, checked turn by turn."""

from __future__ import annotations

import pytest

from bot.content.evaluation.golden import CHECKS, apologies, mistake, play_golden, read_dialogues
from bot.settings import ROOT

pytestmark = [pytest.mark.engine]
ALL = read_dialogues(ROOT)
REPLY = {"parts": [{"type": "text", "text": "It costs USD 500."}], "suggestions": [{"title": "x", "payload": "/help"}]}


def test_there_are_dialogues() -> None:
    assert len(ALL) >= 30


@pytest.mark.parametrize("title", sorted(ALL))
def test_every_turn_checks_something(title: str) -> None:
    for turn in ALL[title]:
        assert turn.keys() - CHECKS == {"user"}, turn
        assert turn.keys() & CHECKS, turn


@pytest.mark.parametrize("title", sorted(ALL))
def test_a_dialogue_goes_as_written(engine_url: str, title: str) -> None:
    assert play_golden(engine_url, ALL[title], apologies(ROOT)) == ""


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ({"says": ["usd 500"], "not": ["600"], "buttons": ["/help"], "kinds": ["text"]}, ""),
        ({"says": ["600"]}, "600 is missing"),
        ({"not": ["usd"]}, "usd should not be there"),
        ({"buttons": ["/faq_cost"]}, "the button /faq_cost is missing"),
        ({"kinds": ["text", "text"]}, "its parts are"),
    ],
)
def test_each_check_can_fail(checks: dict[str, list[str]], said: str) -> None:
    assert mistake({"user": "price?", **checks}, REPLY, []).startswith(said)
    assert mistake({"user": "price?"}, REPLY, ["It costs"]).startswith("an action broke")
