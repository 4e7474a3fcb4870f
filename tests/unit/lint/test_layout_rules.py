"""A module's name belongs to one feature, and three files with one prefix are a package that is missing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.lint.layout_rules import check_layout
from bot.lint.source import Content


def findings(*files: str) -> list[str]:
    content = Content(Path(), code={file: ast.parse("") for file in files})
    check_layout(content)
    return [str(finding) for finding in content.findings]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["bot/costs/summary.py", "bot/timeline/summary.py"], ["bot/timeline/summary.py:1: bot/costs/summary.py has"]),
        (["bot/app.py", "bot/console/app.py"], ["bot/console/app.py:1: bot/app.py has the same name"]),
        (
            [f"actions/program_{name}.py" for name in ("details", "search", "comparison")],
            [f"actions/program_{name}.py:1: three files" for name in ("details", "search", "comparison")],
        ),
    ],
)
def test_what_stands_in_the_wrong_place_is_found(files: list[str], found: list[str]) -> None:
    said = findings(*files)
    assert len(said) == len(found)
    assert all(line.startswith(start) for line, start in zip(said, found, strict=True)), said


@pytest.mark.parametrize(
    "files",
    [
        ["bot/costs/service.py", "bot/timeline/service.py", "bot/costs/__init__.py", "bot/timeline/__init__.py"],
        ["bot/timeline/summary.py", "actions/summary.py", "bot/timeline/parts/summary.py"],
        ["bot/nlu/date_forms.py", "bot/nlu/date_words.py"],
        [f"bot/db/migrations/versions/0001_{name}.py" for name in "abc"],
    ],
)
def test_layers_and_pairs_are_no_finding(files: list[str]) -> None:
    assert findings(*files) == []
