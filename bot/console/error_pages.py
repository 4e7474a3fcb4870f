"""Failures as pages for staff, without a word about the inside."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from bot.console.access import ForbiddenError, SignInNeededError
from bot.console.rendering import page

log = structlog.get_logger(__name__)

_BY_STATUS = {
    400: ("This could not be read", "Please go back and try again."),
    403: ("Not allowed", "Your role does not allow this."),
    404: ("Nothing here", "There is nothing at this address (any more)."),
    405: ("Not like this", "This address does not work that way."),
    413: ("Too large", "Please send less at once."),
    422: ("Something is missing", "Please go back and check the form."),
    429: ("Too many attempts", "Please wait a few minutes and try again."),
    500: ("Something went wrong", "It was written to the log. Please try again."),
    503: ("The database does not answer", "Please try again in a moment."),
}


def add_error_pages(app: FastAPI) -> None:
    """Answers every failure of the console."""
    app.add_exception_handler(SignInNeededError, _sign_in)
    app.add_exception_handler(ForbiddenError, _forbidden)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(SQLAlchemyError, _no_database)
    app.add_exception_handler(Exception, _unexpected)


def error_page(request: Request, status: int, detail: str = "") -> Response:
    """The page of a failure; the usual words of its status unless `detail` says more."""
    title, usual = _BY_STATUS.get(status, _BY_STATUS[400 if status < 500 else 500])
    if "text/html" not in request.headers.get("accept", "text/html"):
        return Response(f"{title}. {detail or usual}", status, media_type="text/plain")
    return page(request, "error.html", status=status, title=title, detail=detail or usual)


async def _sign_in(_request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeededError)
    return RedirectResponse("/staff/login" + (f"?next={error.come_back}" if error.come_back else ""), 303)


async def _forbidden(request: Request, error: Exception) -> Response:
    return error_page(request, 403, str(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    is_written_by_us = error.detail not in ("", HTTPStatus(error.status_code).phrase)
    answer = error_page(request, error.status_code, str(error.detail) if is_written_by_us else "")
    answer.headers.update(error.headers or {})
    return answer


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(item["loc"][0] == "path" for item in error.errors()):
        return error_page(request, 404)  # A number that nothing here can have.
    fields = sorted({".".join(str(step) for step in item["loc"][1:]) or "form" for item in error.errors()})
    return error_page(request, 422, f"Please go back and check: {', '.join(fields)}.")


async def _no_database(request: Request, error: Exception) -> Response:
    log.error("database failed", path=request.url.path, error=type(error).__name__)
    return error_page(request, 503)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request failed", path=request.url.path, exc_info=error)
    return error_page(request, 500)
