"""Looks at an installation as an operator would: one line for each part, with the remedy when it is ill."""

from __future__ import annotations

import shutil
import smtplib
import socket
import ssl
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import redis
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import with_driver
from bot.db.migrate import configuration
from bot.ops import training
from bot.settings import NO_TOKEN, Settings

WELL, WARNING, ILL = "ok", "warning", "ill"
PATIENCE = 3.0
FEW_BYTES, LOW_BYTES = 1_000_000_000, 5_000_000_000
CERTIFICATE_DAYS = 14
SHORTEST_KEY = 32
WAITING_UPDATES = 100


@dataclass(frozen=True)
class Finding:
    """One line: the part, how it is, what was seen, and what to do about it."""

    part: str
    state: str
    seen: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.state:<8} {self.part:<10} {self.seen}{'  -> ' + self.remedy if self.remedy else ''}"


def look(settings: Settings) -> Iterator[Finding]:
    """Every part in turn; none of them is changed, and no address, token or password is shown."""
    for check in (_versions, _key, _disk, _ours, _tracker, _model, _ports, _engines, _redis, _public, _telegram, _mail):
        yield from check(settings)


def _versions(_: Settings) -> Iterator[Finding]:
    here = ".".join(map(str, sys.version_info[:3]))
    if not training.ENGINE_PYTHON.exists():
        yield Finding("versions", ILL, f"Python {here}; the engine's environment is missing", "Run `make setup`.")
        return
    rooms = training.ENGINE_PYTHON.parent.parent.glob("lib/python*/site-packages")
    found = {item.name: item.version for item in distributions(path=[str(room) for room in rooms])}
    if "rasa" not in found:
        yield Finding("versions", ILL, f"Python {here}; Rasa is not installed", "Run `make setup`.")
        return
    yield Finding("versions", WELL, f"Python {here}, Rasa {found['rasa']}")


def _key(settings: Settings) -> Iterator[Finding]:
    file = settings.var / "secret.key"
    if settings.secret_key:
        is_short = len(settings.secret_key) < SHORTEST_KEY
        remedy = "Use 32 random characters or more: `openssl rand -base64 48`." if is_short else ""
        yield Finding("key", WARNING if is_short else WELL, "SECRET_KEY is set", remedy)
    elif not file.exists():
        yield Finding("key", WELL, "made at the first start")
    elif file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("key", ILL, f"{file} can be read by other accounts", f"Run `chmod 600 {file}`.")
    else:
        yield Finding("key", WELL, f"{file}, for this account only")
    if settings.engine_token == NO_TOKEN:
        yield Finding("key", WARNING, "the engine asks for no token", "Leave ENGINE_TOKEN out, unless you measure.")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.var if settings.var.exists() else settings.var.parent
    free = shutil.disk_usage(folder).free
    state = ILL if free < FEW_BYTES else WARNING if free < LOW_BYTES else WELL
    remedy = "" if state == WELL else "Make room: a model takes 40 MB, logs up to 60 MB each, a training 1 GB."
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free for {folder}", remedy)


def _ours(settings: Settings) -> Iterator[Finding]:
    newest = ScriptDirectory.from_config(configuration("")).get_current_head()
    state, seen = _asked(settings.database, "alembic_version", "SELECT version_num FROM alembic_version")
    if state == ILL:
        yield Finding("database", ILL, seen, "Check that it runs and that DATABASE_URL is right.")
    elif seen and seen != newest:
        yield Finding("database", WARNING, f"tables of {seen}, not of {newest}", "Run `bot migrate`, or start the bot.")
    else:
        yield Finding("database", WELL, f"tables of {seen}" if seen else "empty, filled at the first start")


def _tracker(settings: Settings) -> Iterator[Finding]:
    state, seen = _asked(settings.tracker, "events", "SELECT count(*) FROM events")
    if state == ILL:
        yield Finding("tracker", ILL, seen, "Check that it runs and that TRACKER_URL is right.")
    else:
        yield Finding("tracker", WELL, f"{seen} events" if seen else "empty, filled at the first start")


def _asked(url: str, table: str, question: str) -> tuple[str, str]:
    """How a database is, and its answer; empty where the table is not there yet."""
    file = url.removeprefix("sqlite:///")
    if file != url and not Path(file).exists():
        return WELL, ""
    try:
        engine = create_engine(with_driver(url), hide_parameters=True)
        with engine.connect() as connection:
            seen = str(connection.scalar(text(question))) if inspect(connection).has_table(table) else ""
        engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        return ILL, f"cannot be reached ({type(getattr(error, 'orig', None) or error).__name__})"
    return WELL, seen


def _model(settings: Settings) -> Iterator[Finding]:
    link = settings.var / "models" / "live.tar.gz"
    if link.exists():
        yield Finding("model", WELL, f"{link.resolve().name} is live")
    else:
        yield Finding("model", WELL, "none yet; the first start trains one, which takes a minute or two")


def _ports(settings: Settings) -> Iterator[Finding]:
    """Either nothing listens, or it is the bot."""
    for name, port, path in (
        ("BOT_PORT", settings.bot_port, "/healthz"),
        ("ENGINE_PORT", settings.engine_port, "/version"),
        ("ACTIONS_PORT", settings.actions_port, "/health"),
    ):
        with socket.socket() as line:
            line.settimeout(PATIENCE)
            is_free = line.connect_ex(("127.0.0.1", port)) != 0
        answer = None if is_free else _get(f"http://127.0.0.1:{port}{path}")
        if is_free:
            yield Finding("ports", WELL, f"{port} ({name}) is free")
        elif answer is not None and answer.is_success:
            yield Finding("ports", WELL, f"{port} ({name}): the bot answers")
        else:
            yield Finding("ports", ILL, f"{port} ({name}) is taken by something else", f"Stop it, or set {name}.")


def _engines(settings: Settings) -> Iterator[Finding]:
    """Those that are named by address; the one of this machine is a port above."""
    if not settings.engine_urls:
        return
    key = settings.engine_key()
    for number, (engine, actions) in enumerate(settings.engines, 1):
        status = _get(f"{engine}/status", headers={"Authorization": f"Bearer {key}"} if key else {})
        health = _get(f"{actions}/health")
        part, where = "engines", f"number {number} of ENGINE_URLS"
        if status is None:
            yield Finding(part, ILL, f"{where} does not answer", "Start it, or correct its address.")
        elif not status.is_success or not status.json().get("model_file"):
            yield Finding(part, ILL, f"{where} has no model", "Look at its log; it gets the live one by itself.")
        elif health is None or not health.is_success:
            yield Finding(
                part, ILL, f"the action server of {where} does not answer", "Start it, or correct ACTIONS_URLS."
            )
        else:
            yield Finding(part, WELL, f"{where} and its action server answer")


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        return
    try:
        with redis.Redis.from_url(
            settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        ) as found:
            found.ping()
    except redis.RedisError as error:
        yield Finding("redis", ILL, f"does not answer ({type(error).__name__})", "Start it, or correct REDIS_URL.")
    else:
        yield Finding("redis", WELL, "answers")


def _public(settings: Settings) -> Iterator[Finding]:
    if not settings.public_url:
        yield Finding("public", WELL, "this machine only; PUBLIC_URL makes it reachable")
        return
    address = urlsplit(settings.public_url)
    if address.scheme == "https":
        yield _certificate(str(address.hostname), address.port or 443)
    answer = _get(f"{settings.base_url}/healthz")
    if answer is not None and answer.is_success:
        yield Finding("public", WELL, "PUBLIC_URL leads to the bot")
    else:
        yield Finding("public", WARNING, "PUBLIC_URL does not lead to a running bot", "Start it; look at the proxy.")


def _certificate(host: str, port: int) -> Finding:
    try:
        with (
            socket.create_connection((host, port), PATIENCE) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host) as secured,
        ):
            ends = ssl.cert_time_to_seconds(str((secured.getpeercert() or {})["notAfter"]))
    except ssl.SSLError as error:
        return Finding("public", ILL, f"the certificate is not valid ({error.reason})", "Renew it at the proxy.")
    except OSError as error:
        why = type(error).__name__
        return Finding(
            "public", ILL, f"nobody answers at PUBLIC_URL ({why})", "Look at the name's address and the proxy."
        )
    days = int((ends - datetime.now(UTC).timestamp()) // 86_400)
    is_near = days < CERTIFICATE_DAYS
    remedy = "Renew it; whatever renews it by itself has stopped." if is_near else ""
    return Finding("public", WARNING if is_near else WELL, f"the certificate lasts {days} more days", remedy)


def _telegram(settings: Settings) -> Iterator[Finding]:
    """What Telegram itself says of the bot and of its webhook."""
    if not settings.telegram_token:
        return
    me, hook = (_of_telegram(settings, method) for method in ("getMe", "getWebhookInfo"))
    if me is None or hook is None:
        yield Finding("telegram", ILL, "does not answer", "Check the network, and TELEGRAM_API_BASE if it is set.")
        return
    if not me.get("ok"):
        yield Finding("telegram", ILL, "refuses the token", "Ask @BotFather for it and correct TELEGRAM_TOKEN.")
        return
    found = hook.get("result") or {}
    url, waiting, fault = found.get("url", ""), found.get("pending_update_count", 0), found.get("last_error_message")
    mode, wanted = settings.telegram_mode, f"{settings.base_url}/telegram/"
    if mode == "webhook" and not settings.public_url.startswith("https://"):
        yield Finding("telegram", ILL, "a webhook needs https", "Set PUBLIC_URL=https://..., or TELEGRAM_MODE=polling.")
    elif mode == "webhook" and url and not url.startswith(wanted):
        yield Finding("telegram", ILL, "the webhook leads elsewhere", "Another bot has this token; or start ours.")
    elif mode == "polling" and url:
        yield Finding("telegram", WARNING, "a webhook is set, so nothing can be polled", "The start takes it away.")
    elif fault:
        yield Finding("telegram", WARNING, f"could not bring an update: {fault}", "Look at the proxy and certificate.")
    elif waiting > WAITING_UPDATES:
        yield Finding("telegram", WARNING, f"{waiting} updates wait", "Is the bot running? /readyz says what it lacks.")
    else:
        yield Finding("telegram", WELL, f"{mode}, {waiting} updates wait")


def _of_telegram(settings: Settings, method: str) -> dict[str, Any] | None:
    answer = _get(f"{settings.telegram_api_base.rstrip('/')}/bot{settings.telegram_token}/{method}")
    try:
        found = answer.json() if answer is not None else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp_url:
        if settings.smtp_to:
            yield Finding("mail", WARNING, "SMTP_TO is set, and SMTP_URL is not", "Set both, or neither.")
        return
    address = urlsplit(settings.smtp_url)
    open_line: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    try:
        with open_line(address.hostname or "", address.port or 0, timeout=PATIENCE) as line:
            line.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            "mail", ILL, f"does not answer ({type(error).__name__})", "Check SMTP_URL, and port and firewall."
        )
    else:
        yield Finding("mail", WELL, "answers")


def _get(url: str, **options: Any) -> httpx.Response | None:
    """The answer, or None; what is wrong with the way there would show the address, so it is not told."""
    try:
        return httpx.get(url, timeout=PATIENCE, **options)
    except httpx.HTTPError:
        return None
