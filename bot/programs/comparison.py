"""Programs side by side: the same facts as on their cards, and the price brought to four weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.programs.cards import CARD_FACTS, Say, source_words
from bot.programs.pricing import price_for_four_weeks
from bot.programs.program import Program, usd_range
from bot.reply.parts import Comparison, ComparisonRow, Source

MOST = 4


def compare(programs: Sequence[Program], *, today: date, say: Say) -> Comparison:
    """A table of two to four programs; a row stands only where at least one page says something."""
    nothing = say("utter_compare_not_stated")
    rows = []
    for fact in CARD_FACTS:
        values = [fact.words(program, say) for program in programs]
        if any(values) and not fact.is_detail:
            rows.append(ComparisonRow(say(fact.label), tuple(value or nothing for value in values)))
        if fact.name == "fee" and any(values):
            rows.append(_price_row(programs, say))
    rows.insert(
        0,
        ComparisonRow(
            say("utter_card_label_place"),
            tuple(program.place or say("utter_card_several_sites") for program in programs),
        ),
    )
    rows.append(ComparisonRow(say("utter_compare_label_note"), tuple(p.notes or nothing for p in programs)))
    rows.append(ComparisonRow(say("utter_card_label_source"), tuple(source_words(p, today, say) for p in programs)))
    sources = tuple(Source(p.institution, p.source_url, p.source_date) for p in programs)
    return Comparison(tuple(program.title for program in programs), tuple(rows), sources)


def _price_row(programs: Sequence[Program], say: Say) -> ComparisonRow:
    prices = [price_for_four_weeks(program) for program in programs]
    words = (usd_range(p.low, p.high) if p else say("utter_compare_not_stated") for p in prices)
    return ComparisonRow(say("utter_compare_label_price_4_weeks"), tuple(words))
