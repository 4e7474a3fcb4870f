"""What a task keeps in its slot: as written today, as older releases wrote it, and broken."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.advice.recommendation import Case
from bot.costs.estimate import Inquiry
from bot.dialogue.slots import VERSION, from_slot, to_slot
from bot.programs.query import Query
from bot.timeline.wish import TimelineWish

QUERY = Query(
    specialties=("surgery", "family medicine"),
    states=("TX",),
    excluded_places=("NY",),
    regions=("south",),
    cities=("Houston",),
    rotation_types=("observership",),
    hands_on=False,
    audience="graduates",
    budget_usd=900.0,
    budget_is_total=True,
    free=True,
    no_step1=True,
    routes=("direct",),
    weeks=4.0,
    start_month="2027-06",
    visa="B1",
    sort="price",
    page=2,
    skipped=("budget",),
)
INQUIRY = Inquiry(6, "direct", ("mayo-clinic",), 2000.0, 30.0, ("asked_weeks",))
CASE = Case("next", "yes", "no", "yes", True, True, True)
WISH = TimelineWish(
    first=date(2027, 6, 1),
    last=date(2027, 8, 31),
    grain="season",
    about=True,
    match_year=2029,
    options=("2027-05-08", "2027-08-05"),
    graduation=date(2027, 7, 31),
    visa_until=date(2029, 1, 1),
    rotation_type="elective",
    weeks=8,
    post="new_delhi",
    hepb="missing",
    institution="mayo-clinic",
    done=("apply", "documents"),
    unsure=("route",),
)
BEFORE_VERSIONS = [
    (
        QUERY,
        '{"specialties": ["surgery", "family medicine"], "states": ["TX"], "excluded_places": ["NY"], '
        '"regions": ["south"], "cities": ["Houston"], "rotation_types": ["observership"], "hands_on": false, '
        '"audience": "graduates", "budget_usd": 900.0, "budget_is_total": true, "free": true, "no_step1": true, '
        '"routes": ["direct"], "weeks": 4.0, "start_month": "2027-06", "visa": "B1", "sort": "price", "page": 2, '
        '"skipped": ["budget"]}',
    ),
    (
        INQUIRY,
        '{"weeks": 6, "route": "direct", "programs": ["mayo-clinic"], "budget": 2000.0, "pending_weeks": 30.0, '
        '"skipped": ["asked_weeks"]}',
    ),
    (
        CASE,
        '{"final_year": "next", "goal": "yes", "contact": "no", "travel": "yes", "tight": true, "letters": true, '
        '"stage_asked": true}',
    ),
    (
        WISH,
        '{"first": "2027-06-01", "last": "2027-08-31", "grain": "season", "about": true, "match_year": 2029, '
        '"options": ["2027-05-08", "2027-08-05"], "graduation": "2027-07-31", "visa_until": "2029-01-01", '
        '"rotation_type": "elective", "weeks": 8, "post": "new_delhi", "hepb": "missing", '
        '"institution": "mayo-clinic", "done": ["apply", "documents"], "unsure": ["route"]}',
    ),
    (TimelineWish(soonest=True), '{"soonest": true}'),
    (Query(), "{}"),
]
"""Values as trackers of older releases hold them."""
KINDS = [Query, Inquiry, Case, TimelineWish]


def test_a_field_that_is_gone_is_left_out() -> None:
    written = {"goal": "yes", "asked": ["goal", "travel"], "version": VERSION}
    assert from_slot(Case, written) == Case(goal="yes")


@pytest.mark.parametrize("value", [QUERY, INQUIRY, CASE, WISH, *(kind() for kind in KINDS)])
def test_a_value_survives_its_slot(value: object) -> None:
    assert from_slot(type(value), json.loads(json.dumps(to_slot(value)))) == value


@pytest.mark.parametrize(("value", "written"), BEFORE_VERSIONS)
def test_what_an_older_release_wrote_stays_readable(value: object, written: str) -> None:
    assert from_slot(type(value), json.loads(written)) == value
    assert to_slot(value) == {"version": VERSION, **json.loads(written)}


def test_fields_that_are_gone_or_empty_do_not_matter() -> None:
    assert from_slot(Inquiry, {"weeks": 4, "route": None, "hotel": ["x"]}) == Inquiry(weeks=4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", [None, "x", 3, [], [["weeks", 4]], {"version": VERSION + 1}, {3: object()}])
def test_what_is_no_value_is_an_empty_one(kind: type[object], broken: object) -> None:
    assert from_slot(kind, broken) == kind()


@pytest.mark.parametrize(
    ("kind", "broken"),
    [
        (Query, {"states": "TX"}),
        (Query, {"states": ["TX"], "page": "2"}),
        (Query, {"hands_on": "no"}),
        (Inquiry, {"weeks": "4"}),
        (Inquiry, {"weeks": 4, "programs": [4]}),
        (Case, {"tight": "yes"}),
        (Case, {"asked": {"goal": 1}}),
        (TimelineWish, {"first": "soon"}),
        (TimelineWish, {"graduation": 5}),
        (TimelineWish, {"match_year": True}),
    ],
)
def test_a_value_of_another_type_is_not_guessed_at(kind: type[object], broken: dict[str, Any]) -> None:
    assert from_slot(kind, broken) == kind()


def test_a_newer_version_may_mean_something_else() -> None:
    assert from_slot(Inquiry, {"version": VERSION, "weeks": 4}) == Inquiry(weeks=4)
    assert from_slot(Inquiry, {"version": VERSION + 1, "weeks": 4}) == Inquiry()
