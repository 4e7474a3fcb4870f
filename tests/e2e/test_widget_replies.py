"""Replies that fit: cards of three lines with a fold, sources in one line, measured with real programs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bot.programs.catalog import Catalog
from bot.programs.facets import Surroundings
from bot.programs.query import Query
from bot.programs.results import parts
from bot.programs.search import PAGE_SIZE, search
from bot.programs.shared_list import address, programs_of
from bot.programs.vocabulary import vocabulary
from bot.reply.parts import Reply
from bot.reply.responses import Responses
from bot.web.page_words import words_in
from bot.web.reply_json import render_reply
from bot.web.result_page import in_order
from tests.conftest import free_port
from tests.databases import make_seeded
from tests.e2e.talking import open_chat, write
from tests.e2e.test_widget_everyone import violations
from tests.running_app import RunningApp
from tests.unit.conftest import PROGRAMS, TODAY, read_program, rows

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
SCREENS_OF_FIVE_CARDS, SCREENS_OF_A_SEARCH = 2, 1.6
FIRST_CARDS = 3
QUERIES = {
    "many wishes": Query(
        specialties=("neurology",), rotation_types=("observership",), audience="graduates", letter=True
    ),
    "a budget": Query(audience="graduates", budget_usd=1500, no_step1=True),
    "a place": Query(states=("TX",), audience="students"),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    read = [read_program(row, line)[0] for line, row in enumerate(rows(PROGRAMS), 2)]
    return Catalog(tuple(program for program in read if program))


def answers(catalog: Catalog, responses: Responses) -> dict[str, dict[str, Any]]:
    """What the bot says to each search."""
    around, said = Surroundings(vocabulary().specialties, TODAY, catalog.homes), {}
    for name, query in QUERIES.items():
        found = search(catalog, query, around=around, regions=vocabulary().regions)
        assert len(found.hits) == PAGE_SIZE
        shown = parts(found, query, today=TODAY, states=vocabulary().states, say=responses.text)
        said[name] = render_reply(Reply(shown).to_dict())
    return said


def answered(page: Page, words: str, replies: dict[str, dict[str, Any]]) -> Locator:
    """The answer on the page to these words."""

    def fulfill(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        sent = route.request.post_data_json
        received = route.fetch().json()
        answer = {**received["replies"][0], "reply": replies[sent["text"]]}
        route.fulfill(json={**received, "replies": [answer]})

    page.route("**/api/v1/messages", fulfill)
    write(page, words)
    answer = page.get_by_role("article").last
    expect(answer).to_be_visible()
    page.unroute("**/api/v1/messages")
    return answer


def screens(page: Page, shown: Locator) -> float:
    """How many times the part of the panel where the talk stands a part of it is high."""
    height = page.locator(".talk").evaluate("(talk) => talk.clientHeight")
    box = shown.bounding_box()
    assert box
    return box["height"] / height


@pytest.mark.parametrize("words", QUERIES)
def test_a_search_takes_little_more_than_one_and_a_half_screens_and_its_five_cards_two_of_a_phone(
    page: Page, words: str, catalog: Catalog, responses: Responses
) -> None:
    open_chat(page)
    replies = answers(catalog, responses)
    answer = answered(page, words, replies)
    assert screens(page, answer) <= SCREENS_OF_A_SEARCH
    table = answer.get_by_role("link", name="See as a table").get_attribute("href") or ""
    listed = programs_of(parse_qs(urlsplit(table).query)["p"][0], catalog)
    assert len(listed) == replies[words]["parts"][1]["total"] > PAGE_SIZE
    page.set_viewport_size(PHONE)
    expect(answer.locator(".card:visible")).to_have_count(FIRST_CARDS)
    answer.get_by_text("Show 2 more").click()
    expect(answer.locator(".card:visible")).to_have_count(PAGE_SIZE)
    cards = answer.locator(".card").evaluate_all("(all) => all.map((card) => card.getBoundingClientRect().height)")
    height = page.locator(".talk").evaluate("(talk) => talk.clientHeight")
    assert sum(cards) <= SCREENS_OF_FIVE_CARDS * height
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_results_on_a_page_of_their_own_are_sorted_and_compared_and_say_nothing_of_the_person(
    browser: Browser, tmp_path: Path, catalog: Catalog, responses: Responses, widget_packages: Path
) -> None:
    make_seeded(tmp_path / "bot.db")
    house = RunningApp(free_port(), 1, folder=tmp_path, responses=responses)
    house.start()
    slugs = [program.slug for program in catalog.programs if program.is_priced and program.source_url][:6]
    page = browser.new_page(viewport=PHONE, color_scheme="dark")
    page.goto(f"{house.url}{address([catalog.by_slug[slug] for slug in slugs])}aaaaa")
    expect(page.get_by_role("heading", name="Programs side by side: 6")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page, widget_packages) == []
    page.get_by_role("link", name="Fee for 4 weeks").click()
    expect(page.locator("th[aria-sort]")).to_have_text(re.compile("Fee for 4 weeks"))
    shown = page.locator("input[name=c]").evaluate_all("(all) => all.map((box) => box.value)")
    assert shown == [program.slug for program in in_order([catalog.by_slug[slug] for slug in slugs], "fee")]
    page.get_by_role("checkbox").nth(0).check()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Compare the ticked ones").click()
    compared = page.get_by_role("region", name="Compared")
    expect(compared.get_by_role("columnheader")).to_have_text([catalog.by_slug[slug].title for slug in shown[:2]])
    assert violations(page, widget_packages) == []
    assert set(parse_qs(urlsplit(page.url).query)) == {"p", "c", "sort"}
    foreign = browser.new_page(viewport=PHONE, locale="ar")
    foreign.goto(page.url)
    words = words_in("ar")
    expect(foreign.get_by_role("heading", name=words("Programs side by side: {n}", n=6))).to_be_visible()
    expect(foreign.get_by_role("columnheader", name=words("Length (weeks)"))).to_be_visible()
    assert foreign.evaluate("getComputedStyle(document.querySelector('main')).direction") == "rtl"
    assert foreign.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(foreign, widget_packages) == []
    foreign.close()
    page.goto(f"{house.url}/programs/table?p=aaaaa")
    expect(page.get_by_text("None of these programs is known here any more.")).to_be_visible()
    page.close()
    house.stop()
