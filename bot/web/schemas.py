"""The shapes of the web API, as its OpenAPI description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.bounds import LARGEST

ReplyJson = Annotated[
    dict[str, Any],
    Field(
        description="`{version: 1, parts: [{type, ...}], suggestions: [{title, payload}]}`; `bot/reply/parts.py` says "
        "what each part holds. A `text` may have `more`, the longer article behind it, in Markdown too: show it folded."
    ),
]


class Sent(BaseModel):
    """What comes from outside. PostgreSQL stores no zero byte, and nobody types one: it is left out."""

    @field_validator("*", mode="before")
    @classmethod
    def _without_zero_bytes(cls, value: Any) -> Any:
        return value.replace("\0", "") if isinstance(value, str) else value


class NewConversation(Sent):
    """Where the visitor comes from; both are optional."""

    site: Annotated[str, Field(max_length=200, description="Name or address of the website.")] = ""
    locale: Annotated[str, Field(max_length=20, description="The visitor's language, such as en-US.")] = ""


class OpenedConversation(BaseModel):
    """A new conversation and the only key to it."""

    conversation: str
    token: str = Field(description="Send it as `Authorization: Bearer <token>`; it opens this conversation only.")
    expires_at: datetime


class NewMessage(Sent):
    """One message: typed text, or the payload of a button that was shown in this conversation."""

    id: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_.:-]{1,64}$", description="The client's own id (a UUID); it makes sending again safe."
        ),
    ]
    text: str | None = None
    payload: str | None = Field(None, max_length=2_000)

    @model_validator(mode="after")
    def _one_of_both(self) -> NewMessage:
        if (self.text is None) == (self.payload is None):
            raise ValueError("text or payload, not both")
        return self


class SentReply(BaseModel):
    """A reply with its number. `in_reply_to` is the client's id of the message, null for a reminder."""

    seq: int
    reply: ReplyJson
    in_reply_to: str | None


class MessageReceipt(BaseModel):
    """What became of a message; while `pending`, the answer follows as an event."""

    seq: int
    replies: list[SentReply]
    status: Literal["answered", "pending"]


class Leaving(BaseModel):
    """A conversation that is being deleted; `reply` says so and is stored nowhere."""

    reply: ReplyJson


class HistoryEntry(BaseModel):
    """One line of the conversation: the visitor's `text` (as stored, redacted) or the bot's `reply`."""

    model_config = ConfigDict(populate_by_name=True)

    seq: int
    sender: Literal["visitor", "bot"] = Field(alias="from")
    at: datetime
    id: str | None = None
    text: str | None = None
    status: Literal["pending", "answered", "failed"] | None = None
    reply: ReplyJson | None = None
    in_reply_to: str | None = None
    rating: Literal["up", "down"] | None = Field(None, description="The visitor's thumb on this reply.")


class History(BaseModel):
    """Both sides in order; ask again `after` the last number while there is `more`."""

    messages: list[HistoryEntry]
    more: bool


class Events(BaseModel):
    """What a long poll brings: replies that are new, possibly none. `gone` when the conversation was deleted.

    `typing` is the name of one of the staff who writes just now, or "".
    """

    events: list[SentReply]
    gone: bool = False
    typing: str = ""


class NewFeedback(Sent):
    """A thumb on one reply."""

    seq: int = Field(ge=1, le=LARGEST)
    rating: Literal["up", "down"]
    reason: str = Field("", max_length=500)


class StaffState(BaseModel):
    """Whether somebody from the staff could answer, and in `text` what is known: when they are there, or why not.

    `key` and `values` are those of a notice: the response that the text is, and what stands in its places.
    """

    is_staffed: bool
    text: str
    key: str = ""
    values: dict[str, str] = {}


class ErrorDetail(BaseModel):
    """`message` is written for people; `retry_after` is in seconds."""

    code: str
    message: str
    retry_after: int | None = None


class ErrorBody(BaseModel):
    """The shape of every error."""

    error: ErrorDetail
