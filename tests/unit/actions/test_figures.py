"""What is said with a figure has it from the table of facts with its source, whoever says it."""

from pathlib import Path

import pytest

from actions import base
from actions.base import BotAction
from actions.dialogue.talk import ActionCare
from actions.faq import ActionAnswerFaq
from bot.bootstrap import Container
from bot.db.base import Database
from bot.programs.fact_words import FAQ
from bot.reply.parts import Text
from bot.settings import Settings
from tests.unit.extractor import asking

from .conftest import Talk, said


@pytest.fixture
def talk(seeded: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Talk:
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg]
    monkeypatch.setattr(base, "container", lambda: Container(settings, seeded))
    return Talk()


@pytest.mark.parametrize(
    ("action", "intent", "aspect", "figure"),
    [
        (ActionAnswerFaq(), "faq_cost", "company_price", "$2,000\u2013$3,500"),
        (ActionAnswerFaq(), "faq_when_to_apply", "school_lead", "6\u201312"),
        (ActionCare(), "care", "scared_alone", "for 2 weeks"),
    ],
)
def test_a_figure_is_filled_in_with_its_source(
    talk: Talk, action: BotAction, intent: str, aspect: str, figure: str
) -> None:
    told = [{"entity": "aspect", "value": aspect}]
    reply = talk.hear(action, f'/{intent}{{"aspect": "{aspect}"}}', intent, told)
    text = reply.parts[0]
    assert isinstance(text, Text)
    assert figure in text.text
    assert "{" not in text.text + text.more
    assert FAQ in text.sources


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (
            "I have two letters from my professors and one from a virtual rotation, is that enough",
            "3 in all, 1 from the US",
        ),
        ("I have three US letters and one from home, is it enough?", "Yes, for most programs: that makes 4 in all"),
        ("I've got two US letters, enough?", "Not quite: that makes 2 in all, 2 from the US"),
    ],
)
def test_the_letters_that_somebody_has_are_counted(talk: Talk, text: str, verdict: str) -> None:
    assert verdict in said(talk.hear(ActionAnswerFaq(), text, "faq_lor_count", **asking("faq_lor_count/home_mix")))


def test_letters_that_were_told_before_are_counted_with_those_told_now(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "I've got two letters from home, enough?", "faq_lor_count")
    assert "3 in all, 1 from the US" in said(talk.hear(ActionAnswerFaq(), "and I have one US letter", "faq_lor_count"))
