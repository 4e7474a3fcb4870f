"""Entities by rules: glossary and gazetteer terms (also misspelled) and phrase patterns; the longest match wins."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from rotation_engine.encoder import real_words
from rotation_engine.phrases import DOUBTFUL_STATES, Found, find_phrases, reads_as_place
from rotation_engine.places import GLOSSARY, fingerprint, gazetteer_file
from rotation_engine.respell import Respeller
from rotation_engine.terms import Term, gazetteer_terms, glossary_terms, modified

# Among equally long matches the earlier kind wins; cities and institutions are settled by the word before them.
ORDER = (
    "graduation_year",
    "visa_status",
    "career_stage",
    "exam",
    "rotation_type",
    "route",
    "city",
    "institution",
    "specialty",
    "state",
    "region",
)
PLACES = {"city", "state", "region"}


class TermFinder:
    """Finds terms in texts. Built once per set of terms (about 0.1 s for 2,000)."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._nlp = spacy.blank("en")
        self._terms = {f"{index}": term for index, term in enumerate(terms)}
        self._loose = PhraseMatcher(self._nlp.vocab, attr="NORM")
        self._exact = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        docs = {key: self._nlp.make_doc(_plain(term.text)) for key, term in self._terms.items()}
        words = {token.lower_ for key, doc in docs.items() if not self._terms[key].exact for token in doc}
        self._respeller = Respeller(words, real=real_words())
        for key, doc in docs.items():
            exact = self._terms[key].exact
            (self._exact if exact else self._loose).add(key, [doc if exact else _with_norms(doc, str.lower)])

    def find(self, text: str) -> list[Found]:
        """The things in a text in order, without overlaps."""
        doc = _with_norms(self._nlp.make_doc(_plain(text)), lambda word: self._respeller.mend(word.lower()))
        found = [*find_phrases(_plain(text)), *self._matches(doc, self._loose)]
        if not text.isupper():  # Who shouts writes "IN" and "ME" without meaning states.
            found += [item for item in self._matches(doc, self._exact) if not _doubtful(text, item)]
        return _without_overlaps(found, text)

    def _matches(self, doc: Doc, matcher: PhraseMatcher) -> list[Found]:
        found = []
        for match, first, last in matcher(doc):
            term, span = self._terms[self._nlp.vocab.strings[match]], doc[first:last]
            found.append(Found(term.kind, term.value, span.start_char, span.end_char))
        return found


def _plain(text: str) -> str:
    """The text with straight apostrophes and letters without accents; offsets stay as they were."""
    folded = (unicodedata.normalize("NFD", letter)[0] if letter.isalpha() else letter for letter in text)
    return "".join(folded).replace("\u2019", "'")


def _with_norms(doc: Doc, normalize: Any) -> Doc:
    """The doc with each token's norm set, which is what the matcher compares."""
    for token in doc:
        token.norm_ = normalize(token.text)
    return doc


def _doubtful(text: str, found: Found) -> bool:
    return text[found.start : found.end] in DOUBTFUL_STATES and not reads_as_place(text, found.start)


def _without_overlaps(found: list[Found], text: str) -> list[Found]:
    taken: list[Found] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, _rank(item, text))):
        if all(item.end <= other.start or item.start >= other.end for other in taken):
            taken.append(item)
    return sorted(taken, key=lambda item: item.start)


def _rank(item: Found, text: str) -> tuple[bool, int]:
    """ "in Rochester" is the city, "does Rochester take me" the school of that name."""
    unlikely = item.kind in PLACES | {"institution"} and reads_as_place(text, item.start) == (
        item.kind == "institution"
    )
    return unlikely, ORDER.index(item.kind) if item.kind in ORDER else len(ORDER)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityRules(GraphComponent):
    """Adds `entities` to each message. A changed gazetteer is read at the next message, without training."""

    def __init__(self) -> None:
        self._finder: TermFinder | None = None
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
        """Code, glossary and gazetteer: training sees entities as features."""
        return fingerprint(GLOSSARY, gazetteer_file())

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `entities`; buttons ("/intent{...}") bring their own."""
        for message in messages:
            text = message.get("text") or ""
            if text and not text.startswith("/"):
                found = self._current_finder().find(text)
                message.set("entities", [_as_entity(item) for item in found], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Annotates training sentences the way live messages are."""
        self.process(training_data.training_examples)
        return training_data

    def _current_finder(self) -> TermFinder:
        changed = modified(gazetteer_file())
        if self._finder is None or changed != self._read_at:
            self._finder = TermFinder([*glossary_terms(GLOSSARY), *gazetteer_terms(gazetteer_file())])
            self._read_at = changed
        return self._finder


def _as_entity(item: Found) -> dict[str, Any]:
    return {
        "entity": item.kind,
        "value": item.value,
        "start": item.start,
        "end": item.end,
        "confidence_entity": 1.0,
        "extractor": "EntityRules",
    }
