"""The classifier learns, keeps what it learned, and is unsure about strange sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rotation_engine.encoder import Encoder
from rotation_engine.noise import noisy_copies
from rotation_engine.scoring import IntentScorer

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


def test_noisy_copies_are_the_same_every_time() -> None:
    sentence = "Could you please explain the application process?"
    assert noisy_copies(sentence) == noisy_copies(sentence)
    assert sentence not in noisy_copies(sentence)
