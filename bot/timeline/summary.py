"""Says a plan: the verdict, its reasons, what is due, what would work instead, and what was assumed.

The words stand in `data/responses/timeline.yml`; here it is decided which of them are said, and with which figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from bot.nlu.when import RANGE
from bot.programs.program import number
from bot.reply.days import day, month, window
from bot.reply.lengths import within_words
from bot.reply.parts import Milestone, Source
from bot.timeline.deadlines import RESULT_PLAN, exam_limit
from bot.timeline.plan import FEASIBLE, IMPOSSIBLE, TIGHT, VERDICTS, Alternative, Plan, Step
from bot.timeline.rules import Facts, PlanRules, figure
from bot.timeline.season import season_of
from bot.timeline.situation import SCHOOL_ROUTES, STAY_OF_VISA_WAIVER
from bot.timeline.spans import Span
from bot.timeline.wish import TimelineWish


class Say(Protocol):
    """Words by key, with the placeholders filled in."""

    def __call__(self, key: str, **values: object) -> str: ...


THIRD, DIRECT, NO_VISA = "faq_lead_third_party_months", "faq_lead_us_school_months", "faq_lead_no_visa_months"
PROVIDER, HOSPITAL = "rotation_apply_months_third_party", "hospital_elective_apply_months"
WAITS = "visa_wait_months_long_posts"
STEP1_RESULT, BEST_MONTHS = "usmle_result_weeks_plan", "usce_best_months_for_letters"
VSLO_OPENS = "vslo_catalog_opening_month"
SAID_FACTS = frozenset({THIRD, DIRECT, NO_VISA, PROVIDER, HOSPITAL, WAITS, STEP1_RESULT, BEST_MONTHS, VSLO_OPENS})
"""Every fact that the words about a plan name."""
REFUSED = {
    "elective_after_graduation": "utter_timeline_refused_elective",
    "externship_before_graduation": "utter_timeline_refused_externship",
}
CAUTIONS = {
    "graduate_direct": "utter_timeline_caution_graduate_direct",
    "graduated_by_then": "utter_timeline_caution_graduated_by_then",
    "not_graduated_yet": "utter_timeline_caution_not_graduated_yet",
    "ends_after_graduation": "utter_timeline_caution_ends_after_graduation",
    "waiver_too_short": "utter_timeline_caution_waiver_too_short",
    "consulate_unknown": "utter_timeline_caution_consulate_unknown",
    "telehealth_weight": "utter_timeline_caution_telehealth_weight",
    "program_closed": "utter_timeline_caution_program_closed",
    "vslo_opens": "utter_timeline_caution_vslo_opens",
    "visa_ends": "utter_timeline_caution_visa_ends",
    "visa_ends_during": "utter_timeline_caution_visa_ends_during",
    "estimates": "utter_timeline_caution_estimates",
    "fewer_rotations": "utter_timeline_caution_fewer_rotations",
}
EXAMS = {"step1": "utter_timeline_exam_step1", "step2ck": "utter_timeline_exam_step2ck"}
EXAM_DAYS = {
    "in_time": "utter_timeline_exam_day_in_time",
    "close": "utter_timeline_exam_day_close",
    "after": "utter_timeline_exam_day_after",
}
SAID_BEFORE = frozenset({"graduated_by_then", "visa_ends", "visa_ends_during"})
"""What is said before anything else."""
SAID_BELOW = frozenset(
    {
        "graduate_direct",
        "not_graduated_yet",
        "ends_after_graduation",
        "waiver_too_short",
        "consulate_unknown",
        "program_closed",
        "vslo_opens",
        "fewer_rotations",
    }
)
"""What is said with the plan; all else is folded behind it."""
ANSWERS = ("utter_timeline_yes_but", "utter_timeline_no")
LATE_ANSWERS = ("utter_timeline_not_late_but", "utter_timeline_late")
"""How a tight start and one that does not work are answered: to "is it possible", and to "is it too late"."""
NEXT_STEPS, MOST_INSTEAD = 3, 2
NO_SLACK = timedelta(days=7)
"""A day to apply this close is only that of the earliest start, where nobody asked for that start."""
IF_OPEN = {"step1_exam": "step1", "step2ck_exam": "step2ck"}
"""Steps that may be done already, with the field of the situation that would say so."""
MOST_WORDS = 110
"""Of what is said at once; a plan that is longer is folded."""
INSTEAD = {
    "third_party": "utter_timeline_instead_third_party",
    "telehealth": "utter_timeline_instead_telehealth",
    "observership": "utter_timeline_instead_observership",
    "later": "utter_timeline_instead_later",
    "next_cycle": "utter_timeline_instead_next_cycle",
}
INSTEAD_TIGHT = {
    "third_party": "utter_timeline_instead_third_party_tight",
    "next_cycle": "utter_timeline_instead_next_cycle_tight",
}


@dataclass(frozen=True)
class SaidPlan:
    """What a plan is said with: the wish behind it, assumptions by key, and the plan for the end of a long window.

    `is_asked` says that somebody asked whether it works, so that a yes or no comes first; `asks_late` that they
    asked whether it is too late, so that the other word comes first; `wants_first` that they asked what to do first,
    `wants_all` that they asked for every date; `ends` is the last day of a stay that has another length now.
    `lacks_visa` says that the plan would work with a visa in hand; `before` is the last day to apply of the plan
    before, `because` the words for what has changed since, `tells_exam` whether it is the day of an exam, and
    `is_same_match` that the Match of the plan was named anew, and `page` what the program's page says of its dates;
    `other_time` that the Match can be reached in another time than the one that was named.
    """

    wish: TimelineWish
    rules: PlanRules
    facts: Facts
    say: Say
    assumed: tuple[str, ...] = ()
    last_apply: date | None = None
    part_of_window: bool = False
    is_asked: bool = False
    wants_first: bool = False
    wants_all: bool = False
    ends: date | None = None
    asks_late: bool = False
    lacks_visa: bool = False
    before: date | None = None
    because: str = ""
    tells_exam: bool = False
    is_same_match: bool = False
    page: str = ""
    other_time: bool = False


def figures(facts: Facts) -> dict[str, str]:
    """The lead times for the words, as the facts have them now."""
    return {
        "third": facts[THIRD].value,
        "direct": facts[DIRECT].value,
        "no_visa": facts[NO_VISA].value,
        "provider": facts[PROVIDER].value,
        "hospital": facts[HOSPITAL].value,
        "hospital_low": number(figure(facts, HOSPITAL)[0]),
        "direct_low": number(figure(facts, DIRECT)[0]),
    }


def last_days(start: date, facts: Facts) -> dict[str, date]:
    """The last days to apply for a start, by way and visa."""

    def back(key: str, end: int) -> date:
        return Span.of(figure(facts, key)[end], facts[key].unit).before(start)

    return {
        "third_by": back(THIRD, 1),
        "no_visa_by": back(NO_VISA, 0),
        "direct_from": back(DIRECT, 1),
        "direct_by": back(DIRECT, 0),
    }


def lead_days(start: date, facts: Facts, say: Say, *, today: date) -> dict[str, str]:
    """The last days to apply in words; a day that is over is called so."""
    found = last_days(start, facts)
    return {
        name: say("utter_timeline_day_over", day=day(last)) if last < today else day(last)
        for name, last in found.items()
    }


def open_words(openings: Iterable[tuple[str, date]], when: str, say: Say, *, start: date, asks_late: bool) -> str:
    """Whether a start still works, where that is to be asked by way of applying: what is possible first.

    `openings` are the verdicts of the ways, each with the day from which it holds.
    """
    found = list(openings)
    kinds = {verdict for verdict, _ in found}
    if kinds == {IMPOSSIBLE}:
        return say("utter_timeline_open_late" if asks_late else "utter_timeline_open_no", when=when)
    verdict, first = min(found, key=lambda item: (VERDICTS.index(item[0]), item[1]))
    if first > start:
        late = "utter_timeline_open_from_not_late" if asks_late else "utter_timeline_open_from"
        return say(late if verdict == FEASIBLE else "utter_timeline_open_from_tight", first=day(first))
    if IMPOSSIBLE in kinds:
        return say("utter_timeline_open_depends", when=when)
    if asks_late and kinds != {TIGHT}:
        return say("utter_timeline_open_not_late", when=when)
    return say("utter_timeline_open_tight" if kinds == {TIGHT} else "utter_timeline_open_yes", when=when)


def plan_words(plan: Plan, said: SaidPlan) -> tuple[str, str]:
    """What is said above the list of steps, and what is folded behind it.

    The verdict and the first steps are always said; what would work, cautions and what was assumed as far as there is
    room, the reasons never.
    """
    say = said.say
    first = [_caution(name, plan, said) for name in plan.cautions if name in SAID_BEFORE and not plan.refused]
    exams = _exams(plan, said)
    first += exams if said.tells_exam else []
    changed = (*_changed(plan, said), *_ends(plan, said))
    is_told = plan.verdict == IMPOSSIBLE and "visa_ends_during" in plan.cautions  # that the visa ends says it all
    verdict = " ".join([*first, *([] if is_told else _verdict(plan, said)), *changed, *_waits(plan, said)])
    verdict = verdict if said.tells_exam else " ".join([verdict, *exams])
    steps = _next(plan, say) if plan.verdict != IMPOSSIBLE and not said.wants_first else _first(plan, said)
    verdict = " ".join(filter(None, (verdict, said.page)))
    # What has changed is said, and the steps are folded.
    is_changed = bool(said.because and said.before) and not said.wants_all
    opening = [steps, verdict] if said.wants_first and plan.verdict != IMPOSSIBLE else [verdict, steps]
    opening, later = ([verdict], [steps]) if is_changed else (opening, [])
    instead = _list(say("utter_timeline_instead"), [_instead(item, say) for item in plan.alternatives[:MOST_INSTEAD]])
    below = _below(plan, said)
    shown, folded = within_words(opening, (instead, *([] if said.because else below)), most=MOST_WORDS)
    behind = [*later, *folded, _reasons(plan, said), *(below if said.because else ())]
    return "\n\n".join(shown), "\n\n".join(filter(None, behind))


def short_words(plan: Plan, said: SaidPlan) -> str:
    """The verdict alone, and before it what the day of an exam means where that was told."""
    exams = _exams(plan, said) if said.tells_exam else []
    verdict = _verdict(plan, said) if said.is_asked or not exams else _changed(plan, said)
    return " ".join([*exams, *verdict])


def _below(plan: Plan, said: SaidPlan) -> tuple[str, str]:
    """The cautions that stand below a plan, and what was assumed; with a plan that is only changed they are folded."""
    if plan.situation.match_year and plan.verdict == IMPOSSIBLE:
        return "", ""
    cautions = " ".join(_caution(name, plan, said) for name in plan.cautions if name in SAID_BELOW)
    return cautions, said.say("utter_timeline_assumed", assumed="; ".join(said.assumed)) if said.assumed else ""


def _reasons(plan: Plan, said: SaidPlan) -> str:
    """Why these dates, and what else is good to know: for who wants to read on."""
    spoken = SAID_BEFORE | SAID_BELOW
    others = [_caution(name, plan, said) for name in plan.cautions if name not in spoken]
    return "\n\n".join(filter(None, (" ".join(_why(plan, said)), _list("", others))))


def next_words(steps: Iterable[Step], computed: date, say: Say, unknown: Collection[str] = ()) -> list[str]:
    """One line a step: what, and by when; of `unknown` steps nobody told whether they are done."""
    return [_step_line(step, computed, say, is_unknown=step.id in unknown) for step in steps]


def first_words(steps: Sequence[Step], today: date, say: Say) -> str:
    """What to do first, and then, each with its day."""
    lines = next_words(steps, today, say)
    return " ".join(
        [say("utter_timeline_first", first=lines[0]), *(say("utter_timeline_then", then=x) for x in lines[1:])]
    )


def then_words(steps: Sequence[Step], today: date, say: Say) -> str:
    """What to do behind the steps that were said before, each with its day."""
    return " ".join(say("utter_timeline_then", then=line) for line in next_words(steps, today, say))


def milestones(steps: Iterable[Step], facts: Facts, say: Say) -> tuple[Milestone, ...]:
    """The steps as a reply shows them."""
    return tuple(
        Milestone(
            step.id,
            step.title,
            step.earliest.isoformat(),
            max(step.latest, step.earliest).isoformat() if step.status != "late" else step.latest.isoformat(),
            status=step.status,
            note=_note(step, say),
            estimated=step.estimated,
            source=source(facts, step.source),
        )
        for step in steps
    )


def source(facts: Facts, key: str) -> Source | None:
    """Where a fact comes from; one without a page names it in its explanation."""
    fact = facts.get(key)
    if fact is None:
        return None
    return Source(
        fact.explanation if not fact.source_url else fact.applies_to or fact.key, fact.source_url, fact.source_date
    )


def sources(plan: Plan, facts: Facts) -> tuple[Source, ...]:
    """The sources of the figures that a verdict rests on."""
    leads = (DIRECT, HOSPITAL) if plan.situation.by_route in SCHOOL_ROUTES else (THIRD, PROVIDER)
    route = leads if plan.step("apply") else ()
    visa = (NO_VISA,) if plan.step("visa_booking") else ()
    found = [source(facts, key) for key in (*route, *visa)]
    program = plan.situation.program
    if program and program.source_url:
        found.insert(0, Source(program.name, program.source_url, program.source_date))
    return tuple(dict.fromkeys(item for item in found if item))


def title(plan: Plan, say: Say) -> str:
    """The name of a plan."""
    if plan.situation.match_year:
        return say("utter_timeline_title_match", year=plan.situation.match_year)
    return say("utter_timeline_title", start=day(plan.situation.start or plan.computed))


def _verdict(plan: Plan, said: SaidPlan) -> list[str]:
    if plan.refused:
        return [said.say(REFUSED[plan.refused])]
    return _match_verdict(plan, said) if plan.situation.match_year else _start_verdict(plan, said)


def _start_verdict(plan: Plan, said: SaidPlan) -> list[str]:
    say, start, apply = said.say, plan.situation.start or plan.computed, plan.step("apply")
    values: dict[str, object] = {
        "when": _when(plan, said),
        "start": day(start),
        "possible": _day(plan.first_possible),
        "comfortable": _day(plan.first_comfortable),
        "apply": _day(apply.latest if apply else None),
        "apply_last": _day(said.last_apply),
        "advised": _day(apply.advised if apply else None),
        "fits": _fits(plan, said),
        "no_visa": said.facts[NO_VISA].value,
    }
    is_easier = plan.first_possible != plan.first_comfortable
    values["easy"] = say("utter_timeline_easy", **values) if is_easier else ""
    keys = LATE_ANSWERS if said.asks_late else ANSWERS
    yes, no = (say(key) if said.is_asked else "" for key in keys)
    lines = [_soonest(plan, values, say)] if said.wish.soonest else []
    if plan.verdict == IMPOSSIBLE:
        late = _latest_missed(plan)
        key = "utter_timeline_impossible" if late else "utter_timeline_impossible_other"
        key = "utter_timeline_impossible_apply" if late and late.id == "apply" else key
        key = _lacking_visa(plan, said) if late and said.lacks_visa else key
        due = {"task": late.title.lower() if late else "", "due": _day(late.latest if late else None)}
        return [*lines, _begun(f"{no} {say(key, **values, **due)}".strip())]
    if plan.verdict == TIGHT:
        booking = plan.step("visa_booking")
        key = "utter_timeline_tight_visa" if booking and booking.advised else "utter_timeline_tight"
        key = key if apply and apply.advised else "utter_timeline_tight_other"
        step = plan.step("visa_interview")
        if (interview := plan.situation.interview_on) and step and step.critical:
            key, values = "utter_timeline_tight_interview", {**values, **_before_start(interview, start)}
        lines.append(_begun(f"{yes} {say(key, **values)}".strip()))
    elif not lines:
        lines.append(_feasible(apply, said, values))
    return lines


def _soonest(plan: Plan, values: Mapping[str, object], say: Say) -> str:
    has_luck = plan.first_possible != plan.first_comfortable
    return say("utter_timeline_soonest" if has_luck else "utter_timeline_soonest_only", **values)


def _lacking_visa(plan: Plan, said: SaidPlan) -> str:
    """The words for a start that only a visa in hand would save: by the months of the rule, or a longer wait."""
    first = plan.first_possible or plan.computed
    by_rule = last_days(first, said.facts)["no_visa_by"] <= plan.computed
    return "utter_timeline_impossible_visa" if by_rule else "utter_timeline_impossible_wait"


def _fits(plan: Plan, said: SaidPlan) -> str:
    """What of the only time that somebody has is left from the first possible start on; empty where all of it is."""
    first, until = plan.first_possible, said.wish.until
    if not (first and until):
        return ""
    weeks = ((until - first).days + 1) // 7
    key = "utter_timeline_fits_left" if weeks >= 1 else "utter_timeline_fits_nothing"
    return f" {said.say(key, weeks=weeks, until=day(until))}"


def _when(plan: Plan, said: SaidPlan) -> str:
    """The time of the start that a verdict is on: of a long time the part that works, and by when all has to be over
    where it does not."""
    start = day(plan.situation.start or plan.computed)
    if said.part_of_window:
        return said.say("utter_timeline_from", start=start)
    when = window(said.wish) if said.wish.first else f"on {start}"
    is_too_short = plan.verdict == IMPOSSIBLE and said.wish.first and said.wish.until
    return said.say("utter_timeline_over_by", when=when, until=_day(said.wish.until)) if is_too_short else when


def _before_start(interview: date, start: date) -> dict[str, object]:
    """The day of a booked interview, and the days from it to the start."""
    return {"interview": day(interview), "left": (start - interview).days}


def _changed(plan: Plan, said: SaidPlan) -> list[str]:
    """What is different from the plan before: the last day to apply, and why."""
    apply = plan.step("apply")
    if not (said.before and apply) or plan.verdict == IMPOSSIBLE or said.wish.soonest:
        return []
    due = apply.advised or apply.latest
    if due < plan.computed:
        return []  # the verdict says so
    key = "utter_timeline_changed" if due != said.before else "utter_timeline_unchanged"
    values = {"apply": day(due), "before": day(said.before), "because": said.because}
    return [" ".join(said.say(key, **values).split()).replace(" .", ".")]


def _ends(plan: Plan, said: SaidPlan) -> list[str]:
    """The last day of a stay whose length was told."""
    if said.ends is None or plan.verdict == IMPOSSIBLE:
        return []
    weeks = number(plan.situation.days(said.facts) // 7 * (plan.situation.rotations or 1))
    return [said.say("utter_timeline_length", weeks=weeks, ends=day(said.ends))]


def plan_b_words(found: Iterable[Alternative], say: Say) -> str:
    """What would work instead of a plan."""
    return _list(say("utter_timeline_plan_b"), [_instead(item, say) for item in found])


def _exams(plan: Plan, said: SaidPlan) -> list[str]:
    """What the days of exams mean for a plan: whether results are in time for a Match, and which fall into the stay."""
    found = []
    for item in said.wish.exam_days:
        values: dict[str, object] = {"exam": said.say(EXAMS[item.exam]), "when": window(item)}
        if year := plan.situation.match_year:
            limit = exam_limit(item.exam, year, said.rules, said.facts)
            key = "in_time" if item.last <= limit.safe else "close" if item.last <= limit.last else "after"
            values |= {"year": year, "safe": day(limit.safe), "last": day(limit.last), "limit": day(limit.limit.day)}
            values["plan"] = said.facts[RESULT_PLAN].value
            is_news = said.tells_exam or said.wish.planned is None or key != "in_time"
            found += [said.say(EXAM_DAYS[key], **values)] if is_news else []
        elif plan.step(f"{item.exam}_exam"):
            found.append(said.say("utter_timeline_exam_first", **values, plan=said.facts[RESULT_PLAN].value))
        elif said.tells_exam:
            found.append(said.say("utter_timeline_exam_apart", **values))
        start, ends = plan.situation.start, plan.situation.last_day(said.facts)
        if start and ends and plan.verdict != IMPOSSIBLE and item.first <= ends and start <= item.last:
            found.append(said.say("utter_timeline_exam_within", **values, start=day(start), ends=day(ends)))
    return found


def _feasible(apply: Step | None, said: SaidPlan, values: dict[str, object]) -> str:
    if apply is None:
        key = "utter_timeline_feasible_placed" if said.wish.has_place else "utter_timeline_feasible_applied"
        return said.say(key, **values)
    if said.last_apply and said.last_apply > apply.latest:
        return said.say("utter_timeline_feasible_range", **values)
    if said.asks_late:
        return said.say("utter_timeline_feasible_not_late", **values)
    return said.say("utter_timeline_feasible_asked" if said.is_asked else "utter_timeline_feasible", **values)


def _latest_missed(plan: Plan) -> Step | None:
    """What should have been done first of all that is too late by now: the application where it is among them."""
    tasks = [step for step in plan.steps if step.is_action and step.id not in plan.situation.booked]
    late = [step for step in tasks if step.status == "late" and step.latest < plan.computed]
    return next((step for step in late if step.id == "apply"), min(late, key=lambda step: step.latest, default=None))


def _begun(words: str) -> str:
    """Words that begin with a capital, also behind the two signs of bold."""
    at = len(words) - len(words.lstrip("*"))
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


def _match_verdict(plan: Plan, said: SaidPlan) -> list[str]:
    situation = plan.situation
    season = season_of(situation.match_year or 0, said.rules, said.facts)
    apply = plan.step("apply")
    values: dict[str, object] = {
        "year": situation.match_year,
        "stays": _stays(situation.rotations, said.say),
        "start": _day(situation.start),
        "letters": day(season["letters_ready"].day),
        "review": day(season["review_starts"].day),
        "apply": _day(max(apply.latest, plan.computed) if apply else None),
        "possible": _day(plan.first_possible),
    }
    if plan.verdict == IMPOSSIBLE:
        is_over = season["review_starts"].day < plan.computed
        if said.other_time:
            when = window(said.wish)
            return [
                said.say(
                    "utter_timeline_match_other_time", **values, when=when, comfortable=_day(plan.first_comfortable)
                )
            ]
        key = "utter_timeline_match_late" if said.asks_late else "utter_timeline_match_no"
        no = [said.say(key)] if said.is_asked else []
        return [
            *no,
            said.say("utter_timeline_match_over" if is_over else "utter_timeline_match_impossible", **values),
        ]
    same = [said.say("utter_timeline_match_same", **values)] if said.is_same_match else []
    feasible = plan.verdict == FEASIBLE
    key = "utter_timeline_match_not_late" if said.asks_late else "utter_timeline_match_yes"
    is_answered = said.is_asked and not (said.tells_exam and said.asks_late)  # what was asked of an exam stands before
    found = [*same, *([said.say(key)] if is_answered else [])]
    found += [said.say("utter_timeline_match_feasible" if feasible else "utter_timeline_match_tight", **values)]
    if apply:
        found.append(
            said.say(_apply_key(plan, apply, said), **values, advised=_day(apply.advised), **figures(said.facts))
        )
    if said.part_of_window:
        until = said.wish.until
        key = "utter_timeline_part_until" if until else "utter_timeline_part"
        return [*found, said.say(key, **values, until=_day(until))]
    is_named = said.wish.first is not None and said.wish.grain != RANGE
    return [*found, said.say("utter_timeline_match_start", **values)] if is_named else found


def _apply_key(plan: Plan, apply: Step, said: SaidPlan) -> str:
    """How the day to apply is said: overdue, as that of the earliest start, which nobody asked for, or by itself."""
    if apply.advised:
        needs_visa = plan.step("visa_booking") is not None and plan.situation.by_route not in SCHOOL_ROUTES
        return "utter_timeline_match_apply_now_visa" if needs_visa else "utter_timeline_match_apply_now"
    is_earliest = said.part_of_window or said.wish.first is None
    is_close = apply.latest <= plan.computed + NO_SLACK
    return "utter_timeline_match_apply_soon" if is_earliest and is_close else "utter_timeline_match_apply"


def _why(plan: Plan, said: SaidPlan) -> list[str]:
    situation, say, facts = plan.situation, said.say, said.facts
    if plan.refused or not plan.step("apply"):
        return []
    values = figures(facts)
    program, is_school = situation.program, situation.by_route in SCHOOL_ROUTES
    needs_visa = plan.step("visa_booking") is not None
    lines = []
    if program and (program.least is not None or program.advised is not None):
        asked = [number(item) for item in (program.least, program.advised) if item is not None]
        counted = plan.binding.span if plan.binding and plan.binding.task == "apply" else None
        lines.append(
            say(
                "utter_timeline_why_program",
                program=program.name,
                months=" to ".join(dict.fromkeys(asked)),
                counted=_span(counted) if counted else asked[-1],
            )
        )
    else:
        lines.append(say("utter_timeline_why_direct" if is_school else "utter_timeline_why_third_party", **values))
    if needs_visa:
        lines.append(say("utter_timeline_why_no_visa_direct" if is_school else "utter_timeline_why_no_visa", **values))
    elif is_school and situation.visa == "has":
        lines.append(say("utter_timeline_why_visa_direct"))
    if plan.binding and plan.binding.task == "step1_exam":
        lines.append(say("utter_timeline_why_step1", result=facts[STEP1_RESULT].value))
    return lines


def _waits(plan: Plan, said: SaidPlan) -> list[str]:
    """The wait for a visa interview that counts, as it was told or as the consulate's figure has it."""
    situation, say = plan.situation, said.say
    if plan.refused or plan.step("visa_booking") is None:
        return []
    if situation.visa_wait:
        return [say("utter_timeline_why_visa_told", wait=number(situation.visa_wait))]
    return wait_words(situation.post, said.facts, say)


def wait_words(post: str | None, facts: Facts, say: Say) -> list[str]:
    """The wait for an interview at a consulate, where its figure is known."""
    wait = facts.get(f"visa_wait_months_{post}") if post else None
    if wait is None or not post:
        return []
    name = post.replace("_", " ").title()
    return [say("utter_timeline_why_visa_wait", post=name, wait=wait.value, asof=month(wait.source_date))]


def _first(plan: Plan, said: SaidPlan) -> str:
    """The first step towards the next start that is possible, where somebody asks what to do first."""
    steps = plan.next_actions(NEXT_STEPS)
    if not (said.wants_first and steps) or plan.refused:
        return ""
    if plan.verdict == IMPOSSIBLE:
        is_over = bool(plan.situation.match_year)
        return "" if is_over else said.say("utter_timeline_first_now", task=steps[0].title)
    return first_words(steps, plan.computed, said.say)


def _next(plan: Plan, say: Say) -> str:
    unknown = {step for step, field in IF_OPEN.items() if getattr(plan.situation, field) is None}
    lines = next_words(plan.next_actions(NEXT_STEPS), plan.computed, say, unknown)
    return say("utter_timeline_next") + "\n" + "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))


def _step_line(step: Step, computed: date, say: Say, *, is_unknown: bool = False) -> str:
    title = say("utter_timeline_next_if_open", title=step.title) if is_unknown else step.title
    values = {"title": title, "starts": day(step.starts), "latest": day(step.latest)}
    if step.status != "on_track" and step.starts > computed:
        return say("utter_timeline_next_soon", **values)
    if step.status != "on_track" and step.advised and step.advised < computed:
        return say("utter_timeline_next_overdue", **values, advised=day(step.advised))
    if step.status != "on_track" or step.latest <= computed + timedelta(days=1):
        return say("utter_timeline_next_now", **values)
    if step.starts == step.latest:  # an exam or an interview that is booked
        return say("utter_timeline_next_on", **values)
    return say("utter_timeline_next_from" if step.starts > computed else "utter_timeline_next_by", **values)


def _instead(item: Alternative, say: Say) -> str:
    key = INSTEAD[item.kind]
    if item.verdict == TIGHT:
        key = INSTEAD_TIGHT.get(item.kind, key)
    return say(key, start=_day(item.start), year=item.match_year)


def _caution(name: str, plan: Plan, said: SaidPlan) -> str:
    facts, program = said.facts, plan.situation.program
    return said.say(
        CAUTIONS[name],
        waits=facts[WAITS].value,
        asof=month(facts[WAITS].source_date),
        waiver=facts[STAY_OF_VISA_WAIVER].value,
        opens=facts[VSLO_OPENS].value,
        program=program.name if program else "",
        visa_until=_day(said.wish.visa_until),
        ends=_day(plan.situation.last_day(facts)),
        start_by=_day(_start_within(said.wish.visa_until, plan, facts)),
        stays=_stays(plan.situation.rotations, said.say),
    )


def _stays(rotations: int | None, say: Say) -> str:
    """The rotations of a Match plan in words."""
    return say("utter_timeline_stays", rotations=rotations) if (rotations or 1) > 1 else say("utter_timeline_one_stay")


def _start_within(until: date | None, plan: Plan, facts: Facts) -> date | None:
    """The last start with which the stay is over by a day."""
    return until - timedelta(days=plan.situation.days(facts) - 1) if until else None


def _note(step: Step, say: Say) -> str:
    if step.status == "tight" and step.advised:
        due = say("utter_timeline_note_advised", advised=day(step.advised), latest=day(step.latest))
        return f"{due} {step.note}".strip()
    if step.status == "late":
        return f"{say('utter_timeline_note_late', latest=day(step.latest))} {step.note}".strip()
    return step.note


def _list(head: str, lines: list[str]) -> str:
    shown = [line for line in lines if line]
    return "\n".join([*([head] if head else []), *(f"- {line}" for line in shown)]) if shown else ""


def _day(value: date | None) -> str:
    return day(value) if value else ""


def _span(span: Span) -> str:
    return number(round(span.months + span.days / 30, 1))
