"""Keeping programs and facts: what is refused, what is noted, and what nobody finds any more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.db.base import Database
from bot.programs import service as programs
from bot.programs.importer import export_facts, export_programs, import_facts, import_programs
from bot.programs.query import Query
from bot.programs.upkeep import service as upkeep
from bot.programs.upkeep.service import RetireError, RowError, StaleFormError
from bot.programs.upkeep.store import find_fact, find_facts, find_program, find_programs, is_stale
from bot.staff.roles import Role, Staff
from bot.staff.store import history_of
from tests.databases import make_seeded

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVA = Staff(1, "eva", Role.PUBLISHER)
FIELDS = {
    "institution": "Lakeside Clinic of Nowhere",
    "program_name": "Observership",
    "provider_type": "hospital",
    "rotation_types": "observership",
    "state": "OH",
    "city": "Nowhere",
    "confidence": "high",
    "source_url": "https://lakeside.example/visitors",
    "source_date": "2026-10",
}
FACT = {
    "key": "sample_fee_usd",
    "value": "100",
    "unit": "usd",
    "source_url": "https://fees.example/all",
    "confidence": "high",
    "source_date": "2026",
}


def add(database: Database, **changes: str) -> str:
    """A program that staff added; gives its slug."""
    with database.unit() as session:
        return upkeep.put_program(session, EVA, {**FIELDS, **changes}, checked="2026-11-20", today=TODAY).slug


def test_an_added_program_is_found_by_search_and_by_name(empty: Database) -> None:
    slug = add(empty)
    assert slug == "lakeside-clinic-of-nowhere-observership"
    with empty.unit() as session:
        hits = programs.search(session, Query(), today=TODAY).hits
        assert [hit.program.slug for hit in hits] == [slug]
        assert "Lakeside Clinic of Nowhere" in [line["value"] for line in programs.gazetteer(session)]


def test_other_names_of_an_institution_are_given_kept_and_taken_away(empty: Database) -> None:
    first, second = add(empty, aliases="Lakeside; LCN ;LCN"), add(empty, program_name="Elective")
    with empty.unit() as session:
        terms = {line["value"]: line["terms"] for line in programs.gazetteer(session)}
        assert {"Lakeside", "LCN"} <= set(terms["Lakeside Clinic of Nowhere"])
        row = find_program(session, second)
        assert row
        assert upkeep.fields_of(row)["aliases"] == "Lakeside;LCN"
        fields, seen = {**upkeep.fields_of(row), "aliases": "Lakeside"}, upkeep.state_of(row)
        upkeep.put_program(session, EVA, fields, checked="2026-11-20", today=TODAY, seen=seen)
    with empty.unit() as session:
        assert "LCN" not in programs.gazetteer(session)[0]["terms"]  # type: ignore[operator]
        newest = history_of(session, f"program {second}")[0]
        assert (newest.before, newest.after) == ({"aliases": "Lakeside;LCN"}, {"aliases": "Lakeside"})
        row = find_program(session, first)
        assert row
        assert upkeep.fields_of(row)["aliases"] == "Lakeside"


def test_a_name_that_two_institutions_share_means_the_first(empty: Database) -> None:
    add(empty, aliases="LCN")
    add(empty, institution="Lake County Nursing", aliases="LCN")
    with empty.unit() as session:
        assert [item["value"] for item in programs.gazetteer(session) if "LCN" in item["terms"]] == [  # type: ignore[operator]
            "Lakeside Clinic of Nowhere"
        ]


def test_the_names_are_written_for_the_engine(empty: Database, tmp_path: Path) -> None:
    add(empty)
    with empty.unit() as session:
        programs.write_gazetteer(session, tmp_path / "var")
    assert "Lakeside Clinic of Nowhere" in (tmp_path / "var" / "gazetteer.jsonl").read_text(encoding="utf8")
    assert len(list((tmp_path / "var").iterdir())) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source_url": ""}, "source_url"),
        ({"source_url": "lakeside"}, "source_url"),
        ({"source_date": "last year"}, "source_date"),
        ({"institution": " "}, "institution"),
        ({"fee_usd_min": "-3"}, "fee_usd_min"),
        ({"fee_usd_max": "300"}, "fee_usd_min"),
        ({"state": "Ohio"}, "state"),
        ({"rotation_types": "holiday"}, "rotation_types"),
        ({"aliases": "x"}, "aliases"),
        ({"aliases": "y" * 81}, "aliases"),
        ({"checked": ""}, "checked"),
        ({"checked": "2026-11-24"}, "checked"),
        ({"checked": "soon"}, "checked"),
    ],
)
def test_fields_are_read_as_the_importer_reads_them(change: dict[str, str], field: str, empty: Database) -> None:
    checked = change.get("checked", "2026-11-20")
    with pytest.raises(RowError) as refused, empty.unit() as session:
        upkeep.put_program(session, EVA, {**FIELDS, **change}, checked=checked, today=TODAY)
    assert field in refused.value.problems
    with empty.unit() as session:
        assert programs.is_empty(session)


def test_every_broken_field_is_named_at_once(empty: Database) -> None:
    broken = {**FIELDS, "source_url": "", "state": "Ohio"}
    with pytest.raises(RowError) as refused, empty.unit() as session:
        upkeep.put_program(session, EVA, broken, checked="", today=TODAY)
    assert set(refused.value.problems) == {"source_url", "state", "checked"}


def test_a_second_program_does_not_overwrite_the_first(empty: Database) -> None:
    add(empty)
    with pytest.raises(RowError, match="taken"):
        add(empty)


def test_spaces_and_line_breaks_are_no_mistake(empty: Database) -> None:
    slug = add(empty, notes="  Two\nlines ")
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        assert row.notes == "Two lines"


def test_a_change_is_noted_with_before_and_after_and_only_what_differs(empty: Database) -> None:
    slug = add(empty)
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        fields = {**upkeep.fields_of(row), "city": "Somewhere"}
        seen = upkeep.state_of(row)
        upkeep.put_program(session, EVA, fields, checked="2026-11-23", today=TODAY, seen=seen)
    with empty.unit() as session:
        newest, first = history_of(session, f"program {slug}")
    assert (first.action, newest.action, newest.staff_name) == ("add", "change", "eva")
    assert newest.before == {"city": "Nowhere", "checked": "2026-11-20"}
    assert newest.after == {"city": "Somewhere", "checked": "2026-11-23"}


@pytest.mark.parametrize(
    ("sent", "kept"), [("elective;research", "research;elective"), ("elective;telehealth", "elective;telehealth")]
)
def test_boxes_have_no_order_of_their_own(sent: str, kept: str, empty: Database) -> None:
    slug = add(empty, rotation_types="research;elective")
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        fields, seen = upkeep.fields_of(row) | {"rotation_types": sent}, upkeep.state_of(row)
        upkeep.put_program(session, EVA, fields, checked="2026-11-20", today=TODAY, seen=seen)
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        assert upkeep.fields_of(row)["rotation_types"] == kept


def test_of_two_who_change_the_same_program_the_second_is_told(empty: Database) -> None:
    slug = add(empty)
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        fields, seen = upkeep.fields_of(row), upkeep.state_of(row)
    with empty.unit() as session:
        upkeep.put_program(session, EVA, {**fields, "lor": "yes"}, checked="2026-11-20", today=TODAY, seen=seen)
    with pytest.raises(StaleFormError), empty.unit() as session:
        upkeep.put_program(session, EVA, {**fields, "visa": "B-1"}, checked="2026-11-20", today=TODAY, seen=seen)


def test_a_retired_program_is_gone_for_people_and_from_the_export_and_comes_back(empty: Database) -> None:
    slug = add(empty)
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        upkeep.retire(session, EVA, row, reason="closed", now=NOW)
    with empty.unit() as session:
        assert programs.search(session, Query(), today=TODAY).hits == ()
        assert programs.gazetteer(session) == []
        assert slug not in export_programs(session)
        assert [row.slug for row in find_programs(session, "", state="retired", today=TODAY).rows] == [slug]
        row = find_program(session, slug)
        assert row
        upkeep.bring_back(session, EVA, row)
    with empty.unit() as session:
        assert slug in export_programs(session)
        assert [entry.action for entry in history_of(session, f"program {slug}")] == ["bring back", "retire", "add"]


def test_an_import_does_not_bring_a_retired_program_back(empty: Database, tmp_path: Path) -> None:
    slug = add(empty)
    file = tmp_path / "programs.csv"
    with empty.unit() as session:
        file.write_text(export_programs(session), encoding="utf8")
        row = find_program(session, slug)
        assert row
        upkeep.retire(session, EVA, row, reason="closed", now=NOW)
    assert import_programs(empty, file).applied
    with empty.unit() as session:
        assert programs.search(session, Query(), today=TODAY).hits == ()


def test_an_import_names_what_staff_edited_and_overwrites_it_on_demand_only(empty: Database, tmp_path: Path) -> None:
    edited, other = add(empty, lor="yes"), tmp_path / "programs.csv"
    with empty.unit() as session:
        text = export_programs(session)
    assert import_programs(empty, _written(other, text)).clashes == (), "the same is no clash"
    changed = _written(other, text.replace(",yes,", ",no,"))
    report = import_programs(empty, changed)
    assert [str(clash) for clash in report.clashes] == [f"{edited}: staff edited lor"]
    assert (report.changed, report.unchanged) == (0, 0)
    with empty.unit() as session:
        assert export_programs(session) == text
    report = import_programs(empty, changed, over_staff=True)
    assert (report.changed, len(report.clashes)) == (1, 1)
    with empty.unit() as session:
        assert export_programs(session) == changed.read_text(encoding="utf8")


def test_an_import_changes_facts_that_staff_only_confirmed_and_keeps_those_that_they_wrote(
    empty: Database, tmp_path: Path
) -> None:
    file = tmp_path / "facts.csv"
    head = "key,value,unit,applies_to,explanation,source_url,source_date,confidence\n"
    assert import_facts(empty, _written(file, f"{head}b_fee_usd,5,usd,,,https://fees.example/,2026,high\n")).added == 1
    with empty.unit() as session:
        upkeep.put_fact(session, EVA, FACT, checked="2026-11-20", today=TODAY)
        row = find_fact(session, "b_fee_usd")
        assert row
        upkeep.confirm(session, EVA, row, today=TODAY)
    with empty.unit() as session:
        text = export_facts(session).replace(",5,", ",6,").replace(",100,", ",200,")
    report = import_facts(empty, _written(file, text))
    assert report.changed == 1
    assert [(clash.name, clash.columns) for clash in report.clashes] == [("sample_fee_usd", ("value",))]
    with empty.unit() as session:
        assert {row.key: row.value for row in find_facts(session, "", state="live", today=TODAY).rows} == {
            "b_fee_usd": "6",
            "sample_fee_usd": "100",
        }


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf8")
    return path


def test_retiring_needs_a_reason(empty: Database) -> None:
    slug = add(empty)
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        with pytest.raises(RetireError, match="why"):
            upkeep.retire(session, EVA, row, reason=" ", now=NOW)


@pytest.mark.parametrize(
    ("checked", "source_date", "stale"),
    [
        (None, "", True),
        (None, "2024", True),
        (None, "2025", True),
        (None, "2025-11", True),
        (None, "2025-12", False),
        (None, "2026", False),
        (NOW - timedelta(days=364), "", False),
        (NOW - timedelta(days=366), "2026-11", True),
    ],
)
def test_what_nobody_looked_at_for_a_year_is_stale(
    checked: datetime | None, source_date: str, stale: bool, empty: Database
) -> None:
    slug = add(empty, source_date=source_date)
    with empty.unit() as session:
        row = find_program(session, slug)
        assert row
        row.checked_at = checked
    with empty.unit() as session:
        queue = find_programs(session, "", state="stale", today=TODAY)
        assert (queue.count == 1) is stale
    assert is_stale(checked, source_date, today=TODAY) is stale


def test_confirming_takes_a_row_out_of_the_queue(seeded_copy: Database) -> None:
    with seeded_copy.unit() as session:
        queue = find_facts(session, "", state="stale", today=TODAY)
        upkeep.confirm(session, EVA, queue.rows[0], today=TODAY)
    with seeded_copy.unit() as session:
        assert find_facts(session, "", state="stale", today=TODAY).count == queue.count - 1


def test_search_takes_words_in_any_order_and_pages(seeded_copy: Database) -> None:
    with seeded_copy.unit() as session:
        found = find_programs(session, "clinic cleveland", state="live", today=TODAY)
        assert found.count > 0
        assert all("cleveland" in f"{row.institution.name} {row.city}".lower() for row in found.rows)
        assert find_programs(session, "100%_", state="live", today=TODAY).count == 0
        first = find_programs(session, "", state="live", today=TODAY, limit=10)
        second = find_programs(session, "", state="live", today=TODAY, limit=10, offset=10)
        assert first.count == second.count > 300
        assert not {row.slug for row in first.rows} & {row.slug for row in second.rows}


def test_a_changed_fact_counts_at_once(seeded_copy: Database) -> None:
    with seeded_copy.unit() as session:
        row = find_fact(session, "b1_visa_fee_usd") or find_facts(session, "usd", state="live", today=TODAY).rows[0]
        fields, seen = upkeep.fields_of(row), upkeep.state_of(row)
        assert programs.shelves(session).facts[row.key].value == fields["value"]
        upkeep.put_fact(session, EVA, {**fields, "value": "4321"}, checked="2026-11-23", today=TODAY, seen=seen)
    with seeded_copy.unit() as session:
        assert programs.shelves(session).facts[fields["key"]].value == "4321"


@pytest.mark.parametrize(
    ("key", "change", "field"),
    [
        ("match_day", {"value": "in spring"}, "value"),
        ("number", {"value": "a lot"}, "value"),
        ("number", {"unit": "weeks"}, "unit"),
    ],
)
def test_a_value_that_is_calculated_with_keeps_its_form(
    key: str, change: dict[str, str], field: str, empty: Database
) -> None:
    values = {"match_day": {"value": "2027-03-19", "unit": "date"}, "number": {"value": "3000-5000", "unit": "usd"}}
    with empty.unit() as session:
        row = upkeep.put_fact(session, EVA, {**FACT, "key": key, **values[key]}, checked="2026-11-23", today=TODAY)
        fields, seen = upkeep.fields_of(row), upkeep.state_of(row)
    with pytest.raises(RowError) as refused, empty.unit() as session:
        upkeep.put_fact(session, EVA, {**fields, **change}, checked="2026-11-23", today=TODAY, seen=seen)
    assert list(refused.value.problems) == [field]


def test_a_fact_that_something_is_calculated_with_is_not_retired(seeded_copy: Database) -> None:
    with seeded_copy.unit() as session:
        needed, free = find_facts(session, "", state="live", today=TODAY, limit=2).rows
        upkeep.retire(session, EVA, free, reason="over", now=NOW)
        with pytest.raises(RetireError, match="Plans and cost estimates are calculated"):
            upkeep.retire(session, EVA, needed, reason="over", now=NOW, uses=("plans", "cost estimates"))
    with seeded_copy.unit() as session:
        assert f"\n{free.key}," not in export_facts(session)
        assert f"\n{needed.key}," in export_facts(session)


@pytest.fixture
def seeded_copy(tmp_path: Path) -> Database:
    """The seed data in a database of its own, to be written to."""
    return Database(make_seeded(tmp_path / "seeded.db"))
