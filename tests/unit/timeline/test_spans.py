"""Lengths of time agree with themselves, whichever way they are walked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.timeline.spans import Closure, Span, SpanError, longest

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
SPANS = st.builds(Span, st.integers(0, 30), st.integers(0, 60))
JANUARY = Closure((1, 1), (1, 14))


@pytest.mark.parametrize(
    ("months", "day", "before", "after"),
    [
        (6, date(2027, 8, 31), date(2027, 2, 28), date(2028, 3, 1)),
        (6, date(2027, 6, 1), date(2026, 12, 1), date(2027, 12, 1)),
        (3, date(2028, 2, 29), date(2027, 11, 29), date(2028, 5, 29)),
        (3, date(2027, 11, 30), date(2027, 8, 30), date(2028, 3, 1)),
        (12, date(2028, 2, 29), date(2027, 2, 28), date(2029, 3, 1)),
        (2, date(2026, 12, 31), date(2026, 10, 31), date(2027, 3, 1)),
        (0, date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_months_are_counted_on_the_calendar(months: int, day: date, before: date, after: date) -> None:
    assert Span(months).before(day) == before
    assert Span(months).after(day) == after


@given(SPANS, DAYS, DAYS)
def test_a_day_is_reached_forward_exactly_when_it_is_reached_backward(span: Span, day: date, goal: date) -> None:
    assert (span.after(day) <= goal) == (day <= span.before(goal))


@pytest.mark.parametrize(
    ("amount", "unit", "span"),
    [
        (72, "hours", Span(days=3)),
        (8, "weeks", Span(days=56)),
        (4, "weeks per rotation", Span(days=28)),
        (7.5, "months", Span(7, 15)),
        (9.5, "months", Span(9, 15)),
        (1.4, "months", Span(1, 12)),
        (2, "years", Span(24)),
        (3, "months before arrival", Span(3)),
    ],
)
def test_a_unit_of_the_fact_table_is_read(amount: float, unit: str, span: Span) -> None:
    assert Span.of(amount, unit) == span


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(SpanError, match="usd"):
        Span.of(3, "usd")


def test_the_most_careful_of_several_spans_is_the_longest() -> None:
    assert longest([Span(days=28), Span(1), Span(days=29)]) == Span(1)
    assert longest([]) == Span()


@pytest.mark.parametrize(
    ("day", "next_open", "last_open"),
    [
        (date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 15), date(2026, 12, 31)),
        (date(2027, 1, 14), date(2027, 1, 15), date(2026, 12, 31)),
        (date(2027, 1, 15), date(2027, 1, 15), date(2027, 1, 15)),
    ],
)
def test_nothing_happens_while_exams_are_closed(day: date, next_open: date, last_open: date) -> None:
    assert JANUARY.next_open(day) == next_open
    assert JANUARY.last_open(day) == last_open
