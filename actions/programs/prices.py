"""What a kind of rotation costs somewhere: the FAQ's answer, and what pages there print."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.acts import start_of
from actions.programs.asked import ASK_PROGRAM, asked_columns
from actions.programs.running import changed
from actions.programs.screen import sources
from actions.topics import about, is_topic, topic_answers
from actions.turn import Outcome, Turn
from bot.dialogue.state import asked_aspect
from bot.programs import service
from bot.programs.cards import FACT
from bot.programs.measures import stays
from bot.programs.program import Program
from bot.programs.query import Query
from bot.programs.vocabulary import vocabulary
from bot.programs.wish_words import places
from bot.reply.parts import Reply, Text

MOST_EXAMPLES = 3
FEW_WORDS = 10
GENERAL = "faq_cost/type_price"
OF_KIND = {
    "observership": "faq_cost/observership_price",
    "externship": "faq_cost/externship_price",
    "elective": "faq_cost/school_fee",
    "sub_internship": "faq_cost/school_fee",
    "telehealth": "faq_cost/telehealth_price",
}
"""The question of the FAQ for the price of each type."""
ELSEWHERE = ("institution", "unknown_name", "provider", "route")
PLACES = ("state", "city", "region")


def asks_price_of_kind(turn: Turn) -> bool:
    """Whether the price of a type of rotation is asked, at no institution and of nothing that is on the screen."""
    message, frame = turn.message, turn.message.frame
    if message.is_button or not frame.wished("rotation_type") or any(frame.named(kind) for kind in ELSEWHERE):
        return False
    if len(message.questions) > 1 or frame.does("show", "cheaper", "which_of", "them", "compare"):
        return False
    is_of_program = message.intent == ASK_PROGRAM and asked_columns(turn) == ("fee",)
    has_place = any(frame.named(kind) for kind in PLACES)
    is_bare_cost = message.intent == "estimate_cost" and not frame.dimensions and frame.does("ask")
    is_price = is_bare_cost or asked_aspect(message) in (GENERAL, *OF_KIND.values())
    return is_of_program or (has_place and is_price)


def price_of_kind(turn: Turn) -> Outcome:
    """The price in general, and what pages in the place print that is named."""
    kind = turn.message.frame.wished("rotation_type")[0]
    topic = OF_KIND.get(kind, GENERAL)
    topic = topic if is_topic(turn, topic) else "faq_cost"
    answer = topic_answers(turn, (topic,))
    query = changed(turn, None, None)
    first = answer.parts[0]
    if not (query.states or query.cities) or not isinstance(first, Text):
        return Outcome(answer, about(turn, topic))
    examples, place = _priced(turn, query), places(query, vocabulary().states)
    key = "utter_program_prices_there" if examples else "utter_program_no_prices_there"
    lines = "\n".join(f"- **{item.institution}**: {FACT['fee'].words(item, turn.responses.text)}" for item in examples)
    there = turn.responses.text(key, place=place, prices=lines)
    said = replace(
        first,
        text=f"{start_of(first.text, sentences=2)}\n\n{there}",
        sources=(*first.sources, *sources(examples)),
    )
    return Outcome(Reply((said, *answer.parts[1:]), answer.suggestions), about(turn, topic))


def _priced(turn: Turn, query: Query) -> tuple[Program, ...]:
    """The programs there that print a price, the lowest first, one of each institution."""
    wanted = Query(
        states=query.states,
        cities=query.cities,
        rotation_types=query.rotation_types,
        audience=query.audience,
        sort="price",
    )
    with turn.container.database.unit() as session:
        found = service.search(session, wanted, today=turn.today)
    if found.relaxed:
        return ()
    priced = (hit.program for hit in found.hits if hit.program.is_priced and "states" not in hit.unknown)
    return tuple({item.institution: item for item in priced}.values())[:MOST_EXAMPLES]


def goes_on_from_the_fee(turn: Turn) -> bool:
    """Whether a length follows a question for the fee of a program, so that a sum is meant: "for two months then?"."""
    frame, asked = turn.message.frame, turn.slots.get("asked_of_program") or ()
    is_length = bool(stays(frame)) and not (frame.entities or frame.does("of_all"))
    is_length = is_length and len(turn.message.text.split()) <= FEW_WORDS
    return turn.task == "program" and tuple(asked)[:1] == ("fee",) and is_length and not turn.message.is_button
