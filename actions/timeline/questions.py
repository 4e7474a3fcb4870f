"""When must I do what, in conversation: the date, one question at a time, then a plan that can be corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from actions.base import BotAction
from actions.dialogue.opening import opening as said_back
from actions.programs.asked import asks_for_a_time
from actions.programs.screen import screen
from actions.timeline.fitting import asks_how_many, fitting_words, how_many
from actions.timeline.named_days import SERIES_ASKED, named_days
from actions.timeline.plan import (
    PlanTalk,
    answer_plan,
    ends_words,
    last_start,
    letters_in_time,
    page_of,
    plan_b,
    program_of,
    show_again,
    unchanged,
)
from actions.timeline.standing import asked_of_plan, deadline, what_first
from actions.timeline.subject import in_own_words, of_whom, wish_of
from actions.turn import Outcome, Turn
from bot.dialogue.profile import NEED_NO_VISA
from bot.nlu.message import Message
from bot.nlu.when import ONE_DAY, RANGE, Choice, NoSuchDay, Reading, Vague, When, button_day, over_by, own_day
from bot.programs.closed_months import after_closed
from bot.programs.program import ROUTES, Program, number
from bot.reply import days
from bot.reply.parts import Reply, Suggestion, Text
from bot.timeline import questions as talk
from bot.timeline import service as timelines
from bot.timeline import summary as words
from bot.timeline.plan import FEASIBLE, IMPOSSIBLE, TIGHT
from bot.timeline.planner import first_start, match_after, opening
from bot.timeline.rules import ADVISED, LEAST
from bot.timeline.season import open_match_year, season_of
from bot.timeline.situation import SCHOOL_ROUTES, Situation
from bot.timeline.wish import TimelineWish, hear, is_for_match, match_year_of, names_next_match, situation

ASKED_ONCE = (talk.START, talk.ROUTE, talk.VISA, talk.STAGE)
"""What is not asked twice for the same dates."""
PROBLEMS = {
    "vague": "utter_timeline_vague",
    "no_such_day": "utter_timeline_no_such_day",
    "past": "utter_timeline_past",
    "too_far": "utter_timeline_too_far",
    "year": "utter_timeline_year",
}


class ActionPlanTimeline(BotAction):
    """Works back from a start or a Match, and says so when it cannot work."""

    task = "timeline"

    def name(self) -> str:
        return "action_plan_timeline"

    def claims(self, turn: Turn) -> bool:
        """After a plan, "what do I do first?" and "make it October" are about the plan."""
        wish, turn = wish_of(turn), in_own_words(turn)
        is_about_it = talk.is_about_the_plan(turn.message, turn.today) or talk.goes_on_about_exams(turn.message, wish)
        if wish.planned is not None or (turn.task == self.task and turn.asked):
            is_about_it = is_about_it or talk.changes_the_plan(turn.message, turn.today) or _asks_back(turn, wish)
            is_about_it = is_about_it or talk.moves_an_exam(turn.message, wish, turn.today)
            is_about_it = is_about_it or _only_tells_of_exams(turn)
            is_about_it = is_about_it or talk.asks_for_visa_in_time(turn.message, wish)
            is_about_it = is_about_it or talk.asks_for_day(turn.message.frame, wish)
            is_about_it = is_about_it or asks_how_many(turn, wish) or talk.asks_for_letters(turn.message, wish)
            is_about_it = is_about_it or talk.asks_for_month(turn.message, wish)
            is_about_it = is_about_it or talk.asks_how_sure(turn.message, wish)
            is_about_it = is_about_it or bool(talk.asked_way(turn.message, wish))
            is_about_it = is_about_it or talk.tells_another_start(turn.message, turn.today)
        is_about_it = is_about_it or talk.asks_the_plan(turn.message, wish, turn.today)
        is_about_it = is_about_it or talk.goes_on_about_ends(turn.message, wish, turn.today)
        return super().claims(turn) or (not turn.message.is_button and is_about_it)

    def takes(self, turn: Turn) -> bool:
        """Days of a season, the last day for an exam, a vaccine series, a plan whose parts look like questions, a
        start told with the way or the visa, a time behind one's graduation, how many rotations fit into a time, and
        what is asked of the last plan after a question in between or of the program on the screen for a month."""
        wish, turn = wish_of(turn), in_own_words(turn)
        is_free = turn.task is None and not turn.asked
        is_begun = is_free and (_asks_back(turn, wish) or talk.tells_a_start(turn.message, turn.today))
        is_again = _supposes(turn) or talk.asks_how_soon(turn.message, turn.today)
        is_again = is_again or talk.asks_the_plan(turn.message, wish, turn.today)
        is_begun = is_begun or (is_free and wish.planned is not None and is_again)
        is_behind = talk.is_after_graduation(turn.message, wish, turn.today)
        is_behind = is_behind or (wish.has_goal and _asks_what_stands(turn, wish))
        if wish.planned is not None:
            is_behind = is_behind or bool(talk.asked_step(turn.message))
            is_behind = is_behind or talk.moves_an_exam(turn.message, wish, turn.today)
            is_behind = is_behind or talk.asks_for_visa_in_time(turn.message, wish)
            is_behind = is_behind or talk.asks_for_day(turn.message.frame, wish)
        is_behind = is_behind or talk.ends_with_letters(turn.message) or asks_for_a_time(turn)
        is_behind = is_behind or (is_free and bool(talk.asked_way(turn.message, wish)))
        is_behind = is_behind or (is_free and talk.tries_for_a_visa(turn.message, turn.today) is not None)
        return talk.is_about_dates(turn.message, turn.today) or is_behind or is_begun or asks_how_many(turn, wish)

    def answer(self, turn: Turn) -> Outcome:
        """The plan, the next question before it, or the last plan again."""
        return of_whom(turn, self._answer(in_own_words(turn), wish_of(turn)))

    def _answer(self, turn: Turn, before: TimelineWish) -> Outcome:
        ground = timelines.ground(turn.container.database)
        is_bare_correction = turn.only_tells and turn.message.frame.does("corrects") and before.planned is None
        if is_bare_correction and not turn.asked:
            return said_back(turn)  # of the graduation that was told just before; no plan was asked for
        if asked := how_many(turn, before) or named_days(turn, ground, before):
            return asked
        now = _listen(turn, ground, before)
        pressed = turn.message.first("date") if turn.message.is_button else None
        asks_first = pressed == "first" or (not pressed and talk.asks_what_first(turn.message) and not now.is_new)
        if asks_first and (found := what_first(turn, before)):
            return found
        if found := asked_of_plan(now, before):
            return found
        if not now.is_new and _asks_back(turn, before) and (found := _answered_back(now)):
            return found
        if talk.asks_for_letters(turn.message, before) and (found := letters_in_time(now, before)):
            return found
        is_bare = turn.message.is_button and not turn.message.entities
        wants_same = talk.asks_to_see(turn.message) and not now.is_new
        if (is_bare or wants_same) and (found := show_again(turn)):
            return found
        return _go_on(now)


def _asks_back(turn: Turn, wish: TimelineWish) -> bool:
    """Whether a few words ask the plan that stands for its deadline or for another one."""
    message = turn.message
    if wish.planned is None or message.is_button or message.frame.named("institution"):
        return False
    return talk.asks_for_deadline(message) or talk.asks_for_plan_b(message)


def _supposes(turn: Turn) -> bool:
    """Whether another visa or way is supposed, with nothing else that it could be about."""
    frame = turn.message.frame
    return talk.supposes_otherwise(turn.message) and not (turn.message.is_button or frame.named("institution"))


def _only_tells_of_exams(turn: Turn) -> bool:
    """Whether somebody tells which exams they have, and asks nothing."""
    frame = turn.message.frame
    return bool(turn.told) and bool(frame.told("exam")) and not frame.does("ask", "seek", "show", "follow_up")


def _asks_what_stands(turn: Turn, wish: TimelineWish) -> bool:
    """Whether it is asked what to do first for a known start or Match, when to come, or if letters come in time."""
    is_when = wish.match_year is not None and turn.message.frame.does("when_to_rotate", "best_time")
    return talk.asks_what_first(turn.message) or talk.asks_for_letters(turn.message, wish) or is_when


def _answered_back(now: PlanTalk) -> Outcome | None:
    if talk.asks_for_deadline(now.turn.message):
        return deadline(now)
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    return plan_b(now, situation(now.wish, now.turn.profile, start=_first_day(now), program=now.lead), planner)


def _listen(turn: Turn, ground: timelines.Ground, before: TimelineWish) -> PlanTalk:
    """The turn with everything that the message tells about the plan."""
    asked = turn.asked if turn.task == "timeline" else None
    before = replace(before, asked_for="" if before.asked_for == SERIES_ASKED else before.asked_for)
    wish, reading = hear(before, _of_dates(turn), today=turn.today, asked=asked, posts=ground.posts)
    wish = _with_known_start(turn, _for_match(turn, ground, wish, reading=reading), reading)
    learned = {**talk.learn_answers(turn.message, asked), **_exam_buttons(turn)}
    wish, reading = _after_graduation(wish, reading)
    wish = _as_answered(wish, turn, asked)
    wish, learned = _named_program(turn, ground, wish, learned=learned)
    supposed = talk.supposed_visa(turn.message)
    profile = replace(turn.profile, **{**supposed, **learned})
    turn = replace(turn, profile=profile, responses=turn.responses.given(profile.to_slots()))
    has_way = profile.route in SCHOOL_ROUTES or bool(profile.route and (profile.visa_status or wish.post))
    has_all = bool(wish.first and has_way) and not wish.match_year
    is_hopeful = has_all or talk.wants_a_verdict(turn.message, wish) or (before.planned is not None and not asked)
    if is_hopeful:
        wish = wish.without_answer(*_assumed_at_once(turn, wish))
    changed = replace(wish, unsure=before.unsure) != replace(before, unsure=before.unsure)
    is_new = changed or bool(learned or turn.learned or supposed)
    facts = {**turn.learned, **learned, **supposed}
    told = {
        "start": before.planned is not None and (wish.first, wish.soonest) != (before.first, before.soonest),
        "visa": "visa_status" in facts or wish.visa_until != before.visa_until or wish.post != before.post,
        "route": "route" in facts,
        "length": wish.weeks != before.weeks,
        "exam": wish.exam_days != before.exam_days,
        "graduation": "graduation_year" in facts,
        "host": wish.institution is not None and wish.institution != before.institution,
    }
    changed_first = next((name for name, is_told in told.items() if is_told), "") if before.planned else ""
    return PlanTalk(
        turn,
        ground,
        wish,
        reading=reading,
        learned=learned,
        is_new=is_new,
        is_hopeful=is_hopeful,
        changed=changed_first,
        tells_exam=changed_first == "exam" or (told["exam"] and turn.message.frame.does("too_late")),
        is_same_match=before.planned is not None and match_year_of(turn.message.frame) == (before.match_year or 0),
    )


def _assumed_at_once(turn: Turn, wish: TimelineWish) -> tuple[str, ...]:
    """What is not asked before a verdict that is wanted at once; at a school the visa is assumed to be missing."""
    wants_all = talk.asks_what_first(turn.message) or talk.lays_out(turn.message)
    is_at_once = wish.match_year is not None or (wish.has_goal and wants_all)
    is_judged = turn.profile.route in SCHOOL_ROUTES and turn.message.frame.does("feasible")
    more = talk.ASSUMED_FOR_MATCH if is_at_once else (talk.VISA,) if is_judged else ()
    return (*talk.ASSUMED, *more)


def _with_known_start(turn: Turn, wish: TimelineWish, reading: Reading | None) -> TimelineWish:
    """The wish with the month that was looked for before ("an elective in October", then "what do I do now?")."""
    is_open = not (wish.has_goal or reading or turn.message.is_button)
    known = button_day(turn.slots.get("start_month") or "") if is_open else None
    return wish.starting(known) if known and known.last >= turn.today else wish


def _of_dates(turn: Turn) -> Message:
    """The message without a year that corrects the one of graduation."""
    said, _ = turn.message.frame.bare_years
    is_of_graduation = bool(said) and turn.told.get("graduation_year") == said[0]
    return replace(turn.message, frame=replace(turn.message.frame, dimensions=())) if is_of_graduation else turn.message


def _as_answered(wish: TimelineWish, turn: Turn, asked: str | None) -> TimelineWish:
    """The wish of who does not know, or wants all steps and names no day again: as soon as possible."""
    if asked and talk.says_unsure(turn.message):
        return replace(wish.without_answer(asked), soonest=wish.soonest or asked == talk.START)
    is_soonest = asked == talk.START and talk.lays_out(turn.message) and not wish.has_goal
    return replace(wish, soonest=True) if is_soonest else wish


def _for_match(turn: Turn, ground: timelines.Ground, wish: TimelineWish, *, reading: Reading | None) -> TimelineWish:
    """The wish with the coming Match, or the one that letters are needed for, where nothing else was named."""
    frame, is_dated = turn.message.frame, reading is not None or wish.match_year is not None
    letters = own_day(frame, turn.today, "letters_by") if not is_dated else None
    if letters:
        year = open_match_year(letters.first, ground.rules, ground.facts)
        return replace(wish.without_start(), match_year=year)
    if reading is None and names_next_match(frame) and not match_year_of(frame):
        year = open_match_year(turn.today, ground.rules, ground.facts)
        return replace(wish.without_start(), match_year=year)
    return wish


def _exam_buttons(turn: Turn) -> dict[str, Any]:
    pressed = turn.message.first("confirmed") if turn.message.is_button else None
    state = {"exams": "passed", "no_exams": "not_taken"}.get(pressed or "")
    return dict.fromkeys(talk.asked_exams(turn.asked), state) if state else {}


def _after_graduation(wish: TimelineWish, reading: Reading | None) -> tuple[TimelineWish, Reading | None]:
    """ "After I graduate" and "before I graduate" are dates once the graduation is known."""
    if isinstance(reading, Vague) and "graduat" in reading.text and wish.graduation:
        if reading.text.startswith("before"):
            return replace(wish.without_start(), until=wish.graduation), None
        start = wish.graduation + ONE_DAY
        return wish.starting(When(start, start)), When(start, start)
    return wish, reading


def _named_program(
    turn: Turn, ground: timelines.Ground, wish: TimelineWish, *, learned: dict[str, Any]
) -> tuple[TimelineWish, dict[str, Any]]:
    """An institution that is named, or was just shown, brings its own route; another route leaves it behind."""
    frame = turn.message.frame
    just_shown = () if frame.wished("institution") else _just_shown(turn)
    if just_shown:
        slug = just_shown[0].slug if len(just_shown) == 1 else None
        wish = replace(wish, institution=just_shown[0].institution, program=slug)
    said_route = learned.get("route") or next(iter(frame.wished("route")), None)
    if not (frame.wished("institution") or just_shown):
        is_elsewhere = said_route and wish.institution and said_route != turn.slots.get("route")
        return (replace(wish, institution=None, program=None) if is_elsewhere else wish), learned
    program = program_of(ground, wish, turn.profile)
    if program and program.route in ROUTES and not said_route:
        learned = {**learned, "route": program.route}
    return wish, learned


def _just_shown(turn: Turn) -> tuple[Program, ...]:
    """What was shown or said last of one institution: "too late for April?" is about that one."""
    shown = screen(turn) if turn.task == "program" and not turn.message.is_button else None
    if shown is None or not shown.is_one or turn.message.frame.named("route"):
        return ()
    return shown.programs if len({program.institution for program in shown.programs}) == 1 else ()


def _go_on(now: PlanTalk) -> Outcome:
    """The answer to what was said: a question back, a partial answer with a question, or the plan."""
    if ends := _ends_in_time(now):
        return ends
    if now.turn.message.frame.does("best_time") and not now.wish.match_year:
        return _ask_start(replace(now, wish=now.wish.without_start()))
    problem = talk.problem_of(now.reading, now.turn.today)
    if problem:
        return _again(now, problem)
    start = _first_day(now)
    if closed := _closed_then(now, start):
        return closed
    wanted = situation(now.wish, now.turn.profile, start=start, program=now.lead)
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    wanted = _with_stays(now, wanted, planner)
    asked = talk.next_question(now.wish, wanted, planner)
    if asked and _is_asked_again(now, asked):
        given_up = (asked,) if now.is_new else (*talk.ASSUMED, *talk.ASSUMED_FOR_MATCH)
        wish = now.wish.without_answer(*given_up)
        wish = replace(wish, soonest=True) if asked == talk.START else wish
        return _go_on(replace(now, wish=wish, is_hopeful=True))
    if asked:
        return _ask(now, asked, start=start)
    message = now.turn.message
    asks_anew = message.intent == "plan_timeline" or message.frame.does("feasible")
    asks_anew = asks_anew or talk.asks_how_soon(message, now.turn.today)
    if not (now.is_new or asks_anew or now.turn.asked):
        return unchanged(now)
    return answer_plan(now, wanted, planner)


def _with_stays(now: PlanTalk, wanted: Situation, planner: talk.Planner) -> Situation:
    """With another start a plan for a Match keeps as many of its rotations as there is time for."""
    if not (wanted.match_year and wanted.start and now.wish.stays) or wanted.rotations:
        return wanted
    counts = (replace(wanted, rotations=count) for count in range(now.wish.stays, 0, -1))
    return next((each for each in counts if planner.verdict(each) != IMPOSSIBLE), wanted)


def _closed_then(now: PlanTalk, start: date | None) -> Outcome | None:
    """That the named program takes nobody in that month, with the next one that is open; None where it does."""
    program, window = now.program, now.program.application_window if now.program else ""
    after = after_closed(window, start) if start and isinstance(now.reading, When) else None
    if program is None or start is None or after is None:
        return None
    key = "utter_timeline_program_closed_then"
    values = {"program": program.institution, "month": f"{start:%B}", "window": window, "after": f"{after:%B %Y}"}
    said = Text(now.say(key, **values), page_of(program))
    buttons = now.turn.responses.buttons(key, after=f"{after:%B %Y}", iso=f"{after:%Y-%m}")
    return Outcome(Reply((said,), buttons), now.slots(asked=talk.START, wish=now.wish.without_start()))


def _first_day(now: PlanTalk) -> date | None:
    wish = now.wish
    if wish.soonest and not wish.first:
        free = situation(wish, now.turn.profile, start=None, program=now.lead)
        return first_start(replace(free, match_year=None), now.ground.rules, now.ground.facts, today=now.turn.today)
    if wish.until and not wish.first:
        stay = situation(wish, now.turn.profile, start=None, program=None).days(now.ground.facts)
        return max(wish.until - (stay - 1) * ONE_DAY, now.turn.today)
    return max(wish.first, now.turn.today) if wish.first else None


def _again(now: PlanTalk, problem: str) -> Outcome:
    """Why a date cannot be used, and the question for another one."""
    reading = now.reading
    said = reading.text if isinstance(reading, (Vague, NoSuchDay)) else ""
    when = days.name(reading) if isinstance(reading, When) else said
    values = {"words": said, "when": when, "today": days.day(now.turn.today)}
    year = reading.first.year if isinstance(reading, When) else ""
    key = PROBLEMS[problem]
    reply = Reply(now.say_reply(key, **values, year=year).parts, _start_buttons(now, key))
    return Outcome(reply, now.slots(asked=talk.START, wish=now.wish.without_start()))


def _start_buttons(now: PlanTalk, key: str) -> tuple[Suggestion, ...]:
    today = now.turn.today
    summer = today.year + (today.month >= 6)
    match = open_match_year(today, now.ground.rules, now.ground.facts)
    return now.turn.responses.buttons(key, summer=summer, match=match)


def _ask(now: PlanTalk, asked: str, *, start: date | None) -> Outcome:
    """The question, after what can be said already."""
    if asked == talk.CHOICE:
        return _ask_choice(now)
    if asked == talk.START:
        return _ask_start(now)
    key, values = _question(now, asked, start)
    reply = now.say_reply(key, **values)
    known = tuple(Text(line) for line in (*_graduated_by(now, start), *_fitting(now), *_about_visa(now, start)))
    return Outcome(Reply((*known, *reply.parts), reply.suggestions), now.slots(asked=asked))


def _graduated_by(now: PlanTalk, start: date | None) -> list[str]:
    """That electives are closed by then, where somebody who studies now will have graduated."""
    wanted = situation(now.wish, now.turn.profile, start=start, program=None)
    if wanted.stage == "graduate" or wanted.stage_on(start) != "graduate" or not (start and wanted.graduation):
        return []
    when, graduation = days.window(now.wish) or f"on {days.day(start)}", days.day(wanted.graduation)
    return [now.say("utter_timeline_graduated_first", when=when, graduation=graduation)]


def _fitting(now: PlanTalk) -> list[str]:
    """How many rotations fit into a time off for a Match, where it is told now."""
    wish = now.wish
    is_told = isinstance(now.reading, When) and wish.grain == RANGE and wish.match_year is not None
    return [fitting_words(wish.first, wish.last, now.say)] if is_told and wish.first and wish.last else []


def _about_visa(now: PlanTalk, start: date | None) -> list[str]:
    """What can be said of the visa before the way is known: that it ends too early, and the wait for an interview."""
    wish, frame = now.wish, now.turn.message.frame
    wanted = situation(wish, now.turn.profile, start=start, program=now.lead)
    if not (start and wanted.visa == "needs") or wish.match_year:
        return []
    lines = words.wait_words(wanted.post, now.ground.facts, now.say)
    if wish.visa_until and now.turn.profile.visa_status == "has":
        key = "utter_timeline_new_visa_yes" if frame.does("trouble") else "utter_timeline_new_visa"
        when = days.window(wish) or f"on {days.day(start)}"
        lines.insert(0, now.say(key, when=when, visa_until=days.day(wish.visa_until)))
    return lines


def _is_asked_again(now: PlanTalk, asked: str) -> bool:
    """Whether a question comes next that was just put for these dates.

    Who tells something else instead is asked the next one; who tells nothing gets a plan that says what it assumes.
    """
    turn, before = now.turn, wish_of(now.turn)
    is_same = turn.task == "timeline" and turn.asked == asked and asked in ASKED_ONCE
    is_another_way = asked == talk.START and "route" in {**turn.learned, **now.learned}  # with lead times of its own
    return is_same and not is_another_way and _dates(before) == _dates(now.wish)


def _dates(wish: TimelineWish) -> tuple[object, ...]:
    """What the words of a question for the way or the visa depend on."""
    return wish.first, wish.last, wish.soonest, wish.match_year, wish.institution


def _question(now: PlanTalk, asked: str, start: date | None) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {**words.figures(now.ground.facts)}
    if start:
        when = days.window(now.wish) or f"on {days.day(start)}"
        values |= {"when": when, **words.lead_days(start, now.ground.facts, now.say, today=now.turn.today)}
    has_start = bool(start) and not now.wish.soonest and not now.wish.match_year
    if asked == talk.ROUTE and now.wish.match_year:
        return "utter_timeline_ask_route_match", _match_days(now, now.wish.match_year)
    if asked == talk.ROUTE:
        return (
            _ways(now, start, values, asked=asked)
            if has_start and start
            else ("utter_timeline_ask_route_short", values)
        )
    if asked == talk.VISA and now.wish.has_place:
        return "utter_timeline_ask_visa_placed", values
    if asked == talk.VISA:
        is_third = now.turn.profile.route not in SCHOOL_ROUTES
        if now.wish.match_year and not now.turn.asked:
            return "utter_timeline_ask_visa_match", _match_days(now, now.wish.match_year)
        if has_start and start and is_third:
            is_late = all(
                _is_over(key, start, now) for key in ("utter_timeline_way_third", "utter_timeline_way_no_visa")
            )
            if is_late or now.turn.message.frame.does("feasible"):
                return _ways(now, start, values, asked=asked)
        return ("utter_timeline_ask_visa" if has_start and is_third else "utter_timeline_ask_visa_short"), values
    if asked == talk.STAGE:
        return "utter_timeline_ask_stage", values
    return ("utter_timeline_ask_exams_match" if asked == talk.EXAMS_FOR_MATCH else "utter_timeline_ask_exams"), values


def _match_days(now: PlanTalk, year: int) -> dict[str, object]:
    """The days of a Match that a question names."""
    season = season_of(year, now.ground.rules, now.ground.facts)
    shown = {"letters": season["letters_ready"], "review": season["review_starts"]}
    return {"year": year, **{name: days.day(found.day) for name, found in shown.items()}}


WAYS: dict[str, dict[str, Any]] = {
    "utter_timeline_way_third": {"route": "third_party", "visa": "has"},
    "utter_timeline_way_no_visa": {"route": "third_party", "visa": "needs"},
    "utter_timeline_way_direct": {"route": "direct"},
}
"""The ways to apply, as far as they have days of their own."""
JUDGED = {
    "utter_timeline_way_third": ("utter_timeline_judged_third", "third_by"),
    "utter_timeline_way_no_visa": ("utter_timeline_judged_no_visa", "no_visa_by"),
    "utter_timeline_way_direct": ("utter_timeline_judged_direct", "direct_by"),
}
JUDGMENTS = {
    FEASIBLE: "utter_timeline_judged_yes",
    TIGHT: "utter_timeline_judged_tight",
    IMPOSSIBLE: "utter_timeline_judged_no",
}
JUDGMENTS_FROM = {FEASIBLE: "utter_timeline_judged_from", TIGHT: "utter_timeline_judged_from_tight"}
"""The same for a part of a time."""


def _ways(now: PlanTalk, start: date, values: dict[str, object], *, asked: str) -> tuple[str, dict[str, object]]:
    """The last day to apply by each way that is open, and whether it still works where that was asked."""
    planner = talk.Planner(now.ground.rules, now.ground.facts, now.turn.today)
    wanted = situation(now.wish, now.turn.profile, start=start, program=None)
    passed: dict[str, Any] = dict.fromkeys(talk.unknown_exams(wanted), "passed")
    wanted = replace(wanted, **passed)
    visa = "has" if wanted.visa in NEED_NO_VISA else wanted.visa
    ways = {key: way for key, way in WAYS.items() if not visa or way.get("visa", visa) == visa}
    route = "third_party" if asked == talk.VISA else wanted.route
    ways = {key: way for key, way in ways.items() if route in (None, way["route"])}
    if not (now.turn.message.frame.does("feasible") or all(_is_over(key, start, now) for key in ways)):
        lines = [now.say(key, **values) for key in ways]
        return "utter_timeline_ask_route", {**values, "ways": "\n".join(f"- {line}" for line in lines)}
    last = last_start(now, wanted)
    found = {
        key: opening(replace(wanted, **way), last, planner.rules, planner.facts, today=planner.today)
        for key, way in ways.items()
    }
    lines = [_judged(now, key, found[key], planner=planner, wanted=replace(wanted, **ways[key])) for key in ways]
    asks_late = now.turn.message.frame.does("too_late")
    verdict = words.open_words(found.values(), str(values["when"]), now.say, start=start, asks_late=asks_late)
    ways_said = "\n".join(f"- {line}" for line in lines)
    key = "utter_timeline_ask_visa_judged" if asked == talk.VISA else "utter_timeline_ask_route_judged"
    return key, {**values, "verdict": verdict, "ways": ways_said}


def _judged(now: PlanTalk, way: str, found: tuple[str, date], *, planner: talk.Planner, wanted: Situation) -> str:
    """What a way still allows: the whole of the time that was asked for, a part of it, or a later start."""
    (verdict, first), start = found, wanted.start or planner.today
    kept = {} if verdict != IMPOSSIBLE else _first_starts(wanted, planner)
    due = words.last_days(start, now.ground.facts)[JUDGED[way][1]]
    key = (JUDGMENTS_FROM if first > start else JUDGMENTS)[verdict]
    key = "utter_timeline_judged_no_luck" if kept and len(set(kept.values())) == 1 else key
    return now.say(key, way=now.say(JUDGED[way][0]), day=days.day(due), first=days.day(first), **kept)


def _first_starts(wanted: Situation, planner: talk.Planner) -> dict[str, str]:
    """The first starts that are left for who applies now: with luck, and with care."""
    levels = {"possible": LEAST, "comfortable": ADVISED}
    return {
        name: days.day(first_start(wanted, planner.rules, planner.facts, today=planner.today, level=level))
        for name, level in levels.items()
    }


def _is_over(way: str, start: date, now: PlanTalk) -> bool:
    """Whether the advised last day to apply by a way is past."""
    return words.last_days(start, now.ground.facts)[JUDGED[way][1]] < now.turn.today


def _ask_choice(now: PlanTalk) -> Outcome:
    first, second = (date.fromisoformat(item) for item in now.wish.options[:2])
    named = _names_of(now, first, second)
    values = {**named, "first_iso": first.isoformat(), "second_iso": second.isoformat()}
    key = "utter_timeline_ask_choice"
    reply = Reply((Text(now.turn.responses.text(key, **values)),), now.turn.responses.buttons(key, **values))
    return Outcome(reply, now.slots(asked=talk.CHOICE))


def _names_of(now: PlanTalk, first: date, second: date) -> dict[str, str]:
    if isinstance(now.reading, Choice):
        return dict(zip(("first", "second"), map(days.name, now.reading.options), strict=False))
    return {"first": days.day(first), "second": days.day(second)}


def _ask_start(now: PlanTalk) -> Outcome:
    """The lead times that apply, then the question for a date."""
    key, figures = "utter_timeline_ask_start", words.figures(now.ground.facts)
    parts = [Text(now.say(key, **figures), now.lead_sources())]
    if now.program:
        parts.insert(0, Text(_program_line(now)))
    if now.turn.message.frame.does("best_time"):
        best = now.ground.facts[words.BEST_MONTHS].value
        parts.insert(0, Text(now.say("utter_timeline_best_months", best=best)))
    if now.wish.graduation and now.wish.graduation > now.turn.today:
        parts.insert(0, Text(_graduation_line(now, now.wish.graduation)))
    return Outcome(Reply(tuple(parts), _start_buttons(now, key)), now.slots(asked=talk.START))


def _graduation_line(now: PlanTalk, graduation: date) -> str:
    rules, facts = now.ground.rules, now.ground.facts
    year = open_match_year(now.turn.today, rules, facts)
    review = season_of(year, rules, facts)["review_starts"].day
    return now.say("utter_timeline_graduation", graduation=days.day(graduation), match=year, review=days.day(review))


def _program_line(now: PlanTalk) -> str:
    lead = now.lead
    months = [number(item) for item in (lead.least, lead.advised) if item is not None] if lead else []
    name = lead.name if lead else ""
    if not months:
        return now.say("utter_timeline_program_silent", program=name)
    return now.say("utter_timeline_program_lead", program=name, months=" to ".join(dict.fromkeys(months)))


def _ends_in_time(now: PlanTalk) -> Outcome | None:
    """Whether a rotation that ends on a day is in time for the letters of a Match."""
    frame, today = now.turn.message.frame, now.turn.today
    ends = over_by(frame, today) if is_for_match(frame) or talk.ends_with_letters(now.turn.message) else None
    if talk.goes_on_about_ends(now.turn.message, now.wish, today) and isinstance(now.reading, When):
        ends = now.reading.last
    if ends is None or ends < today:
        return None
    year, _ = match_after(ends, now.ground.rules, now.ground.facts)
    said = ends_words(now, ends, asked=now.wish.match_year or ends.year + 1)
    caution = Text(now.say("utter_timeline_caution_estimates"))
    wish = replace(now.wish.without_start(), match_year=year, asked_for=talk.ENDS)
    return Outcome(Reply((Text(said), caution)), now.slots(asked=None, wish=wish))
