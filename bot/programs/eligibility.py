"""Whom a page turns away by what its columns say: citizenship, year of graduation, residency, certificate. Pure.

Only what is plain counts: an empty column bars nobody, and so does what a person has not told.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from bot.dialogue.profile import EXEMPT, NOT_TAKEN, RESIDENT, Profile
from bot.programs.program import Program

US = "United States"
"""The nationality of US citizens, as the profile has it."""
NEEDS = "needs"
"""What the profile says of the US visa where somebody has none and needs one."""
RESIDENCY = "residency"
Terms = tuple[str, float | None, str, str]


class Bar(Enum):
    """What stands against a person, by the key of its words."""

    US_ONLY = "utter_compare_us_only"
    NO_US = "utter_compare_no_us"
    PERHAPS_NO_US = "utter_compare_perhaps_no_us"
    NO_VISA = "utter_compare_no_visa"
    GRADUATED = "utter_compare_graduated"
    RESIDENCY = "utter_compare_no_residency"
    ECFMG = "utter_compare_ecfmg"


UNSURE = frozenset({Bar.PERHAPS_NO_US})
"""What needs one more word of the person to be a no."""


def terms(program: Program) -> Terms:
    """The columns that turn people away, as one value."""
    return program.citizenship, program.graduated_within_years, program.residency_applicants, program.ecfmg


def bars(asked: Terms, person: Profile, today: date) -> tuple[Bar, ...]:
    """What of a page's terms stands against somebody, by what they told."""
    citizenship, within, residency, ecfmg = asked
    found = [bar] if (bar := _citizenship(citizenship, person)) else []
    if within is not None and person.graduation_year and today.year - person.graduation_year > within:
        found.append(Bar.GRADUATED)
    if residency == "no" and person.goal == RESIDENCY:
        found.append(Bar.RESIDENCY)
    if ecfmg == "required" and NOT_TAKEN in (person.step1, person.step2ck):
        found.append(Bar.ECFMG)
    return tuple(found)


def _citizenship(taken: str, person: Profile) -> Bar | None:
    """Who only says that they need no visa may be a citizen as well as a visitor with ESTA: that alone is no no."""
    is_us = person.nationality == US or person.visa_status == RESIDENT
    is_foreign = person.nationality not in (None, US) and not is_us
    if taken == "us" and (person.visa_status == NEEDS or (is_foreign and person.visa_status != EXEMPT)):
        return Bar.US_ONLY
    if taken == "no_visa" and person.visa_status == NEEDS:
        return Bar.NO_VISA
    if taken == "not_us" and is_us:
        return Bar.NO_US
    return Bar.PERHAPS_NO_US if taken == "not_us" and person.visa_status == EXEMPT and not is_foreign else None
