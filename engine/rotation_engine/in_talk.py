"""What a message means right after an answer: every reading of it is scored, and one formula weighs them.

A message alone says little ("from who", "is 4 enough"). So it is scored in up to five readings (`talk.py`): alone,
after the question before it, under the title of the answer before it, said anew with what it leaves out, and with the
name of the topic. For every aspect the logarithms of its five scores are added up with weights, together with how much
a reading is like its sentences taken together, and with what speaks for or against it whatever the words are: the topic
talked about goes on, its very answer was just given. The weights
are a conditional logit (McFadden 1974), fitted on follow-ups by `python -m rotation_engine.fit_talk` and kept in
config.yml; docs/decisions/0001-understanding.md has what it gains. Pure numbers: no Rasa here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rotation_engine.scoring import Scores
from rotation_engine.talk import ANEW, BEFORE, TITLE, TOPIC_NAMED

ALONE = "alone"
READINGS = (ALONE, BEFORE, TITLE, TOPIC_NAMED, ANEW)
UNSEEN = 1e-3
"""What a score counts at least, so that one reading alone rules nothing out."""
SHORT_OF = 9
"""Words from which a message is no shorter than others: what has one word leans on the talk the most."""
TELLING = ("inform", "correct_profile", "introduce")
SEEKING = (
    *("refine_search", "search_programs", "ask_program", "compare_programs"),
    *("recommend_rotation", "plan_timeline", "estimate_cost"),
)
FAQ = "faq_"


@dataclass(frozen=True)
class Said:
    """A message beside its words: the acts in it, whether it names or measures anything, and how many words it has."""

    acts: frozenset[str]
    names: bool
    words: int


@dataclass(frozen=True)
class Reading:
    """What every aspect got by one reading: its `score`, 0 to 1, and its `likeness` (`Scores`)."""

    score: NDArray[Any]
    likeness: NDArray[Any]

    def __or__(self, other: Reading) -> Reading:
        """The better of two of the same kind, aspect by aspect."""
        return Reading(np.maximum(self.score, other.score), np.maximum(self.likeness, other.likeness))


def readings_of(ways: Sequence[str], scores: Scores, owner: NDArray[Any]) -> dict[str, Reading]:
    """The readings of a message, by how each was made: `ways` and `scores` of one length, `owner` as the scorer's."""
    found: dict[str, Reading] = {}
    got = scores.intents[:, owner] * scores.aspects
    for way, reading in zip(ways, map(Reading, got, scores.likeness), strict=True):
        found[way] = found[way] | reading if way in found else reading
    return found


class Weigher:
    """Tells the aspects of a model apart by name once, and weighs readings of a message then."""

    def __init__(self, aspects: Sequence[str]) -> None:
        self._places = {aspect: place for place, aspect in enumerate(aspects)}
        self._intents = np.array([aspect.partition("/")[0] for aspect in aspects])
        self._tells, self._seeks = np.isin(self._intents, TELLING), np.isin(self._intents, SEEKING)
        self._others = ~np.char.startswith(self._intents, FAQ)
        self._wholes = np.array([aspect.startswith(FAQ) and "/" not in aspect for aspect in aspects])

    def features(self, readings: Mapping[str, Reading], last: str, said: Said) -> dict[str, NDArray[Any]]:
        """What speaks for each aspect after the answer `last`, one row each by the name of its weight in config.yml.

        A reading that there is not is as the message alone. `last` is empty after what somebody told.
        """
        alone = readings[ALONE]
        logs = {name: np.log(np.clip(readings.get(name, alone).score, 0.0, 1.0) + UNSEEN) for name in READINGS}
        short = max(0.0, (SHORT_OF - said.words) / (SHORT_OF - 1))
        leans = float(bool(said.acts & {"follow_up", "it"}))
        same = (self._intents == last.partition("/")[0]).astype(float)
        repeated = np.zeros(len(self._intents))
        if last in self._places:
            repeated[self._places[last]] = 1.0
        sure = float(alone.score.max())
        return {
            **logs,
            **{f"{name}_short": logs[name] * short for name in (ALONE, BEFORE, TITLE)},
            **{f"{name}_leaning": logs[name] * leans for name in (ALONE, BEFORE, ANEW)},
            **{f"{name}_like": readings.get(name, alone).likeness for name in (ALONE, BEFORE)},
            "alone_sure": logs[ALONE] * sure,
            "anew_told": logs[ANEW] * float(not last),
            "same_topic": same,
            "same_topic_short": same * short,
            "same_topic_leaning": same * leans,
            "same_topic_sure": same * sure,
            "same_answer": repeated,
            "whole_topic": self._wholes.astype(float),
            "no_faq": self._others.astype(float),
            "no_faq_short": self._others * short,
            "no_faq_asking": self._others * float("ask" in said.acts),
            "telling_nothing": self._tells * float(not said.names),
            "telling_something": self._tells * float(said.names),
            "seeking_nothing": self._seeks * float(not said.names),
            "seeking_something": self._seeks * float(said.names),
        }

    def weighed(
        self, readings: Mapping[str, Reading], last: str, said: Said, weights: Mapping[str, float]
    ) -> NDArray[Any]:
        """The probability of each aspect, 1 in all."""
        features = self.features(readings, last, said)
        sums = np.sum([weights.get(name, 0.0) * feature for name, feature in features.items()], axis=0)
        odds = np.exp(sums - sums.max())
        shares: NDArray[Any] = odds / odds.sum()
        return shares
