"""Which of several programs is a yes, a no, for some only, or silent."""

from __future__ import annotations

from typing import Any

import pytest

from bot.programs.inquiry import AskedAspects
from bot.programs.program import Program
from bot.programs.verdicts import Verdict, by_name, judged
from bot.reply.responses import Responses

FREE = AskedAspects(("fee",), is_free=True)
WITHOUT_STEP1 = AskedAspects(("step1",), denied=frozenset({"step1"}))


def program(**values: Any) -> Program:
    return Program("a", "A", "P", "hospital", **values)


@pytest.mark.parametrize(
    ("asked", "values", "verdict"),
    [
        (AskedAspects(("acceptance",)), {"accepts_international": "yes"}, Verdict.YES),
        (AskedAspects(("acceptance",)), {"accepts_international": "restricted"}, Verdict.SOME),
        (AskedAspects(("acceptance",)), {"accepts_international": "no"}, Verdict.NO),
        (AskedAspects(("acceptance",)), {}, Verdict.SILENT),
        (AskedAspects(("audience",), "students"), {"audience": ("graduates",)}, Verdict.NO),
        (AskedAspects(("audience",), "students"), {"accepts_international": "yes"}, Verdict.SILENT),
        (AskedAspects(("step1",)), {"step1": "required"}, Verdict.YES),
        (AskedAspects(("step1",)), {"step1": "recommended"}, Verdict.NO),
        (WITHOUT_STEP1, {"step1": "recommended"}, Verdict.YES),
        (WITHOUT_STEP1, {"step1": "required"}, Verdict.NO),
        (WITHOUT_STEP1, {}, Verdict.SILENT),
        (WITHOUT_STEP1, {"step1": "not_required", "accepts_international": "no"}, Verdict.NO),
        (AskedAspects(("lor",)), {"lor": "case_by_case"}, Verdict.SOME),
        (AskedAspects(("hands_on",)), {"rotation_types": ("observership",)}, Verdict.NO),
        (AskedAspects(("hands_on",)), {"rotation_types": ("elective",)}, Verdict.SILENT),
        (FREE, {"fee_period": "free"}, Verdict.YES),
        (FREE, {"fee_usd_min": 5.0, "fee_period": "one_time"}, Verdict.NO),
        (AskedAspects(("lor", "hands_on")), {"lor": "yes", "hands_on": "no"}, Verdict.NO),
        (AskedAspects(("certificate",)), {"certificate": "yes"}, Verdict.YES),
        (AskedAspects(("housing",)), {"housing": "none"}, Verdict.NO),
        (AskedAspects(("stipend",)), {"stipend": "USD 2,000"}, Verdict.YES),
        (AskedAspects(("stipend",)), {}, Verdict.SILENT),
        (AskedAspects(("ecfmg",)), {"ecfmg": "required"}, Verdict.YES),
        (AskedAspects(("ecfmg",)), {"ecfmg": "recommended"}, Verdict.NO),
        (AskedAspects(("citizenship",)), {"citizenship": "no_visa"}, Verdict.YES),
        (AskedAspects(("citizenship",)), {"citizenship": "not_us"}, Verdict.NO),
        (AskedAspects(("residency",)), {"residency_applicants": "no"}, Verdict.NO),
        (AskedAspects(("agreement",)), {"home_agreement": "required"}, Verdict.YES),
        (AskedAspects(("agreement",)), {}, Verdict.SILENT),
        (AskedAspects(("duration",)), {"duration_weeks_min": 4.0}, None),
        (AskedAspects(()), {}, None),
    ],
)
def test_a_program_has_a_verdict(asked: AskedAspects, values: dict[str, Any], verdict: Verdict | None) -> None:
    assert judged(program(**values), asked) is verdict


def test_the_names_stand_behind_their_verdict_a_yes_first(responses: Responses) -> None:
    programs = [
        Program(slug, slug.upper(), "P", "hospital", step1=level)
        for slug, level in [("a", "required"), ("b", ""), ("c", "not_required"), ("d", "not_required")]
    ]
    names = {item.slug: item.institution for item in programs}
    (text,) = by_name(programs, WITHOUT_STEP1, names=names, say=responses.text)
    assert text == "- **Yes**, without Step 1: C; D.\n- **No**: A.\n- **Not stated**: B; ask them."
