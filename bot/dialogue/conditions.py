"""What of a person's situation changes an answer.

That is how long ago they graduated, a small budget, the length of a stay, whether they can come at all, and that a
passport is known which decides between a visa and the waiver.

The bounds are facts of the database, so that one correction there moves them everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.dialogue.profile import Profile
from bot.nlu.frame import Frame, Length, Money

GRADUATION_CUTOFF = "graduation_cutoff_years_trend"
COMPANY_PRICE = "faq_cost_third_party_usd_month"
ROTATION_WEEKS = "faq_rotation_weeks"
USUAL_US_LETTERS = "faq_lor_us_usual"
USUAL_LETTERS = "lor_per_program_usual"
OWN_MONEY = ("budget", "budget_per_month", "budget_total")
BOUNDS = (GRADUATION_CUTOFF, COMPANY_PRICE, ROTATION_WEEKS, USUAL_US_LETTERS, USUAL_LETTERS)
"""The facts that bound them, and by which letters that somebody counts are enough or few."""
NO_WAIVER = ("Canada", "United States")
"""Citizens who have rules of their own (faq_visa/canadian, faq_visa/us_citizen)."""
Ranges = Mapping[str, "tuple[float, float] | None"]


def situation(profile: Profile, frame: Frame, ranges: Ranges, *, today: date) -> dict[str, str]:
    """The conditions `since_graduation`, `budget`, `stay`, `travel` and `passport` of responses, where they are known.

    `ranges` are what facts say by key, lowest and highest; a condition whose fact is missing is left out.
    """
    found = {
        "since_graduation": _since_graduation(profile.graduation_year, ranges.get(GRADUATION_CUTOFF), today),
        "budget": _budget(_dollars(profile, frame), ranges.get(COMPANY_PRICE)),
        "stay": _stay(_weeks(profile, frame), ranges.get(ROTATION_WEEKS)),
        "travel": travel(frame),
        "passport": "told" if _has_foreign_passport(profile) else "",
    }
    return {name: value for name, value in found.items() if value}


def travel(frame: Frame) -> str:
    """Whether somebody says that they cannot come to the US ("no"); it is not kept, since it is rarely for good."""
    return "no" if "no" in frame.wished("travel") else ""


def _has_foreign_passport(profile: Profile) -> bool:
    """Whether a country is known whose citizens need a visa or the waiver, and neither is known to be there."""
    return profile.nationality not in (None, *NO_WAIVER) and profile.visa_status in (None, "needs")


def _since_graduation(year: int | None, cutoff: tuple[float, float] | None, today: date) -> str:
    """Within what programs accept ("recent"), past it ("long_ago"), or empty: in between, or not graduated yet."""
    if year is None or cutoff is None or year > today.year:
        return ""
    years = today.year - year
    return "recent" if years <= cutoff[0] else "long_ago" if years > cutoff[1] else ""


def _dollars(profile: Profile, frame: Frame) -> float | None:
    """The one sum that somebody names as theirs, else what they said before."""
    sums = [money for money, said in frame.measures(Money, *OWN_MONEY) if said.whose == "self"]
    return sums[0].high if len(sums) == 1 and sums[0].currency == "USD" else profile.budget_usd_per_4_weeks


def _budget(budget: float | None, price: tuple[float, float] | None) -> str:
    """Whether a budget is "low": less than the cheapest month of a placement company."""
    return "low" if budget is not None and price is not None and budget < price[0] else ""


def _stay(weeks: float | None, usual: tuple[float, float] | None) -> str:
    """Whether a time is shorter than a rotation, has room for one, or for several."""
    if weeks is None or usual is None or not weeks:
        return ""
    rotations = weeks // usual[0]
    return "short" if rotations < 1 else "one_month" if rotations == 1 else "longer"


def _weeks(profile: Profile, frame: Frame) -> float | None:
    """The one length that a message names, else what the person said before."""
    lengths = frame.measures(Length, "stay", "")
    return lengths[0][0].weeks[1] if len(lengths) == 1 else profile.weeks
