"""The planner: when must I do what, and can it work at all?

A plan is calculated twice. With the advised figures (the most careful source wins) it is feasible or not; if not, the
least figures decide whether it is tight or impossible. Earliest days come from the calculation that decided; latest
days are the advised ones wherever they can still be kept, and the least ones only for what is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.programs.program import FOR_STUDENTS
from bot.timeline.critical_path import Node, Schedule, Times, is_feasible, path_to, schedule
from bot.timeline.plan import FEASIBLE, IMPOSSIBLE, TIGHT, VERDICTS, Alternative, Binding, Plan, Step
from bot.timeline.rules import ADVISED, LEAST, Facts, PlanRules, figure, fill
from bot.timeline.season import Season, open_match_year, season_of
from bot.timeline.situation import Situation, cautions, finished, network
from bot.timeline.spans import Span

ROTATION = "rotation"
MATCH_ROTATIONS = "faq_match_rotations"
LATER_CYCLES = 8


def plan(situation: Situation, rules: PlanRules, facts: Facts, *, today: date) -> Plan:
    """The plan for a situation with a `start` or a `match_year`.

    Raises:
        ValueError: the situation has neither.
        RulesError: a fact that the rules need is missing.
    """
    if not (situation.start or situation.match_year):
        raise ValueError("a plan needs a start or a Match year")
    found = _calculate(situation, rules, facts, today=today)
    return replace(found, alternatives=_alternatives(situation, found, rules, facts=facts))


def first_start(situation: Situation, rules: PlanRules, facts: Facts, *, today: date, level: str = ADVISED) -> date:
    """The first day on which a rotation can begin when everything is started today."""
    return _free(situation, rules, facts, level=level, today=today)[1][ROTATION].start


def latest_days(situation: Situation, rules: PlanRules, facts: Facts, *, today: date) -> dict[str, date]:
    """The day by which each task must be done when nothing else is slow, by its id: with the least figures."""
    season = season_of(situation.match_year, rules, facts) if situation.match_year else {}
    least = _both(situation, rules, facts, season=season, today=today)[1]
    return {task: times.latest_finish for task, times in least.items()}


def opening(
    situation: Situation, last: date | None, rules: PlanRules, facts: Facts, *, today: date
) -> tuple[str, date]:
    """The verdict for a start between that of the situation and a `last` day, and from which day on it holds."""
    start = situation.start or today
    verdict = judge(situation, rules, facts, today=today)[1]
    for level, better in ((ADVISED, FEASIBLE), (LEAST, TIGHT)):
        first = first_start(situation, rules, facts, today=today, level=level)
        is_within = last is not None and start < first <= last
        if is_within and VERDICTS.index(better) < VERDICTS.index(verdict):
            return better, first
    return verdict, start


def match_after(ends: date, rules: PlanRules, facts: Facts) -> tuple[int, bool]:
    """The Match that letters of a rotation with this last day are in time for, and whether they are comfortably so."""
    year, writing = open_match_year(ends, rules, facts), rules.task("letters").takes
    if writing.span(LEAST, facts, {}).after(ends) > season_of(year, rules, facts)["review_starts"].day:
        return year + 1, True
    return year, writing.span(ADVISED, facts, {}).after(ends) <= season_of(year, rules, facts)["letters_ready"].day


def refusal(situation: Situation) -> str:
    """Why no date helps: electives are for students, externships for graduates (FAQ, parts 2 and 7). Else empty."""
    stage = situation.stage_on(situation.start)
    if situation.rotation_type in FOR_STUDENTS and stage == "graduate":
        return "elective_after_graduation"
    if situation.rotation_type == "externship" and stage == "student":
        return "externship_before_graduation"
    return ""


def _calculate(situation: Situation, rules: PlanRules, facts: Facts, *, today: date) -> Plan:
    """The plan for one situation, without what would work instead."""
    season = season_of(situation.match_year, rules, facts) if situation.match_year else {}
    if not situation.start:
        situation = _placed(situation, rules, facts, season=season, today=today)
    advised, least = _both(situation, rules, facts, season=season, today=today)
    verdict = _verdict(situation, facts, advised=advised, least=least)
    free = {level: _free(situation, rules, facts, level=level, today=today) for level in (ADVISED, LEAST)}
    chain = _chain(free[LEAST if verdict == IMPOSSIBLE else ADVISED])
    critical = {part.task for part in chain} | {ROTATION}
    steps = _steps(situation, rules, facts, advised=advised, least=least, season=season)
    return Plan(
        situation,
        verdict,
        today,
        tuple(replace(step, critical=True) if step.id in critical else step for step in steps),
        first_possible=free[LEAST][1][ROTATION].start,
        first_comfortable=free[ADVISED][1][ROTATION].start,
        binding=max(chain, key=lambda part: part.span.rough_days, default=None),
        refused=refusal(situation),
        cautions=cautions(situation, facts),
        done=finished(situation, facts),
    )


def judge(situation: Situation, rules: PlanRules, facts: Facts, *, today: date) -> tuple[Situation, str]:
    """The situation with its rotations placed, and the verdict."""
    season = season_of(situation.match_year, rules, facts) if situation.match_year else {}
    if not situation.start:
        situation = _placed(situation, rules, facts, season=season, today=today)
    advised, least = _both(situation, rules, facts, season=season, today=today)
    return situation, _verdict(situation, facts, advised=advised, least=least)


def _both(
    situation: Situation, rules: PlanRules, facts: Facts, *, season: Season, today: date
) -> tuple[Schedule, Schedule]:
    advised = schedule(network(situation, rules, facts, level=ADVISED, season=season), today)
    return advised, schedule(network(situation, rules, facts, level=LEAST, season=season), today)


Free = tuple[list[Node], Schedule]


def _free(situation: Situation, rules: PlanRules, facts: Facts, *, level: str, today: date) -> Free:
    """The network when nothing but today limits it."""
    free = replace(situation, match_year=None)
    nodes = network(free, rules, facts, level=level, season={}, anchored=False)
    return nodes, schedule(nodes, today)


def _verdict(situation: Situation, facts: Facts, *, advised: Schedule, least: Schedule) -> str:
    if refusal(situation) or not is_feasible(least):
        return IMPOSSIBLE
    wished = int(figure(facts, MATCH_ROTATIONS)[1])
    is_short = situation.is_for_match and not situation.weeks and (situation.rotations or wished) < wished
    return FEASIBLE if is_feasible(advised) and not is_short else TIGHT


def _placed(situation: Situation, rules: PlanRules, facts: Facts, *, season: Season, today: date) -> Situation:
    """Places the rotations of a Match plan so that the letters are ready in time.

    Three rotations with the advised figures are best, then two, then two with the least figures; exams that come too
    late do not change that. Where nothing fits, the fewest rotations stand on the last days that would do, so that
    the plan shows what is missing.
    """
    fewest, most = (int(count) for count in figure(facts, MATCH_ROTATIONS))
    counts = (situation.rotations,) if situation.rotations else (most, fewest)
    for level, count in [*((ADVISED, number) for number in counts), (LEAST, counts[-1])]:
        wanted = replace(situation, rotations=count)
        times = schedule(network(wanted, rules, facts, level=level, season=season), today)[ROTATION]
        if times.slack_days >= 0:
            break
    careful = first_start(wanted, rules, facts, today=today)
    return replace(wanted, start=_placement(wanted, facts, season=season, times=times, careful=careful))


def _placement(situation: Situation, facts: Facts, *, season: Season, times: Times, careful: date) -> date:
    """The Monday that ends the rotations at the time advisers name, within what is possible.

    They begin after booked exams where there is time enough, and not before the `careful` first start: what is short
    then is the time for the letters, which those who write them can make up for, and not that before the start.
    """
    earliest, latest = times.start, times.latest_start
    if earliest > latest:
        return latest
    for free in (careful, *(day + timedelta(days=1) for day in situation.booked.values())):
        earliest = max(earliest, free) if free <= latest else earliest
    length = timedelta(days=situation.days(facts) * (situation.rotations or 1))
    wished = min(max(season["usce_done"].day - length, earliest), latest)
    monday = wished - timedelta(days=wished.weekday())
    later = monday + timedelta(days=7)
    return monday if monday >= earliest else later if later <= latest else wished


def _steps(
    situation: Situation, rules: PlanRules, facts: Facts, *, advised: Schedule, least: Schedule, season: Season
) -> tuple[Step, ...]:
    """Every task in the order of the latest days. A step that can keep its advised latest day is shown with it."""
    shown = advised if is_feasible(advised) else least
    found = []
    for position, task in enumerate(rules.tasks):
        if task.id not in shown:
            continue
        times = shown[task.id]
        careful, is_kept = advised[task.id], advised[task.id].slack_days >= 0
        late = careful if is_kept else times
        days = (times.start, late.latest_start) if task.point else (times.finish, late.latest_finish)
        if task.event and task.not_before in season:
            days = (season[task.not_before].day,) * 2
        named = [season[name] for name in (task.not_before, *task.by) if name in season]
        found.append(
            (
                days[1],
                position,
                Step(
                    task.id,
                    task.title,
                    times.start,
                    days[0],
                    days[1],
                    (days[1] - days[0]).days,
                    status="on_track" if is_kept else "tight" if least[task.id].slack_days >= 0 else "late",
                    note=fill(task.note, facts),
                    source=task.source,
                    estimated=any(day.estimated for day in named),
                    event=task.event,
                    passive=task.passive,
                    advised=None if is_kept or task.event else careful.latest_finish,
                ),
            )
        )
    return tuple(step for _, _, step in sorted(found, key=lambda item: item[:2]))


def _chain(free: Free) -> tuple[Binding, ...]:
    """What decides the first possible start, part by part."""
    nodes, times = free
    return tuple(_parts(path_to(ROTATION, times), {node.id: node for node in nodes}, times))


def _parts(path: tuple[str, ...], nodes: dict[str, Node], times: Schedule) -> Iterator[Binding]:
    for name in path:
        link = times[name].waits_for
        if link:
            yield Binding(link.task, link.why, link.lag)
        if name != ROTATION:
            yield Binding(name, "", nodes[name].takes)


def fallbacks(found: Plan, rules: PlanRules, facts: Facts) -> tuple[Alternative, ...]:
    """What would still work if a plan slips: what works better, else other ways and a start a month later."""
    if found.alternatives:
        return found.alternatives
    situation, kinds = found.situation, []
    for kind, changed in _variations(situation):
        other, verdict = judge(changed, rules, facts, today=found.computed)
        if verdict != IMPOSSIBLE:
            kinds.append(Alternative(kind, verdict, other.start, situation.match_year))
    if situation.match_year:
        later = replace(situation, match_year=situation.match_year + 1, start=None, rotations=None, until=None)
        other, verdict = judge(later, rules, facts, today=found.computed)
        return (*kinds, Alternative("next_cycle", verdict, other.start, later.match_year))
    start = situation.start or found.computed
    return (*kinds, Alternative("later", FEASIBLE, Span(months=1).after(start)))


def _alternatives(situation: Situation, found: Plan, rules: PlanRules, *, facts: Facts) -> tuple[Alternative, ...]:
    """What works better, with the dates that it allows; nothing when the plan is comfortable."""
    if found.verdict == FEASIBLE:
        return ()
    better = []
    for kind, changed in _variations(situation):
        other, verdict = judge(changed, rules, facts, today=found.computed)
        if VERDICTS.index(verdict) < VERDICTS.index(found.verdict):
            better.append(Alternative(kind, verdict, other.start, situation.match_year))
    if situation.match_year:
        return (*better, *_next_cycle(situation, found, rules, facts=facts))
    later = _later(situation, found)
    return (*better, Alternative("later", FEASIBLE, later)) if later else tuple(better)


def _variations(situation: Situation) -> Iterator[tuple[str, Situation]]:
    plain = replace(situation, program=None, rotation_type=None)
    if situation.by_route != "third_party":
        yield "third_party", replace(plain, route="third_party")
    if refusal(situation):
        yield "observership", replace(plain, rotation_type="observership")
    if not situation.is_remote:
        yield "telehealth", replace(plain, route="third_party", rotation_type="telehealth")


def _later(situation: Situation, found: Plan) -> date | None:
    if found.refused == "elective_after_graduation":
        return None
    day = found.first_comfortable
    if found.refused and situation.graduation and day:
        return max(day, situation.graduation)
    return None if found.refused else day


def _next_cycle(situation: Situation, found: Plan, rules: PlanRules, *, facts: Facts) -> Iterator[Alternative]:
    year = situation.match_year or 0
    for later in range(max(year + 1, found.computed.year), max(year, found.computed.year) + LATER_CYCLES):
        wanted = replace(situation, match_year=later, start=None, rotations=None, until=None)
        other, verdict = judge(wanted, rules, facts, today=found.computed)
        if VERDICTS.index(verdict) < VERDICTS.index(found.verdict):
            yield Alternative("next_cycle", verdict, other.start, later)
            return
