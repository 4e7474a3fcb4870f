"""Search: fits first, the unknown after it and marked, one wish relaxed at a time, closed programs never."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.profile import Profile
from bot.programs.catalog import Catalog, all_places, bits_of
from bot.programs.facets import FACETS, Fit, Surroundings, judge
from bot.programs.pricing import price_for_four_weeks
from bot.programs.program import Program
from bot.programs.query import Query
from bot.programs.search import PAGE_SIZE, Results, search
from bot.programs.search_questions import is_bare, next_question
from bot.programs.specialties import Specialties
from bot.programs.vocabulary import vocabulary

PLAIN = Program(
    slug="a",
    institution="A",
    program_name="P",
    provider_type="hospital",
    rotation_types=("observership",),
    audience=("graduates",),
    accepts_international="yes",
    state="TX",
    city="Houston",
    confidence="high",
)
AROUND = Surroundings(Specialties({"surgery": ["trauma surgery"], "cardiology": ["heart failure"]}), date(2026, 11, 23))


def run(programs: list[Program], query: Query) -> Results:
    catalog = Catalog(programs)
    around = replace(AROUND, homes=catalog.homes)
    return search(catalog, query, around=around, regions={"south": ["TX", "LA"], "east": ["NY", "NJ"]})


@pytest.mark.parametrize(
    ("query", "values", "verdict"),
    [
        (Query(audience="students"), {"audience": ("students", "graduates")}, "yes"),
        (Query(audience="students"), {"audience": ("graduates",)}, "no"),
        (Query(audience="students"), {"audience": ()}, "unknown"),
        (Query(states=("TX",)), {"state": "TX"}, "yes"),
        (Query(states=("TX",)), {"state": ""}, "unknown"),
        (Query(cities=("houston",)), {"city": "Houston"}, "yes"),
        (Query(excluded_places=("TX",)), {"state": "TX"}, "no"),
        (Query(excluded_places=("NY",)), {"state": "TX"}, "yes"),
        (Query(excluded_places=("Houston",)), {"state": "TX", "city": "Houston"}, "no"),
        (Query(excluded_places=("Houston",)), {"state": "TX", "city": "Dallas"}, "yes"),
        (Query(hands_on=True), {"hands_on": "mixed"}, "yes"),
        (Query(hands_on=True), {"hands_on": "no"}, "no"),
        (Query(hands_on=True), {"hands_on": "", "rotation_types": ("elective",)}, "unknown"),
        (Query(hands_on=True), {"hands_on": "", "rotation_types": ("observership",)}, "no"),
        (Query(hands_on=False), {"hands_on": "", "rotation_types": ("observership",)}, "yes"),
        (Query(specialties=("surgery",)), {"specialties": ("trauma surgery",)}, "yes"),
        (Query(specialties=("heart failure",)), {"specialties": ("cardiology",)}, "unknown"),
        (Query(specialties=("surgery",)), {"specialties": ("many",)}, "unknown"),
        (Query(specialties=("surgery",)), {"specialties": ("oncology", "many")}, "unknown"),
        (Query(specialties=("surgery",)), {"specialties": ()}, "unknown"),
        (Query(specialties=("surgery",)), {"specialties": ("urology",)}, "no"),
        (Query(budget_usd=500), {"fee_usd_min": 500.0, "fee_usd_max": 500.0, "fee_period": "per_4_weeks"}, "yes"),
        (Query(budget_usd=500), {"fee_usd_min": 300.0, "fee_usd_max": 300.0, "fee_period": "per_2_weeks"}, "no"),
        (Query(budget_usd=500), {"fee_usd_min": 500.0, "fee_period": "per_week"}, "no"),
        (Query(budget_usd=500), {}, "unknown"),
        (Query(free=True), {"fee_period": "free"}, "yes"),
        (Query(free=True), {}, "unknown"),
        (Query(free=True), {"fee_usd_min": 1.0, "fee_period": "one_time"}, "no"),
        (
            Query(budget_usd=2000, budget_is_total=True, weeks=8),
            {"fee_usd_min": 1500.0, "fee_period": "per_4_weeks", "duration_weeks_min": 4.0, "max_weeks_total": 8.0},
            "no",
        ),
        (Query(no_step1=True), {"step1": "required"}, "no"),
        (Query(no_step1=True), {"step1": "recommended"}, "yes"),
        (Query(no_step1=True), {"step1": ""}, "unknown"),
        (Query(no_english_test=True), {"english_test": "not_required"}, "yes"),
        (Query(routes=("direct", "third_party")), {"route": "vslo", "vslo": "yes"}, "no"),
        (Query(routes=("vslo",)), {"route": "direct", "vslo": "yes"}, "yes"),
        (Query(routes=("vslo",)), {"route": "", "vslo": ""}, "unknown"),
        (Query(letter=True), {"lor": "yes"}, "yes"),
        (Query(letter=True), {"lor": "case_by_case"}, "unknown"),
        (Query(letter=True), {}, "unknown"),
        (Query(letter=True), {"lor": "no"}, "no"),
        (Query(housing=True), {"housing": "free and shared"}, "yes"),
        (Query(housing=True), {"housing": "none"}, "no"),
        (Query(stipend=True), {"stipend": "USD 3,000"}, "yes"),
        (Query(stipend=True), {}, "unknown"),
        (Query(unrestricted=True), {"accepts_international": "restricted", "notes": "x"}, "unknown"),
        (Query(weeks=2), {"duration_weeks_min": 4.0}, "no"),
        (Query(weeks=8), {"duration_weeks_min": 4.0, "duration_weeks_max": 4.0, "max_weeks_total": 12.0}, "yes"),
        (Query(weeks=8), {"duration_weeks_min": 4.0, "duration_weeks_max": 4.0}, "unknown"),
        (Query(weeks=16), {"max_weeks_total": 12.0}, "no"),
        (Query(start_month="2027-01"), {"apply_months_before_min": 3.0}, "no"),
        (Query(start_month="2027-06"), {"apply_months_before_min": 3.0}, "yes"),
        (Query(start_month="2027-06"), {}, "unknown"),
        (Query(visa="J-1"), {"visa": "B-1/B-2"}, "no"),
        (Query(visa="B-1/B-2"), {"visa": "visitor visa"}, "yes"),
        (Query(visa="J-1"), {"visa": "no sponsorship"}, "unknown"),
    ],
)
def test_a_facet_fits_or_not_or_does_not_say(query: Query, values: dict[str, Any], verdict: str) -> None:
    verdicts = judge(replace(PLAIN, **values), query, AROUND)
    asked = next(name for name in reversed(verdicts) if name != "accepts_international")
    if query.weeks and query.budget_usd:
        asked = "price"
    assert verdicts[asked].value == verdict


def test_the_unknown_comes_after_what_fits_and_is_marked() -> None:
    silent = replace(PLAIN, slug="silent", fee_period="", confidence="high", source_date="2026")
    cheap = replace(PLAIN, slug="cheap", fee_usd_min=100.0, fee_period="one_time", confidence="low")
    dear = replace(PLAIN, slug="dear", fee_usd_min=9000.0, fee_period="one_time")
    results = run([silent, dear, cheap], Query(budget_usd=500))
    assert [(hit.program.slug, hit.unknown) for hit in results.hits] == [("cheap", ()), ("silent", ("price",))]
    assert (results.full, results.total) == (1, 2)


def test_a_closed_program_is_never_an_option_and_its_exams_never_count() -> None:
    closed = replace(PLAIN, slug="closed", accepts_international="no", step1="not_required")
    assert run([closed], Query(no_step1=True)).total == 0


def test_a_program_silent_on_international_applicants_is_listed_last_and_marked() -> None:
    silent = replace(PLAIN, slug="silent", accepts_international="")
    results = run([silent, replace(PLAIN, slug="open", confidence="low")], Query(states=("TX",)))
    assert [hit.program.slug for hit in results.hits] == ["open", "silent"]
    assert results.hits[1].unknown == ("accepts_international",)


def test_what_plainly_turns_the_person_away_is_no_option_for_them() -> None:
    """A word that decides only together with another ("no visa needed": a citizen?) leaves the program in."""
    late = replace(PLAIN, slug="late", graduated_within_years=5.0)
    foreign = replace(PLAIN, slug="foreign", citizenship="not_us")
    catalog, found = Catalog([PLAIN, late, foreign]), []
    for person in (
        None,
        Profile(graduation_year=2015),
        Profile(nationality="United States"),
        Profile(visa_status="exempt"),
    ):
        around = replace(AROUND, homes=catalog.homes, person=person)
        hits = search(catalog, Query(states=("TX",)), around=around, regions={}).hits
        found.append({hit.program.slug for hit in hits})
    assert found == [{"a", "late", "foreign"}, {"a", "foreign"}, {"a", "late"}, {"a", "late", "foreign"}]


def test_a_restricted_program_may_fit_and_is_never_called_a_fit() -> None:
    restricted = replace(PLAIN, slug="restricted", accepts_international="restricted", notes="Partner schools only.")
    results = run([restricted, replace(PLAIN, slug="open", confidence="low")], Query(states=("TX",)))
    assert [hit.program.slug for hit in results.hits] == ["open", "restricted"]
    assert (results.full, results.total) == (1, 2)


@pytest.mark.parametrize(
    ("query", "given_up"),
    [
        (Query(states=("LA",), audience="graduates"), ("region",)),
        (Query(states=("WY",), audience="graduates"), ("states",)),
        (Query(states=("LA", "NY"), audience="graduates"), ("states",)),
        (Query(states=("TX",), specialties=("surgery",), letter=True), ("letter",)),
        (Query(states=("TX",), budget_usd=1), ("price",)),
        (Query(states=("TX",), specialties=("urology",)), ("specialties",)),
        (Query(cities=("Dallas",), states=("TX",)), ("cities",)),
        (Query(states=("WY",), rotation_types=("elective",)), ("states", "rotation_types")),
    ],
)
def test_a_search_without_match_relaxes_one_wish_and_says_which(query: Query, given_up: tuple[str, ...]) -> None:
    priced = replace(PLAIN, fee_usd_min=100.0, fee_period="one_time", specialties=("surgery",), lor="no")
    results = run([priced], query)
    assert (results.relaxed, results.total) == (given_up, 1)


def test_the_audience_is_never_relaxed() -> None:
    assert run([PLAIN], Query(audience="students", states=("TX",))).total == 0


def test_a_company_with_unnamed_sites_is_not_enough_to_have_found_something() -> None:
    company = replace(PLAIN, slug="company", state="", city="")
    results = run([company, replace(PLAIN, slug="texas")], Query(states=("LA",)))
    assert results.relaxed == ("region",)
    assert [hit.program.slug for hit in results.hits] == ["texas", "company"]


def test_a_city_narrows_its_own_state_and_stands_beside_another() -> None:
    places = [("New York", "NY"), ("Boston", "MA"), ("Worcester", "MA"), ("Rochester", "MN"), ("Rochester", "NY")]
    programs = [replace(PLAIN, slug=f"{city}, {state}", city=city, state=state) for city, state in places]

    def found(**wished: tuple[str, ...]) -> set[str]:
        return {hit.program.slug for hit in run(programs, Query(**wished)).hits}

    assert found(states=("NY",), cities=("Boston",)) == {"New York, NY", "Rochester, NY", "Boston, MA"}
    assert found(states=("MA",), cities=("Boston",)) == {"Boston, MA"}
    assert found(states=("MN",), cities=("Rochester",)) == {"Rochester, MN"}
    assert found(cities=("Boston",)) == {"Boston, MA"}


def test_what_is_free_for_some_only_is_not_surely_free() -> None:
    fees = {"none": (0.0, 0.0), "some": (0.0, 2000.0), "paid": (500.0, 500.0)}
    programs = [
        replace(PLAIN, slug=slug, fee_usd_min=low, fee_usd_max=high, fee_period="one_time")
        for slug, (low, high) in fees.items()
    ]
    results = run(programs, Query(free=True))
    assert [(hit.program.slug, "price" in hit.fits) for hit in results.hits] == [("none", True), ("some", False)]


def test_pages_do_not_overlap_and_cover_everything(catalog: Catalog, around: Surroundings) -> None:
    query, seen = Query(specialties=("surgery",), audience="graduates", sort="price"), list[str]()
    while True:
        results = search(catalog, query, around=around, regions=vocabulary().regions)
        assert len(results.hits) <= PAGE_SIZE
        seen += [hit.program.slug for hit in results.hits]
        if not results.has_more:
            break
        query = replace(query, page=query.page + 1)
    assert len(seen) == len(set(seen)) == results.total


def test_cheapest_first_within_what_fits(catalog: Catalog, around: Surroundings) -> None:
    query = Query(audience="graduates", rotation_types=("observership",), sort="price")
    results = search(catalog, query, around=around, regions=vocabulary().regions)
    prices = [price_for_four_weeks(hit.program) for hit in results.hits if not hit.unknown]
    assert all(one and other and one.low <= other.low for one, other in pairwise(prices))


values = st.sampled_from
queries = st.builds(
    Query,
    specialties=st.lists(values(["surgery", "internal medicine", "cardiology", "nursing"]), max_size=2).map(tuple),
    states=st.lists(values(["TX", "NY", "WY", "OH"]), max_size=2).map(tuple),
    rotation_types=st.lists(values(["observership", "elective", "externship"]), max_size=2).map(tuple),
    hands_on=values([None, True, False]),
    audience=values(["", "students", "graduates"]),
    budget_usd=values([None, 500.0, 2000.0]),
    no_step1=st.booleans(),
    routes=values([(), ("direct",), ("vslo",), ("direct", "third_party")]),
    weeks=values([None, 2.0, 4.0, 12.0]),
    start_month=values(["", "2027-01", "2027-09"]),
    sort=values(["", "price"]),
)


@settings(max_examples=60, deadline=None)
@given(query=queries)
def test_the_index_agrees_with_judging_every_program(query: Query, catalog: Catalog, around: Surroundings) -> None:
    results = search(catalog, query, around=around, regions={})
    verdicts = [judge(program, results.query, around) for program in catalog.programs]
    full = sum(all(fit is Fit.YES for fit in found.values()) for found in verdicts)
    total = sum(all(fit is not Fit.NO for fit in found.values()) for found in verdicts)
    assert (results.full, results.total) == (full, total)
    opened = [len(hit.unknown) for hit in results.hits]
    assert opened == sorted(opened)
    assert not any(hit.program.is_closed for hit in results.hits)


@given(places=st.sets(st.integers(0, 300)))
def test_a_set_of_places_gives_them_back(places: set[int]) -> None:
    bits = bits_of(places, 301)
    assert all_places(bits) == sorted(places)


def test_every_facet_is_judged_on_hashable_values(catalog: Catalog) -> None:
    assert all(isinstance(hash(facet.values(program)), int) for facet in FACETS for program in catalog.programs)


def test_only_what_is_missing_and_changes_the_answer_is_asked() -> None:
    both = replace(PLAIN, audience=("students", "graduates"))
    assert next_question(Query(states=("TX",)), run([PLAIN], Query(states=("TX",)))) == "career_stage"
    assert next_question(Query(states=("TX",)), run([both], Query(states=("TX",)))) is None
    skipped = Query(states=("TX",), skipped=("career_stage",))
    assert next_question(skipped, run([PLAIN], skipped)) is None
    assert next_question(Query(), None) == "career_stage"
    assert next_question(Query(asked=("career_stage",)), None) == "specialties"


@pytest.mark.parametrize(
    ("query", "profile", "is_so"),
    [
        (Query(), Profile(), True),
        (Query(audience="students"), Profile(), True),
        (Query(audience="students", no_step1=True), Profile(step1="not_taken"), True),
        (Query(no_step1=True), Profile(), False),
        (Query(rotation_types=("elective",)), Profile(), False),
        (Query(skipped=("career_stage",)), Profile(), True),
        (Query(skipped=("specialties",)), Profile(), False),
    ],
)
def test_who_somebody_is_is_no_wish(query: Query, profile: Profile, is_so: bool) -> None:
    assert is_bare(query, profile) is is_so
