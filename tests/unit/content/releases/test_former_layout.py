"""An installation from before all sentences stood in data/nlu.yml: its changes come live, and its versions can go back.

Training and the engine's swap are stood in for; everything else is real.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.candidates.starting import bring_live
from bot.content.edit import tree
from bot.content.edit.answers import read_answers
from bot.content.edit.sentences import HELD_OUT, LEARNED, TOPICS_HELD_OUT, read_sentences
from bot.content.releases import places, swapping
from bot.content.releases.live_responses import live_words
from bot.content.releases.patch import patch
from bot.content.releases.publishing import enter, roll_back
from bot.content.store import live_version
from bot.content.tables import ChangeRow
from bot.data_files import read_yaml
from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.errors import NotExportableError
from bot.lint import check_training
from bot.ops import training
from bot.settings import ROOT, Settings

SOURCE = {"title": "The hospital's page", "url": "https://www.example.org/", "date": "2026"}
PUBLISHED: dict[str, dict[str, Any]] = {
    "add_sentences": {
        "intent": "faq_cost",
        "sentences": ["what is the damage for a month"],
        "held_out": ["how deep into my pocket must I reach"],
    },
    "new_topic": {
        "name": "parking",
        "title": "Where to park",
        "sentences": [f"where do I leave my car on day {day} of the rotation" for day in range(1, 27)],
        "held_out": [f"is there a garage for visitors near ward {ward}" for ward in range(1, 9)],
        "answer": "Ask the hospital about its garage.",
        "answer_student": "",
        "answer_graduate": "",
        "sources": [SOURCE],
        "buttons": [{"title": "What does it cost?", "payload": "/faq_cost"}],
        "reviewed": "2026-11-23",
    },
    "edit_answer": {
        "key": "utter_only_english",
        "variant": "",
        "text": "Please write in English.",
        "sources": None,
        "reviewed": None,
        "buttons": None,
    },
}
"""The rows of the table `changes` as they were written then."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "models").mkdir()
    return Settings(var=tmp_path)  # type: ignore[call-arg]


@pytest.fixture
def database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A version of then is live, with three published changes and its content in the former layout."""
    upgrade(settings.database)
    monkeypatch.setattr(training, "train", lambda given, root: _trained(training.current(given, root)))
    monkeypatch.setattr(swapping, "model_id", lambda model: f"id of {model.name}")
    monkeypatch.setattr(swapping, "swap", lambda _url, model: f"id of {model.name}")
    opened, model = Database(settings.database), _trained(settings.var / "models" / "rotation-then.tar.gz")
    _former_content(places.content_of(settings, model))
    places.point_live_at(settings, model)
    with opened.unit() as session:
        rows = [
            ChangeRow(
                kind=kind, payload=json.loads(json.dumps(payload)), summary="", proposed_by="ann", state="published"
            )
            for kind, payload in PUBLISHED.items()
        ]
        session.add_all(rows)
        session.flush()
        enter(session, model, "id of then", change_ids=[row.id for row in rows], by="ann", note="")
    return opened


def _trained(model: Path) -> Path:
    model.write_bytes(b"a model")
    return model


def _former_content(root: Path) -> None:
    tree.copy_content(root)
    blocks = read_yaml(root / LEARNED)["nlu"]
    (root / "data" / "nlu").mkdir()
    (root / "data" / "nlu" / "faq.yml").write_text(yaml.safe_dump({"nlu": blocks}), encoding="utf8")
    (root / LEARNED).unlink()
    (root / "data" / "stories.yml").unlink()


def live(database: Database) -> tuple[int, list[int]]:
    with database.unit() as session:
        version = live_version(session)
        assert version
        return version.number, list(version.change_ids)


def test_the_next_start_brings_the_published_changes_into_todays_files(settings: Settings, database: Database) -> None:
    root = places.content_of(settings, bring_live(settings, database))
    assert live(database) == (2, [1, 2, 3]), "all three are kept: none is settled, none withdrawn"
    learned = [(item.intent, item.text) for item in read_sentences(root, LEARNED)]
    held_out = (root / TOPICS_HELD_OUT).read_text(encoding="utf8")
    for kind, intent in (("add_sentences", "faq_cost"), ("new_topic", "faq_parking")):
        assert {(intent, text) for text in PUBLISHED[kind]["sentences"]} <= set(learned)
        assert all(f"    - {text}\n" in held_out for text in PUBLISHED[kind]["held_out"])
    assert len(learned) == len(read_sentences(ROOT, LEARNED)) + 27
    assert len(read_sentences(root, HELD_OUT)) == len(read_sentences(ROOT, HELD_OUT)) + 9
    assert read_answers(root)["utter_only_english"].variants[0].text == "Please write in English."
    assert not (root / "data" / "nlu").exists()
    assert check_training(root) == []
    assert "+- intent: faq_parking" in patch(settings, settings.var / "models" / root.name)


def test_a_version_of_then_can_be_gone_back_to(settings: Settings, database: Database) -> None:
    bring_live(settings, database)
    roll_back(settings, database, 1, by="ann", withdrawn=lambda *_: None)
    assert live(database) == (3, [1, 2, 3])
    assert places.live_content(settings).name == "rotation-then"
    assert live_words(settings).text("utter_only_english")
    with pytest.raises(NotExportableError, match=r"before all training sentences stood in data/nlu\.yml"):
        patch(settings, places.live_link(settings))
    after = bring_live(settings, database)
    assert live(database)[1] == [1, 2, 3]
    assert "faq_parking" in patch(settings, after)
