"""Lays the parts of a reply out for a phone: short lines, no tables, the source always beside the fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.reply.days import day, month
from bot.reply.parts import Card, Comparison, Fact, Milestone, Notice, Programs, Source, Text, Timeline
from bot.reply.responses import Responses
from bot.telegram.rich_text import (
    GAP,
    LIMIT,
    RichText,
    bold,
    folded,
    italic,
    joined,
    length,
    link,
    markdown,
    plain,
    shortened,
    words_of,
)

LIST_VALUE = 70
STATUS = {"done": "✅", "on_track": "🟢", "tight": "🟠", "late": "🔴"}
LEVEL = {"info": "ℹ️ ", "warning": "⚠️ ", "error": "❗ "}  # noqa: RUF001 (the sign is an emoji)
VERDICTS = {
    "feasible": "utter_telegram_verdict_feasible",
    "tight": "utter_telegram_verdict_tight",
    "impossible": "utter_telegram_verdict_impossible",
}


def text(part: Text, responses: Responses) -> Iterator[RichText]:
    """The words, above them who of the staff wrote them, below them the folded article and where all comes from.

    An article that does not fit into one message with its text is a block of its own.
    """
    speaker = bold(responses.text("utter_telegram_speaker", name=part.speaker)) if part.speaker else ()
    said = joined([speaker, markdown(part.text)], "\n")
    sources = _sources(part.sources, responses, reviewed=part.reviewed)
    article = folded(markdown(part.more))
    together = joined([said, article, sources], "\n")
    if article and length(words_of(together)) <= LIMIT:
        yield together
    else:
        yield joined([said, sources])
        yield article


def notice(part: Notice) -> Iterator[RichText]:
    """One line about the talk itself."""
    yield (*plain(LEVEL.get(part.level, "")), *markdown(part.text))


def programs(part: Programs, responses: Responses) -> Iterator[RichText]:
    """One program in full; several as short cards with numbers, which the buttons below carry too."""
    if len(part.cards) == 1:
        yield _full_card(part.cards[0], responses)
        return
    for number, card in enumerate(part.cards, 1):
        yield _short_card(card, number, responses)
    if part.total > len(part.cards):
        yield italic(responses.text("utter_telegram_shown_of", shown=len(part.cards), total=part.total))


def _full_card(card: Card, responses: Responses) -> RichText:
    rest = joined([_facts(card.more), markdown(card.notes)])
    head = [_head(card.title, card.subtitle), _why(card), _facts(card.facts), folded(rest), _origin(card, responses)]
    return joined(head)


def _short_card(card: Card, number: int, responses: Responses) -> RichText:
    """Its other facts are folded to three lines, so that five cards fit a phone."""
    head = _head(f"{number}. {card.title}", card.subtitle)
    rest = folded(_facts(card.more, most=LIST_VALUE))
    return joined([head, _why(card), _facts(card.facts, most=LIST_VALUE), rest, _origin(card, responses)], "\n")


def _facts(facts: Iterable[Fact], *, most: int = LIMIT) -> RichText:
    lines = ((*plain(f"{fact.label}: "), *plain(shortened(fact.value, most))) for fact in facts if fact.value)
    return joined(lines, "\n")


def _origin(card: Card, responses: Responses) -> RichText:
    if card.source is None:
        return ()
    if not card.source_note:
        return _source(card.source, responses)
    return (*_source(Source(card.source.title, card.source.url), responses), *plain(f", {card.source_note}"))


def _head(title: str, subtitle: str) -> RichText:
    return joined([bold(title), italic(subtitle)], "\n")


def _why(card: Card) -> RichText:
    fits = plain("✓ " + " · ".join(card.why)) if card.why else ()
    return joined([fits, *(plain(f"⚠️ {caveat}") for caveat in card.caveats)], "\n")


def comparison(part: Comparison, responses: Responses) -> Iterator[RichText]:
    """A block for each fact, with a line for each program: a table would not fit a phone."""
    names = [shortened(column, LIST_VALUE // 2) for column in part.columns]
    for row in part.rows:
        lines = [
            (*plain("• "), *italic(name), *plain(f": {value}")) for name, value in zip(names, row.values, strict=False)
        ]
        yield joined([bold(row.label), *lines], "\n")
    if sources := _sources(part.sources, responses):
        yield sources


def timeline(part: Timeline, responses: Responses) -> Iterator[RichText]:
    """The verdict, then a step per block; the picture and the calendar file follow as messages of their own."""
    verdict = responses.text(VERDICTS[part.verdict]) if part.verdict in VERDICTS else ""
    yield joined([bold(part.title), plain(verdict)], "\n")
    for step in part.milestones:
        yield _milestone(step, responses)
    if part.computed:
        yield italic(responses.text("utter_telegram_computed", day=day_words(part.computed)))


def _milestone(step: Milestone, responses: Responses) -> RichText:
    title = (*plain(f"{STATUS.get(step.status, '•')} "), *bold(step.title))
    when = _when(step, responses)
    estimated = f" {responses.text('utter_telegram_estimated')}" if step.estimated and when else ""
    return joined([title, plain(when + estimated), markdown(step.note)], "\n")


def _when(step: Milestone, responses: Responses) -> str:
    first, last = day_words(step.earliest), day_words(step.latest)
    if first and last and first != last:
        return responses.text("utter_telegram_between", first=first, last=last)
    return responses.text("utter_telegram_by", last=last) if last and not first else first or last


def _sources(sources: Sequence[Source], responses: Responses, *, reviewed: str = "") -> RichText:
    """One line: how many sources and when they were reviewed, then each by its name."""
    day = responses.text("utter_telegram_reviewed", day=day_words(reviewed)) if reviewed else ""
    if not sources:
        return italic(day)
    if len(sources) == 1:
        return joined([_source(sources[0], responses), plain(day)], " · ")
    count = responses.text("utter_telegram_sources", count=len(sources))
    named = joined(map(_named, sources), " · ")
    return (*plain(f"{count}, {day}: " if day else f"{count}: "), *named)


def _source(source: Source, responses: Responses) -> RichText:
    return (*plain(responses.text("utter_telegram_source") + " "), *_named(source))


def _named(source: Source) -> RichText:
    name = link(source.title, source.url)
    return (*name, *plain(f", {day_words(source.date)}")) if source.date else name


def day_words(iso: str) -> str:
    """ "November 23, 2026" for a day, "June 2026" for a month, "2026" for a year; anything else as it is."""
    try:
        return day(date.fromisoformat(iso)) if len(iso) == 10 else month(iso)
    except (ValueError, IndexError):
        return iso


__all__ = ["GAP", "comparison", "day_words", "notice", "programs", "text", "timeline"]
