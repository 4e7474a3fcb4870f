"""A question about one named institution: what was asked is answered first, from the row, the rest stands on cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.dialogue.profile import asked_stage
from bot.nlu.message import Message
from bot.nlu.when import span
from bot.programs.cards import ACCEPTS, FACT, Say, audience_words, condition_words
from bot.programs.facets import lists_visas, names_visa
from bot.programs.inquiry import AUDIENCE_OF, EXAM_FIELDS, AskedAspects
from bot.programs.institutions import distinctive
from bot.programs.notes import clause, names_price, quoted, shortened, speaks_of, spoken_of, warning
from bot.programs.program import NONE, ROTATION_TYPES, SHADOWING, Program
from bot.programs.requirements import REQUIREMENTS, requirement_words
from bot.programs.specialties import MANY, Specialties
from bot.programs.verdicts import by_name
from bot.programs.vocabulary import vocabulary
from bot.reply.days import day, month

NOT_RECORDED = {
    "contact": "utter_program_topic_contact",
    "acceptance_rate": "utter_program_topic_acceptance_rate",
    "reply_time": "utter_program_topic_reply_time",
    "refund": "utter_program_topic_refund",
    "payment": "utter_program_topic_payment",
    "includes": "utter_program_topic_includes",
    "insurance": "utter_program_topic_insurance",
    "vaccines": "utter_program_topic_vaccines",
    "background": "utter_program_topic_background",
    "year": "utter_program_topic_year",
    "cv": "utter_program_topic_cv",
    "transcript": "utter_program_topic_transcript",
    "statement": "utter_program_topic_statement",
    "passport": "utter_program_topic_passport",
    "good_standing": "utter_program_topic_good_standing",
}
PAPERS = frozenset(
    {"insurance", "vaccines", "background", "cv", "transcript", "statement", "passport", "good_standing"}
)
"""What stands among the documents of a page, or does not."""
OF_NO_PAGE = {
    "places": "utter_program_places",
    "attending": "utter_program_attending",
    "worth": "utter_program_worth",
}
"""What no page of any program can say, and what is said instead."""
_LEVELS = {
    "required": "utter_program_exam_required",
    "recommended": "utter_program_exam_recommended",
    "not_required": "utter_program_exam_not_required",
}
_CERTIFICATES = {"yes": "utter_program_certificate_yes", "no": "utter_program_certificate_no"}
_OF_MONEY_OR_ROOM = frozenset({"stipend", "housing"})
_LETTERS = {"yes": "utter_program_lor_yes", "no": "utter_program_lor_no"}
_STATED: Mapping[str, Mapping[str, str]] = {"lor": _LETTERS, "certificate": _CERTIFICATES}
_HANDS_ON = {"yes": "utter_program_hands_on_yes", "no": "utter_program_hands_on_no"}
_BOTH = 2
_LINES = 5
_NAMES_IN_A_LINE = 3
_TOPICS_AT_ONCE = 3
MOST_CARDS = 5


def narrow(
    programs: Sequence[Program], message: Message, *, specialties: Specialties, career_stage: str | None
) -> tuple[Program, ...]:
    """The offerings that a message speaks of ("the observership at ..."); all of them when it names no difference.

    Those for the stage that is asked about stand alone, those for it only before those for everybody; those for the
    person's own stage come first.
    """
    chosen = _by_name(programs, message)
    types = {name for name in message.frame.wished("rotation_type") if name in ROTATION_TYPES}
    chosen = [p for p in chosen if not types or types & set(p.rotation_types)] or chosen
    if wishes := message.frame.wished("specialty"):
        verdicts = {p.slug: specialties.judge(wishes, p.specialties)[0] for p in chosen}
        surely = [p for p in chosen if verdicts[p.slug] is True]
        chosen = surely or [p for p in chosen if verdicts[p.slug] is not False] or chosen
    asked = AUDIENCE_OF.get(asked_stage(message) or "")
    if asked and (fitting := [p for p in chosen if asked in p.audience]):
        return tuple(sorted(fitting, key=lambda p: (p.is_closed, p.audience != (asked,))))
    audience = AUDIENCE_OF.get(career_stage or "")
    own = [p for p in chosen if audience is None or not p.audience or audience in p.audience]
    return (*own, *(p for p in chosen if p not in own))


def _by_name(programs: Sequence[Program], message: Message) -> list[Program]:
    """The offerings of whose own name a message says the most words; all where it says none."""
    said = distinctive(message.text)
    common = frozenset[str]().union(*(distinctive(p.institution) for p in programs)) if programs else frozenset()
    named = {p.slug: len((distinctive(p.program_name) - common) & said) for p in programs}
    most = max(named.values(), default=0)
    return [p for p in programs if named[p.slug] == most] if most else list(programs)


def answering(programs: Sequence[Program], asked: AskedAspects) -> tuple[Program, ...]:
    """The offerings that a question is about: those for the audience asked about, and open ones without closed ones.

    Whose own offerings are all closed says so before departments and hospitals of the same name answer.
    """
    fitting = [p for p in programs if not asked.audience or not p.audience or asked.audience in p.audience] or programs
    own = [program for program in fitting if program.institution == programs[0].institution]
    closed = own if all(program.is_closed for program in own) else []
    return (*closed, *(program for program in fitting if not program.is_closed)) or tuple(fitting)


def answers(
    programs: Sequence[Program], asked: AskedAspects, *, say: Say, named: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """What was asked in at most three lines; nothing when the question was just "tell me about ...".

    Offerings with the same answer share a line, or with the same verdict where one asks which or who may come.
    `named` are the programs of several institutions (slug: name): all of them are answered, also those that do not fit.
    """
    if beyond := [say(OF_NO_PAGE[topic]) for topic in asked.topics if topic in OF_NO_PAGE]:
        return (*beyond, *answers(programs, _of_pages(asked), say=say, named=named))
    if not asked.topics:
        return ()
    meant = programs if named else answering(programs, asked)
    if len(meant) == 1:
        said = _answer_all(meant[0], asked, say, is_alone=True)
        is_one_of_many = bool(asked.audience) and len(programs) > 1
        return (_line([_offering_names(programs)[meant[0].slug]], said, say) if is_one_of_many else said,)
    names = named or _offering_names(meant)
    same: dict[str, list[str]] = {}
    for program in meant:
        same.setdefault(_answer_all(program, asked, say, is_alone=False), []).append(names[program.slug])
    if len(same) == 1 and not named and _says_nothing(next(iter(same)), asked, say):
        labels = _labels(asked.topics[:_TOPICS_AT_ONCE], say)
        first, *others = dict.fromkeys(item.institution for item in meant)
        houses = "; ".join((first, *(name for name in others if not name.startswith(first.partition(",")[0]))))
        return (say("utter_program_answer_all_unknown", label=labels, institution=houses),)
    is_by_name = asked.is_which or (asked.is_yes_no and set(asked.topics) <= {"acceptance", "audience"})
    is_by_name |= asked.topics == ("duration",) and asked.weeks is not None
    if is_by_name and (verdicts := by_name(meant, asked, names=names, say=say)):
        return verdicts
    if len(same) == 1 and len(meant) == len(programs) and _says_nothing(next(iter(same)), asked, say):
        return (_of_none(meant, asked, say),)
    if len(same) == 1 and len(meant) == len(programs):
        return (say("utter_program_answer_all", answer=next(iter(same))),)
    groups = sorted(same.items(), key=lambda group: not asked.audience and _says_nothing(group[0], asked, say))
    return tuple(_line(names, said, say) for said, names in groups[:_LINES])


def _of_none(programs: Sequence[Program], asked: AskedAspects, say: Say) -> str:
    """That no page of several institutions says what is asked."""
    if asked.topics == ("fee",):
        return say("utter_compare_no_prices_two" if len(programs) == _BOTH else "utter_program_no_prices")
    return say("utter_program_answer_none", label=_labels(asked.topics[:_TOPICS_AT_ONCE], say))


def _offering_names(programs: Sequence[Program]) -> dict[str, str]:
    is_one = len({program.institution for program in programs}) == 1
    return {program.slug: program.program_name if is_one else program.title for program in programs}


def told_in_notes(program: Program, message: Message, *, telling: frozenset[str], say: Say) -> str:
    """What the notes say about the very words of a question that no column answers; empty where they say nothing.

    `telling` are the words that few notes have.
    """
    own = distinctive(program.institution) | distinctive(program.program_name)
    note = spoken_of(program.notes, distinctive(message.text) - own, telling=telling)
    return say("utter_program_answer_quote", notes=note) if note and message.frame.does("ask") else ""


def _of_pages(asked: AskedAspects) -> AskedAspects:
    return replace(asked, topics=tuple(topic for topic in asked.topics if topic not in OF_NO_PAGE))


def _line(names: Sequence[str], said: str, say: Say) -> str:
    shown, more = names[:_NAMES_IN_A_LINE], len(names) - _NAMES_IN_A_LINE
    called = "; ".join(shown)
    if more > 0:
        called = say("utter_program_answer_and_more", names=called, more=more)
    return say("utter_program_answer_line", program=called, answer=said)


def _says_nothing(said: str, asked: AskedAspects, say: Say) -> bool:
    return said == _unknown(asked.topics[:_TOPICS_AT_ONCE], say)


def says_nothing(program: Program, asked: AskedAspects, *, say: Say) -> bool:
    """Whether the page and its notes leave open everything that was asked."""
    topics = asked.topics[:_TOPICS_AT_ONCE]
    if set(topics) & set(OF_NO_PAGE):
        return False
    return bool(topics) and not program.is_closed and not any(_answer(program, name, asked, say, 1) for name in topics)


def _answer_all(program: Program, asked: AskedAspects, say: Say, *, is_alone: bool) -> str:
    """The answers to up to three topics; what the page does not state comes last, in one sentence."""
    if program.is_closed:
        return _closed(program, asked, say, most=2 if is_alone else 1)
    topics = asked.topics[:_TOPICS_AT_ONCE]
    found = {topic: _answer(program, topic, asked, say, 2 if is_alone else 1) for topic in topics}
    if "application_fee" in found and not found["application_fee"] and "fee" not in found:
        found["fee"] = _answer(program, "fee", asked, say, 1)
    said = [words for words in dict.fromkeys(found.values()) if words]
    missing = [topic for topic in found if not found[topic]]
    if missing:
        said.append(_unknown(missing, say, as_of=program.source_date if is_alone else ""))
    if is_alone and (news := warning(program.notes)) and news not in " ".join(said):
        said.append(news)
    return " ".join(said)


def _unknown(topics: Iterable[str], say: Say, *, as_of: str = "") -> str:
    label = _labels(topics, say)
    if as_of:
        return say("utter_program_answer_unknown_dated", label=label, date=month(as_of))
    return say("utter_program_answer_unknown", label=label)


def _labels(topics: Iterable[str], say: Say) -> str:
    labels = [say(NOT_RECORDED[name]) if name in NOT_RECORDED else say(_label(name)) for name in topics]
    return ", ".join(dict.fromkeys(labels))


def _label(topic: str) -> str:
    return FACT["who" if topic in ("acceptance", "audience") else topic].label


def _closed(program: Program, asked: AskedAspects, say: Say, *, most: int) -> str:
    key = "utter_program_answer_closed_so"
    if not set(asked.topics) - {"acceptance", "audience"}:
        key = "utter_program_answer_closed"
    elif set(EXAM_FIELDS) & set(asked.topics):
        key = "utter_program_answer_closed_exam"
    return say(key, notes=shortened(program.notes, most=most)).strip()


def _answer(program: Program, topic: str, asked: AskedAspects, say: Say, most: int) -> str:
    """One topic's answer with what the notes say more about it; empty where neither says anything."""
    if topic in ("acceptance", "audience"):
        return _with_conditions(program, _acceptance(program, topic, asked, say=say), most, say)
    if topic == "documents":
        return _wanted(program, asked, say, most)
    if topic in PAPERS:
        return _paper(program, topic, most, say)
    if topic == "route":
        return _way_in(program, say)
    line = "" if topic in NOT_RECORDED else _fact_line(program, topic, asked, say)
    note = quoted(program.notes, topic, most=most if not line else 1)
    if topic == "contact":
        told = clause(note, topic)
        quote = say("utter_program_contact_noted", notes=told) if told else ""
        return say("utter_program_answer_see_note", answer=say("utter_program_contact"), notes=quote).strip()
    if not line:
        is_price = topic != "fee" or names_price(note)
        quote = say("utter_program_answer_quote", notes=note if is_price else f"{clause(note, topic)}.") if note else ""
        return quote if is_price else say("utter_program_answer_see_note", answer=_unknown([topic], say), notes=quote)
    if most == 1:
        return line
    return say("utter_program_answer_see_note", answer=line, notes=note) if note else line


def _with_conditions(program: Program, said: str, most: int, say: Say) -> str:
    """Who may come, with what the page makes a condition of it; shorter where several offerings are answered."""
    said = f"{said} {condition_words(program, say)}".strip()
    note = quoted(program.notes, "conditions", most=1) if most > 1 else ""
    return say("utter_program_answer_see_note", answer=said, notes=note) if note and note not in said else said


def _wanted(program: Program, asked: AskedAspects, say: Say, most: int) -> str:
    """What a program wants to see: exams that it requires, papers, and its conditions; empty where none is known."""
    label, papers = say(FACT["documents"].label), FACT["documents"].words(program, say)
    exams = [_exam(program, name, asked, say) for name, field in EXAM_FIELDS.items() if _is_required(program, field)]
    lines = [*exams, say("utter_program_fact", label=label, value=papers) if papers else ""]
    note = quoted(program.notes, "conditions", most=1) or quoted(program.notes, "documents", most=1)
    conditions = condition_words(program, say)
    if conditions and not any(lines) and not quoted(program.notes, "documents"):
        lines.append(_unknown(["documents"], say))
    lines.append(conditions)
    return " ".join(filter(None, [*lines, note if most > 1 or not any(lines) else ""]))


def _paper(program: Program, topic: str, most: int, say: Say) -> str:
    """Whether a page asks for one paper: what its notes say of it, else whether its list has it."""
    if note := quoted(program.notes, topic, most=most):
        return say("utter_program_answer_quote", notes=note)
    papers = FACT["documents"].words(program, say)
    if not papers:
        return ""
    key = "utter_program_paper_listed" if speaks_of(papers, topic) else "utter_program_paper_not_listed"
    return say(key, label=say(NOT_RECORDED[topic]), papers=papers)


def _is_required(program: Program, field: str) -> bool:
    return bool(getattr(program, field) == "required")


def _fact_line(program: Program, topic: str, asked: AskedAspects, say: Say) -> str:
    if topic in EXAM_FIELDS:
        return _exam(program, topic, asked, say)
    if topic == "hands_on":
        return _hands_on(program, say)
    if topic in REQUIREMENTS:
        return requirement_words(program, topic, say, is_yes_no=asked.is_yes_no)
    if key := _STATED.get(topic, {}).get(getattr(program, topic, "")):
        return say(key)
    if said := _of_what_is_named(program, topic, asked, say) or _apply_by(program, topic, asked, say):
        return said
    topic = "ecfmg" if topic == "certificate" and program.ecfmg else topic  # "do they need the ECFMG certificate?"
    beside = {"lead": program.application_window, "duration": program.hours}  # shadowing is counted in hours
    label, value = say(FACT[topic].label), FACT[topic].words(program, say)
    value = "; ".join(part for part in (value, beside.get(topic, "")) if part)
    if not value:
        return ""
    if topic == "fee" and (asked.is_free or program.fee_period == "free"):
        return _free(program, value, say)
    if topic == "application_fee" and asked.is_free:
        return say("utter_program_no", answer=say("utter_program_fact", label=label, value=value))
    if topic in _OF_MONEY_OR_ROOM and asked.is_yes_no:
        key = "utter_program_fact_no" if getattr(program, topic) == NONE else "utter_program_fact_yes"
        return say(key, label=label, value=value)
    key = "utter_program_fact_yes" if asked.is_yes_no and topic in ("fee", "application_fee") else "utter_program_fact"
    return say(key, label=label, value=value)


def _of_what_is_named(program: Program, topic: str, asked: AskedAspects, say: Say) -> str:
    """Whether a page has the very specialty or visa that a question names; empty where it names none."""
    if topic == "specialties" and asked.specialties:
        return _offers_specialty(program, asked.specialties, say)
    if topic != "visa" or not program.visa:
        return ""
    is_other = any(names_visa(program.visa, visa) is False for visa in asked.visas)
    if asked.is_of_sponsor and _lists_visas(program) and not is_other:
        return say("utter_program_visa_not_sponsored", value=FACT["visa"].words(program, say))
    return _takes_visa(program, asked.visas, say) if asked.visas else ""


def _lists_visas(program: Program) -> bool:
    """Whether a page only lists the visas on which one may come, and says nothing of a sponsor."""
    return lists_visas(program.visa) and "sponsor" not in program.notes.lower()


def _apply_by(program: Program, topic: str, asked: AskedAspects, say: Say) -> str:
    """The last day to apply for a start, by the page's lead time; empty where none is asked for or stated."""
    least, best = program.apply_months_before_min, program.apply_months_before_max
    if topic != "lead" or asked.start is None or not (least or best):
        return ""
    last, early = (day(asked.start - span(months, "month")) for months in (least or best or 0, best or least or 0))
    key = "utter_program_apply_between" if last != early else "utter_program_apply_by"
    lead = "; ".join(part for part in (FACT["lead"].words(program, say), program.application_window) if part)
    return say(key, day=last, early=early, month=f"{asked.start:%B %Y}", lead=lead)


def _offers_specialty(program: Program, wanted: Sequence[str], say: Say) -> str:
    """Whether a specialty is on the list of a page; a page that says "many" lists none."""
    label, offered = ", ".join(wanted), FACT["specialties"].words(program, say)
    verdict, _ = vocabulary().specialties.judge(wanted, program.specialties)
    if MANY in program.specialties:
        return say("utter_program_specialty_many", label=label)
    if verdict is None and not offered:
        return ""
    keys = {
        True: "utter_program_specialty_yes",
        False: "utter_program_specialty_no",
        None: "utter_program_specialty_broad",
    }
    return say(keys[verdict], label=label, offered=offered)


def _takes_visa(program: Program, wanted: Sequence[str], say: Say) -> str:
    """What a page says of visas; first that it does not name the one that is asked about."""
    label, named = say(FACT["visa"].label), FACT["visa"].words(program, say)
    is_other = all(names_visa(program.visa, visa) is False for visa in wanted)
    key = "utter_program_visa_not_named" if is_other else "utter_program_fact"
    return say(key, label=label, value=named, visa=", ".join(wanted))


def _free(program: Program, value: str, say: Say) -> str:
    return say("utter_program_free_yes" if program.fee_period == "free" else "utter_program_free_no", value=value)


def _hands_on(program: Program, say: Say) -> str:
    known = program.hands_on or (
        "no" if program.rotation_types and SHADOWING.issuperset(program.rotation_types) else ""
    )
    return say(_HANDS_ON.get(known, "utter_program_hands_on_mixed")) if known else ""


def _exam(program: Program, topic: str, asked: AskedAspects, say: Say) -> str:
    """ "Yes, TOEFL is required", and "No" to who asks whether they may come without it."""
    level, label = getattr(program, EXAM_FIELDS[topic]), say(FACT[topic].label)
    detail = program.english_detail if topic == "english" else ""
    if not level:
        return say("utter_program_fact", label=label, value=detail) if detail else ""
    line = say(_LEVELS[level], label=label)
    is_no = (level == "required") == (topic in asked.denied)
    if asked.is_yes_no:
        line = say("utter_program_no" if is_no else "utter_program_yes", answer=line)
    return say("utter_program_exam_detail", answer=line, detail=detail) if detail else line


def _way_in(program: Program, say: Say) -> str:
    """How to apply; where only some may, that comes first."""
    way = FACT["route"].words(program, say)
    line = say("utter_program_way_in", way=way) if way else ""
    if program.accepts_international == "restricted":
        why = quoted(program.notes, "restriction") or shortened(program.notes)
        return say("utter_program_way_in_restricted", notes=why, answer=line).strip()
    note = quoted(program.notes, "route", most=1)
    when = "; ".join(part for part in (FACT["lead"].words(program, say), program.application_window) if part)
    line = say("utter_program_way_in_when", answer=line, when=when) if line and when else line
    return say("utter_program_answer_see_note", answer=line, notes=note).strip() if note else line


def _acceptance(program: Program, topic: str, asked: AskedAspects, *, say: Say) -> str:
    words = audience_words(program, say)
    if asked.audience and program.audience:
        fits = asked.audience in program.audience
        if fits and program.accepts_international == "yes":
            return say("utter_program_answer_accepts_yes", audience=words)
        return _fitting(program, words, say) if fits else say("utter_program_answer_audience_no", audience=words)
    if program.accepts_international == "yes":
        return say("utter_program_answer_accepts_yes", audience=words)
    return _restriction(program, say)


def _fitting(program: Program, audience: str, say: Say) -> str:
    """For whom it is, with what stands in the way first: no bare "yes" where only some are taken."""
    keys = {"restricted": "utter_program_answer_audience_some", "": "utter_program_answer_audience_unknown"}
    return say(keys[program.accepts_international], audience=audience, notes=_why(program)).strip()


def _restriction(program: Program, say: Say) -> str:
    keys = {"restricted": "utter_program_answer_accepts_restricted", "": "utter_program_answer_accepts_unknown"}
    assert program.accepts_international in ACCEPTS
    return say(keys[program.accepts_international], notes=_why(program)).strip()


def _why(program: Program) -> str:
    return quoted(program.notes, "restriction") or shortened(program.notes)
