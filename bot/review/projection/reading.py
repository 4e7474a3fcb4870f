"""What staff see of a message: how it was understood, what came of it, and whether somebody should look at it.

Made from the message as it was stored, its answer, its thumb, and the engine's events of its turn. Nothing here knows
where these come from; the same input gives the same row, however often it is projected.

`facts` of a row, each only where it applies:
- `search`: `{specialties, states, rotation_types, found}` of a search; `relaxed` names the wishes it had to give up
- `timeline`: `{verdict}` of a plan: feasible, tight or impossible
- `aspect`: the topic or question inside one that was answered ("faq_cost/deposit"), of several the last
- `topics`: intents of a message with several questions; `ambiguous`: the two that could hardly be told apart
- `measures`: `[{dim, text}]`, what was measured in a typed message; `acts`: what it does ("ask", "cheaper")
- `fallback`: true when the engine was too unsure; `task`: the running task that took the message as its answer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.redaction import redact

ANSWERED, ASKED_BACK, FALLBACK, REFUSED = "answered", "asked_back", "fallback", "refused"
FAILED, HANDED_OFF, PENDING = "failed", "handed_off", "pending"
OUTCOMES = (ANSWERED, ASKED_BACK, FALLBACK, REFUSED, FAILED, HANDED_OFF, PENDING)

THUMBS_DOWN, FAILED_TURN, HANDOFF, OUT_OF_SCOPE = "thumbs_down", "failed_turn", "handoff", "out_of_scope"
LOW_CONFIDENCE, CLOSE_TOP_TWO = "low_confidence", "close_top_two"
TRIGGERS = (THUMBS_DOWN, FAILED_TURN, HANDOFF, FALLBACK, OUT_OF_SCOPE, LOW_CONFIDENCE, CLOSE_TOP_TWO)
"""Why a message is in the inbox, strongest first; a message has the strongest one that applies."""

CHANNELS = {"tg": "telegram"}
ENGINE_FALLBACK = "nlu_fallback"
REQUEST_HUMAN = "request_human"
STANCES = frozenset({"has_not", "wants_not"})
"""A kind that was found but denied; any other polarity says nothing that staff would miss."""
SLOTS_READ = ("asked", "query", "last_topic")
TYPES_READ = ("user", "action", "bot", "slot")
_NO_ANSWER = frozenset({"action_listen", "action_session_start"})
_SETTLED_HANDOFF = {"skip", "drop", "noted"}  # buttons and notices about an address: nobody asks for a person
_OUTCOME_TRIGGERS = {FAILED: FAILED_TURN, HANDED_OFF: HANDOFF, FALLBACK: FALLBACK, REFUSED: OUT_OF_SCOPE}
_GIVE_UP = timedelta(days=1)
_FIRST_LOOK = timedelta(seconds=15)

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Thresholds:
    """Below `low` the best intent counts as unsure; with less than `close` between the best two they are too close."""

    low: float
    close: float


@dataclass(frozen=True)
class ReceivedMessage:
    """A message as the inbox has it; `text` went to the engine, `shown` is in the history. `status` as in the inbox."""

    id: int
    conversation: str
    message_id: str
    text: str
    shown: str
    status: str
    received_at: datetime


@dataclass(frozen=True)
class Echo:
    """What came back: when the newest reply to it was stored, and the newest thumb on one of them."""

    answered_at: datetime | None = None
    rating: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Understood:
    """What the engine made of a message, and what the bot then did."""

    intent: str = ""
    confidence: float | None = None
    runner_up: str = ""
    runner_up_confidence: float | None = None
    entities: tuple[dict[str, str], ...] = ()
    action: str = ""
    model_id: str = ""
    ending: str = ""
    has_reply: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def margin(self) -> float | None:
        if self.confidence is None or self.runner_up_confidence is None:
            return None
        return round(self.confidence - self.runner_up_confidence, 6)


@dataclass(frozen=True)
class Projected:
    """A row of `messages` by column name; `is_complete` is false when the engine's side of it may still appear."""

    values: dict[str, Any]
    is_complete: bool


def turns_of(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each message of one conversation (in the engine's order) by message id.

    A message that the engine was given twice has the turn of the last time.
    """
    turns: dict[str, list[Event]] = {}
    current: list[Event] = []
    for event in events:
        if event.get("event") == "user":
            current = [event]
            if message_id := (event.get("metadata") or {}).get("message_id"):
                turns[str(message_id)] = current
        else:
            current.append(event)
    return turns


def project(message: ReceivedMessage, echo: Echo, turn: Sequence[Event], thresholds: Thresholds) -> Projected:
    """The row of one message; `turn` is empty while the engine has not stored anything about it."""
    known = understand(turn)
    is_button = message.text.startswith("/")
    outcome = outcome_of(message, echo, known, is_seen=bool(turn))
    values = {
        "id": message.id,
        "conversation_id": message.conversation,
        "message_id": message.message_id,
        "received_at": message.received_at,
        "channel": channel_of(message.conversation),
        "text": redact(message.shown),
        "kind": "button" if is_button else "typed",
        "intent": known.intent,
        "confidence": known.confidence,
        "runner_up": known.runner_up,
        "runner_up_confidence": known.runner_up_confidence,
        "margin": known.margin,
        "entities": list(known.entities),
        "action": known.action,
        "outcome": outcome,
        "reply_ms": _milliseconds(message, echo),
        "model_id": known.model_id,
        "feedback": echo.rating,
        "feedback_reason": redact(echo.reason),
        "facts": known.facts,
        "trigger": trigger_of(outcome, echo.rating, known, thresholds=thresholds, is_button=is_button),
    }
    return Projected(values, is_complete=message.status == PENDING or (bool(turn) and known.has_reply))


def next_look(received_at: datetime, now: datetime) -> datetime | None:
    """When to look again for the engine's side of a message; None when it will not come any more."""
    age = now - received_at
    return None if age > _GIVE_UP else now + max(_FIRST_LOOK, age / 2)


def channel_of(conversation: str) -> str:
    """The channel in a conversation's id."""
    prefix = conversation.partition(":")[0]
    return CHANNELS.get(prefix, prefix)[:20]


def understand(turn: Sequence[Event]) -> Understood:
    """What stands in the events of one turn."""
    if not turn:
        return Understood()
    asked, rest = turn[0], turn[1:]
    parsed = asked.get("parse_data") or {}
    ranking = [row for row in parsed.get("intent_ranking") or () if row["name"] != ENGINE_FALLBACK]
    best, second = [*ranking, {}, {}][:2]
    replies = [event for event in rest if event.get("event") == "bot"]
    notes = _notes(replies)
    action = _action(rest)
    parts = [part for event in replies for part in _custom(event).get("parts") or ()]
    slots = {event.get("name"): event.get("value") for event in rest if event.get("event") == "slot"}
    return Understood(
        intent=best.get("name", ""),
        confidence=float(best.get("confidence", 0.0)),
        runner_up=second.get("name", ""),
        runner_up_confidence=float(second["confidence"]) if second else None,
        entities=tuple(_entity(item, str(asked.get("text") or "")) for item in parsed.get("entities") or ()),
        action=action,
        model_id=str((asked.get("metadata") or {}).get("model_id") or ""),
        ending=notes.get("ending") or _refusal(action, notes) or _asks(slots, parts),
        has_reply=bool(replies),
        facts=_facts(parsed, notes, slots, parts=parts),
    )


def outcome_of(message: ReceivedMessage, echo: Echo, known: Understood, *, is_seen: bool) -> str:
    """What came of a message. One that staff held back from the engine is answered without a reply."""
    if message.status in (PENDING, FAILED):
        return message.status
    if known.ending == FAILED:
        return FAILED
    if _wants_person(known) or (not is_seen and echo.answered_at is None):
        return HANDED_OFF
    return known.ending or ANSWERED


def trigger_of(outcome: str, rating: str, known: Understood, *, thresholds: Thresholds, is_button: bool) -> str:
    """The strongest reason to look at a message; "" when there is none."""
    if rating == "down":
        return THUMBS_DOWN
    if outcome in _OUTCOME_TRIGGERS:
        return _OUTCOME_TRIGGERS[outcome]
    if is_button or known.confidence is None or known.facts.get("task"):
        return ""
    if known.confidence < thresholds.low:
        return LOW_CONFIDENCE
    is_close = known.margin is not None and known.margin < thresholds.close
    return CLOSE_TOP_TWO if is_close and not known.facts.get("topics") else ""


def _milliseconds(message: ReceivedMessage, echo: Echo) -> int | None:
    """How long the person waited; None while there is no answer."""
    if echo.answered_at is None or message.status == PENDING:
        return None
    return max(0, round((echo.answered_at - message.received_at) / timedelta(milliseconds=1)))


def _action(events: Iterable[Event]) -> str:
    actions = (str(event.get("name") or "") for event in events if event.get("event") == "action")
    return next((name for name in actions if name not in _NO_ANSWER), "")[:80]


def _entity(item: Mapping[str, Any], text: str) -> dict[str, str]:
    typed = "" if text.startswith("/") else text[item.get("start") or 0 : item.get("end") or 0]
    stance = {"polarity": str(item["polarity"])} if item.get("polarity") in STANCES else {}
    return {"entity": str(item["entity"]), "value": redact(str(item["value"])), "text": redact(typed)} | stance


def _measure(item: Mapping[str, Any]) -> dict[str, str]:
    return {"dim": str(item["dim"]), "text": redact(str(item.get("body") or ""))}


def _custom(event: Event) -> Mapping[str, Any]:
    custom = (event.get("data") or {}).get("custom")
    return custom if isinstance(custom, Mapping) else {}


def _notes(replies: Iterable[Event]) -> dict[str, Any]:
    """What the actions wrote down for staff."""
    notes: dict[str, Any] = {}
    for event in replies:
        notes |= (event.get("metadata") or {}).get("notes") or {}
    return notes


def _wants_person(known: Understood) -> bool:
    about = {entity["value"] for entity in known.entities if entity["entity"] == "handoff"}
    return known.intent == REQUEST_HUMAN and not about & _SETTLED_HANDOFF


def _refusal(action: str, notes: Mapping[str, Any]) -> str:
    return REFUSED if action == "action_refuse" and not notes.get("task") else ""


def _asks(slots: Mapping[Any, Any], parts: Sequence[Mapping[str, Any]]) -> str:
    """A turn that only asks for more: a question is open, and nothing but words was said."""
    return ASKED_BACK if slots.get("asked") and all(part.get("type") == "text" for part in parts) else ""


def _facts(
    parsed: Event, notes: Mapping[str, Any], slots: Mapping[Any, Any], *, parts: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    found = {
        "search": _search(slots, notes, parts),
        "timeline": next(({"verdict": part["verdict"]} for part in parts if part.get("type") == "timeline"), None),
        "topics": [question["intent"] for question in parsed.get("questions") or ()],
        "ambiguous": list(parsed.get("ambiguous") or ()),
        "fallback": (parsed.get("intent") or {}).get("name") == ENGINE_FALLBACK,
        "task": notes.get("task"),
        "aspect": slots.get("last_topic"),
        "measures": [_measure(item) for item in parsed.get("dimensions") or ()],
        "acts": list(dict.fromkeys(str(item["act"]) for item in parsed.get("acts") or ())),
    }
    return {name: value for name, value in found.items() if value}


def _search(
    slots: Mapping[Any, Any], notes: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """The wishes of a search and how many programs it found; None when nothing was searched (only asked about)."""
    query = slots.get("query")
    totals = [part.get("total", len(part.get("cards") or ())) for part in parts if part.get("type") == "programs"]
    if not isinstance(query, Mapping) or (not totals and slots.get("asked")):
        return None
    wishes = {name: list(query.get(name) or ()) for name in ("specialties", "states", "rotation_types")}
    relaxed = {"relaxed": list(notes["relaxed"])} if notes.get("relaxed") else {}
    return {**wishes, "found": sum(totals), **relaxed}
