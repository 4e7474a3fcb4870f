"""The words of what is live: what the application itself says follows a published version without a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import structlog
import yaml

from bot.content.releases import places
from bot.data_files import read_yaml
from bot.reply.responses import Responses
from bot.settings import Settings

log = structlog.get_logger(__name__)
LOOK_EVERY_SECONDS = 1.0

Response = Sequence[Mapping[str, Any]]


def read_words(root: Path) -> Responses:
    """The bot's words from the `data/` of a tree of content, as Rasa reads them."""
    return Responses(responses_of(root))


def live_words(settings: Settings) -> Responses:
    """The words of the live version, whichever that is at the moment."""
    return Responses(LiveResponses(partial(places.live_content, settings)))


class LiveResponses(Mapping[str, Response]):
    """Responses by name from the tree that `find` names; another tree is noticed within a second, and read beside."""

    def __init__(self, find: Callable[[], Path], *, look_every: float = LOOK_EVERY_SECONDS) -> None:
        self._find = find
        self._look_every = look_every
        self._root = find()
        self._responses = responses_of(self._root)
        self._looked = time.monotonic()

    def __getitem__(self, key: str) -> Response:
        return self._current()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current())

    def __len__(self) -> int:
        return len(self._current())

    def _current(self) -> Mapping[str, Response]:
        if time.monotonic() - self._looked > self._look_every:
            self._looked = time.monotonic()
            if (root := self._find()) != self._root:
                self._root = root
                # A second of reading must not keep the event loop from anybody's answer.
                threading.Thread(target=self._renew, args=(root,), daemon=True).start()
        return self._responses

    def _renew(self, root: Path) -> None:
        try:
            self._responses = responses_of(root)
        except (OSError, yaml.YAMLError) as error:
            log.error("the words of the live version cannot be read; the earlier ones stay", error=str(error))


def responses_of(root: Path) -> dict[str, Response]:
    """Every response of a tree of content by its key, as Rasa reads them."""
    folder = root / "data"
    responses: dict[str, Response] = {}
    for path in sorted([*folder.glob("responses.yml"), *folder.glob("responses/*.yml")]):
        responses |= (read_yaml(path) or {}).get("responses") or {}
    return responses
