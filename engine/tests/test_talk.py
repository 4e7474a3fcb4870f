"""What a short message may mean after the question before it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from rasa.core.processor import MessageProcessor
from rotation_engine import talk
from rotation_engine.encoder import real_words
from rotation_engine.places import DATA
from rotation_engine.talk import (
    ANEW,
    BEFORE,
    BEFORE_ANY,
    LONGEST,
    LONGEST_OF_TOPIC,
    QUESTION,
    TITLE,
    TOPIC_NAMED,
    in_its_talk,
)
from rotation_engine.understanding.reader import Reader
from rotation_engine.understanding.terms import Language


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Language.of(DATA), (), real=real_words())


def readings(reader: Reader, question: str, text: str, *hows: str, **about: Any) -> list[str]:
    found = in_its_talk(question, text, reader.read(text), read=reader.read, **about)
    return [item.text for item in found if item.how in hows]


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("Is Step 1 asked for an elective?", "and for a sub-internship", ["Is Step 1 asked for an sub-internship"]),
        ("which visa do graduates use", "what about students?", ["which visa do students use"]),
        ("what is the price for two weeks", "and for six weeks?", ["what is the price for six weeks"]),
        ("What is the price?", "and for six weeks?", ["What is the price for six weeks?"]),
        ("What is the price?", "and six weeks", ["What is the price for six weeks"]),
        ("what is an externship?", "may I do that as a student?", ["may I do an externship as a student?"]),
        ("I hold a B2 visa", "may I examine patients with it", ["may I examine patients with a B2 visa"]),
        ("which documents are asked for?", "must they be translated", ["must the documents be translated"]),
        ("how many letters are enough", "can two of them be older", ["can two of letters be older"]),
        ("how many letters are enough", "and which one is best", ["and which letters is best"]),
        ("how many letters are enough", "where do I get one from", ["where do I get letters from"]),
        ("is an externship better or an elective", "may I do the second one", ["may I do the elective"]),
        ("what is an externship?", "is that hard to find", ["is an externship hard to find"]),
        ("may I come for two rotations", "and drive a taxi", ["may I drive a taxi"]),
    ],
)
def test_a_message_that_leans_on_a_question_is_said_anew(
    reader: Reader, question: str, text: str, said: list[str]
) -> None:
    assert readings(reader, question, text, ANEW) == said


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("which visa do graduates use", "thank you"),
        ("which visa do graduates use", "How long is an elective?"),
        ("which visa do graduates use", "and graduates"),
        ("thanks", "is it far"),
        ("what is an externship?", "may I do it " + "very " * LONGEST + "soon"),
        ("what is an externship?", "I think that a visa is hard to get"),
        ("what is an externship?", "is that hospital far"),
        ("what is an externship?", "and drive a taxi"),
        ("may I come for two rotations", "surgery electives"),
    ],
)
def test_a_message_that_stands_alone_is_not_said_anew(reader: Reader, question: str, text: str) -> None:
    assert readings(reader, question, text, ANEW) == []


def test_a_message_is_read_after_the_question_and_under_the_title_of_its_answer(reader: Reader) -> None:
    about = ("how many letters do I need?", "from who")
    assert readings(reader, *about, BEFORE, TITLE, title="How many?") == [
        "how many letters do I need. from who",
        "How many: from who",
    ]
    assert readings(reader, *about, TITLE) == []
    long = "what is an externship?", "may I do it " + "very " * LONGEST + "soon"
    assert readings(reader, *long, BEFORE, TITLE, title="Externship") == []


TOPICS = {"faq_vslo": "with VSLO"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("can my school join?", ["can my school join with VSLO"]),
        ("and my dean says no", ["and my dean says no with VSLO"]),
        ("my school is not on it", ["my school is not on vslo", "my school is not on it with VSLO"]),
        ("is psychiatry possible", []),
        ("do I need the TOEFL", []),
        ("does Yale take it", ["does Yale take vslo"]),
        ("can " + "very " * LONGEST_OF_TOPIC + "young people join", []),
    ],
)
def test_a_question_may_be_one_of_the_topic_talked_about(reader: Reader, text: str, said: list[str]) -> None:
    about = {"topic": "faq_vslo/how", "topics": TOPICS}
    assert readings(reader, "how does that work", text, ANEW, TOPIC_NAMED, **about) == said


def test_after_an_introduction_a_question_is_likeliest_about_who_may_come(reader: Reader) -> None:
    topics = {BEFORE_ANY: "to be eligible"}
    said = readings(reader, "I graduated in 2018", "is that long ago", TOPIC_NAMED, topics=topics)
    assert said == ["is that long ago to be eligible"]


def test_every_topic_is_called_something(reader: Reader) -> None:
    intents = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf8"))["intents"]
    topics = {name for name in intents if isinstance(name, str) and name.startswith("faq_")}
    subjects = yaml.safe_load((DATA / "subjects.yml").read_text(encoding="utf8"))["subjects"]
    called = {name for name in reader.topics if "/" not in name}
    assert topics <= called
    assert called - topics == {name for name, by in subjects.items() if by.keys() & {"rotation_type", "institution"}}


def test_a_pronoun_means_what_the_talk_is_about_after_another_topic(reader: Reader) -> None:
    """After the price of telehealth "how long does it take" asks for the rotation's length, not for the price's."""
    text, topics = "how long does it take", {"telehealth": "with a telehealth rotation", "faq_cost": "with the cost"}
    about = {"topic": "faq_cost/telehealth_price", "talked_of": "telehealth", "topics": topics}
    assert "how long does a telehealth rotation take" in readings(reader, "cheapest one", text, ANEW, **about)


def test_what_has_a_thing_of_its_own_is_a_question_of_a_topic(reader: Reader) -> None:
    learned = (DATA / "nlu.yml").read_text(encoding="utf8")
    own = [name for name in reader.topics if "/" in name]
    assert own
    assert [name for name in own if f"- intent: {name}\n" not in learned] == []


def test_where_no_name_stands_in_the_question_its_topic_is_meant(reader: Reader) -> None:
    about = {"topic": "faq_telehealth/from_home"}
    said = readings(reader, "could I stay at home instead", "is that worth it", ANEW, **about)
    assert said == ["is telehealth worth it"]


def test_the_pipeline_is_told_the_question_of_the_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(
        MessageProcessor, "_parse_message_with_graph", lambda _self, message, *_: told.append(message.metadata)
    )
    talk.install()
    for value in ("what is VSLO", None):
        message = SimpleNamespace(metadata={"channel": "web"})
        tracker = SimpleNamespace(slots={QUESTION: SimpleNamespace(value=value)})
        MessageProcessor._parse_message_with_graph(SimpleNamespace(), message, tracker)
    MessageProcessor._parse_message_with_graph(
        SimpleNamespace(), SimpleNamespace(metadata=None), SimpleNamespace(slots={})
    )
    assert told == [{"channel": "web", QUESTION: "what is VSLO"}, {"channel": "web"}, None]


@pytest.mark.parametrize(
    ("topic", "text", "said"),
    [
        ("faq_papers/insurance", "who gives me that", ["who gives me the policy", "who gives me that with the policy"]),
        ("faq_papers/insurance", "is it a must", ["is the policy a must", "is it a must with the policy"]),
        ("faq_papers/failed", "is it over", ["is papers over", "is it over after a fail"]),
        ("faq_papers/other", "is it a must", ["is papers a must", "is it a must with papers"]),
    ],
)
def test_a_question_of_a_topic_may_have_a_thing_of_its_own(
    reader: Reader, topic: str, text: str, said: list[str]
) -> None:
    own = {"faq_papers/insurance": "with the policy", "faq_papers/failed": "after a fail"}
    topics = {"faq_papers": "with papers"} | own
    assert readings(reader, "tell me more", text, ANEW, TOPIC_NAMED, topic=topic, topics=topics) == said


def test_a_pronoun_means_a_thing_of_the_question_or_of_its_topic(reader: Reader) -> None:
    """After "does an externship give a letter" "who signs it" is about the letter, whatever stands in the question."""
    about = {"topic": "faq_letters/given", "topics": {"faq_letters/given": "with the letter"}}
    said = readings(reader, "does an externship give one", "who signs it", ANEW, **about)
    assert said == ["who signs an externship", "who signs the letter"]
