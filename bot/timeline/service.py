"""Makes timelines: fetches rules, facts and the named program, lets core decide, keeps the plan and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.data_files import read_yaml
from bot.db.base import Database
from bot.delivery.files import save_file
from bot.programs.program import Program
from bot.programs.service import Shelves, shelves
from bot.reply.parts import Source
from bot.settings import ROOT
from bot.timeline import calendar as plan_calendar
from bot.timeline import deadlines, vaccination
from bot.timeline.calendar import CalendarWords, calendar_file
from bot.timeline.plan import PictureWords, Plan, Step
from bot.timeline.planner import MATCH_ROTATIONS
from bot.timeline.rules import Facts, PlanRules, fact_keys, read_rules
from bot.timeline.situation import STAY_OF_VISA_WAIVER, USUAL_WEEKS, ProgramLead
from bot.timeline.store import find_plan, save_plan
from bot.timeline.summary import SAID_FACTS
from bot.timeline.tables import PlanRow

FILE_DAYS = 14
POST_KEY = "visa_wait_months_"
NO_POST = frozenset({"long_posts"})
RULES = ROOT / "data" / "timeline.yml"
_STEPS = TypeAdapter(tuple[Step, ...])


@dataclass(frozen=True)
class Ground:
    """What plans are made of: the rules, the facts by key, and the programs."""

    rules: PlanRules
    facts: Facts
    known: Shelves

    @property
    def posts(self) -> tuple[str, ...]:
        """The consulates whose waiting times are known ("new_delhi")."""
        names = (key.removeprefix(POST_KEY) for key in self.facts if key.startswith(POST_KEY))
        return tuple(name for name in names if name not in NO_POST)


@dataclass(frozen=True)
class Files:
    """Paths of the files of a plan; empty where there is none."""

    calendar: str = ""
    picture: str = ""


@dataclass(frozen=True)
class SavedPlan:
    """A plan as it was calculated on its day."""

    uid: str
    sequence: int
    computed: date
    verdict: str
    title: str
    words: str
    steps: tuple[Step, ...]
    dropped: tuple[str, ...]


def ground(database: Database, rules_file: Path = RULES) -> Ground:
    """The rules and today's facts; an edit of a fact counts from the next plan on."""
    with database.unit() as session:
        known = shelves(session)
    return Ground(_current(rules_file), known.facts, known)


def used_facts(rules_file: Path = RULES) -> frozenset[str]:
    """Every fact that plans are calculated with or that their words name."""
    asked = deadlines.USED_FACTS | vaccination.USED_FACTS
    return fact_keys(_current(rules_file)) | SAID_FACTS | asked | {MATCH_ROTATIONS, STAY_OF_VISA_WAIVER, USUAL_WEEKS}


def find_program(ground: Ground, institution: str, *, stage: str | None, kind: str | None) -> Program | None:
    """The program of an institution that a plan should count with: open, of this kind, for this stage where there is
    one, and of these the one that wants the application earliest."""
    programs = list(ground.known.programs_of(ground.known.directory.family(institution) or (institution,)))
    programs = [item for item in programs if not item.is_closed] or programs
    programs = [item for item in programs if not kind or kind in item.rotation_types] or programs
    programs = [item for item in programs if not (stage and item.audience) or f"{stage}s" in item.audience] or programs
    return max(programs, key=_lead_first, default=None)


def _lead_first(program: Program) -> tuple[float, bool]:
    """What counts of several programs: the longest lead, and of the same lead one that wants no exam first."""
    return program.apply_months_before_min or program.apply_months_before_max or 0, program.step1 != "required"


def lead_of(program: Program) -> ProgramLead:
    """What a plan needs to know of a program; an exam that it says nothing about stays unknown."""
    wants = {"required": True, "not_required": False}
    return ProgramLead(
        program.title,
        program.apply_months_before_min,
        program.apply_months_before_max,
        source_url=program.source_url,
        source_date=program.source_date,
        closed=program.is_closed,
        needs_step1=wants.get(program.step1),
        needs_english=wants.get(program.english_test),
    )


def keep(database: Database, conversation: str, plan: Plan, *, title: str, words: str) -> SavedPlan:
    """Keeps a plan in the place of the conversation's last one."""
    with database.unit() as session:
        row = save_plan(
            session,
            conversation,
            computed=plan.computed,
            verdict=plan.verdict,
            title=title,
            words=words,
            steps=steps_to_json(plan.steps),
            now=datetime.now(UTC),
        )
        return _saved(row)


def last_plan(database: Database, conversation: str) -> SavedPlan | None:
    """The last plan of a conversation, as it was calculated."""
    with database.unit() as session:
        row = find_plan(session, conversation)
        return _saved(row) if row else None


def make_files(
    database: Database,
    conversation: str,
    plan: SavedPlan,
    *,
    calendar: CalendarWords,
    chart: PictureWords | None,
    sources: Mapping[str, Source],
) -> Files:
    """Writes the calendar file and, where there are words for it, the picture, and keeps them for two weeks, each under
    a token of its own; `sources` by the step's id."""
    entries = calendar_file(
        plan.steps,
        calendar,
        uid=plan.uid,
        sequence=plan.sequence,
        computed=plan.computed,
        sources=sources,
        dropped=plan.dropped,
    )
    made = [(plan_calendar.NAME, plan_calendar.MIME, entries)]
    if chart:
        # The library that draws takes half a second to load, which no start and no other process should wait for.
        from bot.timeline import picture

        drawn = picture.picture(plan.steps, chart, computed=plan.computed)
        made.append(("rotation-plan.png", picture.MIME, drawn))
    until = datetime.now(UTC) + timedelta(days=FILE_DAYS)
    with database.unit() as session:
        return Files(
            *(
                save_file(session, content, name=name, mime=mime, conversation=conversation, expires_at=until)
                for name, mime, content in made
            )
        )


def steps_to_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as JSON; days are ISO."""
    written: list[dict[str, Any]] = _STEPS.dump_python(tuple(steps), mode="json")
    return written


def _saved(row: PlanRow) -> SavedPlan:
    return SavedPlan(
        row.uid,
        row.sequence,
        row.computed,
        row.verdict,
        row.title,
        row.words,
        _STEPS.validate_python(row.steps),
        tuple(row.dropped),
    )


def _current(path: Path) -> PlanRules:
    return _rules(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _rules(path: Path, _changed: int) -> PlanRules:
    return read_rules(read_yaml(path))
