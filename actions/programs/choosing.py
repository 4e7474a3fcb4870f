"""Programs in conversation: search and refine, one institution, side by side. Each action only chooses who answers."""

from __future__ import annotations

from abc import abstractmethod

from actions.base import BotAction
from actions.dialogue.continuing import not_understood
from actions.dialogue.opening import noted, opening
from actions.programs.asked import asked_columns, asks_for_a_time
from actions.programs.comparison import (
    asks_for_the_cheaper,
    compares,
    side_by_side,
    the_better,
    the_cheaper,
    to_judge,
)
from actions.programs.correcting import CORRECTION, tells_what_is_wrong, thanks_for_words
from actions.programs.details import (
    SEARCHABLE,
    about,
    fitting_me,
    kinds_there,
    show_programs,
    shown_slugs,
    the_one,
    there,
)
from actions.programs.followup import about_shown, bare_question, is_about_shown
from actions.programs.listed import asks_of_the_list, of_the_list
from actions.programs.prices import asks_price_of_kind, goes_on_from_the_fee, price_of_kind
from actions.programs.running import changes_search, left_out
from actions.programs.screen import screen, sources
from actions.programs.search import search, topic_type
from actions.turn import Outcome, Turn
from bot.content.change import TOPIC_PREFIX
from bot.programs.comparison import MOST
from bot.programs.measures import stays
from bot.programs.program import Program
from bot.programs.reference import is_pick, selection
from bot.reply.parts import Reply, Text

HIDING = frozenset({"out_of_scope", "introduce", "inform", "nlu_fallback"})
CARE, SURE_GUESS = "care", 0.4
"""The confidence from which somebody is taken to feel so although they name an institution."""
WISHES = SEARCHABLE | {"career_stage", "exam", "route"}


class ProgramAction(BotAction):
    """An action that shows programs: a question about them that names none of them comes back to it."""

    def claims(self, turn: Turn) -> bool:
        """An answer to its question, or "do they need Step 1" and "which is better" about what it shows."""
        if goes_on_from_the_fee(turn) or asks_for_a_time(turn):
            return False
        if asks_for_the_cheaper(turn):
            return self.task == "compare"
        if changes_search(turn):
            return self.task == "search"
        return super().claims(turn) or asks_of_the_list(turn) or is_about_shown(turn) or bool(to_judge(turn))

    def answer(self, turn: Turn) -> Outcome:
        """What is asked about the programs shown, or else about others."""
        if asks_of_the_list(turn):
            return of_the_list(turn)
        if one := the_one(turn):
            return show_programs(turn, one)
        if programs := to_judge(turn):
            return the_better(turn, programs)
        return there(turn) or about_shown(turn) or bare_question(turn) or self.answer_anew(turn)

    @abstractmethod
    def answer_anew(self, turn: Turn) -> Outcome:
        """The reply to a message that is not about what is shown."""


class ActionSearchPrograms(ProgramAction):
    """Finds programs, and changes the running search."""

    task = "search"

    def name(self) -> str:
        return "action_search_programs"

    def takes(self, turn: Turn) -> bool:
        """ "Show me ..." is a search though it names a topic; so is which hospitals take observers, who offers the
        kind that was talked about, and a kind that comes with housing or a stipend."""
        frame = turn.message.frame
        if turn.message.is_button:
            return False
        is_page = turn.task == self.task and frame.does("previous")
        if changes_search(turn) or is_page or (frame.does("similar", "nearby") and screen(turn)):
            return True
        is_topic = turn.message.intent.startswith(TOPIC_PREFIX)
        is_offered = bool(frame.does("offers")) and bool(topic_type(turn) or _shown_list(turn))
        is_shown = is_topic and frame.does("show")
        is_provided = frame.does("with_housing", "with_stipend") and not frame.does("whether")
        is_shown |= is_provided and bool(frame.wished("rotation_type"))
        return (
            is_offered or is_shown or _asks_who_takes(turn) or _describes_programs(turn) or _wishes_beside_facts(turn)
        )

    def claims(self, turn: Turn) -> bool:
        """Also a stage that is told beside the list, however the person introduces themselves: it narrows the list."""
        is_told = turn.only_tells and "career_stage" in turn.learned and not turn.message.frame.named("institution")
        return super().claims(turn) or is_told

    def answer_anew(self, turn: Turn) -> Outcome:
        """Results; a result that is pointed at or an institution that is named is shown instead."""
        pointed = _pointed_at(turn)
        if pointed:
            return show_programs(turn, pointed)
        if turn.message.frame.does("offers") and not topic_type(turn) and (shown := _shown_list(turn)):
            names = "; ".join(dict.fromkeys(program.institution for program in shown))
            return Outcome(turn.responses.reply("utter_program_offered_by", names=names))
        is_about_one = turn.message.frame.named("institution") and not (turn.message.is_button or left_out(turn))
        return (about(turn) if is_about_one else None) or search(turn)


class ActionAskProgram(ProgramAction):
    """Facts about one named institution."""

    task = "program"
    lapsing = frozenset({CORRECTION})

    def name(self) -> str:
        return "action_ask_program"

    def takes(self, turn: Turn) -> bool:
        """A message about what is on the screen, whatever runs: a question, another kind there, "the last"."""
        listed = len(shown_slugs(turn))
        if changes_search(turn):
            return False
        if asks_of_the_list(turn) or the_one(turn) or kinds_there(turn) or to_judge(turn):
            return True
        if asks_price_of_kind(turn) or _names_a_place(turn):
            return True
        return is_about_shown(turn) or (not turn.asked and is_pick(turn.message, listed))

    def claims(self, turn: Turn) -> bool:
        """Also what somebody says is wrong, after the button."""
        return tells_what_is_wrong(turn) or super().claims(turn)

    def answer(self, turn: Turn) -> Outcome:
        """Thanks for a correction, or what is asked."""
        return thanks_for_words(turn) if tells_what_is_wrong(turn) else super().answer(turn)

    def answer_anew(self, turn: Turn) -> Outcome:
        """What was asked first, then the cards; a message that names no institution but a wish is a search."""
        is_about_none = not (turn.message.frame.named("institution") or asked_columns(turn) or turn.asked)
        if is_about_none and turn.task == self.task and turn.only_tells:
            return _told_of_shown(turn)
        if is_pick(turn.message, len(shown_slugs(turn))):
            return show_programs(turn, _pointed_at(turn)) if _pointed_at(turn) else search(turn)
        if asks_price_of_kind(turn):
            return price_of_kind(turn)
        is_wish = any(turn.message.frame.named(kind) for kind in SEARCHABLE)
        return about(turn) or (search(turn) if is_wish else not_understood(turn))


class ActionComparePrograms(ProgramAction):
    """Two to four programs side by side."""

    task = "compare"

    def name(self) -> str:
        return "action_compare_programs"

    def takes(self, turn: Turn) -> bool:
        """ "Compare the first with ...", two names side by side, and which of two just shown costs less, whatever topic
        that looks like."""
        return compares(turn) or asks_for_the_cheaper(turn)

    def claims(self, turn: Turn) -> bool:
        """Also which of the two is cheaper, which alone would sort a search."""
        return asks_for_the_cheaper(turn) or super().claims(turn)

    def answer(self, turn: Turn) -> Outcome:
        """Which of those side by side is cheaper, from the table, or what else is asked."""
        if asks_for_the_cheaper(turn):
            return the_cheaper(turn) if turn.task == self.task else side_by_side(turn)
        return super().answer(turn)

    def answer_anew(self, turn: Turn) -> Outcome:
        """The table, or the question which programs are meant; "Texas instead" goes back to the search."""
        names = {item.kind for item in turn.message.frame.entities}
        if turn.message.intent != "compare_programs" and names & SEARCHABLE and "institution" not in names:
            return search(turn)
        return side_by_side(turn)


def _told_of_shown(turn: Turn) -> Outcome:
    """What was told beside a card, and whether that program takes who tells it; the card itself stands above."""
    shown = screen(turn)
    programs = shown.programs if shown and shown.is_one and "career_stage" in turn.told else ()
    lines = fitting_me(turn, programs) if programs else ()
    if not lines:
        return opening(turn)
    return Outcome(
        noted(turn, Reply((Text("\n\n".join(lines), sources(programs)),))), {"task": "program", "asked": None}
    )


def _names_a_place(turn: Turn) -> bool:
    """Whether an institution stands in a message that is only guessed to be about feelings."""
    message = turn.message
    is_guess = message.intent == CARE and message.confidence < SURE_GUESS
    return is_guess and bool(message.frame.named("institution")) and not message.is_button


def _wishes_beside_facts(turn: Turn) -> bool:
    """Whether somebody wants a kind of rotation somewhere, or so many weeks in a specialty, which the intents that
    speak of people may hide."""
    frame = turn.message.frame
    wants = any(item.polarity == "wants" for item in frame.named("rotation_type"))
    wants = wants or (frame.does("seek") and bool(frame.named("specialty") and stays(frame)))
    has_place = any(frame.named(kind) for kind in ("specialty", "state", "city", "region"))
    is_hidden = turn.message.intent in HIDING and not frame.does("ask")
    return is_hidden and wants and has_place


def _asks_who_takes(turn: Turn) -> bool:
    """Whether it is asked which hospitals take people for something that can be searched by."""
    frame = turn.message.frame
    is_wish = any(frame.named(kind) for kind in SEARCHABLE) and not frame.named("institution")
    return frame.does("which_take") and is_wish and not turn.message.questions


def _describes_programs(turn: Turn) -> bool:
    """Whether a price belongs to programs that are described, "observerships below 500 in Ohio", and asks nothing."""
    frame = turn.message.frame
    has_place = any(frame.named(kind) for kind in ("specialty", "state", "city", "region"))
    is_asked = frame.does("ask") and not frame.does("show")
    return turn.message.intent == "estimate_cost" and has_place and bool(frame.named("rotation_type")) and not is_asked


def _shown_list(turn: Turn) -> tuple[Program, ...]:
    """The list on the screen while nothing came after it."""
    shown = screen(turn)
    return shown.listed if shown and shown.is_latest else ()


def _pointed_at(turn: Turn) -> tuple[str, ...]:
    """The results that a message means; one that names a wish is about the search, "my first rotation in Texas"."""
    shown = shown_slugs(turn)
    frame = turn.message.frame
    wishes = {item.kind for item in frame.entities} & WISHES
    if turn.message.is_button or wishes or (turn.asked and turn.message.declines):
        return ()
    return tuple(shown[at - 1] for at in selection(frame, len(shown))[:MOST])
