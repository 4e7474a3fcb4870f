"""The names that people give to places on the clock, read once from `data/zones.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from bot.data_files import read_yaml
from bot.settings import ROOT

ZONES = ROOT / "data" / "zones.yml"


class ZoneWords(BaseModel):
    """Abbreviations, places and languages of an app, each with its zone of the IANA database."""

    abbreviations: dict[str, str]
    places: dict[str, str]
    languages: dict[str, str]


@lru_cache
def zone_words(file: Path = ZONES) -> ZoneWords:
    """The words of a file."""
    return ZoneWords.model_validate(read_yaml(file))
