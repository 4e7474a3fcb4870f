"""A model with other words: what was learned is copied, what is said is another's, and more than words is refused."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
import yaml

from bot.content.change import AddSentences, EditAnswer
from bot.content.edit import tree
from bot.content.releases import places
from bot.content.releases.repacking import DOMAIN, METADATA, repack
from bot.errors import NeedsTrainingError
from bot.ops import training
from bot.settings import Settings

KEY, NEW = "utter_only_english", "Please write in English: “yes” means 'yes'."
LEARNED = b"what was learned"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path)  # type: ignore[call-arg]


@pytest.fixture
def live(settings: Settings, tmp_path: Path) -> Path:
    """A model in Rasa's form, made of the repository's content, with its content kept."""
    tree.copy_content(tmp_path / "before")
    model = training.current(settings, tmp_path / "before")
    model.parent.mkdir()
    said = {KEY: [{"text": "old"}]}
    domain = {"intents": ["greet"], "responses": said, "slots": {"weeks": {"type": "any"}}}
    files = {
        METADATA: json.dumps({"model_id": "1", "domain": domain}).encode(),
        DOMAIN: json.dumps(domain).encode(),
        "components/train_SentenceClassifier/scorer.npz": LEARNED,
    }
    with tarfile.open(model, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    places.keep(settings, tmp_path / "before", model)
    return model


def changed(tmp_path: Path, change: EditAnswer | AddSentences) -> Path:
    return tree.build(tmp_path / "after", [change])


def test_the_words_are_those_of_the_tree_and_all_else_is_as_it_was(
    settings: Settings, live: Path, tmp_path: Path
) -> None:
    root = changed(tmp_path, EditAnswer(KEY, "", NEW))
    made = repack(settings, live, root)
    assert made == training.current(settings, root) != live
    with tarfile.open(made) as archive:
        files = {item.name: file.read() for item in archive if (file := archive.extractfile(item))}
    metadata = json.loads(files[METADATA])
    assert metadata["domain"]["responses"][KEY][0]["text"].strip() == NEW
    assert metadata["model_id"] != "1", "the engine's answer must show which of the two runs"
    domain = yaml.safe_load(files[DOMAIN])
    assert domain["responses"] == metadata["domain"]["responses"]
    assert (domain["intents"], domain["slots"]) == (["greet"], {"weeks": {"type": "any"}})
    assert files["components/train_SentenceClassifier/scorer.npz"] == LEARNED
    assert list(made.parent.glob(".*")) == []


def test_sentences_need_a_training(settings: Settings, live: Path, tmp_path: Path) -> None:
    root = changed(tmp_path, AddSentences("faq_cost", ("what is the damage",)))
    with pytest.raises(NeedsTrainingError, match="learns from"):
        repack(settings, live, root)


def test_a_model_of_another_version_of_the_bot_needs_one_too(settings: Settings, live: Path, tmp_path: Path) -> None:
    other = live.rename(live.with_name("rotation-another.tar.gz"))
    places.keep(settings, tmp_path / "before", other)
    with pytest.raises(NeedsTrainingError, match="another version"):
        repack(settings, other, changed(tmp_path, EditAnswer(KEY, "", NEW)))
