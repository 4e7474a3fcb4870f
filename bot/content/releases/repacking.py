"""The live model with other words in it: what was learned stays, so it is made in seconds.

Rasa keeps the domain, and in it the bot's words, in two places of a model's archive: `metadata.json`, from which the
running engine takes it, and the domain that goes through the graph. Both get the words of a tree; everything else is
copied.
"""

from __future__ import annotations

import json
import os
import tarfile
import uuid
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.content.releases import places
from bot.content.releases.live_responses import responses_of
from bot.errors import NeedsTrainingError
from bot.ops import training
from bot.settings import Settings

METADATA, DOMAIN = "metadata.json", "components/domain_provider/domain.yml"
FASTEST = 1


def repack(settings: Settings, live: Path, root: Path) -> Path:
    """The model of a tree that has learned what the live one has, under the name that a training would give it.

    Raises:
        NeedsTrainingError: the tree differs from what is live in more than the bot's words.
    """
    _require_same_learning(settings, live.resolve(), root)
    model = training.current(settings, root)
    if not model.exists():
        unfinished = model.with_name(f".{model.name}.{os.getpid()}")
        _copy(live, unfinished, responses_of(root))
        unfinished.replace(model)
    return model


def _require_same_learning(settings: Settings, live: Path, root: Path) -> None:
    """What is live must be known, made by today's engine, and have learned from the same."""
    content = places.content_of(settings, live)
    if not content.exists() or training.current(settings, content).name != live.name:
        raise NeedsTrainingError(
            "What is live was made by another version of the bot. Test a draft under Changes once."
        )
    if training.learned(content) != training.learned(root):
        raise NeedsTrainingError("This changes what the bot learns from, too. Test it under Changes.")


def _copy(live: Path, made: Path, said: Mapping[str, Any]) -> None:
    rewritten: dict[str, Callable[[bytes], bytes]] = {
        METADATA: lambda content: _metadata(content, said),
        DOMAIN: lambda content: _domain(content, said),
    }
    with tarfile.open(live) as source, tarfile.open(made, "w:gz", compresslevel=FASTEST) as target:
        for member in source:
            file = source.extractfile(member) if member.isfile() else None
            change = rewritten.pop(member.name.lstrip("/"), None)
            if file and change:
                content = change(file.read())
                member.size = len(content)
                target.addfile(member, BytesIO(content))
            else:
                target.addfile(member, file)
    if rewritten:
        raise NeedsTrainingError(f"The live model has no {', '.join(rewritten)}, so its words cannot be changed alone.")


def _metadata(content: bytes, said: Mapping[str, Any]) -> bytes:
    """With an id of its own: whoever asks the engine which model it runs must see the difference."""
    metadata = json.loads(content)
    metadata["domain"]["responses"] = said
    metadata["model_id"] = uuid.uuid4().hex
    return json.dumps(metadata, ensure_ascii=False).encode()


def _domain(content: bytes, said: Mapping[str, Any]) -> bytes:
    """The domain is JSON in a model of today's engine (rotation_engine/loading.py), and others are not repacked."""
    return json.dumps(json.loads(content) | {"responses": said}, ensure_ascii=False).encode()
