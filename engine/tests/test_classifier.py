"""The classifier learns, keeps what it learned, and is unsure about strange sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rotation_engine import classifier as classifier_module
from rotation_engine.classifier import SentenceClassifier
from rotation_engine.encoder import Encoder
from rotation_engine.entities import KINDS
from rotation_engine.noise import noisy_copies
from rotation_engine.scoring import IntentScorer
from rotation_engine.splitter import QuestionSplitter
from rotation_engine.understanding.names import feature_kinds

UNWEIGHED = SentenceClassifier.get_default_config()
SENTENCES = {
    "faq_cost": ["how much does it cost", "what is the price", "fees of a rotation", "is it expensive", "total cost"],
    "faq_visa": ["do I need a visa", "which visa is right", "B1 or J1 visa", "visa for a rotation", "ESTA enough?"],
    "greet": ["hello", "hi there", "good morning", "hey", "hello bot"],
}


@pytest.fixture(scope="module")
def scorer(encoder: Encoder) -> IntentScorer:
    texts = [text for group in SENTENCES.values() for text in group]
    intents = [intent for intent, group in SENTENCES.items() for _ in group]
    return IntentScorer.fit(encoder, texts, aspects=intents, kinds=[set() for _ in texts])


def named(kind: str, value: str, *, polarity: str = "named", whose: str = "self") -> dict[str, Any]:
    """A thing in a frame."""
    return {"entity": kind, "value": value, "polarity": polarity, "whose": whose}


def best(scorer: IntentScorer, text: str) -> tuple[str, float]:
    scores = scorer.score([text], [set()]).intents[0]
    return scorer.intents[int(scores.argmax())], float(scores.max())


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what would I have to pay", "faq_cost"),
        ("is a visa required", "faq_visa"),
        ("helo", "greet"),
        ("viza?", "faq_visa"),
    ],
)
def test_new_words_for_a_known_question(scorer: IntentScorer, text: str, intent: str) -> None:
    assert best(scorer, text)[0] == intent


def test_a_strange_sentence_scores_far_below_a_known_one(scorer: IntentScorer) -> None:
    assert best(scorer, "my cat sleeps under the old bridge")[1] < 0.5 * best(scorer, "how much does this cost")[1]


def test_what_is_saved_scores_the_same_when_loaded(scorer: IntentScorer, encoder: Encoder, tmp_path: Path) -> None:
    scorer.save(tmp_path / "scorer.npz")
    loaded = IntentScorer.load(tmp_path / "scorer.npz", encoder)
    texts = ["how much is it", "hi", "visa??"]
    kinds: list[set[str]] = [{"state"}, set(), set()]
    assert loaded.intents == scorer.intents
    np.testing.assert_allclose(loaded.score(texts, kinds).intents, scorer.score(texts, kinds).intents, atol=0.01)


def test_two_intents_are_enough(encoder: Encoder) -> None:
    scorer = IntentScorer.fit(
        encoder, ["hello", "hi", "which visa", "visa?"], aspects=["greet", "greet", "visa", "visa"], kinds=[set()] * 4
    )
    assert best(scorer, "hi hello")[0] == "greet"
    assert best(scorer, "a visa")[0] == "visa"


ASPECTS = {
    "faq_cost/deposit": [
        "is there a deposit",
        "how much is the down payment",
        "deposit first?",
        "what is a deposit for",
    ],
    "faq_cost/refund": ["do I get my money back", "refund when I cancel", "is it refundable", "money back if I cancel"],
    "faq_visa": ["do I need a visa", "which visa is right", "B1 or J1 visa", "visa for a rotation"],
}


def test_an_intent_is_as_sure_as_its_aspects_together(encoder: Encoder) -> None:
    texts = [text for group in ASPECTS.values() for text in group]
    aspects = [aspect for aspect, group in ASPECTS.items() for _ in group]
    scorer = IntentScorer.fit(encoder, texts, aspects=aspects, kinds=[set() for _ in texts])
    assert scorer.intents == ["faq_cost", "faq_visa"]
    scores = scorer.score(["can the deposit be paid back", "visa please"], [set(), set()])
    assert scores.intents[0].argmax() == 0
    assert scores.intents[1].argmax() == 1
    np.testing.assert_allclose(scores.aspects[:, :2].sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(scores.aspects[:, 2], 1.0, atol=1e-5)
    refund = scorer.score(["can I have my money back"], [set()]).aspects[0]
    assert scorer.aspects[int(refund[:2].argmax())] == "faq_cost/refund"


@pytest.fixture(scope="module")
def classifier(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> SentenceClassifier:
    """Trained on aspects, kept, and loaded again, as in a model."""
    sentences = {**ASPECTS, **PROGRAM, "greet": SENTENCES["greet"]}
    examples = [
        Message(
            {"text": text, "intent": aspect.partition("/")[0], "intent_response_key": aspect if "/" in aspect else None}
        )
        for aspect, group in sentences.items()
        for text in group
    ]
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("model"))
    context, resource = ExecutionContext(GraphSchema({})), Resource("classifier")
    SentenceClassifier.create(UNWEIGHED, storage, resource, context).train(TrainingData(examples))
    return SentenceClassifier.load(UNWEIGHED, storage, resource, context)


PROGRAM = {
    "ask_program/fee": ["what do they charge", "is there a fee at this place", "their fee", "how much is it there"],
    "ask_program/housing": ["do they offer housing", "is there a dorm", "place to sleep there", "do they have rooms"],
}


def classified(classifier: SentenceClassifier, text: str, **data: Any) -> dict[str, Any]:
    """The data of a message after the splitter and the classifier."""
    messages = QuestionSplitter().process([Message({"text": text, **data})])
    found: dict[str, Any] = classifier.process(messages)[0].data
    return found


def test_aspects_stand_in_the_form_of_rasas_response_selector(classifier: SentenceClassifier) -> None:
    data = classified(classifier, "is the deposit high")
    assert data["intent"] == data["intent_ranking"][0]
    assert data["intent"]["name"] == "faq_cost"
    selector = data["response_selector"]
    assert set(selector) == {"all_retrieval_intents", *selector["all_retrieval_intents"]}
    cost = selector["faq_cost"]
    assert cost["response"] == {**cost["ranking"][0], "utter_action": "utter_faq_cost/deposit"}
    assert [row["intent_response_key"] for row in cost["ranking"]] == ["faq_cost/deposit", "faq_cost/refund"]
    assert sum(row["confidence"] for row in cost["ranking"]) == pytest.approx(1, abs=1e-3)


def test_kinds_that_were_read_in_sentences_are_learned(encoder: Encoder, tmp_path: Path) -> None:
    examples = [Message({"text": text, "intent": "greet", KINDS: {"state"}}) for text in SENTENCES["greet"]]
    examples += [Message({"text": text, "intent": "faq_cost"}) for text in SENTENCES["faq_cost"]]
    storage, context = LocalModelStorage.create(tmp_path), ExecutionContext(GraphSchema({}))
    SentenceClassifier.create(UNWEIGHED, storage, Resource("classifier"), context).train(TrainingData(examples))
    loaded = SentenceClassifier.load(UNWEIGHED, storage, Resource("classifier"), context)
    text, state = "hm, well", {"entity": "state", "value": "TX", "start": 0, "end": 2}
    sure = [classified(loaded, text, **data)["intent_ranking"][0]["confidence"] for data in ({}, {"entities": [state]})]
    assert sure[0] != sure[1]


def test_what_has_no_aspects_is_not_in_the_selector(classifier: SentenceClassifier) -> None:
    data = classified(classifier, "hello there")
    assert data["intent"]["name"] == "greet"
    assert "greet" not in data["response_selector"]
    assert "faq_visa" not in data["response_selector"]


def test_what_would_be_asked_of_a_program_is_always_ranked(
    classifier: SentenceClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier_module, "RANKING_LENGTH", 1)
    data = classified(classifier, "is the deposit high")
    assert [row["name"] for row in data["intent_ranking"]] == ["faq_cost"]
    assert data["response_selector"]["all_retrieval_intents"] == ["faq_cost", "ask_program"]
    assert data["response_selector"]["ask_program"]["response"]["intent_response_key"] == "ask_program/fee"


def test_each_part_has_its_own_intent_aspect_and_rankings(classifier: SentenceClassifier) -> None:
    data = classified(classifier, "hello everybody, is the deposit high? do I get my money back?")
    greeting, first, second = data["part_intents"]
    assert (first["aspect"], second["aspect"]) == ("faq_cost/deposit", "faq_cost/refund")
    assert second["intent_ranking"][0] == {"name": second["intent"], "confidence": second["confidence"]}
    assert second["response_selector"]["faq_cost"]["response"]["intent_response_key"] == second["aspect"]
    assert (greeting["text"], greeting["intent"]) == ("hello everybody", "greet")
    assert "aspect" not in greeting
    assert data["finer_intents"] == data["part_intents"]


def test_only_what_the_application_reads_leaves_the_pipeline(classifier: SentenceClassifier) -> None:
    messages = QuestionSplitter().process([Message({"text": "is the deposit high? do I get my money back?"})])
    output = classifier.process(messages)[0].as_dict(only_output_properties=True)
    assert {"intent", "intent_ranking", "response_selector"} <= set(output)
    assert not {"part_intents", "finer_intents", "parts", "finer_parts"} & set(output)


@pytest.mark.parametrize("text", ["", "   ", "/faq_cost"])
def test_buttons_and_nothing_at_all_are_left_alone(classifier: SentenceClassifier, text: str) -> None:
    assert "intent" not in classified(classifier, text)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"entities": [named("state", "TX")]}, {"state"}),
        ({"entities": [named("career_stage", "graduate", polarity="has")]}, {"career_stage", "told career_stage"}),
        ({"entities": [named("career_stage", "graduate", polarity="has", whose="other")]}, {"career_stage"}),
        ({"entities": [named("nationality", "KE", polarity="has")]}, set()),
        ({"entities": [named("exam", "usmle")]}, set()),
        ({"dimensions": [{"dim": "duration"}]}, {"duration"}),
    ],
)
def test_what_a_frame_has_becomes_features(frame: dict[str, Any], expected: set[str]) -> None:
    assert feature_kinds(**{"entities": [], **frame}) == expected


def test_a_part_has_the_features_of_its_own_words() -> None:
    text = "I am a graduate. Is there a place in Texas?"
    entities = [
        {**named("career_stage", "graduate", polarity="has"), "start": 7, "end": 15},
        {**named("state", "TX"), "start": 37, "end": 42},
    ]
    acts = [{"act": "ask", "start": 17, "end": 42}]
    message = Message({"text": text, "entities": entities, "acts": acts})
    assert classifier_module._kinds(message, 0, 15) == {"career_stage", "told career_stage"}
    assert classifier_module._kinds(message, 17, 42) == {"state"}
    assert classifier_module._kinds(message) == {"career_stage", "told career_stage", "state"}


def test_what_a_frame_has_tells_intents_apart(encoder: Encoder) -> None:
    texts = ["how about that one", "what about this one", "and that one then", "or rather this one"] * 2
    kinds: list[set[str]] = [{"state"}] * 4 + [{"institution"}] * 4
    scorer = IntentScorer.fit(encoder, texts, aspects=["search"] * 4 + ["compare"] * 4, kinds=kinds)
    same = "what about that one"
    found = [scorer.score([same], [kind]).intents[0] for kind in ({"state"}, {"institution"}, {"never seen"})]
    assert [scorer.intents[int(scores.argmax())] for scores in found[:2]] == ["search", "compare"]
    np.testing.assert_allclose(found[2][0], found[2][1], atol=0.02)


def test_an_answer_of_one_aspect_is_saved_with_the_others(encoder: Encoder, tmp_path: Path) -> None:
    texts = [text for group in ASPECTS.values() for text in group]
    aspects = [aspect for aspect, group in ASPECTS.items() for _ in group]
    scorer = IntentScorer.fit(encoder, texts, aspects=aspects, kinds=[set() for _ in texts])
    scorer.save(tmp_path / "scorer.npz")
    loaded = IntentScorer.load(tmp_path / "scorer.npz", encoder)
    asked: tuple[list[str], list[set[str]]] = (["can the deposit be paid back", "visa please"], [set(), set()])
    np.testing.assert_allclose(loaded.score(*asked).aspects, scorer.score(*asked).aspects, atol=0.01)


def test_noisy_copies_are_the_same_every_time() -> None:
    sentence = "Could you please explain the application process?"
    assert noisy_copies(sentence) == noisy_copies(sentence)
    assert sentence not in noisy_copies(sentence)


@pytest.mark.parametrize(("text", "counts"), [("no deposit talk, hello there", True), ("no deposit talk", False)])
def test_what_a_message_declines_is_not_what_it_means(
    classifier: SentenceClassifier, text: str, *, counts: bool
) -> None:
    acts = [{"act": "declines", "start": 0, "end": len("no deposit talk")}]
    alone = classified(classifier, "hello there" if counts else text)["intent_ranking"][0]
    assert classified(classifier, text, acts=acts)["intent_ranking"][0] == alone


def test_words_before_a_question_that_was_not_answered_are_not_heard(classifier: SentenceClassifier) -> None:
    acts = [{"act": "asks_still", "start": 0, "end": len("hello there you never said")}]
    found = classified(classifier, "hello there you never said is the deposit high?", acts=acts)
    assert found["intent_ranking"][0] == classified(classifier, "is the deposit high?")["intent_ranking"][0]


def test_a_part_that_declines_something_asks_nothing(classifier: SentenceClassifier) -> None:
    acts = [{"act": "declines", "start": 0, "end": 15}]
    data = classified(classifier, "no deposit plan, is the deposit high? do I get my money back?", acts=acts)
    assert [part["aspect"] for part in data["part_intents"]] == ["faq_cost/deposit", "faq_cost/refund"]
