"""What is asked about a program, from the columns that the engine found, and for whom."""

from __future__ import annotations

import pytest

from bot.programs.aspects import answers
from bot.programs.catalog import Catalog
from bot.programs.inquiry import AskedAspects, read_question
from bot.reply.responses import Responses
from tests.unit.extractor import message


@pytest.mark.parametrize(
    ("text", "columns", "topics", "audience"),
    [
        ("tell me about Yale", (), (), ""),
        ("TOEFL and fee at Yale?", ("english", "fee"), ("english", "fee"), ""),
        ("the fee, I mean the price", ("fee", "fee"), ("fee",), ""),
        ("does Yale take graduates", ("acceptance",), ("audience",), "graduates"),
        ("does Yale take graduates", (), ("audience",), "graduates"),
        ("Yale for students", (), ("audience",), "students"),
        ("fee for graduates, and do they take them", ("fee", "acceptance"), ("audience", "fee"), "graduates"),
        ("which documents for students", ("documents",), ("documents",), "students"),
        ("does Yale take foreigners", ("acceptance",), ("acceptance",), ""),
        ("does Yale take US citizens", ("citizenship", "acceptance"), ("citizenship",), ""),
        ("do they want an ECFMG certificate", ("ecfmg", "certificate"), ("ecfmg",), ""),
        ("Step 1 and the ECFMG certificate?", ("ecfmg", "step1"), ("step1", "ecfmg"), ""),
    ],
)
def test_who_may_come_is_answered_for_the_stage_that_is_asked_for(
    text: str, columns: tuple[str, ...], topics: tuple[str, ...], audience: str
) -> None:
    asked = read_question(message(text, "ask_program"), columns)
    assert (asked.topics, asked.audience) == (topics, audience)


@pytest.mark.parametrize(
    ("slug", "topic", "answer"),
    [
        ("baylor-college-of-medicine-observer", "certificate", "Yes, a certificate is given."),
        ("texas-childrens-international-visiting-observers", "certificate", "No, it gives no certificate."),
        ("uab-international-visiting-medical-students", "housing", "Yes. Housing: included."),
        ("my-clinical-journey-rotations", "housing", "No. Housing: not included."),
        ("uw-pathology-global-observership", "stipend", "Yes. Stipend: up to USD 2,500 toward housing"),
        ("johns-hopkins-medicine-observership", "schedule", "Working hours: at most 100 hours in twelve months."),
        ("griffin-hospital-clinical-observership", "certificate", "ECFMG certificate: required."),
        ("vanderbilt-observational-experience", "duration", "Length: at most 8 hours in a calendar year."),
        ("griffin-hospital-clinical-observership", "ecfmg", "Yes. ECFMG certificate: required."),
        ("hurley-med-peds-observership", "graduated", "Yes. Graduation: within the last 5 years."),
        ("yale-international-electives", "citizenship", "No. Citizenship: no US citizens or permanent residents."),
        ("ut-southwestern-international-visiting", "citizenship", "Yes. Citizenship: any, US citizens"),
        ("johns-hopkins-bayview-hospital-medicine-observership", "residency", "Yes. Residency applicants: taken."),
        ("griffin-hospital-clinical-observership", "residency", "Residency applicants: not stated on its page"),
        ("hss-academic-visitor-program", "decided_by", "Who must agree: an HSS host, whom the visitor finds first."),
        (
            "yale-international-electives",
            "acceptance",
            "Yes, it takes international students. Its conditions: Citizenship: no US citizens or permanent residents.",
        ),
        (
            "saint-peters-bedside-integrated-observership",
            "acceptance",
            "Yes, it takes international graduates. Its conditions: Graduation: within the last 5 years.",
        ),
    ],
)
def test_what_people_ask_is_answered_from_its_column(
    slug: str, topic: str, answer: str, catalog: Catalog, responses: Responses
) -> None:
    (said,) = answers((catalog.by_slug[slug],), AskedAspects((topic,), is_yes_no=True), say=responses.text)
    assert said.startswith(answer)


@pytest.mark.parametrize(
    ("slug", "topic", "answer"),
    [
        ("boston-university-isep", "insurance", "Insurance: yes, its page lists"),
        ("asa-global-scholars", "cv", "CV: yes, its page lists"),
        ("asa-global-scholars", "passport", "Passport: not among what its page lists (CV, personal statement"),
        ("boston-university-isep", "year", "From its page: Tuition of 3,000 USD per elective is due"),
        ("aapi-clinical-observership", "vaccines", "Vaccines and tests: not stated on its page"),
    ],
)
def test_a_paper_is_on_the_list_of_a_page_or_not(
    slug: str, topic: str, answer: str, catalog: Catalog, responses: Responses
) -> None:
    (said,) = answers((catalog.by_slug[slug],), AskedAspects((topic,), is_yes_no=True), say=responses.text)
    assert said.startswith(answer)


@pytest.mark.parametrize(
    ("slug", "text", "answer"),
    [
        (
            "boston-childrens-international-observership",
            "do they have cardiology there",
            "Yes, its list has cardiology.",
        ),
        ("columbia-neurology-clinical-observership", "is there surgery", "No, its list does not have surgery."),
        ("aapi-clinical-observership", "do they offer urology", "I can't say if urology is open"),
    ],
)
def test_a_specialty_is_on_the_list_of_a_page_or_not(
    slug: str, text: str, answer: str, catalog: Catalog, responses: Responses
) -> None:
    asked = read_question(message(text, "ask_program"), ("specialties",))
    (said,) = answers((catalog.by_slug[slug],), asked, say=responses.text)
    assert said.startswith(answer)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("do they sponsor a J-1", "Its page does not name J-1. Visa: B-1/B-2."), ("would a B1 do", "Visa: B-1/B-2.")],
)
def test_a_visa_that_the_page_does_not_name_is_said_to_be_missing(
    text: str, answer: str, catalog: Catalog, responses: Responses
) -> None:
    asked = read_question(message(text, "ask_program"), ("visa",))
    (said,) = answers((catalog.by_slug["ace-md-rotations"],), asked, say=responses.text)
    assert said.startswith(answer)


def test_which_of_several_have_a_specialty_is_answered_by_name(catalog: Catalog, responses: Responses) -> None:
    shown = [
        catalog.by_slug[name] for name in ("bidmc-cardiology-observership", "columbia-neurology-clinical-observership")
    ]
    asked = read_question(message("which of them have cardiology", "ask_program"), ("specialties",))
    (said,) = answers(shown, asked, say=responses.text, named={item.slug: item.institution for item in shown})
    yes, no = said.split("\n")
    assert shown[0].institution in yes
    assert "Yes" in yes
    assert shown[1].institution in no
    assert "No" in no
