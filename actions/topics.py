"""What the FAQ says on topics and their aspects, as replies: figures filled in, nothing said twice, articles folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from actions.dialogue.acts import LAST, start_of
from actions.timeline.subject import graduation_words
from actions.turn import Turn
from bot.content.change import TOPIC_PREFIX
from bot.dialogue import state
from bot.dialogue.conditions import BOUNDS, situation
from bot.dialogue.profile import RESIDENT, asked_stage
from bot.dialogue.subjects import subject_of
from bot.nlu.message import ASPECT, Message, intent_of
from bot.programs import fact_words
from bot.programs.fact_words import figure, sources
from bot.reply.days import month
from bot.reply.parts import Part, Reply, Suggestion, Text
from bot.reply.responses import OF_PERSON, Responses, answer_of, placeholders

MOST_SUGGESTIONS = 3
NOT_IN_MEDICINE = "faq_eligibility/not_in_medicine"
WAIT_MONTHS = "visa_wait_months_"
OTHERS = 2
WORTH_SAYING = 0.1
"""Share of its topic from which an answer is worth saying after the likeliest one was said."""
WORDS_OF_EACH = 40
"""The most words of each of several answers: two together are as long as one may be."""


def in_general(turn: Turn, topic: str) -> Reply:
    """What is known on a topic, for a question that no answer was written for: said so, and not passed off as one."""
    answer = topic_answers(turn, (topic,))
    first = answer.parts[0]
    assert isinstance(first, Text)
    said = replace(first, text=f"{turn.responses.text('utter_in_general')} {first.text}")
    return Reply((said, *answer.parts[1:]), answer.suggestions)


def topic_answers(turn: Turn, topics: tuple[str, ...]) -> Reply:
    """The answers of several topics or aspects as one reply; what was said once is not said again."""
    known = [topic for topic in topics if is_topic(turn, topic)]
    replies = [aspect_answer(turn, topic) for topic in known]
    if len(replies) > 1:
        replies = [Reply(tuple(map(_in_short, reply.parts)), reply.suggestions) for reply in replies]
    answer = replies[0]
    for reply in replies[1:]:
        new = tuple(part for part in reply.parts if part not in answer.parts)
        new = tuple(_without_overview(part, answer) for part in new)
        answer = answer.then(Reply(new, reply.suggestions), most_suggestions=MOST_SUGGESTIONS)
    others = other_aspects(turn, known[0]) if len(known) == 1 else ()
    together = Reply((), others).then(Reply((), answer.suggestions), most_suggestions=MOST_SUGGESTIONS)
    return Reply(answer.parts, together.suggestions)


def _in_short(part: Part) -> Part:
    """An answer beside others: its first sentences, with the rest folded below it."""
    if not isinstance(part, Text) or len(part.text.split()) <= WORDS_OF_EACH:
        return part
    text = start_of(part.text)
    longer = start_of(part.text, sentences=2)
    text = longer if len(longer.split()) <= WORDS_OF_EACH else text
    return replace(part, text=text, more="\n\n".join(dict.fromkeys(filter(None, (part.text, part.more)))))


def _without_overview(part: Part, before: Reply) -> Part:
    """A part without its folded overview, where that is folded below an answer before it."""
    is_there = isinstance(part, Text) and part.more in {said.more for said in before.parts if isinstance(said, Text)}
    return replace(part, more="") if isinstance(part, Text) and is_there else part


def anew(turn: Turn, answer: Reply) -> Reply:
    """An answer that was just given is not said twice: after a fact only that it stays the same.

    To another question it is none: the topic's next likely answer is said, else that there is no more exact one.
    """
    said = answer.parts[0]
    if not isinstance(said, Text) or not is_said_again(turn, answer):
        return answer
    if not turn.only_tells and (other := _next_likely(turn)):
        return other
    key = "utter_same_answer" if turn.only_tells else "utter_no_closer_answer"
    same = turn.responses.text(key, text=start_of(said.text, sentences=2))
    return Reply((replace(said, text=same), *answer.parts[1:]), answer.suggestions)


def _next_likely(turn: Turn) -> Reply | None:
    """The answer that a question means next to the one that was just given: of that topic, or by its words alone."""
    ranked = turn.message.selected.get(intent_of(turn.slots.get("last_topic") or ""), ())
    likely = [name for name, share in (*ranked, *turn.message.aspects) if share >= WORTH_SAYING]
    answers = (topic_answers(turn, (name,)) for name in likely if is_topic(turn, name))
    return next((answer for answer in answers if not is_said_again(turn, answer)), None)


def is_said_again(turn: Turn, answer: Reply) -> bool:
    """Whether an answer begins with what the bot said last."""
    last, said = turn.slots.get(LAST), answer.parts[0]
    before = last["parts"][0]["text"] if isinstance(last, dict) else ""
    return isinstance(said, Text) and (said.text in before or start_of(said.text, sentences=2) in before)


def _wait_there(turn: Turn) -> Reply | None:
    """How long people wait at the consulate that a message names, from the facts; None where it names none."""
    place = next((item.value for item in turn.message.frame.named("consulate")), "")
    if not place:
        return None
    found = turn.facts.get(WAIT_MONTHS + place.lower().replace(" ", "_"))
    others = turn.facts.get(f"{WAIT_MONTHS}long_posts")
    if found is None:
        words = turn.responses.text("utter_visa_wait_unknown", place=place, months=figure(others) if others else "")
        return Reply((Text(words, sources([others])),))
    words = turn.responses.text(
        "utter_visa_wait", place=place, months=figure(found), date=month(found.source_date) or found.source_date
    )
    return Reply((Text(words, sources([found])),))


def aspect_answer(turn: Turn, aspect: str) -> Reply:
    """The short answer of an aspect with its figures and sources; the topic's overview is folded below it."""
    if aspect == state.WAIT and (wait := _wait_there(turn)):
        return Reply(wait.parts, with_figures(turn, turn.responses, answer_of(aspect)).suggestions)
    responses = turn.responses.given(_situation(turn) | _asked_about(turn))
    overview = with_figures(turn, responses, answer_of(intent_of(aspect)))
    key = answer_of(aspect)
    if key == answer_of(intent_of(aspect)) or key not in responses:
        return overview
    short = with_figures(turn, responses, key)
    said, article = short.parts[0], overview.parts[0]
    assert isinstance(said, Text)
    assert isinstance(article, Text)
    folded = replace(
        said,
        more=article.text,
        sources=said.sources or article.sources,
        reviewed=said.reviewed or article.reviewed,
    )
    return Reply((folded, *short.parts[1:]), short.suggestions or overview.suggestions)


def with_figures(turn: Turn, responses: Responses, key: str, **values: object) -> Reply:
    """A response with the figures that it names filled in from the table of facts, and where they come from.

    A fact that staff retired, or that the database has not got yet, is said to be missing; nobody sees its key.
    """
    reply = responses.reply(key, **_of_person(turn), **values)
    text = reply.parts[0]
    assert isinstance(text, Text)
    if not placeholders(text.text):
        return reply
    filled = fact_words.with_figures(text, turn.facts, missing=responses.text("utter_no_figure"))
    return Reply((filled,), reply.suggestions)


def _of_person(turn: Turn) -> dict[str, str]:
    """What an answer may say back of whom the talk is about."""
    slots = {**turn.subject.to_slots(), "graduation": graduation_words(turn)}
    return {name: slots[name] for name in OF_PERSON if slots.get(name)}


def is_topic(turn: Turn, topic: str) -> bool:
    """Whether the running model has an answer for a topic of the FAQ or one of its aspects."""
    return topic.startswith(TOPIC_PREFIX) and answer_of(intent_of(topic)) in turn.responses


def of_another_profession(turn: Turn) -> str | None:
    """The aspect that answers a dentist, a nurse or a vet, whatever they ask of rotations for doctors."""
    frame = turn.message.frame
    own = [item for item in frame.told("profession") if item.holds == "now" and item.polarity == "has"]
    own += [item for item in frame.named("profession") if item.whose == "other" and frame.named("relation")]
    opens = [item for item in frame.named("profession") if item.start == 0 and item.whose == "self"]
    return NOT_IN_MEDICINE if own or opens else None


def about(turn: Turn, topic: str) -> dict[str, Any]:
    """The slots after a topic was answered: it is what a follow-up is about, unless a question is still open."""
    kept = talked_of(turn)
    said = {
        "last_topic": topic,
        "last_question": _question(turn.message),
        "last_title": _title(turn, topic),
        "talked_of": subject_of(topic, turn.message.frame) or kept,
    }
    return said if turn.asked else {**said, "task": None}


def last_topic(turn: Turn) -> str:
    """The topic that was answered last, where nothing else was talked about since; else empty."""
    is_latest = turn.task is None and not turn.message.is_button
    return (turn.slots.get("last_topic") or "") if is_latest else ""


def talked_of(turn: Turn) -> str | None:
    """The kind of rotation, way or company that a few words without one go on about: "cheapest?" after telehealth."""
    is_talk = turn.task is None and bool(turn.slots.get("last_question")) and not turn.message.is_button
    return turn.slots.get("talked_of") if is_talk and state.leans(turn.message) else None


def _title(turn: Turn, topic: str) -> str:
    """What an answer is about, in the words that its button has."""
    key = answer_of(topic)
    own = turn.responses.choose(key).title if key in turn.responses else ""
    return own or next((button.title for button in titles(turn, (topic,))), "")


def _question(message: Message) -> str | None:
    """The question that a message asks, as a later one may take it over."""
    if message.is_button:
        return None
    heard = state.heard(message)
    return heard.text if heard else next((item.text for item in reversed(message.questions)), message.text)


def other_aspects(turn: Turn, answered: str) -> tuple[Suggestion, ...]:
    """Buttons for what else the message may have meant: another topic nearly as sure, then the next aspects."""
    near = titles(turn, (name for name in turn.message.ambiguous if name != intent_of(answered)))
    ranked = (name for name, _ in turn.message.aspects if name != answered and ASPECT in name)
    return (near + tuple(filter(None, (aspect_button(turn, name) for name in ranked))))[:OTHERS]


def aspect_button(turn: Turn, aspect: str) -> Suggestion | None:
    """The button that asks an aspect; None where it has no title."""
    key = answer_of(aspect)
    title = turn.responses.choose(key).title if key in turn.responses else ""
    intent, _, name = aspect.partition(ASPECT)
    return Suggestion(title, f'/{intent}{{"aspect": "{name}"}}') if title else None


def titles(turn: Turn, intents: Iterable[str]) -> tuple[Suggestion, ...]:
    """Buttons with the human titles of intents."""
    named = {button.payload: button for button in turn.responses.buttons("utter_titles")}
    return tuple(named[f"/{intent}"] for intent in intents if f"/{intent}" in named)


def _situation(turn: Turn) -> dict[str, str]:
    ranges = {key: turn.facts[key].range for key in BOUNDS if key in turn.facts}
    found = situation(turn.subject, turn.message.frame, ranges, today=turn.today)
    return found | ({"graduation": "ahead"} if graduation_words(turn) else {})


def _asked_about(turn: Turn) -> dict[str, Any]:
    """What this question is about, over what is known about the person."""
    kinds = ("route",) if turn.subject.visa_status == RESIDENT else ("route", "visa_status")  # who needs no ESTA either
    named = {name: turn.message.frame.wished(name) for name in kinds}
    about = {name: values[0] for name, values in named.items() if len(values) == 1}
    stage = asked_stage(turn.message)
    return about | ({"career_stage": stage} if stage else {})
