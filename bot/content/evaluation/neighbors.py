"""Which other intent's answer also answers a question of a topic, and why: counted apart, never as right.

A pair stands here only because the neighbor's answer, as it is written today, holds what was asked. Topics that are
merely alike are left out: the list of documents does not say whether somebody will look them over.
"""

from __future__ import annotations

NEIGHBORS: dict[str, dict[str, str]] = {
    "cost": {"estimate_cost": "starts with the usual prices, then asks for the details"},
    "cost_estimate": {"faq_cost": "gives the usual range for four weeks"},
    "eligibility": {"faq_usmle_needed": "who may come without an exam is what the question often asks"},
    "graduate_no_electives": {
        "faq_observership": "says whom it suits (graduates without electives) and what it is worth for residency",
        "recommend_rotation": "asks for the goal and names the type to choose",
    },
    "hands_on": {"faq_rotation_types": "says which types are hands-on and for whom"},
    "observership": {
        "faq_graduate_no_electives": "says when an observership is enough and when it is not",
        "faq_rotation_types": "says what an observership is and for whom",
    },
    "recommend_type": {
        "faq_graduate_no_electives": "says what to choose by goal",
        "faq_rotation_types": "says for whom each type is best",
    },
    "timeline": {"faq_when_to_apply": "gives the lead times from which a date follows"},
    "usmle_needed": {"faq_eligibility": "says for students and for graduates whether the exams are asked for"},
    "when_to_apply": {"plan_timeline": "answers with the dates themselves"},
}
