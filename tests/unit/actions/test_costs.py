"""Costs in conversation: one question at a time, odd answers taken kindly, what is not included always said."""

from __future__ import annotations

import pytest

from actions import base
from bot.bootstrap import Container
from bot.db.base import Database
from bot.programs import service
from bot.settings import Settings

from .conftest import Talk, said
from .programs_talk import ProgramsTalk


@pytest.fixture
def talk(seeded: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> ProgramsTalk:
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg, arg-type]
    monkeypatch.setattr(base, "container", lambda: Container(settings, seeded))
    with seeded.unit() as session:
        return ProgramsTalk(Talk(), service.gazetteer(session))


def test_the_weeks_are_asked_and_odd_answers_are_taken_kindly(talk: ProgramsTalk) -> None:
    first = said(talk.say("what will I have to pay", "estimate_cost"))
    assert "USD 3,000 to 5,000" in first
    assert "USD 2,000 to 3,500" in first
    assert "How many weeks" in first
    assert "unusually long" in said(talk.say("80 weeks"))
    assert "above zero" in said(talk.say("-2"))
    answer = said(talk.say("two and a half months"))
    assert "USD 7,500 to 12,500" in answer
    assert "USD 5,000 to 8,750" in answer
    assert "Not included" in answer
    assert talk.talk.slots["asked"] is None


def test_the_question_can_be_skipped(talk: ProgramsTalk) -> None:
    talk.say("cost please", "estimate_cost")
    assert "this is for 4 weeks" in said(talk.say("no idea", "unsure"))


def test_a_program_is_calculated_from_its_row(talk: ProgramsTalk) -> None:
    answer = said(talk.say("4 weeks at texas tech", "estimate_cost"))
    assert "USD 2,250" in answer
    assert "application fee: USD 250" in answer
    assert "visitor visa application: USD 185" in answer


def test_a_program_without_a_fee_gets_no_invented_total(talk: ProgramsTalk) -> None:
    answer = said(talk.say("how much is a month at Yale", "estimate_cost"))
    assert "prints no program fee" in answer
    assert "usual range" in answer


def test_a_budget_becomes_weeks(talk: ProgramsTalk) -> None:
    answer = said(talk.say("with 4000 dollars how many weeks can I stay", "estimate_cost"))
    assert "3 to 5 weeks" in answer
    assert "4 to 8 weeks" in answer


def test_costs_outside_the_database_are_named_first(talk: ProgramsTalk) -> None:
    answer = said(talk.say("does the price for 4 weeks cover flights and insurance", "estimate_cost"))
    assert "Flights, Insurance: not included" in answer
    assert "USD 50,000" in answer


def test_another_currency_and_a_negative_budget_are_refused_kindly(talk: ProgramsTalk) -> None:
    assert "US dollars" in said(talk.say("I have 2000 euros, how long can I stay", "estimate_cost"))
    assert "above zero" in said(talk.say("my budget is -50 dollars", "estimate_cost"))
