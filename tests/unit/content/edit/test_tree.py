"""Changes applied to a copy of the real content: nothing else moves, twice is once, and the lint stays clean."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.change import AddSentences, AddWords, Change, ChangeError, EditAnswer, NewAspect, NewTopic
from bot.content.edit import tree
from bot.content.edit.answers import read_answers
from bot.content.edit.sentences import (
    HELD_OUT,
    LEARNED,
    OTHERS_HELD_OUT,
    TOPICS_HELD_OUT,
    Sentence,
    read_sentences,
    with_sentences,
)
from bot.content.edit.yaml_files import load, save
from bot.data_files import read_yaml
from bot.lint import check_training
from bot.nlu.message import intent_of
from bot.reply.parts import Source, Suggestion
from bot.reply.responses import Responses
from bot.settings import ROOT

SOURCE = Source("The hospital's page on parking", "https://www.example.org/parking", "2026")
DEPOSIT = AddSentences(
    "faq_cost/deposit", ("must a sum be left to keep my seat",), ("do they want earnest money from me",)
)
PARKING = NewTopic(
    name="parking",
    title="Where to park",
    sentences=tuple(f"where do I leave my car on day {day} of the rotation" for day in range(1, 27)),
    held_out=tuple(f"is there a garage for visitors near ward {ward}" for ward in range(1, 9)),
    answer='Ask the hospital: most have a "visitor" garage.\n\n- **Price**: it\'s theirs to say: 5, 10 or more',
    answer_graduate="As a graduate you park like a visitor.",
    sources=(SOURCE,),
    buttons=(Suggestion("What does it cost?", "/faq_cost"),),
    reviewed="2026-11-23",
)
SENTENCES = AddSentences("faq_cost", ("what is the damage for a month",), ("how deep into my pocket must I reach",))
GENERAL = EditAnswer("utter_faq_eligibility", "", "Most can.\n\n- **More** is better.", reviewed="2026-12-01")
STUDENT = EditAnswer("utter_faq_eligibility", "career_stage=student", "You can, student.")
ASPECT = EditAnswer(
    "utter_faq_cost/deposit", "", "Plan with {project_img_deposit_usd} to hold the seat.", reviewed="2026-12-01"
)
LINE = EditAnswer("utter_only_english", "", 'I only read "English".', sources=(SOURCE,), buttons=())
WORDS = AddWords("specialty", "dermatology", ("skin medicine", "DERMY"))
BOX = NewAspect(
    "faq_cost/box_seats",
    "Seats at the theater",
    tuple(f"what is a seat at the theater on day {day}" for day in range(1, 10)),
    ("is the opera dear", "tickets for a musical", "an evening at the ballet"),
    "I don't know that: the theater decides, so look at its page before you book a seat for the evening.",
    is_unknown=True,
    reviewed="2026-11-23",
)
EVERY_KIND: list[Change] = [PARKING, SENTENCES, WORDS, DEPOSIT, GENERAL, STUDENT, ASPECT, LINE, BOX]


def _loaded(path: Path) -> Any:
    return read_yaml(path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree.copy_content(tmp_path / "tree")
    return tmp_path / "tree"


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with a change of every kind, for tests that only read."""
    made = tmp_path_factory.mktemp("changed") / "tree"
    tree.copy_content(made)
    tree.apply_changes(made, EVERY_KIND)
    return made


@pytest.mark.parametrize(
    "name",
    sorted(
        str(p.relative_to(ROOT))
        for p in [
            ROOT / "domain.yml",
            ROOT / "data" / "rules.yml",
            *(ROOT / "data" / "responses").glob("*.yml"),
        ]
    ),
)
def test_a_file_that_is_read_and_written_is_the_same(root: Path, name: str) -> None:
    save(root / name, load(root / name))
    assert (root / name).read_text(encoding="utf8") == (ROOT / name).read_text(encoding="utf8")


@pytest.mark.parametrize("change", EVERY_KIND, ids=lambda change: change.summary()[:30])
def test_a_change_adds_lines_and_leaves_all_others_as_they_were(root: Path, change: Change) -> None:
    tree.apply_change(root, change)
    difference = tree.difference(ROOT, root)
    removed = [line for line in difference.splitlines() if line.startswith("-") and not line.startswith("---")]
    assert difference
    if not isinstance(change, EditAnswer | AddWords):
        assert removed == []
    assert not any(line[1:].lstrip().startswith("#") for line in removed), "a comment was lost"


def test_applied_twice_changes_nothing_more(changed: Path) -> None:
    assert not any(tree.has_effect(changed, change) for change in EVERY_KIND)


def test_the_lint_is_clean_after_every_kind_of_change(changed: Path) -> None:
    assert check_training(changed) == []


def test_a_topic_with_too_few_sentences_is_a_finding(root: Path) -> None:
    tree.apply_change(root, NewTopic(**{**vars(PARKING), "sentences": PARKING.sentences[:5], "held_out": ()}))
    found = [finding.message for finding in check_training(root)]
    assert found == [
        "faq_parking has 5 sentences in data/nlu.yml, at least 25 are needed",
        "faq_parking has no held-out sentences in tests/nlu",
    ]


def test_a_topic_is_in_every_file_and_its_answer_reads_as_written(root: Path) -> None:
    tree.apply_change(root, PARKING)
    domain = read_yaml(root / "domain.yml")
    assert "faq_parking" in domain["intents"]
    assert "# tasks" in (root / "domain.yml").read_text(encoding="utf8")
    assert len([item for item in read_sentences(root, LEARNED) if item.intent == "faq_parking"]) == 26
    assert len([item for item in read_sentences(root, HELD_OUT) if item.intent == "faq_parking"]) == 8
    words = Responses(read_yaml(root / "data/responses/faq_parking.yml")["responses"])
    said = words.choose("utter_faq_parking")
    assert (said.text, said.buttons, said.sources) == (PARKING.answer, PARKING.buttons, PARKING.sources)
    assert words.choose("utter_faq_parking", {"career_stage": "graduate"}).text == PARKING.answer_graduate
    titles = [button.payload for button in read_answers(root)["utter_titles"].variants[0].buttons]
    assert "/faq_parking" in titles
    dialogue = read_yaml(root / "tests/dialogues/faq_parking.yml")
    assert dialogue["A question about parking gets its answer"][0]["user"] == PARKING.sentences[0]


def test_a_name_that_is_taken_is_refused(root: Path) -> None:
    with pytest.raises(ChangeError, match="already"):
        tree.apply_change(root, NewTopic(**{**vars(PARKING), "name": "cost"}))


def test_a_sentence_is_never_learned_and_held_out(root: Path) -> None:
    held_out = next(item for item in read_sentences(root, HELD_OUT) if item.intent == "faq_cost" and " " in item.text)
    tree.apply_change(
        root, AddSentences("faq_cost", (held_out.text.upper(), "what is the damage"), ("what is  it all",))
    )
    learned = {item.text for item in read_sentences(root, LEARNED) if item.intent == "faq_cost"}
    assert "what is the damage" in learned
    assert held_out.text.upper() not in learned
    assert check_training(root) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("what does [NAME](person) pay", "what does (NAME)(person) pay"),
        ("/restart it costs", "restart it costs"),
        ("- how much: 5% # of that\x07?", "how much: 5% # of that ?"),
        ("{cost}", "(cost)"),
    ],
)
def test_a_sentence_from_a_talk_cannot_break_the_file(root: Path, typed: str, kept: str) -> None:
    tree.apply_change(root, AddSentences("faq_cost", (typed,)))
    tree.apply_change(root, AddSentences("faq_visa", ("another thing altogether",)))
    assert kept in {item.text for item in read_sentences(root, LEARNED) if item.intent == "faq_cost"}
    blocks = {block["intent"]: block["examples"] for block in _loaded(root / LEARNED)["nlu"]}
    assert blocks["faq_cost"].splitlines()[-1] == f"- {kept}"
    assert blocks["faq_visa"].splitlines()[-1] == "- another thing altogether"


def test_sentences_stand_at_the_end_of_their_block_and_nothing_else_moves(root: Path) -> None:
    tree.apply_change(root, SENTENCES)
    for file, text in ((LEARNED, SENTENCES.sentences[0]), (TOPICS_HELD_OUT, SENTENCES.held_out[0])):
        before, after = (place.joinpath(file).read_text(encoding="utf8").split("\n") for place in (ROOT, root))
        at = after.index(f"    - {text}")
        assert after[:at] + after[at + 1 :] == before
        assert after[at + 1 : at + 3][0] == ""
        assert after[at + 2] == "- intent: faq_cost/school_fee"


def test_sentences_of_an_aspect_stand_at_the_end_of_its_own_block(root: Path) -> None:
    tree.apply_change(root, DEPOSIT)
    for file, text in ((LEARNED, DEPOSIT.sentences[0]), (TOPICS_HELD_OUT, DEPOSIT.held_out[0])):
        before, after = (_loaded(place / file)["nlu"] for place in (ROOT, root))
        changed = [new for old, new in zip(before, after, strict=True) if old != new]
        assert [block["intent"] for block in changed] == ["faq_cost/deposit"]
        assert changed[0]["examples"].splitlines()[-1] == f"- {text}"


@pytest.mark.parametrize("kind", ["out_of_scope/emergency", "ask_bot/maker"])
def test_held_out_sentences_of_a_kind_stand_beside_its_others(root: Path, kind: str) -> None:
    tree.apply_change(root, AddSentences(kind, ("xylophone zebra",), ("quasar walrus",)))
    assert check_training(root) == []
    blocks = {block["intent"]: block["examples"] for block in _loaded(root / TOPICS_HELD_OUT)["nlu"]}
    assert blocks[kind].splitlines()[-1] == "- quasar walrus"


def test_sentences_of_a_task_are_held_out_beside_those_of_the_other_tasks(root: Path) -> None:
    tree.apply_change(root, AddSentences("search_programs", ("hunt down a rotation",), ("dig me up a rotation",)))
    assert "- dig me up a rotation" in (root / OTHERS_HELD_OUT).read_text(encoding="utf8")
    assert check_training(root) == []


def test_a_topics_sentences_stand_where_its_intent_stands_in_the_domain(root: Path) -> None:
    tree.apply_change(root, PARKING)
    intents = _loaded(root / "domain.yml")["intents"]
    for file in (LEARNED, TOPICS_HELD_OUT):
        blocks = [block["intent"] for block in _loaded(root / file)["nlu"]]
        assert blocks == sorted(blocks, key=lambda block: intents.index(intent_of(block)))
        assert blocks.count("faq_parking") == 1


def test_sentences_are_added_in_a_moment_however_long_the_file_is(root: Path) -> None:
    """In the time of a few readings of the file, far from that of writing it anew as YAML; busy cores slow both."""

    def quickest(do: Callable[[int], object]) -> float:  # any one may meet a collection of garbage
        taken = []
        for number in range(3):
            started = time.process_time()
            do(number)
            taken.append(time.process_time() - started)
        return min(taken)

    def add(number: int) -> None:
        tree.apply_change(root, replace(SENTENCES, sentences=(f"where may I leave {number} bicycles at night",)))

    added, read = quickest(add), quickest(lambda _: read_sentences(root, LEARNED))
    assert added < 8 * read


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nlu:\n", "nlu:\n- intent: b\n  examples: |\n    - new\n"),
        (
            "nlu:\n- intent: a\n  examples: |\n    - x\n",
            "nlu:\n- intent: a\n  examples: |\n    - x\n\n- intent: b\n  examples: |\n    - new\n",
        ),
        (
            "nlu:\n- intent: c\n  examples: |\n    - x\n",
            "nlu:\n- intent: b\n  examples: |\n    - new\n\n- intent: c\n  examples: |\n    - x\n",
        ),
        (
            "nlu:\n- intent: b\n  examples: |\n      - x\n\n# rest\n- intent: c\n  examples: |\n    - y",
            "nlu:\n- intent: b\n  examples: |\n      - x\n      - new\n\n# rest\n- intent: c\n  examples: |\n    - y\n",
        ),
        ("nlu:\n- intent: b\n  examples: |\n", "nlu:\n- intent: b\n  examples: |\n    - new\n"),
        (
            "nlu:\n- intent: b/x\n  examples: |\n    - x\n\n- intent: c\n  examples: |\n    - y\n",
            "nlu:\n- intent: b\n  examples: |\n    - new\n\n"
            "- intent: b/x\n  examples: |\n    - x\n\n- intent: c\n  examples: |\n    - y\n",
        ),
    ],
    ids=[
        "the first block",
        "the last block",
        "a block between",
        "a block with another indent",
        "an empty block",
        "a block above its aspects",
    ],
)
def test_a_sentence_finds_its_place(before: str, after: str) -> None:
    assert with_sentences(before, "b", ["new"], order=["a", "b", "c"]) == after
    yaml.safe_load(after)


@pytest.mark.parametrize("blocks", [["a", "b", "b/x", "c"], ["a", "b/w", "b/x", "c/y"], ["b"], ["b/x", "z"], []])
def test_a_new_block_of_an_aspect_stands_below_the_others_of_its_topic(blocks: list[str]) -> None:
    before = "nlu:\n" + "\n".join(f"- intent: {name}\n  examples: |\n    - {name} x\n" for name in blocks)
    after = with_sentences(before, "b/new", ["new"], order=["a", "b", "c"])
    names = [block["intent"] for block in yaml.safe_load(after)["nlu"]]
    assert [name for name in names if name != "b/new"] == blocks
    at = names.index("b/new")
    assert not any(intent_of(name) in {"b", "a"} for name in names[at + 1 :])
    assert not any(intent_of(name) == "c" for name in names[:at])


def test_an_aspect_of_an_intent_that_the_domain_lacks_stands_at_the_end() -> None:
    before = "nlu:\n- intent: b\n  examples: |\n    - x\n"
    assert with_sentences(before, "q/x", ["new"], order=["b"]).endswith("- intent: q/x\n  examples: |\n    - new\n")


def test_an_edited_answer_keeps_what_was_not_edited(root: Path) -> None:
    before = read_answers(root)["utter_faq_eligibility"]
    tree.apply_changes(root, [GENERAL, STUDENT])
    after = read_answers(root)["utter_faq_eligibility"]
    general, student = after.variant(""), after.variant("career_stage=student")
    assert general
    assert student
    assert (general.text, general.reviewed) == (GENERAL.text, "2026-12-01")
    assert (general.buttons, general.sources) == (before.variants[0].buttons, before.variants[0].sources)
    assert student.text == STUDENT.text
    assert len(after.variants) == len(before.variants)


def test_a_variant_can_be_added_and_taken_away(root: Path) -> None:
    key = "utter_faq_duration"
    tree.apply_change(root, EditAnswer(key, "visa_status=needs, career_stage=student", "With a visa, longer."))
    assert read_answers(root)[key].variant("visa_status=needs, career_stage=student")
    tree.apply_change(root, EditAnswer(key, "visa_status=needs, career_stage=student", ""))
    assert tree.difference(ROOT, root) == ""


def test_an_edited_answer_of_an_aspect_keeps_its_title_and_what_it_asks(root: Path) -> None:
    before = _loaded(root / "data/responses/faq.yml")["responses"][ASPECT.key][0]
    tree.apply_change(root, ASPECT)
    after = _loaded(root / "data/responses/faq.yml")["responses"][ASPECT.key][0]
    assert after == before | {"text": ASPECT.text, "metadata": before["metadata"] | {"reviewed": "2026-12-01"}}
    assert after["metadata"]["title"]


def test_an_edit_of_a_made_topic_takes_its_golden_dialogue_along(root: Path) -> None:
    tree.apply_changes(root, [PARKING, EditAnswer("utter_faq_parking", "", "Leave the car at home.")])
    assert "Leave\\s+the\\s+car" in (root / "tests/dialogues/faq_parking.yml").read_text(encoding="utf8")


@pytest.mark.parametrize("change", [AddSentences("faq_nothing", ("x y",)), EditAnswer("utter_nothing", "", "x")])
def test_a_change_of_what_is_not_there_is_refused(root: Path, change: Change) -> None:
    with pytest.raises(ChangeError, match="any more"):
        tree.apply_change(root, change)


def test_git_applies_the_difference_and_then_the_changes_do_nothing(changed: Path, tmp_path: Path) -> None:
    tree.copy_content(tmp_path / "repository")
    repository = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", repository], check=True)
    patch = tree.difference(repository, changed)
    subprocess.run(["git", "apply", "--whitespace=error-all", "-"], input=patch, text=True, cwd=repository, check=True)
    assert tree.difference(repository, changed) == ""
    assert not any(tree.has_effect(repository, change) for change in EVERY_KIND)


@pytest.mark.parametrize("intent", ["out_of_scope", "ask_bot", "faq_cost"])
def test_sentences_come_to_an_intent_whose_own_ones_stand_under_its_aspects(root: Path, intent: str) -> None:
    asked = "where may I leave my bicycle for the night"
    known = next(item.text for item in read_sentences(root, LEARNED) if item.intent.startswith(f"{intent}/"))
    tree.apply_change(root, AddSentences(intent, (asked, known)))
    added = [item for item in read_sentences(root, LEARNED) if item.intent == intent]
    assert Sentence(intent, asked) in added
    assert known not in [item.text for item in added], "one sentence has one meaning"


@pytest.mark.parametrize("intent", ["faq_nothing", "faq_cost/nothing", "out_of_scope/nothing"])
def test_sentences_for_what_is_not_there_are_refused(root: Path, intent: str) -> None:
    with pytest.raises(ChangeError, match="There is no topic"):
        tree.apply_change(root, AddSentences(intent, ("where may I leave my bicycle",)))


def test_a_question_inside_a_topic_stands_below_the_others_in_all_three_files(root: Path) -> None:
    before = list(read_answers(root))
    tree.apply_change(root, BOX)
    after = read_answers(root)
    at = list(after).index(BOX.key)
    assert before == [key for key in after if key != BOX.key]
    assert list(after)[at - 1].startswith("utter_faq_cost/")
    assert not list(after)[at + 1].startswith("utter_faq_cost")
    metadata = read_yaml(root / after[BOX.key].file)["responses"][BOX.key][0]["metadata"]
    assert metadata == {"title": BOX.title, "reviewed": "2026-11-23", "unknown": True}
    assert {item.text for item in read_sentences(root, LEARNED) if item.intent == BOX.aspect} == set(BOX.sentences)
    assert {item.text for item in read_sentences(root, HELD_OUT) if item.intent == BOX.aspect} == set(BOX.held_out)
    assert check_training(root) == []
    assert not tree.has_effect(root, BOX), "twice is once"


def test_a_question_that_is_there_or_has_no_topic_is_refused(root: Path) -> None:
    with pytest.raises(ChangeError, match="There is a question faq_cost/deposit already"):
        tree.apply_change(root, replace(BOX, aspect="faq_cost/deposit"))
    with pytest.raises(ChangeError, match="no topic faq_opera"):
        tree.apply_change(root, replace(BOX, aspect="faq_opera/seats"))
