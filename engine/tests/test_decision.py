"""Answer, refuse, or ask which: what becomes of a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rotation_engine.classifier import selection
from rotation_engine.decision import IntentDecision, asked_beside_the_name, without_frame

YALE, AMO = "Yale School of Medicine", "AMOpportunities (AMO)"
NO_SHARES: Mapping[str, float] = MappingProxyType({})


def decided(*ranking: tuple[str, float], parts: tuple[tuple[str, float], ...] = (), text: str = "some text") -> Message:
    return heard(ranking, parts=[part(name, sure) for name, sure in parts], text=text)


def heard(
    ranking: Sequence[tuple[str, float]],
    *,
    parts: Sequence[dict[str, Any]] = (),
    finer: Sequence[dict[str, Any]] = (),
    coordinated: Sequence[dict[str, Any]] = (),
    institution: str = "",
    shares: Mapping[str, float] = NO_SHARES,
    acts: Sequence[str] = (),
    text: str = "some text",
) -> Message:
    """What is decided of a message, its parts, the institution that it names, and the shares of its aspects."""
    message = Message({"text": text})
    if ranking:
        message.set("intent", rows(ranking)[0])
        message.set("intent_ranking", rows(ranking))
    if institution:
        message.set("entities", [{"entity": "institution", "value": institution}])
    message.set("acts", [{"act": name} for name in acts])
    message.set("response_selector", selected(shares))
    message.set("part_intents", list(parts))
    message.set("finer_intents", list(finer))
    message.set("coordinated_intents", list(coordinated))
    IntentDecision({**IntentDecision.get_default_config(), "provider": AMO}).process([message])
    return message


def part(aspect: str, sure: float, *, asks: bool = True, points: bool = False, **columns: float) -> dict[str, Any]:
    """A part as the classifier gives it; `columns` are the shares of what it would ask of a program."""
    intent = aspect.partition("/")[0]
    shares = {aspect: 1.0} if "/" in aspect else {}
    shares |= {f"ask_program/{column}": share for column, share in columns.items()}
    return {
        "text": aspect,
        "intent": intent,
        "confidence": sure,
        "asks": asks,
        "points": points,
        **({"aspect": aspect} if "/" in aspect else {}),
        "intent_ranking": rows([(intent, sure)]),
        "response_selector": selected(shares),
    }


def rows(ranking: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": confidence} for name, confidence in ranking]


def selected(shares: Mapping[str, float]) -> dict[str, Any]:
    """Aspects with their shares, best first, by their intents."""
    found: dict[str, list[dict[str, Any]]] = {}
    for aspect, share in shares.items():
        row = {"intent_response_key": aspect, "confidence": share}
        found.setdefault(aspect.partition("/")[0], []).append(row)
    return {intent: selection(aspects) for intent, aspects in found.items()}


def asked(message: Message) -> list[str]:
    """What is asked of a program."""
    return [row["intent_response_key"] for row in message.get("response_selector")["ask_program"]["ranking"]]


def names(message: Message) -> list[str]:
    return [row["name"] for row in message.get("intent_ranking")]


def test_a_sure_intent_stays() -> None:
    message = decided(("faq_cost", 0.9), ("faq_visa", 0.1))
    assert (message.get("intent")["name"], message.get("ambiguous")) == ("faq_cost", None)


def test_an_unsure_intent_becomes_fallback_and_keeps_its_ranking() -> None:
    message = decided(("faq_cost", 0.2), ("faq_visa", 0.1))
    assert message.get("intent")["name"] == "nlu_fallback"
    assert names(message) == ["nlu_fallback", "faq_cost", "faq_visa"]


def test_two_close_intents_are_both_offered() -> None:
    assert decided(("faq_cost", 0.40), ("faq_visa", 0.38)).get("ambiguous") == ["faq_cost", "faq_visa"]


@pytest.mark.parametrize("pair", [("out_of_scope", "faq_cost"), ("faq_cost", "out_of_scope")])
def test_a_refusal_is_never_offered_as_a_choice(pair: tuple[str, str]) -> None:
    assert decided((pair[0], 0.40), (pair[1], 0.38)).get("ambiguous") is None


def test_several_questions_are_carried_in_the_output() -> None:
    message = decided(("faq_cost", 0.2), parts=(("faq_cost", 0.9), ("faq_visa", 0.8)))
    output: dict[str, Any] = message.as_dict(only_output_properties=True)
    assert [question["intent"] for question in output["questions"]] == ["faq_cost", "faq_visa"]


def test_an_empty_message_falls_back() -> None:
    assert decided(text=" ").get("intent")["name"] == "nlu_fallback"


def test_a_button_is_left_to_rasa() -> None:
    assert decided(text="/faq_cost").get("intent") is None


@pytest.mark.parametrize("text", ["😀🏥", "هل أحتاج إلى تأشيرة؟", "谢谢", "...", "!?"])
def test_what_the_encoder_cannot_read_is_never_taken_for_an_intent(text: str) -> None:
    assert names(decided(("goodbye", 0.9), ("affirm", 0.05), text=text)) == ["nlu_fallback"]


@pytest.mark.parametrize("text", ["thanks 😀", "¿Cuánto cuesta el estágio?", "4", "Müller, São Paulo"])
def test_latin_letters_and_digits_are_read(text: str) -> None:
    assert names(decided(("thank", 0.9), ("affirm", 0.05), text=text))[0] == "thank"


@pytest.mark.parametrize(
    ("intent", "institution", "expected"),
    [
        ("faq_english_test", YALE, "ask_program"),
        ("faq_english_test", AMO, "faq_english_test"),
        ("faq_amo", YALE, "faq_amo"),
        ("compare_programs", YALE, "compare_programs"),
    ],
)
def test_an_faq_question_about_a_named_institution_is_about_its_program(
    intent: str, institution: str, expected: str
) -> None:
    assert names(heard([(intent, 0.8), ("ask_program", 0.1)], institution=institution))[0] == expected


@pytest.mark.parametrize("ranking", [("out_of_scope", 0.4), ("introduce", 0.9), ("search_programs", 0.2)])
def test_an_institution_alone_is_asked_about_as_a_whole(ranking: tuple[str, float]) -> None:
    message = heard([ranking], institution=YALE, shares={"ask_program/schedule": 0.4, "ask_program/fee": 0.3})
    assert names(message)[0] == "ask_program"
    assert asked(message) == ["ask_program/general"]


@pytest.mark.parametrize(
    ("ranking", "shares", "expected"),
    [
        (("ask_program", 0.8), {"ask_program/fee": 0.5, "ask_program/application_fee": 0.4}, "ask_program/fee"),
        (("faq_visa", 0.8), {"faq_visa/sponsor": 0.9, "ask_program/visa": 0.9}, "ask_program/visa"),
        (("faq_cost", 0.8), {"faq_cost/refund": 0.9, "ask_program/fee": 0.6}, "faq_cost/refund"),
        (("faq_cost", 0.8), {}, "faq_cost"),
        (("faq_cost", 0.2), {"faq_cost/refund": 0.9, "ask_program/fee": 0.6}, "ask_program/general"),
    ],
)
def test_a_program_is_asked_its_own_aspect_where_that_is_clear_else_that_of_the_topic(
    ranking: tuple[str, float], shares: dict[str, float], expected: str
) -> None:
    assert asked(heard([ranking], institution=YALE, shares=shares)) == [expected]


def test_several_aspects_of_one_program_are_asked_in_the_order_of_the_message() -> None:
    parts = [
        part("greet", 0.9, general=0.9),
        part("compare_programs", 0.34, acceptance=0.99),
        part("faq_cost/school_fee", 0.9, fee=0.99),
        part("faq_lor_type/form", 0.9, lor=0.4),
        part("faq_cost", 0.9, fee=0.9),
        part("ask_program/general", 0.9, general=1.0),
    ]
    message = heard([("ask_program", 0.8)], institution=YALE, parts=parts, shares={"ask_program/acceptance": 0.9})
    assert asked(message) == ["ask_program/acceptance", "ask_program/fee", "faq_lor_type/form"]
    response = message.get("response_selector")["ask_program"]["response"]
    assert response["utter_action"] == "utter_ask_program/acceptance"
    assert message.get("questions") is None


def test_aspects_in_a_row_are_told_apart_by_the_finer_parts() -> None:
    finer = [part("faq_when_to_apply", 0.8, lead=1.0), part("ask_program", 0.7, duration=1.0)]
    unsure = [part("faq_cost", 0.55, fee=0.9)]
    message = heard([("ask_program", 0.8)], institution=YALE, finer=[*finer, *unsure], shares={"ask_program/lead": 0.9})
    assert asked(message) == ["ask_program/lead", "ask_program/duration"]


def test_a_program_that_is_not_named_is_asked_one_thing_too() -> None:
    shares = {"ask_program/housing": 0.9, "ask_program/general": 0.05}
    message = heard([("ask_program", 0.8), ("faq_cost", 0.1)], shares=shares)
    assert asked(message) == ["ask_program/housing"]


def test_finer_parts_are_questions_only_when_they_are_surer() -> None:
    ranking = [("faq_cost", 0.9)]
    sure = heard(ranking, finer=[part("faq_cost/deposit", 0.65), part("faq_visa/need_visa", 0.62)])
    assert [question["aspect"] for question in sure.get("questions")] == ["faq_cost/deposit", "faq_visa/need_visa"]
    unsure = heard(ranking, finer=[part("faq_cost/deposit", 0.9), part("faq_visa/need_visa", 0.55)])
    assert unsure.get("questions") is None


def test_parts_go_before_finer_parts() -> None:
    parts = [part("faq_cost/deposit", 0.7), part("faq_visa/need_visa", 0.7)]
    finer = [*parts, part("faq_lor_type/writer", 0.9)]
    questions = heard([("faq_cost", 0.9)], parts=parts, finer=finer).get("questions")
    assert [question["aspect"] for question in questions] == ["faq_cost/deposit", "faq_visa/need_visa"]


def test_two_aspects_of_one_topic_are_two_questions_and_one_aspect_twice_is_one() -> None:
    deposit, refund = part("faq_cost/deposit", 0.9), part("faq_cost/refund", 0.8)
    assert len(heard([("faq_cost", 0.9)], parts=[deposit, refund]).get("questions")) == 2
    assert heard([("faq_cost", 0.9)], parts=[deposit, part("faq_cost/deposit", 0.6)]).get("questions") is None


def test_questions_carry_what_the_application_reads_and_nothing_more() -> None:
    (first, _) = heard([("faq_cost", 0.9)], parts=[part("faq_cost/deposit", 0.9), part("faq_visa", 0.8)]).get(
        "questions"
    )
    assert first == {"text": "faq_cost/deposit", "intent": "faq_cost", "aspect": "faq_cost/deposit", "confidence": 0.9}


@pytest.mark.parametrize("whole", [("introduce", 0.9), ("faq_eligibility", 0.4), ("search_programs", 0.2)])
def test_the_one_question_is_taken_out_of_a_story(whole: tuple[str, float]) -> None:
    story, question = part("introduce", 0.9), part("faq_visa/need_visa", 0.92)
    message = heard([whole], parts=[story, question], shares={"faq_eligibility/caribbean": 0.9})
    assert message.get("intent") == {"name": "faq_visa", "confidence": 0.92}
    assert names(message) == ["faq_visa"]
    best = message.get("response_selector")["faq_visa"]["response"]
    assert best["intent_response_key"] == "faq_visa/need_visa"


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (("plan_timeline", 0.8), [part("inform", 0.9), part("faq_visa", 0.9)]),
        (("faq_cost", 0.9), [part("inform", 0.9), part("faq_visa", 0.6)]),
        (("faq_cost", 0.4), [part("inform", 0.9), part("faq_visa", 0.45)]),
        (("faq_cost", 0.4), [part("greet", 0.9), part("thank", 0.9)]),
    ],
)
def test_a_task_or_a_surer_whole_stays(whole: tuple[str, float], parts: list[dict[str, Any]]) -> None:
    assert heard([whole], parts=parts).get("intent")["name"] == whole[0]


def test_what_is_surely_refused_stays_refused_with_an_institution_in_it() -> None:
    assert heard([("out_of_scope", 0.8)], institution=YALE).get("intent")["name"] == "out_of_scope"
    for acts in (("asks_ecfmg",), ("whether",)):
        assert names(heard([("out_of_scope", 0.8)], institution=YALE, acts=acts))[0] == "out_of_scope"


def test_a_yes_or_no_on_a_column_of_a_named_institution_is_asked_of_it() -> None:
    message = heard([("out_of_scope", 0.6)], institution=YALE, acts=("whether", "asks_ecfmg"))
    assert names(message)[0] == "ask_program"


def test_a_part_that_does_not_ask_is_no_question() -> None:
    told, asked = part("faq_visa/need_visa", 0.4, asks=False), part("faq_cost/deposit", 0.9)
    assert heard([("faq_cost", 0.5)], parts=[told, asked]).get("questions") is None


def test_a_message_that_asks_something_else_without_each_of_two_words_asks_both() -> None:
    pair = [part("faq_usmle_needed/third_party", 0.8), part("faq_english_test/third_party", 0.9)]
    asked = heard([("faq_english_test", 0.7)], coordinated=pair).get("questions")
    assert [question["intent"] for question in asked] == ["faq_english_test", "faq_usmle_needed"]
    same = [part("faq_cost/deposit", 0.8), part("faq_cost/refund", 0.9)]
    assert heard([("faq_cost", 0.7)], coordinated=same).get("questions") is None


def test_a_part_that_only_points_is_about_the_topic_before_it() -> None:
    first, second = part("faq_lor_type/writer", 0.9), part("faq_documents/who_uploads", 0.6, points=True)
    second["intent_ranking"].append({"name": "faq_lor_type", "confidence": 0.1})
    second["response_selector"] |= selected({"faq_lor_type/upload": 0.8})
    asked = heard([("faq_lor_type", 0.7)], parts=[first, second]).get("questions")
    assert [question["aspect"] for question in asked] == ["faq_lor_type/writer", "faq_lor_type/upload"]


def test_what_shall_i_do_is_no_question_without_what_stands_before_it() -> None:
    message = decided(("out_of_scope", 0.6), ("help", 0.2), parts=(("help", 0.9),))
    assert message.get("intent")["name"] == "out_of_scope"


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ((("electives", True), ("cost", False), ("letters", False)), ["cost", "letters"]),
        ((("price", True), ("length", True), ("how do they differ", False)), ["price", "length"]),
        ((("visa", False), ("cost", False)), ["visa", "cost"]),
        ((("electives", True), ("cost", False)), ["cost"]),
    ],
)
def test_a_heading_or_the_question_below_a_list_only_frames_the_others(
    parts: tuple[tuple[str, bool], ...], kept: list[str]
) -> None:
    assert [
        part["text"]
        for part in without_frame([{"text": text, "heads": heads, "asks": not heads} for text, heads in parts])
    ] == kept


@pytest.mark.parametrize(
    ("intent", "confidence", "expected"),
    [("faq_cost", 0.6, "faq_cost"), ("faq_cost", 0.3, None), ("greet", 0.9, None)],
)
def test_what_is_asked_beside_a_name_has_to_be_sure(intent: str, confidence: float, expected: str | None) -> None:
    row = {"name": intent, "confidence": confidence}
    rest = {"intent": intent, "confidence": confidence, "intent_ranking": [row], "response_selector": {}}
    assert asked_beside_the_name(rest) == expected


@pytest.mark.parametrize(("points", "count"), [(True, None), (False, 2)])
def test_a_heading_and_a_question_about_it_are_one_question(points: bool, count: int | None) -> None:
    heading = part("faq_documents/vaccine_card", 0.8, asks=False)
    question = part("faq_documents/immunizations", 0.7, points=points)
    found = heard([("faq_documents", 0.9)], parts=[heading, question]).get("questions")
    assert (len(found) if found else None) == count


def test_what_tells_of_the_person_is_no_heading() -> None:
    told = part("faq_lor_type/late_writer", 0.8, asks=False) | {"tells": True}
    question = part("faq_visa/fee", 0.7)
    assert heard([("faq_lor_type", 0.9)], parts=[told, question]).get("questions") is None


@pytest.mark.parametrize(("sure", "expected"), [(0.9, True), (0.5, None)])
def test_a_part_that_is_surely_out_of_scope_is_declined(sure: float, expected: bool | None) -> None:
    asked = [part("faq_cost", 0.9), part("out_of_scope", sure)]
    assert heard([("faq_cost", 0.9)], parts=asked).get("declined") is expected


def test_what_is_asked_of_every_place_beside_a_program_is_no_question_about_it() -> None:
    fee = part("faq_cost/school_fee", 0.9, fee=0.99)
    general = part("faq_usmle_needed/step1_required", 0.8, step1=0.99) | {"of_all": True}
    message = heard([("ask_program", 0.8)], institution=YALE, parts=[fee, general])
    assert asked(message) == ["ask_program/fee"]
    assert [question["aspect"] for question in message.get("of_all")] == ["faq_usmle_needed/step1_required"]


@pytest.mark.parametrize(("intent", "count"), [("inform", None), ("faq_usmle_needed", 2)])
def test_few_words_of_who_only_tells_of_themselves_are_no_questions(intent: str, count: int | None) -> None:
    told = [part("faq_usmle_needed/no_exam", 0.7, asks=False), part("faq_english_test/ielts_score", 0.8, asks=False)]
    found = heard([(intent, 0.6)], parts=told).get("questions")
    assert (len(found) if found else None) == count
