"""What is asked about a program, from the columns that the engine found, and for whom."""

from __future__ import annotations

import pytest

from bot.programs.inquiry import read_question
from tests.unit.extractor import message


@pytest.mark.parametrize(
    ("text", "columns", "topics", "audience"),
    [
        ("tell me about Yale", (), (), ""),
        ("TOEFL and fee at Yale?", ("english", "fee"), ("english", "fee"), ""),
        ("the fee, I mean the price", ("fee", "fee"), ("fee",), ""),
        ("does Yale take graduates", ("acceptance",), ("audience",), "graduates"),
        ("does Yale take graduates", (), ("audience",), "graduates"),
        ("Yale for students", (), ("audience",), "students"),
        ("fee for graduates, and do they take them", ("fee", "acceptance"), ("audience", "fee"), "graduates"),
        ("which documents for students", ("documents",), ("documents",), "students"),
        ("does Yale take foreigners", ("acceptance",), ("acceptance",), ""),
    ],
)
def test_who_may_come_is_answered_for_the_stage_that_is_asked_for(
    text: str, columns: tuple[str, ...], topics: tuple[str, ...], audience: str
) -> None:
    asked = read_question(message(text, "ask_program"), columns)
    assert (asked.topics, asked.audience) == (topics, audience)
