"""Hears a message in its talk: "and for an observership?" after a question is that question with an observership.

The question that was answered last stands in a slot, and so does the title of its answer. A short message is read in
their light, in up to five ways: as the question with other names in it or with the message at its end, with the
question's name for its pronoun, with what the topic is called at its end ("can my school join" after VSLO: "can my
school join with VSLO"), after the question, and under the title. They are texts to be scored beside the message itself;
what it means by all of them is weighed in `in_talk.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

QUESTION = "last_question"
TOPIC = "last_topic"
TALKED_OF = "talked_of"
ANSWERED = "last_title"
"""The slots with the question that was answered last, its topic, the kind of rotation, way or company that the talk is
about, and the title of the answer; and what they are called in the metadata."""
KEPT = (QUESTION, TOPIC, TALKED_OF, ANSWERED)
ANEW, TOPIC_NAMED, BEFORE, TITLE = "anew", "topic", "before", "title"
"""How a message is read in its talk."""
LONGEST = 12
"""Words of a message that may lean on the one before; what is longer says itself what it is about."""
LONGEST_END = 6
LONGEST_OF_TOPIC = 9
BEFORE_ANY = "faq_eligibility"
"""What a question is likeliest about after somebody has introduced themselves: "is that too long ago?"."""
SUBJECTS = frozenset({"institution", "unknown_name", "provider", "exam", "rotation_type", "visa_class", "route"})
SUBJECTS |= {"specialty", "state", "city", "region"}
"""Kinds of names that are what a question is about: "do I need the TOEFL" is of no other topic."""
NO_TOPICS: Mapping[str, str] = {}
POINTED_AT = ("visa_class", "rotation_type", "exam", "provider", "route", "expense", "goal", "visa_status")
"""Kinds of names that a pronoun may stand for, the likelier first."""
_LEAD = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|but|or|so|then|also|hm+)\b[\s,]*)*(?:(?:what|how)\s+about\s+)?", re.IGNORECASE
)
_END = re.compile(r"(?:for|with|without|in|at|on|as|from|after|before|if|when|via|through|by)\b", re.IGNORECASE)
_OVER = r"\s*(?:$|[?!.,]|(?:{})\b)"
"""What follows a pronoun that belongs to no noun: the end, or one of some words."""
_AFTER_ONE = _OVER.format("from|for|in|at|with|by|after|without|when|if")
_AFTER_THAT = _OVER.format("to|as|for|in|at|on|with|by|from|without|when|before|after|too|also|then|enough|be")
_PRONOUN = re.compile(
    r"\b(?P<pronoun>(?P<some>one of )?(?:them|these|those)|it|they|(?<=which )one|the same one"
    rf"|(?:(?<=\b(?:get|use|ask) )|(?<=\b(?:have|need|want|find) ))one(?={_AFTER_ONE})"
    rf"|(?:that|this)(?={_AFTER_THAT}))(?=\W|$)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|so|but|then|also)\s+)*"
    r"((?:can|could|may|do|should|will|would|must|am|are)\s+(?:i|we|you|he|she|they))\b",
    re.IGNORECASE,
)
_BESIDE = "with "
_MORE = re.compile(r"^\W*(?:and|or|also)\s+(.+)", re.IGNORECASE | re.DOTALL)
_CLAUSE = re.compile(
    r"^\s*(?:i|we|you|he|she|they|it|my|the|a|an|what|how|who|when|where|which|why|is|are|am|do|does|did|can|could|may"
    r"|should|will|would|must|if|for|with|without|in|at|on|as|from|after|before|via|through|by|no|not|ok|yes|thanks?)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:is|was|will|would|does|did|do|can|could|should|might|has|get|gets|about|with)\s+"
    r"(?P<some>)(?P<pronoun>that|this)(?=\s+(?P<next>[a-z]+))",
    re.IGNORECASE,
)
_DETERMINED = frozenset(
    {"program", "programme", "programs", "place", "hospital", "clinic", "school", "university", "rotation", "company"}
    | {"observership", "elective", "externship", "offering", "institution", "visa", "exam", "test", "letter", "price"}
    | {"fee", "card", "document", "paper", "form", "page", "site", "website", "bot", "chat", "year", "month", "week"}
    | {"code", "discount", "option", "one", "type", "kind", "way", "thing", "date", "deadline", "agency", "service"}
    | {"doctor", "attending", "specialty", "city", "state", "list", "question", "answer", "information", "info"}
    | {"back"}
)
"""What "that" and "this" may belong to: "is that program" names something, "is that possible" points at it."""
_NOUN = re.compile(r"\b(?:(?:what|which|how many)|(?:what|who) (?:is|are) (?:an?|the))\s+([a-z]+)", re.IGNORECASE)
_NO_NOUNS = frozenset(
    {"is", "are", "do", "does", "did", "can", "could", "should", "would", "will", "may", "must", "if", "about", "to"}
    | {"the", "a", "an", "my", "i", "you", "one", "ones", "kind", "kinds", "sort", "type", "happens", "for", "in"}
)
_VISA = re.compile(r"\s+visa\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:a|an|the|my)\s+$", re.IGNORECASE)

Items = Sequence[Mapping[str, Any]]
Read = Callable[[str], Mapping[str, Items]]


@dataclass(frozen=True)
class InTalk:
    """A reading of a message in its talk, and how it was made (`ANEW` and so on)."""

    text: str
    how: str


def in_its_talk(
    question: str,
    text: str,
    frame: Mapping[str, Items],
    *,
    read: Read,
    topic: str = "",
    topics: Mapping[str, str] = NO_TOPICS,
    talked_of: str = "",
    title: str = "",
) -> list[InTalk]:
    """The readings of a message after a question on a topic; `frame` was read in it, and `read` reads the question.

    `topics` has what is added to a message that may be about each topic, or one of its questions, and what a talk is
    about: after the price of a telehealth rotation "how long does it take" means the rotation. Empty for a message that
    is too long to lean on anything.
    """
    if len(text.split()) > LONGEST:
        return []
    question = question.strip(" ?!.,")
    anew = said_anew(question, text, frame, read=read, topic=topic, topics=topics, talked_of=talked_of)
    intent = topic.partition("/")[0] or BEFORE_ANY
    of_topic = _with_topic(text, frame, topics.get(topic) or topics.get(intent, ""))
    found = [InTalk(said, ANEW) for said in anew]
    found += [InTalk(of_topic, TOPIC_NAMED), InTalk(f"{question}. {text}", BEFORE)]
    found += [InTalk(f"{title.strip(' ?!.,')}: {text}", TITLE)] if title else []
    return [item for item in found if item.text]


def said_anew(
    question: str,
    text: str,
    frame: Mapping[str, Items],
    *,
    read: Read,
    topic: str = "",
    topics: Mapping[str, str] = NO_TOPICS,
    talked_of: str = "",
) -> list[str]:
    """The question with what the message names or adds, and the message with what its pronoun stands for."""
    asked, rest = read(question), _LEAD.sub("", text, count=1).strip()
    longer = _swapped(question, asked, text, frame) or _extended(question, rest, frame) or _continued(question, text)
    things = (_called(question, asked), _own_thing(topics.get(talked_of, "")), _subject_of(topic, topics))
    two = _of_two(question, asked, text, frame)
    named = [two] if two else [_named(text, thing) for thing in dict.fromkeys(filter(None, things))]
    return list(dict.fromkeys(filter(None, (longer, *named))))


def _with_topic(text: str, frame: Mapping[str, Items], called: str) -> str:
    """The message with what the topic is called at its end; empty where it names something else by itself."""
    is_of_other = any(item["entity"] in SUBJECTS for item in frame["entities"])
    is_short = len(text.split()) <= LONGEST_OF_TOPIC
    return f"{text.rstrip(' ?!.,')} {called}" if called and is_short and not is_of_other else ""


def _swapped(question: str, asked: Mapping[str, Items], text: str, frame: Mapping[str, Items]) -> str:
    """The question with each name of the message in the place of its own of that kind; empty unless all have one."""
    if not _leans(frame):
        return ""
    said, new = question, _spans(frame)
    old = _spans(asked)
    if not new:
        return ""
    pairs = [next((at for at, kinds in old.items() if kinds & own), None) for own in new.values()]
    if None in pairs or len(set(pairs)) < len(pairs):
        return ""
    for (start, end), name in sorted(zip(filter(None, pairs), new, strict=True), reverse=True):
        said = said[:start] + text[slice(*name)] + said[end:]
    return said if said.lower() != question.lower() else ""


def _extended(question: str, rest: str, frame: Mapping[str, Items]) -> str:
    """The question, and after it what the message adds: "for eight weeks", "with the discount"."""
    if not rest or len(rest.split()) > LONGEST_END:
        return ""
    lengths = [item for item in frame["dimensions"] if item["dim"] == "duration"]
    if _END.match(rest):
        return f"{question} {rest}"
    return f"{question} for {rest}" if lengths and _leans(frame) else ""


def _continued(question: str, text: str) -> str:
    """What somebody asks to do besides: "can I do two rotations" and then "and work on the side"."""
    asking, more = _ASKING.match(question), _MORE.match(text)
    is_verb = more and len(more[1].split()) > 1 and not _CLAUSE.match(more[1])
    return f"{asking[1]} {more[1]}" if asking and more and is_verb else ""


def _of_two(question: str, asked: Mapping[str, Items], text: str, frame: Mapping[str, Items]) -> str:
    """The message with one of the two things that the question names, for its place among them ("the first one")."""
    places = [item for item in frame["dimensions"] if item["dim"] == "ordinal"]
    for kind in POINTED_AT if len(places) == 1 else ():
        names = [question[item["start"] : item["end"]] for item in asked["entities"] if item["entity"] == kind]
        place = places[0]["value"]["value"]
        if len(names) == 2 and place in (1, 2, -1):
            return text[: places[0]["start"]] + names[0 if place == 1 else 1] + text[places[0]["end"] :]
    return ""


def _named(text: str, name: str) -> str:
    """The message with the name that its pronoun stands for."""
    found = _pointing(text) or _PRONOUN.search(text)
    if not (found and name):
        return ""
    start, end = found.span("pronoun")
    return text[:start] + (found["some"] or "") + name + text[end:]


def _pointing(text: str) -> re.Match[str] | None:
    """The "that" or "this" which stands for something, and does not belong to a noun."""
    return next((found for found in _SUBJECT.finditer(text) if found["next"].lower() not in _DETERMINED), None)


def _subject_of(topic: str, topics: Mapping[str, str]) -> str:
    """The thing that a question is about by `topics`, else its topic where its name is one ("faq_telehealth")."""
    if own := _own_thing(topics.get(topic, "") if "/" in topic else ""):
        return own
    name = topic.partition("/")[0].removeprefix("faq_")
    return "" if "_" in name else name


def _own_thing(beside: str) -> str:
    """The thing of "with malpractice insurance"; empty where something else is added."""
    return beside.removeprefix(_BESIDE) if beside.startswith(_BESIDE) else ""


def _called(question: str, asked: Mapping[str, Items]) -> str:
    """What a question is about: a name as it was typed with its article, else the noun of its question word."""
    names = [item for kind in POINTED_AT for item in asked["entities"] if item["entity"] == kind]
    if names:
        start, end = names[0]["start"], names[0]["end"]
        article, visa = _ARTICLE.search(question[:start]), _VISA.match(question[end:])
        return question[article.start() if article else start : end + (visa.end() if visa else 0)]
    noun = _NOUN.search(question)
    return f"the {noun[1]}" if noun and noun[1].lower() not in _NO_NOUNS else ""


def _leans(frame: Mapping[str, Items]) -> bool:
    return any(act["act"] == "follow_up" for act in frame["acts"])


def _spans(frame: Mapping[str, Items]) -> dict[tuple[int, int], set[str]]:
    """What stands where: the kinds of the names and measures of a frame by their spans, in the order of the text."""
    spans: dict[tuple[int, int], set[str]] = {}
    for item, kind in _kinds(frame):
        spans.setdefault((item["start"], item["end"]), set()).add(kind)
    return dict(sorted(spans.items()))


def _kinds(frame: Mapping[str, Items]) -> Iterable[tuple[Mapping[str, Any], str]]:
    yield from ((item, item["entity"]) for item in frame["entities"])
    yield from ((item, item["dim"]) for item in frame["dimensions"])


def install() -> None:
    """Tells the pipeline the question before a message: Rasa gives the talk to the graph, but not to its components."""
    from rasa.core.processor import MessageProcessor

    parse = MessageProcessor._parse_message_with_graph

    def parse_in_talk(processor: Any, message: Any, tracker: Any, *args: Any, **kwargs: Any) -> Any:
        slots = {name: tracker.slots[name].value for name in KEPT if name in tracker.slots}
        if slots.get(QUESTION):
            message.metadata = {**(message.metadata or {}), **slots}
        return parse(processor, message, tracker, *args, **kwargs)

    MessageProcessor._parse_message_with_graph = parse_in_talk
