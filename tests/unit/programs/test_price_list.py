"""A price list: what a stay of exactly so many weeks costs, for whom."""

from __future__ import annotations

import pytest

from bot.programs.fields import FieldError, prices
from bot.programs.price_list import listed, read_prices
from bot.programs.pricing import Range, Stay, estimate_program, program_fee
from bot.programs.program import Program

BY_WEEKS = "4 weeks 250; 8 weeks 400"
BY_BOTH = "students 2 weeks 500; students 4 weeks 1000; graduates 2 weeks 3000; graduates 4 weeks 4000"
BY_STAGE = "students 150; graduates 450"


def program(price_list: str) -> Program:
    return Program(
        slug="x",
        institution="X",
        program_name="Y",
        provider_type="hospital",
        rotation_types=("observership",),
        fee_usd_min=250,
        fee_usd_max=500,
        fee_period="per_4_weeks",
        price_list=price_list,
    )


@pytest.mark.parametrize(
    ("text", "weeks", "audience", "price"),
    [
        (BY_WEEKS, 4, "", (250, 250)),
        (BY_WEEKS, 8, "graduates", (400, 400)),
        (BY_WEEKS, 6, "", None),
        (BY_BOTH, 4, "students", (1000, 1000)),
        (BY_BOTH, 4, "graduates", (4000, 4000)),
        (BY_BOTH, 4, "", (1000, 4000)),
        (BY_BOTH, 3, "students", None),
        (BY_STAGE, 3, "students", (150, 150)),
        ("students 150", 3, "graduates", None),
        ("", 4, "", None),
    ],
)
def test_the_price_of_the_very_stay(text: str, weeks: float, audience: str, price: tuple[float, float] | None) -> None:
    assert listed(read_prices(text), weeks, audience) == price


def test_what_the_list_lacks_is_counted_from_the_fee() -> None:
    assert program_fee(program(BY_WEEKS), 8) == Range(400, 400)
    assert program_fee(program(BY_WEEKS), 12) == Range(750, 1500)


def test_a_listed_price_needs_no_assumption_of_its_period() -> None:
    found = estimate_program(program(BY_WEEKS), 8, facts={}, situation=Stay("has"))
    assert [line.key for line in found.lines] == ["listed_fee"]
    assert found.assumptions == ()
    assert [line.key for line in estimate_program(program(BY_WEEKS), 6, facts={}, situation=Stay("has")).lines] == [
        "program_fee"
    ]


@pytest.mark.parametrize(
    "text", ["4 weeks", "four weeks 250", "4 days 250", "0 weeks 250", "nurses 250", "250 USD", "-5", "inf"]
)
def test_a_list_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(FieldError, match="is not of the form"):
        prices(text)


def test_a_list_is_written_the_one_way() -> None:
    assert prices(" 4 weeks 250 ;students  150") == "4 weeks 250; students 150"
