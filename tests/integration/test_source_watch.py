"""The watch on the pages behind rows, against a real server: what changes on a page, and what hostile servers do."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from bot.db.base import Database
from bot.programs.sources import service
from bot.programs.sources.fetching import Fetched, Fetcher, Outcome, is_public
from bot.programs.sources.passages import differences
from bot.programs.sources.service import check_sources
from bot.programs.sources.store import check_of, claim
from bot.programs.sources.tables import SourceCheck
from bot.programs.upkeep import service as upkeep
from bot.programs.upkeep.store import find_fact, find_program
from bot.staff.roles import Role, Staff
from tests.databases import make_empty

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EVA = Staff(1, "eva", Role.PUBLISHER)
PAGE = """<html><head><title>Visiting students</title><script>var now = {stamp};</script></head><body>
<nav>Home Fees International</nav><h1>Visiting students</h1>
<p>The elective fee is <b>$1,500</b> per four weeks.</p>
<p>The cafeteria opens at noon.</p>
<table><tr><th>Deadline</th><td>May 1</td></tr><tr><th>Visa</th><td>B-1</td></tr></table>
<dl><dt>Application fee</dt><dd>$100</dd></dl>
<p>International students need TOEFL 100.</p></body></html>"""
FEE, CHANGED_FEE = "The elective fee is $1,500 per four weeks.", "The elective fee is $1,800 per four weeks."
Answer = Callable[[BaseHTTPRequestHandler], None]


def page(text: str = PAGE, status: int = 200, **headers: str) -> Answer:
    """An answer with a page."""

    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(status)
        for name, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            asked.send_header(name.replace("_", "-"), value)
        asked.end_headers()
        asked.wfile.write(text.encode())

    return answer


def raw(data: bytes) -> Answer:
    """An answer as it comes, whatever HTTP says."""
    return lambda asked: asked.wfile.write(data) and None


class Web:
    """One server that is every host: `pages` by host and path, the rest is missing; `asked` is what came in."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], Answer] = {}
        self.asked: list[tuple[str, str, dict[str, str], float]] = []
        self.addresses = {"inside.test": ["10.0.0.5"], "both.test": ["127.0.0.1", "169.254.169.254"]}
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = (self.headers["Host"] or "").partition(":")[0]
                web.asked.append((host, self.path, dict(self.headers), time.monotonic()))
                with suppress(OSError):  # Who was hostile is hung up on.
                    web.pages.get((host, self.path), page("nothing here", 404))(self)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str = "/visit", host: str = "school.test") -> str:
        return f"http://{host}:{self.server.server_address[1]}{path}"

    def put(self, answer: Answer, path: str = "/visit", host: str = "school.test") -> str:
        self.pages[host, path] = answer
        return self.url(path, host)

    async def lookup(self, host: str) -> list[str]:
        return self.addresses.get(host, ["127.0.0.1"])

    def fetcher(self, *, seconds: float = 5.0, pause: float = 0.0) -> Fetcher:
        """Ours, for which this server is the whole public internet."""
        allows = lambda address: address == ip_address("127.0.0.1")  # noqa: E731
        return Fetcher("https://bot.example", seconds=seconds, pause=pause, lookup=self.lookup, allows=allows)


@pytest.fixture(scope="module")
def server() -> Iterator[Web]:
    made = Web()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def web(server: Web) -> Web:
    server.pages.clear()
    server.asked.clear()
    return server


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(make_empty(tmp_path / "bot.db"))


def cite(database: Database, url: str, *, name: str = "school") -> None:
    """A program that rests on a page."""
    fields = {
        **{"slug": name, "institution": "School", "program_name": name, "provider_type": "hospital"},
        **{"rotation_types": "elective", "confidence": "high", "source_url": url, "fee_usd_min": "1500"},
        **{"fee_period": "per_4_weeks", "source_date": "2026"},
    }
    with database.unit() as session:
        upkeep.put_program(session, EVA, fields, checked="2026-11-20", today=date(2026, 11, 23))


def look(database: Database, web: Web, *, days: int = 0, name: str = "school") -> SourceCheck:
    """One round on a day; what is known of the row's page then."""

    async def run() -> None:
        async with web.fetcher() as fetcher:
            await check_sources(database, fetcher, now=NOW + days * DAY)

    asyncio.run(run())
    with database.unit() as session:
        found = check_of(session, "program", name)
        assert found
        return found


def fetch(web: Web, url: str, **options: float) -> Fetched:
    async def run() -> Fetched:
        async with web.fetcher(**options) as fetcher:
            return await fetcher.fetch(url)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("after", "state", "seen"),
    [
        (page(PAGE.replace("{stamp}", "2")), "unchanged", []),
        (page(PAGE.replace("<p>", "<div class='x'>  ").replace("</p>", "</div>")), "unchanged", []),
        (
            page(PAGE.replace("opens at noon", "is closed at noon")),
            "changed",
            [("", "The cafeteria is closed at noon.")],
        ),
        (page(PAGE.replace("opens at noon", "opens at one")), "unchanged", []),
        (page(PAGE.replace("1,500", "1,800")), "changed", [(FEE, CHANGED_FEE)]),
        (page(PAGE.replace("May 1", "June 1")), "changed", [("Deadline · May 1", "Deadline · June 1")]),
        (page(PAGE.replace("$100<", "$150<")), "changed", [("Application fee: $100", "Application fee: $150")]),
        (page(PAGE.replace("<p>International students need TOEFL 100.</p>", "")), "changed", None),
        (page(PAGE + "<p>Applications are currently not accepted.</p>"), "changed", None),
        (page("<p>A new site.</p>"), "gone", []),
        (page("<title>Page not found</title><p>Sorry</p>"), "gone", []),
        (page("gone", 410), "gone", []),
        (page("x", 404), "gone", []),
        (page("", 301, Location="/"), "gone", []),
        (page("", 301, Location="/new"), "moved", []),
        (page("", 302, Location="/new"), "unchanged", []),
        (page("", 301, Location="/newer"), "changed", [(FEE, CHANGED_FEE)]),
        (page("no", 403), "unreadable", []),
        (page("no", 500), "unreadable", []),
        (page("%PDF", Content_Type="application/pdf"), "unreadable", []),
        (page("<script>draw()</script>"), "unreadable", []),
    ],
    ids=[
        *(
            "another stamp",
            "other markup",
            "closed",
            "elsewhere",
            "fee",
            "deadline",
            "list",
            "sentence gone",
            "new one",
        ),
        *(
            "other page",
            "says missing",
            "410",
            "404",
            "front page",
            "moved",
            "for now",
            "moved and changed",
            "forbidden",
        ),
        *("broken", "pdf", "script only"),
    ],
)
def test_what_became_of_a_page_is_told(
    after: Answer, state: str, seen: list[tuple[str, str]] | None, web: Web, database: Database
) -> None:
    cite(database, web.put(page()))
    web.put(page(), "/new")
    web.put(page(PAGE.replace("1,500", "1,800")), "/newer")
    web.put(page("<p>Welcome</p>"), "/")
    first = look(database, web)
    assert (first.state, first.needs_look) == ("new", False)
    assert FEE in first.kept
    web.put(after)
    found = look(database, web, days=1)
    assert found.state == state, found.detail
    assert found.needs_look is (state in ("changed", "moved", "gone"))
    pairs = [(item.before, item.after) for item in differences(found.kept, found.found)]
    if state != "gone":
        assert pairs == seen if seen is not None else len(pairs) == 1
    assert (found.detail != "") is (state in ("gone", "moved", "unreadable"))
    assert found.kept == first.kept, "nothing is taken for accepted by itself"


def test_a_look_of_somebody_settles_it_and_the_row_itself_never_changes(web: Web, database: Database) -> None:
    cite(database, web.put(page()))
    look(database, web)
    web.put(page(PAGE.replace("1,500", "1,800")))
    assert look(database, web, days=1).needs_look
    web.put(page("busy", 503))
    assert look(database, web, days=2).state == "changed", "a bad day of the server hides nothing"
    with database.unit() as session:
        row = find_program(session, "school")
        assert row
        assert row.fees[0].usd_min == 1500
        upkeep.confirm(session, EVA, row, today=date(2026, 11, 25))
    web.put(page(PAGE.replace("1,500", "1,800")))
    assert look(database, web, days=3).state == "unchanged"
    web.put(page("x", 404))
    assert look(database, web, days=4).needs_look
    with database.unit() as session:
        service.accept(session, "program", "school")
    found = look(database, web, days=5)
    assert (found.state, found.needs_look) == ("gone", False), "what somebody left as it is does not come every day"


def test_a_fact_rests_on_the_sentence_with_its_figure(web: Web, database: Database) -> None:
    url = web.put(page("<p>The B-1 visa fee is $185.</p><p>Room 185 is the visa office.</p><p>Other text.</p>"))
    fact = {"key": "b1_visa_fee_usd", "value": "185", "unit": "usd", "source_url": url, "confidence": "high"}
    with database.unit() as session:
        upkeep.put_fact(session, EVA, fact, checked="2026-11-20", today=date(2026, 11, 23))

    async def run(days: int) -> SourceCheck | None:
        async with web.fetcher() as fetcher:
            await check_sources(database, fetcher, now=NOW + days * DAY)
        with database.unit() as session:
            return check_of(session, "fact", "b1_visa_fee_usd")

    first = asyncio.run(run(0))
    assert first
    assert first.kept == ["The B-1 visa fee is $185.", "Room 185 is the visa office."]
    web.put(page("<p>The B-1 visa fee is $205.</p><p>Room 185 is the visa office.</p><p>Other text.</p>"))
    second = asyncio.run(run(1))
    assert second
    assert [(item.before, item.after) for item in differences(second.kept, second.found)] == [
        ("The B-1 visa fee is $185.", "The B-1 visa fee is $205.")
    ]
    with database.unit() as session:
        row = find_fact(session, "b1_visa_fee_usd")
        assert row
        assert row.value == "185"


def test_a_page_that_did_not_change_is_not_sent_again_and_a_new_row_on_it_still_gets_its_look(
    web: Web, database: Database
) -> None:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        is_same = asked.headers["If-None-Match"] == '"one"'
        page("" if is_same else PAGE, 304 if is_same else 200, ETag='"one"')(asked)

    url = web.put(answer)
    cite(database, url)
    look(database, web)
    assert look(database, web, days=1).state == "unchanged"
    assert [asked[2].get("If-None-Match") for asked in web.asked if asked[1] == "/visit"] == [None, '"one"']
    cite(database, url, name="second")
    assert look(database, web, days=2, name="second").kept
    count = len(web.asked)
    look(database, web, days=2)
    assert len(web.asked) == count, "who was looked at today is left alone"


def test_one_look_belongs_to_one_process(database: Database) -> None:
    taken = [claim(database, "https://a.example/", before=NOW - DAY, now=NOW) for _ in range(2)]
    assert [item is not None for item in taken] == [True, False]
    assert claim(database, "https://a.example/", before=NOW + DAY / 2, now=NOW + DAY)


def test_robots_are_heard_and_who_we_are_is_said(web: Web) -> None:
    web.put(
        page("User-agent: RotationBot\nDisallow: /private\nCrawl-delay: 0", Content_Type="text/plain"), "/robots.txt"
    )
    private, free = web.put(page(), "/private/a"), web.put(page(), "/a")
    assert fetch(web, free).outcome is Outcome.READ
    assert "robots.txt" in fetch(web, private).detail
    assert {path for _, path, _, _ in web.asked} == {"/robots.txt", "/a"}
    assert web.asked[0][2]["User-Agent"].startswith("RotationBot/")
    assert "https://bot.example" in web.asked[0][2]["User-Agent"]
    web.put(page("", 503), "/robots.txt")
    assert "robots.txt" in fetch(web, free).detail, "a server in trouble is left alone"
    web.put(page("User-agent: *\nCrawl-delay: 3600"), "/robots.txt")
    assert "pause" in fetch(web, free).detail
    web.put(page("User-agent: *\nDisallow: /"), "/robots.txt", host="other.test")
    web.put(page("", 302, Location=web.url("/b", host="other.test")), "/robots.txt")
    web.pages.pop(("school.test", "/robots.txt"))
    assert "robots.txt" in fetch(web, web.put(page("", 302, Location=web.url("/b", host="other.test")))).detail


def test_a_host_gets_one_request_at_a_time_with_a_pause(web: Web) -> None:
    urls = [web.put(page(), f"/{at}") for at in range(3)]

    async def run() -> None:
        async with web.fetcher(pause=0.1) as fetcher:
            await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    asyncio.run(run())
    times = [at for _, _, _, at in web.asked]
    assert len(times) >= 4
    assert all(later - sooner >= 0.1 for sooner, later in itertools.pairwise(times))


def packed(text: bytes) -> Answer:
    """A page that is a thousand times larger than what is sent."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    return raw(head + gzip.compress(text))


def drip(asked: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    asked.send_response(200)
    asked.end_headers()
    while True:
        asked.wfile.write(b".")
        asked.wfile.flush()
        time.sleep(0.05)


def drip_headers(asked: BaseHTTPRequestHandler) -> None:
    asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        asked.wfile.write(b"X: y\r\n")
        asked.wfile.flush()
        time.sleep(0.05)


def endless(asked: BaseHTTPRequestHandler) -> None:
    asked.send_response(200)
    asked.end_headers()
    while True:
        asked.wfile.write(b"x" * 65536)


HOSTILE: dict[str, tuple[Answer, str]] = {
    "never ends": (endless, "too large"),
    "drips": (drip, "too long"),
    "drips headers": (drip_headers, "too long"),
    "says nothing": (lambda _: time.sleep(1.5), "too long"),
    "gzip bomb": (packed(b"x" * 5_000_000), "too large"),
    "unasked packing": (page("x", Content_Encoding="br"), "packed"),
    "broken packing": (page("no gzip", Content_Encoding="gzip"), "cannot be read"),
    "no HTTP": (raw(b"\x00\x01SSH-2.0\r\n\r\n"), "cannot be read"),
    "huge header": (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000), "cannot be read"),
    "circle": (page("", 302, Location="/visit"), "circles"),
    "to a file": (page("", 302, Location="file:///etc/passwd"), "else than a web page"),
    "to no address": (page("", 302, Location="http://[::1/"), "cannot be read"),
    "to this machine": (page("", 302, Location="http://127.0.0.2/"), "not a public one"),
    "to the inside": (page("", 302, Location="http://inside.test/"), "not a public one"),
    "to a name of both": (page("", 302, Location="http://both.test/"), "not a public one"),
    "to the cloud's own": (page("", 302, Location="http://169.254.169.254/latest"), "not a public one"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_servers_cost_little_and_reach_nothing(kind: str, web: Web) -> None:
    answer, reason = HOSTILE[kind]
    started = time.monotonic()
    fetched = fetch(web, web.put(answer), seconds=0.6 if reason == "too long" else 5.0)
    assert fetched.outcome is Outcome.UNREADABLE
    assert reason in fetched.detail
    assert time.monotonic() - started < 20
    assert {host for host, _, _, _ in web.asked} == {"school.test"}


def test_a_page_nested_without_end_is_not_parsed(web: Web, database: Database) -> None:
    cite(database, web.put(page("<div>" * 150_000 + "fee $1,500")))
    assert "too deep" in look(database, web).detail


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        *((item, True) for item in ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")),
        *((item, False) for item in ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254")),
        *((item, False) for item in ("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "fc00::1")),
        *((item, False) for item in ("fe80::1", "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b:1::1", "ff02::1")),
    ],
)
def test_only_public_addresses_are_called(address: str, is_ours: bool) -> None:
    assert is_public(ip_address(address)) is is_ours
