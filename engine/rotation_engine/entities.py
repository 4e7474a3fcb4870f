"""Rasa's component that reads a message: `entities`, `dimensions` and `acts` in the parse data come from the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rotation_engine.encoder import real_words
from rotation_engine.places import DATA, GRAMMAR, LEXICON, fingerprint, gazetteer_file
from rotation_engine.talk import QUESTION, TOPIC, Fuller, in_its_talk
from rotation_engine.understanding.names import feature_kinds
from rotation_engine.understanding.reader import Frame, Reader
from rotation_engine.understanding.terms import gazetteer_terms, modified

IN_ITS_TALK = "in_its_talk"  # list of `talk.Fuller` and the kinds of names in each; stays inside the pipeline
OWN = {"confidence_entity": 1.0, "extractor": "EntityRules"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityRules(GraphComponent):
    """Adds the frame to each message. A changed gazetteer is read at the next message, without training."""

    def __init__(self) -> None:
        self._reader: Reader | None = None
        self._read_at = -1.0

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityRules:
        """Rasa's constructor."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Code, lexicon, grammar and gazetteer: training sees entities as features."""
        return fingerprint(LEXICON, GRAMMAR, gazetteer_file())

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the frame; buttons ("/intent{...}") bring their own entities."""
        for message in messages:
            text = message.get("text") or ""
            if text and not text.startswith("/"):
                frame = self._current_reader().read(text)
                message.set("entities", [entity | OWN for entity in frame["entities"]], add_to_output=True)
                message.set("dimensions", frame["dimensions"], add_to_output=True)
                message.set("acts", frame["acts"], add_to_output=True)
                message.set(IN_ITS_TALK, list(self._in_its_talk(message, frame)))
        return messages

    def _in_its_talk(self, message: Message, frame: Frame) -> Iterator[tuple[Fuller, set[str]]]:
        """What the message may mean after the question before it, with the kinds of what is in each."""
        talk = message.get("metadata") or {}
        if talk.get(QUESTION):
            read, topic = self._current_reader().read, talk.get(TOPIC) or ""
            for said in in_its_talk(talk[QUESTION], message.get("text"), frame, read=read, topic=topic):
                found = read(said.text)
                yield said, feature_kinds(found["entities"], found["dimensions"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Annotates training sentences the way live messages are."""
        self.process(training_data.training_examples)
        return training_data

    def _current_reader(self) -> Reader:
        changed = modified(gazetteer_file())
        if self._reader is None or changed != self._read_at:
            self._reader = Reader(DATA, gazetteer_terms(gazetteer_file()), real=real_words())
            self._read_at = changed
        return self._reader
