"""What a stay, or several together, costs: one total with its lines, fees counted once, and a code taken off."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.costs.stays import Leg
from bot.programs.pricing import (
    BACKGROUND_CHECK,
    TELEHEALTH,
    VISA_FEE,
    VSLO_FEE,
    Estimate,
    Facts,
    PriceLine,
    Range,
    Stay,
    estimate_program,
    estimate_route,
)
from bot.programs.program import Program

RENT, LIVING_AT_YALE = "housing_month_placement_range_usd", "living_month_yale_usd"
DISCOUNT = "faq_amo_discount_usd"
USED_FACTS = frozenset({RENT, LIVING_AT_YALE, DISCOUNT})
"""Every fact that a bill takes beside those of an estimate."""
_ONCE = frozenset({"visa_fee", "visa_integrity_fee", "esta_fee", "background_check"})
_WANTED = {"visa": "visa_fee", "background_check": "background_check", "vslo": "vslo_fee"}
_LOOSE_FEES = {"visa_fee": VISA_FEE, "background_check": BACKGROUND_CHECK, "vslo_fee": VSLO_FEE}
_YALE = "Yale"
HAS_VISA = "has"
MOST_LASTING = 104
"""Weeks up to which it is looked how long a budget lasts."""


@dataclass(frozen=True)
class Bill:
    """A sum. `estimates` are its stays, `extras` what is counted once for all of them, `discount` what a code takes.

    `offers` may come on top; they are in no total. A program without a fee of its own counts by the usual range.
    """

    estimates: tuple[Estimate, ...]
    extras: tuple[PriceLine, ...] = ()
    offers: tuple[PriceLine, ...] = ()
    discount: float = 0

    @property
    def weeks(self) -> float:
        return sum(item.weeks for item in self.estimates)

    @property
    def lines(self) -> tuple[PriceLine, ...]:
        """Every line that counts, the stays' own first."""
        return (*(line for item in self.estimates for line in item.lines), *self.extras)

    @property
    def total(self) -> Range:
        whole = sum((line.amount for line in self.lines), Range(0, 0))
        return Range(max(0, whole.low - self.discount), max(0, whole.high - self.discount))

    @property
    def is_priced(self) -> bool:
        """Whether every program prints its fee."""
        return not any("fee_unknown" in item.assumptions for item in self.estimates)


def bill_of(
    legs: Sequence[Leg],
    programs: Mapping[str, Program],
    *,
    facts: Facts,
    visa_status: str,
    audience: str = "",
    counted: Sequence[str] = (),
    discounted: bool = False,
) -> Bill | None:
    """The sum of some stays, each by a way or at a program; None where no figure is known for one of them."""
    found = [_estimate(leg, programs, facts=facts, person=Stay(visa_status, leg.route, audience)) for leg in legs]
    estimates = [item for item in found if item]
    if len(estimates) < len(found) or not estimates:
        return None
    own = tuple(replace(item, lines=tuple(line for line in item.lines if line.key not in _ONCE)) for item in estimates)
    shared = _once(estimates)
    wanted = {_WANTED[name] for name in counted if name in _WANTED} - (
        {"visa_fee"} if visa_status == HAS_VISA else set()
    )
    extras = [replace(line, optional=False) for line in shared if not line.optional or line.key in wanted]
    known = {line.key for line in (*extras, *(line for item in own for line in item.lines))}
    weeks = sum(item.weeks for item in estimates)
    extras += _asked_for(wanted - known, weeks=weeks, facts=facts)
    away = sum(item.weeks for item in estimates if item.route != TELEHEALTH)
    extras += _living(counted, own, weeks=away, facts=facts)
    taken = {line.key for line in extras}
    taken |= {"esta_fee"} if "visa_fee" in taken else set()
    offers = tuple(line for line in shared if line.optional and line.key not in taken)
    code = facts.get(DISCOUNT)
    takes_code = discounted and code and code.range and any(_is_of_company(item) for item in own)
    return Bill(own, tuple(extras), offers, code.range[0] if takes_code and code and code.range else 0)


def weeks_within(
    budget: float,
    route: str,
    *,
    facts: Facts,
    visa_status: str,
    counted: Sequence[str] = (),
    discounted: bool = False,
    most: int = MOST_LASTING,
) -> tuple[int, int] | None:
    """How many whole weeks a budget pays for by one way, at the upper and at the lower prices; None without figures.

    What is counted beside the rotation is paid from it, too, as in a sum.
    """
    least = longest = 0
    for weeks in range(1, most + 1):
        legs = (Leg(weeks, route),)
        bill = bill_of(legs, {}, facts=facts, visa_status=visa_status, counted=counted, discounted=discounted)
        if bill is None:
            return None
        least = weeks if bill.total.high <= budget else least
        longest = weeks if bill.total.low <= budget else longest
    return least, longest


def rent_of(weeks: float, facts: Facts) -> PriceLine | None:
    """Rent for so many weeks, by the range that one placement company gives."""
    return _monthly("housing", facts, RENT, weeks)


def _is_of_company(estimate: Estimate) -> bool:
    return "third_party" in (estimate.route, estimate.program.route if estimate.program else "")


def _estimate(leg: Leg, programs: Mapping[str, Program], *, facts: Facts, person: Stay) -> Estimate | None:
    if not leg.program:
        return estimate_route(leg.route, leg.weeks, facts=facts, situation=person)
    program = programs.get(leg.program)
    if program is None:
        return None
    found = estimate_program(program, leg.weeks, facts=facts, situation=person)
    usual = estimate_route(program.route or "direct", leg.weeks, facts=facts, situation=person)
    if "fee_unknown" not in found.assumptions or usual is None:
        return found
    guide = tuple(line for line in usual.lines if line.key == "route_range")
    return replace(found, lines=(*guide, *found.lines))


def _once(estimates: Sequence[Estimate]) -> list[PriceLine]:
    """Fees that are paid once, however many stays there are."""
    lines = [line for item in estimates for line in item.lines if line.key in _ONCE]
    return list({line.key: line for line in lines}.values())


def _asked_for(keys: set[str], *, weeks: float, facts: Facts) -> list[PriceLine]:
    """Fees that are to be in the sum although the stay itself would not name them."""
    found = []
    for key in sorted(keys):
        fact = facts.get(_LOOSE_FEES[key])
        times = max(1, math.ceil(weeks / 4)) if key == "vslo_fee" else 1
        if fact and fact.range:
            found.append(PriceLine(key, Range(fact.range[0] * times, fact.range[1] * times), fact))
    return found


def _living(counted: Sequence[str], estimates: Sequence[Estimate], *, weeks: float, facts: Facts) -> list[PriceLine]:
    """Rent and, where the host itself gives a figure, the other costs of living."""
    lines = [rent_of(weeks, facts)] if "housing" in counted or "living" in counted else []
    at_yale = sum(item.weeks for item in estimates if item.program and item.program.institution.startswith(_YALE))
    if "living" in counted and at_yale:
        lines.append(_monthly("living", facts, LIVING_AT_YALE, at_yale))
    return [line for line in lines if line]


def _monthly(key: str, facts: Facts, name: str, weeks: float) -> PriceLine | None:
    fact = facts.get(name)
    if fact is None or fact.range is None:
        return None
    return PriceLine(key, Range(fact.range[0] * weeks / 4, fact.range[1] * weeks / 4), fact)
