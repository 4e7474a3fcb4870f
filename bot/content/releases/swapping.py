"""Puts another model into the running engine, and makes sure that it is there before anything else is believed."""

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


def model_id(model: Path) -> str:
    """The id that Rasa gave a model; every event that it causes carries it. Empty when the archive has none."""
    with tarfile.open(model, "r:gz") as archive:
        for member in archive:
            if Path(member.name).name == "metadata.json" and (file := archive.extractfile(member)):
                return str(json.load(file).get("model_id") or "")
    return ""


def swap(settings: Settings, model: Path) -> str:
    """Puts a model into the engine without stopping it, and returns its id. Turns that run end with the old one.

    Raises:
        SwapFailedError: the model could not be loaded, or does not understand; the one before is live again.
    """
    wanted = _readable_id(model)
    with _engine(settings) as engine:
        before = _answer(engine, "GET", "/status")
        _answer(engine, "PUT", "/model", {"model_file": str(model.resolve())})
        found = _answer(engine, "GET", "/status").get("model_id")
        understood = _answer(engine, "POST", "/model/parse", {"text": PROBE}).get("intent") or {}
    if found != wanted or not understood.get("name"):
        raise SwapFailedError(
            f"The engine does not run {model.name} (it says {found or 'nothing'}, before: {before.get('model_id')})."
        )
    return wanted


def put_back(settings: Settings, model: Path) -> None:
    """Makes sure that the model which was live is live, whatever happened; nothing to do when it never went.

    Raises:
        SwapFailedError: neither is certain; the engine must be looked at.
    """
    try:
        with _engine(settings) as engine:
            if _answer(engine, "GET", "/status").get("model_id") == model_id(model):
                return
        swap(settings, model)
    except SwapFailedError as error:
        raise SwapFailedError(f"Look at the engine: it is not certain that {model.name} is live. {error}") from error


def _engine(settings: Settings) -> httpx.Client:
    key = settings.engine_key()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=settings.engine_url, headers=headers, timeout=SECONDS)


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
