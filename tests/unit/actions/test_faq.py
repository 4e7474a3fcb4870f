"""Questions inside topics: the very question is answered, with figures from the database and the article below it."""

from __future__ import annotations

import pytest

from actions import base
from actions.faq import ActionAnswerFaq
from actions.topics import WORDS_OF_EACH
from bot.bootstrap import Container
from bot.db.base import Database
from bot.reply.parts import Text
from bot.settings import Settings
from tests.unit.extractor import asking

from .conftest import Talk, responses, said

ASPECTS = [key.removeprefix("utter_") for key in responses() if key.startswith("utter_faq_") and "/" in key]


@pytest.fixture
def talk(seeded: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Talk:
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg, arg-type]
    monkeypatch.setattr(base, "container", lambda: Container(settings, seeded))
    return Talk()


def test_the_very_question_is_answered_and_the_article_folded_below_it(talk: Talk) -> None:
    (overview,) = talk.hear(ActionAnswerFaq(), "costs", "faq_cost").parts
    (part,) = talk.hear(ActionAnswerFaq(), "a deposit?", "faq_cost", **asking("faq_cost/deposit")).parts
    assert isinstance(part, Text)
    assert isinstance(overview, Text)
    assert part.text != overview.text
    assert part.more == overview.text
    assert part.sources
    assert part.reviewed
    assert "{" not in part.text + part.more
    assert talk.slots["last_topic"] == "faq_cost/deposit"


def test_a_button_asks_one_aspect(talk: Talk) -> None:
    typed = said(talk.hear(ActionAnswerFaq(), "?", "faq_cost", **asking("faq_cost/deposit")))
    assert typed == said(talk.hear(ActionAnswerFaq(), '/faq_cost{"aspect": "deposit"}', "faq_cost"))


def test_an_aspect_that_does_not_stand_out_gets_the_whole_topic_and_buttons(talk: Talk) -> None:
    vague = asking("faq_cost/deposit", "faq_cost/refund", share=0.2)
    reply = talk.hear(ActionAnswerFaq(), "money stuff", "faq_cost", **vague)
    general = said(talk.hear(ActionAnswerFaq(), "/faq_cost", "faq_cost"))
    assert said(reply) == f"In general: {general}"
    payloads = [button.payload for button in reply.suggestions]
    assert payloads[:2] == ['/faq_cost{"aspect": "deposit"}', '/faq_cost{"aspect": "refund"}']


def test_two_questions_of_one_topic_have_an_answer_each(talk: Talk) -> None:
    parts = [
        {"text": "a", "intent": "faq_cost", "aspect": "faq_cost/deposit", "confidence": 0.9},
        {"text": "b", "intent": "faq_cost", "aspect": "faq_cost/refund", "confidence": 0.9},
    ]
    reply = talk.hear(ActionAnswerFaq(), "deposit? refund?", "faq_cost", questions=parts)
    buttons = [f'/faq_cost{{"aspect": "{aspect}"}}' for aspect in ("deposit", "refund")]
    alone = [said(talk.hear(ActionAnswerFaq(), button, "faq_cost")) for button in buttons]
    short = said(reply).split("\n")
    assert all(whole.startswith(part) for part, whole in zip(short, alone, strict=True))
    assert all(len(part.split()) <= WORDS_OF_EACH for part in short)
    folded = [part.more for part in reply.parts if isinstance(part, Text)]
    assert all(whole in more for whole, more in zip(alone, folded, strict=True) if len(whole.split()) > WORDS_OF_EACH)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_has_an_answer_with_its_figures_sources_and_review_date(talk: Talk, aspect: str) -> None:
    (part,) = talk.hear(ActionAnswerFaq(), "...", aspect.partition("/")[0], **asking(aspect)).parts
    assert isinstance(part, Text)
    assert "{" not in part.text + part.more
    assert "no figure on record" not in part.text + part.more
    assert part.more
    assert part.sources
    assert part.reviewed


def test_a_fact_that_the_database_has_not_got_is_said_to_be_missing(
    talk: Talk, empty: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg, arg-type]
    monkeypatch.setattr(base, "container", lambda: Container(settings, empty))
    words = said(talk.hear(ActionAnswerFaq(), "...", "faq_cost", **asking("faq_cost/school_fee")))
    assert "(no figure on record)" in words
    assert "{" not in words
