"""Errors as the web sees them: `{error: {code, message, retry_after?}}`, with messages written for people."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from bot.delivery.store import ConversationGoneError, ConversationLeavingError, UnknownReplyError
from bot.web.sites import ForeignOriginError
from bot.web.throttle import TooManyRequestsError
from bot.web.tokens import TokenError

log = structlog.get_logger(__name__)

BY_STATUS = {
    400: ("bad_request", "This request could not be read."),
    401: ("unauthorized", "This chat session is not valid. Please start a new one."),
    403: ("foreign_origin", "This website is not set up for this chat. Please tell the people who run it."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not work that way."),
    413: ("too_large", "This message is too large. Please send a shorter one."),
    422: ("invalid", "Something in this request is missing or has the wrong form."),
    429: ("too_many_requests", "That was a lot at once. Please wait a moment and try again."),
    500: ("internal", "Something went wrong on our side. Please try again."),
    503: ("unavailable", "The service is not available right now. Please try again in a moment."),
}
_RETRY_SECONDS = 5


def error_response(status: int, *, code: str = "", message: str = "", retry_after: int | None = None) -> JSONResponse:
    """The one shape of all errors; code and message follow the status unless they are given."""
    usual_code, usual_message = BY_STATUS.get(status, BY_STATUS[400 if status < 500 else 500])
    error: dict[str, object] = {"code": code or usual_code, "message": message or usual_message}
    headers = {}
    if retry_after is not None:
        error["retry_after"] = retry_after
        headers["Retry-After"] = str(retry_after)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({"error": error}, status, headers=headers)


def add_error_handlers(app: FastAPI) -> None:
    """Answer every failure in the one shape."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(TooManyRequestsError, _too_many)
    app.add_exception_handler(TokenError, _no_session)
    app.add_exception_handler(ForeignOriginError, _foreign)
    app.add_exception_handler(ConversationGoneError, _gone)
    app.add_exception_handler(UnknownReplyError, _unknown_reply)
    app.add_exception_handler(SQLAlchemyError, _no_database)
    app.add_exception_handler(Exception, _unexpected)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    response = error_response(error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    """Names the fields, never what stood in them."""
    assert isinstance(error, RequestValidationError)
    fields = sorted({".".join(str(step) for step in item["loc"][1:]) or "body" for item in error.errors()})
    return error_response(422, message=f"Please check: {', '.join(fields)}.")


async def _too_many(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooManyRequestsError)
    return error_response(429, retry_after=error.retry_after)


async def _no_session(_request: Request, _error: Exception) -> JSONResponse:
    return error_response(401)


async def _foreign(_request: Request, _error: Exception) -> JSONResponse:
    return error_response(403)


async def _gone(_request: Request, error: Exception) -> JSONResponse:
    state = "is being" if isinstance(error, ConversationLeavingError) else "was"
    message = f"This conversation {state} deleted. Please start a new one."
    return error_response(401, code="conversation_gone", message=message)


async def _unknown_reply(_request: Request, _error: Exception) -> JSONResponse:
    return error_response(404, message="This conversation has no such answer.")


async def _no_database(request: Request, error: Exception) -> JSONResponse:
    log.error("database failed", path=request.url.path, error=type(error).__name__)
    return error_response(503, retry_after=_RETRY_SECONDS)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", path=request.url.path, exc_info=error)
    return error_response(500)
