"""A program as a card: every fact is a field of its row put into words, nothing more and nothing less.

A card opens with what decides, fee and deadline; its other facts, and what its page does not say, are folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.programs.catalog import age_in_years, price_year
from bot.programs.price_list import Price, read_prices
from bot.programs.program import NONE, Program, number, usd, usd_range
from bot.reply.days import month
from bot.reply.parts import Card, Fact, Source

MOST_ASKED = 2
"""Facts shown at once on a card below the answer to a question."""
WEEKS_OF_MONTH = 365.25 / 12 / 7
OLD_YEARS = 3
"""A source of this age is shown with its age."""


class Say(Protocol):
    """The bot's words by key, as `Words.text`."""

    def __call__(self, key: str, **values: object) -> str: ...


AUDIENCES = {"students": "utter_card_audience_students", "graduates": "utter_card_audience_graduates"}
ACCEPTS = {
    "yes": "utter_card_accepts_yes",
    "restricted": "utter_card_accepts_restricted",
    "no": "utter_card_accepts_no",
    "": "utter_card_accepts_unknown",
}
TYPES = {
    "elective": "utter_card_type_elective",
    "sub_internship": "utter_card_type_sub_internship",
    "externship": "utter_card_type_externship",
    "observership": "utter_card_type_observership",
    "telehealth": "utter_card_type_telehealth",
    "research": "utter_card_type_research",
}
HANDS_ON = {"yes": "utter_card_hands_on_yes", "no": "utter_card_hands_on_no", "mixed": "utter_card_hands_on_mixed"}
PERIODS = {
    "per_week": "utter_card_period_week",
    "per_2_weeks": "utter_card_period_2_weeks",
    "per_4_weeks": "utter_card_period_4_weeks",
    "per_rotation": "utter_card_period_rotation",
    "per_month": "utter_card_period_month",
    "per_day": "utter_card_period_day",
    "one_time": "utter_card_period_one_time",
}
LEVELS = {
    "required": "utter_card_level_required",
    "recommended": "utter_card_level_recommended",
    "not_required": "utter_card_level_not_required",
}
ROUTES = {
    "direct": "utter_card_route_direct",
    "vslo": "utter_card_route_vslo",
    "third_party": "utter_card_route_third_party",
}
CITIZENSHIPS = {
    "us": "utter_card_citizenship_us",
    "not_us": "utter_card_citizenship_not_us",
    "no_visa": "utter_card_citizenship_no_visa",
    "any": "utter_card_citizenship_any",
}
RESIDENCY = {"yes": "utter_card_residency_yes", "no": "utter_card_residency_no"}
AGREEMENTS = {"required": "utter_card_agreement_required", "not_required": "utter_card_agreement_not_required"}
CERTIFICATES = {"yes": "utter_card_certificate_yes", "no": "utter_card_certificate_no"}
LORS = {"yes": "utter_card_lor_yes", "no": "utter_card_lor_no", "case_by_case": "utter_card_lor_case_by_case"}
CONFIDENCES = {
    "high": "utter_card_confidence_high",
    "medium": "utter_card_confidence_medium",
    "low": "utter_card_confidence_low",
    "": "utter_card_confidence_unknown",
}
SUBSTITUTES = ("ifom", "ecfmg certificate may stand", "may replace", "instead of step 1")


def audience_words(program: Program, say: Say) -> str:
    """ "students and graduates"."""
    words = " and ".join(say(AUDIENCES[name]) for name in program.audience)
    return words or say("utter_card_audience_unknown")


def _who(program: Program, say: Say) -> str:
    acceptance = say(ACCEPTS[program.accepts_international])
    return say("utter_card_who", audience=audience_words(program, say), acceptance=acceptance)


def _types(program: Program, say: Say) -> str:
    return ", ".join(say(TYPES[name]) for name in program.rotation_types)


def _specialties(program: Program, say: Say) -> str:
    return ", ".join(say("utter_card_specialties_many") if name == "many" else name for name in program.specialties)


def _hands_on(program: Program, say: Say) -> str:
    return say(HANDS_ON[program.hands_on]) if program.hands_on else ""


def year_words(program: Program, say: Say) -> str:
    """The year that a program's prices are for, or that nobody knows it."""
    return price_year(program) or say("utter_card_undated")


def _fee(program: Program, say: Say) -> str:
    if program.fee_period == "free":
        return say("utter_card_fee_free", year=year_words(program, say))
    if program.fee_usd_min is None:
        return ""
    if program.price_list:
        return say("utter_card_fee_list", prices=_prices(program, say), year=year_words(program, say))
    key = "utter_card_fee_from" if program.fee_usd_max is None else "utter_card_fee"
    amount = usd_range(program.fee_usd_min, program.fee_usd_max)
    return say(key, amount=amount, period=say(PERIODS[program.fee_period]), year=year_words(program, say))


def _prices(program: Program, say: Say) -> str:
    """A price list in words: "students: USD 150; graduates: USD 450"."""
    return "; ".join(_price(item, say) for item in read_prices(program.price_list))


def _price(item: Price, say: Say) -> str:
    key = "utter_card_price" if item.weeks is None else "utter_card_price_weeks"
    said = say(key, amount=usd(item.usd), weeks=number(item.weeks or 0))
    return say("utter_card_price_for", who=say(AUDIENCES[item.audience]), price=said) if item.audience else said


def _application_fee(program: Program, say: Say) -> str:
    if program.application_fee_usd is None:
        return ""
    return say("utter_card_application_fee", amount=usd(program.application_fee_usd), year=year_words(program, say))


def _duration(program: Program, say: Say) -> str:
    length, most = _length(program, say), program.max_weeks_total
    if most is None:
        return length
    if not length:
        return say("utter_card_weeks_cap_only", most=number(most))
    return say("utter_card_weeks_cap", length=length, most=number(most))


def _length(program: Program, say: Say) -> str:
    low, high = program.duration_weeks_min, program.duration_weeks_max
    if low is None:
        return "" if high is None else say("utter_card_weeks_up_to", high=number(high))
    if high is None:
        return say("utter_card_weeks_from", low=number(low))
    if low == high:
        return say("utter_card_week") if low == 1 else say("utter_card_weeks", low=number(low))
    return say("utter_card_weeks_range", low=number(low), high=number(high))


def _lead(program: Program, say: Say) -> str:
    late, early = program.apply_months_before_min, program.apply_months_before_max
    if late is None:
        return "" if early is None else say("utter_card_lead_early", early=_months(early, say))
    if early is None or early == late:
        return say("utter_card_lead", late=_months(late, say))
    return say("utter_card_lead_range", late=_months(late, say), early=_months(early, say))


def _months(months: float, say: Say) -> str:
    """A time as people say it: 0.75 months are 3 weeks; whole and half months stay what they are."""
    if months * 2 != int(months * 2) or months < 1:
        weeks = max(1, round(months * WEEKS_OF_MONTH))
        return say("utter_card_week") if weeks == 1 else say("utter_card_weeks", low=weeks)
    return say("utter_card_month") if months == 1 else say("utter_card_months", months=number(months))


def _window(program: Program, say: Say) -> str:
    return program.application_window


def _exam(level: str, program: Program, say: Say) -> str:
    if not level:
        return ""
    if program.is_closed:
        return say("utter_card_exam_us_visitors", level=say(LEVELS[level]))
    return say(LEVELS[level])


def _step1(program: Program, say: Say) -> str:
    words = _exam(program.step1, program, say)
    has_substitute = program.step1 == "required" and any(word in program.notes.lower() for word in SUBSTITUTES)
    return say("utter_card_exam_substitute", level=words) if has_substitute else words


def _step2ck(program: Program, say: Say) -> str:
    return _exam(program.step2ck, program, say)


def _english(program: Program, say: Say) -> str:
    words = _exam(program.english_test, program, say)
    if words and program.english_detail:
        return say("utter_card_english", level=words, detail=program.english_detail)
    return words or program.english_detail


def _route(program: Program, say: Say) -> str:
    return say(ROUTES[program.route]) if program.route else ""


def _visa(program: Program, say: Say) -> str:
    return program.visa


def _lor(program: Program, say: Say) -> str:
    return say(LORS[program.lor]) if program.lor else ""


def _documents(program: Program, say: Say) -> str:
    return ", ".join(program.documents)


def _ecfmg(program: Program, say: Say) -> str:
    return _exam(program.ecfmg, program, say)


def _graduated(program: Program, say: Say) -> str:
    years = program.graduated_within_years
    return "" if years is None else say("utter_card_graduated_within", years=number(years))


def _of(field: str, words: Mapping[str, str]) -> Callable[[Program, Say], str]:
    """The words of a column with few values."""
    return lambda program, say: say(words[value]) if (value := getattr(program, field)) else ""


def _own_words(field: str, none: str = "") -> Callable[[Program, Say], str]:
    """A column in the words of its row, or that there is none of it."""
    return lambda program, say: say(none) if none and getattr(program, field) == NONE else getattr(program, field)


def condition_words(program: Program, say: Say) -> str:
    """What the columns make a condition, as a sentence; empty where they name none."""
    is_met_by_all = {
        "citizenship": program.citizenship == "any",
        "residency": program.residency_applicants == "yes",
        "agreement": program.home_agreement == "not_required",
        "ecfmg": program.ecfmg != "required",
    }
    names = [name for name in CONDITIONS if not is_met_by_all.get(name)]
    said = [(FACT[name].label, words) for name in names if (words := FACT[name].words(program, say))]
    parts = [say("utter_card_condition", label=say(label), value=words) for label, words in said]
    return say("utter_card_conditions", conditions="; ".join(parts)) if parts else ""


def source_words(program: Program, today: date, say: Say) -> str:
    """How old and how sure the source is: "May 2019 (7 years old ...) · official page"."""
    reliability, when = say(CONFIDENCES[program.confidence]), month(program.source_date)
    if program.looked_at:
        reliability = say("utter_card_looked_at", reliability=reliability, date=month(program.looked_at.isoformat()))
    age = age_in_years(program, today)
    if age is None:
        return say("utter_card_source", date=say("utter_card_undated"), reliability=reliability)
    if age >= OLD_YEARS:
        return say("utter_card_source_old", date=when, years=age, reliability=reliability)
    return say("utter_card_source", date=when, reliability=reliability)


@dataclass(frozen=True)
class CardFact:
    """One kind of fact: its name, its label's key, how it is said, and whether its absence is worth a word."""

    name: str
    label: str
    words: Callable[[Program, Say], str]
    is_missed: bool = False
    is_detail: bool = False
    """Too long for a table."""


CARD_FACTS = (
    CardFact("who", "utter_card_label_who", _who),
    CardFact("type", "utter_card_label_type", _types),
    CardFact("hands_on", "utter_card_label_hands_on", _hands_on, is_missed=True),
    CardFact("specialties", "utter_card_label_specialties", _specialties, is_missed=True),
    CardFact("fee", "utter_card_label_fee", _fee, is_missed=True),
    CardFact("application_fee", "utter_card_label_application_fee", _application_fee),
    CardFact("duration", "utter_card_label_duration", _duration, is_missed=True),
    CardFact("lead", "utter_card_label_lead", _lead, is_missed=True),
    CardFact("window", "utter_card_label_window", _window),
    CardFact("step1", "utter_card_label_step1", _step1, is_missed=True),
    CardFact("step2ck", "utter_card_label_step2ck", _step2ck),
    CardFact("english", "utter_card_label_english", _english, is_missed=True),
    CardFact("ecfmg", "utter_card_label_ecfmg", _ecfmg),
    CardFact("graduated", "utter_card_label_graduated", _graduated),
    CardFact("citizenship", "utter_card_label_citizenship", _of("citizenship", CITIZENSHIPS)),
    CardFact("residency", "utter_card_label_residency", _of("residency_applicants", RESIDENCY)),
    CardFact("agreement", "utter_card_label_agreement", _of("home_agreement", AGREEMENTS)),
    CardFact("route", "utter_card_label_route", _route),
    CardFact("decided_by", "utter_card_label_decided_by", _own_words("decided_by")),
    CardFact("visa", "utter_card_label_visa", _visa),
    CardFact("lor", "utter_card_label_lor", _lor),
    CardFact("certificate", "utter_card_label_certificate", _of("certificate", CERTIFICATES)),
    CardFact("housing", "utter_card_label_housing", _own_words("housing", "utter_card_housing_none")),
    CardFact("stipend", "utter_card_label_stipend", _own_words("stipend", "utter_card_stipend_none")),
    CardFact("schedule", "utter_card_label_schedule", _own_words("hours")),
    CardFact("documents", "utter_card_label_documents", _documents, is_detail=True),
)
FACT = {fact.name: fact for fact in CARD_FACTS}
CONDITIONS = ("ecfmg", "graduated", "citizenship", "residency", "agreement")
"""The facts by which a page turns people away beside whom it is for."""


def card(
    program: Program,
    *,
    today: date,
    say: Say,
    why: tuple[str, ...] = (),
    caveats: tuple[str, ...] = (),
    asked: Sequence[str] = (),
) -> Card:
    """The card of a program: fee and deadline at once, or what was `asked` (columns), all other facts folded.

    `why` and `caveats` are finished words (see `results`); a card without them says who may apply.
    """
    place = program.place or say("utter_card_several_sites")
    known = {fact.name: words for fact in CARD_FACTS if (words := fact.words(program, say))}
    opening = _opening(known, asked=asked, is_explained=bool(why or caveats))
    rest = [fact.name for fact in CARD_FACTS if fact.name in known and fact.name not in opening]
    return Card(
        slug=program.slug,
        title=program.institution,
        subtitle=say("utter_card_subtitle", name=program.program_name, place=place),
        facts=_labelled(opening, known, say),
        more=(*_labelled(rest, known, say), *_missing(known, say)),
        why=why,
        caveats=caveats,
        notes="" if asked else program.notes,
        source=Source(program.institution, program.source_url, program.source_date),
        source_note=source_words(program, today, say),
        confidence=program.confidence,
    )


def _opening(known: Mapping[str, str], *, asked: Sequence[str], is_explained: bool) -> tuple[str, ...]:
    """The facts that are shown at once, by name."""
    if asked:
        return tuple(name for name in dict.fromkeys((*asked, "who", "type", "fee")) if name in known)[:MOST_ASKED]
    deadline = "lead" if "lead" in known else "window"
    names = ("fee", deadline) if is_explained else ("who", "fee", deadline)
    return tuple(name for name in names if name in known)


def _labelled(names: Iterable[str], known: Mapping[str, str], say: Say) -> tuple[Fact, ...]:
    return tuple(Fact(say(FACT[name].label), known[name]) for name in names)


def _missing(known: Mapping[str, str], say: Say) -> tuple[Fact, ...]:
    """What a page is silent on, in one line, so that silence is never read as "no"."""
    names = [say(fact.label) for fact in CARD_FACTS if fact.is_missed and fact.name not in known]
    return (Fact(say("utter_card_label_not_stated"), ", ".join(names)),) if names else ()
