"""Searching in conversation: results first, then at most one question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.base import BotAction, return_to_question
from actions.dialogue.continuing import not_understood
from actions.dialogue.opening import heard, opening
from actions.programs.running import changed, running, who_does
from actions.programs.screen import screen
from actions.topics import about, of_another_profession, topic_answers
from actions.turn import Outcome, Turn
from bot.dialogue.slots import to_slot
from bot.dialogue.state import TYPE_TOPICS
from bot.nlu.message import intent_of
from bot.programs import measures, results, search_questions, service
from bot.programs.cards import FACT
from bot.programs.program import usd
from bot.programs.query import Query
from bot.programs.query_reader import is_for_other, taken_back, turned_pages
from bot.programs.results import cheapest
from bot.programs.search import Results
from bot.programs.vocabulary import vocabulary
from bot.programs.wish_words import wishes
from bot.reply.parts import Reply, Suggestion, Text
from bot.reply.responses import answer_of

MOST_BUTTONS = 6
ABROAD = "out_of_scope/other_country"
_TYPES = "faq_rotation_types"
CLEAR = 0.45


def search(turn: Turn) -> Outcome:
    """What a search message leads to; words that were meant as a specialty and are none are asked again once.

    Programs are for medicine: who tells another profession is told so, and shown none.
    """
    topic = None if is_for_other(turn.message.frame) else of_another_profession(turn)
    if topic:
        return Outcome(topic_answers(turn, (topic,)), about(turn, topic))
    if _is_abroad(turn):
        return Outcome(return_to_question(turn, turn.responses.reply(answer_of(ABROAD))))
    if search_questions.names_no_specialty(turn.message, turn.asked) and "specialties" not in _again(turn):
        return _ask_specialty_again(turn)
    return _find(turn)


def _is_abroad(turn: Turn) -> bool:
    """Whether another country is where somebody wants to go, and not where they come from: "or Canada instead?"."""
    frame = turn.message.frame
    origins = {item.start for kind in ("nationality", "home_school") for item in frame.named(kind)}
    named = (item for item in frame.named("country") if item.start not in origins)
    wished = [item for item in named if item.polarity != "has" and item.whose != "other"]
    is_here = any(frame.named(kind) for kind in ("state", "city", "region", "institution"))
    return bool(wished) and not is_here and frame.does("instead", "follow_up", "seek", "bare")


def _find(turn: Turn) -> Outcome:
    before = running(turn)
    asked = turn.asked if turn.task == "search" else None
    query = changed(turn, before, asked)
    if turn.message.frame.does("is_monthly"):
        query = replace(query, budget_is_total=False)
    if turn.message.frame.does("offers") and (kind := topic_type(turn)):
        query = replace(query, rotation_types=(kind,))
    if is_nothing_wished(turn, query) and not who_does(turn, before):
        if before is None and turn.message.intent == "refine_search" and turn.message.confidence < CLEAR:
            return not_understood(turn)  # nothing to refine, and nothing to search by
        return _ask(turn, query, Reply(()), None)
    if query == before and query.budget_usd and turn.message.frame.does("is_monthly"):
        return Outcome(turn.responses.reply("utter_search_is_monthly", budget=usd(query.budget_usd)))
    if query == before and turn.message.frame.named("consulate") and turn.message.frame.does("ask", "seek"):
        return Outcome(turn.responses.reply(answer_of(ABROAD)))  # of programs in Toronto there is no list
    is_corrected = "graduation_year" in turn.learned and bool(turn.message.frame.bare_years[0])
    if query == before and turn.task == "search" and turn.only_tells and not is_corrected:
        return opening(turn)  # the same list again would say nothing of what was told
    planning = BotAction.of_task("timeline")
    if before is None and set(query.facets) == {"start_month"} and screen(turn) and planning:
        return planning.answer(turn)  # "and in winter?" is asked of the program on the screen
    with turn.container.database.unit() as session:
        found = service.search(session, query, today=turn.today, person=turn.subject)
    if query == before and turn.message.frame.does("cheaper") and (lowest := cheapest(h.program for h in found.hits)):
        fee = FACT["fee"].words(lowest, turn.responses.text)
        return Outcome(turn.responses.reply("utter_search_already_cheapest", name=lowest.title, fee=fee))
    return _show(turn, query, found, asks_price=before is None or before.sort != query.sort or _names_price(turn))


def _names_price(turn: Turn) -> bool:
    """Whether a message asks for something cheaper, or names what it may cost."""
    return turn.message.frame.does("cheaper", "free") or bool(measures.budget(turn.message.frame))


def is_nothing_wished(turn: Turn, query: Query) -> bool:
    """Whether there is nothing to search by, and something is left to ask for."""
    is_bare = search_questions.is_bare(query, turn.subject) and not _more(turn)
    return is_bare and search_questions.next_question(query, None) is not None


def topic_type(turn: Turn) -> str:
    """The type of rotation that was talked about last; empty where it was something else, or one is named now."""
    topic = turn.slots.get("last_topic") or ""
    if turn.task or turn.message.frame.wished("rotation_type"):
        return ""
    return next(
        (kind for kind, of in TYPE_TOPICS.items() if topic == of or intent_of(of) == topic.split("/")[0] != _TYPES), ""
    )


def _show(turn: Turn, query: Query, found: Results, *, asks_price: bool) -> Outcome:
    say, states = turn.responses.text, vocabulary().states
    notices = tuple(
        Text(say(key)) for key in search_questions.unusable(turn.message, today=turn.today, asked=turn.asked)
    )
    notices += (Text(heard(turn)),) if _is_news(turn) and heard(turn) else ()
    if given_up := _given_up(turn):
        notices = (*notices, Text(say("utter_search_given_up", wishes=given_up)))
    is_everything = bool(found.relaxed) and not set(found.query.facets) - {"audience"}
    if not found.hits or is_everything:  # every program there is, for the one wish that nothing fits, helps nobody
        key = "utter_search_no_more" if query.page else "utter_search_nothing"
        nothing = turn.responses.reply(key, wishes=wishes(query, states=states, say=say))
        return Outcome(Reply(notices).then(nothing), {**_learned(query), "task": "search", "asked": None})
    if verdict := _verdict(turn, found):
        notices = (*notices, Text(say(verdict)))
    body = results.parts(found, query, today=turn.today, states=states, say=say, asks_price=asks_price)
    return _ask(turn, query, Reply((*notices, *body)), found)


def _is_news(turn: Turn) -> bool:
    """Whether a message told what the bot did not ask for: a corrected year, or a fact beside the list."""
    is_beside = turn.only_tells and turn.task == "search" and turn.asked not in turn.learned
    return bool(turn.learned) and (is_beside or bool(turn.message.frame.bare_years[0]))


def _verdict(turn: Turn, found: Results) -> str:
    """What answers "is that possible?" above the list: the key of a yes or a perhaps; empty where it is not asked."""
    frame = turn.message.frame
    if turn.message.is_button or found.relaxed or not (frame.does("feasible") and frame.does("ask")):
        return ""
    return "utter_search_possible" if found.full else "utter_search_perhaps"


def _given_up(turn: Turn) -> str:
    """The wishes of the running search that are given up for something cheaper; empty where none is."""
    before = running(turn)
    gone = taken_back(turn.message.frame, before) if before and turn.message.frame.does("cheaper") else Query()
    return wishes(gone, states=vocabulary().states, say=turn.responses.text) if gone.facets else ""


def _ask(turn: Turn, query: Query, reply: Reply, found: Results | None) -> Outcome:
    """The reply with the question worth asking below it, and what to remember."""
    asked = search_questions.next_question(query, found)
    is_any_wish = found is None and asked == "specialties"
    key = search_questions.WISH if is_any_wish else search_questions.QUESTIONS.get(asked or "", "")
    question = turn.responses.reply(key) if key else Reply(())
    buttons = (*question.suggestions, *(_follow_ups(turn, found) if found else ()))
    kept = found.query if found and not found.relaxed else query
    kept = replace(kept, asked=(*kept.asked, asked)) if asked else kept
    slots = {**_learned(kept), "task": "search", "asked": asked}
    if found:
        is_of_one = turn.message.frame.does("cheapest_one", "which_of") and turn.message.frame.does("cheaper")
        lowest = cheapest(hit.program for hit in found.hits) if is_of_one else None  # "and does it need Step 1?"
        one = lowest or (found.hits[0].program if found.full == 1 and found.hits else None)  # the only one that fits
        slots |= {"last_results": [hit.program.slug for hit in found.hits], "focus": [one.slug] if one else None}
    notes = {"relaxed": list(found.relaxed)} if found and found.relaxed else {}
    return Outcome(Reply(reply.parts + question.parts, buttons[:MOST_BUTTONS]), slots, notes=notes)


def _follow_ups(turn: Turn, found: Results) -> tuple[Suggestion, ...]:
    more, previous, cheaper, side_by_side, hands_on = turn.responses.buttons("utter_search_buttons")
    useful = (
        (more, found.has_more),
        (previous, found.query.page > 0),
        (cheaper, found.priced > 0 and found.total > 1 and found.query.sort != "price"),
        (side_by_side, len(found.hits) > 1),
        (hands_on, found.query.hands_on is None),
    )
    return tuple(button for button, helps in useful if helps)


def _learned(query: Query) -> dict[str, Any]:
    """The running query, and what it tells about the person's wishes; those of somebody else are not theirs."""
    if query.for_other:
        return {"query": to_slot(query)}
    wishes = {
        "specialties": list(query.specialties),
        "states": list(query.states),
        "rotation_types": list(query.rotation_types),
        "budget_usd_per_4_weeks": query.budget_usd if not query.budget_is_total else None,
        "weeks": query.weeks,
        "start_month": query.start_month,
    }
    return {"query": to_slot(query), **{name: value for name, value in wishes.items() if value}}


def _ask_specialty_again(turn: Turn) -> Outcome:
    query = running(turn) or Query()
    query = replace(query, skipped=(*query.skipped, "specialties"))
    slots = {"query": to_slot(query), "task": "search", "asked": "specialties"}
    return Outcome(turn.responses.reply("utter_search_specialty_unknown"), slots)


def _again(turn: Turn) -> tuple[str, ...]:
    query = running(turn)
    return query.skipped if query else ()


def _more(turn: Turn) -> bool:
    return turned_pages(turn.message) != 0
