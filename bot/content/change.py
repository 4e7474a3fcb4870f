"""What staff may change in the content: sentences, words, a new topic, an answer, what a dialogue expects. Data only.

A change is kept as JSON in the database (`payload_of`, `read_change`) and applied to a tree of files by
bot.content.edit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.nlu.message import ASPECT
from bot.reply.parts import Source, Suggestion
from bot.reply.responses import ANSWER, answer_of

TOPIC_PREFIX = "faq_"
LONGEST_NAME = 40
_NAME = re.compile(rf"[a-z][a-z0-9_]{{1,{LONGEST_NAME - 1}}}")
SHOWN_LETTERS = 80
LONGEST_ASPECT_TITLE = 32
_WORD = re.compile(r"[^\W_][\w .&/'-]{0,39}")
_MOST_WORDS = 5


class ChangeError(ValueError):
    """A change that cannot be made; the text says why, for staff."""


@dataclass(frozen=True)
class AddSentences:
    """More ways to ask for an intent or aspect ("faq_cost/deposit"); `held_out` are for measuring and never learned."""

    intent: str
    sentences: tuple[str, ...]
    held_out: tuple[str, ...] = ()

    def problem(self) -> str:
        """Why it makes no sense; empty when it does."""
        if not self.intent:
            return "Choose the topic that the sentences belong to."
        return "" if self.sentences or self.held_out else "There is no sentence to add."

    def summary(self) -> str:
        """One line for lists."""
        return f"{len(self.sentences)} sentences for {self.intent}, {len(self.held_out)} held out"


@dataclass(frozen=True)
class NewTopic:
    """A topic of the FAQ: `name` is the topic word (`parking` becomes faq_parking), `title` what a person reads.

    `answer` is for everybody; the other two replace it for students and graduates unless they are empty.
    """

    name: str
    title: str
    sentences: tuple[str, ...]
    held_out: tuple[str, ...]
    answer: str
    answer_student: str = ""
    answer_graduate: str = ""
    sources: tuple[Source, ...] = ()
    buttons: tuple[Suggestion, ...] = ()
    reviewed: str = ""

    @property
    def intent(self) -> str:
        return TOPIC_PREFIX + self.name

    @property
    def key(self) -> str:
        return answer_of(self.intent)

    def problem(self) -> str:
        """Why it makes no sense; empty when it does."""
        if not _NAME.fullmatch(self.name) or self.name.startswith(TOPIC_PREFIX):
            return "The name is one word of small letters, digits and underscores, such as parking_permit."
        if not self.title.strip():
            return "Give the topic a title; people read it when the bot asks what they mean."
        if not self.answer.strip():
            return "Write the answer for everybody."
        return "" if self.sources else "Name at least one source of the answer."

    def summary(self) -> str:
        """One line for lists."""
        return f"new topic “{self.title}” ({self.intent}) with {len(self.sentences)} sentences"


@dataclass(frozen=True)
class NewAspect:
    """A question inside a topic with an answer of its own: `aspect` is "faq_cost/deposit", `title` its button.

    `is_unknown` says that nobody knows and the answer names who decides. Without sources those of its topic count.
    """

    aspect: str
    title: str
    sentences: tuple[str, ...]
    held_out: tuple[str, ...]
    answer: str
    is_unknown: bool = False
    sources: tuple[Source, ...] = ()
    reviewed: str = ""

    @property
    def key(self) -> str:
        return answer_of(self.aspect)

    def problem(self) -> str:
        """Why it makes no sense; empty when it does."""
        topic, _, name = self.aspect.partition(ASPECT)
        if not topic.startswith(TOPIC_PREFIX) or not _NAME.fullmatch(name):
            return "Choose a topic, and give the question a title with at least two letters."
        if not self.title.strip() or len(self.title) > LONGEST_ASPECT_TITLE:
            return f"Give the question a title of at most {LONGEST_ASPECT_TITLE} characters; it stands on a button."
        return "" if self.answer.strip() else "Write the answer."

    def summary(self) -> str:
        """One line for lists."""
        return f"new question “{self.title}” ({self.aspect}) with {len(self.sentences)} sentences"


@dataclass(frozen=True)
class EditAnswer:
    """Another wording of one variant of a response.

    `variant` names the conditions, as in "career_stage=student"; "" is the one for everybody. None leaves sources,
    buttons or review date as they are. An empty text takes the variant away, unless it is the one for everybody.
    Figures stand in the text by the keys of their facts: "{faq_rotation_weeks} weeks".
    """

    key: str
    variant: str
    text: str
    sources: tuple[Source, ...] | None = None
    reviewed: str | None = None
    buttons: tuple[Suggestion, ...] | None = None

    def problem(self) -> str:
        """Why it makes no sense; empty when it does."""
        if not self.key.startswith(ANSWER):
            return "Choose the answer to change."
        return "" if self.text.strip() or self.variant else "The answer for everybody cannot be empty."

    def summary(self) -> str:
        """One line for lists."""
        words = " ".join(self.text.split())
        start = words if len(words) <= SHOWN_LETTERS else words[:SHOWN_LETTERS] + " …"
        return f"{self.key}{f' ({self.variant})' if self.variant else ''}: {start or 'taken away'}"


@dataclass(frozen=True)
class EditDialogue:
    """What a turn of a golden dialogue expects from now on: without the checks in `gone`, with the words in `says`.

    `dialogue` is its title, `turn` counts from 0 and `user` is what is said there. `gone` has patterns and payloads as
    they stand in the file, or "kinds".
    """

    dialogue: str
    turn: int
    user: str
    gone: tuple[str, ...]
    says: tuple[str, ...]

    def problem(self) -> str:
        """Why it makes no sense; empty when it does."""
        return "" if self.says else "Write the words that the bot must say there."

    def summary(self) -> str:
        """One line for lists."""
        return f"“{self.user}” is answered with “{'”, “'.join(self.says)}” ({self.dialogue})"


@dataclass(frozen=True)
class AddWords:
    """More ways to say a thing that the bot knows: `kind` and `value` as in data/lexicon.yml ("exam", "step1")."""

    kind: str
    value: str
    words: tuple[str, ...]

    def problem(self) -> str:
        """Why it makes no sense; empty when it does."""
        if not (self.kind and self.value):
            return "Choose what the word means."
        if not self.words:
            return "Write at least one word."
        strange = next((word for word in self.words if not _is_word(word)), None)
        return f"“{strange}” is no word: up to {_MOST_WORDS} words of letters and digits." if strange else ""

    def summary(self) -> str:
        """One line for lists."""
        return f"{', '.join(f'“{word}”' for word in self.words)} for {self.value} ({self.kind.replace('_', ' ')})"


def _is_word(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and len(word.split()) <= _MOST_WORDS


Change = AddSentences | AddWords | NewTopic | NewAspect | EditAnswer | EditDialogue
WORDS_ALONE = (EditAnswer, EditDialogue)
"""Changes from which nothing is learned: they can go live without training."""
KINDS: dict[str, type[Change]] = {
    "add_sentences": AddSentences,
    "add_words": AddWords,
    "new_topic": NewTopic,
    "new_aspect": NewAspect,
    "edit_answer": EditAnswer,
    "edit_dialogue": EditDialogue,
}


WORD_KINDS = frozenset(name for name, kind in KINDS.items() if kind in WORDS_ALONE)


def kind_of(change: Change) -> str:
    """The name under which a change is kept."""
    return next(name for name, kind in KINDS.items() if isinstance(change, kind))


def payload_of(change: Change) -> dict[str, Any]:
    """The change as JSON."""
    return asdict(change)


def read_change(kind: str, payload: Mapping[str, Any]) -> Change:
    """The opposite of `kind_of` and `payload_of`.

    Raises:
        ChangeError: it was not written by this program, or by a newer one.
    """
    try:
        return KINDS[kind](**{name: _value(name, value) for name, value in payload.items()})
    except (KeyError, TypeError) as error:
        raise ChangeError(f"A change of the kind {kind} cannot be read: {error}") from error


def _value(name: str, value: Any) -> Any:
    if name == "sources" and value is not None:
        return tuple(Source(**item) for item in value)
    if name == "buttons" and value is not None:
        return tuple(Suggestion(**item) for item in value)
    if name in {"gone", "says"}:
        return tuple(value)
    return tidy(value) if name in {"sentences", "held_out", "words"} else value


def name_of_title(title: str) -> str:
    """A title as the name of a topic or aspect: "Is there a deposit?" -> "is_there_a_deposit"."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in title.casefold()).split()
    return "_".join(words)[:LONGEST_NAME].strip("_")


def tidy(sentences: Sequence[str]) -> tuple[str, ...]:
    """Sentences in one line each, without what is empty or said twice."""
    lines = (" ".join(sentence.split()) for sentence in sentences)
    return tuple(dict.fromkeys(line for line in lines if line))
