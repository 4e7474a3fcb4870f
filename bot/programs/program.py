"""A program as a value: one row of the database, with the few readings of it that everybody shares.

Empty fields are `None`, empty strings or empty tuples, and always mean "unknown", never "no".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

PROVIDER_TYPES = ("medical_school", "hospital", "third_party", "government")
ROUTES = ("direct", "vslo", "third_party")
FOR_STUDENTS = ("elective", "sub_internship")
"""Types of rotation that end with graduation."""
ROTATION_TYPES = ("elective", "sub_internship", "externship", "observership", "telehealth", "research")
NOT_ON_THE_WARD = frozenset({"research", "telehealth"})
AUDIENCES = ("students", "graduates")
LEVELS = ("required", "recommended", "not_required")
FEE_PERIODS = (
    "per_week",
    "per_2_weeks",
    "per_4_weeks",
    "per_rotation",
    "per_month",
    "per_day",
    "one_time",
    "free",
)
CONFIDENCES = ("high", "medium", "low")
CITIZENSHIPS = ("us", "not_us", "no_visa", "any")
"""Whom a page takes: US citizens only, neither them nor permanent residents, who needs no visa, or expressly all."""
AGREEMENTS = ("required", "not_required")
NONE = "none"
"""What `stipend` and `housing` say where a page says that there is none."""
SHADOWING = frozenset({"observership", "telehealth"})
"""Rotation types that are without direct patient care by definition (source FAQ, part 7)."""


@dataclass(frozen=True)
class Program:
    """One offering of one institution; the columns are those of `data/programs.csv`.

    Money is US dollars, durations are weeks, lead times are months before the start, `source_date` is YYYY, YYYY-MM,
    YYYY-MM-DD or empty. `looked_at` is the day on which somebody compared it with its page; it is no column.
    """

    slug: str
    institution: str
    program_name: str
    provider_type: str
    route: str = ""
    city: str = ""
    state: str = ""
    rotation_types: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    accepts_international: str = ""
    hands_on: str = ""
    vslo: str = ""
    step1: str = ""
    step2ck: str = ""
    english_test: str = ""
    english_detail: str = ""
    ecfmg: str = ""
    graduated_within_years: float | None = None
    citizenship: str = ""
    residency_applicants: str = ""
    home_agreement: str = ""
    application_fee_usd: float | None = None
    fee_usd_min: float | None = None
    fee_usd_max: float | None = None
    fee_period: str = ""
    fee_year: str = ""
    price_list: str = ""
    stipend: str = ""
    housing: str = ""
    duration_weeks_min: float | None = None
    duration_weeks_max: float | None = None
    max_weeks_total: float | None = None
    hours: str = ""
    apply_months_before_min: float | None = None
    apply_months_before_max: float | None = None
    application_window: str = ""
    decided_by: str = ""
    visa: str = ""
    lor: str = ""
    certificate: str = ""
    specialties: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    notes: str = ""
    source_url: str = ""
    source_date: str = ""
    confidence: str = ""
    looked_at: date | None = field(default=None, compare=False)

    @property
    def is_closed(self) -> bool:
        """Expressly closed to international applicants; its exam rules then describe visitors from the US."""
        return self.accepts_international == "no"

    @property
    def is_of_many_sites(self) -> bool:
        """A company that names no place, so it may have a site wherever somebody looks."""
        return self.provider_type == "third_party" and not self.state

    @property
    def title(self) -> str:
        return f"{self.institution}: {self.program_name}"

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.state) if part)

    @property
    def is_priced(self) -> bool:
        return self.fee_period == "free" or self.fee_usd_min is not None


def number(value: float) -> str:
    """A number as people write it: 4, 8.7, 1500."""
    return f"{value:.0f}" if value == int(value) else f"{value:g}"


def usd(value: float) -> str:
    """An amount of money: USD 1,500."""
    return f"USD {value:,.0f}" if value == int(value) else f"USD {value:,.2f}"


def usd_range(low: float, high: float | None = None) -> str:
    """Two amounts as one text: USD 1,000 to 3,000; a single one when they are the same."""
    if high is None or high == low:
        return usd(low)
    return f"{usd(low)} to {usd(high).removeprefix('USD ')}"
