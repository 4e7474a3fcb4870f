"""Finds where a message may hold several questions. Whether it does is decided after each part was classified."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

PARTS = "parts"  # list of (start, end); stays inside the pipeline
FINER_PARTS = "finer_parts"  # the same, divided at every comma and "and" too
COORDINATED = "coordinated"  # list of two (start, end) that to leave out in turn: "TOEFL or" and "or Step 1"
MIN_WORDS = 2
MAX_PARTS = 4
MAX_COORDINATED = 2
ASKS = (
    r"(?:(?:of|on|in|at|for|from|by|with|to|until|since|over)\s+)?(?:how|what|which|who|whose|whom|where|when|why)"
    r"|hw|wht|wat|whr|cn|cud|shud|shld"
    r"|do|does|did|can|could|is|are|am|should|would|will|shall|may|must|have|has|any"
    r"|tell|give|show|find|explain|compare|estimate|plan|recommend|also|i(?:'m|m)?|my|please"
)
# A full stop needs a capital or a line's end after it, so that "St. Louis" and "e.g. this" stay whole.
BOUNDARY = re.compile(
    rf"""[?!;\n]+(?!\s*\))\s*(?:(?:and|also|plus|then)\b[\s,]*)*
       | \.\s+(?=[A-Z])(?<!\bSt\.\s)(?<!\bDr\.\s)(?<!\bMt\.\s)
       | ,?\s+(?:and|also|plus|n|\&|\+)\s+(?:also\s+)?(?=(?:{ASKS})\b)
       | ,\s+(?=(?:{ASKS})\b)
       | ,?\s+or\s+(?=(?:how|what|which|who|where|when|should)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
FINER = re.compile(
    rf"{BOUNDARY.pattern} | ,?\s+(?:and|plus|n|\&|\+|as\s+well\s+as)\s+(?!not?\b) | [,:]\s+", BOUNDARY.flags
)
# "1) ... 2) ...", "1. ... 2. ...", "1 - ... 2 - ...": marks of a list only where they count up from one.
MARK = re.compile(
    r"(?:^|(?<=[\s,;:.?!]))(?<!\bstep\s)(?<!\byear\s)(?<!\busmle\s)\(?([1-9])(?:[.)]|\s-(?=\s))\s*(?=[^\W\d])",
    re.IGNORECASE,
)
OPENING = re.compile(rf"(?:and|but|so|also|or|then)?\s*(?:{ASKS})\b", re.IGNORECASE)
BARE_QUESTION = re.compile(r"(?:how|who|where|when)", re.IGNORECASE)
STORY = re.compile(r"(?:i(?:'m|m)?|my|also)\b", re.IGNORECASE)
# "As an observer, may I ...?": what begins so frames the question beside it.
FRAMING = re.compile(
    r"(?:as|with|without|for|after|before|during|in|at|on|since|under|given|because|if|once|while|like|despite|being)\b",
    re.IGNORECASE,
)
# "I am free in May and have a visa": what begins with "have" asks only when somebody follows it.
TOLD = re.compile(
    r"(?:and\s+)?(?:have|has)\s+(?!(?:i|we|you|they|he|she|it|any\w*|some\w+|the|my|your)\b)", re.IGNORECASE
)
# "What if they refuse me, is the money lost?" asks one thing: its first clause only says when.
CONDITION = re.compile(r"(?:(?:and|but|so|ok|okay)\s+)?what\s+if\b", re.IGNORECASE)
CAPITAL_AFTER_STOP = re.compile(r"\.\s+$")


def find_parts(
    text: str, boundary: re.Pattern[str] = BOUNDARY, *, least_words: int = MIN_WORDS
) -> list[tuple[int, int]]:
    """Offsets of the parts that might be questions of their own; empty when there is only one.

    Of a long story those are kept that ask, and of the others the last ones: the question stands at its end. A numbered
    list is divided at its marks alone.
    """
    parts, start = [], 0
    marks = list_marks(text)
    for match in marks or boundary.finditer(text):
        if CAPITAL_AFTER_STOP.fullmatch(match.group()) and not text[match.end() : match.end() + 1].isupper():
            continue
        if match.group().strip() == "," and CONDITION.match(text, start):
            continue
        parts.append((start, match.start()))
        start = match.end()
    parts.append((start, len(text)))
    parts = [(first, first + len(text[first:last].rstrip(" !.,;"))) for first, last in parts] if marks else parts
    in_list = marks[0].end() if marks else len(text)
    wordy = [
        (first, last)
        for first, last in parts
        if len(text[first:last].split()) >= (1 if first >= in_list else least_words)
        or BARE_QUESTION.fullmatch(text[first:last].strip())
    ]
    asking = [(asks(text[first:last], text[last:]), number) for number, (first, last) in enumerate(wordy)]
    kept = sorted(number for _, number in sorted(asking, reverse=True)[:MAX_PARTS])
    return [wordy[number] for number in kept] if len(wordy) > 1 else []


def list_marks(text: str) -> list[re.Match[str]]:
    """The marks of a numbered list of two or more: one, two and so on, in this order."""
    found: list[re.Match[str]] = []
    for mark in MARK.finditer(text):
        if int(mark[1]) == len(found) + 1:
            found.append(mark)
    return found if len(found) > 1 else []


def asks(part: str, after: str) -> bool:
    """Whether a part has the form of a question or a request, as a part beside another has to."""
    is_told = STORY.match(part) or TOLD.match(part)
    return after.lstrip().startswith("?") or bool(OPENING.match(part) and not is_told)


CONJUNCTION = re.compile(r"\s(?:and|or|plus|&)\s", re.IGNORECASE)
WORD_BEFORE, WORD_AFTER = re.compile(r"\S+$"), re.compile(r"(?:(?:the|a|an|my)\s+)?\S+")


def find_coordinated(text: str, names: list[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """What may stand for two questions of one frame ("do they want TOEFL or Step 1?", "price and lead time of it").

    Each pair is a name or word with its conjunction, left and right: the text without one asks for the other.
    """
    found = []
    for match in CONJUNCTION.finditer(text):
        before, after = WORD_BEFORE.search(text, 0, match.start()), WORD_AFTER.match(text, match.end())
        if before and after:
            left = min([before.start(), *(start for start, end in names if end == match.start())])
            right = max(
                [len(text[: after.end()].rstrip("?.!,;:")), *(end for start, end in names if start == match.end())]
            )
            found.append(((left, match.end()), (match.start(), right)))
    return found[:MAX_COORDINATED]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class QuestionSplitter(GraphComponent):
    """Notes the possible parts of each message for the classifier."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionSplitter:
        """Rasa's constructor."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `parts` and `finer_parts` where there are two or more."""
        for message in messages:
            text = message.get("text") or ""
            if not text.startswith("/"):
                message.set(PARTS, find_parts(text))
                message.set(FINER_PARTS, find_parts(text, FINER, least_words=1))
                names = [(item["start"], item["end"]) for item in message.get("entities") or ()]
                message.set(COORDINATED, find_coordinated(text, names))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training sentences hold one question each."""
        return training_data
