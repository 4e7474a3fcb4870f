"""Counts the letters that somebody has, over the whole talk, and says whether they are enough."""

from __future__ import annotations

from dataclasses import replace

from actions.base import return_to_question
from actions.topics import about, with_figures
from actions.turn import Outcome, Turn
from bot.dialogue.conditions import USUAL_LETTERS, USUAL_US_LETTERS
from bot.nlu.frame import Number
from bot.reply.parts import Reply, Text

TOPIC = "faq_lor_count"
US_LETTERS, TELE_LETTERS = "us_letters", "tele_letters"
OF_LETTERS = ("home_letters", US_LETTERS, TELE_LETTERS)
USUAL = (USUAL_US_LETTERS, USUAL_LETTERS)
"""Facts on how many letters are usual: from the US, and in all."""


def letters_counted(turn: Turn) -> Outcome | None:
    """Whether the letters that somebody tells to have are enough; None where none are counted.

    Those of a kind that is not named are as many as were told before.
    """
    frame = turn.message.frame
    said = [(number, item) for number, item in frame.measures(Number) if number.of in OF_LETTERS]
    is_own = frame.does("enough") or any(item.polarity == "has" and item.whose == "self" for _, item in said)
    usual = [turn.facts[key].range for key in USUAL if key in turn.facts]
    if not (said and is_own) or None in usual or len(usual) != len(USUAL):
        return None
    named = {of: int(sum(number.value for number, _ in said if number.of == of)) for of in {n.of for n, _ in said}}
    counts = {**(turn.slots.get("letters") or {}), **named}
    total, us = sum(counts.values()), counts.get(US_LETTERS, 0) + counts.get(TELE_LETTERS, 0)
    if not total:
        return None
    missing_us, missing = (int(low - have) for (low, _), have in zip(filter(None, usual), (us, total), strict=True))
    key = "utter_letters_few_us" if missing_us > 0 else "utter_letters_few" if missing > 0 else "utter_letters_enough"
    verdict = with_figures(turn, turn.responses, key, total=total, us=us, missing=max(missing_us, missing))
    (text,) = verdict.parts
    assert isinstance(text, Text)
    tele = turn.responses.text("utter_letters_tele") if counts.get(TELE_LETTERS) else ""
    said_anew = replace(text, text=f"{text.text} {tele}".rstrip())
    return Outcome(return_to_question(turn, Reply((said_anew,))), about(turn, TOPIC) | {"letters": counts})
