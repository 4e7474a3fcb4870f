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
