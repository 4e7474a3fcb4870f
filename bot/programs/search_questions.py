"""What to ask next in a search, and which values a person gave that cannot be used."""

from __future__ import annotations

import re
from datetime import date

from bot.nlu import quantities
from bot.nlu.mentions import SKIP, mentions
from bot.nlu.message import Message
from bot.programs.query import Query
from bot.programs.query_reader import MOST_WEEKS
from bot.programs.search import PAGE_SIZE, Results

QUESTIONS = {
    "career_stage": "utter_search_ask_audience",
    "specialties": "utter_search_ask_specialty",
    "states": "utter_search_ask_state",
}
_BOTH = frozenset({"students", "graduates"})
_SPECIALTY_LEAD = re.compile(r"^\W*(?:my |the )?special(?:i)?ty\b\W*(?:is|=|:|-)?\s*\S", re.IGNORECASE)


def next_question(query: Query, results: Results | None) -> str | None:
    """The profile slot worth asking for: what is missing and would change the answer, one at a time."""
    open_ones = [slot for slot in _missing(query) if slot not in query.skipped]
    if results is None:
        return open_ones[0] if open_ones else None
    for slot in open_ones:
        if slot == "career_stage" and any(set(hit.program.audience) != _BOTH for hit in results.hits):
            return slot
        if slot == "specialties" and results.total > PAGE_SIZE:
            return slot
        if slot == "states" and results.total > 2 * PAGE_SIZE and len(query.facets) <= 2:
            return slot
    return None


def _missing(query: Query) -> list[str]:
    missing = [] if query.audience else ["career_stage"]
    missing += [] if query.specialties else ["specialties"]
    return missing + ([] if query.states or query.cities or query.excluded_states else ["states"])


def is_bare(query: Query) -> bool:
    """Whether there is nothing yet to search by; who asks is not enough."""
    return not (set(query.facets) - {"audience"}) and not query.skipped


def names_no_specialty(message: Message, asked: str | None) -> bool:
    """Whether a message was meant to name a specialty and names nothing that we know."""
    if message.is_button or any(not item.negated for item in mentions(message)):
        return False
    meant = asked == "specialties" or bool(_SPECIALTY_LEAD.search(message.text))
    return meant and not SKIP.match(message.text) and message.intent not in ("unsure", "deny")


_FOREIGN = re.compile(
    r"(?:[€£₹]\s?\d|\b\d[\d.,]*\s?k?\s?(?:eur|euros?|pounds?|gbp|rupees?|inr|pkr|egp|riyals?|sar|lira|jod|dirhams?|"
    r"aed|naira)\b)",
    re.IGNORECASE,
)


_NATIONALITY = re.compile(r"\b(?:passports?|nationalit(?:y|ies)|citizens?|citizenship)\b", re.IGNORECASE)


def has_foreign_money(message: Message) -> bool:
    """Whether an amount in another currency than US dollars is named."""
    return not message.is_button and bool(_FOREIGN.search(message.text))


def unusable(message: Message, *, today: date, asked: str | None = None) -> tuple[str, ...]:
    """Keys of kind words for values that cannot be: a negative price, a stay of 200 weeks, a month that has passed."""
    if message.is_button:
        return ()
    text, found = message.text, []
    money = quantities.money(text, expected=asked == "budget_usd_per_4_weeks")
    if money and money.high < 0:
        found.append("utter_search_bad_budget")
    if has_foreign_money(message):
        found.append("utter_search_foreign_money")
    weeks = quantities.weeks(text, expected=asked == "weeks")
    if weeks is not None and not 0 < weeks <= MOST_WEEKS:
        found.append("utter_search_bad_weeks")
    month = quantities.start_month(text, today)
    if month and month < f"{today:%Y-%m}":
        found.append("utter_search_bad_month")
    if _NATIONALITY.search(text):
        found.append("utter_search_nationality")
    return tuple(found)
