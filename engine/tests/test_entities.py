"""What the rules find in a sentence, misspellings and traps included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message
from rotation_engine.encoder import real_words
from rotation_engine.entities import EntityRules
from rotation_engine.places import DATA
from rotation_engine.understanding.names import ORDER
from rotation_engine.understanding.reader import Reader
from rotation_engine.understanding.terms import Term

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
    ("green card holder", "visa_status:exempt"),
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
    return Reader(DATA, institutions, real=real_words())


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


def test_component_reads_a_changed_gazetteer_without_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    rules = EntityRules()
    assert _institutions(rules, "is Zorgon Clinic good") == []
    row = {"kind": "institution", "value": "Zorgon Clinic", "terms": ["Zorgon Clinic"]}
    (tmp_path / "gazetteer.jsonl").write_text(json.dumps(row) + "\n", encoding="utf8")
    assert _institutions(rules, "is Zorgon Clinic good") == ["Zorgon Clinic"]


def test_component_leaves_buttons_alone() -> None:
    message = Message({"text": '/search_programs{"state": "TX"}'})
    EntityRules().process([message])
    assert message.get("entities") is None


def _institutions(rules: EntityRules, text: str) -> list[str]:
    message = Message({"text": text})
    rules.process([message])
    return [entity["value"] for entity in message.get("entities") if entity["entity"] == "institution"]
