"""Gives each message its intent and aspect, and each possible question in it one of its own.

FAQ topics are Rasa's retrieval intents (`faq_cost/deposit`). One classifier ranks all aspects; `intent_ranking` has the
topics, `response_selector` the aspects of the topics in it, in the form of Rasa's own ResponseSelector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rotation_engine.clauses import Fuller, heads, in_full
from rotation_engine.encoder import shared_encoder, training_encoder
from rotation_engine.entities import IN_ITS_TALK, KINDS
from rotation_engine.in_talk import ALONE, Said, Weigher, readings_of
from rotation_engine.scoring import IntentScorer, Scores
from rotation_engine.splitter import COORDINATED, FINER_PARTS, MIN_WORDS, PARTS, asks, list_marks
from rotation_engine.talk import ANEW, TOPIC, InTalk
from rotation_engine.understanding.names import feature_kinds
from rotation_engine.understanding.reader import UNHEARD, rest_of

RANKING, ASKS, POINTS, HEADS, TELLS = "intent_ranking", "asks", "points", "heads", "tells"
OF_ALL = "of_all"  # a part asks of everybody and of every place: "do US schools in general want Step 1?"
PART_INTENTS = (
    "part_intents"  # list of {text, intent, aspect, confidence, and both rankings}; stays inside the pipeline
)
FINER_INTENTS = "finer_intents"  # the same for the finer parts
COORDINATED_INTENTS = "coordinated_intents"  # the same, two and two, for the message without one of two conjuncts
NAMELESS_INTENT = "nameless_intent"  # the same for the message without the institutions that it names
HEARD = "heard"  # list of {text, intent, confidence, aspect}: what it means in its talk, the likeliest first
HEARD_SHOWN = 3
RANKING_LENGTH = 10
ASPECTS_SHOWN = 5
FRAME = ("entities", "dimensions")
ASK_PROGRAM = "ask_program"
"""Its aspects are ranked for every message: "how much is it" may be said of a program that is named or shown."""
OUT_OF_SCOPE = "out_of_scope"
RESPONSE_KEY, SELECTOR = "intent_response_key", "response_selector"
FILE = "scorer.npz"
NO_WEIGHTS: Mapping[str, float] = {}
SURE_ALONE = 0.75
"""From here on a part is about what it says itself, though it has a pronoun."""
LEAST_IN_FULL = 0.35
"""Below, a part said in full is no surer than one that means nothing."""
CLEAR_IN_FULL = 0.6
"""Share of its topic from which a part said in full tells its aspect better than alone."""


@dataclass(frozen=True)
class Asked:
    """All that is scored for one message.

    `texts` has the words and the kinds of what is in them: first the whole message without words that ask for nothing,
    and its parts (`spans`), then the message without each conjunct (`left_out`), parts said in full, the message
    without institutions where it names any (`nameless`), and its readings in its talk (`heard` says how each of these
    was made).
    """

    message: Message
    spans: list[tuple[int, int]]
    left_out: list[tuple[int, int]]
    fuller: list[tuple[tuple[int, int], Fuller]]
    nameless: str
    heard: list[InTalk]
    texts: list[tuple[str, set[str]]]

    @classmethod
    def of(cls, message: Message) -> Asked:
        """What to score for a message that the splitter has seen."""
        text = message.get("text")
        parts, finer = message.get(PARTS) or [], message.get(FINER_PARTS) or []
        spans = list(dict.fromkeys([(0, len(text)), *parts, *finer]))
        left_out = [span for pair in message.get(COORDINATED) or () for span in pair]
        fuller, nameless = _in_full(message, parts, finer), _without_institutions(message)
        texts = [_meant(message), *((text[start:end], _kinds(message, start, end)) for start, end in spans[1:])]
        texts += [(text[:start] + text[end:], _kinds(message, without=(start, end))) for start, end in left_out]
        texts += [(said.text, _kinds_in_full(message, span, said)) for span, said in fuller]
        texts += [(nameless, _kinds(message) - {"institution"})] if nameless else []
        heard = message.get(IN_ITS_TALK) or []
        texts += [(said.text, kinds) for said, kinds in heard]
        return cls(message, spans, left_out, fuller, nameless, [said for said, _ in heard], texts)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(GraphComponent):
    """Logistic regression over sentence vectors, kept as numpy arrays."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        scorer: IntentScorer | None = None,
        *,
        talk: Mapping[str, float] = NO_WEIGHTS,
    ) -> None:
        self._model_storage, self._resource, self._scorer, self._talk = model_storage, resource, scorer, talk
        self._weigher = Weigher(scorer.aspects) if scorer else None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Without weights the readings of a message in its talk say nothing; those in config.yml count."""
        return {"talk": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceClassifier:
        """An untrained classifier."""
        return cls(model_storage, resource, talk=config["talk"])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceClassifier:
        """A trained classifier from the model archive."""
        with model_storage.read_from(resource) as folder:
            scorer = IntentScorer.load(folder / FILE, shared_encoder())
        return cls(model_storage, resource, scorer, talk=config["talk"])

    def train(self, training_data: TrainingData) -> Resource:
        """Fits on all examples that have an intent."""
        examples = [example for example in training_data.intent_examples if example.get("text")]
        scorer = IntentScorer.fit(
            training_encoder(),
            [example.get("text") for example in examples],
            aspects=[example.get(RESPONSE_KEY) or example.get("intent") for example in examples],
            kinds=[example.get(KINDS) or set() for example in examples],
        )
        self._scorer = scorer.with_encoder(shared_encoder())
        self._weigher = Weigher(scorer.aspects)
        with self._model_storage.write_to(self._resource) as folder:
            scorer.save(folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent`, `intent_ranking` and, for the splitter's parts, their intents; all are scored at once."""
        if self._scorer is None:
            raise RuntimeError("The intent classifier was not trained.")
        asked = [Asked.of(message) for message in messages if _is_spoken(message)]
        texts = [text for item in asked for text, _ in item.texts]
        scores = self._scorer.score(texts, [kinds for item in asked for _, kinds in item.texts]) if asked else None
        first = 0
        for item in asked:
            assert scores
            last = first + len(item.texts)
            self._classify(item, scores[first:last])
            first = last
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component trains on its output."""
        return training_data

    def _classify(self, asked: Asked, scores: Scores) -> None:
        message = asked.message
        ranking = self._ranking(scores.intents[0])
        message.set("intent", ranking[0], add_to_output=True)
        message.set(RANKING, ranking, add_to_output=True)
        message.set(SELECTOR, self._selector(ranking, scores.aspects[0]), add_to_output=True)
        found = map(self._part, (said for said, _ in asked.texts), scores.intents, scores.aspects)
        best = {span: next(found) | self._form(message, span) for span in asked.spans}
        message.set(COORDINATED_INTENTS, [next(found) for _ in asked.left_out])
        fuller: dict[tuple[int, int], list[tuple[dict[str, Any], Fuller]]] = {}
        for span, said in asked.fuller:
            fuller.setdefault(span, []).append((next(found), said))
        for span, readings in sorted(fuller.items()):
            asked_before = {part.get("aspect") for (_, end), part in best.items() if end <= span[0]}
            new = [reading for reading in readings if reading[0].get("aspect") not in asked_before]
            if new:
                best[span] = surer(best[span], *max(new, key=lambda reading: _sureness(reading[0])))
        for parts, intents in ((PARTS, PART_INTENTS), (FINER_PARTS, FINER_INTENTS)):
            message.set(intents, [best[span] for span in message.get(parts) or () if not _declines(message, span)])
        message.set(NAMELESS_INTENT, next(found) if asked.nameless else None)
        message.set(HEARD, self._heard(asked, scores) if asked.heard else [], add_to_output=True)

    def _heard(self, asked: Asked, scores: Scores) -> list[dict[str, Any]]:
        """What a message most likely means after the answer before it, by all its readings."""
        assert self._scorer is not None
        assert self._weigher is not None
        message, names = asked.message, self._scorer.aspects
        ways = [ALONE, *(said.how for said in asked.heard)]
        texts = [message.get("text"), *(said.text for said in asked.heard)]
        rows = [0, *range(len(asked.texts) - len(asked.heard), len(asked.texts))]
        readings = readings_of(ways, scores[rows], self._scorer.owner)
        score_of = scores.intents[rows][:, self._scorer.owner] * scores.aspects[rows]
        fuller = [row for row, way in enumerate(ways) if way in (ALONE, ANEW)]
        last = (message.get("metadata") or {}).get(TOPIC) or ""
        shares = self._weigher.weighed(readings, last, _said(message), self._talk)
        best = np.argsort(-shares)[:HEARD_SHOWN]
        return [
            {
                "text": texts[max(fuller, key=lambda row: score_of[row, place])],
                "intent": names[place].partition("/")[0],
                "aspect": names[place],
                "confidence": round(float(shares[place]), 4),
            }
            for place in best
        ]

    def _form(self, message: Message, span: tuple[int, int]) -> dict[str, bool]:
        """Whether a part asks, points at something said before, heads others, tells of the person, or asks of all."""
        assert self._scorer is not None
        text = message.get("text")
        asking = bool(list_marks(text)) or asks(self._scorer.mended(text[slice(*span)]), text[span[1] :])
        points, tells = (_does(message, span, act) for act in ("it", "first_person"))
        tells = tells or text[span[1] :].startswith(".")  # a sentence of its own
        of_all = _does(message, span, "of_all") and not (points or _names_an_institution(message, span))
        return {ASKS: asking, POINTS: points, HEADS: heads(text, span), TELLS: tells, OF_ALL: of_all}

    def _part(self, text: str, intents: NDArray[Any], aspects: NDArray[Any]) -> dict[str, Any]:
        ranking = self._ranking(intents)
        selector = self._selector(ranking, aspects)
        chosen = (selector.get(ranking[0]["name"]) or {}).get("response") or {}
        question = {"text": text.strip(), "intent": ranking[0]["name"], "confidence": ranking[0]["confidence"]}
        aspect = {"aspect": chosen[RESPONSE_KEY]} if chosen else {}
        return {**question, **aspect, RANKING: ranking, SELECTOR: selector}

    def _ranking(self, scores: NDArray[Any]) -> list[dict[str, Any]]:
        assert self._scorer is not None
        order = np.argsort(-scores)[:RANKING_LENGTH]
        return [{"name": self._scorer.intents[index], "confidence": round(float(scores[index]), 4)} for index in order]

    def _aspects(self, intent: str, scores: NDArray[Any]) -> list[dict[str, Any]]:
        """The aspects of an intent, best first; none for an intent that has no aspects.

        Sentences that ask for a topic as a whole stand under its own name, which is then one of its aspects.
        """
        assert self._scorer is not None
        own = self._scorer.members.get(intent)
        if own is None or len(own) < 2:
            return []
        names, values = self._scorer.aspects, scores[own]
        order = (-values).argsort(kind="stable")[:ASPECTS_SHOWN]
        found = zip(own[order].tolist(), values[order].tolist(), strict=True)
        return [{RESPONSE_KEY: names[at], "confidence": round(score, 4)} for at, score in found]

    def _selector(self, ranking: list[dict[str, Any]], scores: NDArray[Any]) -> dict[str, Any]:
        """What Rasa's ResponseSelector would set: for each likely retrieval intent its best response and ranking."""
        selected: dict[str, Any] = {"all_retrieval_intents": []}
        for intent in dict.fromkeys([*(row["name"] for row in ranking), ASK_PROGRAM]):
            aspects = self._aspects(intent, scores)
            if aspects:
                selected[intent] = selection(aspects)
                selected["all_retrieval_intents"].append(intent)
        return selected


def _said(message: Message) -> Said:
    acts = frozenset(act["act"] for act in message.get("acts") or ())
    return Said(acts, any(message.get(name) for name in FRAME), len(message.get("text").split()))


def _is_spoken(message: Message) -> bool:
    text = (message.get("text") or "").strip()
    return bool(text) and not text.startswith("/")


def selection(aspects: list[dict[str, Any]]) -> dict[str, Any]:
    """One entry of `response_selector`: the first aspect is the response."""
    return {"response": {**aspects[0], "utter_action": f"utter_{aspects[0][RESPONSE_KEY]}"}, "ranking": aspects}


def _kinds(message: Message, start: int = 0, end: int | None = None, *, without: tuple[int, int] = (0, 0)) -> set[str]:
    """What a frame has within a span of the message, or outside of one that is left out."""

    def is_within(item: dict[str, Any]) -> bool:
        is_left_out = item["start"] < without[1] and item["end"] > without[0]
        return item["start"] >= start and (end is None or item["end"] <= end) and not is_left_out

    return feature_kinds(*(list(filter(is_within, message.get(part) or ())) for part in FRAME))


def surer(part: dict[str, Any], full: dict[str, Any], said: Fuller) -> dict[str, Any]:
    """A part as it is understood: in its own words, or said in full where that is surer or more particular.

    A part that is sure of itself is left alone, unless in full it asks something particular of a topic that it only
    names ("how much is it?"). A refusal is no surer reading.
    """
    if full["confidence"] < LEAST_IN_FULL or full["intent"] == OUT_OF_SCOPE:
        return part
    is_particular = _asks_a_topic(part) and not _asks_a_topic(full) and (said.leans or full["intent"] == part["intent"])
    is_clear = full["intent"] == part["intent"] and "aspect" in full and _share(full) >= CLEAR_IN_FULL
    is_sure = part["confidence"] >= (SURE_ALONE if said.leans else full["confidence"])
    if is_sure and not is_particular and not is_clear:
        return part
    return {"aspect": "", **full, **{name: part[name] for name in ("text", ASKS, POINTS, HEADS, TELLS, OF_ALL)}}


def _asks_a_topic(part: dict[str, Any]) -> bool:
    """Whether a part asks for a topic of the FAQ as a whole, and for none of its aspects."""
    return bool(part["intent"].startswith("faq_") and part.get("aspect", part["intent"]) == part["intent"])


def _share(part: dict[str, Any]) -> float:
    selected = (part[SELECTOR].get(part["intent"]) or {}).get("response") or {}
    return float(selected.get("confidence", 1.0))


def _sureness(part: dict[str, Any]) -> float:
    return float(part["confidence"]) * _share(part)


def _in_full(message: Message, parts: list[tuple[int, int]], finer: list[tuple[int, int]]) -> list[tuple[Any, Fuller]]:
    """The parts and finer parts that may be said in full, each with its span."""
    text: str = message.get("text")
    entities, acts = message.get("entities") or (), message.get("acts") or ()
    found = {**in_full(text, finer, entities, acts), **in_full(text, parts, entities, acts)}
    return [(span, said) for span, readings in found.items() for said in readings]


def _kinds_in_full(message: Message, span: tuple[int, int], said: Fuller) -> set[str]:
    return _kinds(message, *span).union(*(_kinds(message, *name) for name in said.names))


def _meant(message: Message) -> tuple[str, set[str]]:
    """The words of a message with their kinds, but for those that ask for nothing, where others are left."""
    text: str = message.get("text")
    rest, span = rest_of(text, message.get("acts") or ())
    return (rest, _kinds(message, without=span)) if len(rest.split()) >= MIN_WORDS else (text, _kinds(message))


def _declines(message: Message, span: tuple[int, int]) -> bool:
    """Whether a part does little but ask for nothing."""
    declined = ((act["start"], act["end"]) for act in message.get("acts") or () if act["act"] in UNHEARD)
    return any(2 * (min(end, span[1]) - max(start, span[0])) > span[1] - span[0] for start, end in declined)


def _without_institutions(message: Message) -> str:
    """The words of a message beside the institutions that it names; empty where it names none."""
    text: str = message.get("text")
    spans = [(item["start"], item["end"]) for item in message.get("entities") or () if item["entity"] == "institution"]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text.strip(" :,;.-") if spans else ""


def _names_an_institution(message: Message, span: tuple[int, int]) -> bool:
    named = (item for item in message.get("entities") or () if item["entity"] == "institution")
    return any(item["start"] < span[1] and item["end"] > span[0] for item in named)


def _does(message: Message, span: tuple[int, int], act: str) -> bool:
    """Whether a part of the message does something: points at what was said before ("it"), speaks of oneself."""
    acts = message.get("acts") or ()
    return any(item["act"] == act and item["start"] >= span[0] and item["end"] <= span[1] for item in acts)
