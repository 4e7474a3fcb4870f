"""Plans are kept, and become calendars and pictures."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from icalendar import Calendar
from PIL import Image

from bot.db.base import Database
from bot.delivery.files import find_file
from bot.programs.importer import import_facts
from bot.reply.parts import Source
from bot.settings import ROOT
from bot.timeline import service as timelines
from bot.timeline.calendar import CalendarWords, calendar_file, due
from bot.timeline.picture import picture
from bot.timeline.plan import PictureWords, Plan
from bot.timeline.store import drop_plans, find_plan
from tests.unit.timeline.ground import TODAY, d, planned

SOURCES = {"apply": Source("How early to apply", "https://example.org/apply")}
CALENDAR = CalendarWords("My plan", "Do it now", "Estimated")
STATES = {"on_track": "on track", "tight": "tight", "late": "too late", "event": "fixed day"}
CHART = PictureWords("Rotation from June 1, 2027", "Today", "estimated", STATES)
SUMMER = planned(start=d("2027-06-01"), route="third_party", visa="needs")
TIGHT = planned(start=d("2027-04-23"), route="third_party", visa="needs")
MATCH = planned(match_year=2028, route="third_party", visa="has", step1="passed", step2ck="passed")


def ics(plan: Plan, *, sequence: int = 0, dropped: tuple[str, ...] = ()) -> bytes:
    return calendar_file(
        plan.steps, CALENDAR, uid="f00d", sequence=sequence, computed=TODAY, sources=SOURCES, dropped=dropped
    )


@pytest.mark.parametrize("plan", [SUMMER, TIGHT, MATCH], ids=["summer", "tight", "match"])
def test_an_independent_parser_reads_the_calendar(plan: Plan) -> None:
    calendar = vobject.readOne(ics(plan).decode())
    assert calendar.prodid.value == "-//Rotation Bot//Timeline//EN"
    entries = {entry.uid.value: entry for entry in calendar.vevent_list}
    assert len(entries) == len(plan.steps)
    for step in plan.steps:
        entry = entries[f"{step.id}-f00d@rotation-bot"]
        assert entry.summary.value == step.title
        assert entry.dtstart.value == due(step, TODAY)
        assert type(entry.dtstart.value) is date
        assert entry.dtend.value - entry.dtstart.value == timedelta(days=1)
        assert sorted(alarm.trigger.value.days for alarm in entry.valarm_list) == [-7, -1]


def test_an_entry_says_what_it_is_and_where_it_comes_from() -> None:
    calendar = vobject.readOne(ics(SUMMER).decode())
    entries = {entry.uid.value.removesuffix("-f00d@rotation-bot"): entry for entry in calendar.vevent_list}
    assert all(entry.description.value.startswith("My plan") for entry in entries.values())
    assert "How early to apply" in entries["apply"].description.value
    assert entries["apply"].url.value == "https://example.org/apply"


def test_the_calendar_survives_a_round_trip() -> None:
    once = ics(MATCH)
    assert Calendar.from_ical(once).to_ical() == once


def test_the_calendar_keeps_the_line_length_and_line_ends_of_the_standard() -> None:
    lines = ics(MATCH).split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)


def test_what_is_overdue_stands_on_the_day_of_the_plan() -> None:
    (apply,) = (step for step in TIGHT.steps if step.id == "apply")
    assert due(apply, TODAY) == TODAY
    assert "Do it now" in vobject.readOne(ics(TIGHT).decode()).serialize()


def test_an_entry_that_a_new_plan_no_longer_has_is_cancelled() -> None:
    calendar = vobject.readOne(ics(SUMMER, sequence=3, dropped=("esta",)).decode())
    (gone,) = (entry for entry in calendar.vevent_list if entry.uid.value.startswith("esta-"))
    assert (gone.status.value, gone.sequence.value) == ("CANCELLED", "3")


@pytest.mark.parametrize("plan", [SUMMER, TIGHT, MATCH], ids=["summer", "tight", "match"])
def test_the_picture_is_as_wide_as_a_phone_and_names_every_step(plan: Plan) -> None:
    image = Image.open(io.BytesIO(picture(plan.steps, CHART, computed=TODAY)))
    assert image.width == 864
    assert image.height < 10_000 - image.width
    assert image.height / image.width < 20


def test_a_picture_of_nothing_is_a_picture() -> None:
    assert picture((), CHART, computed=TODAY).startswith(b"\x89PNG")


def test_the_same_plan_gives_the_same_files() -> None:
    assert ics(SUMMER) == ics(SUMMER)


def test_a_plan_is_kept_with_its_day_and_keeps_its_identity(empty: Database) -> None:
    first = timelines.keep(empty, "web:1", SUMMER, title="Summer", words="It works.")
    second = timelines.keep(empty, "web:1", TIGHT, title="April", words="It is tight.")
    other = timelines.keep(empty, "web:2", TIGHT, title="April", words="It is tight.")
    assert (first.uid, first.sequence) == (second.uid, 0)
    assert second.sequence == 1
    assert other.uid != first.uid
    assert timelines.last_plan(empty, "web:1") == second
    assert second.steps == TIGHT.steps
    assert second.computed == TODAY


def test_steps_that_a_new_plan_dropped_are_remembered_until_they_come_back(empty: Database) -> None:
    with_visa = planned(start=d("2027-06-01"), route="third_party", visa="has")
    timelines.keep(empty, "web:1", SUMMER, title="", words="")
    dropped = timelines.keep(empty, "web:1", with_visa, title="", words="").dropped
    assert dropped == ("visa_booking", "visa_interview")
    assert timelines.keep(empty, "web:1", SUMMER, title="", words="").dropped == ()


def test_a_plan_is_forgotten_with_its_conversation(empty: Database) -> None:
    timelines.keep(empty, "web:1", SUMMER, title="", words="")
    with empty.unit() as session:
        drop_plans(session, "web:1")
        assert find_plan(session, "web:1") is None


def test_files_stand_behind_tokens_and_expire(empty: Database) -> None:
    saved = timelines.keep(empty, "web:1", SUMMER, title="Summer", words="")
    files = timelines.make_files(empty, "web:1", saved, calendar=CALENDAR, chart=CHART, sources={})
    tokens = [path.rsplit("/", 1)[-1] for path in (files.calendar, files.picture)]
    assert len(set(tokens)) == 2
    assert all(len(token) >= 40 for token in tokens)
    with empty.unit() as session:
        now = datetime.now(UTC)
        found = [find_file(session, token, now=now) for token in tokens]
        assert [(file.mime, file.name) for file in found if file] == [
            ("text/calendar", "rotation-plan.ics"),
            ("image/png", "rotation-plan.png"),
        ]
        assert find_file(session, tokens[0], now=now + timedelta(days=15)) is None


def test_a_fact_that_staff_changed_counts_from_the_next_plan_on(empty: Database) -> None:
    import_facts(empty, ROOT / "data" / "facts.csv")
    before = timelines.ground(empty).facts["faq_lead_third_party_months"].value
    with empty.unit() as session:
        from bot.programs.tables import FactRecord

        row = session.query(FactRecord).filter_by(key="faq_lead_third_party_months").one()
        row.value = "4-5"
    assert (before, timelines.ground(empty).facts["faq_lead_third_party_months"].value) == ("2-3", "4-5")


def test_a_named_institution_gives_the_program_that_wants_to_hear_first(seeded: Database) -> None:
    ground = timelines.ground(seeded)
    yale = timelines.find_program(ground, "Yale School of Medicine", stage="student", kind="elective")
    assert yale is not None
    assert (timelines.lead_of(yale).least, timelines.lead_of(yale).advised) == (4.0, 6.0)
    assert timelines.find_program(ground, "Nowhere University", stage=None, kind=None) is None
