"""Every intent has enough sentences, and no sentence means two things or stands in the held-out twin."""

from __future__ import annotations

import re
from collections import Counter

from bot.lint.likeness import too_near
from bot.lint.source import Content, Example
from bot.nlu.message import ASPECT, intent_of
from bot.reply.responses import answer_of, asked_by

FEWEST = {"faq": 25, "out_of_scope": 150, "other": 15}
FEWEST_OF_ASPECT = 8
NEEDS_NO_SENTENCES = frozenset({"nlu_fallback"})
FEWEST_LETTERS_TO_COMPARE = 12  # below, everybody says the same: "thank you so"
LEARNED, FORMER = "data/nlu.yml", "data/nlu"
_ANNOTATION = re.compile(r"\[[^\]]+\][({]")
_WORD = re.compile(r"\w+")


def check_sentences(content: Content) -> None:
    """Numbers, order, names, doubles and twins."""
    _check_numbers(content)
    _check_aspects(content)
    _check_order(content)
    _check_names(content)
    learned = [_plain(sentence.text) for sentence in content.sentences]
    _check_doubles(content, learned)
    _check_twins(content, learned)


def _check_numbers(content: Content) -> None:
    counts = Counter(intent_of(sentence.intent) for sentence in content.sentences)
    twinned = {intent_of(sentence.intent) for sentence in content.twins}
    for intent in content.domain.intents:
        kind = "faq" if intent.startswith("faq_") else intent if intent in FEWEST else "other"
        if intent not in NEEDS_NO_SENTENCES and counts[intent] < FEWEST[kind]:
            problem = f"{intent} has {counts[intent]} sentences in data/nlu.yml, at least {FEWEST[kind]} are needed"
            content.report("domain.yml", content.in_domain("intents", intent), problem)
        if kind == "faq" and intent not in twinned:
            problem = f"{intent} has no held-out sentences in tests/nlu"
            content.report("domain.yml", content.in_domain("intents", intent), problem)


def _check_aspects(content: Content) -> None:
    """A question inside a topic has enough sentences to be told from its neighbors, and an answer.

    What is asked of a program is answered from its row: where no aspect of an intent has words, none is missed.
    """
    counts = Counter(sentence.intent for sentence in content.sentences if ASPECT in sentence.intent)
    answered = {intent_of(asked_by(key)) for key in content.responses if ASPECT in key}
    first = {sentence.intent: sentence.line for sentence in reversed(content.sentences)}
    for aspect, count in counts.items():
        if count < FEWEST_OF_ASPECT:
            problem = f"{aspect} has {count} sentences, at least {FEWEST_OF_ASPECT} are needed"
            content.report(LEARNED, first[aspect], problem)
        if intent_of(aspect) in answered and answer_of(aspect) not in content.responses:
            content.report(LEARNED, first[aspect], f"{aspect} has no answer ({answer_of(aspect)})")


def _check_order(content: Content) -> None:
    """One block for each intent, in the order of domain.yml: so everybody finds it, and two never grow side by side."""
    if any((content.root / FORMER).glob("*.yml")):
        content.report(FORMER, 1, f"nothing reads this folder; its sentences belong into {LEARNED}")
    document, places = content.documents[LEARNED], {name: at for at, name in enumerate(content.domain.intents)}
    last, seen = -1, set()
    for at, block in enumerate(document.tree["nlu"]):
        name, line = block["intent"], document.line("nlu", at)
        if name in seen:
            content.report(LEARNED, line, f"{name} has two blocks; put them together")
        elif places.get(intent_of(name), last) < last:
            content.report(LEARNED, line, f"{name} stands below {content.domain.intents[last]}, in domain.yml above it")
        seen.add(name)
        last = max(last, places.get(intent_of(name), last))


def _check_names(content: Content) -> None:
    known = set(content.domain.intents)
    for sentence in (*content.sentences, *content.twins):
        intent = intent_of(sentence.intent)
        if intent not in known:
            known.add(intent)  # said once is enough
            content.report(sentence.file, sentence.line, f"the intent {intent} is not in domain.yml")
        if _ANNOTATION.search(sentence.text):
            problem = f"“{sentence.text}” marks an entity; entities come from data/lexicon.yml, write plain words"
            content.report(sentence.file, sentence.line, problem)


def _check_doubles(content: Content, learned: list[str]) -> None:
    seen: dict[str, Example] = {}
    for plain, sentence in zip(learned, content.sentences, strict=True):
        other = seen.setdefault(plain, sentence)
        if plain and other.intent != sentence.intent:
            place = f"{other.file}:{other.line}"
            problem = f"“{sentence.text}” stands under {other.intent} ({place}) and {sentence.intent}"
            content.report(sentence.file, sentence.line, problem)


def _check_twins(content: Content, learned: list[str]) -> None:
    trained = dict(zip(learned, content.sentences, strict=True))
    asked = {_plain(twin.text): twin for twin in content.twins}
    long_enough = [text for text in asked if len(text) >= FEWEST_LETTERS_TO_COMPARE]
    for plain, near in too_near(long_enough, list(trained)).items():
        _report_twin(content, asked[plain], trained[near])
    for plain, twin in asked.items():
        if len(plain) < FEWEST_LETTERS_TO_COMPARE and plain in trained and " " in plain:
            _report_twin(content, twin, trained[plain])


def _report_twin(content: Content, twin: Example, same: Example) -> None:
    problem = f"“{twin.text}” is a training sentence, or nearly: “{same.text}” in {same.file}:{same.line}"
    content.report(twin.file, twin.line, problem)


def _plain(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.casefold()))
