"""Plain words become a structured query, and each message changes the running one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.profile import Profile
from bot.programs.query import Query
from bot.programs.query_reader import understand
from bot.programs.vocabulary import vocabulary
from tests.unit.conftest import TODAY
from tests.unit.extractor import message


def read(text: str, before: Query | None = None, **options: Any) -> Query:
    """The query after a sentence of a person about whom nothing is known."""
    intent = options.pop("intent", "search_programs" if before is None else "refine_search")
    profile = options.pop("profile", Profile())
    said = message(text, intent)
    return understand(said, before, profile=profile, today=TODAY, words=vocabulary(), **options)


def facets(query: Query) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in query.facets.items()}


NEW = [
    (
        "show me cardiology observerships in Chicago",
        {"specialties": ["cardiology"], "rotation_types": ["observership"], "cities": ["Chicago"]},
    ),
    (
        "peds electives on the east coast for students",
        {"specialties": ["pediatrics"], "rotation_types": ["elective"], "audience": "students"},
    ),
    (
        "any psychiatry externship for a graduate under 1500",
        {"specialties": ["psychiatry"], "rotation_types": ["externship"], "audience": "graduates", "budget_usd": 1500},
    ),
    ("free observerships in Boston", {"free": True, "rotation_types": ["observership"], "cities": ["Boston"]}),
    ("neurosurgery in Florida or Georgia", {"specialties": ["neurosurgery"], "states": ["FL", "GA"]}),
    ("hands-on rotations for graduates in New Jersey", {"hands_on": True, "audience": "graduates", "states": ["NJ"]}),
    (
        "dermatology shadowing, no step 1",
        {"specialties": ["dermatology"], "rotation_types": ["observership"], "no_step1": True},
    ),
    ("electives that don't need TOEFL", {"rotation_types": ["elective"], "no_english_test": True}),
    ("programs without step 1 or toefl in Michigan", {"no_step1": True, "no_english_test": True, "states": ["MI"]}),
    (
        "I passed step 1 but have no toefl, surgery elective please",
        {"no_english_test": True, "specialties": ["surgery"], "rotation_types": ["elective"]},
    ),
    ("where is Step 1 not required for students", {"no_step1": True, "audience": "students"}),
    (
        "only have step 1, graduate, radiology observership",
        {"no_step2ck": True, "audience": "graduates", "specialties": ["radiology"], "rotation_types": ["observership"]},
    ),
    ("telehealth rotation at most 1200 dollars", {"rotation_types": ["telehealth"], "budget_usd": 1200}),
    ("virtual rotations for 4 weeks", {"rotation_types": ["telehealth"], "weeks": 4}),
    (
        "two week ophthalmology observership in Philadelphia",
        {"weeks": 2, "specialties": ["ophthalmology"], "rotation_types": ["observership"], "cities": ["Philadelphia"]},
    ),
    (
        "a month and a half of internal medicine in Ohio",
        {"weeks": 6, "specialties": ["internal medicine"], "states": ["OH"]},
    ),
    ("electives still open for March", {"rotation_types": ["elective"], "start_month": "2027-03"}),
    (
        "observership starting in June 2027 for a graduate",
        {"rotation_types": ["observership"], "start_month": "2027-06", "audience": "graduates"},
    ),
    (
        "third party externships in Texas",
        {"routes": ["third_party"], "rotation_types": ["externship"], "states": ["TX"]},
    ),
    ("electives not through VSLO", {"rotation_types": ["elective"], "routes": ["direct", "third_party"]}),
    ("vslo electives in neurology", {"rotation_types": ["elective"], "routes": ["vslo"], "specialties": ["neurology"]}),
    ("observerships without an agency", {"rotation_types": ["observership"], "routes": ["direct", "vslo"]}),
    (
        "family medicine externship, 2.5k a month",
        {"specialties": ["family medicine"], "rotation_types": ["externship"], "budget_usd": 2500},
    ),
    (
        "I can spend 3k total on an observership",
        {"budget_usd": 3000, "budget_is_total": True, "rotation_types": ["observership"]},
    ),
    (
        "oncology observership, budget 500 a week",
        {"specialties": ["oncology"], "rotation_types": ["observership"], "budget_usd": 2000},
    ),
    (
        "sub-internship in emergency medicine",
        {"rotation_types": ["sub_internship"], "specialties": ["emergency medicine"]},
    ),
    ("research positions in Maryland", {"rotation_types": ["research"], "states": ["MD"]}),
    (
        "obgyn observership anywhere but New York",
        {"specialties": ["obstetrics and gynecology"], "rotation_types": ["observership"], "excluded_places": ["NY"]},
    ),
    ("surgery programs not in California", {"specialties": ["surgery"], "excluded_places": ["CA"]}),
    (
        "surgery programs in Texas, not in Houston",
        {"specialties": ["surgery"], "states": ["TX"], "excluded_places": ["Houston"]},
    ),
    (
        "neurology observerships, leave out those that require step 2",
        {"specialties": ["neurology"], "rotation_types": ["observership"], "no_step2ck": True},
    ),
    (
        "electives for students whose school has no affiliation",
        {"rotation_types": ["elective"], "audience": "students", "unrestricted": True},
    ),
    ("observership on a J-1 visa", {"rotation_types": ["observership"], "visa": "J-1"}),
    ("urology in the midwest", {"specialties": ["urology"]}),
    (
        "externship or observership for graduates in Illinois",
        {"rotation_types": ["externship", "observership"], "audience": "graduates", "states": ["IL"]},
    ),
    (
        "no observerships please, something for graduates in Nevada",
        {
            "audience": "graduates",
            "states": ["NV"],
            "rotation_types": ["elective", "sub_internship", "externship", "telehealth", "research"],
        },
    ),
    (
        "nephrology, hematology and rheumatology observerships",
        {"specialties": ["nephrology", "hematology", "rheumatology"], "rotation_types": ["observership"]},
    ),
    (
        "haven't taken any usmle yet, elective in Utah",
        {"no_step1": True, "no_step2ck": True, "rotation_types": ["elective"], "states": ["UT"]},
    ),
    ("observership between 500 and 1500 usd", {"rotation_types": ["observership"], "budget_usd": 1500}),
    (
        "my school is not in VSLO, where can I do electives",
        {"rotation_types": ["elective"], "routes": ["direct", "third_party"]},
    ),
    (
        "I did an observership in Ohio, now I want an externship in Texas",
        {"rotation_types": ["externship"], "states": ["TX"]},
    ),
    (
        "my cousin has not taken step 1, is there an externship for him in New Jersey",
        {"rotation_types": ["externship"], "states": ["NJ"], "no_step1": True},
    ),
    ("both steps are done, hands-on in Chicago please", {"hands_on": True, "cities": ["Chicago"]}),
    (
        "externships in Ohio without exams",
        {"rotation_types": ["externship"], "states": ["OH"], "no_step1": True, "no_step2ck": True},
    ),
    ("hands off rotations in Ohio", {"hands_on": False, "states": ["OH"]}),
    ("no IELTS but the OET is passed, electives in Ohio", {"rotation_types": ["elective"], "states": ["OH"]}),
    (
        "I graduate in June 2027 and want an observership from September",
        {"audience": "students", "rotation_types": ["observership"], "start_month": "2027-09"},
    ),
    ("apply 3 months ahead for pediatrics in Ohio", {"specialties": ["pediatrics"], "states": ["OH"]}),
    ("they ask 3000 dollars for surgery in Maine, what else is there", {"specialties": ["surgery"], "states": ["ME"]}),
    (
        "I own 4000 dollars, 8 weeks of family medicine",
        {"specialties": ["family medicine"], "weeks": 8, "budget_usd": 4000, "budget_is_total": True},
    ),
    ("a fortnight of nephrology next summer", {"specialties": ["nephrology"], "weeks": 2, "start_month": "2027-06"}),
    (
        "only February and March 2027 free, surgery observership",
        {"specialties": ["surgery"], "rotation_types": ["observership"], "start_month": "2027-02"},
    ),
    (
        "electives for students of an unaffiliated school",
        {"rotation_types": ["elective"], "audience": "students", "unrestricted": True},
    ),
    (
        "shadowing only, no patient contact, in Arizona",
        {"rotation_types": ["observership"], "hands_on": False, "states": ["AZ"]},
    ),
]


@pytest.mark.parametrize(("text", "wanted"), NEW, ids=[text for text, _ in NEW])
def test_a_sentence_becomes_a_query(text: str, wanted: dict[str, Any]) -> None:
    found = facets(read(text))
    if "states" not in wanted:
        found.pop("states", None) if ("coast" in text or "midwest" in text) else None
    assert found == wanted


BEFORE = Query(
    specialties=("internal medicine",), states=("NY",), rotation_types=("observership",), audience="graduates"
)
FOLLOW_UPS = [
    ("what about Florida?", {"states": ("FL",)}),
    ("and in Houston", {"states": (), "cities": ("Houston",)}),
    ("also New Jersey", {"states": ("NY", "NJ")}),
    ("or Connecticut?", {"states": ("NY", "CT")}),
    ("anywhere", {"states": ()}),
    ("remove the state", {"states": ()}),
    ("any state is fine", {"states": ()}),
    ("I don't care about the specialty", {"specialties": ()}),
    ("cheaper ones", {"sort": "price"}),
    ("the cheapest please", {"sort": "price"}),
    ("only hands-on", {"hands_on": True, "rotation_types": ()}),
    ("only externships", {"rotation_types": ("externship",)}),
    ("any free ones?", {"free": True}),
    ("under 900", {"budget_usd": 900.0}),
    ("without TOEFL", {"no_english_test": True}),
    ("no step 2 either", {"no_step2ck": True}),
    ("what about cardiology instead", {"specialties": ("cardiology",)}),
    ("also nephrology", {"specialties": ("internal medicine", "nephrology")}),
    ("for students", {"audience": "students"}),
    ("for 8 weeks", {"weeks": 8.0}),
    ("at most 6 weeks", {"weeks": 6.0}),
    ("starting next month", {"start_month": "2026-12"}),
    ("not through vslo", {"routes": ("direct", "third_party")}),
    ("more", {"page": 1}),
    ("show me the next ones", {"page": 1}),
    ("only with a letter", {"letter": True}),
    ("any that offer housing", {"housing": True}),
    ("those that pay a stipend", {"stipend": True}),
    ("is there any cheaper region", {"states": (), "sort": "price"}),
    ("west coast", {"states": ("CA", "OR", "WA"), "regions": ("west coast",)}),
]


@pytest.mark.parametrize(("text", "changed"), FOLLOW_UPS, ids=[text for text, _ in FOLLOW_UPS])
def test_a_follow_up_changes_one_thing_and_keeps_the_rest(text: str, changed: dict[str, Any]) -> None:
    found = read(text, BEFORE)
    assert {name: getattr(found, name) for name in changed} == changed
    for name in Query.__dataclass_fields__:
        if name not in (*changed, "skipped"):
            assert getattr(found, name) == getattr(BEFORE, name), name


@pytest.mark.parametrize(
    ("text", "cleared"),
    [
        ("any price", {"budget_usd": None}),
        ("forget the budget", {"budget_usd": None}),
        ("I passed step 1", {"no_step1": False}),
        ("the length doesn't matter", {"weeks": None}),
        ("regardless of the cost", {"budget_usd": None}),
        ("both steps are behind me", {"no_step1": False}),
        ("I don't mind the length", {"weeks": None}),
    ],
)
def test_a_wish_can_be_taken_back(text: str, cleared: dict[str, Any]) -> None:
    found = read(text, Query(budget_usd=1000, no_step1=True, weeks=4))
    assert {name: getattr(found, name) for name in cleared} == cleared


def test_a_new_search_forgets_the_old_one_but_not_the_person() -> None:
    known = Profile(career_stage="graduate")
    found = read("find psychiatry observerships in Ohio", BEFORE, intent="search_programs", profile=known)
    assert found == Query(
        specialties=("psychiatry",), states=("OH",), rotation_types=("observership",), audience="graduates"
    )


def test_graduates_are_not_searched_the_electives_of_students() -> None:
    before = Query(audience="students", rotation_types=("elective",), states=("NY",))
    query = read("and for graduates?", before)
    assert (query.audience, query.rotation_types, query.states) == ("graduates", (), ("NY",))
    shadowing = replace(before, rotation_types=("observership",))
    assert read("and for graduates?", shadowing).rotation_types == ("observership",)


def test_a_bare_request_uses_everything_that_was_ever_said() -> None:
    known = Profile(career_stage="student", specialties=("surgery",), states=("TX",), step1="not_taken", weeks=4)
    found = read("find me a program", profile=known)
    assert facets(found) == {
        "specialties": ["surgery"],
        "states": ["TX"],
        "audience": "students",
        "no_step1": True,
        "weeks": 4,
    }


@pytest.mark.parametrize("text", ["skip", "I don't care", "not sure", "no idea", "any"])
def test_a_question_can_be_skipped(text: str) -> None:
    found = read(text, Query(states=("OH",)), intent="unsure", asked="specialties")
    assert found == Query(states=("OH",), skipped=("specialties",))


@pytest.mark.parametrize(
    ("payload", "changed"),
    [
        ({"page": "next"}, {"page": 1}),
        ({"page": "previous"}, {"page": 0}),
        ({"sort": "price"}, {"sort": "price"}),
        ({"state": "any"}, {"states": ()}),
        ({"rotation_type": "hands_on"}, {"hands_on": True, "rotation_types": ()}),
        ({"budget": "0"}, {"free": True}),
    ],
)
def test_a_button_carries_its_meaning(payload: dict[str, str], changed: dict[str, Any]) -> None:
    found = read(f"/refine_search{json.dumps(payload)}", BEFORE)
    assert {name: getattr(found, name) for name in changed} == changed


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE programs; --",
        "budget -500 dollars",
        "a place in Narnia or Atlantis",
        "surgery " * 700,
        "{{7*7}} <script>alert(1)</script>",
        "for -3 weeks",
        "for 900 weeks",
        "observership in January 1999",
        "\x00\x01 ????",
    ],
    ids=["sql", "negative", "states", "long", "markup", "negative_weeks", "endless", "past", "noise"],
)
def test_hostile_or_impossible_words_do_no_harm(text: str) -> None:
    found = read(text)
    assert found.budget_usd is None
    assert found.weeks is None
    assert found.start_month == ""
    assert found.states == ()
    assert set(found.specialties) <= {"surgery"}
