"""The public ASGI application: channels put together. Started by `uvicorn --factory bot.app:create`."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot import bootstrap
from bot.bootstrap import Container
from bot.channels.alarm import Alarm
from bot.channels.delivery import Delivery
from bot.channels.engine import Engine
from bot.channels.porter import Porter
from bot.channels.retention import Retention
from bot.channels.retries import Pace
from bot.channels.telegram import webhook
from bot.channels.telegram.courier import Timing
from bot.channels.telegram.gateway import Gateway
from bot.channels.web import api, health, page, widget
from bot.channels.web.errors import add_error_handlers
from bot.channels.web.origins import OriginGate
from bot.channels.web.shield import BodyLimit, Shield
from bot.channels.web.sites import Sites
from bot.channels.web.throttle import Throttle
from bot.channels.web.tokens import Tokens
from bot.console import app as console
from bot.console.clerk import Clerk
from bot.console.state import Console
from bot.console.watch import DiscoveryWatch
from bot.core.words import Words
from bot.db.tracker import TrackerDatabase
from bot.observability import configure_logging
from bot.previews import previews
from bot.releases.words import live_words
from bot.services import handoff, linking
from bot.services.projection import Projector
from bot.services.rates import Rates
from bot.services.reception import Reception
from bot.services.seal import Seal
from bot.settings import Settings

# The engine's own lock on a conversation lives that long; after it a turn is lost for certain.
LONGEST_TURN_SECONDS = 60.0
# How long a thread that works on the database may keep the event loop waiting; Python's own 5 ms add up in a turn.
SWITCH_SECONDS = 0.0005
DESCRIPTION = "Ask about clinical rotations in the United States; see docs/privacy.md for what is kept."


def create() -> FastAPI:
    """The application of this process, from its environment."""
    configure_logging()
    sys.setswitchinterval(SWITCH_SECONDS)
    container = bootstrap.container()
    app = create_app(container, words=live_words(container.settings))
    gc.freeze()  # What is loaded stays: looking through it for garbage stops everything for up to 90 ms each time.
    return app


def create_app(
    container: Container, *, words: Words, pace: Pace | None = None, timing: Timing | None = None
) -> FastAPI:
    """The application over a given container; tests pass their own words and a faster pace and timing."""
    settings = container.settings
    engine = Engine(settings.engine_url, settings.actions_url, timeout=LONGEST_TURN_SECONDS)
    delivery = _delivery(container, engine, words, pace=pace or Pace(notice=settings.engine_timeout_seconds))
    sites = Sites(settings.sites, own=settings.base_url)
    app = FastAPI(
        title="Rotation Bot", version="1", description=DESCRIPTION, lifespan=_lifespan,
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.web = api.Web(
        container=container, delivery=delivery, engine=engine, tokens=Tokens(settings.signing_key()),
        throttle=Throttle(settings.rate_per_conversation, settings.rate_per_address, rates=Rates(settings.redis_url)),
        sites=sites,
    )  # fmt: skip
    _set_rounds(app, container, words, timing=timing)
    app.state.telegram = Gateway(container, delivery, words, timing=timing) if settings.telegram_token else None
    for part in (api, health, page, webhook):
        app.include_router(part.router)
    widget.install(app)
    app.mount("/static", page.static_files)
    console.install(app, Console(container, delivery, words, previews(words)))
    add_error_handlers(app)
    _protect(app, settings, sites)
    return app


def _set_rounds(app: FastAPI, container: Container, words: Words, *, timing: Timing | None) -> None:
    """What looks again and again whether there is something to do."""
    delivery, pace = app.state.web.delivery, {"every": timing.sweep} if timing else {}
    app.state.alarm = Alarm(container.database, words, delivery.postbox, **pace)
    app.state.retention = Retention(container.database, delivery, container.settings.retention_days)
    app.state.porter = Porter(container, words, delivery.postbox, **pace)
    app.state.clerk = Clerk(Projector.of(container.settings, container.database), **pace)
    app.state.watch = DiscoveryWatch(container)


def _delivery(container: Container, engine: Engine, words: Words, *, pace: Pace) -> Delivery:
    return Delivery(
        container.database, engine, words, pace=pace,
        erasers=[TrackerDatabase(container.settings.tracker).forget, partial(_forget, container)],
        partners=partial(_partners, container), reception=Reception(Seal(container.settings.signing_key())),
    )  # fmt: skip


def _protect(app: FastAPI, settings: Settings, sites: Sites) -> None:
    """What stands before every route; the last one added sees a request first."""
    app.add_middleware(BodyLimit)
    app.add_middleware(OriginGate, sites=sites)
    app.add_middleware(Shield)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)


def _forget(container: Container, conversation: str) -> None:
    with container.database.unit() as session:
        linking.forget(session, conversation)
        handoff.forget(session, conversation)


def _partners(container: Container, conversation: str) -> list[str]:
    with container.database.unit() as session:
        return linking.partners(session, conversation)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    web: api.Web = app.state.web
    telegram: Gateway | None = app.state.telegram
    workers = [
        asyncio.create_task(web.delivery.run(), name="delivery"),
        asyncio.create_task(app.state.alarm.run(), name="alarm"),
        asyncio.create_task(app.state.porter.run(), name="porter"),
        asyncio.create_task(app.state.retention.run(), name="retention"),
        asyncio.create_task(app.state.clerk.run(), name="clerk"),
        asyncio.create_task(app.state.watch.run(), name="discovery"),
        *([asyncio.create_task(telegram.run(), name="telegram")] if telegram else []),
    ]
    try:
        yield
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await web.delivery.stop()
        await web.engine.close()
