"""Institutions by name, short form, alias and typing slip; an unknown name stays unknown."""

from __future__ import annotations

import pytest

from bot.db.base import Database
from bot.programs import service
from bot.programs.institutions import Directory, NamedInstitution, short_names
from tests.unit.extractor import message


@pytest.fixture(scope="module")
def directory(seeded: Database) -> Directory:
    with seeded.unit() as session:
        return service.directory(session)


DEPARTMENTS = [
    ("Columbia", "Columbia University Department of Neurology"),
    ("NYU", "NYU Langone Health, Department of Otolaryngology - Head and Neck Surgery"),
    ("UPenn", "University of Pennsylvania, Department of Radiology"),
    ("Hopkins", "Johns Hopkins Medicine, Department of Volunteer Services"),
    ("UCLA", "UCLA Stein Eye Institute"),
    ("Einstein College of Medicine", "Montefiore Einstein, Department of Anesthesiology"),
    ("UMMC", "University of Maryland Medical Center"),
    ("ACR", "American College of Rheumatology"),
]


def named(text: str, directory: Directory) -> list[tuple[str, ...]]:
    """The institutions that each name in a text stands for."""
    frame = message(text, "ask_program", names=directory.gazetteer()).frame
    return [directory.named(item) for item in frame.named("institution")]


def unknown(text: str) -> list[str]:
    """What looks like a name and is in no list."""
    return [item.text for item in message(text, "ask_program").frame.named("unknown_name")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("is UCSF open to me", "University of California, San Francisco School of Medicine"),
        ("tell me about WashU", "Washington University School of Medicine in St. Louis"),
        ("MSK observership", "Memorial Sloan Kettering Cancer Center"),
        ("hopkins fees", "Johns Hopkins University School of Medicine"),
        ("Mayo deadlines", "Mayo Clinic Alix School of Medicine"),
        ("UIC toefl", "University of Illinois College of Medicine at Chicago"),
        ("NIH electives", "National Institutes of Health Clinical Center"),
        ("can I go to MGH", "Massachusetts General Hospital"),
        ("cleavland clinic please", "Cleveland Clinic"),
        ("vandrbilt university school of medicine", "Vanderbilt University School of Medicine"),
        ("Emory University letters", "Emory University School of Medicine"),
        ("mount sinai miami", "Mount Sinai Medical Center (Miami Beach)"),
        ("saint jude housing", "St. Jude Children's Research Hospital"),
        ("childrens hospital of philadelphia", "Children's Hospital of Philadelphia"),
        ("does penn take graduates", "Perelman School of Medicine at the University of Pennsylvania"),
        ("apply to Columbia", "Columbia University Vagelos College of Physicians and Surgeons"),
        ("observership at stanford", "Stanford University School of Medicine"),
        ("hershey housing", "Penn State Milton S. Hershey Medical Center"),
        ("DMC electives", "Detroit Medical Center"),
        ("dana farber fees", "Dana-Farber/Boston Children's Cancer and Blood Disorders Center"),
        ("BIDMC", "Beth Israel Deaconess Medical Center, Cardiology"),
        ("hennepin county medical center", "Hennepin Healthcare"),
        ("uconn for img students", "University of Connecticut School of Medicine"),
        ("is loma linda open", "Loma Linda University School of Medicine"),
        ("st barnabas bronx", "SBH Health System (St. Barnabas Hospital), Emergency Medicine"),
        ("harbor ucla sub-i", "Harbor-UCLA Medical Center, Department of Medicine"),
        ("the ASCO grant", "American Society of Clinical Oncology / Conquer Cancer"),
        ("american academy of orthopedic surgeons", "American Academy of Orthopaedic Surgeons"),
        ("DOES NYU TAKE GRADUATES", "NYU Grossman School of Medicine"),
        ("American Rotation prices", "American Rotation"),
        ("american rotation or AMO", "American Rotation"),
    ],
)
def test_an_institution_is_found(text: str, first: str, directory: Directory) -> None:
    assert named(text, directory)[0][0] == first


def test_several_institutions_are_found_in_their_order(directory: Directory) -> None:
    found = named("compare Yale with Tufts and Emory", directory)
    assert [names[0].split()[0] for names in found] == ["Yale", "Tufts", "Emory"]


@pytest.mark.parametrize(("name", "department"), DEPARTMENTS)
def test_the_name_of_a_university_shows_its_departments_too(name: str, department: str, directory: Directory) -> None:
    assert department in directory.family(name)


@pytest.mark.parametrize(
    "text",
    [
        "Hogwarts Hospital",
        "university hospital",
        "programs in Texas",
        "",
        "the medical center",
        "american rotations",
        "how does American rotation work",
        "american hospital",
        "a medical student rotation in Ohio",
        "three letters from US doctors",
        "apply VIA VSLO",
        "PLEASE SIR HELP",
        "hospitals in Columbia",
        "Columbia, Missouri",
        "University of British Columbia",
        "I live in HCMC",
        "I was reading hospital pages",
        "path elective",
    ],
)
def test_an_unknown_or_generic_name_is_not_guessed(text: str, directory: Directory) -> None:
    assert named(text, directory) == []


def test_the_closest_names_are_offered(directory: Directory) -> None:
    assert "University of Cincinnati College of Medicine" in directory.closest("Cincinnati")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("does Springfield General Hospital take IMGs", ["Springfield General Hospital"]),
        ("what about Hogwarts?", ["Hogwarts"]),
        ("does hogwarts take graduates", ["hogwarts"]),
        ("Tell me about Sisters of Narnia and Gondor", ["Narnia", "Gondor"]),
        ("does the hogwarts clinic need toefl", ["hogwarts clinic"]),
        ("how much is it", []),
        ("Does it need TOEFL", []),
        ("Which university hospitals in March, please", []),
        ("do programs need a cardiology clinic", []),
    ],
)
def test_a_name_is_recognized_as_one(text: str, names: list[str]) -> None:
    assert unknown(text) == names


@pytest.mark.parametrize(
    ("official", "has", "has_not"),
    [
        ("Emory University School of Medicine", "Emory University", "Emory"),
        ("University of Iowa Carver College of Medicine", "University of Iowa Carver", "Iowa"),
        ("Texas Children's Hospital", "Texas Children's Hospital", "Texas"),
        ("The MetroHealth System", "MetroHealth System", "System"),
        ("University of Pittsburgh Medical Center (UPMC)", "UPMC", "Medical Center"),
    ],
)
def test_short_names_are_distinctive(official: str, has: str, has_not: str) -> None:
    assert has in short_names(official)
    assert has_not not in short_names(official)


def test_the_gazetteer_gives_each_name_to_one_institution(directory: Directory) -> None:
    entries = directory.gazetteer()
    owners = {(str(term).lower(), entry["value"]) for entry in entries for term in entry["terms"]}  # type: ignore[attr-defined]
    terms = [term for term, _ in owners]
    assert len(terms) == len(set(terms))
    assert len(entries) == len(directory.institutions)
    generic = {
        "university hospital",
        "hospital",
        "texas",
        "medical center",
        "school of medicine",
        "children's hospital",
    }
    assert generic.isdisjoint(terms)


def test_a_name_that_stands_for_several_means_the_first_ranked() -> None:
    shared = Directory(
        (NamedInstitution("B Hospital", (("Beth", 1),)), NamedInstitution("A Clinic of Beth", (("Beth", 0),)))
    )
    assert shared.family("beth") == ("A Clinic of Beth", "B Hospital")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grivvin", ("Grivvin Hospital",)),
        ("the Grivvin clinic", ("Grivvin Hospital",)),
        ("Grivvin Memorial", ("Grivvin Memorial Hospital",)),
        ("Hospital", ()),
        ("Nowhere", ()),
    ],
)
def test_an_institution_may_be_called_by_its_own_words(name: str, expected: tuple[str, ...]) -> None:
    houses = Directory((NamedInstitution("Grivvin Hospital"), NamedInstitution("Grivvin Memorial Hospital")))
    assert houses.called(name) == expected
