"""The measuring itself: what counts as right, what as near, what as refused, and what the report shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.content import evaluation
from bot.content.evaluation import asking
from bot.content.evaluation.figures import Summary, by_kind, share
from bot.content.evaluation.neighbors import NEIGHBORS
from bot.content.evaluation.report import page
from bot.data_files import read_yaml
from bot.errors import MeasuringError
from bot.settings import ROOT


@pytest.mark.parametrize(
    ("topic", "understood", "is_right", "is_near"),
    [
        ("visa", ("faq_visa",), True, True),
        ("visa", ("faq_cost",), False, False),
        ("visa", ("faq_cost", "faq_visa"), True, True),
        ("visa", ("nlu_fallback",), False, False),
        ("when_to_apply", ("plan_timeline",), False, True),
        ("documents", ("faq_document_review",), False, False),
        ("program_search", ("refine_search",), True, True),
        ("bot_identity", ("help",), True, True),
        ("out_of_scope", ("nlu_fallback",), True, True),
        ("out_of_scope", ("out_of_scope",), True, True),
        ("out_of_scope", ("out_of_scope", "faq_visa"), False, False),
    ],
)
def test_right_and_near(topic: str, understood: tuple[str, ...], is_right: bool, is_near: bool) -> None:
    item = asking.AskedQuestion("", topic, "", understood)
    assert (item.is_right, item.is_near) == (is_right, is_near)


def test_every_intent_that_counts_is_one_of_the_domain() -> None:
    intents = set(read_yaml(ROOT / "domain.yml")["intents"])
    topics = {name.removeprefix("faq_") for name in intents if name.startswith("faq_")} | set(asking.INTENTS)
    assert intents >= set().union(*asking.INTENTS.values(), *NEIGHBORS.values())
    assert topics >= set(NEIGHBORS)


def engine(monkeypatch: pytest.MonkeyPatch, answer: Callable[[dict[str, Any]], Any]) -> None:
    """An engine that answers each message as told; of several sentences, each by itself."""

    def handle(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        answers = [answer({"text": text}) for text in body["texts"]] if "texts" in body else answer(body)
        return httpx.Response(200, json=answers)

    transport = httpx.MockTransport(handle)
    monkeypatch.setattr(asking, "_engine", lambda *_: httpx.Client(base_url="http://engine", transport=transport))


def test_the_questions_of_a_message_are_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    parse = {
        "intent": {"name": "out_of_scope"},
        "intent_ranking": [{"name": "out_of_scope", "confidence": 0.4}],
        "questions": [
            {"text": "how much", "intent": "faq_cost", "confidence": 0.9},
            {"text": "which visa", "intent": "faq_visa", "confidence": 0.9},
        ],
        "ambiguous": ["faq_cost", "faq_visa"],
    }
    engine(monkeypatch, lambda _body: parse)
    (item,) = asking.ask("", [{"text": "a message", "topic": "out_of_scope"}])
    assert item.understood == ("faq_cost", "faq_visa")
    assert not item.is_right
    assert not item.is_near_tie


def test_a_near_tie_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    engine(monkeypatch, lambda _body: {"intent": {"name": "faq_cost"}, "ambiguous": ["faq_cost", "faq_visa"]})
    (item,) = asking.ask("", [{"text": "a message", "topic": "cost"}])
    assert item.is_right
    assert item.is_near_tie


def test_silence_in_a_dialogue_is_found_and_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if "text" in body:
            return {"intent": {"name": "faq_cost"}}
        spoken = {"custom": {"parts": [{"type": "text", "text": "<b>Hello</b>", "more": "All of it."}]}}
        return [] if body["message"] == "quiet" else [spoken]

    engine(monkeypatch, answer)
    questions, dialogues = tmp_path / "questions.jsonl", tmp_path / "dialogues.jsonl"
    questions.write_text('{"text": "how much is it", "topic": "visa"}\n', encoding="utf8")
    turns = [{"user": "hi", "expect": "A welcome."}, {"user": "quiet"}]
    dialogues.write_text(json.dumps({"id": "talk", "turns": turns}), encoding="utf8")
    summary = evaluation.run("", questions=questions, dialogues=dialogues, out=tmp_path / "out")
    assert summary.silent == [("talk", "quiet")]
    report = (tmp_path / "out" / evaluation.REPORT).read_text(encoding="utf8")
    assert "&lt;b&gt;Hello&lt;/b&gt;" in report
    assert "&lt;b&gt;Hello&lt;/b&gt;\nAll of it." in report
    assert "A welcome." in report
    assert "no answer" in report
    assert "1 misses" in report
    assert "http" not in report


@pytest.mark.parametrize("content", ["", "\n", "no json", "[]", '{"text": "a"}'])
def test_a_file_that_cannot_be_measured_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content, encoding="utf8")
    with pytest.raises(MeasuringError, match=r"questions\.jsonl"):
        asking.read_lines(path, "text", "topic")


def test_an_engine_that_is_gone_is_one_sentence() -> None:
    with pytest.raises(MeasuringError, match="did not answer /webhooks/rest/parse"):
        asking.ask("http://127.0.0.1:1", [{"text": "hi", "topic": "smalltalk_greet"}])


def test_the_figures_are_split_by_kind() -> None:
    rows = [("visa", "faq_visa"), ("visa", "faq_cost"), ("timeline", "plan_timeline"), ("out_of_scope", "greet")]
    asked = tuple(asking.AskedQuestion("", topic, "typo", (intent,)) for topic, intent in rows)
    shares = {name: share(items) for name, items in by_kind(asked).items()}
    assert shares == {"FAQ and talk": 0.5, "tasks": 1.0, "out of scope, refused": 0.0}
    lines = "\n".join(Summary(asked, {}).lines())
    assert "typo" in lines
    assert "50%" in page(Summary(asked, {}))
