"""The answers of the FAQ say what is true, to the person for whom it is true, and say where they have it from."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.reply.responses import Responses
from bot.settings import ROOT

ORIGINAL = ROOT.parent / "shared" / "source-faq.txt"
CONDITIONS = {
    "career_stage": {"student", "graduate"},
    "visa_status": {"has", "needs", "exempt"},
    "route": {"direct", "third_party", "vslo"},
    "goal": {"residency", "explore"},
}
TASK_PAYLOADS = {
    "/search_programs",
    "/estimate_cost",
    "/plan_timeline",
    "/recommend_rotation",
    "/request_human",
}
# Names with digits in them, which are no figures.
NAMES = re.compile(r"Step [123]( CK)?|\b[BFJ]-[12](/B-2)?|SAIOO250|^\d\. ", re.MULTILINE)
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[-\u2013]\$?\d[\d,]*)?")


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf8"))


def _facts() -> list[dict[str, str]]:
    with (ROOT / "data" / "facts.csv").open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


RESPONSES: Mapping[str, list[dict[str, Any]]] = _read(ROOT / "data" / "responses" / "faq.yml")["responses"]
DOMAIN = _read(ROOT / "domain.yml")
EVERY_TOPIC = [name.removeprefix("faq_") for name in DOMAIN["intents"] if name.startswith("faq_")]
# The topics of the original FAQ have their answers in one file; one that was made later brings its own.
MADE = [topic for topic in EVERY_TOPIC if (ROOT / "data" / "responses" / f"faq_{topic}.yml").exists()]
TOPICS = [topic for topic in EVERY_TOPIC if topic not in MADE]
ENTITIES = {name for entity in DOMAIN["entities"] for name in entity}
FIGURES = _read(Path(__file__).with_name("faq_figures.yml"))
FACTS = _facts()
WORDS = Responses(RESPONSES)
TABLES = _read(Path(__file__).with_name("faq_facts.yml"))
SAID = [(row["topic"], row.get("for", {}), row["says"]) for row in TABLES["said"]]
CHOSEN = [(row["topic"], row["for"], row["says"], row["not"]) for row in TABLES["chosen"]]


def variants() -> Iterator[Any]:
    """Each variant once, with its topic and what it is for."""
    for key, items in RESPONSES.items():
        for item in items:
            slots = {part["name"]: part["value"] for part in item.get("condition", [])}
            name = "-".join([key.removeprefix("utter_faq_"), *slots.values()])
            yield pytest.param(key.removeprefix("utter_faq_"), slots, item, id=name)


each_variant = pytest.mark.parametrize(("topic", "slots", "variant"), list(variants()))


def said(topic: str, **slots: str) -> str:
    """What the bot says on a topic to this person, on one line and without bold."""
    return re.sub(r"\s+", " ", WORDS.choose(f"utter_faq_{topic}", slots).text.replace("**", "").replace("\n- ", "\n"))


def figures(text: str) -> set[str]:
    """The numbers and ranges of a text, as "3000" and "3000-5000"; a range is one figure."""
    found = FIGURE.findall(NAMES.sub(" ", text))
    return {re.sub(r"[,$]", "", figure).replace("\u2013", "-") for figure in found}


def with_ends(found: set[str]) -> set[str]:
    """Figures, and both ends of the ranges among them."""
    return found | {end for figure in found for end in figure.split("-")}


def test_every_topic_has_answers_and_nothing_else_is_in_the_file() -> None:
    assert {f"utter_faq_{topic}" for topic in TOPICS} == set(RESPONSES)
    for topic in MADE:
        made = _read(ROOT / "data" / "responses" / f"faq_{topic}.yml")["responses"]
        assert list(made) == [f"utter_faq_{topic}"]


def test_the_content_guide_says_of_every_topic_what_it_answers() -> None:
    guide = (ROOT / "docs" / "content-guide.md").read_text(encoding="utf8")
    rows = re.findall(r"^\| `(\w+)` \| [A-Z]", guide, re.MULTILINE)
    assert [topic for topic in rows if topic not in MADE] == TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_the_first_variant_suits_everybody_and_has_buttons_sources_and_a_review_date(topic: str) -> None:
    first = RESPONSES[f"utter_faq_{topic}"][0]
    assert "condition" not in first
    assert 2 <= len(first["buttons"]) <= 3
    assert first["metadata"]["sources"][0]["title"].startswith("US clinical rotations FAQ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", first["metadata"]["reviewed"])
    assert all("condition" in other for other in RESPONSES[f"utter_faq_{topic}"][1:])


@each_variant
def test_an_answer_is_short_plain_and_within_the_markdown_subset(
    topic: str, slots: dict[str, str], variant: dict[str, Any]
) -> None:
    text = variant["text"]
    assert 40 <= len(text.split()) <= 130
    assert not re.search(r"[{}<>#`|]|!\[|\bYes\b", text)
    assert text.count("**") % 2 == 0
    assert not re.search(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]", text), "no emoji"
    assert not re.search(r"programme|speciality|practise|\bsaioo250\b", text), "American spelling, exact code"


@each_variant
def test_conditions_use_what_the_profile_can_hold(topic: str, slots: dict[str, str], variant: dict[str, Any]) -> None:
    assert all(value in CONDITIONS[name] for name, value in slots.items())


@each_variant
def test_a_variant_is_really_said_to_the_person_it_is_for(
    topic: str, slots: dict[str, str], variant: dict[str, Any]
) -> None:
    assert WORDS.choose(f"utter_faq_{topic}", slots).text == variant["text"].strip()


@each_variant
def test_every_figure_is_the_faqs_own_or_stands_in_a_source_that_the_answer_names(
    topic: str, slots: dict[str, str], variant: dict[str, Any]
) -> None:
    urls = {source.url for source in WORDS.choose(f"utter_faq_{topic}", slots).sources if source.url}
    known = {n for row in FIGURES if topic in row["topics"] for n in figures(row["figure"])}
    for row in FACTS:
        if row["source_url"] in urls:
            known |= with_ends(figures(f"{row['value']} {row['explanation']} {row['source_date'][:4]}"))
    assert figures(variant["text"]) <= known


def test_the_table_of_the_faqs_figures_has_no_row_that_nothing_uses() -> None:
    for row in FIGURES:
        for topic in row["topics"]:
            texts = " ".join(item["text"] for item in RESPONSES[f"utter_faq_{topic}"])
            assert figures(row["figure"]) <= figures(texts), (row["figure"], topic)


@each_variant
def test_a_source_is_the_faq_or_a_row_of_the_facts_with_its_very_date(
    topic: str, slots: dict[str, str], variant: dict[str, Any]
) -> None:
    dates = {row["source_url"]: row["source_date"] for row in FACTS}
    for source in variant.get("metadata", {}).get("sources", []):
        if "url" in source:
            assert source.get("date", "") == dates[source["url"]]
        else:
            assert source == {"title": "US clinical rotations FAQ, part 2 (Dr. Ahmad)"}


@each_variant
def test_buttons_lead_to_things_that_exist(topic: str, slots: dict[str, str], variant: dict[str, Any]) -> None:
    for button in variant.get("buttons", []):
        intent, _, entities = button["payload"].partition("{")
        assert len(button["title"]) <= 32
        assert intent.removeprefix("/") in DOMAIN["intents"]
        assert intent in TASK_PAYLOADS or intent.startswith("/faq_")
        assert intent != f"/faq_{topic}" or entities, "a button does not ask the same again"
        assert set(re.findall(r'"(\w+)":', entities)) <= ENTITIES


@each_variant
def test_a_recommendation_of_amo_says_that_we_work_with_them(
    topic: str, slots: dict[str, str], variant: dict[str, Any]
) -> None:
    text = re.sub(r"\s+", " ", variant["text"])
    recommends = re.search(r"such as AMO|AMO Opportunities|AMO for instance|AMO offers|SAIOO250", text)
    assert not recommends or re.search(r"work with (AMO|them)|which we work with", text)


@each_variant
def test_the_discount_comes_with_its_warning(topic: str, slots: dict[str, str], variant: dict[str, Any]) -> None:
    if "$250" in variant["text"] and topic != "visa":
        text = re.sub(r"\s+", " ", variant["text"])
        assert "SAIOO250" in text
        assert re.search(r"offers? (keeps changing|changes?)", text)
        assert re.search(r"check with us", text)


def test_no_sentence_is_copied_from_the_original() -> None:
    if not ORIGINAL.exists():
        pytest.skip("the original FAQ is not at hand; nothing of it is kept here")
    original = runs_of_words(ORIGINAL.read_text(encoding="utf8"))
    texts = [item["text"] for items in RESPONSES.values() for item in items]
    assert [copied for text in texts if (copied := runs_of_words(text) & original)] == []


def runs_of_words(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """All runs of `length` words within the sentences of a text; an amount or a range is one word."""
    runs = set()
    for sentence in re.split(r"[.?!;:]\s|\n", text.lower()):
        found = re.findall(r"\$?\d[\d,]*(?:\s?[-\u2013]\s?\$?\d[\d,]*)?|[a-z]+(?:['\u2019][a-z]+)?", sentence)
        runs |= {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}
    return runs


@pytest.mark.parametrize(("topic", "slots", "patterns"), SAID)
def test_an_answer_holds_what_the_faq_says_on_its_topic(topic: str, slots: dict[str, str], patterns: list[str]) -> None:
    text = said(topic, **slots)
    missing = [pattern for pattern in patterns if not re.search(pattern, text, re.IGNORECASE)]
    assert not missing, text


def test_the_table_of_what_must_be_said_covers_every_topic() -> None:
    assert {topic for topic, slots, _ in SAID if not slots} == set(TOPICS)


@pytest.mark.parametrize(("topic", "slots", "present", "absent"), CHOSEN)
def test_the_answer_suits_the_person(topic: str, slots: dict[str, str], present: str, absent: str) -> None:
    text = said(topic, **slots)
    assert re.search(present, text, re.IGNORECASE), text
    assert not re.search(absent, text, re.IGNORECASE), text


@pytest.mark.parametrize("text", ["A month costs $9,999.", "It takes 17 weeks."])
def test_an_invented_figure_is_noticed(text: str) -> None:
    """The gate of the figures looks: a figure that no source gives is not among those known."""
    known = {n for row in FIGURES for n in figures(row["figure"])}
    assert not figures(text) <= known


def test_a_copied_sentence_is_noticed() -> None:
    original = "The quick brown fox jumps over the lazy dog today."
    assert runs_of_words("We say: the quick brown fox jumps over the lazy dog.") & runs_of_words(original)
    assert not runs_of_words("A quick fox of brown color jumps over lazy dogs.") & runs_of_words(original)
