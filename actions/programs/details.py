"""One institution in conversation: what was asked is answered first, the cards below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions.dialogue.acts import start_of
from actions.programs.asked import ASK_PROGRAM, asked_aspects, asked_columns, column_of, takes_over
from actions.programs.running import kinds_of_talk, running
from actions.programs.screen import Screen, called, screen, sources, widened
from actions.topics import is_topic, topic_answers
from actions.turn import Outcome, Turn
from bot.costs.wording import length_words
from bot.dialogue.profile import asked_stage
from bot.dialogue.state import COLUMNS
from bot.nlu.frame import Time
from bot.programs import aspects, service
from bot.programs.cards import TYPES, Say, card, condition_words
from bot.programs.eligibility import UNSURE, bars, terms
from bot.programs.inquiry import AskedAspects, kinds_asked
from bot.programs.institutions import InstitutionMatch
from bot.programs.notes import quoted, shortened, warning
from bot.programs.obstacles import fitting_words, obstacles, tells_enough
from bot.programs.program import NOT_ON_THE_WARD, ROTATION_TYPES, Program
from bot.programs.reference import points_there, selection
from bot.programs.service import Shelves
from bot.programs.shared_list import address
from bot.programs.verdicts import WHO, by_name
from bot.programs.vocabulary import vocabulary
from bot.reply.parts import Programs, Reply, Suggestion, Text

SEARCHABLE = frozenset({"specialty", "state", "city", "region", "rotation_type"})
ELSEWHERE = ("institution", "state", "city", "region", "unknown_name")
OF_ACCEPTANCE = frozenset({"acceptance", "audience"})
OF_FITTING = OF_ACCEPTANCE | {"duration"}
"""What a yes or no to the person, or to so many weeks, answers by itself."""
OF_A_KIND = frozenset({"acceptance", "audience", "specialties", "hands_on"})
"""What a yes to a type of rotation answers by itself."""
COMPARE = "compare_programs"
SURE_NAMELESS = 0.4
"""Confidence below which words that name no program ask of none."""
LONGEST_TITLE = 40
MOST_ASKED = 3
"""Cards below the answer to a question."""
INSTEAD = {"students": "utter_program_instead_students", "graduates": "utter_program_instead_graduates"}
MOST_NAMED = 3
MOST_MEANT = 2
"""Offerings of one place that a talk came to, up to which they are what its name means when it is said again."""


def shown_slugs(turn: Turn) -> tuple[str, ...]:
    """The programs of the last list."""
    return tuple(turn.slots.get("last_results") or ())


def about(turn: Turn) -> Outcome | None:
    """Facts about what a message names or points at; None when it names nothing: it describes a search or is unsure."""
    carried = turn.message.values("program") if turn.message.is_button else ()
    if carried:
        return show_programs(turn, carried)
    with turn.container.database.unit() as session:
        known = service.shelves(session)
    found = findings(turn, known)
    named = tuple(dict.fromkeys(name for item in found for name in item.institutions))
    if len({item.institutions for item in found}) > 1:  # "does Ohio State take foreigners, or the Cleveland Clinic?"
        each = tuple(best_first(turn, known.programs_of(item.institutions))[0] for item in found)
        return _cards(turn, tuple(dict.fromkeys(each)), named[0], of_several=True)
    if named:
        offered = known.programs_of(named)
        return _kinds_at(turn, offered, named[0]) or _lacks(turn, offered, named[0]) or _about(turn, offered, named[0])
    if again := _pointed_at(turn):
        return show_programs(turn, again)
    return _unknown(turn, found)


def there(turn: Turn) -> Outcome | None:
    """Other offerings of what is on the screen: "and observerships there?"; None where no such thing is asked."""
    shown, wished = screen(turn), kinds_there(turn)
    if shown is None or not wished:
        return None
    with turn.container.database.unit() as session:
        known = service.shelves(session)
    meant = widened(shown, turn.message)
    institutions = tuple(dict.fromkeys(program.institution for program in meant.programs))
    if not meant.is_one:
        return _at_each(turn, known, institutions, wished)
    family = tuple(dict.fromkeys(name for one in institutions for name in (one, *known.directory.family(one))))
    offered = known.programs_of(family)
    fitting = _of_kinds(offered, wished)
    say = turn.responses.text
    if not fitting:
        said = _no_such_kind(turn, offered, institutions[0], wished)
        return Outcome(Reply((Text(said, sources(shown.programs)[:MOST_NAMED]),)), {"task": "program", "asked": None})
    if all(program.is_closed for program in fitting):
        said = say("utter_program_answer_closed", notes=shortened(fitting[0].notes))
        return Outcome(Reply((Text(said, sources(fitting)[:MOST_NAMED]),)), {"task": "program", "asked": None})
    answer = _about(turn, fitting, institutions[0])
    if set(asked_columns(turn)) - {"acceptance", "specialties", "hands_on"}:
        return answer
    return _led_by(answer, say("utter_program_such_type", type=_kinds(turn, wished), institution=institutions[0]))


def _at_each(turn: Turn, known: Shelves, institutions: tuple[str, ...], wished: frozenset[str]) -> Outcome:
    """What each of several houses has of a kind: "and observerships at those two?"; who has none is told as well."""
    say, lines = turn.responses.text, []
    found: list[Program] = []
    for name in institutions:
        offered = known.programs_of(known.directory.house(name))
        fitting = tuple(item for item in _of_kinds(offered, wished) if not item.is_closed)
        chosen = aspects.narrow(fitting, turn.message, specialties=vocabulary().specialties, career_stage=None)
        if not chosen:
            lines.append(_no_such_kind(turn, offered, name, wished))
            continue
        names = "; ".join(item.title for item in chosen[:MOST_NAMED])
        lines.append(say("utter_program_such_type_at", institution=name, programs=names))
        found += chosen[:MOST_NAMED]
    cards = tuple(card(program, today=turn.today, say=say) for program in found)
    text = Text("\n\n".join(lines), () if cards else sources(known.programs_of(institutions))[:MOST_NAMED])
    shown = [program.slug for program in found]
    slots = {"task": "program", "asked": None, **({"last_results": shown, "focus": None} if shown else {})}
    return Outcome(Reply((text, *((Programs(cards, len(found), address(found)),) if cards else ()))), slots)


def _kinds_at(turn: Turn, offered: tuple[Program, ...], institution: str) -> Outcome | None:
    """Whether a named institution offers a kind: "does ... have externships?"; None where something else is asked."""
    frame = turn.message.frame
    wished = frozenset(name for name in frame.wished("rotation_type") if name in ROTATION_TYPES)
    if frame.does("have_one") and not wished and (before := running(turn)):  # one of what was looked for
        wished = frozenset(before.rotation_types)
    if not (wished and frame.does("offers_kind", "have_one") and frame.does("whether")) or turn.message.is_button:
        return None
    fitting = _of_kinds(offered, wished)
    if not fitting:
        return _led_by(_about(turn, offered, institution), _no_such_kind(turn, offered, institution, wished))
    if all(program.is_closed for program in fitting):
        no = turn.responses.text("utter_program_answer_closed", notes=shortened(fitting[0].notes))
        return _led_by(_about(turn, fitting, institution), no.strip())
    if asked_stage(turn.message):
        return _about(turn, fitting, institution)
    asked = asked_aspects(turn)
    rest = tuple(topic for topic in asked.topics if topic not in OF_A_KIND) if len(asked.topics) > 1 else ()
    more = aspects.answers(fitting, replace(asked, topics=rest), say=turn.responses.text)
    said = "\n\n".join([_yes(turn, fitting, wished, institution), *more])
    return _led_by(_about(turn, fitting, institution), said)


def _lacks(turn: Turn, offered: tuple[Program, ...], institution: str) -> Outcome | None:
    """That a house has nothing of the kind asked about at the one before: "and Emory?"; None where it has."""
    kinds = frozenset(turn.slots.get("asked_kinds") or ())
    is_asked = bool(kinds) and takes_over(turn) and not kinds_asked(turn.message.frame)
    if not is_asked or not offered or _of_kinds(offered, kinds):
        return None
    return _led_by(_about(turn, offered, institution), _no_such_kind(turn, offered, institution, kinds))


def _yes(turn: Turn, fitting: tuple[Program, ...], wished: frozenset[str], institution: str) -> str:
    """Yes, or for whom only where each of the programs is restricted."""
    kinds, say = _kinds(turn, wished), turn.responses.text
    if all(program.accepts_international == "restricted" or program.is_closed for program in fitting):
        why = quoted(fitting[0].notes, "restriction", most=1) or shortened(fitting[0].notes)
        return say("utter_program_such_type_some", type=kinds, institution=institution, notes=why)
    return say("utter_program_such_type", type=kinds, institution=institution)


def _of_kinds(offered: tuple[Program, ...], wished: frozenset[str]) -> tuple[Program, ...]:
    return tuple(program for program in offered if wished & set(program.rotation_types))


def _kinds(turn: Turn, wished: frozenset[str]) -> str:
    return ", ".join(turn.responses.text(TYPES[name]) for name in sorted(wished))


def _no_such_kind(turn: Turn, offered: tuple[Program, ...], institution: str, wished: frozenset[str]) -> str:
    names = "; ".join(program.program_name for program in offered[:MOST_NAMED])
    kinds = _kinds(turn, wished)
    return turn.responses.text("utter_program_no_such_type", type=kinds, institution=institution, offered=names)


def _led_by(shown: Outcome, said: str) -> Outcome:
    """The cards of an answer below another text."""
    return Outcome(Reply((Text(said), *shown.reply.parts[1:]), shown.reply.suggestions), shown.slots)


def the_one(turn: Turn) -> tuple[str, ...]:
    """The programs on the screen that "the surgery one" means; none where it means none of them or all."""
    shown, frame = screen(turn), turn.message.frame
    if shown is None:
        return ()
    if frame.does("the_other") and shown.other:
        return (shown.other.slug,)
    places = {*frame.wished("state"), *frame.wished("city")}
    if not places and (meant := shown.called(turn.message)):
        return tuple(item.slug for item in meant)
    if not (frame.does("by_place") or (shown.is_latest and frame.does("which_one"))):
        return ()
    programs = shown.programs if len(shown.programs) > 1 else shown.listed
    if not frame.does("which_one") and not places:
        return ()
    fitting = [item for item in programs if not places or {item.state, item.city} & places]
    earlier = [] if fitting else [item for item in shown.before if {item.state, item.city} & places]
    chosen = aspects.narrow(fitting, turn.message, specialties=vocabulary().specialties, career_stage=None)
    if 0 < len(chosen) < len(programs):
        return tuple(item.slug for item in chosen)
    if earlier:
        return tuple(item.slug for item in earlier)
    return _of_the_house(turn, shown, places) if shown.is_one and places and frame.does("by_place") else ()


def _of_the_house(turn: Turn, shown: Screen, places: set[str]) -> tuple[str, ...]:
    """The offerings at a place of the institution on the screen: those shown, or else the others that it has there."""
    with turn.container.database.unit() as session:
        known = service.shelves(session)
    own = known.programs_of(known.directory.house(shown.programs[0].institution))
    shown_there, there = ([p.slug for p in of if {p.state, p.city} & places] for of in (shown.programs, own))
    return tuple(shown_there or there)


def kinds_there(turn: Turn) -> frozenset[str]:
    """The types of rotation that a message asks for at the place on the screen; none where it names another."""
    frame = turn.message.frame
    is_of_several = frame.does("them", "both")
    if turn.message.is_button or any(frame.named(kind) for kind in ELSEWHERE):
        return frozenset()
    shown = screen(turn)
    if shown is None or not (points_there(frame) or is_of_several):
        return frozenset()
    meant = widened(shown, turn.message)
    houses = {program.institution for program in meant.programs}
    is_of_two = is_of_several and shown.is_latest and len(houses) == MOST_MEANT and not frame.does("compare", "show")
    if not (points_there(frame) if meant.is_one or len(houses) == 1 else is_of_two):
        return frozenset()
    return frozenset(name for name in frame.wished("rotation_type") if name in ROTATION_TYPES)


def _pointed_at(turn: Turn) -> tuple[str, ...]:
    """The programs that a question without a name is about: pointed at, or the ones just shown."""
    shown = shown_slugs(turn)
    if turn.message.is_button or _unknown_name(turn):
        return ()
    pointed = tuple(shown[at - 1] for at in selection(turn.message.frame, len(shown)))
    is_asked = bool(asked_columns(turn)) or not _searchable(turn)
    is_meant = (turn.task == "program" and is_asked) or points_there(turn.message.frame)
    return pointed or tuple(turn.slots.get("focus") or ()) if is_meant else pointed


def _unknown_name(turn: Turn) -> str:
    """What looks like an institution's name and is in no list."""
    return next((item.text for item in turn.message.frame.named("unknown_name")), "")


def findings(turn: Turn, known: Shelves) -> tuple[InstitutionMatch, ...]:
    """What is named, by name or by place; nothing but the closest names where it is not known."""
    named = turn.message.frame.meant("institution")
    found = tuple(InstitutionMatch(known.directory.named(item), item.text) for item in named)
    if any(item.institutions for item in found):
        return tuple(item for item in found if item.institutions)
    if called := known.directory.called(_unknown_name(turn)):
        return (InstitutionMatch(called, _unknown_name(turn)),)
    return _named_by_place(turn, known) or (InstitutionMatch(closest=known.directory.closest(_unknown_name(turn))),)


def _searchable(turn: Turn) -> set[str]:
    return {item.kind for item in turn.message.frame.entities} & SEARCHABLE


def _named_by_place(turn: Turn, known: Shelves) -> tuple[InstitutionMatch, ...]:
    """ "Does Iowa need TOEFL" and "housing at Stanford" mean the universities, when one could not search by more."""
    beside = {"specialty"} if turn.message.intent == COMPARE else set()  # "or Columbia psychiatry"
    if turn.message.intent not in (ASK_PROGRAM, COMPARE) or not _searchable(turn) - beside <= {"state", "city"}:
        return ()
    names = [(item.text, f"University of {item.text}") for item in turn.message.frame.named("state")]
    cities = [item.text for item in turn.message.frame.named("city")]
    names += [(place, name) for place in cities for name in (place, f"{place} University")]
    found = [(place, known.directory.family(name)) for place, name in names]
    return tuple(InstitutionMatch(institutions, place) for place, institutions in found if institutions)


def _unknown(turn: Turn, found: tuple[InstitutionMatch, ...]) -> Outcome | None:
    name = _unknown_name(turn)
    if _searchable(turn) and not name:
        return None
    closest = tuple(name for item in found for name in item.closest)
    if not name and not closest:
        is_guess = turn.message.confidence < SURE_NAMELESS and not turn.message.is_button
        if is_guess or turn.asked == "program":
            return None
        return Outcome(turn.responses.reply("utter_program_ask_which"), {"task": "program", "asked": "program"})
    called = f"“{name}”" if name else turn.responses.text("utter_program_that_name")
    slots = {"task": "program", "asked": None}
    if not closest:
        return Outcome(turn.responses.reply("utter_program_unknown_no_close", name=called), slots)
    reply = turn.responses.reply("utter_program_unknown", name=called, closest="; ".join(closest))
    return Outcome(reply, slots)


def _about(turn: Turn, programs: tuple[Program, ...], institution: str) -> Outcome:
    chosen = aspects.narrow(
        programs, turn.message, specialties=vocabulary().specialties, career_stage=turn.subject.career_stage
    )
    return _cards(turn, _talked_about(turn, _of_the_kind(turn, chosen)), institution)


def _of_the_kind(turn: Turn, programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """The offerings of the kind that the talk is about: first, or alone where only the name is new ("and Mayo?")."""
    kinds = set(kinds_of_talk(turn))
    if kinds_asked(turn.message.frame):
        return programs
    fitting = tuple(item for item in programs if kinds & set(item.rotation_types))
    is_taken_over = bool(fitting) and takes_over(turn) and not OF_ACCEPTANCE & set(asked_columns(turn))
    return fitting if is_taken_over else (*fitting, *(item for item in programs if item not in fitting))


def best_first(turn: Turn, programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """Offerings of the institution that is meant first; open ones before closed ones, clinical ones before others."""
    wanted = set(turn.message.values("specialty"))
    of_field = tuple(item for item in programs if wanted & set(item.specialties))  # of whichever department
    of_kind = tuple(item for item in programs if {*kinds_asked(turn.message.frame)} & set(item.rotation_types))
    own = of_field or of_kind or tuple(item for item in programs if item.institution == programs[0].institution)
    chosen = aspects.narrow(
        own, turn.message, specialties=vocabulary().specialties, career_stage=turn.subject.career_stage
    )
    known = turn.slots.get("discussed") or ()
    by_talk = sorted(chosen, key=lambda item: (item.is_closed, set(item.rotation_types) <= NOT_ON_THE_WARD))
    return tuple(sorted(by_talk, key=lambda item: item.slug not in known))


def _talked_about(turn: Turn, programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """Of several offerings the ones that the talk came to before, where something is asked of a name said again."""
    known = set(turn.slots.get("discussed") or ())
    meant = tuple(program for program in programs if program.slug in known)
    is_asked = bool(asked_columns(turn)) and not turn.message.frame.does("offerings", "show")
    return meant if is_asked and 0 < len(meant) <= MOST_MEANT else programs


def show_programs(turn: Turn, slugs: tuple[str, ...]) -> Outcome:
    """The cards of some programs, with what was asked about them first."""
    with turn.container.database.unit() as session:
        known = service.shelves(session).catalog.by_slug
    programs = tuple(known[slug] for slug in slugs if slug in known)
    if not programs:
        return Outcome(turn.responses.reply("utter_program_ask_which"), {"task": "program", "asked": "program"})
    shown = _cards(turn, programs, programs[0].institution)
    return Outcome(shown.reply, {**shown.slots, "last_results": turn.slots.get("last_results")})


def _cards(turn: Turn, programs: tuple[Program, ...], institution: str, *, of_several: bool = False) -> Outcome:
    """What was asked, and the cards: of one house, or one program each of several."""
    say = turn.responses.text
    asked = asked_aspects(turn)
    names = called(programs) if of_several else {}
    meant = programs if names else aspects.answering(programs, asked)
    meant = meant[:MOST_ASKED] if asked.topics else programs[: aspects.MOST_CARDS]
    shown = meant if asked.topics else tuple(sorted(meant, key=lambda item: item.is_closed))
    fits = fitting_me(turn, shown) or turned_away(turn, shown, asked) or _of_weeks(shown, asked, say)
    asked = replace(asked, topics=tuple(name for name in asked.topics if name not in OF_FITTING)) if fits else asked
    answers = _named_alone([*fits, *aspects.answers(shown, asked, say=say, named=names)], programs, shown, asked, say)
    is_silent = bool(asked.topics) and all(aspects.says_nothing(item, asked, say=say) for item in shown)
    general = _in_general(turn, asked.topics, is_silent=is_silent)
    lines = [*answers, *general] if answers else [*general, *_intro(turn, programs, shown, institution, names)]
    lines += [*_others(programs, shown, institution, say), *_instead(programs, asked, say)] if answers else ()
    topics = asked.topics if asked.topics else ()
    cards = tuple(card(program, today=turn.today, say=say, asked=topics) for program in shown)
    parts = (Text("\n\n".join(lines)), Programs(cards, len(programs), address(programs)))
    slugs = [program.slug for program in shown]
    slots = {"task": "program", "asked": None, "last_results": slugs, "earlier": _earlier(turn, shown)}
    slots["focus"] = None if of_several else slugs
    slots |= {"start_month": f"{asked.start:%Y-%m}"} if asked.start else {}
    return Outcome(Reply(parts, _program_buttons(turn, shown)), slots)


def _of_weeks(shown: Sequence[Program], asked: AskedAspects, say: Say) -> tuple[str, ...]:
    """Whether the one program that is meant takes people for so many weeks: "can I do 12 weeks at Emory?"."""
    is_of_one = len(shown) == 1 and asked.topics == ("duration",) and not shown[0].is_closed
    return (length_words(shown[0], asked.weeks, say),) if is_of_one and asked.weeks else ()


def _named_alone(
    answers: list[str], programs: Sequence[Program], shown: Sequence[Program], asked: AskedAspects, say: Say
) -> list[str]:
    """The answers with the name of the one of several offerings that they are about."""
    others = [item for item in programs if item not in shown and not item.is_closed]
    is_of_page = not set(asked.topics) & set(aspects.OF_NO_PAGE)
    if not (is_of_page and others and len(shown) == 1) or asked.audience:
        return answers
    return [say("utter_program_answer_line", program=shown[0].title, answer=line) for line in answers]


def _earlier(turn: Turn, shown: Sequence[Program]) -> str | None:
    """The program of another institution that stood on the screen before, for "compare the two"."""
    before = screen(turn)
    if before and before.is_one and before.programs[0].institution != shown[0].institution:
        alike = [item for item in before.programs if set(item.rotation_types) & set(shown[0].rotation_types)]
        return (alike or before.programs)[0].slug
    return turn.slots.get("earlier")


def _in_general(turn: Turn, topics: tuple[str, ...], *, is_silent: bool) -> tuple[str, ...]:
    """What the FAQ answers to a question that no column of a program does, or none that the page fills."""
    if turn.message.is_button or turn.message.intent != ASK_PROGRAM:
        return ()
    asked = tuple(
        name for name, _ in turn.message.aspects if is_topic(turn, name) and (is_silent or not column_of(turn, name))
    )
    columns = topics if is_silent and not asked else ()
    asked += tuple(topic for name in columns[:1] if (topic := COLUMNS.get(name, ("", ""))[1]))
    parts = topic_answers(turn, asked).parts if asked else ()
    said = tuple(start_of(part.text, sentences=2) for part in parts if isinstance(part, Text))
    return tuple(turn.responses.text("utter_program_general_rule", general=text) for text in said) if columns else said


def fitting_me(turn: Turn, programs: Sequence[Program]) -> tuple[str, ...]:
    """Whether the person could get in, by what they told, where that is asked or they just tell it; else nothing."""
    frame, person, say = turn.message.frame, turn.subject, turn.responses.text
    is_asked = frame.does("fits_me") or (frame.does("feasible") and not frame.measures(Time)) or turn.only_tells
    is_asked |= frame.does("puts_right") and len(programs) == 1 and bool(person.career_stage)
    if turn.message.is_button or not is_asked or not tells_enough(person):
        return ()
    if len(programs) > 1:
        fitting = fitting_words(programs, person, names=called(programs), say=say, today=turn.today)
        return (fitting or say("utter_program_fits_all"),)
    (program,) = programs
    found = obstacles(program, person, say, today=turn.today)
    if found:
        return (say("utter_program_fits_not", reasons=f" {say('utter_compare_and')} ".join(found)),)
    if program.accepts_international != "yes":
        return (_opening(program, say),)
    noted = quoted(program.notes, "restriction", most=1) or quoted(program.notes, "conditions", most=1)
    conditions = f"{condition_words(program, say)} {noted}".strip()
    return (say("utter_program_fits", notes=conditions or warning(program.notes)).strip(),)


def turned_away(turn: Turn, programs: Sequence[Program], asked: AskedAspects) -> tuple[str, ...]:
    """Whether somebody is turned away by citizenship, year or goal, where it is asked if a program takes people."""
    meant = [program for program in programs if not program.is_closed]
    if turn.message.is_button or len(meant) != 1 or not OF_ACCEPTANCE & set(asked.topics):
        return ()
    if not set(bars(terms(meant[0]), turn.subject, turn.today)) - UNSURE:
        return ()
    say = turn.responses.text
    reasons = obstacles(meant[0], turn.subject, say, today=turn.today)
    return (say("utter_program_fits_not", reasons=f" {say('utter_compare_and')} ".join(reasons)),)


def turns_away(programs: Sequence[Program], asked: AskedAspects) -> bool:
    """Whether the one program that is meant is not for the stage that is asked about."""
    meant = [item for item in programs if item.audience and not item.is_closed]
    return len(programs) == len(meant) == 1 and bool(asked.audience) and asked.audience not in meant[0].audience


def of_the_house(turn: Turn, program: Program, audience: str) -> tuple[Program, ...]:
    """What else the institution of a program has for a stage."""
    with turn.container.database.unit() as session:
        known = service.shelves(session)
    own = known.programs_of(known.directory.house(program.institution))
    return tuple(item for item in own if audience in item.audience and not item.is_closed)


def in_the_house(turn: Turn, programs: Sequence[Program], asked: AskedAspects) -> tuple[str, ...]:
    """What else the institution of a program that turns a stage away has for that stage; that none is known."""
    if not turns_away(programs, asked):
        return ()
    (program,), say = programs, turn.responses.text
    fitting = of_the_house(turn, program, asked.audience)
    who, names = say(WHO[asked.audience]), "; ".join(item.title for item in fitting[:MOST_NAMED])
    key = "utter_program_house_has" if fitting else "utter_program_house_none"
    return (say(key, institution=program.institution, who=who, programs=names),)


def _instead(programs: Sequence[Program], asked: AskedAspects, say: Say) -> tuple[str, ...]:
    """What is open to people whom none of the offerings takes."""
    is_no = bool(asked.audience) and all(item.audience and asked.audience not in item.audience for item in programs)
    return (say(INSTEAD[asked.audience]),) if is_no else ()


def _others(programs: Sequence[Program], shown: Sequence[Program], institution: str, say: Say) -> tuple[str, ...]:
    """How many offerings more there are than those that are answered."""
    others = len(programs) - len(shown)
    return (say("utter_program_others", institution=institution, count=others),) if others > 0 else ()


def _intro(
    turn: Turn, programs: tuple[Program, ...], shown: tuple[Program, ...], institution: str, names: Mapping[str, str]
) -> tuple[str, ...]:
    """The line above the cards where nothing about them was asked; `names` are those of several institutions."""
    count, say = len(programs), turn.responses.text
    if names:
        return (say("utter_program_of_each", names="; ".join(names.values())),)
    if count == 1:
        with turn.container.database.unit() as session:
            telling = service.shelves(session).telling
        told = aspects.told_in_notes(programs[0], turn.message, telling=telling, say=say)
        return (told or _opening(programs[0], say),)
    if all(program.is_closed for program in programs):
        return (say("utter_program_all_closed", institution=institution),)
    if for_stage := _for_stage(turn, shown, institution, count=count):
        return (for_stage,)
    if count <= aspects.MOST_CARDS:
        return (say("utter_program_several", institution=institution, count=count),)
    return (say("utter_program_several_first", institution=institution, count=count, shown=aspects.MOST_CARDS),)


def _for_stage(turn: Turn, shown: tuple[Program, ...], institution: str, *, count: int) -> str:
    """Which of several offerings take whom the talk is about; empty where their stage is unknown, or at a button."""
    audience = {"student": "students", "graduate": "graduates"}.get(turn.subject.career_stage or "", "")
    if not audience or turn.message.is_button:
        return ""
    asked = AskedAspects(("audience",), audience, is_which=True)
    names = {program.slug: program.program_name for program in shown}
    verdicts = "\n".join(by_name(shown, asked, names=names, say=turn.responses.text))
    return turn.responses.text("utter_program_several_for", institution=institution, count=count, verdicts=verdicts)


def _opening(program: Program, say: Say) -> str:
    """A closed or restricted program says so before anything else."""
    if program.is_closed:
        return say("utter_program_one_closed", institution=program.institution, notes=shortened(program.notes))
    if program.accepts_international == "restricted":
        why = quoted(program.notes, "restriction") or shortened(program.notes)
        return say("utter_program_one_restricted", institution=program.institution, notes=why)
    return say("utter_program_one", institution=program.institution)


def _program_buttons(turn: Turn, programs: tuple[Program, ...]) -> tuple[Suggestion, ...]:
    if len(programs) == 1:
        return turn.responses.buttons("utter_program_buttons", slug=programs[0].slug)
    return tuple(Suggestion(short_title(item), f'/ask_program{{"program": "{item.slug}"}}') for item in programs)


def short_title(program: Program) -> str:
    """A program's name for a button."""
    title = program.program_name
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
