"""What is loaded faster is loaded the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rasa.engine.storage.resource import Resource
from rasa.engine.training.hooks import TrainingHook
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.importers.importer import E2EImporter
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml
from rotation_engine import loading
from ruamel.yaml import resolver
from tarsafe import TarSafe

PROJECT = Path(__file__).parents[2]
VALUES = "a: yes\nb: 012\nc: 1.5e3\nd: ~\ne: ''\nf: 2026-01-02\ng: ${HOME}\nh: 'true'\ni: true\nj: no way\nk: 0x1F\n"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (resolver.BaseResolver, resolver.VersionedResolver):
        monkeypatch.setattr(kind, "resolve", kind.resolve)
    monkeypatch.setattr(DomainProvider, "load", DomainProvider.__dict__["load"])
    monkeypatch.setattr(DomainProvider, "_persist", DomainProvider._persist)
    monkeypatch.setattr(TarSafe, "gzopen", TarSafe.__dict__.get("gzopen", TarSafe.gzopen))
    monkeypatch.setattr(E2EImporter, "get_nlu_data", E2EImporter.get_nlu_data)
    monkeypatch.setattr(RasaYAMLReader, "validate", RasaYAMLReader.validate)
    monkeypatch.setattr(TrainingData, "merge", TrainingData.merge)
    for moment in ("on_before_node", "on_after_node"):
        monkeypatch.setattr(TrainingHook, moment, getattr(TrainingHook, moment))
    loading.install()


class Storage:
    """A folder where a domain has been written as Rasa writes it into a model."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def read_from(self, resource: Resource) -> Iterator[Path]:
        yield self._folder

    write_to = read_from


@pytest.mark.parametrize("reader", ["safe", ["safe", "rt"]])
def test_values_have_the_types_that_they_had(reader: str | list[str], request: pytest.FixtureRequest) -> None:
    before = typed(read_yaml(VALUES, reader))
    request.getfixturevalue("installed")
    assert typed(read_yaml(VALUES, reader)) == before


def typed(values: dict[str, object]) -> dict[str, tuple[type, object]]:
    """Each value with its type; what has a tag of its own by what stands behind it."""
    return {key: (type(value), getattr(value, "value", value)) for key, value in values.items()}


@pytest.mark.usefixtures("installed")
def test_reading_makes_no_table_longer() -> None:
    table = resolver.Resolver.yaml_implicit_resolvers
    before = {first: len(types) for first, types in table.items()}
    read_yaml(VALUES)
    assert {first: len(types) for first, types in table.items()} == before


def test_a_domain_is_written_and_loaded_as_rasa_does_it(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    domain, parts = Domain.from_path(str(PROJECT / "domain.yml")), ({}, Storage(tmp_path), Resource("domain"), None)
    said = {
        "utter_quoted": [{"text": "“Yes” means: 'yes' #1\n- {weeks} weeks", "metadata": {"reviewed": "2026-11-26"}}]
    }
    domain = domain.merge(Domain.from_dict({"responses": said}))
    DomainProvider.create(*parts)._persist(domain)
    before = DomainProvider.load(*parts).provide_inference()
    request.getfixturevalue("installed")
    assert DomainProvider.load(*parts).provide_inference().as_dict() == before.as_dict()  # a model of before
    DomainProvider.create(*parts)._persist(domain)
    after = DomainProvider.load(*parts).provide_inference()
    assert json.loads((tmp_path / "domain.yml").read_text(encoding="utf8"))["responses"] == said
    assert (after.as_dict(), after.fingerprint()) == (before.as_dict(), before.fingerprint())


def test_sentences_are_merged_as_rasa_merges_them(request: pytest.FixtureRequest) -> None:
    def merged() -> TrainingData:
        first = RasaYAMLReader().reads(
            "nlu:\n- intent: faq_cost/deposit\n  examples: |\n    - what is a deposit\n    - why pay [now](time)\n"
            "- synonym: New York\n  examples: |\n    - NYC\n- lookup: city\n  examples: |\n    - Boston\n"
        )
        second = RasaYAMLReader().reads(
            "nlu:\n- intent: faq_visa\n  examples: |\n    - what is a deposit\n    - which visa\n- regex: year\n"
            "  examples: |\n    - \\d{4}\nresponses:\n  utter_faq_visa:\n  - text: B-1\n"
        )
        return TrainingData().merge(first).merge(second, TrainingData())

    before = merged()
    request.getfixturevalue("installed")
    after = merged()
    assert after.fingerprint() == before.fingerprint()
    assert [m.as_dict() for m in after.training_examples] == [m.as_dict() for m in before.training_examples]
    assert (after.entity_synonyms, after.lookup_tables) == (before.entity_synonyms, before.lookup_tables)
    assert (after.regex_features, after.responses) == (before.regex_features, before.responses)
