"""The answers of the FAQ say what is true, to the person for whom it is true, and say where they have it from.

A topic has an overview and an answer for each aspect: what the FAQ says on the topic stands in one of them. Figures are
filled in from data/facts.csv as they are when a person reads them.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from bot.console.answer_pages import CONDITIONS
from bot.data_files import read_yaml
from bot.lint.shapes import Metadata
from bot.nlu.message import ASPECT, intent_of
from bot.programs.fact_words import FAQ, figure, figures, sources
from bot.programs.rows import FactRow, read_fact
from bot.reply.responses import OF_PERSON, Responses, answer_of, asked_by, placeholders
from bot.settings import ROOT

ORIGINAL = ROOT.parent / "shared" / "source-faq.txt"
OF_SOMEBODY = {"graduation": "December 2027", "nationality": "Germany", "year_of_study": "5th"}
TASK_PAYLOADS = {
    "/search_programs",
    "/estimate_cost",
    "/plan_timeline",
    "/recommend_rotation",
    "/request_human",
}
ABOUT_AMO = {"amo", "discount_code"}
"""Topics about AMO itself: the overview below each of their answers says that we work with them."""
FEWEST, MOST, USUAL_OF_ASPECT, USUAL = 15, 70, 40, 50
"""Words of any answer; of the answer of an aspect in the middle; of all answers in the middle."""


def _read(path: Path) -> Any:
    return read_yaml(path)


def _facts() -> dict[str, FactRow]:
    with (ROOT / "data" / "facts.csv").open(encoding="utf8", newline="") as file:
        read = [read_fact(row, line) for line, row in enumerate(csv.DictReader(file), 2)]
    return {fact.key: fact for fact, _ in read if fact}


@dataclass(frozen=True)
class Said:
    """One variant: the topic or aspect that it answers ("cost/deposit"), for whom, and what a person then reads."""

    about: str
    slots: Mapping[str, str]
    item: Mapping[str, Any]
    text: str

    @property
    def topic(self) -> str:
        return intent_of(self.about)

    @property
    def name(self) -> str:
        return "-".join([self.about, *self.slots.values()])

    @property
    def line(self) -> str:
        return on_one_line(self.text)


def filled(text: str) -> str:
    """The text with its figures, as the action fills them in."""
    words = Responses({"utter_this": [{"text": text}]})
    return words.text("utter_this", **OF_SOMEBODY, **figures(placeholders(text), FACTS))


def on_one_line(text: str) -> str:
    """A text without bold and bullets."""
    return re.sub(r"\s+", " ", text.replace("**", "").replace("\n- ", "\n"))


def variants(responses: Mapping[str, list[dict[str, Any]]]) -> Iterator[Said]:
    """Each variant once."""
    for key, items in responses.items():
        for item in items:
            slots = {part["name"]: part["value"] for part in item.get("condition", [])}
            yield Said(asked_by(key).removeprefix("faq_"), slots, item, filled(item["text"]))


FACTS = _facts()
EVERY: Mapping[str, list[dict[str, Any]]] = {
    key: items
    for path in sorted((ROOT / "data" / "responses").glob("*.yml"))
    for key, items in _read(path)["responses"].items()
}
DOMAIN = _read(ROOT / "domain.yml")
EVERY_TOPIC = [name.removeprefix("faq_") for name in DOMAIN["intents"] if name.startswith("faq_")]
# The topics of the original FAQ have their answers in one file; one that was made later brings its own.
MADE = [topic for topic in EVERY_TOPIC if (ROOT / "data" / "responses" / f"faq_{topic}.yml").exists()]
TOPICS = [topic for topic in EVERY_TOPIC if topic not in MADE]
RESPONSES: Mapping[str, list[dict[str, Any]]] = _read(ROOT / "data" / "responses" / "faq.yml")["responses"]
KINDS = _read(ROOT / "data" / "responses" / "kinds.yml")["responses"]
WORDS = Responses(RESPONSES)
ANSWERS = list(variants(RESPONSES))
ENTITIES = {name for entity in DOMAIN["entities"] for name in entity}
FIGURES = _read(Path(__file__).with_name("faq_figures.yml"))
TABLES = _read(Path(__file__).with_name("faq_facts.yml"))
SAID = [(row["topic"], row.get("for", {}), row["says"]) for row in TABLES["said"]]
CHOSEN = [(row["topic"], row["for"], row["says"], row["not"]) for row in TABLES["chosen"]]
each_topic = pytest.mark.parametrize("topic", TOPICS)


def of_topic(topic: str) -> list[Said]:
    """All variants of a topic; there are some, or nothing was looked at."""
    found = [said for said in ANSWERS if said.topic == topic]
    assert len(found) > 1
    return found


def said_to(topic: str, slots: Mapping[str, str]) -> list[str]:
    """What the bot says to this person in all answers of a topic."""
    keys = [key for key in RESPONSES if intent_of(asked_by(key)) == f"faq_{topic}"]
    return [on_one_line(filled(WORDS.choose(key, slots).text)) for key in keys]


def test_every_topic_has_answers_and_nothing_else_is_in_the_file() -> None:
    assert {f"utter_faq_{topic}" for topic in TOPICS} == {key for key in RESPONSES if ASPECT not in key}
    assert {said.topic for said in ANSWERS} == set(TOPICS)
    for topic in MADE:
        made = _read(ROOT / "data" / "responses" / f"faq_{topic}.yml")["responses"]
        assert {intent_of(key) for key in made} == {f"utter_faq_{topic}"}


def test_the_answers_stand_in_the_order_of_the_topics_each_below_its_overview() -> None:
    keys = [asked_by(key).removeprefix("faq_") for key in RESPONSES]
    assert list(dict.fromkeys(intent_of(key) for key in keys)) == TOPICS
    assert keys == sorted(keys, key=lambda key: (TOPICS.index(intent_of(key)), ASPECT in key))


def test_the_content_guide_says_of_every_topic_what_it_answers() -> None:
    guide = (ROOT / "docs" / "content-guide.md").read_text(encoding="utf8")
    rows = re.findall(r"^\| `(\w+)` \| [A-Z]", guide, re.MULTILINE)
    assert [topic for topic in rows if topic not in MADE] == TOPICS


def test_the_content_guide_explains_every_condition_and_all_metadata_of_an_answer() -> None:
    guide = (ROOT / "docs" / "content-guide.md").read_text(encoding="utf8")
    rows = dict(re.findall(r"^\| `(\w+)(?:: true)?` \| (.+) \|$", guide, re.MULTILINE))
    for name, values in CONDITIONS.items():
        assert tuple(re.findall(r"`(\w+)`", rows[name])) == values
    assert rows.keys() >= Metadata.model_fields.keys()


@each_topic
def test_the_overview_suits_everybody_and_has_buttons_sources_and_a_review_date(topic: str) -> None:
    first = RESPONSES[f"utter_faq_{topic}"][0]
    assert 2 <= len(first["buttons"]) <= 3
    assert first["metadata"]["sources"][0] == {"title": FAQ.title}


@pytest.mark.parametrize("key", [*RESPONSES, *KINDS])
def test_the_first_variant_of_an_answer_is_for_everybody_and_has_a_review_date(key: str) -> None:
    first, *others = EVERY[key]
    assert "condition" not in first
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", first["metadata"]["reviewed"])
    assert all("condition" in other for other in others)


@each_topic
def test_the_aspects_of_a_topic_have_titles_of_their_own(topic: str) -> None:
    """They stand side by side as buttons."""
    first = [said.item for said in of_topic(topic) if ASPECT in said.about and not said.slots]
    titles = Counter(item["metadata"]["title"].casefold() for item in first)
    assert [title for title, count in titles.items() if count > 1 or not 4 <= len(title) <= 32] == []


@pytest.mark.parametrize("responses", [RESPONSES, KINDS], ids=["faq", "kinds"])
def test_an_answer_is_short(responses: Mapping[str, list[dict[str, Any]]]) -> None:
    counts = {said.name: len(said.text.split()) for said in variants(responses)}
    assert {name: count for name, count in counts.items() if not FEWEST <= count <= MOST} == {}
    assert median(count for name, count in counts.items() if ASPECT in name) <= USUAL_OF_ASPECT
    assert median(counts.values()) <= USUAL


@each_topic
def test_an_answer_is_plain_and_within_the_markdown_subset(topic: str) -> None:
    for said in of_topic(topic):
        assert not re.search(r"[{}<>#`|]|!\[", said.text), said.name
        assert said.text.count("**") % 2 == 0, said.name
        assert not re.search(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]", said.text), f"{said.name}: no emoji"
        british = r"programme|speciality|practise|organis|\bsaioo250\b"
        assert not re.search(british, said.text), f"{said.name}: American spelling, exact code"
        assert len(re.findall(r"\]\(", said.text)) == len(re.findall(r"\[[^\]]+\]\(https://[^)\s]+\)", said.text))


@each_topic
def test_conditions_use_what_the_profile_can_hold(topic: str) -> None:
    known = {name: set(values) for name, values in CONDITIONS.items()}
    for said in of_topic(topic):
        assert all(value in known[name] for name, value in said.slots.items()), said.name


@each_topic
def test_a_variant_is_really_said_to_the_person_it_is_for(topic: str) -> None:
    for said in of_topic(topic):
        key = answer_of(f"faq_{said.about}")
        assert WORDS.choose(key, said.slots).text == said.item["text"].strip(), said.name


@each_topic
def test_every_figure_that_an_answer_names_is_filled_in_with_a_source_of_its_own(topic: str) -> None:
    for said in of_topic(topic):
        for key in placeholders(said.item["text"]) - OF_PERSON:
            (source,) = sources([FACTS[key]])
            assert source == FAQ or source.url == FACTS[key].source_url, said.name
            assert source.title, said.name
            assert figure(FACTS[key]) in said.text, said.name


def test_a_fact_without_a_page_of_its_own_is_one_of_the_faq() -> None:
    own = [fact for fact in FACTS.values() if not fact.source_url]
    assert all("US clinical rotations FAQ" in fact.explanation for fact in own)
    assert {fact.key for fact in own} == {row["fact"] for row in FIGURES}


@pytest.mark.parametrize("row", FIGURES, ids=[row["fact"] for row in FIGURES])
def test_a_figure_of_the_faq_is_said_as_the_faq_gives_it_and_where_the_table_says(row: dict[str, Any]) -> None:
    assert figure(FACTS[row["fact"]]) == row["figure"]
    naming = {said.topic for said in ANSWERS if row["fact"] in placeholders(said.item["text"])}
    assert naming == set(row["topics"])


def test_a_source_is_the_faq_or_a_row_of_the_facts_with_its_very_date() -> None:
    dates = {fact.source_url: fact.source_date for fact in FACTS.values()}
    listed = [source for said in ANSWERS for source in said.item.get("metadata", {}).get("sources", [])]
    assert listed
    for source in listed:
        if "url" in source:
            assert source.get("date", "") == dates[source["url"]]
        else:
            assert source == {"title": FAQ.title}


@each_topic
def test_buttons_lead_to_things_that_exist(topic: str) -> None:
    for said in of_topic(topic):
        for button in said.item.get("buttons", []):
            intent, _, entities = button["payload"].partition("{")
            assert len(button["title"]) <= 32
            assert intent.removeprefix("/") in DOMAIN["intents"]
            assert intent in TASK_PAYLOADS or intent.startswith("/faq_")
            assert intent != f"/faq_{topic}" or entities, "a button does not ask the same again"
            assert set(re.findall(r'"(\w+)":', entities)) <= ENTITIES


@each_topic
def test_a_recommendation_of_amo_says_that_we_work_with_them(topic: str) -> None:
    for said in of_topic(topic):
        if topic not in ABOUT_AMO or ASPECT not in said.about:
            assert not recommends_amo(said.line) or tells_of_our_tie(said.line), said.name


def recommends_amo(line: str) -> bool:
    """Whether a text sends people to AMO."""
    return bool(re.search(r"such as AMO|AMO Opportunities|AMO for instance|AMO offers|SAIOO250", line))


def tells_of_our_tie(line: str) -> bool:
    """Whether a text says that we are not neutral."""
    return bool(re.search(r"[Ww]e work with (AMO|them)|which we work with", line))


@pytest.mark.parametrize("topic", sorted(ABOUT_AMO))
def test_the_overview_below_an_answer_about_amo_says_that_we_work_with_them(topic: str) -> None:
    overviews = [said for said in of_topic(topic) if ASPECT not in said.about]
    assert all(tells_of_our_tie(said.line) for said in overviews)


@each_topic
def test_the_discount_comes_with_its_warning(topic: str) -> None:
    for said in of_topic(topic):
        if placeholders(said.item["text"]) & {"faq_amo_discount_usd", "faq_amo_discount_code"}:
            assert "SAIOO250" in said.line, said.name
            assert re.search(r"offers? (changes?|may have changed)", said.line), said.name
            assert re.search(r"check with us", said.line), said.name


def test_an_answer_that_nobody_knows_says_so_and_is_labelled() -> None:
    for said in ANSWERS:
        is_unknown = said.item.get("metadata", {}).get("unknown", False)
        assert not is_unknown or re.search(r"don't (know|have)|know (of )?no\b|know nothing", said.text), said.name
        if not said.slots:
            assert is_unknown or not said.text.startswith("I don't know"), f"{said.name}: label it"


def test_no_sentence_is_copied_from_the_original() -> None:
    if not ORIGINAL.exists():
        pytest.skip("the original FAQ is not at hand; nothing of it is kept here")
    original = runs_of_words(ORIGINAL.read_text(encoding="utf8"))
    assert len(original) > 100
    said = [said for said in variants(EVERY) if runs_of_words(said.text) & original]
    assert [(one.name, runs_of_words(one.text) & original) for one in said] == []


def runs_of_words(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """All runs of `length` words within the sentences of a text; an amount or a range is one word."""
    runs = set()
    for sentence in re.split(r"[.?!;:]\s|\n", text.lower()):
        found = re.findall(r"\$?\d[\d,]*(?:\s?[-\u2013]\s?\$?\d[\d,]*)?|[a-z]+(?:['\u2019][a-z]+)?", sentence)
        runs |= {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}
    return runs


@pytest.mark.parametrize(("topic", "slots", "patterns"), SAID)
def test_some_answer_of_a_topic_holds_what_the_faq_says_on_it(
    topic: str, slots: dict[str, str], patterns: list[str]
) -> None:
    texts = said_to(topic, slots)
    missing = [pattern for pattern in patterns if not any(re.search(pattern, text, re.I) for text in texts)]
    assert not missing


def test_the_table_of_what_must_be_said_covers_every_topic() -> None:
    assert {topic for topic, slots, _ in SAID if not slots} == set(TOPICS)


@pytest.mark.parametrize(("topic", "slots", "present", "absent"), CHOSEN)
def test_the_answer_suits_the_person(topic: str, slots: dict[str, str], present: str, absent: str) -> None:
    text = on_one_line(filled(WORDS.choose(f"utter_faq_{topic}", slots).text))
    assert re.search(present, text, re.IGNORECASE), text
    assert not re.search(absent, text, re.IGNORECASE), text


def test_a_copied_sentence_is_noticed() -> None:
    original = "The quick brown fox jumps over the lazy dog today."
    assert runs_of_words("We say: the quick brown fox jumps over the lazy dog.") & runs_of_words(original)
    assert not runs_of_words("A quick fox of brown color jumps over lazy dogs.") & runs_of_words(original)


def test_a_recommendation_without_our_tie_is_noticed() -> None:
    line = on_one_line(filled("Go to a provider such as **AMO** with {faq_amo_discount_code}."))
    assert line == "Go to a provider such as AMO with SAIOO250."
    assert recommends_amo(line)
    assert not tells_of_our_tie(line)
