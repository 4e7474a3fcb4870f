"""The end of a talk about dates: the plan is calculated, said, kept, and given as calendar and picture."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from actions.dialogue.opening import heard
from actions.turn import Outcome, Turn
from bot.dialogue.profile import Profile
from bot.dialogue.slots import to_slot
from bot.nlu.frame import Money
from bot.nlu.when import ONE_DAY, Reading, When
from bot.programs.cards import FACT
from bot.programs.notes import quoted
from bot.programs.program import Program
from bot.reply import days
from bot.reply.parts import Reply, Source, Suggestion, Text, Timeline
from bot.timeline import questions as talk
from bot.timeline import service as timelines
from bot.timeline import summary as words
from bot.timeline.calendar import CalendarWords
from bot.timeline.plan import FEASIBLE, IMPOSSIBLE, TIGHT, PictureWords, Plan
from bot.timeline.planner import MATCH_ROTATIONS, fallbacks, first_start, match_after, plan, refusal
from bot.timeline.questions import STAGE, VISA, Planner, with_exams_settled
from bot.timeline.rules import ADVISED, LEAST, Facts, figure
from bot.timeline.season import season_of
from bot.timeline.situation import SCHOOL_ROUTES, ProgramLead, Situation
from bot.timeline.wish import USUAL_STAY, TimelineWish, match_year_of, situation

MOST_BUTTONS = 4
EXAM_TASKS = frozenset({"step1_exam", "step1_result", "step2ck_exam", "step2ck_result"})
ROTATIONS = ("rotation", "rotation_2", "rotation_3")
STATES = {
    "on_track": "utter_timeline_state_on_track",
    "tight": "utter_timeline_state_tight",
    "late": "utter_timeline_state_late",
    "event": "utter_timeline_state_event",
}


ASSUMED_ROUTE = {"graduate": "utter_timeline_assumed_route_graduate"}
BECAUSE = {
    "visa": "utter_timeline_because_visa",
    "route": "utter_timeline_because_route",
    "start": "utter_timeline_because_start",
    "length": "utter_timeline_because_length",
    "exam": "utter_timeline_because_exam",
    "graduation": "utter_timeline_because_graduation",
    "host": "utter_timeline_because_host",
}


@dataclass(frozen=True)
class PlanTalk:
    """A turn about dates: what it is made of, what the person wishes by now, and what this message told.

    `is_hopeful` says that a verdict is wanted at once: what was not told of exams is assumed to be done. `changed`
    names what this message changes in a plan (a key of BECAUSE), `is_same_match`
    that it names the Match of the plan anew, and `tells_exam` that it tells the day of an exam.
    """

    turn: Turn
    ground: timelines.Ground
    wish: TimelineWish
    reading: Reading | None
    learned: dict[str, Any]
    is_new: bool
    is_hopeful: bool = False
    changed: str = ""
    is_same_match: bool = False
    tells_exam: bool = False

    def say(self, key: str, **values: object) -> str:
        return self.turn.responses.text(key, **values)

    def say_reply(self, key: str, **values: object) -> Reply:
        return self.turn.responses.reply(key, **values)

    def slots(self, *, asked: str | None, wish: TimelineWish | None = None) -> dict[str, Any]:
        """The slots after this turn; the month that was asked for is known from now on."""
        first = (wish or self.wish).first
        month = {"start_month": f"{first:%Y-%m}"} if first and isinstance(self.reading, When) else {}
        return {**self.learned, **month, "task": "timeline", "asked": asked, "plan": to_slot(wish or self.wish)}

    @property
    def is_told(self) -> bool:
        """Whether the message tells something of the person, their money, their field or the plan."""
        has_money = bool(self.turn.message.frame.measures(Money))
        return bool(self.changed or self.turn.told or self.turn.told_of_relative or has_money or self.fields)

    @property
    def fields(self) -> tuple[str, ...]:
        """The specialties that the message names."""
        return self.turn.message.frame.wished("specialty")

    @cached_property
    def program(self) -> Program | None:
        """The program that the plan counts with."""
        return program_of(self.ground, self.wish, self.turn.profile)

    @property
    def is_for_graduates(self) -> bool:
        return self.program is not None and "graduates" in self.program.audience

    @property
    def lead(self) -> ProgramLead | None:
        return timelines.lead_of(self.program) if self.program else None

    def lead_sources(self) -> tuple[Source, ...]:
        keys = (words.THIRD, words.DIRECT, words.NO_VISA)
        found = [words.source(self.ground.facts, key) for key in keys]
        return tuple(item for item in found if item)


def program_of(ground: timelines.Ground, wish: TimelineWish, profile: Profile) -> Program | None:
    """The program that was on the screen, else the one of the named institution that suits the person."""
    if shown := ground.known.catalog.by_slug.get(wish.program or ""):
        return shown
    stage, kind = profile.career_stage, wish.rotation_type
    return timelines.find_program(ground, wish.institution, stage=stage, kind=kind) if wish.institution else None


def page_of(program: Program) -> tuple[Source, ...]:
    """The page of a program as a source."""
    return (Source(program.title, program.source_url, program.source_date),) if program.source_url else ()


def _page_on_dates(now: PlanTalk, found: Plan) -> str:
    """What the page of the program says of its dates, or that it says nothing; empty where no program is meant."""
    program, apply = now.program, found.step("apply")
    if program is None or apply is None or not now.is_new:
        return ""
    lead, window = FACT["lead"].words(program, now.say), program.application_window
    told = "; ".join(dict.fromkeys(filter(None, (lead, window or quoted(program.notes, "lead", most=1)))))
    asof = f" ({days.month(program.source_date)})" if program.source_date else ""
    values = {"program": program.institution, "told": told.rstrip("."), "asof": asof}
    if not told:
        leads = words.figures(now.ground.facts)
        is_school = found.situation.by_route in SCHOOL_ROUTES
        usual = now.say("utter_timeline_why_direct" if is_school else "utter_timeline_why_third_party", **leads)
        return now.say("utter_timeline_page_silent", **values, usual=usual)
    is_own = program.apply_months_before_min is not None or program.apply_months_before_max is not None
    return now.say("utter_timeline_page_says" if is_own else "utter_timeline_page_says_else", **values)


def answer_plan(now: PlanTalk, wanted: Situation, planner: Planner) -> Outcome:
    """The plan with its files, and what can be done next as buttons."""
    wanted, exams = with_exams_settled(wanted, planner, hopeful=now.is_hopeful, before=now.wish.exams)
    wanted, is_part = _within_window(now, wanted, planner)
    found = _with_cautions(now, plan(wanted, planner.rules, planner.facts, today=planner.today))
    lacks_visa = found.verdict == IMPOSSIBLE and found.step("visa_booking") is not None
    said = words.SaidPlan(
        now.wish,
        planner.rules,
        planner.facts,
        now.say,
        assumed=tuple(_assumed(now, found, exams, planner=planner)),
        last_apply=_last_apply(now, wanted, planner),
        part_of_window=is_part,
        is_asked=now.turn.message.frame.does("feasible"),
        asks_late=now.turn.message.frame.does("too_late"),
        wants_first=now.turn.message.frame.does("next_step"),
        wants_all=talk.wants_all(now.turn.message),
        ends=found.situation.last_day(planner.facts) if now.changed == "length" else None,
        lacks_visa=lacks_visa and planner.verdict(found.situation, visa="has") != IMPOSSIBLE,
        before=_applied_before(now),
        because=now.say(BECAUSE[now.changed]) if now.changed in BECAUSE else "",
        tells_exam=now.tells_exam,
        is_same_match=now.is_same_match,
        page=_page_on_dates(now, found),
        other_time=_works_in_another_time(now, found, planner),
    )
    stands = timelines.last_plan(now.turn.container.database, now.turn.conversation) if now.wish.planned else None
    is_told = now.is_told and not isinstance(now.reading, When)
    is_taken_in = (said.is_asked or is_told) and not said.wants_all
    if stands and is_taken_in and _is_same(stands, found, but=EXAM_TASKS if now.changed == "exam" else frozenset()):
        if stands.steps != found.steps:
            text, _ = words.plan_words(found, said)
            timelines.keep(
                now.turn.container.database, now.turn.conversation, found, title=words.title(found, now.say), words=text
            )
        is_judged = said.is_asked or said.tells_exam or found.verdict == IMPOSSIBLE
        return unchanged(now, words.short_words(found, said) if is_judged else "")
    text, more = words.plan_words(found, said)
    is_hopeless = found.refused or (wanted.match_year and found.verdict == IMPOSSIBLE)
    kept = replace(found, steps=()) if is_hopeless else found
    saved = timelines.keep(
        now.turn.container.database, now.turn.conversation, kept, title=words.title(found, now.say), words=text
    )
    said_first = Text(text, words.sources(found, planner.facts), more=more)
    noted = (Text(heard(now.turn)),) if now.changed == "graduation" else ()
    reply = Reply((*noted, said_first, *_timeline(now.turn, saved, planner.facts)), _buttons(now, found))
    assumed = exams if _hangs_on_exams(found, exams) else now.wish.exams
    said_last = found.next_actions(words.NEXT_STEPS)[-1:]
    wish = replace(
        now.wish,
        planned=found.situation.start,
        exams=assumed,
        asked_for="",
        at=said_last[0].id if said_last and found.verdict != IMPOSSIBLE else "",
        stays=found.situation.rotations or (now.wish.weeks or USUAL_STAY) // USUAL_STAY,
    )
    return Outcome(reply, now.slots(asked=None, wish=wish))


def unchanged(now: PlanTalk, said: str = "") -> Outcome:
    """What was told is taken in, and the plan stays: its next step in a line, or what is `said` of it."""
    saved = timelines.last_plan(now.turn.container.database, now.turn.conversation)
    steps = Plan(Situation(), saved.verdict, saved.computed, saved.steps).next_actions(1) if saved else ()
    if not said and not (now.is_told and steps):
        return Outcome(now.say_reply("utter_timeline_nothing_new"), now.slots(asked=None))
    (line,) = words.next_words(steps, now.turn.today, now.say) if steps else ("",)
    noted = "" if now.tells_exam else heard(now.turn)
    noted = noted or (now.say("utter_timeline_noted_money") if now.turn.message.frame.measures(Money) else "")
    stays = now.say("utter_timeline_plan_stays", line=line)
    stays = now.say("utter_timeline_noted_specialty", specialty=now.fields[0]) if now.fields else stays
    text = " ".join(filter(None, (noted, said or stays)))
    slots = {**now.slots(asked=None), **({"specialties": list(now.fields)} if now.fields else {})}
    return Outcome(Reply((Text(text),), general_buttons(now.turn)), slots)


def _is_same(stands: timelines.SavedPlan, found: Plan, *, but: Collection[str]) -> bool:
    """Whether a plan has the steps and the days of the one that stands, but for some."""
    both = (stands.steps, found.steps)
    before, after = ([(step.id, step.latest, step.status) for step in steps if step.id not in but] for steps in both)
    return before == after and stands.verdict == found.verdict


def _hangs_on_exams(found: Plan, exams: str) -> bool:
    """Whether what was assumed of exams is part of a plan, so that the next one has to assume the same."""
    is_school = found.situation.by_route in SCHOOL_ROUTES and not found.situation.is_remote
    return bool(exams) and (is_school or found.situation.is_for_match)


def calendar(turn: Turn) -> tuple[Text | Timeline, ...]:
    """The last plan with its calendar file and a line on what that does; nothing where there is none."""
    saved = timelines.last_plan(turn.container.database, turn.conversation)
    if saved is None or not saved.steps or saved.verdict == IMPOSSIBLE:
        return ()
    facts = timelines.ground(turn.container.database).facts
    return (Text(turn.responses.text("utter_reminder_calendar")), *_timeline(turn, saved, facts))


def show_again(turn: Turn) -> Outcome | None:
    """The last plan, with the day on which it was calculated; None when there is none."""
    saved = timelines.last_plan(turn.container.database, turn.conversation)
    if saved is None:
        return None
    facts = timelines.ground(turn.container.database).facts
    computed = turn.responses.text("utter_timeline_computed", computed=days.day(saved.computed))
    reply = Reply((Text(computed), Text(saved.words), *_timeline(turn, saved, facts)), general_buttons(turn))
    return Outcome(reply, {"task": "timeline", "asked": None})


def letters_in_time(now: PlanTalk, before: TimelineWish) -> Outcome | None:
    """Whether the letters of the last plan come in time for a Match: that which the message names, else the plan's,
    else the next one after its last rotation; None where the plan does not work."""
    turn = now.turn
    saved = timelines.last_plan(turn.container.database, turn.conversation)
    starts = [step.starts for step in saved.steps if step.id in ROTATIONS] if saved else []
    if saved is None or not starts or saved.verdict == IMPOSSIBLE:
        return None
    wanted = situation(before, turn.profile, start=max(starts), program=now.lead)
    ends = max(starts) + (wanted.days(now.ground.facts) - 1) * ONE_DAY
    said = Text(ends_words(now, ends, asked=match_year_of(turn.message.frame) or before.match_year))
    return Outcome(Reply((said,), general_buttons(turn)), {"task": "timeline", "asked": None, "plan": to_slot(before)})


def ends_words(now: PlanTalk, ends: date, *, asked: int | None) -> str:
    """Whether the letters of a rotation that ends on a day are in time for the Match that is asked about, else for the
    next one."""
    rules, facts = now.ground.rules, now.ground.facts
    year, is_comfortable = match_after(ends, rules, facts)
    missed = asked or year
    in_time = "utter_timeline_ends_ok" if is_comfortable or missed > year else "utter_timeline_ends_tight"
    year = max(year, missed)
    season = season_of(year, rules, facts)
    return now.say(
        "utter_timeline_ends_late" if year > missed else in_time,
        year=year,
        missed=missed,
        missed_review=days.day(season_of(missed, rules, facts)["review_starts"].day),
        ends=days.day(ends),
        letters=days.day(season["letters_ready"].day),
        review=days.day(season["review_starts"].day),
    )


def plan_b(now: PlanTalk, wanted: Situation, planner: Planner) -> Outcome:
    """What would work instead of the plan that stands."""
    wanted, _ = with_exams_settled(wanted, planner, hopeful=True, before=now.wish.exams)
    found = plan(wanted, planner.rules, planner.facts, today=planner.today)
    said = words.plan_b_words(fallbacks(found, planner.rules, planner.facts), now.say)
    return Outcome(
        Reply((Text(said, words.sources(found, planner.facts)),), _buttons(now, found)), now.slots(asked=None)
    )


def _applied_before(now: PlanTalk) -> date | None:
    """The last day to apply of the plan that this message changes."""
    if not now.changed:
        return None
    saved = timelines.last_plan(now.turn.container.database, now.turn.conversation)
    apply = (step for step in (saved.steps if saved else ()) if step.id == "apply" and step.status != "late")
    due = next((step.advised or step.latest for step in apply), None)
    return due if due and due >= now.turn.today else None


def _within_window(now: PlanTalk, wanted: Situation, planner: Planner) -> tuple[Situation, bool]:
    """Where the beginning of a window is too early, the first day in it that works.

    For a Match it is rather tight than too short for the fewest rotations.
    """
    last = last_start(now, wanted)
    if refusal(wanted) or not (wanted.start and last and last > wanted.start):
        return wanted, False
    if planner.verdict(wanted) == FEASIBLE:
        return wanted, False
    fewest = int(figure(planner.facts, MATCH_ROTATIONS)[0])
    for level in (ADVISED, LEAST):
        first = first_start(wanted, planner.rules, planner.facts, today=planner.today, level=level)
        found = _from(first, now, wanted) if wanted.start < first <= last else None
        is_few = level == ADVISED and found is not None and _rotations(found) < min(_rotations(wanted), fewest)
        if found and not is_few:
            return found, True
    return wanted, False


def _works_in_another_time(now: PlanTalk, found: Plan, planner: Planner) -> bool:
    """Whether a Match is only out of reach because no rotation can start in the time that was named."""
    wanted, first = found.situation, found.first_possible
    is_too_soon = bool(now.wish.first and wanted.start and first and first > wanted.start)
    if not (found.verdict == IMPOSSIBLE and wanted.match_year and is_too_soon) or found.refused:
        return False
    return planner.verdict(replace(wanted, start=None, rotations=None, until=None)) != IMPOSSIBLE


def _rotations(wanted: Situation) -> int:
    return wanted.rotations or 1


def _from(first: date, now: PlanTalk, wanted: Situation) -> Situation:
    """The situation with another start, and as many rotations for a Match as there is time for then."""
    moved = situation(now.wish, now.turn.profile, start=first, program=now.lead)
    return replace(wanted, start=first, rotations=moved.rotations)


def last_start(now: PlanTalk, wanted: Situation) -> date | None:
    """The last day to start; in free months the stay has to end with them."""
    last, until = now.wish.last, now.wish.until
    if not (last and until):
        return last
    return min(last, until - (wanted.days(now.ground.facts) - 1) * ONE_DAY)


def _last_apply(now: PlanTalk, wanted: Situation, planner: Planner) -> date | None:
    """The last day to apply for the end of a season or a range."""
    last = last_start(now, wanted)
    if not last or wanted.match_year or now.wish.grain not in ("season", "range", "part"):
        return None
    apply = plan(replace(wanted, start=last), planner.rules, planner.facts, today=planner.today).step("apply")
    return apply.latest if apply else None


def _with_cautions(now: PlanTalk, found: Plan) -> Plan:
    wish, start = now.wish, found.situation.start
    extra = []
    end = found.situation.last_day(now.ground.facts)
    if wish.visa_until and start and end and now.turn.profile.visa_status == "has":
        extra += ["visa_ends"] if wish.visa_until < start else ["visa_ends_during"] if wish.visa_until < end else []
    if any(step.estimated for step in found.steps) and found.verdict != IMPOSSIBLE:
        extra.append("estimates")
    wished = int(figure(now.ground.facts, MATCH_ROTATIONS)[1])
    if (
        found.situation.match_year
        and not wish.weeks
        and found.verdict == TIGHT
        and (found.situation.rotations or 0) < wished
    ):
        extra.append("fewer_rotations")
    return replace(found, cautions=(*found.cautions, *extra))


def _assumed(now: PlanTalk, found: Plan, exams: str, *, planner: Planner) -> list[str]:
    """What the plan takes for granted, in words."""
    wish, wanted, say = now.wish, found.situation, now.say
    start = days.day(wanted.start) if wanted.start else ""
    lines = []
    if wish.first and not wanted.match_year and wish.grain != "day":
        key = "utter_timeline_assumed_month" if wish.grain == "month" else "utter_timeline_assumed_season"
        lines.append(say(key, start=start, when=days.window(wish)))
    if wish.until and wanted.start and not wanted.match_year:
        lines.append(say("utter_timeline_assumed_end", start=start, end=days.day(wish.until)))
    if not (now.turn.profile.route or wanted.is_remote or wish.has_place):
        lines.append(say(ASSUMED_ROUTE.get(wanted.stage_on(wanted.start) or "", "utter_timeline_assumed_route")))
    if found.step("visa_booking") and (VISA in wish.unsure or not now.turn.profile.visa_status):
        lines.append(say("utter_timeline_assumed_visa"))
    is_school = wanted.by_route in SCHOOL_ROUTES and not (wanted.is_remote or now.is_for_graduates)
    if STAGE in wish.unsure and is_school and not wanted.stage and not wanted.graduation:
        lines.append(say("utter_timeline_assumed_student"))
    if exams == "exams_passed":
        ahead = situation(wish, now.turn.profile, start=wanted.start, program=now.lead)
        first = first_start(ahead, planner.rules, planner.facts, today=planner.today, level=LEAST)
        if not wanted.match_year and first != found.first_possible:
            lines.append(say("utter_timeline_assumed_exams_passed", possible=days.day(first)))
        elif wanted.match_year and now.is_hopeful:
            lines.append(say("utter_timeline_assumed_exams_passed_match"))
    elif exams and any(found.step(name) for name in ("step1_exam", "step2ck_exam", "english_test")):
        lines.append(say("utter_timeline_assumed_exams_ahead"))
    return lines


def _picture_words(turn: Turn, saved: timelines.SavedPlan) -> PictureWords:
    say = turn.responses.text
    return PictureWords(
        saved.title,
        say("utter_timeline_picture_today", computed=days.day(saved.computed)),
        say("utter_timeline_picture_estimated"),
        {name: say(key) for name, key in STATES.items()},
    )


def _timeline(turn: Turn, saved: timelines.SavedPlan, facts: Facts) -> tuple[Timeline, ...]:
    """The list of steps where there is one; files belong only to a plan that can be kept."""
    if not saved.steps:
        return ()
    say, files = turn.responses.text, timelines.Files()
    if saved.verdict != IMPOSSIBLE:
        files = timelines.make_files(
            turn.container.database,
            turn.conversation,
            saved,
            sources={step.id: found for step in saved.steps if (found := words.source(facts, step.source))},
            calendar=CalendarWords(
                say("utter_timeline_calendar_name", title=saved.title),
                say("utter_timeline_calendar_now"),
                say("utter_timeline_calendar_estimated"),
            ),
            chart=_picture_words(turn, saved) if turn.channel == "telegram" else None,  # The website draws its own.
        )
    shown = Timeline(
        saved.title,
        saved.verdict,
        words.milestones(saved.steps, facts, say),
        ics=files.calendar,
        picture=files.picture,
        computed=saved.computed.isoformat(),
    )
    return (shown,)


def general_buttons(turn: Turn) -> tuple[Suggestion, ...]:
    """What can be done with a plan."""
    return turn.responses.buttons("utter_timeline_buttons")


def _buttons(now: PlanTalk, found: Plan) -> tuple[Suggestion, ...]:
    """Ways on that fit the verdict first, then the general ones."""
    speak, kinds = now.turn.responses.buttons, {item.kind: item for item in found.alternatives}
    shown: list[Suggestion] = []
    if (later := kinds.get("later")) and later.start:
        shown += speak("utter_timeline_button_later", start=days.day(later.start), iso=later.start.isoformat())
    if cycle := kinds.get("next_cycle"):
        shown += speak("utter_timeline_button_next_cycle", year=cycle.match_year)
    if "third_party" in kinds:
        shown += speak("utter_timeline_button_third_party")
    if found.step("visa_booking") and now.turn.profile.visa_status != "needs":
        shown += speak("utter_timeline_button_has_visa")
    general = general_buttons(now.turn) if found.verdict != IMPOSSIBLE else general_buttons(now.turn)[1:]
    return (*shown, *general)[:MOST_BUTTONS]
