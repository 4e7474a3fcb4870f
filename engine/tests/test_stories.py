"""What the policies learn from the stories: each is followed to its end, and not without having been learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.training import load_data
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rotation_engine.tracker import KEPT_TURNS

ROOT = Path(__file__).parents[2]
KINDS = {"RulePolicy": RulePolicy, "AugmentedMemoizationPolicy": AugmentedMemoizationPolicy}
CONFIG = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf8"))["policies"]
STORIES = yaml.safe_load((ROOT / "data" / "stories.yml").read_text(encoding="utf8"))["stories"]
DOMAIN = Domain.load(str(ROOT / "domain.yml"))
TITLES = [story["story"] for story in STORIES]
LISTEN, LEARNED = "action_listen", "AugmentedMemoizationPolicy"
Policies = list[MemoizationPolicy]
Step = tuple[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("policies")


@pytest.fixture(scope="module")
def trained(folder: Path) -> Policies:
    """The policies of config.yml, trained on the rules and on every story."""
    return train(folder / "all", STORIES)


def train(folder: Path, stories: list[dict[str, Any]]) -> Policies:
    folder.mkdir()
    written = folder / "stories.yml"
    written.write_text(yaml.safe_dump({"version": "3.1", "stories": stories}), encoding="utf8")
    trackers = []
    for path in (ROOT / "data" / "rules.yml", written):
        trackers += load_data(str(path), DOMAIN, augmentation_factor=0)
    storage = LocalModelStorage.create(folder)
    context = ExecutionContext(GraphSchema({}))
    policies: Policies = []
    for entry in CONFIG:
        kind = KINDS[entry["name"]]
        config = {**kind.get_default_config(), **{name: value for name, value in entry.items() if name != "name"}}
        policy = kind(config, storage, Resource(entry["name"]), context)
        policy.train(trackers, DOMAIN)
        policies.append(policy)
    return policies


def chosen(policies: Policies, tracker: DialogueStateTracker) -> Step:
    """The next action, and the policy that it comes from."""
    predictions = [policy.predict_action_probabilities(tracker, DOMAIN) for policy in policies]
    best = DefaultPolicyPredictionEnsemble().combine_predictions(predictions, tracker, DOMAIN)
    return DOMAIN.action_names_or_texts[best.max_confidence_index], best.policy_name


def follow(policies: Policies, story: dict[str, Any], *, before: str = "") -> list[tuple[Step, str]]:
    """What is chosen, and what the story says, at each of its actions; the talk goes as the story says.

    `before` is an intent that was answered by its rule before the story begins.
    """
    tracker = DialogueStateTracker("talk", DOMAIN.slots)
    tracker.update_with_events([ActionExecuted("action_session_start"), ActionExecuted(LISTEN)], DOMAIN)
    found: list[tuple[Step, str]] = []

    def expect(action: str) -> None:
        found.append((chosen(policies, tracker), action))
        tracker.update(ActionExecuted(action), DOMAIN)

    is_busy = False
    for step in story["steps"]:
        for given in step.get("slot_was_set", ()):
            tracker.update_with_events([SlotSet(name, value) for name, value in given.items()], DOMAIN)
        if "intent" in step:
            if is_busy:
                expect(LISTEN)
            elif before:
                hear(tracker, before)
                tracker.update(ActionExecuted(chosen(policies, tracker)[0]), DOMAIN)
                tracker.update(ActionExecuted(LISTEN), DOMAIN)
            hear(tracker, step["intent"])
            is_busy = True
        if "action" in step:
            expect(step["action"])
    expect(LISTEN)
    return found


def hear(tracker: DialogueStateTracker, intent: str) -> None:
    """A message with facts in it: which ones must not matter to what comes next."""
    entities = [{"entity": "career_stage", "value": "student"}, {"entity": "state", "value": "TX"}]
    tracker.update(UserUttered("...", {"name": intent, "confidence": 0.9}, entities), DOMAIN)


@pytest.mark.parametrize("story", STORIES, ids=TITLES)
def test_every_step_of_a_story_comes_from_the_policy_that_learned_it(trained: Policies, story: dict[str, Any]) -> None:
    found = follow(trained, story)
    assert [step for step, _ in found] == [(action, LEARNED) for _, action in found]


@pytest.mark.parametrize("story", STORIES, ids=TITLES)
def test_a_story_is_recognized_wherever_it_begins(trained: Policies, story: dict[str, Any]) -> None:
    found = follow(trained, story, before="ask_bot")
    assert [step for step, _ in found] == [(action, LEARNED) for _, action in found]


@pytest.mark.parametrize("at", range(len(STORIES)), ids=TITLES)
def test_without_its_story_a_talk_is_left_to_the_rules(folder: Path, at: int) -> None:
    found = follow(train(folder / f"without-{at}", STORIES[:at] + STORIES[at + 1 :]), STORIES[at])
    assert any(policy == "RulePolicy" for (_, policy), _ in found)
    assert [action for (action, _), _ in found].count("action_default_fallback") == 0
    for (action, policy), wanted in found:
        assert action == wanted or (policy == "RulePolicy" and action == "action_continue"), (action, wanted)


def test_most_stories_go_further_than_the_rules(folder: Path) -> None:
    rules = train(folder / "rules", STORIES[:1])
    further = [
        story["story"]
        for story in STORIES[1:]
        if any(action == "action_continue" != wanted for (action, _), wanted in follow(rules, story))
    ]
    assert len(further) >= 6, further


@pytest.mark.parametrize("slots", [{}, {"task": "cost", "asked": "weeks"}, {"task": "timeline", "asked": None}])
def test_a_talk_that_is_elsewhere_than_the_story_is_left_to_the_rules(trained: Policies, slots: dict[str, Any]) -> None:
    """The same words, but no task, another task, or no open question: the story does not speak of this talk."""
    tracker = DialogueStateTracker("talk", DOMAIN.slots)
    tracker.update_with_events([ActionExecuted("action_session_start"), ActionExecuted(LISTEN)], DOMAIN)
    for intent, action in (("plan_timeline", "action_plan_timeline"), ("faq_lor_count", "action_answer_faq")):
        hear(tracker, intent)
        tracker.update(ActionExecuted(action), DOMAIN)
        tracker.update_with_events([SlotSet(name, value) for name, value in slots.items()], DOMAIN)
        assert chosen(trained, tracker)[0] == LISTEN
        tracker.update(ActionExecuted(LISTEN), DOMAIN)
    hear(tracker, "inform")
    assert chosen(trained, tracker) == ("action_continue", "RulePolicy")


@pytest.mark.parametrize("story", STORIES, ids=TITLES)
def test_the_bot_listens_after_its_reply_whatever_the_action_left_behind(
    trained: Policies, story: dict[str, Any]
) -> None:
    """An action may set slots otherwise than the story says; the person must not get a second reply."""
    turns = [index for index, step in enumerate(story["steps"]) if "action" in step]
    for at in turns:
        tracker = DialogueStateTracker("talk", DOMAIN.slots)
        tracker.update_with_events([ActionExecuted("action_session_start"), ActionExecuted(LISTEN)], DOMAIN)
        hear(tracker, story["steps"][at - 1].get("intent") or story["steps"][at - 2]["intent"])
        tracker.update(ActionExecuted(story["steps"][at]["action"]), DOMAIN)
        tracker.update_with_events([SlotSet("task", "compare"), SlotSet("asked", "anything")], DOMAIN)
        assert chosen(trained, tracker)[0] == LISTEN


def test_the_turns_that_stories_look_at_are_loaded() -> None:
    """Two states a turn, and the first turn that is loaded has lost what was before it."""
    (history,) = (entry["max_history"] for entry in CONFIG if entry["name"] == LEARNED)
    assert history // 2 < KEPT_TURNS
