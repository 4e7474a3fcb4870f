"""All arithmetic of costs, and what a cost question in plain words adds up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.costs.estimate import THINGS, Inquiry, hear, next_question
from bot.programs.catalog import Catalog, price_age, price_year
from bot.programs.pricing import (
    Range,
    Stay,
    affordable_program_weeks,
    estimate_program,
    estimate_route,
    price_of_weeks,
    program_fee,
)
from bot.programs.program import Program
from bot.programs.rows import FactRow
from tests.unit.extractor import message

PLAIN = Program("a", "A", "P", "hospital", fee_usd_min=1000.0, fee_usd_max=1000.0, fee_period="per_4_weeks")


@pytest.mark.parametrize(
    ("weeks", "low", "high", "period", "rotation", "wanted"),
    [
        (4, 500, None, "per_week", None, (2000, 2000)),
        (3, 500, 500, "per_2_weeks", None, (750, 1000)),
        (6, 2000, 2000, "per_4_weeks", None, (3000, 4000)),
        (8, 2000, 2000, "per_4_weeks", None, (4000, 4000)),
        (4, 1000, 1300, "per_4_weeks", None, (1000, 1300)),
        (6, 3000, 3000, "per_month", None, (4500, 6000)),
        (1, 1200, 1200, "per_day", None, (6000, 6000)),
        (8, 5500, 5500, "per_rotation", 4, (11000, 11000)),
        (6, 750, 750, "per_rotation", None, (1500, 1500)),
        (4, 250, 500, "per_rotation", 8, (250, 500)),
        (12, 150, 450, "one_time", None, (150, 450)),
        (12, None, None, "free", None, (0, 0)),
        (12, 0, 0, "free", None, (0, 0)),
    ],
)
def test_a_period_becomes_weeks(
    weeks: float, low: Any, high: Any, period: str, rotation: Any, wanted: tuple[int, int]
) -> None:
    found = price_of_weeks(weeks, low=low, high=high, period=period, rotation_weeks=rotation)
    assert found is not None
    assert (found.low, found.high) == wanted


def test_an_unknown_fee_is_no_fee_at_all() -> None:
    assert price_of_weeks(4, low=None, high=None, period="") is None


@pytest.mark.parametrize(
    ("route", "weeks", "wanted"),
    [
        ("direct", 6, (4500, 7500)),
        ("third_party", 6, (3000, 5250)),
        ("direct", 12, (9000, 15000)),
        ("third_party", 4, (2000, 3500)),
    ],
)
def test_the_faq_range_grows_with_the_weeks(
    route: str, weeks: float, wanted: tuple[int, int], facts: dict[str, FactRow]
) -> None:
    found = estimate_route(route, weeks, facts=facts, situation=Stay("has"))
    assert found is not None
    assert (found.total.low, found.total.high) == wanted


@pytest.mark.parametrize(
    ("visa_status", "fixed", "optional"),
    [
        ("needs", {"visa_fee": 185}, {"visa_integrity_fee": 250}),
        ("exempt", {"esta_fee": 40}, {}),
        ("has", {}, {}),
        ("", {}, {"visa_fee": 185, "visa_integrity_fee": 250, "esta_fee": 40}),
    ],
)
def test_visa_fees_follow_the_passport(
    visa_status: str, fixed: dict[str, int], optional: dict[str, int], facts: dict[str, FactRow]
) -> None:
    found = estimate_program(PLAIN, 4, facts=facts, situation=Stay(visa_status))
    lines = {line.key: line for line in found.lines if line.key != "program_fee"}
    assert {key: line.amount.low for key, line in lines.items() if not line.optional} == fixed
    assert {key: line.amount.low for key, line in lines.items() if line.optional} == optional
    assert found.total == Range(1000, 1000) + Range(sum(fixed.values()), sum(fixed.values()))


def test_application_and_vslo_fees_are_added(facts: dict[str, FactRow]) -> None:
    program = replace(PLAIN, application_fee_usd=250.0, route="vslo")
    assert estimate_program(program, 8, facts=facts, situation=Stay("has")).total == Range(2280, 2280)


def test_what_was_assumed_is_named(facts: dict[str, FactRow]) -> None:
    program = replace(PLAIN, duration_weeks_min=4.0, max_weeks_total=8.0)
    assert estimate_program(program, 10, facts=facts, situation=Stay()).assumptions == (
        "whole_blocks",
        "longer_than_allowed",
    )
    silent = replace(PLAIN, fee_usd_min=None, fee_usd_max=None, fee_period="")
    found = estimate_program(silent, 4, facts=facts, situation=Stay("has"))
    assert found.assumptions == ("fee_unknown",)
    assert found.total == Range(0, 0)


def test_a_budget_becomes_weeks() -> None:
    assert affordable_program_weeks(4250, replace(PLAIN, application_fee_usd=250.0, max_weeks_total=12.0)) == 12
    assert affordable_program_weeks(900, PLAIN) == 0
    assert affordable_program_weeks(900, replace(PLAIN, fee_usd_min=None, fee_usd_max=None, fee_period="")) is None
    assert affordable_program_weeks(900, replace(PLAIN, fee_period="free", fee_usd_min=None, max_weeks_total=6.0)) == 6


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("price of 8 weeks through a third party", Inquiry(weeks=8, route="third_party")),
        ("cost of ten weeks of direct electives", Inquiry(weeks=10, route="direct")),
        ("I have 2500 dollars, how long can I stay", Inquiry(budget=2500)),
        ("what does it cost via VSLO for a month", Inquiry(weeks=4, route="vslo")),
        ("total for 3 months", Inquiry(weeks=12)),
        ("two weeks of surgery and then four of pediatrics", Inquiry(weeks=6)),
        ("direct or an agency, what is cheaper for 8 weeks", Inquiry(weeks=8)),
        ("what does a medical school charge for 4 weeks", Inquiry(weeks=4, route="direct")),
        ("is 3000 enough for 8 weeks", Inquiry(weeks=8, budget=3000)),
        ("somebody asked me for 2500 for four weeks", Inquiry(weeks=4)),
        ("4 weeks, starting in 5 months", Inquiry(weeks=4)),
        ("a fortnight without an agency", Inquiry(weeks=2)),
    ],
)
def test_a_cost_question_is_read(text: str, wanted: Inquiry) -> None:
    assert hear(message(text, "estimate_cost"), Inquiry()).inquiry == wanted


@pytest.mark.parametrize(
    ("text", "problem", "weeks"),
    [
        ("-3", "weeks", None),
        ("0", "weeks", None),
        ("90 weeks", "confirm", None),
        ("a month and a half", "", 6),
        ("5", "", 5),
        ("99999", "weeks", None),
    ],
)
def test_an_answer_about_weeks_is_checked(text: str, problem: str, weeks: float | None) -> None:
    heard = hear(message(text, "inform"), Inquiry(), asked="weeks")
    assert (heard.problem, heard.inquiry.weeks) == (problem, weeks)


def test_a_long_stay_is_confirmed_or_corrected() -> None:
    waiting = hear(message("100 weeks", "inform"), Inquiry(), asked="weeks").inquiry
    assert hear(message("yes", "affirm"), waiting, asked="confirmed").inquiry.weeks == 100
    assert hear(message("8", "inform"), waiting, asked="confirmed").inquiry.weeks == 8


def test_a_question_that_gets_no_answer_is_dropped() -> None:
    assert next_question(Inquiry()) == "weeks"
    assert next_question(hear(message("I like tea", "inform"), Inquiry(), asked="weeks").inquiry) is None
    assert next_question(hear(message("skip", "unsure"), Inquiry(), asked="weeks").inquiry) is None


def test_a_negative_budget_is_a_problem_and_costs_asked_by_name_are_heard() -> None:
    assert hear(message("my budget is -200 dollars", "estimate_cost"), Inquiry()).problem == "budget"
    heard = hear(message("is rent and food included in 4 weeks", "estimate_cost"), Inquiry())
    assert (heard.wants, heard.things) == (THINGS, ("housing", "food"))


@pytest.mark.parametrize(
    ("slug", "weeks", "wanted"),
    [
        ("saint-peters-bedside-integrated-observership", 4, (1500, 2900)),
        ("saint-peters-bedside-integrated-observership", 8, (3000, 5800)),
        ("johns-hopkins-vismed-research-elective", 8, (500, 500)),
        ("bronxcare-psychiatry-observership", 12, (500, 500)),
        ("cleveland-clinic-international-physician-observership", 8, (1000, 1000)),
    ],
)
def test_a_rotation_that_may_be_longer_is_paid_once(
    slug: str, weeks: float, wanted: tuple[int, int], catalog: Catalog
) -> None:
    found = program_fee(catalog.by_slug[slug], weeks)
    assert found is not None
    assert (found.low, found.high) == wanted


def test_a_price_has_its_own_year_where_the_page_is_newer() -> None:
    program = replace(PLAIN, source_date="2026-05", fee_year="2016-17")
    assert (price_year(program), price_age(program, date(2026, 11, 23))) == ("2016-17", 10)
    assert (price_year(replace(program, fee_year="")), price_age(PLAIN, date(2026, 11, 23))) == ("2026", None)
