"""The content lint: what `rasa data validate` misses, found in a second and before any training.

`python -m bot.content` prints one line per finding and ends with 1; `check_training` is asked before each training.
A lint that finds nothing to look at is a finding too.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

FEWEST = {"faq": 25, "out_of_scope": 150, "other": 15}
NEEDS_NO_SENTENCES = frozenset({"nlu_fallback"})
LONGEST_TITLE = 40
LONGEST_MODULE = 300
LONGEST_FUNCTION = 30
SPEAKS = frozenset({"Text", "Notice", "utter_message"})
FEWEST_WORDS_OF_A_TEXT = 4
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass
class Content:
    """Everything that the lint looks at, read once."""

    root: Path
    findings: list[Finding] = field(default_factory=list)
    domain: dict[str, Any] = field(default_factory=dict)
    sentences: list[tuple[str, str, str]] = field(default_factory=list)  # file, intent, sentence
    twins: list[tuple[str, str, str]] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)  # kind of step, name
    responses: dict[str, tuple[str, list[dict[str, Any]]]] = field(default_factory=dict)
    code: dict[str, ast.Module] = field(default_factory=dict)

    def report(self, file: str, message: str, line: int = 1) -> None:
        """Adds a finding."""
        self.findings.append(Finding(file, line, message))

    @property
    def intents(self) -> list[str]:
        return [name if isinstance(name, str) else next(iter(name)) for name in self.domain.get("intents") or ()]


def read(root: Path) -> Content:
    """The content of a tree; what cannot be read is a finding."""
    content = Content(root)
    content.domain = _yaml(content, root / "domain.yml")
    content.sentences = [item for path in _files(root, "data/nlu") for item in _sentences(content, path)]
    content.twins = [item for path in _files(root, "tests/nlu") for item in _sentences(content, path)]
    for rule in _yaml(content, root / "data" / "rules.yml").get("rules") or ():
        content.rules += [next(iter(step.items())) for step in rule["steps"]]
    for path in _files(root, "data/responses"):
        for key, variants in (_yaml(content, path).get("responses") or {}).items():
            if key in content.responses:
                content.report(_name(root, path), f"{key} stands in {content.responses[key][0]} too")
            content.responses[key] = (_name(root, path), variants or [])
    for folder in ("actions", "bot"):
        for path in sorted((root / folder).rglob("*.py")):
            content.code[_name(root, path)] = ast.parse(path.read_text(encoding="utf8"))
    return content


def _files(root: Path, folder: str) -> list[Path]:
    return sorted((root / folder).glob("*.yml"))


def _name(root: Path, path: Path) -> str:
    return str(path.relative_to(root))


def _yaml(content: Content, path: Path) -> dict[str, Any]:
    try:
        loaded = yaml.load(path.read_text(encoding="utf8"), yaml.CSafeLoader)
    except FileNotFoundError:
        content.report(_name(content.root, path), "the file is missing")
        return {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        content.report(_name(content.root, path), f"no valid YAML: {error.problem}", line)
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _sentences(content: Content, path: Path) -> Iterator[tuple[str, str, str]]:
    for item in _yaml(content, path).get("nlu") or ():
        for line in (item.get("examples") or "").splitlines():
            if line.strip().startswith("- "):
                yield _name(content.root, path), item["intent"], line.strip()[2:].strip()


def check_sentences(content: Content) -> None:
    """Every intent has enough sentences, and no sentence means two things or stands in the held-out twin."""
    counts = Counter(intent for _, intent, _ in content.sentences)
    for intent in content.intents:
        kind = "faq" if intent.startswith("faq_") else intent if intent in FEWEST else "other"
        if intent not in NEEDS_NO_SENTENCES and counts[intent] < FEWEST[kind]:
            content.report("data/nlu", f"{intent} has {counts[intent]} sentences, at least {FEWEST[kind]} are needed")
    known = set(content.intents)
    seen: dict[str, str] = {}
    for file, intent, sentence in content.sentences:
        if intent not in known:
            content.report(file, f"the intent {intent} is not in domain.yml")
        other = seen.setdefault(_plain(sentence), intent)
        if other != intent and _plain(sentence):
            content.report(file, f"“{sentence}” stands under {other} and {intent}")
    for file, intent, sentence in content.twins:
        if _plain(sentence) in seen and len(sentence.split()) > 1:
            content.report(file, f"“{sentence}” ({intent}) is a training sentence")
    twinned = {intent for _, intent, _ in content.twins}
    for intent in content.intents:
        if intent.startswith("faq_") and intent not in twinned:
            content.report("tests/nlu", f"{intent} has no held-out sentences")


def _plain(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def check_rules(content: Content) -> None:
    """Every intent has a rule, and rules name only what exists."""
    intents = {name for kind, name in content.rules if kind == "intent"}
    actions = {name for kind, name in content.rules if kind == "action"}
    for intent in sorted(set(content.intents) - intents):
        content.report("data/rules.yml", f"{intent} is in no rule")
    for intent in sorted(intents - set(content.intents)):
        content.report("data/rules.yml", f"the intent {intent} is not in domain.yml")
    declared = set(content.domain.get("actions") or ())
    for action in sorted(actions - declared):
        content.report("data/rules.yml", f"{action} is not in domain.yml")
    classes = {name for tree in content.code.values() for name in _action_names(tree)}
    for action in sorted(declared - classes):
        content.report("domain.yml", f"{action} has no class in actions/")
    for action in sorted(classes - declared):
        content.report("domain.yml", f"{action} has a class but is not declared")


def _action_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "name":
            for item in ast.walk(node):
                if isinstance(item, ast.Return) and isinstance(item.value, ast.Constant):
                    value = item.value.value
                    if isinstance(value, str) and value.startswith("action_"):
                        yield value


def check_responses(content: Content) -> None:
    """Words that are used exist, words that exist are used, and their buttons lead somewhere."""
    used = {"utter_" + intent for intent in content.intents if intent.startswith("faq_")}  # found by the topic's name
    for file, tree in content.code.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and _starts_a_key(node.values[:1]):
                content.report(file, "a response key is built; write it out in full", node.lineno)
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"utter_(?!message$)\w+", node.value)
            ):
                used.add(node.value)
                if node.value not in content.responses:
                    content.report(file, f"{node.value} is not in data/responses", node.lineno)
    for key, (file, variants) in content.responses.items():
        if key not in used:
            content.report(file, f"{key} is never said")
        for variant in variants:
            _check_variant(content, file, key, variant)
    for intent in content.intents:
        if intent.startswith("faq_"):
            _check_topic(content, intent)


def _starts_a_key(values: list[ast.expr]) -> bool:
    return any(isinstance(item, ast.Constant) and str(item.value).startswith("utter_") for item in values)


def _check_variant(content: Content, file: str, key: str, variant: dict[str, Any]) -> None:
    slots = content.domain.get("slots") or {}
    for condition in variant.get("condition") or ():
        if condition["name"] not in slots:
            content.report(file, f"{key} asks for the slot {condition['name']}, which domain.yml does not have")
    entities = set(content.domain.get("entities") or ())
    for button in variant.get("buttons") or ():
        if len(button["title"]) > LONGEST_TITLE:
            content.report(file, f"{key}: the button “{button['title']}” is longer than {LONGEST_TITLE} characters")
        if button["payload"].startswith("https://"):
            continue
        intent, _, values = button["payload"].lstrip("/").partition("{")
        if not _PLACEHOLDER.search(intent) and intent not in content.intents:
            content.report(file, f"{key}: the button “{button['title']}” leads to the unknown intent {intent}")
        try:
            named = set(json.loads("{" + _PLACEHOLDER.sub("x", values))) if values else set()
        except ValueError:
            content.report(file, f"{key}: the payload of “{button['title']}” is no valid JSON")
            continue
        for name in sorted(named - entities):
            content.report(file, f"{key}: the button “{button['title']}” carries the unknown entity {name}")


def _check_topic(content: Content, intent: str) -> None:
    file, variants = content.responses.get("utter_" + intent, ("data/responses", []))
    general = next((item for item in variants if not item.get("condition")), None)
    metadata = (general or {}).get("metadata") or {}
    if general is None:
        content.report(file, f"{intent} has no answer without a condition")
    elif not metadata.get("sources") or not metadata.get("reviewed"):
        content.report(file, f"the answer of {intent} has no sources or no review date")


def check_code(content: Content) -> None:
    """No words in Python, no oversized modules and functions."""
    for file, tree in content.code.items():
        lines = len((content.root / file).read_text(encoding="utf8").splitlines())
        if lines > LONGEST_MODULE:
            content.report(file, f"{lines} lines; a module has at most {LONGEST_MODULE}")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION and "/migrations/" not in file:
                    content.report(file, f"{node.name} has {length} lines, at most {LONGEST_FUNCTION}", node.lineno)
            elif isinstance(node, ast.Call) and _called(node) in SPEAKS:
                _check_words(content, file, node)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _check_words(content: Content, file: str, call: ast.Call) -> None:
    for value in [*call.args, *(item.value for item in call.keywords if item.arg == "text")]:
        if isinstance(value, ast.Constant) and len(str(value.value).split()) >= FEWEST_WORDS_OF_A_TEXT:
            content.report(file, "words in Python; they belong in data/responses", value.lineno)


def check_that_it_looked(content: Content) -> None:
    """Nothing found is the worst finding."""
    looked = {"intents": content.intents, "sentences": content.sentences, "held-out sentences": content.twins,
              "rules": content.rules, "responses": content.responses, "modules": content.code}  # fmt: skip
    for name, found in looked.items():
        if not found:
            content.report(".", f"no {name} were found, so nothing was checked")


def check_training(root: Path) -> list[Finding]:
    """What would spoil a model; asked before each training."""
    return _check(root, (check_sentences, check_rules, check_responses, check_that_it_looked))


def check(root: Path) -> list[Finding]:
    """Everything that is wrong in a tree, in the order of the files."""
    return _check(root, (check_sentences, check_rules, check_responses, check_code, check_that_it_looked))


def _check(root: Path, rules: Iterable[Callable[[Content], None]]) -> list[Finding]:
    content = read(root)
    for rule in rules:
        rule(content)
    return sorted(set(content.findings), key=lambda item: (item.file, item.line, item.message))


def main() -> int:
    """Prints the findings, or what was looked at."""
    findings = check(ROOT)
    for finding in findings:
        print(finding)
    if not findings:
        content = read(ROOT)
        print(f"content: {len(content.intents)} intents, {len(content.sentences)} sentences, "
              f"{len(content.twins)} held out, {len(content.responses)} responses: all well")  # fmt: skip
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
