"""What a message asks about a program: the columns of the database that answer it."""

from __future__ import annotations

from actions.turn import Turn
from bot.nlu.message import ASPECT
from bot.reply.responses import answer_of

PROGRAM = f"ask_program{ASPECT}"
GENERAL = "general"


def asked_columns(turn: Turn) -> tuple[str, ...]:
    """The columns in the order in which they are asked for; none for "tell me about ..." or a button."""
    message = turn.message
    if message.is_button:
        return ()
    named = [question.aspect for question in message.questions if question.aspect]
    named = named or [aspect for aspect, _ in message.aspects[: _asked_at_once(turn)]]
    return tuple(dict.fromkeys(filter(None, (_column(turn, aspect) for aspect in named))))


def _asked_at_once(turn: Turn) -> int:
    """A question about a named program lists all that is asked of it; elsewhere the aspects are ranked."""
    return len(turn.message.aspects) if turn.message.intent == "ask_program" else 1


def _column(turn: Turn, aspect: str) -> str:
    if aspect.startswith(PROGRAM):
        return aspect.removeprefix(PROGRAM).replace(GENERAL, "")
    key = answer_of(aspect)
    return turn.responses.choose(key).asks if key in turn.responses else ""
