"""Every fact on every card is what its row of the file says, compared cell by cell for all programs."""

from __future__ import annotations

import re

import pytest

from bot.programs.cards import card
from bot.programs.catalog import Catalog
from bot.programs.facets import Surroundings
from bot.programs.query import Query
from bot.programs.results import MOST_REASONS, caveats, parts, reasons
from bot.programs.search import PAGE_SIZE, search
from bot.programs.vocabulary import vocabulary
from bot.reply.days import month
from bot.reply.parts import Card, Programs
from bot.reply.responses import Responses
from tests.unit.conftest import PROGRAMS, TODAY, rows

ROWS = rows(PROGRAMS)
LEVELS = {"required": "required", "recommended": "recommended", "not_required": "not required"}


def money(cell: str) -> str:
    return f"{int(cell):,}"


def weeks_of(row: dict[str, str]) -> list[str]:
    return [row[name] for name in ("duration_weeks_min", "duration_weeks_max", "max_weeks_total") if row[name]]


@pytest.fixture(scope="session")
def cards(catalog: Catalog, responses: Responses) -> dict[str, Card]:
    return {slug: card(item, today=TODAY, say=responses.text) for slug, item in catalog.by_slug.items()}


def fact(shown: Card, label: str) -> str:
    return next((item.value for item in (*shown.facts, *shown.more) if item.label == label), "")


@pytest.mark.parametrize("row", ROWS, ids=[row["slug"] for row in ROWS])
def test_a_card_says_what_its_row_says(row: dict[str, str], cards: dict[str, Card]) -> None:
    shown = cards[row["slug"]]
    assert (shown.title, shown.notes, shown.confidence) == (row["institution"], row["notes"], row["confidence"])
    assert shown.subtitle.endswith(row["program_name"])
    assert all(row[name] in shown.subtitle for name in ("city", "state"))
    assert shown.source is not None
    assert (shown.source.url, shown.source.date) == (row["source_url"], row["source_date"])
    assert not [
        item.value for item in (*shown.facts, *shown.more) if re.search(r"\{\w+\}|\bNone\b|\bnan\b", item.value)
    ]
    _check_who(row, shown)
    _check_money(row, shown)
    _check_times(row, shown)
    _check_exams(row, shown)
    _check_texts(row, shown)
    _check_source(row, shown)


def _check_who(row: dict[str, str], shown: Card) -> None:
    who = fact(shown, "Who may apply")
    for audience in ("students", "graduates"):
        assert (audience in who.split(";")[0].split(" not stated")[0]) is (audience in row["audience"].split(";")) or (
            not row["audience"] and "not stated" in who
        )
    says = {"yes": "open to international", "restricted": "some international", "no": "closed to", "": "not stated"}
    assert says[row["accepts_international"]] in who
    hands_on = {"yes": "yes", "no": "no, observing only", "mixed": "partly (depends on the track)", "": ""}
    assert fact(shown, "Hands-on") == hands_on[row["hands_on"]]
    types = row["rotation_types"].replace("sub_internship", "sub-internship").split(";")
    assert fact(shown, "Type").split(", ") == types


def _check_money(row: dict[str, str], shown: Card) -> None:
    year = row["fee_year"] or row["source_date"][:4] or "undated source"
    fee = fact(shown, "Fee")
    if row["fee_period"] == "free":
        assert fee == f"free ({year})"
    elif row["price_list"]:
        listed = [money(word) for word in re.findall(r"\d+(?=;|$)", row["price_list"])]
        assert re.findall(r"USD (\d[\d,]*)", fee) == listed
        assert f"({year})" in fee
    elif row["fee_usd_min"]:
        amounts = [money(row[name]) for name in ("fee_usd_min", "fee_usd_max") if row[name]]
        assert re.findall(r"\d[\d,]*", fee.split(" per ")[0].split(" once")[0]) == list(dict.fromkeys(amounts))
        period = {"one_time": "once"}.get(row["fee_period"], row["fee_period"].replace("_", " "))
        assert f" {period} ({year})" in fee
    else:
        assert fee == ""
        assert "Fee" in fact(shown, "Not stated on the page")
    application = row["application_fee_usd"]
    assert fact(shown, "Application fee") == (f"USD {money(application)} ({year})" if application else "")


def _check_times(row: dict[str, str], shown: Card) -> None:
    assert re.findall(r"\d+(?:\.\d+)?", fact(shown, "Length")) == _said_weeks(row)
    leads = [row[name] for name in ("apply_months_before_min", "apply_months_before_max") if row[name]]
    said = [_said_months(float(months)) for months in dict.fromkeys(leads)]
    assert re.findall(r"\d+(?:\.\d+)? (?:week|month)", fact(shown, "When to apply")) == said
    assert fact(shown, "Application window") == row["application_window"]


def _said_months(months: float) -> str:
    is_odd = months * 2 % 1 or months < 1
    return f"{months * 4.35:.0f} week" if is_odd else f"{months:g} month"


def _said_weeks(row: dict[str, str]) -> list[str]:
    low, high, most = row["duration_weeks_min"], row["duration_weeks_max"], row["max_weeks_total"]
    length = [low] if low == high and low else [value for value in (low, high) if value]
    return length + ([most] if most else [])


def _check_exams(row: dict[str, str], shown: Card) -> None:
    for label, column in (("Step 1", "step1"), ("Step 2 CK", "step2ck"), ("English test", "english_test")):
        value = fact(shown, label)
        level = LEVELS.get(row[column], "")
        assert value.startswith(level)
        if level:
            assert ("closed to international" in value) is (row["accepts_international"] == "no")
        elif column != "english_test":
            assert value == ""
    assert row["english_detail"] in fact(shown, "English test")
    if row["step1"] == "required" and "IFOM" in row["notes"]:
        assert "substitute" in fact(shown, "Step 1")
        assert "IFOM" in shown.notes


def _check_texts(row: dict[str, str], shown: Card) -> None:
    assert fact(shown, "Visa") == row["visa"]
    assert fact(shown, "Documents") == row["documents"].replace(";", ", ")
    assert fact(shown, "Specialties") == row["specialties"].replace(";", ", ")
    for label, column, none in (
        ("Housing", "housing", "not included"),
        ("Stipend", "stipend", "nothing is paid"),
        ("Working hours", "hours", ""),
        ("Who must agree", "decided_by", ""),
        ("Certificate", "certificate", ""),
    ):
        assert fact(shown, label) == (none if none and row[column] == "none" else row[column])
    for label, column in (("Citizenship", "citizenship"), ("Residency applicants", "residency_applicants")):
        assert bool(fact(shown, label)) is bool(row[column])
    assert fact(shown, "Letter of recommendation") == row["lor"].replace("_", " ")
    route = {"direct": "directly", "vslo": "through VSLO", "third_party": "through this placement company", "": ""}
    assert fact(shown, "How to apply") == route[row["route"]]


def _check_source(row: dict[str, str], shown: Card) -> None:
    source = shown.source_note
    assert source.startswith(month(row["source_date"]) or "undated source")
    if row["source_date"] and int(row["source_date"][:4]) <= TODAY.year - 3:
        assert f"{TODAY.year - int(row['source_date'][:4])} years old" in source
    assert ("low confidence" in source) is (row["confidence"] == "low")


def test_a_card_opens_with_who_may_apply_fee_and_deadline_and_folds_the_rest(cards: dict[str, Card]) -> None:
    for shown in cards.values():
        opening, folded = [item.label for item in shown.facts], [item.label for item in shown.more]
        assert opening[0] == "Who may apply"
        assert set(opening) <= {"Who may apply", "Fee", "When to apply", "Application window"}
        assert not set(opening) & set(folded)
        assert ("Fee" in opening) is ("Fee" not in fact(shown, "Not stated on the page"))
    assert any("When to apply" in [item.label for item in shown.facts] for shown in cards.values())
    assert any("Application window" in [item.label for item in shown.facts] for shown in cards.values())


def test_below_an_answer_a_card_opens_with_what_was_asked(catalog: Catalog, responses: Responses) -> None:
    program = next(item for item in catalog.by_slug.values() if item.visa and item.step1 and item.fee_usd_min)
    shown = card(program, today=TODAY, say=responses.text, asked=("visa", "step1"))
    assert [item.label for item in shown.facts] == ["Visa", "Step 1"]
    assert "Fee" in [item.label for item in shown.more]
    assert not shown.notes


def test_a_result_says_why_it_is_there_in_three_chips_and_what_is_not_stated(
    catalog: Catalog, around: Surroundings, responses: Responses
) -> None:
    query = Query(
        specialties=("neurology",),
        rotation_types=("observership",),
        audience="graduates",
        no_step1=True,
        budget_usd=1000,
    )
    results = search(catalog, query, around=around, regions=vocabulary().regions)
    assert len(results.hits) == PAGE_SIZE
    for hit in results.hits:
        fits = reasons(hit, query, states=vocabulary().states, say=responses.text)
        opened = caveats(hit, say=responses.text)
        assert fits
        assert len(fits) + len(opened) <= MOST_REASONS
        assert set(fits) <= {
            "neurology",
            "observership",
            "for graduates",
            "without Step 1",
            "up to USD 1,000 for 4 weeks",
        }
        assert ("Step 1" in " ".join(opened)) is (hit.program.step1 == "")
        assert "Only for some" in " ".join(opened) or hit.program.accepts_international != "restricted"


def test_a_chip_names_the_place_and_the_type_that_the_program_has(
    catalog: Catalog, around: Surroundings, responses: Responses
) -> None:
    query = Query(states=("TX", "OH"), rotation_types=("observership", "elective"))
    results = search(catalog, query, around=around, regions=vocabulary().regions)
    (_, shown) = parts(results, query, today=TODAY, states=vocabulary().states, say=responses.text)
    assert isinstance(shown, Programs)
    for found, hit in zip(shown.cards, results.hits, strict=True):
        place = {"TX": "in Texas", "OH": "in Ohio"}[hit.program.state]
        kinds = {name for name in query.rotation_types if name in hit.program.rotation_types}
        assert set(found.why) == {place, *kinds}
        assert [item.label for item in found.facts if item.label == "Who may apply"] == []


def test_a_restricted_result_names_its_restriction_once(
    catalog: Catalog, around: Surroundings, responses: Responses
) -> None:
    query = Query(states=("NJ",), audience="students")
    results = search(catalog, query, around=around, regions=vocabulary().regions)
    restricted = [hit for hit in results.hits if hit.program.accepts_international == "restricted"]
    assert restricted
    assert results.full == 0
    for hit in restricted:
        assert caveats(hit, say=responses.text)[-1:] == ("Only for some: see the note",)
        assert not any("Who may apply" in line for line in caveats(hit, say=responses.text))


def test_hands_on_places_that_want_step_1_are_none_without_it(catalog: Catalog, around: Surroundings) -> None:
    query = Query(hands_on=True, no_step1=True, audience="graduates")
    results = search(catalog, query, around=around, regions=vocabulary().regions)
    assert results.full
    assert not [hit for hit in results.hits if "Step 1 pass" in hit.program.notes]
