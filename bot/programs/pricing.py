"""What a rotation costs: periods into weeks, fees into totals, and what nobody can know left out by name.

All amounts are US dollars. A month counts as four weeks, a week as five working days (both are said in the answer).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.programs.price_list import listed, read_prices
from bot.programs.program import Program
from bot.programs.rows import FactRow

DAYS_PER_WEEK = 5
_PERIOD_WEEKS = {"per_week": 1.0, "per_2_weeks": 2.0, "per_4_weeks": 4.0, "per_month": 4.0, "per_rotation": 4.0}
ADVISED_WEEKS = (8, 12)
"""Two or three rotations are the advice for residency (source FAQ, part 8)."""


@dataclass(frozen=True)
class Range:
    """A lower and an upper amount in US dollars."""

    low: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)


@dataclass(frozen=True)
class PriceLine:
    """One line of a calculation. `fact` is the row it came from, `optional` lines do not count in the total."""

    key: str
    amount: Range
    fact: FactRow | None = None
    optional: bool = False


@dataclass(frozen=True)
class Estimate:
    """A calculation: the lines, their total, and the assumptions that were made, by name."""

    weeks: float
    lines: tuple[PriceLine, ...]
    assumptions: tuple[str, ...] = ()
    program: Program | None = None
    route: str = ""

    @property
    def total(self) -> Range:
        return sum((line.amount for line in self.lines if not line.optional), Range(0, 0))

    def without_options(self) -> Estimate:
        """The same calculation without what may come on top."""
        return replace(self, lines=tuple(line for line in self.lines if not line.optional))


def price_of_weeks(
    weeks: float, *, low: float | None, high: float | None, period: str, rotation_weeks: float | None = None
) -> Range | None:
    """The program fee for a stay, None when the page gives no fee.

    Where only whole blocks may be sold (two weeks, four weeks, a month), the lower end splits blocks and the upper
    end rounds up to whole ones. A rotation of unknown length counts as four weeks.
    """
    if period == "free":
        return Range(0, 0)
    if low is None or not period:
        return None
    top = low if high is None else high
    if period == "one_time":
        return Range(low, top)
    if period == "per_day":
        return Range(low * weeks * DAYS_PER_WEEK, top * weeks * DAYS_PER_WEEK)
    if period == "per_rotation":
        rotations = math.ceil(weeks / (rotation_weeks or _PERIOD_WEEKS[period]))
        return Range(low * rotations, top * rotations)
    blocks = weeks / _PERIOD_WEEKS[period]
    return Range(low * blocks, top * math.ceil(blocks))


def price_for_four_weeks(program: Program) -> Range | None:
    """What four weeks at a program cost, for sorting and comparing."""
    return program_fee(program, 4)


def rotation_weeks(program: Program) -> float | None:
    """How long one rotation may be: what is paid per rotation is paid once for the longest."""
    return program.duration_weeks_max or program.duration_weeks_min


def program_fee(program: Program, weeks: float, audience: str = "") -> Range | None:
    """The program fee for a stay of so many weeks; None when the page gives no fee. A price list goes first."""
    if own := listed(read_prices(program.price_list), weeks, audience):
        return Range(*own)
    return price_of_weeks(
        weeks,
        low=program.fee_usd_min,
        high=program.fee_usd_max,
        period=program.fee_period,
        rotation_weeks=rotation_weeks(program),
    )


@dataclass(frozen=True)
class Stay:
    """Who travels: `visa_status` has, needs, exempt, resident or empty; `route` direct, vslo, third_party or empty.

    `audience` is students, graduates or empty.
    """

    visa_status: str = ""
    route: str = ""
    audience: str = ""


Facts = Mapping[str, FactRow]
ROUTE_FACTS = {"direct": "faq_cost_direct_usd_month", "third_party": "faq_cost_third_party_usd_month"}
"""The FAQ's monthly ranges; VSLO leads to the schools' own fees, so it counts as direct."""
TELEHEALTH = "telehealth"
"""A stay at home, which has a price of its own and needs neither visa nor room."""
TELEHEALTH_FACT = "tele_rotation_price_example_usd"
VSLO_FEE, BACKGROUND_CHECK = "vslo_fee_per_elective_usd", "background_check_fee_example_usd"
VISA_FEE, VISA_INTEGRITY_FEE, ESTA_FEE = "visa_b1b2_application_fee_usd", "visa_integrity_fee_usd", "esta_fee_usd"
USED_FACTS = frozenset({*ROUTE_FACTS.values(), TELEHEALTH_FACT, VSLO_FEE, BACKGROUND_CHECK})
USED_FACTS |= {VISA_FEE, VISA_INTEGRITY_FEE, ESTA_FEE}
"""Every fact that an estimate is calculated with."""


def estimate_program(program: Program, weeks: float, *, facts: Facts, situation: Stay) -> Estimate:
    """The costs of a stay at one program. A fee that the page does not give is left out and named as unknown."""
    fee = program_fee(program, weeks, situation.audience)
    is_listed = listed(read_prices(program.price_list), weeks, situation.audience) is not None
    lines = [PriceLine("listed_fee" if is_listed else "program_fee", fee)] if fee else []
    if program.application_fee_usd is not None:
        lines.append(PriceLine("application_fee", Range(program.application_fee_usd, program.application_fee_usd)))
    lines += _fees_around(
        weeks, facts=facts, situation=situation, route="vslo" if situation.route == "vslo" else program.route
    )
    assumptions = _assumptions(program, weeks, fee)
    assumptions = tuple(name for name in assumptions if name not in _OF_PERIODS) if is_listed else assumptions
    return Estimate(weeks, tuple(lines), assumptions, program, program.route)


def monthly_fact(route: str, facts: Facts) -> FactRow | None:
    """The fact with the price of four weeks by a way; VSLO's are the schools' own."""
    keys = {**ROUTE_FACTS, "vslo": ROUTE_FACTS["direct"], TELEHEALTH: TELEHEALTH_FACT}
    return facts.get(keys.get(route, ""))


def estimate_route(route: str, weeks: float, *, facts: Facts, situation: Stay) -> Estimate | None:
    """The costs of a stay by the FAQ's monthly range of a route; None when the range is not in the database."""
    fact = monthly_fact(route, facts)
    if fact is None or fact.range is None:
        return None
    months = weeks / 4
    lines = [PriceLine("route_range", Range(fact.range[0] * months, fact.range[1] * months), fact)]
    lines += _fees_around(weeks, facts=facts, situation=situation, route=route)
    return Estimate(weeks, tuple(lines), ("month_is_four_weeks",), None, route)


def _fees_around(weeks: float, *, facts: Facts, situation: Stay, route: str) -> list[PriceLine]:
    keys: list[tuple[str, str, int, bool]] = []
    if route == "vslo":
        keys.append(("vslo_fee", VSLO_FEE, max(1, math.ceil(weeks / 4)), False))
    if route == "third_party":
        keys.append(("background_check", BACKGROUND_CHECK, 1, True))
    unsure = situation.visa_status == ""
    if route == TELEHEALTH:
        return []
    if situation.visa_status in ("needs", ""):
        keys.append(("visa_fee", VISA_FEE, 1, unsure))
        keys.append(("visa_integrity_fee", VISA_INTEGRITY_FEE, 1, True))
    if situation.visa_status in ("exempt", ""):
        keys.append(("esta_fee", ESTA_FEE, 1, unsure))
    return [
        line
        for key, name, times, optional in keys
        if (line := _fact_line(key, facts.get(name), times, optional=optional))
    ]


def _fact_line(key: str, fact: FactRow | None, times: int, *, optional: bool) -> PriceLine | None:
    if fact is None or fact.range is None:
        return None
    low, high = fact.range
    return PriceLine(key, Range(low * times, high * times), fact, optional)


_OF_PERIODS = frozenset(
    {
        "month_is_four_weeks",
        "whole_blocks",
        "five_days_a_week",
        "rotation_length_known",
        "rotation_is_four_weeks",
        "one_time",
    }
)
"""What is assumed of a fee by the period, and not of one that is listed for the very stay."""


def _assumptions(program: Program, weeks: float, fee: Range | None) -> tuple[str, ...]:
    period = program.fee_period
    found = [] if fee else ["fee_unknown"]
    if period == "per_month":
        found.append("month_is_four_weeks")
    if period in ("per_2_weeks", "per_4_weeks", "per_month") and weeks % _PERIOD_WEEKS[period]:
        found.append("whole_blocks")
    if period == "per_day":
        found.append("five_days_a_week")
    if period == "per_rotation":
        found.append("rotation_length_known" if rotation_weeks(program) else "rotation_is_four_weeks")
    if period == "one_time":
        found.append("one_time")
    if program.duration_weeks_min and weeks < program.duration_weeks_min:
        found.append("shorter_than_offered")
    if program.max_weeks_total and weeks > program.max_weeks_total:
        found.append("longer_than_allowed")
    return tuple(found)


def affordable_program_weeks(budget: float, program: Program, *, most: int = 52) -> int | None:
    """The most whole weeks that a budget pays for at a program, application fee included; None without a fee.

    The stay ends at what the page allows; zero when even the shortest is too dear.
    """
    if not program.is_priced:
        return None
    left = budget - (program.application_fee_usd or 0)
    longest = int(program.max_weeks_total or program.duration_weeks_max or most)
    shortest = max(1, math.ceil(program.duration_weeks_min or 1))
    fitting = [
        w for w in range(shortest, max(shortest, longest) + 1) if (fee := program_fee(program, w)) and fee.high <= left
    ]
    return max(fitting, default=0)
