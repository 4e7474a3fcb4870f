"""Decides what to make of the scores: answer, refuse, ask which of two, or answer several questions."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from rotation_engine.classifier import (
    ASK_PROGRAM,
    ASKS,
    COORDINATED_INTENTS,
    FINER_INTENTS,
    HEADS,
    NAMELESS_INTENT,
    OF_ALL,
    OUT_OF_SCOPE,
    PART_INTENTS,
    POINTS,
    RANKING,
    RESPONSE_KEY,
    SELECTOR,
    TELLS,
    selection,
)
from rotation_engine.splitter import FRAMING, STORY

FALLBACK = "nlu_fallback"
GENERAL = f"{ASK_PROGRAM}/general"
DECLINED = 0.6
"""How sure a part has to be that it is out of scope, so that the answer to the others says so."""
CLEAR_SHARE = 0.8
"""Share among the aspects of ask_program from which one of them is what is asked, whatever the intent looks like.

Chosen on 35 questions with "it" and "they", no others: of 15 that a program's row answers 14 have 0.8 or more for the
right aspect, of the 20 others none for any but "general".
"""
# What a message seems to be that names an institution and nothing else that is known, and up to which
# sureness it is about that institution all the same: what is surely refused ("write to Yale for me") stays refused.
BY_NAME_ALONE = {OUT_OF_SCOPE: 0.5, "introduce": 1.0}
# Topics that stay what they are when an institution is named: they are about one provider anyway.
OF_ONE_PROVIDER = {"faq_amo", "faq_discount_code"}
# Small talk around a question, or facts that belong to it, is no question of its own.
NOT_QUESTIONS = {
    OUT_OF_SCOPE,
    "help",  # "... what shall I do?" asks what stands before it
    "greet",
    "introduce",
    "thank",
    "goodbye",
    "affirm",
    "deny",
    "unsure",
    "inform",
    "correct_profile",
    "care",
    "ask_bot",
    "give_feedback",  # "my English is bad, can I still come?" criticizes nobody
}
TELLING = {"inform", "introduce", "correct_profile"}
"""What tells of the person: without the form of a question, its few words ("ielts 7.0") name no question either."""
OF_PROGRAMS = {ASK_PROGRAM, "compare_programs", "refine_search"}
"""What is asked of programs that are named or shown, so that it needs one."""
LEAST_OF_FAQ = 0.1
INHERITED, UNCLEAR, LEANING = 0.02, 0.35, 0.45
LIKELY_TOPICS = 3
CLEAR_IN_WHOLE = 0.5  # share that an aspect has in the whole message, so that a part on its topic asks that one
FEW_WORDS = 7
NAMELESS = 0.4  # how sure a message without its institution has to be of a topic
SURE_TASK = 0.35  # from here on a task is what a whole story is about
UNSAID = 0.05  # what an aspect counts at least in the whole message, so that a clear part is heard
QUESTION = ("text", "intent", "aspect", "confidence")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentDecision(GraphComponent):
    """Below `threshold` the intent becomes nlu_fallback, with the true ranking after it.

    When the best two are within `margin` of each other, the message carries `ambiguous: [intent, intent]`; when parts
    of it are different questions, each at least `part_threshold` sure (`finer_threshold` where only a comma or an "and"
    divides them), it carries `questions`. An FAQ question that names an institution is about that program, unless it is
    the `provider` that has a topic of its own. All that is asked of a program stands in `response_selector` under
    ask_program, in the order of the message; `of_all` has what is asked of every place beside it.
    `declined` says that a part beside what is answered is out of scope.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._threshold = float(config["threshold"])
        self._margin = float(config["margin"])
        self._part_threshold = float(config["part_threshold"])
        self._finer_threshold = float(config["finer_threshold"])
        self._coordinated_threshold = float(config["coordinated_threshold"])
        self._provider = str(config["provider"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The values in config.yml count; these are for a bare pipeline."""
        return {
            "threshold": 0.3,
            "margin": 0.05,
            "part_threshold": 0.5,
            "finer_threshold": 0.6,
            "coordinated_threshold": 0.6,
            "provider": "",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentDecision:
        """Rasa's constructor."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent`, `intent_ranking`, `ambiguous` and `questions` as decided."""
        for message in messages:
            ranking = message.get("intent_ranking")
            if ranking and not is_readable(message.get("text")):
                _fall_back(message, [], 1.0)
            elif ranking:
                self._decide(message, ranking)
            elif not (message.get("text") or "").startswith("/"):
                _fall_back(message, [], 1.0)
        return messages

    def _decide(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        if self._is_about_a_program(message, ranking[0]):
            general = self._asked_of_all(message)
            if general:
                message.set(OF_ALL, [{name: part[name] for name in QUESTION} for part in general], add_to_output=True)
            self._ask_program(message, promoted(ranking, ASK_PROGRAM), {part["text"] for part in general})
            return
        asking = self._asking(message)
        strange = [part for part in asking if part["intent"] == OUT_OF_SCOPE and part["confidence"] >= DECLINED]
        if strange and len(asking) > len(strange):
            message.set("declined", True, add_to_output=True)
        questions = self._questions(message, asking, likely=[row["name"] for row in ranking[:LIKELY_TOPICS]])
        if questions:
            message.set("questions", questions, add_to_output=True)
            return
        question = the_question(asking, ranking[0], self._part_threshold)
        if question:
            ranking = question[RANKING]
            _set(message, ranking, question[SELECTOR])
        best = ranking[0]
        if best["confidence"] < self._threshold:
            _fall_back(message, ranking, self._threshold)
            return
        if best["name"] == ASK_PROGRAM:
            self._ask_program(message, ranking)
        if is_close(ranking, self._margin):
            message.set("ambiguous", [ranking[0]["name"], ranking[1]["name"]], add_to_output=True)

    def _asking(self, message: Message) -> list[dict[str, Any]]:
        """The parts of a message that have the form of a question, or name surely and in a few words what is asked."""
        parts, sure = message.get(PART_INTENTS) or [], self._finer_threshold
        tells = message.get("intent")["name"] in TELLING and not _does(message, "ask")
        asking = [part for part in parts if part[ASKS] or (part["confidence"] >= sure and _is_heading(part))]
        return without_programs([part for part in asking if part[ASKS]] if tells else asking)

    def _questions(self, message: Message, asking: list[dict[str, Any]], *, likely: list[str]) -> list[dict[str, Any]]:
        """The questions of a message that has several, found by its parts, its finer parts or its conjuncts."""
        whole = message.get(SELECTOR) or {}
        clauses = in_context(without_programs(with_topics_inherited(asking, likely)), whole)
        if _is_of_its_heading(clauses):
            return []
        if questions := several_questions(clauses, self._part_threshold):
            return questions
        finer = [] if _compares(message) else message.get(FINER_INTENTS) or []
        finer = [part for part in finer if part[ASKS] or not (STORY.match(part["text"]) or FRAMING.match(part["text"]))]
        finer = in_context(without_frame(without_programs(finer)), whole)
        questions = several_questions(finer, self._finer_threshold)
        return questions or coordinated(message.get(COORDINATED_INTENTS) or [], self._coordinated_threshold)

    def _is_about_a_program(self, message: Message, best: dict[str, Any]) -> bool:
        if not names_an_institution(message, self._provider):
            return False
        intent = best["name"]
        is_question = intent == ASK_PROGRAM or (intent.startswith("faq_") and intent not in OF_ONE_PROVIDER)
        is_question = is_question or (intent == OUT_OF_SCOPE and _asks_whether_of_a_column(message))
        return is_question or best["confidence"] <= max(self._threshold, BY_NAME_ALONE.get(intent, 0.0))

    def _asked_of_all(self, message: Message) -> list[dict[str, Any]]:
        """The parts of a question about a program that ask the FAQ: "do US schools in general want Step 1?"."""
        parts = [part for part in message.get(PART_INTENTS) or () if part[ASKS] and part.get(OF_ALL)]
        faq = [_of_the_faq(part) if part["intent"] in OF_PROGRAMS else part for part in parts]
        return [
            {"aspect": "", **part}
            for part in faq
            if part["intent"].startswith("faq_") and part["confidence"] >= self._part_threshold
        ]

    def _ask_program(self, message: Message, ranking: list[dict[str, Any]], general: Collection[str] = ()) -> None:
        asked = self._asked(message, without=general)
        rows = [{RESPONSE_KEY: aspect, "confidence": ranking[0]["confidence"]} for aspect in asked]
        _set(message, ranking, {**(message.get(SELECTOR) or {}), ASK_PROGRAM: selection(rows)})

    def _asked(self, message: Message, without: Collection[str]) -> list[str]:
        """What is asked of a program: by the parts that ask, else by the message as a whole."""
        own = [part for part in message.get(PART_INTENTS) or () if part["text"] not in without]
        parts = asked_by_parts(own, least=self._threshold, of_topic=self._part_threshold)
        if len(parts) < 2 and not without:
            finer, sure = message.get(FINER_INTENTS) or (), self._finer_threshold
            parts = asked_by_parts(finer, least=sure, of_topic=sure) or parts
        whole = aspect_of_program(message.get("intent"), message.get(SELECTOR) or {}, least=self._threshold)
        if not parts and whole in (None, GENERAL):
            whole = asked_beside_the_name(message.get(NAMELESS_INTENT)) or whole
        return parts or [whole or GENERAL]


def _compares(message: Message) -> bool:
    """Whether two things are asked to be told apart: "an observership and an externship" is one question then."""
    return _does(message, "compare")


def _asks_whether_of_a_column(message: Message) -> bool:
    """Whether a yes or a no is wanted on something that programs have a column for: "does it need ECFMG?"."""
    return _does(message, "whether") and any(act["act"].startswith("asks_") for act in message.get("acts") or ())


def _does(message: Message, name: str) -> bool:
    return any(act["act"] == name for act in message.get("acts") or ())


def asked_by_parts(parts: Iterable[dict[str, Any]], *, least: float, of_topic: float) -> list[str]:
    """The aspects of a program that parts ask for, each once; "tell me about it" only when it is the only one."""
    asking = (part for part in parts if part["confidence"] >= least and part["intent"] not in NOT_QUESTIONS)
    found = (aspect_of_program(part[RANKING][0], part.get(SELECTOR) or {}, least=of_topic) for part in asking)
    aspects = list(dict.fromkeys(aspect for aspect in found if aspect))
    return [aspect for aspect in aspects if aspect != GENERAL] or aspects


def asked_beside_the_name(rest: dict[str, Any] | None) -> str | None:
    """What a message asks without the institution that it names; None where that means nothing surely."""
    if not rest or rest["confidence"] < NAMELESS or not rest["intent"].startswith("faq_"):
        return None
    return aspect_of_program(rest[RANKING][0], rest[SELECTOR], least=NAMELESS)


def aspect_of_program(intent: dict[str, Any], selector: dict[str, Any], *, least: float) -> str | None:
    """What is asked of a program: one of its own aspects where that is clear, else that of a topic that is sure."""
    name = intent["name"]
    best = (selector.get(ASK_PROGRAM) or {}).get("response")
    if best and (name == ASK_PROGRAM or best["confidence"] >= CLEAR_SHARE):
        return str(best[RESPONSE_KEY])
    if name.startswith("faq_") and intent["confidence"] >= least:
        return str(selector[name]["response"][RESPONSE_KEY] if name in selector else name)
    return None


def names_an_institution(message: Message, provider: str) -> bool:
    """Whether an institution is named that is not the `provider`."""
    named = {item["value"] for item in message.get("entities") or () if item["entity"] == "institution"}
    return bool(named - {provider})


def promoted(ranking: list[dict[str, Any]], intent: str) -> list[dict[str, Any]]:
    """The ranking with an intent put first, as sure as the first was."""
    first = {"name": intent, "confidence": ranking[0]["confidence"]}
    return [first, *(row for row in ranking if row["name"] != intent)]


def is_readable(text: str) -> bool:
    """Whether the encoder can know anything of a text: it reads Latin letters and digits, all else is a blank."""
    readable = sum(letter.isascii() and letter.isalnum() for letter in text)
    foreign = sum(letter.isalpha() and "LATIN" not in unicodedata.name(letter, "") for letter in text)
    return readable > foreign


def several_questions(parts: list[dict[str, Any]], threshold: float) -> list[dict[str, Any]]:
    """The parts that are questions of their own, one per aspect; empty unless there are two."""
    sure: dict[str, dict[str, Any]] = {}
    for part in parts:
        if part["confidence"] >= threshold and part["intent"] not in NOT_QUESTIONS:
            sure.setdefault(part.get("aspect") or part["intent"], part)
    questions = [{name: value for name, value in part.items() if name in QUESTION} for part in sure.values()]
    return questions if len(questions) > 1 else []


def without_programs(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts beside a question of the FAQ that seem to ask of a program, though none is named, as the FAQ hears them."""
    if not any(part["intent"].startswith("faq_") for part in parts):
        return parts
    return [_of_the_faq(part) if part["intent"] in OF_PROGRAMS else part for part in parts]


def _of_the_faq(part: dict[str, Any]) -> dict[str, Any]:
    row = next((row for row in part[RANKING] if row["name"].startswith("faq_")), None)
    if row is None or row["confidence"] < LEAST_OF_FAQ:
        return {**part, "confidence": 0.0}
    best = (part[SELECTOR].get(row["name"]) or {}).get("response") or {RESPONSE_KEY: row["name"]}
    sure = max(row["confidence"], UNCLEAR)
    return {**part, "intent": row["name"], "aspect": str(best[RESPONSE_KEY]), "confidence": sure}


def without_frame(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts around a colon without what only frames the others.

    That is a heading of one part ("electives: cost? letters?"), or the one question below a heading that lists several
    ("price and lead time: how do the two ways differ?").
    """
    headings, below = [part for part in parts if part.get(HEADS)], [part for part in parts if not part.get(HEADS)]
    if len(headings) == 1 and any(part[ASKS] for part in below):
        return below
    return headings if len(headings) > 1 and len(below) == 1 else parts


def coordinated(parts: list[dict[str, Any]], threshold: float) -> list[dict[str, Any]]:
    """The two questions of "price and lead time": without one of the two, a message asks something else each time."""
    for one, other in zip(parts[::2], parts[1::2], strict=True):
        questions = several_questions([other, one], threshold)
        if questions and one["intent"] != other["intent"]:
            return questions
    return []


def with_topics_inherited(parts: list[dict[str, Any]], likely: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Parts where one that only points, or alone means nothing surely, is about a topic that is at hand.

    That is the topic of the part before ("who uploads it?") or one of the `likely` ones, those of the whole message.
    """
    found: list[dict[str, Any]] = []
    for part in parts:
        at_hand = [*likely, *(before["intent"] for before in found[-1:])]
        found.append(_inheriting(part, at_hand) if part[POINTS] or part["confidence"] < LEANING else part)
    return found


def _is_heading(part: dict[str, Any]) -> bool:
    """Whether a part is a few words that name what is asked ("dermatology: hospital or clinic, and how long?").

    What tells of the person ("my doctor was late with the letter") is none.
    """
    return len(part["text"].split()) <= FEW_WORDS and not part.get(TELLS)


def _is_of_its_heading(parts: list[dict[str, Any]]) -> bool:
    """Whether the one part that asks points at a heading on the same topic: "vaccination card, do I bring it?"."""
    asking = [part for part in parts if part[ASKS]]
    is_of_one = len(parts) > 1 and len({part["intent"] for part in parts}) == 1
    return is_of_one and len(asking) == 1 and bool(asking[0][POINTS])


def _inheriting(part: dict[str, Any], topics: list[str]) -> dict[str, Any]:
    fitting = {}
    for row in part[RANKING]:
        best = (part[SELECTOR].get(row["name"]) or {}).get("response")
        if best and row["name"] in topics and row["confidence"] >= INHERITED:
            fitting[str(best[RESPONSE_KEY])] = row["confidence"] * best["confidence"]
    if not fitting or part["intent"] in topics:
        return part
    aspect = max(fitting, key=lambda name: fitting[name])
    sure = max(part["confidence"], UNCLEAR)
    return {**part, "intent": aspect.partition("/")[0], "aspect": aspect, "confidence": sure}


def in_context(parts: list[dict[str, Any]], whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Parts with the aspects that fit the whole message best: "what visa?" beside an observership is about that one.

    Shares are multiplied, so that the part decides where it is clear and the message where it is not; what another part
    of the same topic asks is left to it.
    """
    topics = [part["intent"] for part in parts]
    return [part if topics.count(part["intent"]) > 1 else _fitting(part, whole) for part in parts]


def _fitting(part: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    own, said = (_shares(selector, part["intent"]) for selector in (part[SELECTOR], whole))
    if not own or not said:
        return part
    clearest = max(said, key=lambda aspect: said[aspect])
    if part.get("aspect") == part["intent"] and said[clearest] >= CLEAR_IN_WHOLE:
        return {**part, "aspect": clearest}
    return {**part, "aspect": max(own, key=lambda aspect: own[aspect] * (said.get(aspect, 0.0) + UNSAID))}


def _shares(selector: dict[str, Any], intent: str) -> dict[str, float]:
    ranked = (selector.get(intent) or {}).get("ranking") or ()
    return {row[RESPONSE_KEY]: float(row["confidence"]) for row in ranked}


def the_question(parts: list[dict[str, Any]], best: dict[str, Any], threshold: float) -> dict[str, Any] | None:
    """The one part that asks, where a story around it says less clearly what is meant; sure tasks need all of it.

    A part that asks for the topic of the whole in general ("how many letters?" of "five weeks") knows no more.
    """
    asking = [part for part in parts if part["confidence"] >= threshold and part["intent"] not in NOT_QUESTIONS]
    is_vague = best["name"].startswith("faq_") or best["name"] in NOT_QUESTIONS or best["confidence"] < SURE_TASK
    if len(asking) != 1 or not is_vague or asking[0]["confidence"] <= best["confidence"]:
        return None
    is_topic_of_whole = asking[0].get("aspect") == asking[0]["intent"] == best["name"]
    return None if is_topic_of_whole else asking[0]


def is_close(ranking: list[dict[str, Any]], margin: float) -> bool:
    """Whether the best two are too close to call; a refusal is never a choice to offer."""
    if len(ranking) < 2 or OUT_OF_SCOPE in (ranking[0]["name"], ranking[1]["name"]):
        return False
    return bool(ranking[0]["confidence"] - ranking[1]["confidence"] < margin)


def _set(message: Message, ranking: list[dict[str, Any]], selector: dict[str, Any]) -> None:
    message.set("intent", ranking[0], add_to_output=True)
    message.set(RANKING, ranking, add_to_output=True)
    message.set(SELECTOR, selector, add_to_output=True)


def _fall_back(message: Message, ranking: list[dict[str, Any]], confidence: float) -> None:
    fallback = {"name": FALLBACK, "confidence": confidence}
    message.set("intent", fallback, add_to_output=True)
    message.set("intent_ranking", [fallback, *ranking], add_to_output=True)
