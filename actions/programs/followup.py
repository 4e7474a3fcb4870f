"""A question that names no program while programs are shown is about them, and answered from their rows.

The cards stand above, so the answer is a line for each program, with its source.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from actions.base import return_to_question
from actions.dialogue.acts import start_of
from actions.programs.asked import asked_aspects, asked_columns, column_of, exam_of_it, likeliest_question
from actions.programs.details import MOST_NAMED, in_the_house, of_the_house, turned_away, turns_away
from actions.programs.running import changes_search, running
from actions.programs.screen import TASKS, Screen, called, screen, sources, widened
from actions.topics import about, is_topic, titles, topic_answers
from actions.turn import Outcome, Turn
from bot.content.change import TOPIC_PREFIX
from bot.costs.wording import length_words
from bot.dialogue import state
from bot.dialogue.profile import asked_stage
from bot.dialogue.subjects import asked_by_facts
from bot.nlu.message import intent_of
from bot.programs import aspects, service
from bot.programs.cards import FACT, Say
from bot.programs.inquiry import AUDIENCE_OF, OF_MONEY, AskedAspects
from bot.programs.measures import asked_figures, stays
from bot.programs.notes import quoted, with_figures
from bot.programs.program import ROTATION_TYPES, Program
from bot.programs.reference import (
    asks_if_there,
    is_in_general,
    may_be_about_shown,
    points_at_shown,
    points_there,
    selection,
)
from bot.programs.results import cheapest
from bot.programs.verdicts import Verdict, judged
from bot.programs.vocabulary import vocabulary
from bot.reply.parts import Reply, Text

MEANT = frozenset({"ask_program"})  # and every topic of the FAQ
UNSURE = 0.4
"""Below it a question that looks like a feeling or like something else may be about what is shown."""
MOST_NAMED_BOTH = 2
"""Programs on the screen up to which a question without a name is about both."""
EARLIEST, LATEST = "earliest_deadline", "latest_deadline"
DEADLINES = {EARLIEST: "utter_program_earliest_deadline", LATEST: "utter_program_latest_deadline"}
SHORTEST, LONGEST = "shortest_one", "longest_one"
BY_LENGTH: Mapping[str, Callable[[Program], float | None]] = {
    SHORTEST: lambda item: item.duration_weeks_min or item.duration_weeks_max,
    LONGEST: lambda item: item.duration_weeks_max or item.duration_weeks_min,
}
WEAK = frozenset({"inform", "refine_search", "affirm", "deny", "unsure", state.FALLBACK})


def is_about_shown(turn: Turn) -> bool:
    """Whether a message asks something about what is on the screen."""
    message, shown = turn.message, screen(turn)
    if shown is None:
        return False
    if _figure_of(turn, shown) or _length_of(turn, shown) or _by_length(turn, shown) or _by_deadline(turn, shown):
        return True
    is_of_one = message.frame.does("have_one") and bool(message.frame.named("institution"))  # whatever it is asked of
    if is_of_one or not _is_question(turn) or changes_search(turn):
        return False
    if _in_notes(turn, shown):
        return True
    asked = asked_aspects(turn)
    if not asked.topics:
        return False
    if (named := shown.named(message)) and message.frame.does("ask"):
        return not _names_more(turn, shown) and _are_of_the_type(turn, named)
    if points_at_shown(message, len(shown.listed), is_one=shown.is_one) and shown.is_latest:
        return True
    if exam_of_it(turn) or _asks_the_cheapest(turn, shown):
        return True
    if not may_be_about_shown(message):
        return False
    is_few = shown.is_one or len(shown.listed) <= MOST_NAMED_BOTH
    return is_few and message.frame.does("ask") if shown.is_latest else _comes_back(turn, shown)


def _asks_the_cheapest(turn: Turn, shown: Screen) -> bool:
    return shown.is_latest and turn.message.frame.does("cheapest_one") and cheapest(shown.listed) is not None


def _comes_back(turn: Turn, shown: Screen) -> bool:
    """Whether something is pointed at that was shown before other things, or "its cost?" follows a plan for it."""
    frame = turn.message.frame
    if points_there(frame) or selection(frame, len(shown.listed)):
        return True
    return shown.is_one and turn.task == "timeline" and _asks_a_column(turn) and not frame.dimensions


def about_shown(turn: Turn) -> Outcome | None:
    """What was asked, for each program that is meant; None when the message asks nothing about them."""
    shown = screen(turn) if is_about_shown(turn) else None
    if shown is None:
        return None
    if said := _figure_of(turn, shown) or _length_of(turn, shown) or _in_notes(turn, shown):
        return Outcome(Reply((said,)), {"task": "program", "asked": None})
    if best := _by_length(turn, shown) or _by_deadline(turn, shown):
        return best
    query = running(turn)
    is_list = turn.task == "search" and not (query and query.sort == "price")  # "the cheapest? do they ...?" means one
    shown = widened(shown, turn.message, is_list=is_list)
    programs = _meant(turn, shown)
    asked = for_whom(turn, asked_aspects(turn))
    lines = _lines(turn, shown, programs, asked)
    is_topic = turn.message.intent.startswith(TOPIC_PREFIX)
    buttons = titles(turn, (turn.message.intent,)) if is_topic else ()
    reply = Reply((Text("\n\n".join(lines), sources(programs)),), buttons)
    reply = _in_general_too(turn, reply, programs, asked, is_one=shown.is_one)
    is_own_question = turn.task in TASKS
    meant = programs if len(programs) == 1 else _only_yes(programs, asked)
    is_one_now = len(meant) == 1 and (is_own_question or not turn.asked)
    slots: dict[str, Any] = {} if shown.is_one else {"focus": None}
    slots |= {"task": "program", "focus": [meant[0].slug]} if is_one_now else {}
    if turns_away(programs, asked) and (others := of_the_house(turn, programs[0], asked.audience)):
        slots |= {"task": "program", "focus": [item.slug for item in (*programs, *others[:MOST_NAMED])]}
    if is_own_question:
        return Outcome(reply, {**slots, "asked": None})
    return Outcome(return_to_question(turn, reply), slots)


def _lines(turn: Turn, shown: Screen, programs: tuple[Program, ...], asked: AskedAspects) -> tuple[str, ...]:
    """What is asked of each program that is meant, with its name where it did not stand alone on the screen."""
    say = turn.responses.text
    lines = turned_away(turn, programs, asked)
    lines = lines or aspects.answers(programs, asked, say=say, named={} if shown.is_one else _names(programs))
    if len(programs) == 1 and (len(shown.listed) > 1 or not shown.is_one or programs != shown.programs):
        lines = tuple(say("utter_program_answer_line", program=programs[0].title, answer=line) for line in lines)
    return (*lines, *in_the_house(turn, programs, asked))


def _in_notes(turn: Turn, shown: Screen) -> Text | None:
    """What the notes of the one program just talked about say to a question that none of its columns answers."""
    if not (shown.is_one and shown.is_latest and may_be_about_shown(turn.message)):
        return None
    if said := _of_money(turn, shown):
        return said
    if not turn.message.frame.does("ask"):
        return None
    asked, say = asked_aspects(turn), turn.responses.text
    silent = [p for p in shown.programs if not asked.topics or aspects.says_nothing(p, asked, say=say)]
    if len(silent) < len(shown.programs):
        return None
    with turn.container.database.unit() as session:
        telling = service.shelves(session).telling
    for program in silent:
        if told := aspects.told_in_notes(program, turn.message, telling=telling, say=say):
            return Text(say("utter_program_answer_line", program=program.title, answer=told), sources((program,)))
    return None


def _of_money(turn: Turn, shown: Screen) -> Text | None:
    """What the page says of money back or of ways to pay, where these are asked; where it is silent the FAQ answers."""
    asked = [column for column in OF_MONEY if turn.message.frame.does(f"{state.ASKS}{column}")]
    notes = ((program, quoted(program.notes, column)) for program in shown.programs for column in asked)
    return next((_from_page(turn, program, note) for program, note in notes if note), None)


def _from_page(turn: Turn, program: Program, note: str) -> Text:
    said = turn.responses.text("utter_program_answer_quote", notes=note)
    words = turn.responses.text("utter_program_answer_line", program=program.title, answer=said)
    return Text(words, sources((program,)))


def _only_yes(programs: tuple[Program, ...], asked: AskedAspects) -> tuple[Program, ...]:
    """The one of several that is a yes to "which of them gives letters?": what is asked next is asked of it."""
    found = tuple(program for program in programs if asked.is_which and judged(program, asked) is Verdict.YES)
    return found if len(found) == 1 else ()


def _figure_of(turn: Turn, shown: Screen) -> Text | None:
    """What the page of the program talked about says of the very sum that is asked about: "what is the 100 for?"."""
    figures = asked_figures(turn.message.frame)
    if not figures or turn.message.is_button or not (shown.is_latest or turn.task == "cost"):
        return None
    is_of_all = shown.is_one or turn.message.frame.does("you_said")
    meant = shown.named(turn.message) or (shown.programs if is_of_all else ())
    for program in meant:
        if note := with_figures(program.notes, figures):
            return _from_page(turn, program, note)
    return None


def _length_of(turn: Turn, shown: Screen) -> Text | None:
    """Whether the one program talked about takes people for so long: "could it be 6 weeks instead?"."""
    frame = turn.message.frame
    lengths = tuple(length for length in stays(frame) if length.bound != "min")
    is_asked = (frame.does("whether") and frame.does("it", "there")) or "duration" in asked_columns(turn)
    if (
        not is_asked
        or frame.does("enough", "which_of")
        or is_in_general(frame)
        or len(lengths) != 1
        or frame.entities
        or not (shown.is_one and shown.is_latest)
    ):
        return None
    meant = [program for program in shown.programs if not program.is_closed]
    if len(meant) != 1:
        return None
    return Text(length_words(meant[0], lengths[0].weeks[1], turn.responses.text), sources(meant))


def _by_length(turn: Turn, shown: Screen) -> Outcome | None:
    """Which of several programs is the shortest or the longest, as far as their pages tell; it is talked about then."""
    name, say = next((name for name in BY_LENGTH if turn.message.frame.does(name)), ""), turn.responses.text
    listed = _side_by_side(turn, shown)
    if not name or turn.message.is_button or not shown.is_latest or len(listed) < 2:
        return None
    weeks = {item.slug: length for item in listed if (length := BY_LENGTH[name](item))}
    slots: dict[str, Any] = {"task": "program", "asked": None}
    if not weeks:
        return Outcome(Reply((Text(say("utter_program_no_lengths"), sources(listed)),)), slots)
    most = (min if name == SHORTEST else max)(weeks.values())
    found = tuple(item for item in listed if weeks.get(item.slug) == most)
    names = called(listed)
    lines = (
        say("utter_program_answer_line", program=names[item.slug], answer=FACT["duration"].words(item, say))
        for item in found
    )
    key = "utter_program_shortest" if name == SHORTEST else "utter_program_longest"
    text = say(key, programs="\n".join(f"- {line}" for line in lines))
    said = Text("\n\n".join([text, *_silent(names, weeks, say)]), sources(found))
    return Outcome(Reply((said,)), slots | {"focus": [item.slug for item in found] if len(found) == 1 else None})


def _by_deadline(turn: Turn, shown: Screen) -> Outcome | None:
    """Which of several programs closes first or last, by how early one must apply; it is talked about then.

    Days of a window are no deadline, so a page with those alone states none.
    """
    name, say = next((name for name in (EARLIEST, LATEST) if turn.message.frame.does(name)), ""), turn.responses.text
    listed = _side_by_side(turn, shown)
    if not name or turn.message.is_button or not shown.is_latest or len(listed) < 2:
        return None
    names = called(listed)
    months = {item.slug: item.apply_months_before_min or item.apply_months_before_max for item in listed}
    stated = sorted((p for p in listed if months[p.slug]), key=lambda p: months[p.slug] or 0, reverse=name == EARLIEST)
    slots: dict[str, Any] = {"task": "program", "asked": None, "focus": [stated[0].slug] if stated else None}
    if not stated:
        return Outcome(Reply((Text(say("utter_program_no_deadlines"), sources(listed)),)), slots)
    lead = FACT["lead"].words(stated[0], say)
    key = DEADLINES[name] if len(stated) > 1 else "utter_program_only_deadline"
    lines = [say(key, program=names[stated[0].slug], lead=lead)]
    if rest := "; ".join(f"{names[item.slug]} ({FACT['lead'].words(item, say)})" for item in stated[1:]):
        lines.append(say("utter_program_deadlines_rest", programs=rest))
    lines += _silent(names, [item.slug for item in stated], say)
    return Outcome(Reply((Text("\n\n".join(lines), sources(stated)),)), slots)


def _side_by_side(turn: Turn, shown: Screen) -> tuple[Program, ...]:
    """The programs of which one is the shortest or closes first: the list, else the last two houses shown."""
    listed = widened(shown, turn.message).listed
    return listed if len(listed) > 1 else shown.pair


def _silent(names: Mapping[str, str], stated: Collection[str], say: Say) -> list[str]:
    """Which programs of some (name by slug) do not state what was asked."""
    silent = "; ".join(name for slug, name in names.items() if slug not in stated)
    return [say("utter_program_which_silent", names=silent)] if silent else []


def for_whom(turn: Turn, asked: AskedAspects) -> AskedAspects:
    """A question which of several would take the person is answered for their stage."""
    stage = AUDIENCE_OF.get(turn.subject.career_stage or "", "")
    if not stage or asked.audience or not (turn.message.frame.does("for_me") and asked.is_which):
        return asked
    return replace(asked, topics=("audience",), audience=stage)


def bare_question(turn: Turn) -> Outcome | None:
    """What the FAQ says to a bare word for a column ("visa?") while no program is meant; None for other messages."""
    topic = state.bare_question(turn.message, intent_of(turn.slots.get("last_topic") or ""))
    is_bare = turn.message.intent in state.FOLLOWING and not turn.message.is_button
    if not topic or not is_bare or not is_topic(turn, topic):
        return None
    return Outcome(return_to_question(turn, topic_answers(turn, (topic,))), about(turn, topic))


def _is_question(turn: Turn) -> bool:
    message = turn.message
    if message.is_button:
        return False
    if message.frame.does("which_of") or _asks_a_column(turn) or exam_of_it(turn):
        return True
    if message.frame.does("follow_up", *(("bare",) if turn.task == "program" else ())) and asked_stage(message):
        return True
    is_guess = message.intent in state.OFTEN_GUESSED and message.confidence < UNSURE and message.frame.does("ask")
    is_meant = message.intent in MEANT or message.intent.startswith(TOPIC_PREFIX) or is_guess
    is_meant = is_meant or (turn.task == "compare" and message.intent == "compare_programs")
    if message.frame.named("specialty") and asks_if_there(message.frame):
        return True
    is_weak = message.intent in WEAK and (bool(message.questions) or bool(likeliest_question(message)))
    return is_meant or is_weak


def _asks_a_column(turn: Turn) -> bool:
    """Whether a message asks for one fact in a word, or if the person would be taken, whatever else it looks like."""
    frame = turn.message.frame
    is_guess = turn.message.intent not in state.OFTEN_GUESSED or turn.message.confidence < state.CERTAIN
    return any(act.name.startswith(state.ASKS) for act in frame.acts) or (frame.does("fits_me") and is_guess)


def _names_more(turn: Turn, shown: Screen) -> bool:
    """Whether a message names an institution that is not on the screen as well."""
    names = {program.institution for program in shown.listed}
    return any(item.value not in names and item.text for item in turn.message.frame.named("institution")) and not any(
        item.value in names for item in turn.message.frame.named("institution")
    )


def _are_of_the_type(turn: Turn, programs: tuple[Program, ...]) -> bool:
    """Whether the programs are what a message names: no observership is meant by "the elective at ..."."""
    types = {name for name in turn.message.frame.wished("rotation_type") if name in ROTATION_TYPES}
    return not types or any(types & set(program.rotation_types) for program in programs)


def _meant(turn: Turn, shown: Screen) -> tuple[Program, ...]:
    """The results that are pointed at ("the second one") or called by name, else all that is shown."""
    pointed = [shown.listed[at - 1] for at in selection(turn.message.frame, len(shown.listed))]
    if turn.message.frame.does("cheapest_one") and (lowest := cheapest(shown.listed)):
        return (lowest,)
    meant = tuple(pointed) or shown.named(turn.message) or shown.programs
    if not shown.is_one or len(meant) == 1:
        return meant
    return aspects.narrow(meant, turn.message, specialties=vocabulary().specialties, career_stage=None)


def _names(programs: tuple[Program, ...]) -> dict[str, str]:
    """How each line is headed: results and columns with their institution; empty for the offerings of one."""
    if len({program.institution for program in programs}) == 1:
        return {}
    return called(programs)


def _in_general_too(
    turn: Turn, reply: Reply, programs: tuple[Program, ...], asked: AskedAspects, *, is_one: bool
) -> Reply:
    """The topic's answer below one that says only that the page is silent; what was told beside it decides on it."""
    own = {intent_of(topic) for name in asked.topics for topic in state.COLUMNS.get(name, ())}
    topics = [
        topic
        for topic in state.faq_topics(turn.message)
        if column_of(turn, topic) in asked.topics or intent_of(topic) in own
    ]
    if exam_of_it(turn) and not topics:
        topics = [state.COLUMNS[name][1] for name in asked.topics if name in state.COLUMNS]
    is_silent = all(aspects.says_nothing(item, asked, say=turn.responses.text) for item in programs)
    is_silent &= is_one or len(programs) == 1
    topics = [asked_by_facts(topic, tuple(turn.told)) or topic for topic in topics]
    if not topics or not is_silent or len(turn.message.questions) > 1:
        return reply
    said = reply.parts[0]
    general = topic_answers(turn, tuple(topics))
    meant = general.parts[0]
    if not isinstance(said, Text) or not isinstance(meant, Text):
        return reply
    words = turn.responses.text("utter_program_in_general", answer=said.text, general=start_of(meant.text, sentences=2))
    return Reply((Text(words, (*said.sources, *meant.sources)[:3], more=meant.more),), reply.suggestions)
