"""A question about one named institution: what was asked is answered first, from the row, the rest stands on cards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.profile import asked_stage
from bot.nlu.message import Message
from bot.programs.cards import ACCEPTS, FACT, Say, audience_words
from bot.programs.program import ROTATION_TYPES, Program
from bot.programs.specialties import Specialties

NOT_RECORDED = {
    "housing": "utter_program_topic_housing",
    "contact": "utter_program_topic_contact",
    "stipend": "utter_program_topic_stipend",
    "acceptance_rate": "utter_program_topic_acceptance_rate",
    "schedule": "utter_program_topic_schedule",
    "certificate": "utter_program_topic_certificate",
}
_MENTIONED_IN_NOTES = {
    "housing": re.compile(r"housing|lodging|accommodation|dormitor|room and board", re.IGNORECASE),
    "stipend": re.compile(r"stipend|salary|nothing is paid|funded", re.IGNORECASE),
    "acceptance_rate": re.compile(r"applications a year|places|spots|competitive|chosen", re.IGNORECASE),
    "schedule": re.compile(r"\bhours|a\.m\.|p\.m\.|weekday", re.IGNORECASE),
    "certificate": re.compile(r"certificate", re.IGNORECASE),
    "contact": re.compile(r"e-?mail|phone|contact", re.IGNORECASE),
}
_LINES = 3
_TOPICS_AT_ONCE = 3
MOST_CARDS = 5


@dataclass(frozen=True)
class AskedAspects:
    """What a message wants to know about an institution, in the order of importance, and for whom ("students")."""

    topics: tuple[str, ...]
    audience: str = ""


def read_question(message: Message, columns: Sequence[str]) -> AskedAspects:
    """What is asked, with the stage it is asked for; who may come is then answered for that stage."""
    audience = {"student": "students", "graduate": "graduates"}.get(asked_stage(message) or "", "")
    topics = tuple(dict.fromkeys(columns))
    if audience and (not topics or "acceptance" in topics):
        topics = ("audience", *(name for name in topics if name != "acceptance"))
    return AskedAspects(topics, audience)


def narrow(
    programs: Sequence[Program], message: Message, *, specialties: Specialties, career_stage: str | None
) -> tuple[Program, ...]:
    """The offerings that a message speaks of ("the observership at ..."); all of them when it names no difference.

    Offerings for the person's own stage come first, the others stay.
    """
    types = {name for name in message.frame.wished("rotation_type") if name in ROTATION_TYPES}
    wishes = message.frame.wished("specialty")
    chosen = [p for p in programs if not types or types & set(p.rotation_types)] or list(programs)
    if wishes:
        chosen = [p for p in chosen if specialties.judge(wishes, p.specialties)[0] is not False] or chosen
    audience = {"student": "students", "graduate": "graduates"}.get(asked_stage(message) or career_stage or "")
    own = [p for p in chosen if audience is None or not p.audience or audience in p.audience]
    return (*own, *(p for p in chosen if p not in own))


def answers(
    programs: Sequence[Program], asked: AskedAspects, *, say: Say, named: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """One line per offering with what was asked; nothing when the question was just "tell me about ...".

    `named` are the programs of several institutions (slug: name): each has its line, also those that do not fit.
    """
    if not asked.topics:
        return ()
    lines = []
    for program in programs if named else _answering(programs, asked)[:_LINES]:
        said = _answer_all(program, asked, say)
        name = named[program.slug] if named else program.program_name
        lines.append(said if len(programs) == 1 else say("utter_program_answer_line", program=name, answer=said))
    return tuple(lines)


def _answering(programs: Sequence[Program], asked: AskedAspects) -> Sequence[Program]:
    """The offerings that a question is about: those for the audience asked about, and open ones before closed ones."""
    fitting = [p for p in programs if not asked.audience or not p.audience or asked.audience in p.audience] or programs
    return [program for program in fitting if not program.is_closed] or fitting


def _answer_all(program: Program, asked: AskedAspects, say: Say) -> str:
    """The answers to up to three topics, with the note once where it says more about one of them."""
    said = [_answer(program, topic, asked, say=say) for topic in asked.topics[:_TOPICS_AT_ONCE]]
    words = " ".join(dict.fromkeys(line for line, _ in said))
    needs_note = any(wanted for _, wanted in said) and program.notes and program.notes not in words
    return say("utter_program_answer_see_note", answer=words, notes=program.notes) if needs_note else words


def _answer(program: Program, topic: str, asked: AskedAspects, *, say: Say) -> tuple[str, bool]:
    """One topic's answer, and whether the note says more about it."""
    if topic in NOT_RECORDED:
        line = say("utter_program_answer_not_recorded", topic=say(NOT_RECORDED[topic]))
        return line, bool(_MENTIONED_IN_NOTES[topic].search(program.notes))
    if topic in ("acceptance", "audience"):
        return _acceptance(program, topic, asked, say=say), False
    if program.is_closed:
        about_exam = topic in ("english", "step1", "step2ck")
        key = "utter_program_answer_closed_exam" if about_exam else "utter_program_answer_closed"
        return say(key, notes=program.notes), False
    pattern = _IN_NOTES.get(topic)
    return _fact_line(program, topic, say), bool(pattern and pattern.search(program.notes))


def _fact_line(program: Program, topic: str, say: Say) -> str:
    label, value = say(FACT[topic].label), FACT[topic].words(program, say)
    if topic == "lead":
        value = "; ".join(part for part in (value, program.application_window) if part)
    if not value:
        return say("utter_program_answer_unknown", label=label)
    return say("utter_program_fact", label=label, value=value)


_IN_NOTES = {
    "english": re.compile(r"TOEFL|English|IELTS", re.IGNORECASE),
    "step1": re.compile(r"Step 1|IFOM|USMLE|ECFMG"),
    "step2ck": re.compile(r"Step 2|USMLE|ECFMG"),
    "fee": re.compile(r"\bfees?\b|USD|tuition|cost|charge", re.IGNORECASE),
    "visa": re.compile(r"visa", re.IGNORECASE),
    "lor": re.compile(r"letter", re.IGNORECASE),
    "application_fee": re.compile(r"\bfees?\b|USD", re.IGNORECASE),
    "lead": re.compile(r"month|week|deadline|apply|ahead", re.IGNORECASE),
    "duration": re.compile(r"week|month", re.IGNORECASE),
}


def _acceptance(program: Program, topic: str, asked: AskedAspects, *, say: Say) -> str:
    if program.is_closed:
        return say("utter_program_answer_closed", notes=program.notes)
    words = audience_words(program, say)
    if topic == "audience" and asked.audience and program.audience:
        fits = asked.audience in program.audience
        line = say("utter_program_answer_audience_yes" if fits else "utter_program_answer_audience_no", audience=words)
        return line if not fits or program.accepts_international == "yes" else f"{line} {_restriction(program, say)}"
    if program.accepts_international == "yes":
        return say("utter_program_answer_accepts_yes", audience=words)
    return _restriction(program, say)


def _restriction(program: Program, say: Say) -> str:
    keys = {"restricted": "utter_program_answer_accepts_restricted", "": "utter_program_answer_accepts_unknown"}
    assert program.accepts_international in ACCEPTS
    return say(keys[program.accepts_international], notes=program.notes)
