"""The rules file, its facts, and the days of a Match season."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.timeline.critical_path import Dependency, Node, OrderError, schedule
from bot.timeline.rules import LEAST, Amount, RulesError, fact_keys, fill, read_rules
from bot.timeline.season import nth_weekday, open_match_year, season_of
from tests.unit.timeline.ground import TODAY, d, facts, rules


def test_every_number_of_the_rules_is_in_the_fact_table() -> None:
    named = fact_keys(rules())
    assert len(named) > 20
    assert named <= set(facts())


def test_every_day_of_the_season_names_the_fact_it_follows() -> None:
    likes = {rule["like"] for rule in rules().season.values()} - {""}
    assert likes
    assert likes <= set(facts())


def test_notes_show_the_facts_as_they_are() -> None:
    for task in rules().tasks:
        assert "{" not in fill(task.note, facts()), task.id


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ([{"id": "a", "title": "A", "after": [{"task": "b"}]}, {"id": "b", "title": "B"}], "stand before"),
        ([{"id": "a", "title": "A", "colour": "red"}], "cannot be read"),
        ([{"title": "A"}], "cannot be read"),
    ],
)
def test_broken_rules_are_refused(tasks: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(RulesError, match=message):
        read_rules({"tasks": tasks, "season": {}})


@pytest.mark.parametrize("term", ["soon", "faq_lead_no_visa_months", "oet_required low", "not_a_fact high"])
def test_a_term_that_is_no_length_of_time_is_refused(term: str) -> None:
    with pytest.raises(RulesError):
        Amount((term,), ()).span(LEAST, facts(), {})


def test_tasks_out_of_order_are_refused() -> None:
    with pytest.raises(OrderError):
        schedule([Node("a", after=(Dependency("b"),)), Node("b")], TODAY)


@pytest.mark.parametrize(
    ("year", "name", "day", "estimated"),
    [
        # published
        (2026, "submit_opens", "2025-09-03", False),
        (2026, "review_starts", "2025-09-24", False),
        (2026, "letters_ready", "2025-09-10", False),
        (2026, "registration_opens", "2025-09-15", False),
        (2026, "match_day", "2026-03-20", False),
        # by rule, against what is known of those years
        (2026, "rank_list", "2026-03-04", True),
        (2024, "rank_list", "2024-02-28", True),
        (2023, "rank_list", "2023-03-01", True),
        (2027, "submit_opens", "2026-09-02", True),
        (2027, "review_starts", "2026-09-23", True),
        (2027, "match_day", "2027-03-19", True),
        (2027, "rank_list", "2027-03-03", True),
        (2028, "submit_opens", "2027-09-01", True),
        (2028, "review_starts", "2027-09-22", True),
        (2028, "letters_ready", "2027-09-08", True),
        (2028, "match_day", "2028-03-17", True),
        (2028, "rank_list", "2028-03-01", True),
        (2028, "registration_closes", "2028-01-31", True),
        (2028, "pathway_deadline", "2027-12-31", True),
    ],
)
def test_days_of_a_season(year: int, name: str, day: str, estimated: bool) -> None:
    found = season_of(year, rules(), facts())[name]
    assert (found.day, found.estimated) == (d(day), estimated)


def test_the_rule_for_published_days_gives_the_published_days() -> None:
    unpublished = {key: fact for key, fact in facts().items() if not key.startswith(("eras_2026", "nrmp_2026"))}
    known, guessed = season_of(2026, rules(), facts()), season_of(2026, rules(), unpublished)
    assert {name: day.day for name, day in known.items()} == {name: day.day for name, day in guessed.items()}


@pytest.mark.parametrize(
    ("today", "year"),
    [("2026-11-23", 2028), ("2026-09-23", 2027), ("2026-09-24", 2028), ("2027-01-01", 2028), ("2027-09-23", 2029)],
)
def test_the_next_match_is_the_one_whose_files_are_not_open_yet(today: str, year: int) -> None:
    assert open_match_year(d(today), rules(), facts()) == year


def test_nth_weekday() -> None:
    assert nth_weekday(2027, 3, weekday=4, nth=3) == date(2027, 3, 19)
    assert nth_weekday(2027, 9, weekday=2, nth=1) == date(2027, 9, 1)
