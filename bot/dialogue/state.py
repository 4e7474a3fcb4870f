"""Where the talk stands: what was asked, what a message answers, and what it is about.

Rasa's rules choose one action per intent. The few decisions that need the running talk are made here: whether a
message answers the question just asked, and which FAQ topics it touches.
"""

from __future__ import annotations

import unicodedata

from bot.dialogue.subjects import suited
from bot.nlu.frame import Length, Money, Number, Time
from bot.nlu.message import Message, Question, intent_of

FALLBACK = "nlu_fallback"
ANSWERING = frozenset({"inform", "affirm", "deny", "unsure", "correct_profile", FALLBACK})
TASKS = {
    "search_programs": "search",
    "refine_search": "search",
    "ask_program": "program",
    "compare_programs": "compare",
    "estimate_cost": "cost",
    "plan_timeline": "timeline",
    "recommend_rotation": "recommend",
}
ALWAYS_THEMSELVES = frozenset(
    {
        "greet",
        "thank",
        "goodbye",
        "ask_bot",
        "help",
        "restart",
        "forget_me",
        "request_human",
        "show_profile",
        "give_feedback",
        "care",
        "set_reminder",
        "out_of_scope",
        "refine_search",
    }
)
SETS_SIDE_BY_SIDE = frozenset({"faq_direct_vs_third_party", "faq_inpatient_vs_outpatient"})
"""Topics of two things that are weighed for the person: "which is better for me" beside them asks of these two."""
CONTINUED = frozenset({"estimate_cost", "plan_timeline"})
"""Tasks that a few words after a question of the FAQ may begin: "and for eight weeks?" after the prices."""
OFTEN_GUESSED = frozenset({"care", "out_of_scope"})
"""Intents that a few strange words are taken for."""
CERTAIN_ALONE = 0.7
LIKELY_IN_TALK = 0.15
"""How likely a meaning has to be after an answer; below, the topic is answered in general."""
CERTAIN = 0.75
"""From here on a message, or what it points at, is understood for certain."""
SURE_TOPIC = 0.25
FOLLOWING = frozenset(
    {"inform", "refine_search", "affirm", "deny", "unsure", "give_feedback", "correct_profile", FALLBACK}
)
"""Intents of messages that are often about what was answered last."""
ABOUT_SOMEBODY = frozenset({"career_stage", "route", "visa_status", "rotation_type", "exam", "study_year", "travel"})
ABOUT_SOMEBODY |= {"relation", "graduation_year"}
ABOUT_SUBJECTS = ABOUT_SOMEBODY | {"institution", "provider"}
WAIT = "faq_visa/wait"
WAITING = frozenset({"faq_visa", "faq_when_to_apply"})
"""Topics after which a consulate's city asks for the wait there."""
ASKS = "asks_"
"""How acts begin that ask for one column of a program: "and the fee?"."""
COLUMNS = {
    "fee": ("faq_cost", "faq_cost"),
    "visa": ("faq_visa", "faq_visa/which_visa"),
    "lead": ("faq_when_to_apply", "faq_when_to_apply"),
    "duration": ("faq_duration", "faq_duration"),
    "documents": ("faq_documents", "faq_documents"),
    "english": ("faq_english_test", "faq_english_test/needed"),
    "step1": ("faq_usmle_needed", "faq_usmle_needed/step1_required"),
    "step2ck": ("", "faq_usmle_needed/step2ck"),
    "housing": ("", "faq_cost/housing_included"),
    "hands_on": ("faq_hands_on", "faq_hands_on/which_types"),
    "route": ("faq_how_to_apply", ""),
    "lor": ("faq_lor_type", "faq_lor_type"),
    "contact": ("", "faq_how_to_apply/who_to_contact"),
}
"""What a program answers by column: the topic that asks it as a whole, and the question behind its bare word."""
OWN = {
    ("faq_visa", "fee"): "faq_visa/fee",
    ("faq_visa", "documents"): "faq_visa/which_visa",
    ("faq_vslo", "fee"): "faq_vslo/fee",
    ("faq_amo", "fee"): "faq_amo/price",
    ("faq_observership", "fee"): "faq_cost/observership_price",
    ("faq_telehealth", "fee"): "faq_cost/telehealth_price",
    ("faq_lor_type", "lead"): "faq_lor_type/due_date",
    ("faq_lor_count", "lead"): "faq_lor_type/due_date",
}
"""What "does it cost anything?" or "by when?" asks right after a topic that has a price or a day of its own."""
CHEAPEST_TYPE = "faq_cost/type_price"
CHEAPER = dict.fromkeys(("faq_direct_vs_third_party", "faq_amo"), "faq_direct_vs_third_party/cheaper")
"""What "which is cheaper?" asks after a topic that compares kinds of rotations, or ways to one."""
TYPE_TOPICS = {
    "observership": "faq_observership",
    "telehealth": "faq_telehealth",
    "elective": "faq_rotation_types/elective",
    "externship": "faq_rotation_types/externship",
    "sub_internship": "faq_rotation_types/sub_internship",
}
"""What explains a type of rotation."""
FEW, LIKELY, CLOSE = 7, 0.03, 0.5
FITTING = 0.4
"""Share of its topic from which an aspect of the last topic is meant for another type of rotation."""
CLEAR_SHARE = 0.3
"""Share of its topic from which an aspect counts as asked; below, the topic as a whole is answered."""

_TELLING = frozenset({"inform", "correct_profile", FALLBACK})
_FEW_WORDS, _BARE_WORDS = 3, 2
_SURE_ALONE = 0.65
_SURE_QUESTION = 0.5
_LONGEST_FOLLOW_UP = 12
_SURE = 0.6


def answers_question(message: Message, asked: str | None) -> bool:
    """Whether a message answers the question just asked, whatever its intent looks like.

    Short bare facts ("student", "5th of 6 years", "-3") are what people answer with, and what an intent classifier
    knows least about. A question, small talk or a clear new task is never taken for an answer.
    """
    if not asked:
        return False
    if _is_measure(message):
        return True
    if message.intent in ALWAYS_THEMSELVES:
        return message.intent in OFTEN_GUESSED and message.confidence < CERTAIN and _names_the_answer(message, asked)
    is_bare = not (message.frame.entities or message.frame.dimensions)
    is_guess = message.intent in _TELLING or (message.intent == "unsure" and message.confidence < _SURE_QUESTION)
    says_nothing = message.intent == FALLBACK and not message.frame.acts
    if is_guess and is_bare and (message.frame.does("ask") or says_nothing):
        return False  # "where?", or words that nobody could follow
    if message.intent in ANSWERING:
        return True
    if message.is_button or message.frame.does("ask"):
        return False
    if len(message.text.split()) <= _FEW_WORDS:
        return True
    frame = message.frame
    tells = frame.dimensions or frame.does("bare") or any(item.whose == "self" for item in frame.entities)
    is_of_faq = message.intent.startswith("faq_") and not tells
    if (message.intent in TASKS or is_of_faq) and message.confidence >= _SURE:
        return False
    return bool(frame.entities or frame.dimensions)


def _names_the_answer(message: Message, asked: str) -> bool:
    """Whether a few words tell of the very fact that was asked for: "mine ran out" after "do you have a visa?"."""
    is_short = len(message.text.split()) <= FEW and not (message.is_button or message.questions)
    return is_short and bool(message.frame.told(asked)) and not message.frame.does("ask")


def _is_measure(message: Message) -> bool:
    """Whether a message is nothing but a number, a length or a sum."""
    frame = message.frame
    if (
        frame.entities
        or len(frame.dimensions) != 1
        or not isinstance(frame.dimensions[0].value, Number | Length | Money)
    ):
        return False
    said = frame.dimensions[0]
    return not any(letter.isalnum() for letter in message.text[: said.start] + message.text[said.end :])


def faq_topics(message: Message) -> tuple[str, ...]:
    """The questions of the FAQ that a message asks, in its own order, each once: aspects, or topics without any."""
    asked_within = {part.intent for part in message.questions if part.aspect not in ("", part.intent)}
    said = [part for part in message.questions if not (part.intent in asked_within and _only_names(part))]
    named = [part.aspect or part.intent for part in said]
    topics = tuple(dict.fromkeys(aspect for aspect in named if aspect.startswith("faq_")))
    return topics or ((asked_aspect(message),) if message.intent.startswith("faq_") else ())


def _only_names(part: Question) -> bool:
    """Whether a part only names its topic: "and remote? can I do it from home?" asks one question."""
    return part.aspect in ("", part.intent) and len(part.text.split()) <= _BARE_WORDS


def heard(message: Message) -> Question | None:
    """What a message means right after the answer before it ("and for an observership?"), by all its readings.

    The engine weighs them (`rotation_engine/in_talk.py`). None where there was no answer before, where a message is
    likeliest to be no question of the FAQ or means nothing likely, and where it is certain of another topic as a whole
    or of a task by itself: the follow-ups that the weights are learned from mean questions, and no whole topics. "Make
    it eight weeks" changes a plan or a sum from before the answer, and asks nothing.
    """
    frame = message.frame
    only_tells_a_year = frame.does("bare") and not frame.entities and bool(frame.measures(Time, "graduation"))
    is_change = frame.does("instead") and bool(frame.dimensions) and not frame.does("ask")
    if message.is_button or message.questions or only_tells_a_year or is_change:
        return None
    best = next(iter(message.heard), None)
    if best is None or best.confidence < LIKELY_IN_TALK:
        return None
    is_certain = message.confidence >= max(CERTAIN_ALONE, best.confidence)
    if is_certain and best.intent != message.intent == asked_aspect(message):
        return None
    asks_a_sum = frame.does("add_up") and best.intent not in CONTINUED  # "cost for both?"
    return best if (best.intent.startswith("faq_") and not asks_a_sum) or best.intent in CONTINUED else None


def likely_of_topic(message: Message, last: str | None) -> str:
    """What a message most likely asks of the topic just answered, however unlikely; empty if it is of another one."""
    best = next(iter(message.heard), None)
    is_of_topic = best and best.intent == intent_of(last or "") and not message.is_button
    return best.aspect if best and is_of_topic else ""


def continued_task(question: Question, message: Message) -> str | None:
    """The task that a few words after a question of the FAQ begin; None where they ask another one."""
    is_priced = question.intent == "faq_cost" and bool(message.frame.measures(Length))
    return "cost" if is_priced else TASKS.get(question.intent)


def in_context(message: Message, last: str | None) -> str | None:
    """The aspect of the topic just answered that a short follow-up may mean; None when it is about something else.

    A message that stands alone ranks topics as if nothing had been said: after "when should I apply?", "and without a
    visa?" may be nearer to another topic.
    """
    topic = intent_of(last or "")
    if not topic or not leans(message) or message.is_button or message.questions:
        return None
    if bare := bare_question(message, topic):
        return bare
    ranked = message.selected.get(topic) or ()
    sureness = dict(message.ranking).get(topic, 0.0)
    best = message.confidence if message.intent.startswith("faq_") else 0.0
    if not ranked or sureness < max(LIKELY, best * CLOSE):
        return None
    return ranked[0][0] if ranked[0][1] >= CLEAR_SHARE else topic


def leans(message: Message) -> bool:
    """Whether a message may go on from what was said before: it points, or has few words."""
    return message.frame.does("it", "follow_up") or len(message.text.split()) <= FEW


def bare_question(message: Message, topic: str) -> str:
    """The question behind a bare word ("and the visa?") after a topic; empty where there is none."""
    columns = [act.name.removeprefix(ASKS) for act in message.frame.acts if act.name.startswith(ASKS)]
    if len(set(columns)) > 1:  # "price and length?" asks more than one question
        return ""
    if topic and message.frame.does("cheapest_one") and not message.frame.entities:
        return CHEAPER.get(topic, CHEAPEST_TYPE)
    own = [OWN[topic, column] for column in columns if (topic, column) in OWN]
    own += [OWN[topic, "lead"]] if (topic, "lead") in OWN and message.frame.does("latest") else []
    return next(iter(own or [COLUMNS[column][1] for column in columns if column in COLUMNS]), "")


def follow_up(message: Message, last: str | None) -> str | None:
    """The topic that a message takes over which alone leads elsewhere: "and for graduates?", "and in Lagos?"."""
    topic, frame = intent_of(last or ""), message.frame
    if not topic and message.intent in FOLLOWING and not message.is_button:
        return bare_question(message, topic) or None
    if not topic or message.is_button or message.questions or len(message.text.split()) > _LONGEST_FOLLOW_UP:
        return None
    if frame.named("consulate") and topic in WAITING and _kinds(message) <= {"consulate", "city", "country"}:
        return WAIT
    if _asks_by_itself(message):
        return None
    if other := _of_another_subject(message, last or ""):
        return other
    is_type = message.intent in {intent_of(of) for of in TYPE_TOPICS.values()} and frame.does("follow_up")
    is_of_other = frame.does("third_person") and frame.does("follow_up")  # "my sister is a student, what about her?"
    if message.intent not in FOLLOWING and not (is_type or is_of_other or bare_question(message, topic)):
        return None
    if frame.does("follow_up") and _kinds(message) and _kinds(message) <= ABOUT_SOMEBODY and not frame.dimensions:
        return _of_another_kind(message, last or "")
    return in_context(message, last) if frame.does("ask", "it", "follow_up") or _is_unsure(message) else None


def _of_another_subject(message: Message, last: str) -> str:
    """The last question of a kind of rotation, a way or the company that a few words name; empty where they do not."""
    frame = message.frame
    is_short = len(message.text.split()) <= FEW and frame.does("follow_up", "likewise") and not frame.dimensions
    other = suited(last, frame) if is_short and _kinds(message) <= ABOUT_SUBJECTS else last
    return other if other != last else ""


def _of_another_kind(message: Message, last: str) -> str:
    """The same question for another stage, route or type of rotation; of a type's own topic that of the other type."""
    types = [name for name in message.frame.wished("rotation_type") if name in TYPE_TOPICS]
    if types and intent_of(last) in {intent_of(topic) for topic in TYPE_TOPICS.values()}:
        return TYPE_TOPICS[types[0]]
    ranked = message.selected.get(intent_of(last)) or ()
    fits = [aspect for aspect, share in ranked[:1] if share >= FITTING and types]
    return fits[0] if fits else last


def _kinds(message: Message) -> set[str]:
    return {item.kind for item in message.frame.entities}


def _is_unsure(message: Message) -> bool:
    """Whether a message alone means nothing surely: neither its intent nor, of a likely topic, one of its questions."""
    sure = _SURE_QUESTION if _is_one_question(message) else _SURE_ALONE
    return message.confidence < sure and not message.frame.told("career_stage")


def _asks_by_itself(message: Message) -> bool:
    """Whether a message is surely one question of a topic: "and the drawbacks of telehealth?"."""
    is_particular = any(aspect != message.intent for aspect, _ in message.aspects[:1])
    return message.confidence >= CERTAIN and is_particular and _is_one_question(message)


def _is_one_question(message: Message) -> bool:
    return message.intent.startswith("faq_") and any(share >= _SURE for _, share in message.aspects[:1])


def is_vague(message: Message) -> bool:
    """Whether a question belongs to a topic, but to none of the questions that have an answer there.

    Of held-out questions whose best aspect had so small a share, 0.17 were that aspect; of those so little sure
    of their topic, 0.3 (docs/decisions/0001-understanding.md).
    """
    if message.is_button or message.questions or not message.aspects:
        return False
    best, share = message.aspects[0]
    return best != message.intent and (share < CLEAR_SHARE or message.confidence < SURE_TOPIC)


def asked_aspect(message: Message) -> str:
    """The aspect that a message asks; the intent alone when none of its aspects stands out."""
    best, share = next(iter(message.aspects), (message.intent, 1.0))
    return best if share >= CLEAR_SHARE else message.intent


def aspect_of(question: Question) -> str:
    """The aspect that a question asks; its intent alone when none of its aspects stands out."""
    return question.aspect if question.aspect and question.share >= CLEAR_SHARE else question.intent


def asked_task(message: Message) -> str | None:
    """The first task that one of several questions in a message asks for."""
    return next((TASKS[question.intent] for question in message.questions if question.intent in TASKS), None)


def asked_tasks(message: Message) -> tuple[str, ...]:
    """The first task that a message asks for; a sum and a plan are asked for beside each other."""
    is_weighed = any(question.intent in SETS_SIDE_BY_SIDE for question in message.questions)
    parts = (part.intent for part in message.questions if part.intent in TASKS)
    asked = tuple(dict.fromkeys(TASKS[part] for part in parts if not (is_weighed and part == "recommend_rotation")))
    worked_out = {TASKS[intent] for intent in CONTINUED}
    return asked if set(asked) <= worked_out else asked[:1]


def is_foreign(text: str) -> bool:
    """Whether most letters of a text are of another script than ours: the bot reads English only."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum("LATIN" in unicodedata.name(letter, "") for letter in letters) * 2 < len(letters)
