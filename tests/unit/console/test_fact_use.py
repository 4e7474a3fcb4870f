"""Which facts something is calculated with or says is known, and nothing that the code names is forgotten."""

from __future__ import annotations

import ast
import csv

import pytest

from bot.console.fact_use import uses_of
from bot.reply.responses import Responses
from bot.settings import ROOT
from tests.unit.conftest import FACTS

NO_WORDS = Responses({})


@pytest.fixture(scope="module")
def keys() -> set[str]:
    with FACTS.open(encoding="utf8", newline="") as file:
        return {row["key"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("key", "uses"),
    [
        ("usmle_result_weeks_plan", ("plans",)),  # a task of the rules, and their words
        ("nrmp_rol_to_match_day_weeks", ("plans",)),  # a day of a season
        ("usmle_no_testing_weeks", ("plans",)),  # a note
        ("faq_rotation_weeks", ("plans", "the choice of an answer")),  # the planner itself
        ("graduation_cutoff_years_trend", ("the choice of an answer",)),
        ("faq_cost_direct_usd_month", ("cost estimates",)),
        ("malpractice_typical_usd", ("cost estimates",)),
        ("esta_fee_usd", ("cost estimates",)),
        ("visa_b1b2_application_fee_usd", ("plans", "cost estimates")),
        ("no_such_fact", ()),
    ],
)
def test_it_is_known_what_a_fact_is_used_for(key: str, uses: tuple[str, ...], keys: set[str]) -> None:
    assert uses_of(key, NO_WORDS) == uses
    assert (key in keys) is bool(uses)


def test_every_fact_that_the_code_names_is_declared(keys: set[str]) -> None:
    files = [path for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf8")) for path in files]
    strings = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    named = keys & strings
    assert len(named) > 15
    assert [key for key in sorted(named) if not uses_of(key, NO_WORDS)] == []


def test_most_facts_are_not_calculated_with(keys: set[str]) -> None:
    assert sum(not uses_of(key, NO_WORDS) for key in keys) > len(keys) // 2


@pytest.mark.parametrize(
    ("key", "uses"),
    [
        ("faq_lor_eras_max", ("figures in answers",)),
        ("faq_cost_direct_usd_month", ("cost estimates", "figures in answers")),
    ],
)
def test_a_fact_that_an_answer_names_is_used(
    key: str, uses: tuple[str, ...], keys: set[str], responses: Responses
) -> None:
    assert key in keys
    assert uses_of(key, responses) == uses


def test_a_fact_that_only_a_variant_of_an_aspect_names_is_used_too() -> None:
    words = Responses({"utter_faq_a/b": [{"text": "no"}, {"text": "{my_fact} weeks", "condition": []}]})
    assert uses_of("my_fact", words) == ("figures in answers",)
    assert uses_of("other_fact", words) == ()
