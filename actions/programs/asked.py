"""What a message asks about a program: the columns of the database that answer it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.programs.screen import screen
from actions.turn import Turn
from bot.content.change import TOPIC_PREFIX
from bot.dialogue.state import ASKS, CLEAR_SHARE, COLUMNS, FOLLOWING, SURE_TOPIC, asked_aspect
from bot.nlu.frame import Frame
from bot.nlu.message import ASPECT, Message, Question, intent_of
from bot.nlu.when import When, start_of
from bot.programs.aspects import OF_NO_PAGE, PAPERS
from bot.programs.inquiry import EXAMS_OF, OF_MONEY, AskedAspects, kinds_asked, read_question
from bot.programs.institutions import distinctive
from bot.programs.reference import asks_if_there, points_there
from bot.programs.requirements import REQUIREMENTS
from bot.reply.responses import answer_of

ASK_PROGRAM = "ask_program"
GENERAL = "general"
PLACES = "places"
SURE_SHARE = 0.8
"""Share from which an aspect of ask_program is meant although the message asks another question of a topic."""
SURE_ASKED = 0.4
"""Below it a question is what its words name, and not what it looks like as well."""
SURE_OWN = 0.6
"""Share of its topic below which an aspect gives way to a sure question about a program."""
OF_A_TIME = frozenset({PLACES, "lead", "acceptance"})
"""Columns that a question for a month at a place is taken for."""
OF_LIVING = frozenset({"housing", "living", "food", "transport", "flights"})
"""Expenses that are no part of what a program charges."""
WORTH_ASKING = 0.1
"""Sureness of a topic from which its question may be meant by a message that alone means something else."""
MOST_BESIDE = 3
"""Words beside names in a message that takes the last question over."""
_OF_A_NAME = frozenset({"ask_program/general", "ask_program/acceptance", "ask_program/places"})
"""What a name alone seems to ask."""
OF_NAMES = (("goal", "letters", "lor"), ("rotation_type", "hands_on", "hands_on"))
"""What names ask of several programs: "which of them are hands-on"."""
TOPIC_COLUMNS = {topic: column for column, (topic, _) in COLUMNS.items() if topic}
"""The column of a topic that is asked as a whole."""


def asked_columns(turn: Turn) -> tuple[str, ...]:
    """The columns in the order in which they are asked for; none for "tell me about ..." or a button."""
    message = turn.message
    if message.is_button or (message.frame.does("puts_right", "among_shown") and message.frame.named("institution")):
        return ()
    if message.intent == ASK_PROGRAM:
        clear = [aspect for aspect, share in message.aspects if share >= CLEAR_SHARE]
        asked = clear or [aspect for aspect, _ in message.aspects[:1]]
    else:
        asked = [part.aspect or part.intent for part in _questions(message)]
    bare = _in_a_word(message) or _field_of_it(turn) or list(exam_of_it(turn))
    if bare and (not asked or message.confidence < SURE_ASKED or _is_whole(message)):
        return tuple(dict.fromkeys(bare))
    if columns := _of_the_last_topic(turn, asked):
        return columns
    one = likeliest_question(message) or asked_aspect(message)
    found = [column_of(turn, aspect) for aspect in asked] or [_column_of_one(turn, one)]
    if not message.frame.does("ask", "whether"):
        found = [column for column in found if column != PLACES]  # "electives at Baylor" asks for no free place
    if OF_LIVING & {*message.frame.wished("expense")}:  # "how much is rent there?" asks for no fee of a program
        found = [column for column in found if column != "fee"]
    return tuple(dict.fromkeys((*bare, *filter(None, found))))


def asked_aspects(turn: Turn) -> AskedAspects:
    """What a message asks of programs, and for whom: "and Stanford?" goes on asking for graduates."""
    columns = asked_columns(turn)
    is_of_people = takes_over(turn) and bool({"acceptance", "audience"} & set(columns))
    asked = read_question(turn.message, columns, (turn.slots.get("asked_for") or "") if is_of_people else "")
    return replace(asked, start=_start(turn)) if "lead" in asked.topics else asked


def kinds_kept(turn: Turn) -> list[str]:
    """The kinds of rotation that the talk is about after a message; a question of another house begins anew."""
    frame, shown = turn.message.frame, screen(turn)
    if named := kinds_asked(frame):
        return named
    said = {word for item in frame.named("institution") for word in distinctive(item.value)}
    known = {word for item in (shown.before if shown else ()) for word in distinctive(item.institution)}
    is_elsewhere = bool(said) and not said & known and not takes_over(turn)
    return [] if is_elsewhere else list(turn.slots.get("asked_kinds") or ())


def _start(turn: Turn) -> date | None:
    """The first day of the time wished for, by this message or told before."""
    said, kept = start_of(turn.message.frame, turn.today), turn.profile.start_month
    if isinstance(said, When):
        return said.first
    return date.fromisoformat(f"{kept}-01") if kept else None


def takes_over(turn: Turn) -> bool:
    """Whether a message only names another place and asks there what was asked before: "and Stanford?"."""
    return bool(_of_the_last_topic(turn, [part.aspect or part.intent for part in _questions(turn.message)]))


def _questions(message: Message) -> list[Question]:
    """The parts that ask something: who adds "I've heard of scams" only tells."""
    asked = [act for act in message.frame.acts if act.name == "ask"]
    spans = [(part, message.text.find(part.text)) for part in message.questions]
    asking = [p for p, at in spans if at < 0 or any(a.start < at + len(p.text) and at < a.end for a in asked)]
    return asking or list(message.questions)


def _in_a_word(message: Message) -> list[str]:
    """The columns that words of a message name by themselves, whatever the whole looks like: "and the fee?"."""
    frame, is_named = message.frame, bool(message.frame.named("institution"))
    bare = [act.name.removeprefix(ASKS) for act in frame.acts if act.name.startswith(ASKS)]
    if not is_named:  # without a name the FAQ knows more of refunds than most pages
        bare = [column for column in bare if column not in OF_MONEY]
        bare = [column for column in bare if column not in REQUIREMENTS or _is_of_shown(frame)]
    is_of_place = is_named or points_there(frame) or frame.does("them")
    bare += ["lead"] if frame.does("latest") and frame.does("ask") and is_of_place else []
    bare += ["acceptance"] if frame.does("fits_me") else []
    bare += ["specialties"] if frame.named("specialty") and asks_if_there(frame) else []
    is_of_visa = message.intent == ASK_PROGRAM or _is_of_shown(frame)
    bare += ["visa"] if frame.named("visa_class") and frame.does("ask") and is_of_visa else []
    if points_there(frame) or frame.does("which_of"):
        bare += [column for item in frame.named("exam") for column in EXAMS_OF.get(item.value, ())]
    if frame.does("which_of"):
        bare += [column for kind, name, column in OF_NAMES if name in message.values(kind)]
    return bare


def _field_of_it(turn: Turn) -> list[str]:
    """The specialties of the one program talked about, where one is named and no list could be narrowed by it."""
    frame, shown = turn.message.frame, screen(turn)
    is_only_named = frame.does("bare", "follow_up") and {item.kind for item in frame.entities} == {"specialty"}
    is_of_it = shown is not None and shown.is_one and shown.is_latest and turn.task == "program"
    return ["specialties"] if is_of_it and is_only_named and not turn.slots.get("query") else []


def exam_of_it(turn: Turn) -> tuple[str, ...]:
    """The exam that a few words more ask of the one program talked about: "and TOEFL? my school teaches in English"."""
    frame, shown = turn.message.frame, screen(turn)
    is_of_it = shown is not None and shown.is_one and shown.is_latest and turn.task == "program"
    if not is_of_it or turn.message.is_button or not frame.does("follow_up"):
        return ()
    named = (item for item in frame.named("exam") if item.polarity == "named")
    return tuple(dict.fromkeys(column for item in named for column in EXAMS_OF.get(item.value, ())))


def asks_for_a_time(turn: Turn) -> bool:
    """Whether somebody asks if they can be at the one place on the screen in a month: "could I go there in June?"."""
    frame, shown = turn.message.frame, screen(turn)
    if turn.message.is_button or shown is None or not (shown.is_one and shown.is_latest):
        return False
    is_dated = isinstance(start_of(frame, turn.today), When) and not frame.entities
    is_of_it = frame.does("there", "it", "latest") and frame.does("first_person") and frame.does("ask")
    return is_dated and is_of_it and set(asked_columns(turn)) <= OF_A_TIME


def _is_whole(message: Message) -> bool:
    """Whether words for single facts are all that is asked: "the second one, what's the fee?", "price and length"."""
    acts = [act for act in message.frame.acts if act.name.startswith(ASKS)]
    said = sum(len(message.text[act.start : act.end].split()) for act in acts)
    return bool(acts) and said + len(acts) > len(message.text.split())


def _is_of_shown(frame: Frame) -> bool:
    """Whether what is on the screen is meant, and not rotations at large: "do they take US citizens?"."""
    return points_there(frame) or frame.does("it", "them", "which_of")


def _of_the_last_topic(turn: Turn, asked: list[str]) -> tuple[str, ...]:
    """What the topic just answered, or was asked of the program before, for a message that only names one.

    "The same for Duke" takes over all that was asked of the program before, "and Duke?" what was asked last.
    """
    frame, last = turn.message.frame, turn.slots.get("last_topic")
    is_only_a_name = set(asked) <= _OF_A_NAME and not frame.does("whether") and _words_beside_names(turn) <= MOST_BESIDE
    if not (is_only_a_name or frame.does("likewise", "the_other")) or frame.does("show"):
        return ()
    if turn.task == "program" and (frame.named("institution") or frame.does("by_place", "which_one", "the_other")):
        kept = turn.slots.get("asked_of_program") or ()
        return tuple(turn.slots.get("asked_of_it") or kept) if frame.does("likewise") else tuple(kept[:1])
    return (column_of(turn, last),) if last and turn.task is None and column_of(turn, last) else ()


def _words_beside_names(turn: Turn) -> int:
    text = turn.message.text
    for item in sorted(turn.message.frame.entities, key=lambda item: item.start, reverse=True):
        text = text[: item.start] + " " + text[item.end :]
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def likeliest_question(message: Message) -> str:
    """The question of the likeliest topic where the intent itself is none: "how many months max"; else empty."""
    if message.intent not in FOLLOWING or message.is_button or not message.frame.does("ask"):
        return ""
    topics = (name for name, sureness in message.ranking if sureness >= WORTH_ASKING)
    topic = next((name for name in topics if name == ASK_PROGRAM or name.startswith(TOPIC_PREFIX)), "")
    return next((best for best, share in message.selected.get(topic, ()) if share >= CLEAR_SHARE), "")


def _column_of_one(turn: Turn, aspect: str) -> str:
    """What the aspect says, else what would be asked of a program if the topic is one that programs answer too.

    Where the aspect is one of several that may be meant, the surer question about a program goes first.
    """
    message, own = turn.message, column_of(turn, aspect)
    best, share = next(iter(message.selected.get(ASK_PROGRAM, ())), (GENERAL, 0.0))
    column, least = column_of(turn, best), SURE_SHARE if ASPECT in aspect else CLEAR_SHARE
    is_of_several = message.frame.does("both", "which_of")
    is_pointing = points_there(message.frame) or is_of_several
    is_guess = share >= SURE_SHARE and (is_pointing or message.confidence < SURE_TOPIC)
    is_guess |= share >= SURE_OWN and is_of_several and not own and column not in OF_NO_PAGE
    is_meant = is_guess or (share >= least and column in _columns_of(turn, intent_of(aspect)))
    own_share = dict(message.selected.get(intent_of(aspect), ())).get(aspect, 1.0)
    is_surer = share >= SURE_SHARE and own_share < SURE_OWN and own not in PAPERS
    return column if is_meant and (not own or is_surer) else own


def _columns_of(turn: Turn, topic: str) -> set[str]:
    """The columns that answer aspects of a topic for a named program."""
    start = answer_of(topic) + ASPECT
    return {turn.responses.choose(key).asks for key in turn.responses.keys if key.startswith(start)}


def column_of(turn: Turn, aspect: str) -> str:
    """The column of the database that answers an aspect; empty where no column does."""
    if intent_of(aspect) == ASK_PROGRAM:
        return aspect.partition(ASPECT)[2].replace(GENERAL, "")
    if aspect in TOPIC_COLUMNS:
        return TOPIC_COLUMNS[aspect]
    key = answer_of(aspect)
    return turn.responses.choose(key).asks if key in turn.responses else ""
