"""Search results as a reply: what was looked for, what was found, what was given up, and the cards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.programs.cards import FACT, TYPES, Say, card
from bot.programs.pricing import program_fee
from bot.programs.program import Program
from bot.programs.query import Query
from bot.programs.search import PAGE_SIZE, Hit, Results
from bot.programs.shared_list import address
from bot.programs.wish_words import MOST_STATES, States, granted, places, wishes
from bot.reply.parts import Part, Programs, Text

MOST_REASONS = 3
"""Chips on a card: what fits and what to look out for, together."""
_GIVEN_UP = {
    "cities": "utter_relaxed_cities",
    "states": "utter_relaxed_states",
    "region": "utter_relaxed_region",
    "price": "utter_relaxed_price",
    "weeks": "utter_relaxed_weeks",
    "start_month": "utter_relaxed_start",
    "visa": "utter_relaxed_visa",
    "routes": "utter_relaxed_routes",
    "exams": "utter_relaxed_exams",
    "letter": "utter_relaxed_letter",
    "housing": "utter_relaxed_housing",
    "stipend": "utter_relaxed_stipend",
    "hands_on": "utter_relaxed_hands_on",
    "broader_specialty": "utter_relaxed_specialty",
    "specialties": "utter_relaxed_specialty",
    "rotation_types": "utter_relaxed_rotation_type",
}
_LABELS = {
    "audience": "utter_card_label_who",
    "specialties": "utter_card_label_specialty",
    "states": "utter_card_label_place",
    "excluded_places": "utter_card_label_place",
    "cities": "utter_card_label_place",
    "rotation_types": "utter_card_label_type",
    "hands_on": "utter_card_label_hands_on",
    "price": "utter_card_label_fee",
    "no_step1": "utter_card_label_step1",
    "no_step2ck": "utter_card_label_step2ck",
    "no_english_test": "utter_card_label_english",
    "letter": "utter_card_label_lor",
    "housing": "utter_card_label_housing",
    "stipend": "utter_card_label_stipend",
    "routes": "utter_card_label_route",
    "unrestricted": "utter_card_label_who",
    "weeks": "utter_card_label_duration",
    "start_month": "utter_card_label_lead",
    "visa": "utter_card_label_visa",
    "accepts_international": "utter_card_label_who",
}
"""What a page is silent on, by the facet that was wished for."""
_RESTRICTION = ("accepts_international", "unrestricted")
"""The wishes that a restriction leaves open: its own line speaks of it."""


def lead(results: Results, asked_for: Query, *, states: States, say: Say, asks_price: bool = True) -> str:
    """The sentences above the cards: how many fit, what was given up, what is not known.

    The cheapest one is named where that is asked now; a list stays in the order of prices when a wish changes.
    """
    lines = []
    if results.query.sort == "price" and results.total and asks_price:  # What was asked for stands first.
        lines += _cheapest(results, say)
        is_sorted = results.full in (
            0,
            results.total,
        )  # what leaves a wish open comes after what fits, whatever it costs
        key = "utter_search_sorted" if is_sorted else "utter_search_sorted_within"
        key = key if results.priced else "utter_search_no_prices"
        lines.append(say(key, priced=results.priced, total=results.total))
    if results.relaxed:
        lines.append(_relaxed(results, asked_for, states=states, say=say))
    if "states" in results.relaxed and any(hit.program.is_of_many_sites for hit in results.hits):
        lines.append(say("utter_search_sites_unnamed", place=places(asked_for, states)))
    if results.query.page and results.hits:
        lines.append(_page(results, states=states, say=say))
    elif results.total:
        lines.append(_count(results, wishes(results.query, states=states, say=say), say))
    return "\n\n".join(lines)


def _cheapest(results: Results, say: Say) -> list[str]:
    """Which of the programs on this page prints the lowest price for four weeks."""
    found = cheapest(hit.program for hit in results.hits)
    return [say("utter_search_cheapest", name=found.title, fee=FACT["fee"].words(found, say))] if found else []


def cheapest(programs: Iterable[Program], weeks: float = 4) -> Program | None:
    """The program that prints the lowest price for so many weeks, application fee included; None without one."""
    prices = [
        (price.low + (item.application_fee_usd or 0), item) for item in programs if (price := program_fee(item, weeks))
    ]
    return min(prices, key=lambda pair: pair[0])[1] if prices else None


def _count(results: Results, words: str, say: Say) -> str:
    opened = results.total - results.full
    if results.full == 0:
        return say("utter_search_open_only", open=opened, wishes=words)
    if results.full == 1:
        key = "utter_search_found_one_and_open" if opened else "utter_search_found_one"
        return say(key, open=opened, wishes=words)
    key = "utter_search_found_and_open" if opened else "utter_search_found"
    return say(key, full=results.full, open=opened, wishes=words)


def _page(results: Results, *, states: States, say: Say) -> str:
    first = results.query.page * PAGE_SIZE + 1
    last = first + len(results.hits) - 1
    words = wishes(results.query, states=states, say=say)
    return say("utter_search_page", first=first, last=last, total=results.total, wishes=words)


def reasons(hit: Hit, query: Query, *, states: States, say: Say) -> tuple[str, ...]:
    """The wishes that a program fits, in the words of the search; with what is open at most three."""
    fits = (words for name in hit.fits for words in granted(name, query, hit.program, states=states, say=say))
    return tuple(dict.fromkeys(fits))[: MOST_REASONS - len(caveats(hit, say=say))]


def caveats(hit: Hit, *, say: Say) -> tuple[str, ...]:
    """What was wished for and stays open: what its page does not say, and a restriction on who may apply."""
    is_restricted = hit.program.accepts_international == "restricted"
    silent = [name for name in hit.unknown if not (is_restricted and name in _RESTRICTION)]
    labels = dict.fromkeys(say(_LABELS[name]) for name in silent)
    lines = [say("utter_why_unknown", facets=", ".join(labels))] if labels else []
    return (*lines, say("utter_why_restricted")) if is_restricted else tuple(lines)


def _relaxed(results: Results, asked_for: Query, *, states: States, say: Say) -> str:
    words, given_up = wishes(asked_for, states=states, say=say), results.relaxed
    if given_up == ("region",):
        around = [states.get(code, code) for code in results.query.states if code not in asked_for.states]
        names = ", ".join(around[:MOST_STATES])
        if len(around) > MOST_STATES:
            names = say("utter_search_and_more_states", names=names, more=len(around) - MOST_STATES)
        return say("utter_search_relaxed_region", wishes=words, places=names)
    if given_up == ("nearest_type",):
        return say("utter_search_relaxed_type", wishes=words, types=_types(results.query, say))
    if given_up == ("broader_specialty",):
        return say("utter_search_relaxed_broader", wishes=words, specialty=", ".join(results.query.specialties))
    names = ", ".join(say(_GIVEN_UP[name]) for name in given_up)
    key = "utter_search_relaxed" if len(given_up) == 1 else "utter_search_relaxed_several"
    return say(key, wishes=words, given_up=names)


def _types(query: Query, say: Say) -> str:
    return ", ".join(say(TYPES[name]) for name in query.rotation_types)


def parts(
    results: Results, asked_for: Query, *, today: date, states: States, say: Say, asks_price: bool = True
) -> tuple[Part, ...]:
    """The reply's parts: a text and the cards."""
    cards = tuple(
        card(
            hit.program,
            today=today,
            say=say,
            why=reasons(hit, results.query, states=states, say=say),
            caveats=caveats(hit, say=say),
        )
        for hit in results.hits
    )
    return (
        Text(lead(results, asked_for, states=states, say=say, asks_price=asks_price)),
        Programs(cards, results.total, address(results.listed)),
    )
