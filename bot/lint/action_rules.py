"""Every intent has a rule, rules name only what exists, and every action has a class."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from bot.lint.source import Content

RULES = "data/rules.yml"


def check_actions(content: Content) -> None:
    """Rules, and the actions that they lead to."""
    _check_domain(content)
    _check_rules(content)
    _check_classes(content)


def _check_domain(content: Content) -> None:
    for kind in ("intents", "entities", "actions"):
        for name, times in Counter(getattr(content.domain, kind)).items():
            if times > 1:
                content.report("domain.yml", content.in_domain(kind, name), f"{name} stands {times} times under {kind}")


def _check_rules(content: Content) -> None:
    ruled: set[str] = set()
    for at, rule in enumerate(content.rules):
        for number, step in enumerate(rule.steps):
            line = content.documents[RULES].line("rules", at, "steps", number)
            ruled.add(step.intent)
            if step.intent and step.intent not in content.domain.intents:
                content.report(RULES, line, f"the intent {step.intent} is not in domain.yml")
            if step.action and step.action not in content.domain.actions:
                content.report(RULES, line, f"{step.action} is not in domain.yml")
            if bool(step.intent) == bool(step.action):
                content.report(RULES, line, f"a step of “{rule.rule}” needs an intent or an action")
    for intent in content.domain.intents:
        if intent not in ruled:
            content.report("domain.yml", content.in_domain("intents", intent), f"{intent} is in no rule")


def _check_classes(content: Content) -> None:
    classes = {
        name: (file, line)
        for file, tree in content.code.items()
        if file.startswith("actions/")
        for name, line in _action_names(tree)
    }
    for action in content.domain.actions:
        if action not in classes:
            problem = f"{action} has no class in actions/"
            content.report("domain.yml", content.in_domain("actions", action), problem)
    for action, (file, line) in classes.items():
        if action not in content.domain.actions:
            content.report(file, line, f"{action} is not declared in domain.yml")


def _action_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "name":
            for item in ast.walk(node):
                if isinstance(item, ast.Return) and isinstance(item.value, ast.Constant):
                    value = item.value.value
                    if isinstance(value, str) and value.startswith("action_"):
                        yield value, item.lineno
