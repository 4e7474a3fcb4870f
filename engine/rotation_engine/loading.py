"""Loads YAML and trained models without the work that ruamel.yaml and Rasa do several times over.

ruamel.yaml 0.17.21, which Rasa pins, makes its table of implicit types longer with every value that it reads
(`resolvers += ...` on the table's own list), so that a domain takes eight times as long. Rasa reads the domain of a
model four times to check a file that it wrote itself, in YAML where JSON takes a hundredth of the time, and a training
reads the sentences twice and checks their form, which the content lint has done, copies all of them in each of nine
merges, most of them with nothing, compares them by digests of all that they hold, presses numbers that give nothing
away as hard as it can, and works out fingerprints of all that one component gives to the next, for a cache that is not
kept: a model is found by the content that it is made of (bot/ops/training.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.engine.training.hooks import TrainingHook
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.importers.importer import E2EImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_file, read_yaml, write_text_file
from ruamel.yaml import resolver
from ruamel.yaml.nodes import ScalarNode
from tarsafe import TarSafe

DOMAIN_FILE = "domain.yml"
FASTEST = 1
"""Of the levels of gzip: a model is mostly numbers, which the slowest one makes smaller by a hundredth."""


def install() -> None:
    """Before anything is loaded or trained."""
    _leave_tables_alone(resolver.BaseResolver, lambda own: own.yaml_implicit_resolvers)
    _leave_tables_alone(resolver.VersionedResolver, lambda own: own.versioned_resolver)
    DomainProvider.load = classmethod(_load_domain)
    DomainProvider._persist = _write_domain
    TarSafe.gzopen = classmethod(_quickly_pressed)
    RasaYAMLReader.validate = lambda *_: None
    for importer in (RasaFileImporter, E2EImporter):
        importer.get_nlu_data = _read_once(importer.get_nlu_data)
    TrainingData.merge = _merged
    TrainingData.validate = lambda _: None
    Message.__hash__ = lambda own: hash((own.get("text"), own.get("intent")))
    Message.__eq__ = _is_same
    TrainingHook.on_before_node = lambda *_, **__: {}
    TrainingHook.on_after_node = lambda *_, **__: None


def _leave_tables_alone(kind: Any, table: Callable[[Any], Any]) -> None:
    """Scalars are resolved as before, from a table (first letter, or None for any -> types) that stays as it is."""
    inner = kind.resolve

    def resolve(own: Any, node: Any, value: str, implicit: Any) -> Any:
        if node is not ScalarNode or not implicit[0]:
            return inner(own, node, value, implicit)
        known = table(own)
        for tag, form in (*known.get(value[:1], ()), *known.get(None, ())):
            if form.match(value):
                return tag
        return own.DEFAULT_SCALAR_TAG

    kind.resolve = resolve


def _load_domain(
    cls: type[DomainProvider],
    /,
    config: dict[str, Any],
    model_storage: ModelStorage,
    resource: Resource,
    execution_context: ExecutionContext,
    **kwargs: Any,
) -> DomainProvider:
    """The domain as it was checked and written when the model was trained."""
    with model_storage.read_from(resource) as folder:
        written = read_file(folder / DOMAIN_FILE)
    is_json = written.startswith("{")  # models of an earlier release have YAML
    return cls(model_storage, resource, Domain.from_dict(json.loads(written) if is_json else read_yaml(written)))


def _write_domain(own: DomainProvider, domain: Domain) -> None:
    """JSON is YAML, and of the bot's words takes ruamel.yaml seconds to write and to read."""
    with own._model_storage.write_to(own._resource) as folder:
        write_text_file(json.dumps(domain.as_dict(), ensure_ascii=False), folder / DOMAIN_FILE)


def _quickly_pressed(
    cls: type[TarSafe], /, name: Any, mode: str = "r", fileobj: Any = None, compresslevel: int = FASTEST, **kwargs: Any
) -> Any:
    return super(TarSafe, cls).gzopen(name, mode, fileobj, compresslevel, **kwargs)


def _read_once(read: Callable[..., TrainingData]) -> Callable[..., TrainingData]:
    """The sentences of an importer: Rasa asks for them with a language and without, which it takes for two."""

    def once(own: Any, language: str | None = None) -> TrainingData:
        if not hasattr(own, "sentences"):
            own.sentences = read(own, language)
        return own.sentences

    return once


def _is_same(own: Message, other: object) -> bool:
    return isinstance(other, Message) and own.data == other.data and own.features == other.features


def _merged(own: TrainingData, *others: TrainingData | None) -> TrainingData:
    """Training data together, with the messages themselves: nobody changes one before all are merged."""
    together = [one for one in (own, *others) if one and vars(one) != vars(TrainingData())]
    if len(together) == 1:
        return together[0]
    return TrainingData(
        [message for one in together for message in one.training_examples],
        {text: value for one in together for text, value in one.entity_synonyms.items()},
        [feature for one in together for feature in one.regex_features],
        [table for one in together for table in one.lookup_tables],
        {name: said for one in together for name, said in one.responses.items()},
    )
