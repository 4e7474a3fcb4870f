"""What to ask next in a search, and which values a person gave that cannot be used."""

from __future__ import annotations

from datetime import date

from bot.dialogue.profile import NOT_TAKEN, Profile
from bot.nlu.message import FRAME_ONLY, Message
from bot.programs import measures
from bot.programs.program import FOR_STUDENTS
from bot.programs.query import Query
from bot.programs.query_reader import MOST_WEEKS
from bot.programs.search import PAGE_SIZE, Results

QUESTIONS = {
    "career_stage": "utter_search_ask_audience",
    "specialties": "utter_search_ask_specialty",
    "states": "utter_search_ask_state",
}
WISH = "utter_search_ask_wish"
"""The question for a specialty where nothing at all is wished for: a place or a type will do as well."""
_EXAMS = {"no_step1": "step1", "no_step2ck": "step2ck", "no_english_test": "english_test"}
_SAYING = (
    *("ask", "cheaper", "free", "more", "previous", "pick", "compare", "anywhere", "offers", "undo"),
    *("with_letter", "which_of", "which_better", "how_many", "same_state", "nearby"),
)
"""Acts of messages that are no name of a specialty."""
_BOTH = frozenset({"students", "graduates"})


def next_question(query: Query, results: Results | None) -> str | None:
    """The profile slot worth asking for: what is missing and would change the answer, one at a time and each once."""
    open_ones = [slot for slot in _missing(query) if slot not in (*query.skipped, *query.asked)]
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
    is_known = query.audience or (query.rotation_types and set(query.rotation_types) <= set(FOR_STUDENTS))
    missing = [] if is_known else ["career_stage"]
    missing += [] if query.specialties else ["specialties"]
    return missing + ([] if query.states or query.cities or query.excluded_places else ["states"])


def is_bare(query: Query, profile: Profile) -> bool:
    """Whether there is nothing yet to search by: who somebody is and what they lack is no wish of a search."""
    lacks = {name for name, exam in _EXAMS.items() if getattr(profile, exam) == NOT_TAKEN}
    return not query.facets.keys() - {"audience", *lacks} and not {"specialties", "states"} & set(query.skipped)


def names_no_specialty(message: Message, asked: str | None) -> bool:
    """Whether a message was meant to name a specialty and names nothing that we know."""
    frame = message.frame
    names = (item for item in frame.entities if item.kind not in FRAME_ONLY)
    is_said = (item.kind == "exam" or item.polarity not in ("has_not", "wants_not") for item in names)
    says_something = any(is_said) or frame.dimensions
    if message.is_button or says_something or message.declines:
        return False
    if frame.does(*_SAYING) or frame.named("dropped"):
        return False
    return asked == "specialties" or bool(frame.named("unknown_specialty"))


def unusable(message: Message, *, today: date, asked: str | None = None) -> tuple[str, ...]:
    """Keys of kind words for values that cannot be: a negative price, a stay of 200 weeks, a month that has passed."""
    frame, found = message.frame, []
    money = measures.budget(frame)
    if money and money.high < 0:
        found.append("utter_search_bad_budget")
    if measures.names_foreign_money(frame):
        found.append("utter_search_foreign_money")
    number = measures.bare_number(frame) if asked == "weeks" else None
    lengths = [length.weeks[1] for length in measures.stays(frame)] or ([] if number is None else [number])
    if any(not 0 < weeks <= MOST_WEEKS for weeks in lengths):
        found.append("utter_search_bad_weeks")
    month = measures.start_month(frame, today)
    if month and month < f"{today:%Y-%m}":
        found.append("utter_search_bad_month")
    origins = {item.value for item in frame.named("country") if item.whose == "self"}  # "student from Pakistan, ..."
    sought = [item for item in frame.named("nationality") if item.polarity != "has" and item.value not in origins]
    if message.intent != "inform" and sought:
        found.append("utter_search_nationality")
    return tuple(found)
