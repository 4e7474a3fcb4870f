"""A talk about programs with the real actions, the real words and the seed database; only the engine is a stand-in."""

from __future__ import annotations

from actions.advice import ActionRecommendRotation
from actions.base import BotAction
from actions.costs import ActionEstimateCost
from actions.dialogue.continuing import ActionContinue
from actions.faq import ActionAnswerFaq
from actions.programs.choosing import ActionAskProgram, ActionComparePrograms, ActionSearchPrograms
from actions.timeline.questions import ActionPlanTimeline
from bot.reply.parts import Comparison, Programs, Reply

from .conftest import Talk

ACTIONS: dict[str, type[BotAction]] = {
    "search_programs": ActionSearchPrograms,
    "refine_search": ActionSearchPrograms,
    "ask_program": ActionAskProgram,
    "compare_programs": ActionComparePrograms,
    "estimate_cost": ActionEstimateCost,
    "plan_timeline": ActionPlanTimeline,
    "recommend_rotation": ActionRecommendRotation,
}


class ProgramsTalk:
    """Speaks to the action of an intent, or of the running task; buttons are pressed by their payload."""

    def __init__(self, talk: Talk, names: list[dict[str, object]]) -> None:
        self.talk, self.names = talk, names

    def say(self, text: str, intent: str = "inform", *aspects: str, sure: float = 0.9) -> Reply:
        """The reply to a sentence; `aspects` are the questions that the engine finds inside its intent."""
        action = self._action(intent)
        ranking = [{"intent_response_key": f"{intent}/{name}", "confidence": 0.9} for name in aspects]
        parse = {"response_selector": {intent: {"ranking": ranking}}} if aspects else {}
        return self.talk.hear(action, text, intent, names=self.names, sure=sure, **parse)

    def _action(self, intent: str) -> BotAction:
        if intent in ACTIONS:
            return ACTIONS[intent]()
        if intent.startswith("faq_"):
            return ActionAnswerFaq()
        return BotAction.of_task(self.talk.slots.get("task")) or ActionContinue()

    def press(self, payload: str) -> Reply:
        """The reply to a button."""
        return self.say(payload, payload.lstrip("/").partition("{")[0])


def slugs(reply: Reply) -> list[str]:
    """The programs on the cards of a reply."""
    return [card.slug for part in reply.parts if isinstance(part, Programs) for card in part.cards]


def table(reply: Reply) -> Comparison | None:
    """The comparison in a reply."""
    return next((part for part in reply.parts if isinstance(part, Comparison)), None)
