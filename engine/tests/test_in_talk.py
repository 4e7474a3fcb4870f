"""How readings of a message in its talk are weighed."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from rotation_engine.in_talk import READINGS, Reading, Said, Weigher
from rotation_engine.places import ROOT
from rotation_engine.talk import ANEW, TITLE

ASPECTS = ["faq_cost", "faq_cost/deposit", "faq_cost/refund", "faq_visa/fee", "inform", "refine_search"]
WEIGHTS = next(
    part["talk"]
    for part in yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf8"))["pipeline"]
    if part["name"].endswith("SentenceClassifier")
)
LOST = Said(frozenset(), names=False, words=2)
ASKED = Said(frozenset({"ask"}), names=False, words=9)


def scores(**got: float) -> Reading:
    """What is like an aspect is as like it as it is likely: between 0.2 for all others and 0.8."""
    score = np.array([got.get(name.replace("/", "_"), 0.01) for name in ASPECTS])
    return Reading(score, 0.2 + 0.6 * score)


def likeliest(readings: dict[str, Reading], last: str, said: Said) -> str:
    shares = Weigher(ASPECTS).weighed(readings, last, said, WEIGHTS)
    assert shares.sum() == pytest.approx(1.0)
    return ASPECTS[int(shares.argmax())]


def test_few_words_mean_what_they_mean_under_the_title_of_the_answer_before() -> None:
    readings = {"alone": scores(inform=0.3), TITLE: scores(faq_cost_refund=0.6), ANEW: scores(faq_cost_refund=0.4)}
    assert likeliest(readings, "faq_cost/deposit", LOST) == "faq_cost/refund"


def test_a_clear_question_of_another_topic_stays_itself() -> None:
    readings = {"alone": scores(faq_visa_fee=0.9), TITLE: scores(faq_cost_deposit=0.5, faq_visa_fee=0.2)}
    assert likeliest(readings, "faq_cost/refund", ASKED) == "faq_visa/fee"


def test_the_answer_that_was_just_given_is_not_likely_meant_again() -> None:
    readings = {"alone": scores(faq_cost_deposit=0.3, faq_cost_refund=0.3)}
    assert likeliest(readings, "faq_cost/deposit", LOST) == "faq_cost/refund"


def test_what_tells_and_names_something_tells() -> None:
    telling = Said(frozenset(), names=True, words=6)
    assert likeliest({"alone": scores(inform=0.9)}, "faq_cost/refund", telling) == "inform"


def test_every_weight_of_the_configuration_is_of_a_feature_and_none_is_missing() -> None:
    features = Weigher(ASPECTS).features({"alone": scores()}, "faq_cost", LOST)
    assert set(WEIGHTS) == set(features)
    assert set(READINGS) <= set(features)
