"""One turn as the actions see it: what was said, what is known, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker

from bot.bootstrap import Container
from bot.dialogue.profile import Profile
from bot.nlu.message import Message
from bot.programs import service
from bot.programs.rows import FactRow
from bot.reply.parts import Reply
from bot.reply.responses import Responses


@dataclass(frozen=True)
class Turn:
    """A message in its conversation. `slots` are Rasa's.

    `profile` already knows what this message told: `told` are its facts, `learned` those that were not known before,
    `before` the profile without them.
    `relative` is what is known of somebody else whom the talk is about (profile slots and `relation`), and
    `told_of_relative` what this message told of them.
    """

    message: Message
    profile: Profile
    slots: Mapping[str, Any]
    responses: Responses
    today: date
    container: Container
    conversation: str
    channel: str = "web"
    learned: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    before: Profile = field(default_factory=Profile)
    relative: Mapping[str, Any] = field(default_factory=dict)
    told_of_relative: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Mapping[str, FactRow]:
        """The facts by key, asked of the database once in a turn and only when one is said."""
        with self.container.database.unit() as session:
            return service.shelves(session).facts

    @property
    def subject(self) -> Profile:
        """The profile of whom the talk is about: of somebody else, while they are talked about."""
        return Profile.from_slots(self.relative) if self.relative else self.profile

    @property
    def corrects_stage(self) -> bool:
        """Whether the message takes back what was known of student or graduate and says the other."""
        return bool(self.before.career_stage and self.learned.get("career_stage"))

    @property
    def only_tells(self) -> bool:
        """Whether the message tells a fact of the person and neither asks nor wishes for anything.

        "And TOEFL? my school teaches in English" asks, with the question mark and without.
        """
        frame = self.message.frame
        wishes = frame.does("ask", "show", "seek", "more", "cheaper")
        asks_on = frame.does("follow_up") and any(item.polarity == "named" for item in frame.named("exam"))
        return bool(self.told) and not (self.message.is_button or wishes or asks_on)

    @property
    def task(self) -> str | None:
        task: str | None = self.slots.get("task")
        return task

    @property
    def asked(self) -> str | None:
        asked: str | None = self.slots.get("asked")
        return asked

    @classmethod
    def read(cls, tracker: Tracker, domain: Mapping[str, Any], container: Container) -> Turn:
        """The turn in what Rasa sends to an action."""
        slots = tracker.current_slot_values()
        return cls(
            message=Message.from_parse(tracker.latest_message),
            profile=Profile.from_slots(slots),
            slots=slots,
            responses=Responses(domain.get("responses") or {}, slots),
            today=container.today(),
            container=container,
            conversation=tracker.sender_id,
            channel=(tracker.latest_message.get("metadata") or {}).get("channel") or "web",
        )


@dataclass(frozen=True)
class Outcome:
    """What a turn leads to: the reply, and the slots that change (None empties a slot).

    A handler that asks for a fact sets `task` and `asked`; one that is done sets `asked` to None. `notes` are for
    staff, who read them in the review: `ending` (asked_back, fallback, failed; see bot.review.projection.reading) and
    `relaxed`.
    """

    reply: Reply
    slots: dict[str, Any] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)
