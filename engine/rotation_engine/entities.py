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
from rotation_engine.kinds import KindsMemory
from rotation_engine.places import DATA, fingerprint, gazetteer_file, kinds_file
from rotation_engine.talk import ANSWERED, QUESTION, TALKED_OF, TOPIC, InTalk, in_its_talk
from rotation_engine.understanding.names import feature_kinds
from rotation_engine.understanding.reader import Frame, Reader, rest_of, spoken_words
from rotation_engine.understanding.terms import Language, Term, gazetteer_terms, lexicon_terms, modified
from rotation_engine.weights import TOKENIZER_SHA256

IN_ITS_TALK = "in_its_talk"  # list of `talk.InTalk` and the kinds of names in each; stays inside the pipeline
KINDS = "kinds"  # what the frame of a training sentence has, for the classifier
SPOKEN = "spoken.txt"
OWN = {"confidence_entity": 1.0, "extractor": "EntityRules"}


# Rasa shows training sentences to featurizers only, not to extractors; and what the classifier learns from them counts.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EntityRules(GraphComponent):
    """Adds the frame to each message, with the words and the grammar that its model was trained with.

    A changed gazetteer is read at the next message, without training.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, language: Language, spoken: frozenset[str] = frozenset()
    ) -> None:
        self._model_storage, self._resource = model_storage, resource
        self._language, self._spoken = language, spoken
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
        """With the words and the grammar of the content."""
        return cls(model_storage, resource, Language.of(DATA))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityRules:
        """With those of a model."""
        with model_storage.read_from(resource) as folder:
            words = folder / SPOKEN
            spoken = words.read_text(encoding="utf8").split() if words.exists() else ()  # models of an earlier release
            return cls(model_storage, resource, Language.of(folder), frozenset(spoken))

    def train(self, training_data: TrainingData) -> Resource:
        """Puts the words and the grammar into the model, and the words that its sentences speak in."""
        sentences = (example.get("text") or "" for example in training_data.training_examples)
        with self._model_storage.write_to(self._resource) as folder:
            self._language.write(folder)
            (folder / SPOKEN).write_text("\n".join(sorted(spoken_words(sentences))), encoding="utf8")
        return self._resource

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

    def _in_its_talk(self, message: Message, frame: Frame) -> Iterator[tuple[InTalk, set[str]]]:
        """What the message may mean after the question before it, with the kinds of what is in each."""
        talk = message.get("metadata") or {}
        if talk.get(QUESTION):
            reader = self._current_reader()
            text, left_out = rest_of(message.get("text"), frame["acts"])
            frame = reader.read(text) if left_out[1] else frame
            slots = {"topic": TOPIC, "talked_of": TALKED_OF, "title": ANSWERED}
            about = {name: talk.get(slot) or "" for name, slot in slots.items()}
            for said in in_its_talk(talk[QUESTION], text, frame, read=reader.read, topics=reader.topics, **about):
                yield said, self._kinds(said.text)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Sets `kinds`, for the classifier; sentences that were read for an earlier training are not read again."""
        examples = [example for example in training_data.training_examples if example.get("text")]
        memory = KindsMemory(kinds_file(), fingerprint(self._language.grammar, TOKENIZER_SHA256), self._terms())
        reader = self._current_reader()
        kinds = memory.kinds([example.get("text") for example in examples], read=self._kinds, mend=reader.mend)
        for example in examples:
            example.set(KINDS, kinds[example.get("text")])
        return training_data

    def _terms(self) -> list[Term]:
        return [*lexicon_terms(self._language.lexicon), *gazetteer_terms(gazetteer_file())]

    def _kinds(self, text: str) -> set[str]:
        frame = self._current_reader().read(text)
        return feature_kinds(frame["entities"], frame["dimensions"])

    def _current_reader(self) -> Reader:
        changed = modified(gazetteer_file())
        if self._reader is None or changed != self._read_at:
            names = gazetteer_terms(gazetteer_file())
            self._reader = Reader(self._language, names, real=real_words(), spoken=self._spoken)
            self._read_at = changed
        return self._reader
