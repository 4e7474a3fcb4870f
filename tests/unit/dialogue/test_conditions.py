"""What is worked out of a person's facts for the conditions of answers."""

from datetime import date

import pytest

from bot.dialogue.conditions import COMPANY_PRICE, GRADUATION_CUTOFF, ROTATION_WEEKS, situation
from bot.dialogue.profile import Profile
from bot.nlu.frame import Frame, Length, Measured, Money, Named

TODAY = date(2026, 11, 23)
RANGES = {GRADUATION_CUTOFF: (3.0, 5.0), COMPANY_PRICE: (2000.0, 3500.0), ROTATION_WEEKS: (4.0, 4.0)}


def stay(*weeks: float) -> Frame:
    return Frame(
        dimensions=tuple(Measured(text="", start=0, end=0, value=Length(length, length, "week")) for length in weeks)
    )


def money(amount: float, role: str) -> Frame:
    return Frame(dimensions=(Measured(text="", start=0, end=0, role=role, value=Money(amount, amount)),))


def travel(polarity: str) -> Frame:
    return Frame(entities=(Named(kind="travel", value="no", text="", start=0, end=0, polarity=polarity),))


@pytest.mark.parametrize(
    ("profile", "frame", "expected"),
    [
        (Profile(), Frame(), {}),
        (Profile(graduation_year=2024), Frame(), {"since_graduation": "recent"}),
        (Profile(graduation_year=2022), Frame(), {}),
        (Profile(graduation_year=2012), Frame(), {"since_graduation": "long_ago"}),
        (Profile(graduation_year=2027), Frame(), {}),
        (Profile(budget_usd_per_4_weeks=1500), Frame(), {"budget": "low"}),
        (Profile(budget_usd_per_4_weeks=2500), Frame(), {}),
        (Profile(), money(1000, "budget"), {"budget": "low"}),
        (Profile(), money(1000, "price"), {}),
        (Profile(weeks=8), Frame(), {"stay": "longer"}),
        (Profile(weeks=8), stay(2), {"stay": "short"}),
        (Profile(), stay(5), {"stay": "one_month"}),
        (Profile(), stay(4, 8), {}),
        (Profile(), travel("named"), {"travel": "no"}),
        (Profile(), travel("wants_not"), {}),
    ],
)
def test_a_situation_is_worked_out_of_facts(profile: Profile, frame: Frame, expected: dict[str, str]) -> None:
    assert situation(profile, frame, RANGES, today=TODAY) == expected


def test_a_condition_without_its_fact_is_left_out() -> None:
    profile = Profile(graduation_year=2012, budget_usd_per_4_weeks=900, weeks=2)
    assert situation(profile, Frame(), {}, today=TODAY) == {}
