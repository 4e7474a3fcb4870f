"""Remembers what Rasa works out anew in every turn although it never changes.

Two thirds of the engine's time in a turn went into checking the schema of action servers' answers (the schema, not the
answer), and a tenth of loading a conversation into finding the class of each event.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def _validator() -> Any:
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def install() -> None:
    """Puts a validator made once before Rasa's own check, which still words what is wrong; keeps classes of events."""
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.events import Event

    explain = RemoteAction._validate_action_result

    def check(action: RemoteAction, result: dict[str, Any]) -> bool:
        return bool(_validator().is_valid(result)) or explain(action, result)

    RemoteAction._validate_action_result = check
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
