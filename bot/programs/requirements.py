"""What a page demands and whom it turns away, as a yes or a no: certificate, year, citizenship, residency, agreement.

Pure; the columns are those of `data/programs.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.programs.cards import FACT, Say
from bot.programs.program import Program

_YES: Mapping[str, Mapping[str, bool]] = {
    "ecfmg": {"required": True, "recommended": False, "not_required": False},
    "citizenship": {"us": True, "any": True, "no_visa": True, "not_us": False},
    "residency": {"yes": True, "no": False},
    "agreement": {"required": True, "not_required": False},
}
"""For each fact what its values answer to "is it needed?" or, of citizenship, "are US citizens taken?"."""
_FIELDS = {
    "ecfmg": "ecfmg",
    "citizenship": "citizenship",
    "residency": "residency_applicants",
    "agreement": "home_agreement",
}
REQUIREMENTS = frozenset({*_YES, "graduated", "decided_by"})
"""The facts of this kind, by the names of `cards.FACT`."""
NEIGHBORS: Mapping[str, frozenset[str]] = {
    "ecfmg": frozenset({"acceptance", "certificate", "documents", "step1", "step2ck"}),
    "graduated": frozenset({"acceptance", "specialties", "duration", "lead"}),
    "citizenship": frozenset({"acceptance", "specialties", "visa"}),
    "residency": frozenset({"acceptance", "specialties"}),
    "agreement": frozenset({"acceptance", "documents", "route"}),
    "decided_by": frozenset({"acceptance", "attending", "contact", "reply_time", "route", "places", "stipend"}),
}
"""What a question for such a fact looks like beside it, and does not ask."""


def is_met(program: Program, topic: str) -> bool | None:
    """Whether the page says yes ("it is needed", "they are taken"); None where it is silent or has more to say."""
    if topic == "graduated":
        return None if program.graduated_within_years is None else True
    return _YES[topic].get(getattr(program, _FIELDS[topic])) if topic in _YES else None


def requirement_words(program: Program, topic: str, say: Say, *, is_yes_no: bool) -> str:
    """The fact with its label, after a yes or a no where one was asked for; empty where the page is silent."""
    label, value = say(FACT[topic].label), FACT[topic].words(program, say)
    if not value:
        return ""
    met = is_met(program, topic)
    if not is_yes_no or met is None:
        return say("utter_program_fact", label=label, value=value)
    return say("utter_program_fact_yes" if met else "utter_program_fact_no", label=label, value=value)
