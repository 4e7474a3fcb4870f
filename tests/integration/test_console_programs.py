"""Keeping programs and facts through the pages: what staff send is what people find, and the rest is refused."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.delivery.store import MessageStore
from bot.programs.corrections.store import add_words, report
from bot.programs.importer import export_programs
from bot.programs.rows import COLUMNS
from bot.programs.service import program_coverage
from bot.programs.sources.tables import SourceCheck
from bot.programs.upkeep.store import HANDFUL
from bot.staff.roles import Role
from tests.conftest import free_port
from tests.databases import make_seeded
from tests.running_app import RunningApp
from tests.staff import ConsoleSession

NEW = {
    "institution": "Lakeside Clinic of Nowhere",
    "program_name": "Observership",
    "provider_type": "hospital",
    "rotation_types": ["observership", "research"],
    "audience": ["graduates"],
    "state": "OH",
    "confidence": "high",
    "source_url": "https://lakeside.example/visitors",
    "checked": "2026-11-20",
    "notes": "Two\r\nlines",
}
SLUG = "lakeside-clinic-of-nowhere-observership"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One application with the seed data."""
    folder = tmp_path_factory.mktemp("house")
    make_seeded(folder / "bot.db")
    running = RunningApp(free_port(), 1, folder=folder, bot_today="2026-11-23")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def keeper(house: RunningApp) -> ConsoleSession:
    return ConsoleSession(house, Role.PUBLISHER)


def fields(page: str) -> dict[str, str]:
    """What a browser would send of a form page, without its boxes."""
    inputs = re.findall(r'<input name="(\w+)" value="([^"]*)"', page)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    choices = re.findall(r'<select name="(\w+)".*?</select>', page, re.DOTALL)
    chosen = {name: _chosen(page, name) for name in choices}
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>([^<]*)<', page)
    boxes: dict[str, str] = {}
    for name, value in re.findall(r'<input type="checkbox" name="(\w+)" value="(\w+)" checked', page):
        boxes[name] = ";".join(filter(None, [boxes.get(name, ""), value]))
    checked = re.findall(r'<input type="date" name="(\w+)" value="([^"]*)"', page)
    shown = dict([*inputs, *hidden, *areas, *checked]) | chosen | boxes
    return {name: html.unescape(value) for name, value in shown.items()}


def _chosen(page: str, name: str) -> str:
    select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    found = re.search(r'value="([^"]*)" selected', select[0]) if select else None
    return found[1] if found else ""


def names_for_the_engine(app: RunningApp) -> str:
    return (Path(app.settings.var) / "gazetteer.jsonl").read_text(encoding="utf8")


def test_a_program_goes_its_whole_way(house: RunningApp, keeper: ConsoleSession) -> None:
    assert keeper.send("/programs/new", **NEW).headers["location"] == f"/staff/programs/{SLUG}"
    assert "Lakeside Clinic of Nowhere" in names_for_the_engine(house)
    assert "Lakeside" in keeper.open("/programs", q="lakeside nowhere")
    form = fields(keeper.open(f"/programs/{SLUG}"))
    assert form["notes"] == "Two lines"
    assert keeper.send(f"/programs/{SLUG}", **{**form, "city": "Lakeside"}).status_code == 303
    page = keeper.open(f"/programs/{SLUG}")
    assert re.search(r"<dt>city</dt>\s*<dd><del>.*?</del>\s*<ins>Lakeside</ins>", page)
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(keeper.open("/programs/export.csv")))}
    assert rows[SLUG]["rotation_types"] == "observership;research"
    assert rows[SLUG]["city"] == "Lakeside"
    assert keeper.send(f"/programs/{SLUG}/retire", reason="closed").status_code == 303
    assert "Lakeside Clinic of Nowhere" not in names_for_the_engine(house)
    assert "No program fits" in keeper.open("/programs", q="lakeside nowhere")
    assert "Lakeside" in keeper.open("/programs", q="lakeside nowhere", state="retired")
    keeper.send(f"/programs/{SLUG}/bring-back")
    assert "Lakeside Clinic of Nowhere" in names_for_the_engine(house)


def test_what_people_open_in_a_spreadsheet_runs_nothing_and_the_repository_s_file_is_exact(
    house: RunningApp, keeper: ConsoleSession
) -> None:
    evil = {"program_name": "@SUM(1)", "notes": "=HYPERLINK(1)", "institution": "Formula Clinic", "city": "-5"}
    assert keeper.send("/programs/new", **{**NEW, **evil}).status_code == 303
    slug = "formula-clinic-sum-1"
    for path, name in (("/programs/export.csv", "program_name"), ("/facts/export.csv", "value")):
        cells = [cell for row in csv.reader(io.StringIO(keeper.open(path))) for cell in row]
        assert name in cells
        assert [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))] == []
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(keeper.open("/programs/export.csv")))}
    assert (rows[slug]["program_name"], rows[slug]["notes"]) == ("'@SUM(1)", "'=HYPERLINK(1)")
    with house.database.unit() as session:
        exact = {row["slug"]: row for row in csv.DictReader(io.StringIO(export_programs(session)))}
    assert (exact[slug]["program_name"], exact[slug]["notes"]) == ("@SUM(1)", "=HYPERLINK(1)")
    keeper.send(f"/programs/{slug}/retire", reason="a test")


def test_a_form_sent_back_unchanged_changes_nothing_but_the_day(house: RunningApp, keeper: ConsoleSession) -> None:
    before = keeper.open("/programs/export.csv")
    rows = list(csv.DictReader(io.StringIO(before)))
    of_each_column = {next(row["slug"] for row in rows if row[column]) for column in COLUMNS}
    for slug in sorted({*(row["slug"] for row in rows[::60]), *of_each_column}):
        form = fields(keeper.open(f"/programs/{slug}"))
        answer = keeper.send(f"/programs/{slug}", **{**form, "checked": "2026-11-22"})
        assert answer.status_code == 303, (slug, answer.text)
    assert keeper.open("/programs/export.csv") == before


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_stored(keeper: ConsoleSession) -> None:
    answer = keeper.send(
        "/programs/new", **{**NEW, "institution": "Elsewhere", "source_url": "lakeside", "fee_usd_min": "-1"}
    )
    assert answer.status_code == 422
    assert "not a web address" in answer.text
    assert "negative" in answer.text
    assert 'value="Elsewhere"' in answer.text, "what was typed is still there"
    assert "No program fits" in keeper.open("/programs", q="elsewhere observership")


def test_an_old_form_does_not_overwrite(keeper: ConsoleSession) -> None:
    form = fields(keeper.open("/programs/ace-md-rotations"))
    assert (
        keeper.send("/programs/ace-md-rotations", **{**form, "checked": "2026-11-21", "visa": "B-1"}).status_code == 303
    )
    answer = keeper.send("/programs/ace-md-rotations", **{**form, "checked": "2026-11-21", "visa": "J-1"})
    assert answer.status_code == 422
    assert "in the meantime" in answer.text
    assert fields(answer.text)["visa"] == "J-1", "what was typed is still there"
    assert "Stored meanwhile: B-1" in answer.text
    again = keeper.send("/programs/ace-md-rotations", **(fields(answer.text) | {"checked": "2026-11-21"}))
    assert again.status_code == 303
    assert fields(keeper.open("/programs/ace-md-rotations"))["visa"] == "J-1"


def test_a_space_after_a_semicolon_does_no_harm(keeper: ConsoleSession) -> None:
    form = fields(keeper.open("/programs/ace-md-rotations")) | {"checked": "2026-11-21"}
    answer = keeper.send("/programs/ace-md-rotations", **{**form, "specialties": "surgery ; pediatrics"})
    assert answer.status_code == 303, answer.text
    assert fields(keeper.open("/programs/ace-md-rotations"))["specialties"] == "surgery;pediatrics"
    wrong = keeper.send("/programs/ace-md-rotations", **{**form, "specialties": "surgery;;"})
    assert "a semicolon too many" in wrong.text


def test_a_fact_is_changed_and_one_that_is_needed_stays(keeper: ConsoleSession) -> None:
    form = fields(keeper.open("/facts/faq_lead_third_party_months"))
    answer = keeper.send("/facts/faq_lead_third_party_months", **{**form, "value": "some", "checked": "2026-11-21"})
    assert "calculated with" in answer.text
    keeper.send("/facts/faq_lead_third_party_months/retire", reason="why not")
    assert "calculated with this fact" in keeper.open("/facts/faq_lead_third_party_months")
    assert "faq_lead_third_party_months" in keeper.open("/facts/export.csv")


def test_who_may_only_read_gets_no_buttons_and_no_write(house: RunningApp) -> None:
    viewer = ConsoleSession(house, Role.ANNOTATOR)
    page = viewer.open("/programs/ace-md-rotations")
    assert "Save" not in page
    assert "Retire" not in page
    assert viewer.send("/programs/ace-md-rotations", **NEW).status_code == 403
    assert viewer.send("/programs/ace-md-rotations/retire", reason="x").status_code == 403


def test_looking_again_takes_a_row_from_the_queue(keeper: ConsoleSession) -> None:
    queue = re.search(r"Look again \((\d+)\)", keeper.open("/facts", state="stale"))
    first = re.search(r'href="/staff/facts/(\w+)"', keeper.open("/facts", state="stale").split("<tbody>")[1])
    assert queue
    assert first
    keeper.send(f"/facts/{first[1]}/confirm")
    assert f"Look again ({int(queue[1]) - 1})" in keeper.open("/facts")


def test_the_queue_is_a_handful_and_the_rest_is_one_click_away(house: RunningApp, keeper: ConsoleSession) -> None:
    page = keeper.open("/programs", state="stale")
    assert page.count('href="/staff/programs/') - page.count("/staff/programs/new") < 15
    assert re.search(r"\d{3} more wait for another day", page)
    assert keeper.open("/programs", state="stale", rest="true").count("Still true: ") == 50
    names = re.findall(r'action="/staff/programs/([\w-]+)/confirm"', page)
    assert f"Look again ({len(names)})" in page
    assert 0 < len(names) <= HANDFUL + 1
    for name in names:
        answer = keeper.send(f"/programs/{name}/confirm", queue="true")
        assert answer.headers["location"] == "/staff/programs?state=stale"
    assert "No program fits" in keeper.open("/programs", state="stale"), "the portion of the day is done"
    put_check(house, "program", "ace-md-rotations", "The fee is $1,500.", "The fee is $1,800.")
    page = keeper.open("/programs", state="stale")
    assert "ace-md-rotations" in page, "a page that changed comes whatever was done"


def put_check(app: RunningApp, kind: str, name: str, before: str, after: str) -> None:
    """The page of a row said one sentence and says another."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    check = SourceCheck(kind=kind, name=name, url="https://x.example/", state="changed", detail="", needs_look=True)
    check.kept, check.found, check.checked_at, check.since = [before], [after], now, now
    with app.database.unit() as session:
        session.merge(check)


@pytest.mark.parametrize("kind", ["program", "fact"])
def test_a_changed_page_comes_first_with_both_sentences_and_one_click_settles_it(
    kind: str, house: RunningApp, keeper: ConsoleSession
) -> None:
    name = {"program": "aapi-clinical-observership", "fact": "faq_rotation_weeks"}[kind]
    put_check(house, kind, name, "The fee is $1,500.", "The fee is $1,800.")
    rows = keeper.open(f"/{kind}s", state="stale").split("<tbody>")[1].split("<tr>")
    own = next(row for row in rows if f"/{name}/confirm" in row)
    assert "<del>The fee is $1,500.</del> <ins>The fee is $1,800.</ins>" in own
    form = keeper.open(f"/{kind}s/{name}")
    assert form.count("The page says now: <ins>The fee is $1,800.</ins>") == 1
    assert "page changed" in form
    keeper.send(f"/{kind}s/{name}/confirm", queue="true")
    assert "page changed" not in keeper.open(f"/{kind}s/{name}")
    assert f"/{name}/confirm" not in keeper.open(f"/{kind}s", state="stale")
    assert "confirm" in keeper.open(f"/{kind}s/{name}"), "it stands in the history"


def test_what_people_call_wrong_comes_before_all_others_until_somebody_looked(
    house: RunningApp, keeper: ConsoleSession
) -> None:
    name = "zzz-nobody-sorts-it-first"
    keeper.send("/programs/new", **{**NEW, "slug": name, "institution": "Zzz Hospital", "checked": "2026-11-21"})
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with house.database.unit() as session:
        for number, words in enumerate(["", "the <b>fee</b> is gone"]):
            MessageStore(session, now).ensure(f"web:wrong-{number}", locale="en")
            report(session, name, f"web:wrong-{number}", now=now)
            add_words(session, name, f"web:wrong-{number}", words)
    first = keeper.open("/programs", state="stale").split("<tbody>")[1].split("/confirm")[0]
    assert f"/staff/programs/{name}" in first
    page = keeper.open(f"/programs/{name}")
    assert "by 2 people" in page
    assert "the &lt;b&gt;fee&lt;/b&gt; is gone" in page
    keeper.send(f"/programs/{name}/confirm", queue="true")
    assert "called wrong" not in keeper.open(f"/programs/{name}")
    assert f"/{name}/confirm" not in keeper.open("/programs", state="stale")


def test_what_is_thin_is_said_to_staff_and_to_visitors(house: RunningApp, keeper: ConsoleSession) -> None:
    page = keeper.open("/coverage")
    with house.database.unit() as session:
        found = program_coverage(session)
        rows = [item.program for item in found.oldest]
    assert f"{len(rows)} programs at {found.institutions} institutions" in page
    assert f'href="/staff/programs/{rows[0].slug}"' in page
    assert 'href="/staff/programs?us_state=OH"' in page
    public = httpx.get(f"{house.url}/programs")
    assert public.status_code == 200
    assert f"<h1>{len(rows)} programs at" in public.text
    assert [row.slug for row in rows if f'<li id="{row.slug}">' not in public.text] == []
    assert "staff" not in public.text


@pytest.mark.parametrize("query", ["page=0", "page=-5", "page=99999", "state=nonsense", "q=%25_%27", "us_state=zz"])
def test_strange_wishes_are_no_error(query: str, keeper: ConsoleSession) -> None:
    assert keeper.http.get(f"/programs?{query}").status_code == 200
