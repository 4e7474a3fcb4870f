"""Institutions by name, short form, alias and typing slip; an unknown name stays unknown."""

from __future__ import annotations

import pytest

from bot.db.base import Database
from bot.programs import service
from bot.programs.institutions import Directory, NamedInstitution, named_unknown, short_names


@pytest.fixture(scope="module")
def directory(seeded: Database) -> Directory:
    with seeded.unit() as session:
        return service.directory(session)


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
    ],
)
def test_an_institution_is_found(text: str, first: str, directory: Directory) -> None:
    assert directory.find(text)[0].institutions[0] == first


def test_several_institutions_are_found_in_their_order(directory: Directory) -> None:
    found = directory.find("compare Yale with Tufts and Emory")
    assert [item.called for item in found] == ["yale", "tufts", "emory"]


@pytest.mark.parametrize(
    "text", ["Hogwarts Hospital", "university hospital", "programs in Texas", "", "the medical center"]
)
def test_an_unknown_or_generic_name_is_not_guessed(text: str, directory: Directory) -> None:
    assert directory.find(text)[0].institutions == ()


def test_the_closest_names_are_offered(directory: Directory) -> None:
    assert "University of Cincinnati College of Medicine" in directory.find("Cincinnati")[0].closest


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("does Springfield General Hospital take IMGs", "Springfield General Hospital"),
        ("what about Hogwarts?", "Hogwarts"),
        ("how much is it", ""),
        ("Does it need TOEFL", ""),
    ],
)
def test_a_name_is_recognized_as_one(text: str, name: str) -> None:
    assert named_unknown(text) == name


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
    terms = [str(term).lower() for entry in entries for term in entry["terms"]]  # type: ignore[attr-defined]
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
