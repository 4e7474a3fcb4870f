"""Words that are used exist, words that exist are used, and their buttons and conditions mean something."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.lint.shapes import ButtonShape
from bot.lint.source import Content, Named, SaidResponse
from bot.nlu.message import ASPECT
from bot.reply.offers import TAKEN_UP_BY, offers
from bot.reply.responses import OF_PERSON, answer_of, asked_by

LONGEST_TITLE = 40
LONGEST_PAYLOAD = 255
TITLES = "utter_titles"
LEXICON = "data/lexicon.yml"
SUBJECTS = "data/subjects.yml"
ANY_VALUE = "any"
OWN_CODE = "bot/lint/"
# Where a topic's answer is found by the topic's name, so that staff can make one without touching code.
BY_TOPIC = ("bot/reply/responses.py", "bot/content/edit/", "engine/rotation_engine/classifier.py")
_KEY = re.compile(r"utter_(?!message$|action$)\w*[a-z0-9]")  # these two are names of Rasa's
_START = re.compile(r"utter_(?!message$|action$)")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
TOPIC_KEY = "utter_faq_"
_NAMED = re.compile(r"\{([a-z0-9_]+)\}")
_FIGURE = re.compile(r"\d(?:[\d,.\u2013-]*\d)?")
_NO_FIGURE = re.compile(
    r"\{[a-z0-9_]+\}|\(https?://[^)]*\)|Step [123]( CK)?|\b[BFJOHM]-?[123]B?(/B-2)?\b|I-20|DS-?2019|DS-?160|I-94"
    r"|SAIOO250|\b(?:911|988)\b|24/7"
)
"""Names with digits in them, which are no figures."""


def check_responses(content: Content) -> None:
    """Keys in Python, then each response."""
    used = _used(content)
    for key, said in content.responses.items():
        if key not in used:
            content.report(said.document.file, said.line(key), f"{key} is never said")
        _check_alike(content, key, said)
        _check_offers(content, key, said)
        for at, variant in enumerate(said.variants):
            for number, condition in enumerate(variant.condition):
                line = said.line(key, at, "condition", number)
                if condition.name not in content.domain.slots:
                    problem = f"{key} asks for the slot {condition.name}, which domain.yml does not have"
                    content.report(said.document.file, line, problem)
                _check_value(content, said, line, condition.name, condition.value)
            for number, button in enumerate(variant.buttons):
                _check_button(content, said, said.line(key, at, "buttons", number), button)
        if ASPECT in key or key.startswith(TOPIC_KEY):
            _check_facts(content, key, said)
    for intent in content.domain.intents:
        if intent.startswith("faq_"):
            _check_topic(content, intent)
    _check_subjects(content)


def _check_subjects(content: Content) -> None:
    """What answers a question for one subject is an answer that exists, and each subject is one."""
    document = content.documents.get(SUBJECTS)
    if document is None:
        return
    for name, row in document.tree["questions"].items():
        for subject, named in row.items():
            line = document.line("questions", name, subject)
            if subject != "general" and subject not in document.tree["subjects"]:
                content.report(SUBJECTS, line, f"{subject} is no subject")
            for aspect in named if isinstance(named, list) else [named]:
                _check_answer(content, line, aspect)
    for slot, of in document.tree["told"].items():
        for topic, aspect in of.items():
            _check_answer(content, document.line("told", slot, topic), aspect)


def _check_answer(content: Content, line: int, aspect: str) -> None:
    if answer_of(aspect) not in content.responses:
        content.report(SUBJECTS, line, f"{aspect} has no answer in data/responses")


def _used(content: Content) -> set[str]:
    used = {answer_of(intent) for intent in content.domain.intents if intent.startswith("faq_")}  # by the topic's name
    used |= {answer_of(sentence.intent) for sentence in content.sentences if ASPECT in sentence.intent}
    naming = [file for file, text in content.code.items() if "utter_" in text and not file.startswith(OWN_CODE)]
    for file in naming:
        for key, line in content.named(file, _keys):
            if key == "utter_" and file.startswith(BY_TOPIC):
                continue
            if not _KEY.fullmatch(key):
                content.report(file, line, "a response key is built; write it out in full")
            elif key not in content.responses:
                content.report(file, line, f"{key} is not in data/responses")
            used.add(key)
    return used


def _keys(tree: ast.Module) -> Iterator[Named]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _START.match(node.value):
            yield node.value, node.lineno


def _check_alike(content: Content, key: str, said: SaidResponse) -> None:
    """Of two variants for the same people only the upper one is ever said."""
    seen = set()
    for at, variant in enumerate(said.variants):
        people = frozenset((condition.name, condition.value) for condition in variant.condition)
        if people in seen:
            content.report(said.document.file, said.line(key, at), f"{key} has a variant for the same people above")
        seen.add(people)


def _check_offers(content: Content, key: str, said: SaidResponse) -> None:
    """What the bot offers can be taken up: a button below does it, the variant's own or the general one's."""
    general = next((item.buttons for item in said.variants if not item.condition), [])
    for at, variant in enumerate(said.variants):
        buttons = variant.buttons or general
        if offers(variant.text) and not any(button.payload[1:].startswith(TAKEN_UP_BY) for button in buttons):
            problem = f"{key} offers to do something, and has no button that a yes could press"
            content.report(said.document.file, said.line(key, at), problem)


def _check_button(content: Content, said: SaidResponse, line: int, button: ButtonShape) -> None:
    def report(problem: str) -> None:
        content.report(said.document.file, line, f"the button “{button.title}” {problem}")

    if len(button.title) > LONGEST_TITLE:
        report(f"is longer than {LONGEST_TITLE} characters")
    if len(button.payload) > LONGEST_PAYLOAD:
        report(f"has a payload of more than {LONGEST_PAYLOAD} characters")
    if button.payload.startswith("https://"):
        return
    intent, brace, rest = button.payload.partition("{")
    if not intent.startswith("/") or intent[1:] not in content.domain.intents:
        report(f"leads to the unknown intent {intent}")
    try:
        values = json.loads(_PLACEHOLDER.sub(ANY_VALUE, brace + rest)) if brace else {}
    except ValueError:
        report("has a payload that is no valid JSON")
        return
    for name, value in values.items():
        if name not in content.domain.entities:
            report(f"carries the unknown entity {name}")
        _check_value(content, said, line, name, value)


def _check_value(content: Content, said: SaidResponse, line: int, name: str, value: Any) -> None:
    """A value of a kind that the lexicon lists is one of its canonical values; a misspelled one never fits."""
    lexicon = content.documents.get(LEXICON)
    known = lexicon.tree.get(name) if lexicon and isinstance(lexicon.tree, dict) else None
    if known and value not in known and value != ANY_VALUE:
        content.report(said.document.file, line, f"{value} is no {name} of {LEXICON}")


def _check_facts(content: Content, key: str, said: SaidResponse) -> None:
    """Every figure of an answer is a fact named by its key, so that one correction mends all answers.

    A topic that staff made has a file of its own; its overview may say a figure, with its source below.
    """
    if ASPECT in key and key.startswith(TOPIC_KEY) and not said.variants[0].metadata.title:
        content.report(said.document.file, said.line(key), f"{key} has no title for its button")
    is_made = Path(said.document.file).stem == asked_by(key)
    for at, variant in enumerate(said.variants):
        line = said.line(key, at)
        for name in _NAMED.findall(variant.text):
            if name not in content.facts and name not in OF_PERSON:
                content.report(said.document.file, line, f"{key} names the fact {name}, which data/facts.csv has not")
        for figure in _FIGURE.findall(_NO_FIGURE.sub(" ", variant.text)) if not is_made else ():
            problem = f"{key} says {figure}; name the fact that holds it by its key in braces"
            content.report(said.document.file, line, problem)


def _check_topic(content: Content, intent: str) -> None:
    key = "_".join(("utter", intent))
    said = content.responses.get(key)
    general = next((item for item in said.variants if not item.condition), None) if said else None
    if said is None or general is None:
        problem = f"{intent} has no answer without a condition ({key})"
        content.report("domain.yml", content.in_domain("intents", intent), problem)
    elif not general.metadata.sources or not general.metadata.reviewed:
        content.report(said.document.file, said.line(key), f"the answer of {intent} has no sources or no review date")
    titles = content.responses.get(TITLES)
    named = {button.payload for variant in titles.variants for button in variant.buttons} if titles else set()
    if f"/{intent}" not in named:
        problem = f"{intent} has no title in {TITLES}, so “did you mean” cannot offer it"
        content.report("domain.yml", content.in_domain("intents", intent), problem)
