"""What a person says about themselves is remembered; what they ask about others is not."""

import pytest

from bot.dialogue.profile import Profile, asked_stage, learn
from bot.nlu.message import Entity, Message

TERMS = {
    "career_stage": {
        "student": "student",
        "students": "student",
        "graduate": "graduate",
        "graduates": "graduate",
        "final year": "student",
        "img": "graduate",
        "imgs": "graduate",
    },
    "exam": {"step 1": "step1", "step 2 ck": "step2ck", "toefl": "toefl"},
    "visa_status": {"no visa": "needs", "b1/b2 visa": "has"},
    "route": {"through a company": "third_party", "direct": "direct"},
}


def heard(text: str, intent: str = "inform") -> Message:
    """A message with the entities of a tiny word list, at their real places, longest first."""
    found: list[Entity] = []
    for kind, terms in TERMS.items():
        for term in sorted(terms, key=len, reverse=True):
            start = text.lower().find(term)
            if start >= 0 and not any(e.start <= start < e.end for e in found):
                end = start + len(term)
                found.append(Entity(kind, terms[term], text[start:end], start, end))
    return Message(text, intent, 0.9, tuple(sorted(found, key=lambda entity: entity.start)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm a graduate", {"career_stage": "graduate"}),
        ("no sorry, I'm a graduate", {"career_stage": "graduate"}),
        ("I am not a student, I am a graduate", {"career_stage": "graduate"}),
        ("not a graduate yet", {}),
        ("student", {"career_stage": "student"}),
        ("final year in Jordan", {"career_stage": "student"}),
        ("and for graduates?", {}),
        ("can students do that?", {}),
        ("are IMGs allowed?", {}),
        ("I passed step 1", {"step1": "passed"}),
        ("step 1 done", {"step1": "passed"}),
        ("I haven't taken step 1", {"step1": "not_taken"}),
        ("do I need step 1?", {}),
        ("programs without step 1", {}),
        ("which schools take me without toefl?", {}),
        ("I have no visa", {"visa_status": "needs"}),
        ("I already have a B1/B2 visa", {"visa_status": "has"}),
        ("through a company", {"route": "third_party"}),
        ("direct or through a company", {}),
        ("is it better to go through a company?", {}),
        ("what if somebody has no visa?", {}),
        ("I have no visa, what now?", {"visa_status": "needs"}),
        ("I'm not applying soon, just curious", {"goal": "explore"}),
        ("ok changed my mind, match 2028", {"goal": "residency"}),
    ],
)
def test_facts_about_oneself_are_learned_and_questions_are_not(text: str, expected: dict[str, str]) -> None:
    assert Profile().changes(learn(Profile(), heard(text))) == expected


def test_a_correction_replaces_what_was_known() -> None:
    before = Profile(career_stage="student", states=("TX",))
    assert learn(before, heard("actually I'm a graduate")) == Profile(career_stage="graduate", states=("TX",))


@pytest.mark.parametrize(
    ("text", "stage"),
    [("and for graduates?", "graduate"), ("students or graduates?", None), ("not for students", None), ("hello", None)],
)
def test_the_stage_that_a_question_is_about(text: str, stage: str | None) -> None:
    assert asked_stage(heard(text)) == stage


def test_a_profile_survives_rasas_slots() -> None:
    profile = Profile(career_stage="student", states=("TX", "NY"), weeks=8)
    assert Profile.from_slots(profile.to_slots() | {"task": "search"}) == profile


@pytest.mark.parametrize(("value", "expected"), [("explore", {"goal": "explore"}), ("match", {})])
def test_a_button_tells_the_goal(value: str, expected: dict[str, str]) -> None:
    pressed = Message("/faq_x", "faq_x", 1.0, (Entity("goal", value),), is_button=True)
    assert Profile().changes(learn(Profile(), pressed)) == expected
