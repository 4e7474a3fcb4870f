"""The whole story: sixty chats with the real bot, a topic that it does not know, found, written, trained, compared,
published in the browser, answered on the web, and rolled back. A single missed message goes along, with its clock.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import func, select

from bot.content.candidates.starting import bring_live
from bot.db.base import Database
from bot.ops import system
from bot.review.tables import ReviewMessage
from bot.settings import Settings
from bot.staff.roles import Role
from tests import trained
from tests.chats import ALL, MORE_WAYS, NEW_QUESTION
from tests.conftest import PATIENCE, TODAY
from tests.e2e.talking import open_chat, write
from tests.running_app import wait_until
from tests.staff import hire, sign_in

pytestmark = [pytest.mark.engine, pytest.mark.browser, pytest.mark.timeout(1500)]
ANSWER = (
    "Most hospitals keep no place for a **dog**. Ask the landlord before you book a room, and the airline what it asks "
    "for. A sitter near the hospital is the usual way."
)
ASKS_LENGTH = "how long does one rotation last"
OLD_WORDS = "Usually 4 weeks"
NEW_WORDS = "As a rule 4 weeks"
TOLD_BY = "ask the landlord before you book a room"
TOPIC = "What rotations are"
MISSED = "can I get a locker for my bag"
LOCKER = "Most pages do not say it: ask the coordinator about a locker, and bring little."
CLICK, KEY, THOUGHT, WORD = 1.3, 0.28, 1.35, 60 / 238
"""Seconds of a person who is no expert: to point and click, to type a character, to think before a step, and to read
a word. Sources: Card, Moran and Newell, The keystroke-level model (1980); Brysbaert, How many words do we read per
minute? (2019)."""
MOST_OF_A_PERSON = 180
MOST_OF_A_REWORDING, MOST_CLICKS = 60, 5


class Person:
    """Staff whose time is counted as a person would need it, however fast the browser is."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pressed = 0

    def clicks(self, button: Locator) -> None:
        self.seconds += THOUGHT + CLICK
        self.pressed += 1
        button.click()

    def types(self, field: Locator, words: str) -> None:
        self.seconds += THOUGHT + CLICK + KEY * len(words)
        field.fill(words)

    def changes(self, field: Locator, words: str, others: str) -> None:
        """Some words of a text: they are looked up, marked and typed over."""
        text = field.input_value()
        assert words in text
        self.reads(text)
        self.seconds += THOUGHT + 2 * CLICK + KEY * len(others)
        field.fill(text.replace(words, others))

    def chooses(self, field: Locator, title: str) -> None:
        """Of a list: it is opened, its titles are read, and one is pressed."""
        self.seconds += THOUGHT + 2 * CLICK
        self.reads(field.inner_text())
        field.select_option(label=title)

    def reads(self, text: str) -> None:
        self.seconds += WORD * len(text.split())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The real system with an empty database and what the repository's content has been trained to."""
    var = tmp_path_factory.mktemp("story")
    trained.share(var)
    first = Settings(var=var)  # type: ignore[call-arg]
    live = bring_live(first, system.prepare_database(first))
    # Here a person starts the search for groups.
    with system.temporary(var, live, today=TODAY, patience=PATIENCE, discover_after=0) as (settings, _):
        yield settings


@pytest.fixture
def desk(browser: Browser, house: Settings) -> Iterator[Page]:
    """An administrator in the console."""
    database = Database(house.database)
    context = browser.new_context(base_url=house.base_url, viewport={"width": 1280, "height": 900})
    token = sign_in(database, hire(database, Role.ADMIN))
    context.add_cookies([{"name": "staff", "value": token, "url": f"{house.base_url}/staff"}])
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def chat(base_url: str, text: str) -> None:
    """Somebody new on the website asks one thing."""
    with httpx.Client(base_url=f"{base_url}/api/v1", timeout=60) as http:
        opened = http.post("/conversations", json={"site": "", "locale": "en-US"}).raise_for_status().json()
        told = {"id": str(uuid.uuid4()), "text": text}
        http.post("/messages", json=told, headers={"Authorization": f"Bearer {opened['token']}"}).raise_for_status()


def sixty_chats(house: Settings) -> None:
    """All of them, four at a time, until the console knows each; another test may have asked something before."""
    database = Database(house.database)

    def known() -> int:
        with database.unit() as session:
            done = select(func.count()).where(ReviewMessage.outcome != "pending", ReviewMessage.model_id != "")
            return session.scalar(done.select_from(ReviewMessage).where(ReviewMessage.text != ASKS_LENGTH)) or 0

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda text: chat(house.base_url, text), ALL))
    wait_until(lambda: known() == len(ALL))


def ask_on_the_web(browser: Browser, house: Settings, question: str = NEW_QUESTION) -> str:
    """What a newcomer reads who asks a new question in the widget."""
    page = browser.new_page()
    page.goto(house.base_url)
    panel = open_chat(page)
    write(page, question)
    expect(panel.get_by_role("article")).to_have_count(1)
    said = panel.get_by_role("article").inner_text()
    page.close()
    return said


def find_the_group(page: Page) -> None:
    """Discovery, started by hand, shows the unknown topic first."""
    page.goto("/staff/discovery")
    page.get_by_role("button", name="Search now").click()
    group = page.locator(".groups > li").first
    expect(group).to_contain_text("dog", timeout=180_000)
    group.get_by_role("link").click()
    expect(page.locator("input[name=message]:checked").nth(7)).to_be_attached()


def propose_the_topic(page: Page) -> None:
    """The group becomes a topic with an answer, a source and a button."""
    page.get_by_role("button", name="New topic").click()
    page.get_by_label("Name", exact=False).first.fill("dogs")
    page.get_by_label("Title").fill("Bringing a dog")
    page.get_by_label("More ways to ask").fill("\n".join(MORE_WAYS))
    page.get_by_label("For everybody").fill(ANSWER)
    page.get_by_role("textbox", name="Source 1", exact=True).fill("The hospital's own page for visitors")
    page.get_by_role("button", name="Propose this topic").click()
    expect(page.get_by_role("status").first).to_contain_text("is proposed")


def wait_for_the_message(page: Page) -> None:
    """The missed message stands in the inbox, first of all since it is the newest."""

    def stands_first() -> bool:
        page.goto("/staff/inbox")
        return MISSED in page.locator(".entries > li").first.inner_text()

    wait_until(stands_first)


def answer_the_missed_message(page: Page, person: Person) -> None:
    """From the inbox to the page of a new question, filled in; what it proposes is read, nothing is typed twice."""
    person.clicks(page.locator(".entries > li").first.get_by_role("link"))
    person.reads(page.locator(".pane").nth(1).inner_text())
    person.clicks(page.get_by_role("link", name="New question or topic"))
    person.chooses(page.get_by_role("combobox", name="Topic"), TOPIC)
    person.types(page.get_by_role("textbox", name="Title"), "Is there a locker?")
    person.types(page.get_by_role("textbox", name="Text"), LOCKER)
    person.clicks(page.get_by_label("Nobody knows"))
    person.reads(page.get_by_role("textbox", name="One in a line").input_value())


def train_and_publish(page: Page, person: Person) -> float:
    """Seconds from “Propose and test” until the new model is live with all drafts; the comparison is seen before."""
    started = time.monotonic()
    person.clicks(page.get_by_role("button", name="Propose and test"))
    gates = page.locator("section[aria-labelledby=gates]")
    expect(gates).to_be_visible(timeout=1_200_000)
    expect(gates.get_by_role("heading").first, gates.inner_text()).to_have_text("Every gate is green")
    expect(page.get_by_role("row", name=re.compile("^Bringing a dog"))).to_be_visible()
    person.reads(gates.get_by_role("heading").first.inner_text())  # the figures are for who wants to know
    person.clicks(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_role("status").first).to_contain_text("is live", timeout=60_000)
    return time.monotonic() - started


def reads_on_the_web(browser: Browser, house: Settings, question: str, answer: str) -> None:
    """A newcomer who asks something in the widget reads the answer, if need be after a while."""
    page = browser.new_page()
    page.goto(house.base_url)
    panel = open_chat(page)
    write(page, question)
    expect(panel.get_by_role("article").last).to_contain_text(answer)
    page.close()


def test_another_wording_is_live_in_seconds_and_taken_back(browser: Browser, house: Settings, desk: Page) -> None:
    reads_on_the_web(browser, house, ASKS_LENGTH, OLD_WORDS)
    desk.goto("/staff/")
    started, person = time.monotonic(), Person()
    person.clicks(desk.get_by_role("link", name="Answers", exact=True))
    person.types(desk.get_by_label("Words"), OLD_WORDS)
    desk.get_by_label("Words").press("Enter")
    person.clicks(desk.get_by_role("link", name="How long one rotation lasts").first)
    person.changes(desk.get_by_label("Text", exact=False), "Usually {", "As a rule {")
    person.clicks(desk.get_by_role("button", name="Put live now"))
    told = desk.get_by_role("listitem").filter(has_text="A follow-up takes over the topic").first
    expect(told).to_contain_text(OLD_WORDS)
    expect(told).to_contain_text(NEW_WORDS)
    person.reads(told.inner_text())
    person.clicks(desk.get_by_role("button", name="The new words are right: put live"))
    expect(desk.get_by_role("status").first).to_contain_text("Live as version")
    print(f"\nfrom the front page to live: {time.monotonic() - started:.0f} s of the browser on these cores")
    print(f"and {person.seconds:.0f} s of a person with {person.pressed} clicks")
    assert person.seconds <= MOST_OF_A_REWORDING
    assert person.pressed <= MOST_CLICKS
    reads_on_the_web(browser, house, ASKS_LENGTH, NEW_WORDS)
    desk.get_by_role("button", name="Undo: back to version").click()
    expect(desk.get_by_role("status").first).to_contain_text("is live: back to version")
    reads_on_the_web(browser, house, ASKS_LENGTH, OLD_WORDS)


def test_sixty_chats_and_a_missed_message_become_answers_and_back(
    browser: Browser, house: Settings, desk: Page
) -> None:
    sixty_chats(house)
    before = ask_on_the_web(browser, house)
    assert TOLD_BY not in before.casefold()
    find_the_group(desk)
    propose_the_topic(desk)
    assert "locker" not in ask_on_the_web(browser, house, MISSED)
    wait_for_the_message(desk)
    person = Person()
    answer_the_missed_message(desk, person)
    with trained.one_candidate_at_a_time():
        seconds = train_and_publish(desk, person)
    print(f"\nfrom “Propose and test” to live: {seconds:.0f} s (the budget is 90 s on two free cores)")
    print(f"the missed message took {person.seconds:.0f} s of a person (the budget is {MOST_OF_A_PERSON} s)")
    assert person.seconds <= MOST_OF_A_PERSON
    asked_again = desk.locator("section[aria-labelledby=again]")
    expect(asked_again).to_contain_text(MISSED)
    expect(asked_again).to_contain_text("ask the coordinator about a locker")
    reads_on_the_web(browser, house, MISSED, "ask the coordinator about a locker")
    assert TOLD_BY in ask_on_the_web(browser, house).casefold()
    desk.goto("/staff/changes/versions")
    desk.get_by_role("button", name="Go back to 1", exact=True).click()
    expect(desk.get_by_role("status").first).to_contain_text("is live", timeout=60_000)
    assert TOLD_BY not in ask_on_the_web(browser, house).casefold()
