"""The one HTTP client to Rasa. It turns the engine's silences into errors and its JSON into a `Reply`.

EngineError
├── EngineUnreachableError   refused, reset, timed out
│   └── EngineAwayError      one of several engines, which is not well; another one may be
├── EngineSilentError        HTTP 200 with `[]`: the engine failed inside and says nothing
├── EngineForgetfulError     its conversations cannot be read or stored; no message is at fault
└── EngineBrokenError        another status, or an answer that is no reply
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

import httpx
from asgi_correlation_id import correlation_id

from bot import tracing
from bot.reply.parts import Reply, ReplyFormatError, Text

_CONNECT_SECONDS = 2.0
_PROBE_SECONDS = 1.0
# The engine closes idle connections after five seconds; ours close first, so that none dies in use.
_IDLE_SECONDS = 2.0
# What our channel in the engine (`rotation_engine/channel.py`) answers when a turn cannot be remembered.
_CANNOT_REMEMBER = 507
# What the prefix of a conversation's id stands for.
_CHANNELS = {"tg": "telegram"}


class EngineError(Exception):
    """A turn that the engine did not answer."""


class EngineUnreachableError(EngineError):
    """Nobody answers at the engine's address, or not in time."""


class EngineAwayError(EngineUnreachableError):
    """One of several engines that is not well: the message is not at fault, and another engine may answer it."""


class EngineSilentError(EngineError):
    """The engine took the message and said nothing."""


class EngineForgetfulError(EngineError):
    """The database of the engine's conversations does not work, whatever is asked."""


class EngineBrokenError(EngineError):
    """The engine answered with something that is no reply."""


class Engine:
    """Asks one Rasa over its REST channel. `close` it at the end."""

    def __init__(
        self,
        url: str,
        actions_url: str,
        *,
        timeout: float,
        key: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`timeout` in seconds is how long one turn may take before it counts as lost; `key` opens the engine."""
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=_IDLE_SECONDS)
        patience = httpx.Timeout(timeout, connect=_CONNECT_SECONDS)
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            limits=limits,
            timeout=patience,
            transport=transport,
            trust_env=False,
        )
        self._actions_url = actions_url
        self.name = url
        self.model_id = ""
        """Of the model that it had when it was last asked for its parts."""

    async def close(self) -> None:
        """Give back all connections."""
        await self._client.aclose()

    async def ask(self, conversation: str, text: str, *, message_id: str, locale: str = "") -> Reply:
        """The reply to one message; it is not repeated here, since the engine may have handled it all the same.

        Raises:
            EngineError: no reply, for one of the reasons above.
        """
        prefix = conversation.partition(":")[0]
        metadata = {"message_id": message_id, "channel": _CHANNELS.get(prefix, prefix), "locale": locale}
        body = {"sender": conversation, "message": text, "metadata": metadata}
        with tracing.span("ask engine", kind=tracing.ASKS, engine=self.name):
            headers = {"X-Request-ID": correlation_id.get() or "", **tracing.headers()}
            answers = await self._json("POST", "/webhooks/rest/webhook", json=body, headers=headers)
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            raise EngineBrokenError("the engine's answer is not a list of messages")
        if not answers:
            raise EngineSilentError("the engine answered []")
        return _joined(answers)

    async def healthy(self) -> bool:
        """Whether a turn can be expected to work: engine up, model loaded, action server up."""
        return all(part["ok"] for part in (await self.parts()).values())

    async def parts(self) -> dict[str, dict[str, Any]]:
        """`{engine, model, actions: {ok, detail}}`, as /readyz shows it."""
        status = await self._probe("/status")
        actions = await self._probe(f"{self._actions_url}/health")
        answered = status is not None
        told = status.json() if status is not None and status.is_success else {}
        model, self.model_id = str(told.get("model_file") or ""), str(told.get("model_id") or "")
        return {
            "engine": {"ok": answered, "detail": "" if answered else "does not answer"},
            "model": {"ok": bool(model), "detail": model.rpartition("/")[2] or "not loaded"},
            "actions": {
                "ok": actions is not None and actions.is_success,
                "detail": "" if actions else "does not answer",
            },
        }

    async def _probe(self, url: str) -> httpx.Response | None:
        try:
            return await self._client.get(url, timeout=_PROBE_SECONDS)
        except httpx.HTTPError:
            return None

    async def _json(self, method: str, path: str, **options: Any) -> Any:
        try:
            response = await self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise EngineUnreachableError(type(error).__name__) from error
        if response.status_code == _CANNOT_REMEMBER:
            raise EngineForgetfulError("the engine cannot read or store its conversations")
        if not response.is_success:
            raise EngineBrokenError(f"the engine answered {response.status_code}")
        try:
            return response.json()
        except ValueError as error:
            raise EngineBrokenError("the engine's answer is not JSON") from error


def _joined(answers: Iterable[Mapping[str, Any]]) -> Reply:
    """All that was said in a turn as one reply. Plain `text` is taken too: Rasa's own actions answer that way."""
    replies = [reply for reply in map(_reply, answers) if reply]
    if not replies:
        raise EngineSilentError("the engine answered without words")
    return reduce(Reply.then, replies)


def _reply(answer: Mapping[str, Any]) -> Reply | None:
    if answer.get("custom"):
        try:
            return Reply.from_dict(answer["custom"])
        except ReplyFormatError as error:
            raise EngineBrokenError(str(error)) from error
    return Reply((Text(str(answer["text"])),)) if answer.get("text") else None


def earlier_reply(events: Iterable[Mapping[str, Any]]) -> Reply | None:
    """The reply that stands in the events after a message, when its answer got lost on the way.

    None when the engine never saw the message, or stopped half-way (a broken action leaves the question without words).

    Raises:
        EngineError: what was said is no reply.
    """
    said = []
    for event in events:
        custom = (event.get("data") or {}).get("custom")
        said += [{"custom": custom, "text": event.get("text")}] if custom or event.get("text") else []
    return _joined(said) if said else None
