"""Everything that the lint looks at, read once."""

from __future__ import annotations

import ast
import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from bot.lint import shapes
from bot.lint.located import Document, Finding, UnreadableError, load

FRAMES = "frames.yml"
ONLY_SYNTAX = ("*.yml", "data/*.yml", "tests/dialogues/*.yml")
CODE = ("actions", "bot", "engine/rotation_engine")
Kind = TypeVar("Kind", bound=shapes.Shape)
Named = tuple[str, int]
"""A name that stands in a module, and its line."""


@dataclass(frozen=True)
class Example:
    """One example of an intent."""

    file: str
    line: int
    intent: str
    text: str


@dataclass(frozen=True)
class SaidResponse:
    """One response; the document tells the lines of its parts."""

    document: Document
    variants: list[shapes.VariantShape]

    def line(self, key: str, *path: str | int) -> int:
        return self.document.line("responses", key, *path)


@dataclass
class Content:
    """The content of a tree; `findings` grow while it is checked."""

    root: Path
    findings: list[Finding] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    domain: shapes.Domain = field(default_factory=lambda: shapes.Domain(intents=[], actions=[]))
    sentences: list[Example] = field(default_factory=list)
    twins: list[Example] = field(default_factory=list)
    rules: list[shapes.Rule] = field(default_factory=list)
    stories: list[shapes.Story] = field(default_factory=list)
    responses: dict[str, SaidResponse] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    trees: dict[str, ast.Module] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()

    def report(self, file: str, line: int, message: str) -> None:
        """Adds a finding."""
        self.findings.append(Finding(file, line, message))

    def tree(self, file: str) -> ast.Module:
        """A module of the code, parsed when a rule first looks into it; an empty one where it is no Python."""
        if file not in self.trees:
            try:
                self.trees[file] = ast.parse(self.code[file])
            except SyntaxError as error:
                self.report(file, error.lineno or 1, f"no valid Python: {error.msg}")
                self.trees[file] = ast.Module(body=[], type_ignores=[])
        return self.trees[file]

    def named(self, file: str, look: Callable[[ast.Module], Iterable[Named]]) -> tuple[Named, ...]:
        """What `look` finds in a module of the code; no Python is a finding."""
        try:
            return _named(self.code[file], look)
        except SyntaxError:
            return tuple(look(self.tree(file)))

    def in_domain(self, kind: str, name: str) -> int:
        """The line of a name in a list of domain.yml."""
        names = getattr(self.domain, kind)
        return self.documents["domain.yml"].line(kind, names.index(name))

    def counts(self) -> dict[str, int]:
        """How much there was to look at."""
        return {
            "intents": len(self.domain.intents),
            "sentences": len(self.sentences),
            "held-out sentences": len(self.twins),
            "rules": len(self.rules),
            "stories": len(self.stories),
            "responses": len(self.responses),
            "modules": len(self.code),
        }


@lru_cache(maxsize=1024)
def _named(code: str, look: Callable[[ast.Module], Iterable[Named]]) -> tuple[Named, ...]:
    """Kept, since staff change the content and never the code, and reading all of it takes half of a lint."""
    return tuple(look(ast.parse(code)))


def read(root: Path) -> Content:
    """The content of a tree; what cannot be read, or has keys that mean nothing, is a finding."""
    content = Content(root)
    for pattern in ONLY_SYNTAX:
        for path in sorted(root.glob(pattern)):
            _load(content, path)
    content.domain = _shaped(content, root / "domain.yml", shapes.Domain) or content.domain
    rules = _shaped(content, root / "data" / "rules.yml", shapes.RulesShape)
    content.rules = rules.rules if rules else []
    stories = _shaped(content, root / "data" / "stories.yml", shapes.StoriesShape)
    content.stories = stories.stories if stories else []
    content.sentences = list(_sentences(content, root / "data" / "nlu.yml"))
    content.twins = [item for path in _held_out(root) for item in _sentences(content, path)]
    for path in _files(root, "data/responses"):
        _read_responses(content, path)
    content.facts = _facts(root / "data" / "facts.csv")
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            content.code[str(path.relative_to(root))] = path.read_text(encoding="utf8")
    return content


def _facts(path: Path) -> frozenset[str]:
    """The keys of the facts; none where the tree has no table of them."""
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf8", newline="") as file:
        return frozenset(row["key"] for row in csv.DictReader(file))


def _files(root: Path, folder: str) -> list[Path]:
    return sorted((root / folder).glob("*.yml"))


def _held_out(root: Path) -> list[Path]:
    """The files of held-out sentences; frames.yml beside them tells what the reader makes of other ones."""
    return [path for path in _files(root, "tests/nlu") if path.name != FRAMES]


def _load(content: Content, path: Path) -> Document | None:
    name = str(path.relative_to(content.root))
    if name not in content.documents:
        try:
            content.documents[name] = load(path, name)
        except UnreadableError as error:
            content.findings.append(error.finding)
    return content.documents.get(name)


def _shaped(content: Content, path: Path, kind: type[Kind]) -> Kind | None:
    document = _load(content, path)
    if document is None:
        return None
    found, findings = shapes.shaped(document, kind)
    content.findings += findings
    return found


def _sentences(content: Content, path: Path) -> Iterator[Example]:
    found = _shaped(content, path, shapes.SentencesShape)
    name = str(path.relative_to(content.root))
    for at, item in enumerate(found.nlu if found else ()):
        first = content.documents[name].line("nlu", at, "examples") + 1
        for line, text in enumerate(item.examples.splitlines(), first):
            if text.startswith("- ") and text[2:].strip():
                yield Example(name, line, item.intent, text[2:].strip())
            elif text.strip():
                content.report(name, line, f"“{text.strip()}” is no sentence of {item.intent}: it starts without “- ”")


def _read_responses(content: Content, path: Path) -> None:
    found = _shaped(content, path, shapes.ResponsesShape)
    document = content.documents.get(str(path.relative_to(content.root)))
    for key, variants in (found.responses if found else {}).items():
        said = SaidResponse(document or Document("", None), variants)
        if key in content.responses:
            other = content.responses[key]
            there = f"{other.document.file}:{other.line(key)}"
            content.report(said.document.file, said.line(key), f"{key} stands in {there} too")
        content.responses[key] = said
