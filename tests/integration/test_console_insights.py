"""Insights over HTTP: the page, its filters, and files that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.console.spreadsheets import harmless
from bot.reply.responses import Responses
from bot.staff.roles import Role
from tests.conftest import free_port
from tests.review_rows import NOON, put
from tests.running_app import RunningApp
from tests.staff import ConsoleSession

LONG_AGO = NOON - timedelta(days=80)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSession]:
    """A viewer at a console with a few messages of this week and the one before."""
    folder = tmp_path_factory.mktemp("insights")
    unknown = {"text": "I don't know that.", "metadata": {"title": "Deposits", "unknown": True}}
    words = Responses({"utter_faq_cost/deposit": [unknown], "utter_faq_cost/total": [{"text": "$2,000"}]})
    running = RunningApp(free_port(), free_port(), folder=folder, bot_today=NOON.date(), responses=words)
    running.start()
    with running.database.unit() as session:
        for day in range(14):
            put(
                session,
                f"web:{day % 3}",
                at=NOON - timedelta(days=day),
                message_id=f"m{day}",
                outcome="answered",
                intent="=cmd|' /C calc'!A0" if day < 2 else "faq_cost",
                reply_ms=50 * (day + 1),
                model_id="m1",
                facts={"search": {"states": ["TX"], "found": day}},
            )
        for at, (person, aspect) in enumerate((("a", "deposit"), ("a", "deposit"), ("b", "deposit"), ("b", "total"))):
            facts = {"aspect": f"faq_cost/{aspect}"}
            put(session, f"telegram:{person}", at=LONG_AGO, message_id=f"q{at}", outcome="answered", facts=facts)
        put(session, "telegram:c", at=LONG_AGO, message_id="r", outcome="refused")
    yield ConsoleSession(running, Role.VIEWER)
    running.stop()


def table(desk: ConsoleSession, name: str, **query: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(desk.open(f"/insights/{name}.csv", **query))))


def test_the_page_counts_the_period_and_compares_it(desk: ConsoleSession) -> None:
    page = desk.open("/insights", days="7")
    assert '<td class="number" data-value="7">' in page  # seven messages on one channel
    assert "1 of them without a result" in page
    assert desk.open("/insights", days="7", channel="telegram").count("Nobody wrote in this period") == 1


def test_what_questions_got_and_which_unknowns_most_people_asked(desk: ConsoleSession) -> None:
    page = desk.open("/insights", days="90")
    assert "“Nobody knows”, and who decides" in page
    rows = table(desk, "quality", days="90")
    assert rows[0] == ["what", "messages", "people"]
    assert [row for row in rows if row[0] in ("answer", "unknown", "refused", "faq_cost/deposit")] == [
        ["answer", "15", ""],
        ["unknown", "3", ""],
        ["refused", "1", ""],
        ["faq_cost/deposit", "3", "2"],
    ]


@pytest.mark.parametrize("name", ["time", "channel", "model", "topics", "wishes", "quality"])
def test_every_table_comes_as_csv(desk: ConsoleSession, name: str) -> None:
    rows = table(desk, name, days="14")
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1


def test_the_days_of_the_csv_add_up(desk: ConsoleSession) -> None:
    rows = table(desk, "time", days="14", by="day")
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    assert sum(int(row[3]) for row in rows[1:]) == 14


def test_a_spreadsheet_runs_nothing(desk: ConsoleSession) -> None:
    topics = [row[0] for row in table(desk, "topics", days="14")]
    assert "'=cmd|' /C calc'!A0" in topics


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-x", "'-x"),
        ("\tx", "'\tx"),
        ("@SUM(1)", "'@SUM(1)"),
        ("-3", "-3"),
        ("+1.5", "+1.5"),
        ("+1+1", "'+1+1"),
        ("\r=1", "'\r=1"),
        (-3, "-3"),
        (0.5, "0.5000"),
        (None, ""),
        ("ok", "ok"),
    ],
)
def test_cells_that_look_like_formulas_become_text(cell: object, expected: str) -> None:
    assert harmless(cell) == expected


@pytest.mark.parametrize("query", [{"days": "0"}, {"days": "x"}, {"by": "month"}, {"channel": "x" * 100}])
def test_a_wrong_question_is_refused(desk: ConsoleSession, query: dict[str, str]) -> None:
    assert desk.http.get("/insights", params=query).status_code == 422


def test_an_unknown_table_is_not_there(desk: ConsoleSession) -> None:
    assert desk.http.get("/insights/users.csv").status_code in (404, 422)
