"""The content lint: what `rasa data validate` misses, found in a second and before any training.

`python -m bot.lint` prints one line per finding and ends with 1; `check_training` is asked before each training.
A lint that finds nothing to look at is a finding too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.lint.action_rules import check_actions
from bot.lint.code_rules import check_code
from bot.lint.layout_rules import check_layout
from bot.lint.located import Finding
from bot.lint.response_rules import check_responses
from bot.lint.sentence_rules import check_sentences
from bot.lint.source import Content, read

__all__ = ["Content", "Finding", "check", "check_training", "check_words", "findings_of", "read"]

BEFORE_TRAINING = (check_sentences, check_actions, check_responses)


def check_training(root: Path) -> list[Finding]:
    """What would spoil a model; asked before each training."""
    return findings_of(read(root), BEFORE_TRAINING)


def check_words(root: Path) -> list[Finding]:
    """What other words of the bot could spoil; sentences are not compared again, which takes seconds."""
    return findings_of(read(root), (check_actions, check_responses))


def check(root: Path) -> list[Finding]:
    """Everything that is wrong in a tree, in the order of the files."""
    return findings_of(read(root))


def findings_of(
    content: Content, rules: Iterable[Callable[[Content], None]] = (*BEFORE_TRAINING, check_code, check_layout)
) -> list[Finding]:
    """What the rules find. A file that cannot be read is the only finding: all others would follow from it."""
    if not content.findings:
        for rule in rules:
            rule(content)
        for name, count in content.counts().items():
            if not count:
                content.report(".", 1, f"no {name} were found, so nothing was checked")
    return sorted(set(content.findings))
