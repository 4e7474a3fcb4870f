"""What the rules find in a sentence, misspellings and traps included."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rotation_engine.encoder import real_words
from rotation_engine.entities import KINDS, EntityRules
from rotation_engine.places import DATA, kinds_file
from rotation_engine.understanding.names import ORDER
from rotation_engine.understanding.reader import Reader
from rotation_engine.understanding.terms import Language, Term

INSTITUTIONS = {
    "Yale School of Medicine": ["Yale School of Medicine", "Yale"],
    "Mount Sinai Medical Center (Miami Beach)": ["Mount Sinai Medical Center"],
    "Icahn School of Medicine at Mount Sinai": ["Icahn School of Medicine at Mount Sinai", "Mount Sinai"],
    "University of Rochester School of Medicine and Dentistry": ["University of Rochester", "Rochester"],
    "Brigham and Women's Hospital": ["Brigham and Women's Hospital", "Brigham"],
    "AMOpportunities (AMO)": ["AMOpportunities", "AMO"],
    "University of Texas MD Anderson Cancer Center": ["MD Anderson"],
}

FOUND = [
    # specialties and their abbreviations
    ("cardiology electives", "specialty:cardiology rotation_type:elective"),
    ("looking for IM and FM", "specialty:internal medicine specialty:family medicine"),
    ("im rotation in june", "specialty:internal medicine"),
    ("obgyn or ob/gyn or OB-GYN", "specialty:obstetrics and gynecology " * 3),
    ("peds, psych and neuro", "specialty:pediatrics specialty:psychiatry specialty:neurology"),
    ("gen surg and ortho", "specialty:general surgery specialty:orthopedic surgery"),
    ("heme onc fellowship", "specialty:hematology/oncology"),
    ("derm, EM and cards", "specialty:dermatology specialty:emergency medicine specialty:cardiology"),
    ("pediatric surgery please", "specialty:pediatric surgery"),
    ("anything in critical care medicine", "specialty:critical care"),
    # misspelled
    ("cardiolgy observrship", "specialty:cardiology rotation_type:observership"),
    ("intrenal medicine", "specialty:internal medicine"),
    ("pyschiatry in pensylvania", "specialty:psychiatry state:PA"),
    ("pediatircs", "specialty:pediatrics"),
    ("dermatolgy externshp", "specialty:dermatology rotation_type:externship"),
    ("obstetrics and gynocology", "specialty:obstetrics and gynecology"),
    ("gastroenterlogy", "specialty:gastroenterology"),
    ("anesthesiolgy", "specialty:anesthesiology"),
    ("masachusetts or califronia", "state:MA state:CA"),
    ("tofel and ilets", "exam:toefl exam:ielts"),
    # places
    ("rotations in TX, NY or CA", "state:TX state:NY state:CA"),
    ("Tulsa, OK", "city:Tulsa state:OK"),
    ("programs in ny", "state:NY"),
    ("near NYC, LA and Philly", "city:New York city:Los Angeles city:Philadelphia"),
    ("Kansas City", "city:Kansas City"),
    ("st louis", "city:St. Louis"),
    ("washington dc", "state:DC"),
    ("West Virginia", "state:WV"),
    ("east coast or new england", "region:east coast region:new england"),
    ("the tri-state area, maybe midwest", "region:tri-state region:midwest"),
    ("somewhere in Mobile, AL", "city:Mobile state:AL"),
    # institutions
    ("does yale take IMGs", "institution:Yale School of Medicine"),
    ("mount sinai medical center", "institution:Mount Sinai Medical Center (Miami Beach)"),
    ("mount sinai", "institution:Icahn School of Medicine at Mount Sinai"),
    (
        "does Rochester take graduates",
        "institution:University of Rochester School of Medicine and Dentistry career_stage:graduate",
    ),
    ("housing in Rochester", "city:Rochester"),
    ("Brigham and Women\u2019s Hospital", "institution:Brigham and Women's Hospital"),
    ("is AMO legit", "institution:AMOpportunities (AMO)"),
    ("md anderson", "institution:University of Texas MD Anderson Cancer Center"),
    # rotation types and routes
    ("sub-I or acting internship", "rotation_type:sub_internship rotation_type:sub_internship"),
    ("any obsies?", "rotation_type:observership"),
    ("is a tele-rotation hands on", "rotation_type:telehealth rotation_type:hands_on"),
    ("direct patient contact", "rotation_type:hands_on"),
    ("can I apply directly or through an agency", "route:direct route:third_party"),
    ("is VSLO open", "route:vslo"),
    # exams
    ("passed step one, CK in may", "exam:step1 exam:step2ck"),
    ("S1 done, usmle step 2 ck soon", "exam:step1 exam:step2ck"),
    ("OET or an english test", "exam:oet exam:english_test"),
    # career stage and year of graduation
    ("I'm a final year medical student", "career_stage:student"),
    ("MS4 here", "career_stage:student"),
    ("5th of 6 years", "career_stage:student"),
    ("I'm in 4th year of med school", "career_stage:student"),
    ("I have not graduated yet", "career_stage:student"),
    ("I haven't graduated", "career_stage:student"),
    ("will graduate in 2027", "career_stage:student graduation_year:2027"),
    ("I graduated in 2019", "career_stage:graduate graduation_year:2019"),
    ("YOG 2016", "graduation_year:2016"),
    ("class of 2020", "graduation_year:2020"),
    ("2019 grad", "graduation_year:2019 career_stage:graduate"),
    ("I am already a doctor", "career_stage:graduate"),
    ("house job done", "career_stage:graduate"),
    ("old grad", "career_stage:graduate"),
    # visas
    ("I don't have a visa", "visa_status:needs"),
    ("no visa yet", "visa_status:needs"),
    ("I will need a visa", "visa_status:needs"),
    ("I already have a B1/B2", "visa_status:has"),
    ("have a valid US tourist visa", "visa_status:has"),
    ("my visa is approved", "visa_status:has"),
    ("can I use ESTA", "visa_status:exempt"),
    ("green card holder", "visa_status:resident"),
    ("I don't need a visa", "visa_status:exempt"),
]

TRAPS = [
    "do I need a visa?",
    "which visa do I need",
    "do I have to get a visa",
    "how long does the visa interview take",
    "the state of my application",
    "is there a test",
    "ok thanks, hi, tell me or help me in this",
    "OK, thank you",
    "HI, can you help me",
    "I have an MD degree",
    "IS IT OK OR NOT, TELL ME",
    "im new here",
    "send it to my mobile phone",
    "what are the stages",
    "who pays",
    "my medicine teacher",
    "can you direct me to the form",
    "in 2019 I was ill",
    "",
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    institutions = [Term("institution", value, text) for value, texts in INSTITUTIONS.items() for text in texts]
    return Reader(Language.of(DATA), institutions, real=real_words())


def features(reader: Reader, text: str) -> list[tuple[str, str, str]]:
    """Kind, value and typed words of what the classifier learns from; the other kinds have tests of their own."""
    found = (item for item in reader.read(text)["entities"] if item["entity"] in ORDER and item["value"] != "usmle")
    return [(item["entity"], item["value"], text[item["start"] : item["end"]]) for item in found]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_finds_what_is_named(reader: Reader, text: str, expected: str) -> None:
    assert " ".join(f"{kind}:{value}" for kind, value, _typed in features(reader, text)) == expected.strip()


@pytest.mark.parametrize("text", TRAPS)
def test_finds_nothing_where_nothing_is_named(reader: Reader, text: str) -> None:
    assert features(reader, text) == []


def test_spans_point_into_the_text_as_typed(reader: Reader) -> None:
    text = "Olá, cardiolgy in Texas"
    assert [typed for _kind, _value, typed in features(reader, text)] == ["cardiolgy", "Texas"]


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EntityRules:
    """The component with a `var` of its own."""
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    return component(tmp_path, Language.of(DATA))


def component(folder: Path, language: Language) -> EntityRules:
    folder.mkdir(exist_ok=True)
    return EntityRules(LocalModelStorage.create(folder), Resource("rules"), language)


def test_component_reads_a_changed_gazetteer_without_training(rules: EntityRules, tmp_path: Path) -> None:
    assert _institutions(rules, "is Zorgon Clinic good") == []
    row = {"kind": "institution", "value": "Zorgon Clinic", "terms": ["Zorgon Clinic"]}
    (tmp_path / "gazetteer.jsonl").write_text(json.dumps(row) + "\n", encoding="utf8")
    assert _institutions(rules, "is Zorgon Clinic good") == ["Zorgon Clinic"]


def test_component_leaves_buttons_alone(rules: EntityRules) -> None:
    message = Message({"text": '/search_programs{"state": "TX"}'})
    rules.process([message])
    assert message.get("entities") is None


def test_the_component_puts_the_frame_into_the_parse_data(rules: EntityRules) -> None:
    message = Message({"text": "no thanks, 4 weeks in Texas"})
    rules.process([message])
    assert [(item["entity"], item["extractor"], item["whose"]) for item in message.get("entities")] == [
        ("state", "EntityRules", "self")
    ]
    assert [item["dim"] for item in message.get("dimensions")] == ["duration"]
    assert {item["act"] for item in message.get("acts")} >= {"thanks"}


def test_a_model_keeps_the_words_that_it_was_trained_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    own = Language.of(DATA)
    own = replace(own, lexicon=own.lexicon.replace("specialty:\n", 'specialty:\n  zorgonology: ["zorgs"]\n', 1))
    trained = component(tmp_path, own)
    resource = trained.train(TrainingData())
    loaded = EntityRules.load({}, trained._model_storage, resource, ExecutionContext(GraphSchema({})))
    message = Message({"text": "find zorgs"})
    loaded.process([message])
    assert [(item["entity"], item["value"]) for item in message.get("entities")] == [("specialty", "zorgonology")]


def test_a_training_shows_the_classifier_what_sentences_name() -> None:
    config = yaml.safe_load((DATA.parent / "config.yml").read_text(encoding="utf8"))
    nodes = DefaultV1Recipe().graph_config_for_recipe(config, {}).train_schema.nodes
    [classifier] = [node for name, node in nodes.items() if name.startswith("train_") and "Classifier" in name]
    needed, before = classifier.needs["training_data"], []
    while needed in nodes and "training_data" in nodes[needed].needs:
        before.append((nodes[needed].uses, nodes[needed].fn))
        needed = nodes[needed].needs["training_data"]
    assert (EntityRules, "process_training_data") in before


def test_sentences_are_read_once_until_words_or_names_change(
    rules: EntityRules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kinds(component: EntityRules) -> list[set[str]]:
        data = TrainingData([Message({"text": "find zorgs in Texas"}), Message({"text": "hello"})])
        return [example.get(KINDS) for example in component.process_training_data(data).training_examples]

    assert kinds(rules) == [{"state"}, set()]
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", lambda *_: pytest.fail("a sentence was read again"))
        assert kinds(rules) == [{"state"}, set()]
    own = Language.of(DATA)
    own = replace(own, lexicon=own.lexicon.replace("specialty:\n", 'specialty:\n  zorgonology: ["zorgs"]\n', 1))
    assert kinds(component(tmp_path / "other", own)) == [{"state", "specialty"}, set()]
    kinds_file().write_text("{half", encoding="utf8")
    assert kinds(rules) == [{"state"}, set()], "a spoilt file is no hindrance"


def _institutions(rules: EntityRules, text: str) -> list[str]:
    message = Message({"text": text})
    rules.process([message])
    return [entity["value"] for entity in message.get("entities") if entity["entity"] == "institution"]
