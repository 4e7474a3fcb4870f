"""What is remembered between turns: as strict and as right as what Rasa works out anew."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet
from rotation_engine import remembered

GOOD = {"events": [{"event": "slot", "name": "task", "value": None}], "responses": [{"custom": {"version": 1}}]}


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> RemoteAction:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(Event.resolve_by_type))
    remembered.install()
    return RemoteAction("action_greet", None)


def test_a_good_answer_passes_without_the_schema_being_checked_again(
    action: RemoteAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert action._validate_action_result(GOOD) is True
    monkeypatch.setattr(Draft202012Validator, "check_schema", lambda *_, **__: pytest.fail("checked again"))
    assert action._validate_action_result(GOOD) is True


@pytest.mark.parametrize(
    "broken",
    [{"events": "none"}, {"responses": {}}, {"responses": ["text"]}, {"events": [{"name": "task"}]}, []],
    ids=["events no list", "responses no list", "a response no object", "an event without kind", "no object"],
)
def test_a_broken_answer_is_refused_in_rasas_own_words(action: RemoteAction, broken: object) -> None:
    with pytest.raises(ValidationError, match="Failed to validate Action server response"):
        action._validate_action_result(broken)


def test_the_class_of_an_event_is_found_and_an_unknown_one_refused(action: RemoteAction) -> None:
    assert [Event.resolve_by_type("slot") for _ in range(2)] == [SlotSet, SlotSet]
    with pytest.raises(ValueError, match="Unknown event name 'nothing'"):
        Event.resolve_by_type("nothing")
