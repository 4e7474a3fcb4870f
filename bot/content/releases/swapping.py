"""Puts another model into the running engines, and makes sure that it is there before anything else is believed."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import httpx

from bot.errors import SwapFailedError
from bot.settings import Settings

PROBE = "How much does a rotation cost?"
SECONDS = 60.0
LOOK_SECONDS = 5.0


def model_id(model: Path) -> str:
    """The id that Rasa gave a model; every event that it causes carries it. Empty when the archive has none."""
    with tarfile.open(model, "r:gz") as archive:
        for member in archive:
            if Path(member.name).name == "metadata.json" and (file := archive.extractfile(member)):
                return str(json.load(file).get("model_id") or "")
    return ""


def swap(settings: Settings, model: Path) -> str:
    """Puts a model into every engine without stopping it, and returns its id. Turns that run end with the old one.

    Of several engines, one that does not answer at all is left out: nobody is sent to it, and it gets what is live
    before it counts as well again (`model_worker.py`).

    Raises:
        SwapFailedError: the model could not be loaded, or does not understand; the one before is live again.
    """
    wanted, urls = _readable_id(model), [url for url, _ in settings.engines]
    reached = [url for url in urls if len(urls) == 1 or model_in(settings, url) is not None]
    if not reached:
        raise SwapFailedError("No engine answers, so the model was not tried.")
    for url in reached:
        put(settings, url, model, wanted)
    return wanted


def put(settings: Settings, url: str, model: Path, wanted: str) -> None:
    """Puts a model into one engine and makes sure that it is there (`wanted` is its id) and understands.

    Raises:
        SwapFailedError: it is not, or does not.
    """
    with _engine(settings, url) as engine:
        before = _answer(engine, "GET", "/status")
        _answer(engine, "PUT", "/model", {"model_file": str(model.resolve())})
        found = _answer(engine, "GET", "/status").get("model_id")
        understood = _answer(engine, "POST", "/model/parse", {"text": PROBE}).get("intent") or {}
    if found != wanted or not understood.get("name"):
        raise SwapFailedError(
            f"The engine does not run {model.name} (it says {found or 'nothing'}, before: {before.get('model_id')})."
        )


def model_in(settings: Settings, url: str) -> str | None:
    """The id of the model that an engine has, empty when it has none; None when it does not answer."""
    try:
        with _engine(settings, url) as engine:
            told = engine.get("/status", timeout=LOOK_SECONDS)
            return str(told.json().get("model_id") or "") if told.is_success else ""
    except (httpx.HTTPError, ValueError):
        return None


def put_back(settings: Settings, model: Path) -> None:
    """Makes sure that the model which was live is live, whatever happened; nothing to do where it never went.

    Raises:
        SwapFailedError: neither is certain; the engine must be looked at.
    """
    try:
        wanted = _readable_id(model)
        for url, _ in settings.engines:
            found = model_in(settings, url)
            if found != wanted and (found is not None or len(settings.engines) == 1):
                put(settings, url, model, wanted)
    except SwapFailedError as error:
        raise SwapFailedError(f"Look at the engine: it is not certain that {model.name} is live. {error}") from error


def _engine(settings: Settings, url: str) -> httpx.Client:
    key = settings.engine_key()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=url, headers=headers, timeout=SECONDS)


def _readable_id(model: Path) -> str:
    try:
        return model_id(model)
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise SwapFailedError(f"The model {model.name} cannot be read ({error}), so it was not tried.") from error


def _answer(engine: httpx.Client, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        answer = engine.request(method, path, json=body).raise_for_status()
        return answer.json() if answer.content else {}
    except (httpx.HTTPError, ValueError) as error:
        raise SwapFailedError(f"The engine did not take the model ({method} {path}: {error}).") from error
