"""Reminders in conversation: set, asked for what is missing, listed, snoozed, deleted, each told with its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from actions.base import BotAction, return_to_question
from actions.linking import answer_link, invite, is_about_links
from actions.timeline.plan import calendar
from actions.turn import Outcome, Turn
from bot.dialogue.state import FALLBACK
from bot.reminders import service
from bot.reminders.request import (
    ADVANCE,
    FURTHEST,
    MORNING,
    MOST_REMINDERS,
    QUIET_FROM,
    QUIET_TO,
    ReminderWish,
    read_wish,
)
from bot.reminders.service import Clock, Reminder, ReminderDraft, TooManyRemindersError
from bot.reminders.zones import named_zone, read_zone, zone_of
from bot.reply import days
from bot.reply.parts import Reply, Suggestion, Text
from bot.timeline import service as timelines
from bot.timeline.plan import Step

WHEN, ZONE = "reminder_when", "reminder_zone"
MOST_BUTTONS = 6
LISTED = 20
MOST_WORDS = 6
STRANGE = frozenset({"out_of_scope", FALLBACK})
"""What a city that no model has heard of is read as."""


class ActionSetReminder(BotAction):
    """Takes care of everything that a person wants from reminders."""

    task = "reminder"
    lapses = True

    def name(self) -> str:
        return "action_set_reminder"

    def claims(self, turn: Turn) -> bool:
        """A city may look like anything, so that what is strange may be the answer; a question is none."""
        said = turn.message
        may_be_place = said.intent in STRANGE and "?" not in said.text and len(said.text.split()) <= MOST_WORDS
        return super().claims(turn) or (turn.asked in (WHEN, ZONE) and may_be_place)

    def answer(self, turn: Turn) -> Outcome:
        """What was done, or the question for what is missing."""
        pressed = (turn.message.first("reminder") or "") if turn.message.is_button else ""
        with turn.container.database.unit() as session:
            if is_about_links(pressed):
                return answer_link(session, turn, pressed)
            home = service.home_of(session, turn.conversation)
            if home is not None:
                return _Talk(session, turn, home).answer(pressed)
            found = invite(session, turn)
        return _with_calendar(turn, found)


def _with_calendar(turn: Turn, invited: Outcome) -> Outcome:
    """The way to Telegram, where there is one, and the calendar file of a plan that was made."""
    file = calendar(turn)
    if not file:
        return invited
    is_linkable = any(button.payload.startswith("http") for button in invited.reply.suggestions)
    first = invited.reply.parts if is_linkable else (Text(turn.responses.text("utter_reminder_by_calendar")),)
    buttons = invited.reply.suggestions if is_linkable else ()
    return Outcome(Reply((*first, *file), buttons), invited.slots)


class _Talk:
    """One turn about reminders, inside one unit of work."""

    def __init__(self, session: Session, turn: Turn, home: str) -> None:
        self.session = session
        self.turn = turn
        self.home = home
        self.clock: Clock = service.clock_of(session, home)
        self.now = turn.container.now()

    def answer(self, pressed: str) -> Outcome:
        verb, _, rest = pressed.partition("-")
        if verb in ("done", "snooze", "delete", "zone", "in", "step") and rest:
            return self._pressed(verb, rest)
        if pressed in ("list", "all", "ask"):
            return self._do(ReminderWish(pressed))  # type: ignore[arg-type]
        asked = self.turn.asked if self.turn.task == "reminder" and self.turn.message.intent != "set_reminder" else None
        if asked == ZONE:
            return self._zone(read_zone(self.turn.message, self.now))
        today = self.now.astimezone(self.clock.zone_info).date()
        wish = ReminderWish() if self.turn.message.is_button else read_wish(self.turn.message, today, self.now)
        kept = (self.turn.slots.get("reminder") or {}).get("subject") or ""
        return self._do(replace(wish, subject=kept or wish.subject) if asked == WHEN else wish)

    def _pressed(self, verb: str, rest: str) -> Outcome:
        first, _, second = rest.partition("-")
        if verb == "zone":
            return self._zone(named_zone(rest))
        if verb == "in":
            kept = (self.turn.slots.get("reminder") or {}).get("subject") or ""
            return self._set(ReminderDraft(kept, day=self._today() + timedelta(days=int(first))))
        if verb == "step":
            return self._do(ReminderWish(step=rest, ahead=relativedelta(days=ADVANCE.days)))
        if rest == "all":
            service.delete_all(self.session, self.home)
            return self._said("utter_reminder_deleted_all")
        if verb == "done":
            return self._said("utter_reminder_done")
        number = int(first)
        if verb == "snooze":
            later = service.snooze(self.session, self.home, number, days=int(second or 1), now=self.now)
            return self._told("utter_reminder_snoozed", later) if later else self._said("utter_reminder_gone")
        gone = service.delete_reminder(self.session, self.home, number)
        return self._told("utter_reminder_deleted", gone) if gone else self._said("utter_reminder_gone")

    def _do(self, wish: ReminderWish) -> Outcome:
        if wish.kind == "list":
            return self._list()
        if wish.kind == "delete_all":
            service.delete_all(self.session, self.home)
            return self._said("utter_reminder_deleted_all")
        if wish.kind == "delete":
            return self._delete(wish)
        if wish.kind == "all":
            return self._all()
        if wish.moment:
            return self._set(ReminderDraft(wish.subject, moment=wish.moment))
        if wish.day:
            return self._on_day(wish, wish.day)
        if (wish.step or wish.ahead is not None) and wish.kind == "one":
            return self._before_step(wish)
        has_plan = wish.kind != "ask" and not wish.subject and bool(self._steps())
        if has_plan and not self.turn.asked:
            return Outcome(self.turn.responses.reply("utter_reminder_offer_plan"))
        return self._ask_when(wish.subject)

    def _on_day(self, wish: ReminderWish, day: date) -> Outcome:
        if day < self._today():
            return self._ask_when(wish.subject, key="utter_reminder_past", when=days.day(day))
        if day > self._today() + FURTHEST:
            return self._ask_when(wish.subject, key="utter_reminder_too_far")
        return self._set(ReminderDraft(wish.subject, day=day, at=wish.at))

    def _before_step(self, wish: ReminderWish) -> Outcome:
        """A day that hangs on a step of the plan; without a plan the day is asked for."""
        steps = self._steps()
        step = next((item for item in steps if item.id == wish.step), None)
        if step is None and wish.ahead is None:
            return self._ask_when(wish.subject)
        if not steps:
            return Outcome(self.turn.responses.reply("utter_reminder_no_plan"))
        if step is None:
            return self._choose_step(steps)
        day = _last_day(step) - (wish.ahead if wish.ahead is not None else relativedelta(days=ADVANCE.days))
        subject = wish.subject or self._subject_of(step)
        if day < self._today():
            return self._set(ReminderDraft(subject, day=self._today() + timedelta(days=1), step=step.id), is_moved=True)
        return self._set(ReminderDraft(subject, day=day, at=wish.at, step=step.id))

    def _choose_step(self, steps: Iterable[Step]) -> Outcome:
        open_steps = [step for step in steps if not step.event and _last_day(step) >= self._today()][:MOST_BUTTONS]
        buttons = tuple(Suggestion(step.title, f'/set_reminder{{"reminder": "step-{step.id}"}}') for step in open_steps)
        return Outcome(Reply(self.turn.responses.reply("utter_reminder_no_step").parts, buttons))

    def _all(self) -> Outcome:
        """A reminder a week before each step that is still to be done."""
        steps = [step for step in self._steps() if not step.event and _last_day(step) >= self._today()]
        if not steps:
            return Outcome(self.turn.responses.reply("utter_reminder_no_plan"))
        made = []
        for step in steps:
            day = max(_last_day(step) - ADVANCE, self._today() + timedelta(days=1))
            try:
                made.append(
                    service.set_reminder(
                        self.session,
                        self.home,
                        ReminderDraft(self._subject_of(step), day=day, step=step.id),
                        now=self.now,
                    )[0]
                )
            except TooManyRemindersError:
                break
        intro = self.turn.responses.text("utter_reminder_set_all")
        text = f"{intro}\n\n{self._lines(sorted(made, key=lambda item: item.when))}"
        return self._with_zone_question(Reply((Text(text),), self.turn.responses.buttons("utter_reminder_buttons")))

    def _set(self, draft: ReminderDraft, *, is_moved: bool = False) -> Outcome:
        try:
            reminder, is_new = service.set_reminder(self.session, self.home, draft, now=self.now)
        except TooManyRemindersError:
            return self._said("utter_reminder_too_many", most=MOST_REMINDERS)
        key = "utter_reminder_set" if reminder.subject else "utter_reminder_set_unnamed"
        if is_moved:
            key = "utter_reminder_set_moved"
        if not is_new:
            key = "utter_reminder_known"
        told = self.turn.responses.text(key, when=self._when(reminder), subject=reminder.subject)
        parts = [Text(told)]
        if self.home != self.turn.conversation:
            parts.append(Text(self.turn.responses.text("utter_reminder_on_telegram")))
        return self._with_zone_question(Reply(tuple(parts), self.turn.responses.buttons("utter_reminder_buttons")))

    def _with_zone_question(self, reply: Reply) -> Outcome:
        """The question for the time zone, put once."""
        if self.clock.is_told or self.clock.is_asked:
            return self._close(reply)
        service.note_asked(self.session, self.home)
        responses, zone = self.turn.responses, self.clock.zone
        question = Text(responses.text("utter_reminder_zone_ask", zone=zone))
        guess = responses.buttons("utter_reminder_zone_guess", zone=zone) if zone != "UTC" else ()
        asked = {"task": "reminder", "asked": ZONE, "reminder": None}
        return Outcome(Reply((*reply.parts, question), (*guess, *reply.suggestions)), asked)

    def _zone(self, zone: str | None) -> Outcome:
        if zone is None:
            asked = {"task": "reminder", "asked": ZONE}
            return Outcome(self.turn.responses.reply("utter_reminder_zone_unknown"), asked)
        service.set_zone(self.session, self.home, zone, now=self.now)
        local = self.now.astimezone(zone_of(zone))
        return self._said(
            "utter_reminder_zone_set",
            time=f"{local:%H:%M}",
            hour=f"{MORNING:%H:%M}",
            quiet_from=f"{QUIET_FROM:%H:%M}",
            quiet_to=f"{QUIET_TO:%H:%M}",
        )

    def _ask_when(self, subject: str, *, key: str = "utter_reminder_ask_when", **values: object) -> Outcome:
        buttons = self.turn.responses.buttons("utter_reminder_ask_when")
        reply = Reply((Text(self.turn.responses.text(key, **values)),), buttons)
        return Outcome(reply, {"task": "reminder", "asked": WHEN, "reminder": {"subject": subject}})

    def _list(self) -> Outcome:
        found = service.reminders_of(self.session, self.home)
        if not found:
            return Outcome(self.turn.responses.reply("utter_reminder_list_empty"))
        responses = self.turn.responses
        text = responses.text("utter_reminder_list", lines=self._lines(found[:LISTED]))
        each = [
            responses.buttons("utter_reminder_list_buttons", number=number, id=item.id)
            for number, item in enumerate(found[:MOST_BUTTONS], 1)
        ]
        everything = responses.buttons("utter_reminder_delete_all_button") if len(found) > 1 else ()
        return self._close(Reply((Text(text),), (*(button for row in each for button in row), *everything)))

    def _delete(self, wish: ReminderWish) -> Outcome:
        found = service.reminders_of(self.session, self.home)
        meant = found[wish.number - 1 : wish.number] if wish.number else service.subjects(found, wish.subject)
        if not meant and len(found) == 1 and not wish.number:
            meant = found
        if len(meant) != 1:
            return self._list()
        service.delete_reminder(self.session, self.home, meant[0].id)
        return self._told("utter_reminder_deleted", meant[0])

    def _steps(self) -> tuple[Step, ...]:
        for conversation in dict.fromkeys((self.turn.conversation, self.home)):
            if plan := timelines.last_plan(self.turn.container.database, conversation):
                return plan.steps
        return ()

    def _subject_of(self, step: Step) -> str:
        key = "utter_reminder_due_for_event" if step.event else "utter_reminder_due_for_step"
        return self.turn.responses.text(key, title=step.title, latest=days.day(_last_day(step)))

    def _lines(self, reminders: Iterable[Reminder]) -> str:
        say, unnamed = self.turn.responses.text, self.turn.responses.text("utter_reminder_subject_unnamed")
        return "\n".join(
            say("utter_reminder_list_line", number=number, when=self._when(item), subject=item.subject or unnamed)
            for number, item in enumerate(reminders, 1)
        )

    def _when(self, reminder: Reminder) -> str:
        day = days.day(reminder.when.date())
        if reminder.when.time() == MORNING:
            return day
        return self.turn.responses.text("utter_reminder_when", day=day, time=f"{reminder.when:%H:%M}")

    def _told(self, key: str, reminder: Reminder) -> Outcome:
        subject = reminder.subject or self.turn.responses.text("utter_reminder_subject_unnamed")
        return self._said(key, when=self._when(reminder), subject=subject)

    def _said(self, key: str, **values: object) -> Outcome:
        return self._close(self.turn.responses.reply(key, **values))

    def _close(self, reply: Reply) -> Outcome:
        """The end of the matter; another task's open question comes back."""
        if self.turn.task == "reminder":
            return Outcome(reply, {"task": None, "asked": None, "reminder": None})
        return Outcome(return_to_question(self.turn, reply))

    def _today(self) -> date:
        return self.now.astimezone(self.clock.zone_info).date()


def _last_day(step: Step) -> date:
    return max(step.latest, step.earliest) if step.event else step.latest
