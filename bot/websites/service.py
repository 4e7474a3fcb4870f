"""What owners set up for their websites: who may embed the chat, and how it looks there. It counts at once, no restart.

A process keeps what it read last and reads again every few seconds, since another process may have changed it.
"""

from __future__ import annotations

import asyncio
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from bot.db.base import Database
from bot.websites.store import find_website, website_rows
from bot.websites.tables import WebsiteRow

LONGEST = {"key": 40, "heading": 60, "greeting": 500, "starters": 300, "logo": 300, "lang": 20}
"""Characters, as the table has room for."""
MOST_ORIGINS = 20
KEY_LETTERS = frozenset(string.ascii_lowercase + string.digits + "-_")
LANG_LETTERS = frozenset(string.ascii_letters + string.digits + "-")
CHOICES = {"side": ("", "start", "end"), "theme": ("", "light", "dark")}
WHITE, INK, LINK = "#ffffff", "#17262b", "#0f6e7c"
LEAST_CONTRAST = 4.5
"""Of text and its ground, WCAG 2.2 success criterion 1.4.3."""


class WebsiteError(ValueError):
    """Something that cannot be kept; the text says why, for staff."""


@dataclass(frozen=True)
class Website:
    """One site key; `origins` are written as in `SITES`, the others are options of the widget, "" for its default."""

    key: str
    origins: tuple[str, ...]
    heading: str = ""
    greeting: str = ""
    starters: str = ""
    accent: str = ""
    logo: str = ""
    side: str = ""
    theme: str = ""
    lang: str = ""

    @property
    def options(self) -> dict[str, str]:
        """Attributes of the widget that are set here."""
        names = ("heading", "greeting", "starters", "logo", "side", "theme", "lang")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def style(self) -> dict[str, str]:
        """Custom properties of the widget: the accent, and words on and in it that can be read."""
        if not self.accent:
            return {}
        on_accent = max(WHITE, INK, key=lambda color: contrast(color, self.accent))
        is_readable = contrast(self.accent, WHITE) >= LEAST_CONTRAST
        link = self.accent if is_readable else LINK
        return {"--rotation-accent": self.accent, "--rotation-on-accent": on_accent, "--rotation-link": link}


class Websites:
    """The websites as this process knows them."""

    every: ClassVar[float] = 5.0

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Mapping[str, Website] = {}

    def get(self, key: str) -> Website | None:
        """The website of a key."""
        return self._known.get(key)

    def origins(self) -> Mapping[str, tuple[str, ...]]:
        """Which origins each key lists."""
        return {key: site.origins for key, site in self._known.items()}

    def renew(self) -> None:
        """Read them again."""
        with self._database.look() as session:
            self._known = {row.key: website_of(row) for row in website_rows(session)}

    async def round(self) -> bool:
        """Read them again, beside the requests."""
        await asyncio.to_thread(self.renew)
        return False


def website_of(row: WebsiteRow) -> Website:
    """The row as a value."""
    values = {item.name: getattr(row, item.name) for item in fields(Website) if item.name != "origins"}
    return Website(origins=tuple(row.origins.split()), **values)


def read_website(typed: Mapping[str, str]) -> Website:
    """What somebody typed into the form; `origins` are separated by white space.

    Raises:
        WebsiteError: a field has something that the widget could not use.
    """
    values = {name: typed.get(name, "").replace("\0", "").strip() for name in ("key", *LONGEST, "accent", *CHOICES)}
    for name, most in LONGEST.items():
        if len(values[name]) > most:
            raise WebsiteError(f"The field “{name}” has at most {most} characters.")
    if not values["key"] or set(values["key"]) - KEY_LETTERS:
        raise WebsiteError("A site key is made of small letters, digits, - and _.")
    if set(values["lang"]) - LANG_LETTERS:
        raise WebsiteError("A language is a code such as es or pt-BR.")
    if any(values[name] not in allowed for name, allowed in CHOICES.items()):
        raise WebsiteError("Choose side and theme from their lists.")
    values["accent"] = _color(values["accent"])
    origins = tuple(dict.fromkeys(_origin(word) for word in typed.get("origins", "").split()))
    if not 1 <= len(origins) <= MOST_ORIGINS:
        raise WebsiteError(f"Name 1 to {MOST_ORIGINS} websites, such as https://www.clinic.example.")
    if values["logo"] and urlsplit(values["logo"]).scheme != "https":
        raise WebsiteError("A logo is the address of a picture, beginning with https://.")
    return Website(origins=origins, **values)


def keep_website(session: Session, website: Website, *, author: str, now: datetime) -> dict[str, object] | None:
    """Add it, or replace the one of its key; returns what stood there before."""
    row = find_website(session, website.key)
    before = asdict(website_of(row)) if row else None
    if row is None:
        row = WebsiteRow(key=website.key)
        session.add(row)
    for name, value in asdict(website).items():
        setattr(row, name, "\n".join(value) if name == "origins" else value)
    row.changed_at, row.changed_by = now, author
    return before


def drop_website(session: Session, key: str) -> dict[str, object] | None:
    """Take it away; returns what stood there."""
    row = None if set(key) - KEY_LETTERS else find_website(session, key)
    if row is None:
        return None
    before = asdict(website_of(row))
    session.delete(row)
    return before


def contrast(one: str, other: str) -> float:
    """How much two colors differ, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _color(typed: str) -> str:
    if not typed:
        return ""
    if len(typed) != 7 or typed[0] != "#" or set(typed[1:].lower()) - set(string.hexdigits.lower()):
        raise WebsiteError("A color is written as #0f6e7c.")
    return typed.lower()


def _origin(typed: str) -> str:
    """Scheme, name and port; the rest of an address that somebody copied is left out."""
    parts = urlsplit(typed.lower())
    name = parts.netloc.removeprefix("*.")
    if (
        parts.scheme not in ("https", "http")
        or not name
        or not set(name) <= set(string.ascii_lowercase + string.digits + ".-:")
    ):
        raise WebsiteError(
            f"“{typed[:80]}” is no website; write https://www.clinic.example or https://*.clinic.example."
        )
    return f"{parts.scheme}://{parts.netloc}"
