"""The only reader of the environment. Every switch of the system stands in this table with its default.

Engine thresholds are not here: they belong to the trained model and stand in `config.yml`.
"""

from __future__ import annotations

import hmac
import re
import secrets
import socket
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


def _like(example: str, pattern: str) -> AfterValidator:
    def check(written: str) -> str:
        if written and not re.match(pattern, written):
            raise ValueError(f"It is written as in {example}")
        return written

    return AfterValidator(check)


Rate = Annotated[str, _like("60/minute", r"\d+ ?(/|per) ?(\d+ ?)?(second|minute|hour|day)s?$")]
Share = Annotated[float, Field(ge=0, le=1)]
RedisUrl = Annotated[str, _like("redis://127.0.0.1:6379/0", r"rediss?://|redis\+unix://")]
WebAddress = Annotated[str, _like("https://bot.example.org", r"https?://[^/\s]")]
Addresses = Annotated[
    str, _like("http://engine-1:5005, http://engine-2:5005", r"https?://[^/\s,]+/?(\s*,\s*https?://[^/\s,]+/?)*\s*$")
]
MailUrl = Annotated[str, _like("smtps://user:password@mail.example.org", r"smtps?://[^/\s]")]
NO_TOKEN = "off"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """Settings from the environment (names in capitals); `var/` holds everything that is made at run time."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", env_ignore_empty=True)

    bot_port: int = Field(8000, description="Port of the public application.")
    bot_host: str = Field("127.0.0.1", description="Address that the application listens on.")
    engine_port: int = Field(5005, description="Loopback port of the Rasa engine.")
    actions_port: int = Field(5055, description="Loopback port of the action server.")
    engine_host: str = Field("127.0.0.1", description="Address that the engine listens on.")
    actions_host: str = Field("127.0.0.1", description="Address that the action server listens on.")
    engine_urls: Addresses = Field(
        "",
        description="Engines to ask, with commas; http://127.0.0.1:<ENGINE_PORT> when empty. Several need REDIS_URL.",
    )
    actions_urls: Addresses = Field(
        "", description="Their action servers, one for each or one for all; http://127.0.0.1:<ACTIONS_PORT> when empty."
    )
    database_url: str = Field("", description="SQLAlchemy URL; a SQLite file in var/ when empty.")
    tracker_url: str = Field("", description="SQLAlchemy URL of Rasa's own tracker; a SQLite file in var/ when empty.")
    redis_url: RedisUrl = Field(
        "", description="Redis for limits and locks shared by several processes; memory when empty."
    )
    telegram_token: str = Field("", description="Bot token; Telegram is off when empty.")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="How messages come from Telegram.")
    telegram_api_base: WebAddress = Field("https://api.telegram.org", description="Bot API host.")
    public_url: WebAddress = Field(
        "", description="Public address of the application; http://127.0.0.1:<port> when empty."
    )
    secret_key: str = Field("", description="Signs tokens; made and kept in var/ when empty.")
    engine_token: str = Field(
        "",
        description=f"Asked of who calls the engine or the action server: made from the secret key when empty; "
        f"`{NO_TOKEN}` asks for none.",
    )
    bot_today: date | None = Field(None, description="Freezes the date (YYYY-MM-DD) for tests and evaluation.")
    engine_timeout_seconds: float = Field(10.0, description="How long one turn may take before it counts as failed.")
    rate_per_conversation: Rate = Field("60/minute", description="Messages that one conversation may send.")
    rate_per_address: Rate = Field("240/minute", description="Requests that one address may send.")
    sites: dict[str, list[str]] = Field(
        {}, description='Websites that may embed the chat: JSON such as {"clinic": ["https://www.clinic.example"]}.'
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses or networks of proxies whose X-Forwarded-For is believed, with commas."
    )
    handoff: Literal["auto", "off"] = Field(
        "auto", description="Talks handed to staff: auto (as soon as there is a staff user) or off."
    )
    office_hours: str = Field(
        "", description="When staff answer: Mon-Fri 09:00-17:00 America/New_York, or any words, which are only shown."
    )
    staff_names: dict[str, str] = Field(
        {}, description='What people in the chat read of staff: {"desk1": "Student desk"}; else "The team".'
    )
    handoff_silence_hours: float = Field(2.0, description="Without a word of staff for so long, the bot takes over.")
    contact_days: int = Field(30, description="Days after the end of a handoff until a left e-mail address is deleted.")
    smtp_url: MailUrl = Field(
        "", description="smtp://user:password@host:587 or smtps://...; tells staff that somebody waits. Off when empty."
    )
    smtp_from: str = Field("", description="Sender of these mails.")
    smtp_to: str = Field("", description="Who gets them, with commas.")
    review_low_confidence: Share = Field(
        0.3, description="Below this confidence (0 to 1) an understood message comes to the inbox of the review."
    )
    review_close_margin: Share = Field(
        0.08, description="So does one whose best two topics are closer to each other than this."
    )
    discover_after: int = Field(50, description="New unresolved messages that start a search for groups; 0 is never.")
    retention_days: int = Field(
        365, ge=0, description="Days after the last message until a conversation is deleted everywhere; 0 keeps all."
    )
    source_check: Literal["off", "daily"] = Field(
        "off", description="Whether the application reads the pages behind programs and facts once a day."
    )
    otel_exporter_otlp_endpoint: WebAddress = Field(
        "", description="OTLP/HTTP address of an OpenTelemetry collector (http://127.0.0.1:4318); no traces when empty."
    )
    notify_socket: str = Field("", description="Set by systemd, which wants to hear that the system is up and alive.")
    var: Path = Field(ROOT / "var", description="Folder for models, databases, logs and generated keys.")

    @model_validator(mode="after")
    def _engines_fit_together(self) -> Settings:
        engines, actions = len(_split(self.engine_urls)) or 1, len(_split(self.actions_urls)) or 1
        if actions not in (1, engines):
            raise ValueError("ACTIONS_URLS names one action server for each of the ENGINE_URLS, or one for all")
        if engines > 1 and not self.redis_url:
            raise ValueError("ENGINE_URLS names several engines, which keep their locks in Redis: set REDIS_URL")
        if self.engine_token == NO_TOKEN and not {self.engine_host, self.actions_host} <= LOOPBACK:
            raise ValueError("ENGINE_TOKEN=off is for loopback only: leave it out, or ENGINE_HOST and ACTIONS_HOST")
        return self

    @property
    def engine_url(self) -> str:
        """The engine of this machine."""
        return f"http://127.0.0.1:{self.engine_port}"

    @property
    def actions_url(self) -> str:
        """The action server that the engine of this machine asks."""
        return _split(self.actions_urls)[0] if self.actions_urls else f"http://127.0.0.1:{self.actions_port}"

    @property
    def engines(self) -> tuple[tuple[str, str], ...]:
        """Every engine that the application may ask, with the address of its action server."""
        engines, actions = _split(self.engine_urls) or [self.engine_url], _split(self.actions_urls)
        actions = actions or [self.actions_url]
        return tuple(zip(engines, actions * len(engines) if len(actions) == 1 else actions, strict=True))

    @property
    def instance(self) -> str:
        """This application's name among others over the same database; the same after a restart."""
        return f"{socket.gethostname()[:100]}:{self.bot_port}"

    @property
    def shares_locks(self) -> bool:
        """Whether several engines answer, so that their locks on conversations must be the same."""
        return len(self.engines) > 1

    @property
    def is_engine_open(self) -> bool:
        """Whether somebody new may ask the engine without the token: on loopback, unless a token of its own is set."""
        return not self.engine_token and self.engine_host in LOOPBACK

    @property
    def base_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://127.0.0.1:{self.bot_port}"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var / 'bot.db'}"

    @property
    def tracker(self) -> str:
        return self.tracker_url or f"sqlite:///{self.var / 'tracker.db'}"

    def signing_key(self) -> str:
        """The key that signs tokens, made on first use and readable by the owner only."""
        if self.secret_key:
            return self.secret_key
        path = self.var / "secret.key"
        if not path.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), encoding="utf8")
        return path.read_text(encoding="utf8").strip()

    def engine_key(self) -> str:
        """What the engine and the action server ask of whoever calls them; empty when they ask for nothing."""
        if self.engine_token == NO_TOKEN:
            return ""
        made = hmac.new(self.signing_key().encode(), b"engine and actions", "sha256").hexdigest()
        return self.engine_token or made


def _split(addresses: str) -> list[str]:
    return [address.strip().rstrip("/") for address in addresses.split(",") if address.strip()]


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]
