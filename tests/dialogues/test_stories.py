"""Every story is a talk that really goes so: played with the real engine, each step chosen by what learned the story.

That a talk goes otherwise when its story is taken away is shown with the policies alone, engine/tests/test_stories.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.content.evaluation.golden import read_dialogues
from bot.data_files import read_yaml
from bot.ops.supervisor import Supervisor
from bot.settings import ROOT, Settings

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
Running = tuple[Settings, Supervisor]
LEARNS_STORIES = "AugmentedMemoizationPolicy"
STORIES = {story["story"]: story["steps"] for story in read_yaml(ROOT / "data" / "stories.yml")["stories"]}
TALKS = read_dialogues(ROOT)


def test_every_story_has_its_words_and_there_are_no_others() -> None:
    words = read_yaml(ROOT / "tests" / "dialogues" / "stories.yml")
    assert list(words) == list(STORIES)
    assert 8 <= len(STORIES) <= 10


@pytest.mark.parametrize("title", STORIES)
def test_a_talk_takes_the_steps_of_its_story_because_the_story_was_learned(running: Running, title: str) -> None:
    events = played(running[0], [turn["user"] for turn in TALKS[title]])
    assert list(steps(events)) == [
        (kind, step[kind]) for step in STORIES[title] for kind in step if kind != "slot_was_set"
    ]
    chosen = [event for event in events if event["event"] == "action" and event["policy"]]
    assert {event["policy"] for event in chosen} == {LEARNS_STORIES}, chosen


@pytest.mark.parametrize("title", STORIES)
def test_what_a_story_says_of_the_slots_is_so(running: Running, title: str) -> None:
    """A story whose slots are not what the actions set would never be recognized again."""
    events, wanted = played(running[0], [turn["user"] for turn in TALKS[title]]), iter(slots_of(STORIES[title]))
    held: dict[str, Any] = {"task": None, "asked": None}
    for event in events:
        if event["event"] == "slot" and event["name"] in held:
            held[event["name"]] = event["value"]
        elif event["event"] == "action" and event["name"] == "action_listen" and event["policy"]:
            assert held == next(wanted)


def played(settings: Settings, said: list[str]) -> list[dict[str, Any]]:
    """The events of a talk with somebody new, as the engine keeps them."""
    sender = f"story:{uuid.uuid4()}"
    known = {"Authorization": f"Bearer {settings.engine_key()}"}  # without it nobody reads a talk
    with httpx.Client(base_url=settings.engine_url, headers=known, timeout=60) as engine:
        for words in said:
            sent = engine.post("/webhooks/rest/webhook", json={"sender": sender, "message": words}).raise_for_status()
            assert len(sent.json()) == 1
        tracker = engine.get(f"/conversations/{sender}/tracker", params={"include_events": "ALL"}).raise_for_status()
        events: list[dict[str, Any]] = tracker.json()["events"]
    return events


def steps(events: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """What was said and done, as a story writes it."""
    for event in events:
        if event["event"] == "user":
            yield "intent", event["parse_data"]["intent"]["name"]
        elif event["event"] == "action" and event["name"] not in ("action_listen", "action_session_start"):
            yield "action", event["name"]


def slots_of(story: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The running task and its open question at the end of each turn of a story."""
    held: dict[str, Any] = {"task": None, "asked": None}
    ends: list[dict[str, Any]] = []
    for step in story:
        if "action" in step:
            ends.append(held)
        for given in step.get("slot_was_set", ()):
            held = {**held, **given}
            ends[-1] = held
    return ends
