"""Each rule of the content lint goes red on a planted fault, and the lint proves that it looked."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.content import check
from bot.settings import ROOT

ACTION = """
class ActionAnswer:
    def name(self):
        return "action_answer"

    def answer(self):
        return ("utter_faq_cost", "utter_greet")
"""


def sentences(intent: str, count: int, word: str) -> dict[str, str]:
    return {"intent": intent, "examples": "".join(f"- {word} number {at}\n" for at in range(count))}


def tree(root: Path) -> Path:
    """The smallest content with nothing wrong in it."""
    write(root, "domain.yml", {
        "intents": ["faq_cost", "greet", "out_of_scope"], "entities": ["career_stage"],
        "slots": {"career_stage": {}}, "actions": ["action_answer"],
    })  # fmt: skip
    write(root, "data/nlu/faq.yml", {
        "nlu": [
            sentences("faq_cost", 25, "price"), sentences("greet", 15, "hello"),
            sentences("out_of_scope", 150, "rain"),
        ],
    })  # fmt: skip
    write(root, "tests/nlu/faq.yml", {"nlu": [sentences("faq_cost", 2, "expense")]})
    write(root, "data/rules.yml", {"rules": [
        {"rule": name, "steps": [{"intent": name}, {"action": "action_answer"}]}
        for name in ("faq_cost", "greet", "out_of_scope")
    ]})  # fmt: skip
    write(root, "data/responses/faq.yml", {"responses": {
        "utter_faq_cost": [
            {"text": "Costs.", "metadata": {"reviewed": "2026-11-23", "sources": [{"title": "FAQ"}]},
             "buttons": [{"title": "Hi", "payload": '/greet{"career_stage": "student"}'}]},
            {"condition": [{"type": "slot", "name": "career_stage", "value": "student"}], "text": "Costs."},
        ],
        "utter_greet": [{"text": "Hello."}],
    }})  # fmt: skip
    (root / "actions").mkdir()
    (root / "bot").mkdir()
    (root / "actions" / "answer.py").write_text(ACTION, encoding="utf8")
    return root


def write(root: Path, name: str, content: object) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content), encoding="utf8")


def test_the_real_content_is_well() -> None:
    assert check(ROOT) == []


def test_a_small_tree_without_faults_is_well(tmp_path: Path) -> None:
    assert check(tree(tmp_path)) == []


def test_nothing_to_look_at_is_a_finding(tmp_path: Path) -> None:
    found = [finding.message for finding in check(tmp_path)]
    assert "no intents were found, so nothing was checked" in found
    assert "no responses were found, so nothing was checked" in found


FAULTS = {
    "broken YAML": ("data/rules.yml", "intent: faq_cost", "intent: {faq_cost", "no valid YAML"),
    "too few sentences": ("data/nlu/faq.yml", "- price number 24", "", "faq_cost has 24 sentences"),
    "unknown intent": ("data/nlu/faq.yml", "intent: greet", "intent: hello", "the intent hello is not in domain.yml"),
    "one sentence twice": (
        "data/nlu/faq.yml",
        "- hello number 3",
        "- price number 3",
        "stands under faq_cost and greet",
    ),
    "a twin that is trained": (
        "tests/nlu/faq.yml",
        "- expense number 1",
        "- Price, number 1!",
        "is a training sentence",
    ),
    "no twin": ("tests/nlu/faq.yml", "intent: faq_cost", "intent: greet", "faq_cost has no held-out sentences"),
    "no rule": ("data/rules.yml", "intent: greet", "intent: faq_cost", "greet is in no rule"),
    "a rule for nothing": ("data/rules.yml", "intent: greet", "intent: hello", "the intent hello is not in domain.yml"),
    "an undeclared action": ("domain.yml", "- action_answer", "- action_other", "action_answer is not in domain.yml"),
    "an action without class": (
        "domain.yml",
        "- action_answer",
        "- action_answer\n- action_b",
        "action_b has no class",
    ),
    "a missing response": (
        "data/responses/faq.yml",
        "utter_greet:",
        "utter_hello:",
        "utter_greet is not in data/responses",
    ),
    "an unused response": ("data/responses/faq.yml", "utter_greet:", "utter_hello:", "utter_hello is never said"),
    "an unknown slot": ("data/responses/faq.yml", "name: career_stage", "name: stage", "the slot stage"),
    "a dead button": ("data/responses/faq.yml", "/greet", "/hello", "the unknown intent hello"),
    "a button with an unknown entity": (
        "data/responses/faq.yml",
        '"career_stage"',
        '"stage"',
        "the unknown entity stage",
    ),
    "a broken payload": ("data/responses/faq.yml", '"student"}', '"student"', "is no valid JSON"),
    "a long button": ("data/responses/faq.yml", "title: Hi", "title: " + "long " * 9, "longer than 40"),
    "no sources": ("data/responses/faq.yml", "sources:", "origins:", "has no sources or no review date"),
    "no review date": ("data/responses/faq.yml", "reviewed:", "seen:", "has no sources or no review date"),
    "words in Python": (
        "actions/answer.py",
        '("utter_faq_cost"',
        '(Text("This costs very much"), "utter_faq_cost"',
        "words in Python",
    ),
    "a built key": ("actions/answer.py", '"utter_greet")', '"utter_greet", f"utter_{1}")', "a response key is built"),
    "a long function": (
        "actions/answer.py",
        '        return ("utter',
        "        pass\n" * 31 + '        return ("utter',
        "answer has 33 lines",
    ),
    "a long module": ("actions/answer.py", "class ActionAnswer", "\n" * 300 + "class ActionAnswer", "at most 300"),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(tmp_path: Path, fault: str) -> None:
    file, good, bad, message = FAULTS[fault]
    path = tree(tmp_path) / file
    before = path.read_text(encoding="utf8")
    assert good in before, before
    path.write_text(before.replace(good, bad), encoding="utf8")
    assert any(message in str(finding) for finding in check(tmp_path)), check(tmp_path)


def test_one_key_in_two_files_is_found(tmp_path: Path) -> None:
    write(tree(tmp_path), "data/responses/other.yml", {"responses": {"utter_greet": [{"text": "Hi."}]}})
    assert any("utter_greet stands in data/responses/faq.yml too" in str(finding) for finding in check(tmp_path))
