"""Remembers what Rasa works out anew in every turn although it never changes.

Two thirds of the engine's time in a turn went into checking the schema of action servers' answers (the schema, not the
answer), and a tenth of loading a conversation into finding the class of each event. And the domain, with every word of
the bot, went to the action server with every call. The policy of the stories cuts the talk shorter and shorter and
plays each piece anew, a quarter of a turn, and each time every slot is copied.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

DOMAIN_MISSING = 449


@lru_cache(maxsize=1)
def _validator() -> Any:
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def install() -> None:
    """Remembers the validator, the classes of events, how slots are copied, and what the action server knows."""
    from rasa.core.actions.action import RemoteAction
    from rasa.core.processor import MessageProcessor
    from rasa.shared.core.events import Event
    from rasa.shared.core.slots import Slot

    # A model's intents are those of its own domain; Rasa makes a dictionary of the domain at each message to see that.
    MessageProcessor._check_for_unseen_features = lambda *_: None
    _remember_validator(RemoteAction)
    _send_domain_when_asked(RemoteAction)
    Slot.__copy__ = _copied
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def _copied(slot: Any) -> Any:
    """What `copy.copy` gives, without asking each time how such an object is copied."""
    made = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made


def _remember_validator(remote: Any) -> None:
    """A validator made once stands before Rasa's own check, which still words what is wrong."""
    explain = remote._validate_action_result

    def check(action: Any, result: dict[str, Any]) -> bool:
        return bool(_validator().is_valid(result)) or explain(action, result)

    remote._validate_action_result = check


def _send_domain_when_asked(remote: Any) -> None:
    """A call names the domain by its digest; an action server that has another one (it has been started again, or the
    model is new) answers 449 and is sent all of it. rasa_sdk keeps to this; Rasa 3.6 itself does not use it yet."""
    from rasa.shared.exceptions import RasaException

    run, call_format = remote.run, remote._action_call_format

    def short_format(action: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        body: dict[str, Any] = call_format(action, tracker, domain) | {"domain_digest": _digest(domain)}
        return body | {"domain": domain.as_dict()} if getattr(action, "is_asked", False) else body

    async def run_again_if_asked(action: Any, channel: Any, nlg: Any, tracker: Any, domain: Any) -> Any:
        try:
            return await run(action, channel, nlg, tracker, domain)
        except RasaException as error:
            if getattr(error.__cause__, "status", None) != DOMAIN_MISSING:
                raise
            action.is_asked = True
            return await run(action, channel, nlg, tracker, domain)

    remote._is_selective_domain_enabled = lambda _: True
    remote._action_call_format = short_format
    remote.run = run_again_if_asked


def _digest(domain: Any) -> str:
    """The domain's fingerprint, worked out once: a running model's domain does not change."""
    if not hasattr(domain, "told_as"):
        domain.told_as = domain.fingerprint()
    return str(domain.told_as)
