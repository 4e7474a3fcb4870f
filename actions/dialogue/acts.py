"""What people do with the last answer: doubt it, ask why or where from, want it again or shorter, or drop it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from actions.dialogue.known import fact_line
from actions.turn import Outcome, Turn
from bot.nlu.frame import Act
from bot.programs.fact_words import FAQ, figure
from bot.programs.rows import FactRow
from bot.reply.days import month
from bot.reply.parts import Card, Programs, Reply, ReplyFormatError, Source, Suggestion, Text
from bot.review.projection.reading import ASKED_BACK

LAST = "last_reply"
"""The slot with what was said last: its text, article, sources and buttons as a Reply of one part."""
BEFORE = "before_change"
"""The slot with what facts and search were before the last turn that changed them."""
OWN_WAYS = frozenset({"forget", "handoff", "reminder"})
"""Tasks that hear "stop" and the like themselves."""
BESIDE = frozenset({"yes", "no", "thanks", "skip", "stop", "doubt", "worried"})
"""Acts of little words that may stand around another one: "no wait, undo that"."""
MOST = 0.6
WISHES = frozenset({"ask", "seek", "show", "compare", "next_step", "suppose", "show_plan"})
"""Acts of who wants something else."""
MOST_OF_A_REASON = 16
"""Words of what somebody holds against an answer."""
_ITEM = "- "
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_MOST_SOURCES = 3
_MOST_FIGURES = 2
_SHORTEST_FIGURE = 2
_LONGEST_QUESTION = 2
"""Sentences of a question with a word on what it is for."""


class Answering(Protocol):
    """An action that carries on a task."""

    def answer(self, turn: Turn) -> Outcome: ...


Tasks = Callable[[str | None], Answering | None]
"""The action of a task."""


def repair(turn: Turn, of_task: Tasks) -> Outcome | None:
    """The answer to a message that is nothing but such an act; None where it is not, or has nothing to act on."""
    if turn.message.is_button or turn.task in OWN_WAYS:
        return None
    if is_all(turn, "undo"):
        return _undo(turn, of_task)
    if _is_insult(turn):
        return Outcome(turn.responses.reply("utter_insulted"))
    done = next((name for name in ACTS if is_all(turn, name)), "doubt" if _doubts_with_a_reason(turn) else None)
    return ACTS[done](turn) if done else None


def remembered(reply: Reply) -> dict[str, Any] | None:
    """What of a reply is kept for the next turn: all its words, and how each of several answers begins."""
    texts = [part for part in reply.parts if isinstance(part, Text)]
    if not texts:
        return None
    cards = [card for part in reply.parts if isinstance(part, Programs) for card in part.cards]
    pages = [card.source for card in cards if card.source]
    sources = dict.fromkeys([source for text in texts for source in text.sources] + pages)
    reasons = [f"**{card.title}**: {words}" for card in cards if (words := _reason(card))]
    kept = Text(
        "\n\n".join(text.text for text in texts),
        sources=tuple(sources)[:_MOST_SOURCES],
        more="\n\n".join([*(text.more for text in texts if text.more), *reasons[:_MOST_SOURCES]]),
    )
    answers = [text for text in texts if text.sources]
    each = tuple(Text(start_of(text.text)) for text in answers) if len(answers) > 1 else ()
    return Reply((kept, *each), reply.suggestions).to_dict()


def _reason(card: Card) -> str:
    """Why a program was shown: what fits and what stays open, or its note."""
    return ". ".join(filter(None, (", ".join(card.why), *card.caveats))) or card.notes


def only_asks(reply: Reply) -> bool:
    """Whether a reply is a short question of the bot: "are you sure?" and "why?" mean what was said before it."""
    text = reply.parts[0] if len(reply.parts) == 1 else None
    said = _SENTENCE.split(text.text) if isinstance(text, Text) and not text.sources else []
    return bool(said) and said[0].endswith("?") and len(said) <= _LONGEST_QUESTION


def open_question(turn: Turn) -> Reply | None:
    """The question that the bot has asked and that is not answered yet."""
    try:
        return Reply.from_dict(turn.slots.get("asked_reply")) if turn.asked else None
    except ReplyFormatError:
        return None


def is_all(turn: Turn, name: str) -> bool:
    """Whether an act is what a message says, and not a word of it ("stop", but not "when do observers stop?")."""
    return _share(turn, name) >= MOST


def _doubts_with_a_reason(turn: Turn) -> bool:
    """Whether a message begins with a doubt and then tells what others did: "you sure? a friend did without".

    What it tells of the person, asks or wishes for is no reason: "that is wrong, I am a graduate".
    """
    frame, text = turn.message.frame, turn.message.text
    doubts = [act for act in frame.acts if act.name == "doubt"]
    begins = any(len(text[: act.start].split()) <= 1 for act in doubts)
    last = max((act.end for act in doubts), default=0)
    is_own = any(item.whose == "self" and item.polarity != "named" for item in (*frame.entities, *frame.dimensions))
    wishes = any(act.start >= last and act.name in WISHES for act in frame.acts)
    return begins and not (is_own or wishes) and 0 < len(text[last:].split()) <= MOST_OF_A_REASON


def _share(turn: Turn, name: str) -> float:
    """How much of a message's letters an act takes; other acts beside it are no more words of their own."""
    acts = [act for act in turn.message.frame.acts if act.name == name]
    beside = [act for act in turn.message.frame.acts if act.name in BESIDE]
    letters = _letters(turn, [Act("", 0, len(turn.message.text))])
    others = _letters(turn, beside) - _letters(turn, [a for a in beside if any(_overlap(a, one) for one in acts)])
    said = max((_letters(turn, [act]) for act in acts), default=0)
    if not any(_overlap(one, other) for at, one in enumerate(acts) for other in acts[:at]):
        said = _letters(turn, acts)  # the same thing said in two ways
    return said / max(1, letters - others)


def _letters(turn: Turn, acts: list[Act]) -> int:
    return sum(letter.isalnum() for act in acts for letter in turn.message.text[act.start : act.end])


def _overlap(one: Act, other: Act) -> bool:
    return one.start < other.end and other.start < one.end


def _is_insult(turn: Turn) -> bool:
    """Whether somebody scolds and does nothing else: names nothing and asks nothing."""
    frame = turn.message.frame
    if not frame.does("insult") or frame.does("is_worthless", "worried") or frame.entities or frame.dimensions:
        return False
    return not frame.does("ask") or _share(turn, "insult") >= MOST / 2


def _last(turn: Turn) -> Text | None:
    try:
        reply = Reply.from_dict(turn.slots.get(LAST))
    except ReplyFormatError:
        return None
    text = reply.parts[0]
    return text if isinstance(text, Text) else None


def _last_buttons(turn: Turn) -> tuple[Suggestion, ...]:
    try:
        return Reply.from_dict(turn.slots.get(LAST)).suggestions
    except ReplyFormatError:
        return ()


def _undo(turn: Turn, of_task: Tasks) -> Outcome:
    """What was told or filtered last goes; a search is shown as it was before."""
    before = turn.slots.get(BEFORE)
    if not isinstance(before, Mapping) or not before:
        return Outcome(turn.responses.reply("utter_nothing_to_undo"))
    gone = [
        fact_line(turn, name, turn.slots[name])
        for name, value in before.items()
        if name != "query" and turn.slots.get(name) and value != turn.slots[name]
    ]
    slots = {**before, BEFORE: None, "asked": None, "asked_reply": None}
    key = "utter_undone" if gone else "utter_undone_search"
    said = Text(turn.responses.text(key, facts="\n".join(f"- {line}" for line in gone)))
    running = of_task("search") if turn.task == "search" and before.get("query") else None
    if running is None:
        return Outcome(Reply((said,), turn.responses.reply("utter_undone").suggestions), slots)
    again = running.answer(replace(turn, slots={**turn.slots, **slots}, learned={}, told={}))
    return Outcome(Reply((said, *again.reply.parts), again.reply.suggestions), {**again.slots, **slots})


def _stop(turn: Turn) -> Outcome | None:
    dropped = {"task": None, "asked": None, "asked_reply": None}
    return Outcome(turn.responses.reply("utter_stopped"), dropped)


def _declined(turn: Turn) -> Outcome | None:
    """What is offered is dropped; what else the message asks is answered."""
    return None if turn.message.frame.does("ask", "seek") else _stop(turn)


def _doubt(turn: Turn) -> Outcome | None:
    last = _last(turn)
    if last is None:
        return None
    text = start_of(last.text, sentences=2)
    said = turn.responses.text("utter_stand_by", sources=_named(turn, last.sources), text=text)
    return Outcome(Reply((Text(said, last.sources, more=last.more),), _last_buttons(turn)))


def _source(turn: Turn) -> Outcome | None:
    last = _last(turn)
    if last is None:
        return None
    said = turn.responses.text("utter_sources_of_last", sources=_named(turn, last.sources))
    say = turn.responses.text
    lines = [
        said,
        *(say("utter_source_says", figure=figure(fact), text=fact.explanation) for fact in _figures(turn, last)),
    ]
    return Outcome(Reply((Text("\n\n".join(lines), last.sources),), _last_buttons(turn)))


def _link(turn: Turn) -> Outcome | None:
    """The pages behind what was shown last; asks which one where it has none."""
    last = _last(turn)
    pages = tuple(source for source in last.sources if source.url) if last else ()
    if pages:
        said = turn.responses.text("utter_link", sources=_named(turn, pages))
        return Outcome(Reply((Text(said, pages),), _last_buttons(turn)))
    return Outcome(turn.responses.reply("utter_which_link"), notes={"ending": ASKED_BACK})


def _why(turn: Turn) -> Outcome | None:
    last = _last(turn)
    if last is None:
        return None
    figures = [fact.explanation for fact in _figures(turn, last) if fact.source_url]
    if question := open_question(turn):
        reason = Text(turn.responses.text("utter_why_asked"))
        return Outcome(Reply((reason, *question.parts), question.suggestions))
    if last.more:
        return Outcome(Reply((Text(last.more, last.sources),), _last_buttons(turn)))
    key = "utter_why_from_figures" if figures else "utter_why_from_sources"
    said = turn.responses.text(key, sources=_named(turn, last.sources), text=" ".join(figures))
    return Outcome(Reply((Text(said, last.sources),), _last_buttons(turn)))


def _repeat(turn: Turn) -> Outcome | None:
    last, question = _last(turn), open_question(turn)
    if last and question and not all(isinstance(part, Text) and part.text in last.text for part in question.parts):
        return Outcome(question)  # It came after what is remembered.
    return Outcome(Reply((last,), _last_buttons(turn))) if last else None


def _less(turn: Turn) -> Outcome | None:
    last = _last(turn)
    if last is None:
        return None
    begins = [part.text for part in Reply.from_dict(turn.slots.get(LAST)).parts[1:] if isinstance(part, Text)]
    said = Text("\n\n".join(begins) or start_of(last.text), last.sources)
    return Outcome(Reply((said,), _last_buttons(turn)))


def _not_it(turn: Turn) -> Outcome | None:
    return Outcome(turn.responses.reply("utter_not_it"))


ACTS: Mapping[str, Callable[[Turn], Outcome | None]] = {
    "stop": _stop,
    "source": _source,
    "link": _link,
    "declines": _declined,
    "doubt": _doubt,
    "why": _why,
    "repeat": _repeat,
    "less": _less,
    "not_what_i_asked": _not_it,
}


def _figures(turn: Turn, last: Text) -> list[FactRow]:
    """The facts whose figures stand in the last answer, from its own pages."""
    pages = {source.url for source in last.sources if source.url}
    is_faq = FAQ.title in {source.title for source in last.sources}
    own = (fact for fact in turn.facts.values() if fact.source_url in pages or (is_faq and not fact.source_url))
    return [fact for fact in own if fact.explanation and _stands_in(figure(fact), last.text)][:_MOST_FIGURES]


def _stands_in(value: str, text: str) -> bool:
    is_telling = len(value) >= _SHORTEST_FIGURE and any(letter.isdigit() for letter in value)
    return is_telling and bool(re.search(rf"(?<![\w.,-]){re.escape(value)}(?![\w-]|[.,]\d)", text))


def start_of(text: str, sentences: int = 1) -> str:
    """The first sentences; a list that the last one leads to belongs to it."""
    parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    told = [part for part in parts[:sentences] if not part.startswith(_ITEM)]
    listed = [part for part in parts if part.startswith(_ITEM)]
    has_list = len(told) < sentences or bool(told and told[-1].endswith(":"))
    return "\n".join([" ".join(told), *listed]) if listed and has_list else " ".join(told)


def _named(turn: Turn, sources: tuple[Source, ...]) -> str:
    """Sources in a line, with their dates; what the answers rest on in general where none is known."""
    named = [
        f"[{source.title}]({source.url})" + (f" ({month(source.date)})" if source.date else "")
        if source.url
        else source.title.rstrip(".")
        for source in sources
    ]
    return "; ".join(named) or turn.responses.text("utter_sources_in_general")
