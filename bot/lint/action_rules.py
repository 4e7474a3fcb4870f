"""Every intent has one rule, rules and stories name only what exists, and every action has a class."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from bot.lint.shapes import StepShape, StoryStep
from bot.lint.source import Content

RULES, STORIES = "data/rules.yml", "data/stories.yml"


def check_actions(content: Content) -> None:
    """Rules and stories, and the actions that they lead to."""
    _check_domain(content)
    _check_rules(content)
    _check_stories(content)
    _check_classes(content)


def _check_domain(content: Content) -> None:
    for kind in ("intents", "entities", "actions"):
        for name, times in Counter(getattr(content.domain, kind)).items():
            if times > 1:
                content.report("domain.yml", content.in_domain(kind, name), f"{name} stands {times} times under {kind}")


def _check_rules(content: Content) -> None:
    ruled: dict[str, int] = {}
    for at, rule in enumerate(content.rules):
        for number, step in enumerate(rule.steps):
            line = content.documents[RULES].line("rules", at, "steps", number)
            _check_names(content, RULES, line, step)
            if bool(step.intent) == bool(step.action):
                content.report(RULES, line, f"a step of “{rule.rule}” needs an intent or an action")
            if step.intent and ruled.setdefault(step.intent, at) != at:
                other = content.rules[ruled[step.intent]].rule
                content.report(RULES, line, f"{step.intent} is in “{other}” too; Rasa would follow neither")
        if not rule.steps[-1].action:
            content.report(RULES, line, f"“{rule.rule}” ends without an action")
    for intent in content.domain.intents:
        if intent not in ruled:
            content.report("domain.yml", content.in_domain("intents", intent), f"{intent} is in no rule")


def _check_names(content: Content, file: str, line: int, step: StepShape) -> None:
    if step.intent and step.intent not in content.domain.intents:
        content.report(file, line, f"the intent {step.intent} is not in domain.yml")
    if step.action and step.action not in content.domain.actions:
        content.report(file, line, f"{step.action} is not in domain.yml")


def _check_stories(content: Content) -> None:
    listening = {rule.steps[0].action for rule in content.rules}
    ruled = {(rule.steps[0].intent, rule.steps[-1].action) for rule in content.rules}
    titles: set[str] = set()
    for at, story in enumerate(content.stories):
        document = content.documents[STORIES]
        if story.story in titles:
            content.report(STORIES, document.line("stories", at), f"there are two stories “{story.story}”")
        titles.add(story.story)
        if not any(step.intent for step in story.steps):
            content.report(STORIES, document.line("stories", at), f"nobody says anything in “{story.story}”")
        said = ""
        for number, step in enumerate(story.steps):
            line = document.line("stories", at, "steps", number)
            _check_names(content, STORIES, line, step)
            _check_slots(content, line, step)
            if [bool(step.intent), bool(step.action), bool(step.slot_was_set)].count(True) != 1:
                content.report(STORIES, line, f"a step of “{story.story}” needs an intent, an action or slots")
            if step.action and (said, step.action) not in ruled and step.action not in listening:
                problem = f"no rule begins with {step.action}, so the bot may not listen after it"
                content.report(STORIES, line, problem)
            said = step.intent or said


def _check_slots(content: Content, line: int, step: StoryStep) -> None:
    for name, value in ((name, value) for given in step.slot_was_set for name, value in given.items()):
        slot = content.domain.slots.get(name, {"influence_conversation": False})
        if slot.get("influence_conversation") is False:
            content.report(STORIES, line, f"stories do not look at the slot {name}")
        elif value is not None and value not in slot.get("values", [value]):
            content.report(STORIES, line, f"{value} is no value of the slot {name}")


def _check_classes(content: Content) -> None:
    classes = {
        name: (file, line)
        for file in content.code
        if file.startswith("actions/")
        for name, line in content.named(file, _action_names)
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
