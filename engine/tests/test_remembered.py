"""What is remembered between turns: as strict and as right as what Rasa works out anew."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.slots import CategoricalSlot, Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError
from rotation_engine import remembered

GOOD = {"events": [{"event": "slot", "name": "task", "value": None}], "responses": [{"custom": {"version": 1}}]}


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> RemoteAction:
    for name in ("_validate_action_result", "_is_selective_domain_enabled", "_action_call_format", "run"):
        monkeypatch.setattr(RemoteAction, name, getattr(RemoteAction, name))
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(Event.resolve_by_type))
    monkeypatch.setattr(Slot, "__copy__", None, raising=False)
    remembered.install()
    return RemoteAction("action_greet", None)


def test_a_copied_slot_is_the_same_and_keeps_what_it_holds_when_the_first_changes(action: RemoteAction) -> None:
    slot = CategoricalSlot("task", mappings=[{}], values=["search", "cost"], influence_conversation=True)
    slot.value = "search"
    copied = copy.copy(slot)
    assert (type(copied), vars(copied)) == (CategoricalSlot, vars(slot))
    slot.value = "cost"
    assert (copied.value, copied.as_feature(), slot.value) == ("search", [1.0, 0.0], "cost")


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


class ActionServer:
    """An action server that keeps the domain as rasa_sdk does; `calls` are the bodies that it was sent."""

    def __init__(self, *, status: int = 449) -> None:
        self.known, self.status = "", status
        self.calls: list[dict[str, Any]] = []
        self.url, self.kwargs = "http://actions", {}

    async def request(self, *, json: dict[str, Any], **_: object) -> dict[str, Any]:
        self.calls.append(json)
        if "domain" in json:
            self.known = json["domain_digest"]
        if self.known != json["domain_digest"]:
            raise ClientResponseError(self.status, "Retry With", "{}")
        return {"events": [], "responses": []}


def run(action: RemoteAction, server: ActionServer, domain: Domain) -> None:
    fresh = type(action)("action_greet", server)
    tracker = DialogueStateTracker("web:1", [])
    asyncio.run(fresh.run(OutputChannel(), None, tracker, domain))


def test_the_domain_is_sent_once_and_again_to_a_server_that_lost_it_or_for_a_new_model(action: RemoteAction) -> None:
    server, first, second = ActionServer(), Domain.empty(), Domain.from_dict({"intents": ["greet"]})
    for domain in (first, first, first):
        run(action, server, domain)
    assert ["domain" in call for call in server.calls] == [False, True, False, False]
    server.known = ""
    run(action, server, first)
    run(action, server, second)
    assert ["domain" in call for call in server.calls[4:]] == [False, True, False, True]
    assert server.calls[-1]["domain"]["intents"] == ["greet"]


def test_another_failure_of_the_action_server_is_not_asked_again(action: RemoteAction) -> None:
    server = ActionServer(status=500)
    with pytest.raises(RasaException):
        run(action, server, Domain.empty())
    assert len(server.calls) == 1
