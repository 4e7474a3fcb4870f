"""What is asked of the plan that stands: its next steps, the day of one of them, and times that it has to leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from actions.timeline.plan import ROTATIONS, PlanTalk, general_buttons
from actions.turn import Outcome, Turn
from bot.dialogue.profile import NEED_NO_VISA
from bot.dialogue.slots import to_slot
from bot.nlu.when import Vague, When
from bot.reply import days
from bot.reply.parts import Reply, Text
from bot.timeline import questions as talk
from bot.timeline import service as timelines
from bot.timeline import summary as words
from bot.timeline.plan import FEASIBLE, IMPOSSIBLE, TIGHT, Plan, Step
from bot.timeline.planner import first_start, latest_days, plan
from bot.timeline.rules import ADVISED, LEAST
from bot.timeline.situation import Situation
from bot.timeline.wish import TimelineWish, situation, visa_end

LAST_DAY = "rotation_end"
INSTEAD_OF = {"visa_interview": ("esta",), "visa_booking": ("visa_interview", "esta"), "hepatitis_b": ("documents",)}
"""Where a plan has a step only for some, the one of the others."""


def what_first(turn: Turn, wish: TimelineWish) -> Outcome | None:
    """The next steps of the last plan, or those behind the one that was said last; None when there is no plan."""
    saved = _standing(turn)
    todo = _actions(saved) if saved else ()
    if saved is None or not todo:
        return None
    is_after = bool(wish.at) and turn.message.frame.does("after_that")
    steps = (_behind(todo, saved, wish.at) if is_after else todo)[: words.NEXT_STEPS]
    say = turn.responses.text
    if not steps:
        return _of_plan(turn, say("utter_timeline_no_more", start=days.day(_start(saved))), wish)
    said = words.then_words(steps, turn.today, say) if is_after else words.first_words(steps, turn.today, say)
    notes = "\n\n".join(f"*{step.title}*: {step.note}" for step in steps if step.note)
    by_plan = say("utter_timeline_by_plan", computed=days.day(saved.computed))
    reply = Reply((Text(f"{said} {by_plan}", more=notes),), general_buttons(turn)[1:])
    return _kept(reply, replace(wish, at=steps[-1].id))


def asked_of_plan(now: PlanTalk, before: TimelineWish) -> Outcome | None:
    """The answer to what is asked of the plan of `before`, or of the start behind a try for a visa where there is no
    plan yet; None for anything else."""
    message, today = now.turn.message, now.turn.today
    if talk.asks_for_visa_in_time(message, before):
        return visa_in_time(now)
    if before.planned is None:
        tried = talk.tries_for_a_visa(message, today)
        return after_the_visa(now, tried) if tried else None
    if talk.asks_for_month(message, before):
        return suggested(now, before)
    if talk.asks_how_sure(message, before) and (found := how_sure(now)):
        return found
    if way := talk.asked_way(message, before):
        return by_another_way(now, before, way=way)
    return visa_ends(now, before) or milestone(now) or avoided(now) or interview_then(now) or missed(now)


def milestone(now: PlanTalk) -> Outcome | None:
    """The day of the step that is asked for, by the last plan; None when there is none."""
    turn, wish, saved = now.turn, now.wish, _standing(now.turn)
    if saved is None or saved.verdict == IMPOSSIBLE or not (asked := talk.asked_step(turn.message)):
        return None
    by_id = {step.id: step for step in saved.steps}
    step = next((by_id[name] for name in (asked, *INSTEAD_OF.get(asked, ())) if name in by_id), None)
    if step is None and asked == LAST_DAY:  # a plan for a Match goes on behind its rotations
        ends = days.day(_ends(now, _start(saved)))
        return _of_plan(turn, turn.responses.text("utter_timeline_ends_on", ends=ends), wish)
    if step is None:
        return _of_plan(turn, turn.responses.text("utter_timeline_no_step", title=saved.title), wish)
    return _day_of(turn, saved, step, wish)


def deadline(now: PlanTalk) -> Outcome | None:
    """The last day to apply of the last plan; None where there is none."""
    turn, wish = now.turn, now.wish
    saved = _standing(turn)
    apply = next((step for step in saved.steps if step.id == "apply"), None) if saved else None
    if saved is None or apply is None or (saved.verdict == IMPOSSIBLE and wish.match_year):
        return None
    if saved.verdict == IMPOSSIBLE:
        planner = talk.Planner(now.ground.rules, now.ground.facts, turn.today)
        start = wish.planned or _start(saved)
        first = days.day(_first(_wanted(now, start, planner), planner, ADVISED))
        values = {"start": days.day(start), "due": days.day(apply.latest), "first": first}
        return _of_plan(turn, now.say("utter_timeline_deadline_over", **values), wish)
    return _day_of(turn, saved, apply, wish)


def avoided(now: PlanTalk) -> Outcome | None:
    """What a time in which somebody cannot come means for the plan; None where none is told."""
    found = talk.avoided_time(now.turn.message.frame, now.turn.today)
    start = now.wish.planned
    if found is None or start is None:
        return None
    ends = _ends(now, start)
    values = {"start": days.day(start), "ends": days.day(ends)}
    if isinstance(found, Vague):
        return _of_plan(now.turn, now.say("utter_timeline_avoid_vague", **values, words=found.text), now.wish)
    if found.last < start or ends < found.first:
        return _of_plan(now.turn, now.say("utter_timeline_avoid_clear", **values), now.wish)
    key, after = "utter_timeline_avoid_clash", found.last + timedelta(days=1)
    values |= {"when": days.name(found), "after": days.day(after), "iso": after.isoformat()}
    buttons = now.turn.responses.buttons(key, **values)
    return Outcome(Reply((Text(now.say(key, **values)),), buttons), now.slots(asked=talk.START))


def interview_then(now: PlanTalk) -> Outcome | None:
    """What an interview in some time would mean for the start of the plan; None where none is told."""
    found, start = talk.interview_time(now.turn.message.frame, now.turn.today), now.wish.planned
    if found is None or start is None:
        return None
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    booked = replace(_wanted(now, start, planner), visa="needs")
    early, late = (replace(booked, interview_on=day) for day in (found.first, found.last))
    holds = [planner.verdict(each) != IMPOSSIBLE for each in (early, late)]
    first, last = (days.day(_first(each, planner, LEAST)) for each in (early, late))
    key = "utter_timeline_interview_holds" if all(holds) else "utter_timeline_interview_late"
    key = key if holds[0] == holds[1] else "utter_timeline_interview_depends"
    values = {"early": days.day(found.first), "late": days.day(found.last), "when": days.window(found)}
    return _of_plan(now.turn, now.say(key, start=days.day(start), first=first, last=last, **values), now.wish)


def visa_in_time(now: PlanTalk) -> Outcome:
    """Whether there is time for a visa before the start of the plan, or before one that the message names."""
    start = now.reading.first if isinstance(now.reading, When) else now.wish.planned or now.turn.today
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    due = words.last_days(start, now.ground.facts)["no_visa_by"]
    values = {**words.figures(now.ground.facts), "when": f"on {days.day(start)}", "day": days.day(due)}
    values |= {"waits": now.ground.facts[words.WAITS].value}
    values |= {"comfortable": days.day(_first(replace(_wanted(now, start, planner), visa="needs"), planner, ADVISED))}
    key = "utter_timeline_visa_in_time" if due >= now.turn.today else "utter_timeline_visa_too_soon"
    key = "utter_timeline_visa_in_hand" if now.turn.profile.visa_status in ("has", *NEED_NO_VISA) else key
    return _of_plan(now.turn, now.say(key, **values), now.wish)


def suggested(now: PlanTalk, before: TimelineWish) -> Outcome:
    """The month to start in, by the plan that stands: its own where that works, else the first comfortable one."""
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    start = before.planned or now.turn.today
    wanted = _wanted(now, start, planner)
    first = max(_first(wanted, planner, ADVISED), now.turn.today)
    is_kept = planner.verdict(wanted) == FEASIBLE
    values = {"start": days.day(start), "first": days.day(first), "month": f"{first:%B %Y}"}
    key = "utter_timeline_month_kept" if is_kept else "utter_timeline_month_first"
    return _of_plan(now.turn, now.say(key, **values), before)


def how_sure(now: PlanTalk) -> Outcome | None:
    """On what the dates of the plan rest, and what nobody can promise; None where there is no plan."""
    saved = _standing(now.turn)
    if saved is None:
        return None
    ids = {step.id for step in saved.steps}
    lines = [now.say("utter_timeline_sure", **words.figures(now.ground.facts))]
    lines += [now.say("utter_timeline_sure_visa", waits=now.ground.facts[words.WAITS].value)] * ("visa_booking" in ids)
    lines += [now.say("utter_timeline_caution_estimates")] * any(step.estimated for step in saved.steps)
    return _of_plan(now.turn, " ".join(lines), now.wish)


def by_another_way(now: PlanTalk, before: TimelineWish, *, way: str) -> Outcome:
    """Whether the start of the plan works by another way that is only asked about: the plan stays as it is."""
    turn, start = now.turn, before.planned or now.turn.today
    planner = talk.Planner(now.ground.rules, now.ground.facts, turn.today)
    wanted = situation(before, turn.profile, start=start, program=None)
    wanted, _ = talk.with_exams_settled(replace(wanted, route=way), planner, hopeful=True)
    found = plan(wanted, planner.rules, planner.facts, today=turn.today)
    apply, is_late = found.step("apply"), found.verdict == IMPOSSIBLE
    says_yes = is_late is turn.message.frame.does("too_late")
    values = {"answer": now.say("utter_timeline_answer_yes" if says_yes else "utter_timeline_answer_no")}
    values |= {"way": now.say(_WAYS[way]), "start": days.day(start), "due": days.day(apply.latest) if apply else ""}
    values |= {name: days.day(_first(wanted, planner, level)) for name, level in _LEVELS.items()}
    return _kept(Reply((Text(now.say(_BY_WAY[found.verdict], **values)),), general_buttons(turn)), before)


_WAYS = {
    "direct": "utter_cost_route_direct",
    "vslo": "utter_cost_route_vslo",
    "third_party": "utter_cost_route_third_party",
}
_BY_WAY = {
    FEASIBLE: "utter_timeline_other_way_works",
    TIGHT: "utter_timeline_other_way_tight",
    IMPOSSIBLE: "utter_timeline_other_way_late",
}


def after_the_visa(now: PlanTalk, tried: When) -> Outcome:
    """The start that is safe for who tries for a visa in some time, and has no plan yet."""
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    known = replace(situation(now.wish, now.turn.profile, start=None, program=None), visa="needs", match_year=None)
    first = _first(replace(known, interview_on=tried.last), planner, ADVISED)
    apply = words.last_days(first, now.ground.facts)["no_visa_by"]
    values = {"when": days.window(tried), "first": days.day(first), "apply": days.day(apply)}
    said = now.say("utter_timeline_after_visa", **values, **words.figures(now.ground.facts))
    return Outcome(Reply((Text(said, now.lead_sources()),), general_buttons(now.turn)[1:]), {})


def visa_ends(now: PlanTalk, before: TimelineWish) -> Outcome | None:
    """Whether a visa that ends then covers the plan; None where no other end is told."""
    ends = visa_end(now.turn.message.frame, now.turn.today)
    if ends is None or now.wish.visa_until in (None, before.visa_until) or isinstance(now.reading, When):
        return None
    start = before.planned or now.turn.today
    covered = replace(before, visa_until=None)
    wanted = situation(covered, now.turn.profile, start=start, program=now.lead)
    last = _ends(replace(now, wish=covered), start)
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    start_by = ends.first - (last - start)
    first = _first(replace(wanted, visa="has", start=start), planner, LEAST)
    key = "utter_timeline_visa_covers"
    if ends.first <= last:
        key = "utter_timeline_visa_conflict" if start_by >= first else "utter_timeline_visa_conflict_renew"
    if ends.last < start:
        key = "utter_timeline_visa_conflict_before"
    values = {"when": days.window(ends), "start": days.day(start), "ends": days.day(last)}
    values |= {"start_by": days.day(start_by), **words.figures(now.ground.facts)}
    return _of_plan(now.turn, now.say(key, **values), now.wish)


def missed(now: PlanTalk) -> Outcome | None:
    """What moves when the first day of the plan passes; None where that is not asked."""
    saved, start = _standing(now.turn), now.wish.planned
    todo = _actions(saved) if saved else ()
    if not (talk.misses_a_step(now.turn.message) and todo and start) or (saved and saved.verdict == IMPOSSIBLE):
        return None
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    wanted, step = _wanted(now, start, planner), todo[0]
    latest = latest_days(wanted, planner.rules, planner.facts, today=planner.today).get(step.id, step.latest)
    later = max(latest, now.turn.today) + relativedelta(months=1)
    moved = replace(planner, today=later)
    values = {"task": step.title, "due": days.day(step.latest), "latest": days.day(latest), "later": days.day(later)}
    values |= {name: days.day(_first(wanted, moved, level)) for name, level in _LEVELS.items()}
    key = "utter_timeline_missed" if latest > max(step.latest, now.turn.today) else "utter_timeline_missed_tight"
    return _of_plan(now.turn, now.say(key, start=days.day(start), **values), now.wish)


_LEVELS = {"first": LEAST, "comfortable": ADVISED}


def _wanted(now: PlanTalk, start: date, planner: talk.Planner) -> Situation:
    """The situation of the plan that stands."""
    wanted = situation(now.wish, now.turn.profile, start=start, program=now.lead)
    wanted = replace(wanted, rotations=now.wish.stays) if wanted.is_for_match else wanted
    return talk.with_exams_settled(wanted, planner, hopeful=True, before=now.wish.exams)[0]


def _first(wanted: Situation, planner: talk.Planner, level: str) -> date:
    return first_start(wanted, planner.rules, planner.facts, today=planner.today, level=level)


def _ends(now: PlanTalk, start: date) -> date:
    """The last day of the rotations of the plan that stands."""
    wanted = situation(now.wish, now.turn.profile, start=start, program=now.lead)
    wanted = replace(wanted, rotations=now.wish.stays) if wanted.is_for_match else wanted
    return wanted.last_day(now.ground.facts) or start


def _standing(turn: Turn) -> timelines.SavedPlan | None:
    """The last plan, as long as its rotation has not begun."""
    saved = timelines.last_plan(turn.container.database, turn.conversation)
    return saved if saved and _start(saved) >= turn.today else None


def _start(saved: timelines.SavedPlan) -> date:
    starts = [step.latest for step in saved.steps if step.id in ROTATIONS]
    return min(starts, default=date.max)


def _actions(saved: timelines.SavedPlan) -> tuple[Step, ...]:
    return Plan(Situation(), saved.verdict, saved.computed, saved.steps).next_actions(len(saved.steps))


def _behind(todo: tuple[Step, ...], saved: timelines.SavedPlan, at: str) -> tuple[Step, ...]:
    """What is to be done after a step; after one that others do, what is due after it."""
    places = [step.id for step in todo]
    if at in places:
        return todo[places.index(at) + 1 :]
    day = next((step.latest for step in saved.steps if step.id == at), saved.computed)
    return tuple(step for step in todo if step.latest >= day)


def _day_of(turn: Turn, saved: timelines.SavedPlan, step: Step, wish: TimelineWish) -> Outcome:
    say = turn.responses.text
    (line,) = words.next_words([step], turn.today, say)
    said = say("utter_timeline_deadline", line=line, title=saved.title, computed=days.day(saved.computed))
    return _kept(Reply((Text(said, more=step.note),), general_buttons(turn)), replace(wish, at=step.id))


def _of_plan(turn: Turn, said: str, wish: TimelineWish) -> Outcome:
    return _kept(Reply((Text(said),), general_buttons(turn)), wish)


def _kept(reply: Reply, wish: TimelineWish) -> Outcome:
    return Outcome(reply, {"task": "timeline", "asked": None, "plan": to_slot(wish)})
