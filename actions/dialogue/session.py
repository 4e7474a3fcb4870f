"""The start of a session: what is known about the person carries over, as one event per slot."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

PASSING = frozenset({"task", "asked", "asked_reply"})


class ActionSessionStart(Action):
    """Rasa's own version copies every slot event of the old session again and again; this sets each slot once."""

    def name(self) -> str:
        return "action_session_start"

    async def run(
        self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> list[EventType]:
        """A new session with everything known, except a question that was left open."""
        kept = ((name, value) for name, value in tracker.current_slot_values().items() if name not in PASSING)
        slots = [SlotSet(name, value) for name, value in kept if value is not None]
        return [SessionStarted(), *slots, ActionExecuted("action_listen")]
