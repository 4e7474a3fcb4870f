"""The public ASGI application: channels put together. Started by `uvicorn --factory bot.app:create`."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import partial

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from sqlalchemy.orm import Session
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot import bootstrap
from bot.bootstrap import Container
from bot.console import application as console
from bot.console.context import Console
from bot.content.releases.live_responses import live_words
from bot.content.releases.model_worker import ModelWorker
from bot.content.store import live_version
from bot.db.base import Database
from bot.delivery.engine import Engine
from bot.delivery.engine_pool import EnginePool
from bot.delivery.erasing.service import Eraser, Parts
from bot.delivery.erasing.worker import ErasingWorker
from bot.delivery.files import drop_files
from bot.delivery.limits import RateLimits
from bot.delivery.retention.worker import RetentionWorker
from bot.delivery.retries import RetryTiming
from bot.delivery.service import Delivery
from bot.delivery.telegram.store import drop_chat
from bot.delivery.tracker import TrackerDatabase
from bot.encryption import Encryption
from bot.handoff import service as handoff
from bot.handoff.incoming import HandoffReception
from bot.handoff.worker import HandoffWorker, TypingWorker
from bot.linking import service as linking
from bot.linking.store import goes_on_elsewhere
from bot.observability import configure_logging
from bot.ops.periodic import Periodic
from bot.previews import previews
from bot.private_files import be_private
from bot.programs.sources.worker import SourceWorker
from bot.reminders.store import drop_reminders, waits
from bot.reminders.worker import ReminderWorker
from bot.reply.responses import Responses
from bot.review import words
from bot.review.discovery.worker import DiscoveryWorker
from bot.review.projection.service import Projector
from bot.review.projection.worker import ProjectionWorker
from bot.settings import Settings
from bot.telegram import webhook
from bot.telegram.gateway import Gateway
from bot.telegram.outbox_sender import Timing
from bot.timeline.store import drop_plans
from bot.tracing import configure_tracing
from bot.web import api, demo, health, program_list, result_page, widget
from bot.web.api_errors import add_error_handlers
from bot.web.hosts import HostGate, Hosts
from bot.web.open_streams import OpenStreams
from bot.web.origins import OriginGate
from bot.web.shield import BodyLimit, Shield
from bot.web.sites import Sites
from bot.web.throttle import Throttle
from bot.web.tokens import Tokens
from bot.websites.service import Websites

# The engine's own lock on a conversation lives that long; after it a turn is lost for certain.
LONGEST_TURN_SECONDS = 60.0
# How long a thread that works on the database may keep the event loop waiting; Python's own 5 ms add up in a turn.
SWITCH_SECONDS = 0.0005
DELIVERY, ERASING, REMINDERS, HANDOFF = "delivery", "erasing", "reminders", "handoff"
RETENTION, PROJECTION, DISCOVERY, SOURCES = "retention", "projection", "discovery", "sources"
ENGINES, MODELS, WEBSITES, TYPING = "engines", "models", "websites", "typing"
DESCRIPTION = "Ask about clinical rotations in the United States; see docs/privacy.md for what is kept."


def create() -> FastAPI:
    """The application of this process, from its environment."""
    be_private()
    configure_logging()
    sys.setswitchinterval(SWITCH_SECONDS)
    container = bootstrap.container()
    configure_tracing("rotation-app", container.settings.otel_exporter_otlp_endpoint)
    app = create_app(container, responses=live_words(container.settings))
    gc.freeze()  # What is loaded stays: looking through it for garbage stops everything for up to 90 ms each time.
    return app


def create_app(
    container: Container,
    *,
    responses: Responses,
    pace: RetryTiming | None = None,
    timing: Timing | None = None,
    workers: Collection[str] | None = None,
) -> FastAPI:
    """The application over a given container.

    Tests pass their own words, a faster pace and timing, and the names of the `workers` that shall run beside the
    requests; all of them do by default.
    """
    settings = container.settings
    pace = pace or RetryTiming(notice=settings.engine_timeout_seconds)
    engine = _engines(container)
    tracker = TrackerDatabase(settings.tracker)
    eraser = _eraser(container, tracker, pace)
    delivery = _delivery(container, engine, responses, tracker, pace=pace, eraser=eraser)
    websites = Websites(container.database)
    sites = Sites(settings.sites, own=settings.base_url, kept=websites.origins)
    app = FastAPI(
        title="Rotation Bot",
        version="1",
        description=DESCRIPTION,
        lifespan=_lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.web = api.Web(
        container=container,
        delivery=delivery,
        engine=engine,
        responses=responses,
        tokens=Tokens(settings.signing_key()),
        throttle=Throttle(
            settings.rate_per_conversation, settings.rate_per_address, rates=RateLimits(settings.redis_url)
        ),
        sites=sites,
        streams=OpenStreams(delivery.notifier),
        websites=websites,
    )
    app.state.readiness = health.Readiness(engine, container.database, delivery.tracker_probe)
    app.state.workers = [
        worker
        for worker in _workers(app, container, responses, eraser, pace=pace, timing=timing)
        if workers is None or worker.name in workers
    ]
    app.state.telegram = Gateway(container, delivery, responses, timing=timing) if settings.telegram_token else None
    for part in (api, health, demo, program_list, result_page, webhook):
        app.include_router(part.router)
    widget.install(app)
    app.mount("/static", demo.static_files)
    console.install(app, Console(container, delivery, responses, websites, previews(responses)))
    add_error_handlers(app)
    _protect(app, settings, sites)
    return app


def _engines(container: Container) -> EnginePool:
    settings = container.settings
    patience, key = LONGEST_TURN_SECONDS, settings.engine_key()
    members = [Engine(engine, actions, timeout=patience, key=key) for engine, actions in settings.engines]
    return EnginePool(members, live=partial(asyncio.to_thread, _live_model, container.database))


def _live_model(database: Database) -> str:
    with database.look() as session:
        version = live_version(session)
        return version.model_id if version else ""


def _workers(
    app: FastAPI,
    container: Container,
    responses: Responses,
    eraser: Eraser,
    *,
    pace: RetryTiming,
    timing: Timing | None,
) -> list[Periodic]:
    """What looks again and again whether there is something to do."""
    settings, database, delivery = container.settings, container.database, app.state.web.delivery
    keeps = (waits, partial(goes_on_elsewhere, keeps=(waits,)))
    reminders = ReminderWorker(database, responses, delivery.notifier, clock=container.now)
    waiting = HandoffWorker(container, responses, delivery.notifier)
    typing = TypingWorker(database, delivery.notifier)
    retention = RetentionWorker(database, delivery, settings.retention_days, keeps=keeps)
    projection, discovery = ProjectionWorker(Projector.of(settings, database)), DiscoveryWorker(container)
    websites = app.state.web.websites
    models, sweep = ModelWorker(settings, database), timing.sweep if timing else None
    return [
        Periodic(DELIVERY, delivery.round, pace.tick),
        Periodic(ENGINES, app.state.web.engine.round, EnginePool.every),
        Periodic(WEBSITES, websites.round, websites.every, delay=websites.every),
        Periodic(MODELS, models.round, models.every, delay=models.every),
        Periodic(ERASING, ErasingWorker(eraser, delivery.say_erased).round, pace.first_retry),
        Periodic(REMINDERS, reminders.round, sweep or reminders.every),
        Periodic(HANDOFF, waiting.round, sweep or waiting.every),
        Periodic(TYPING, typing.round, typing.every),
        Periodic(RETENTION, retention.round, retention.every),
        Periodic(PROJECTION, projection.round, sweep or projection.every),
        # The first look comes after a pause, so that a start is not slowed down.
        Periodic(DISCOVERY, discovery.round, discovery.every, delay=discovery.every),
        *_source_watch(settings, database),
    ]


def _source_watch(settings: Settings, database: Database) -> list[Periodic]:
    """Off unless the operator wants it: it calls other people's servers."""
    if settings.source_check == "off":
        return []
    sources = SourceWorker(database, contact=settings.public_url)
    return [Periodic(SOURCES, sources.round, sources.every, delay=sources.every)]


def _eraser(container: Container, tracker: TrackerDatabase, pace: RetryTiming) -> Eraser:
    database = container.database
    parts = Parts(
        memory=tracker.forget,
        forget=forget,
        leftovers=forget_work,
        partners=linking.partners,
        tidy=(partial(words.purge, database), database.empty_wal, tracker.tidy),
    )
    speaks = bool(container.settings.telegram_token)
    return Eraser(database, parts, again=pace.erasing, turn=LONGEST_TURN_SECONDS, speaks=speaks)


def _delivery(
    container: Container,
    engine: EnginePool,
    responses: Responses,
    tracker: TrackerDatabase,
    *,
    pace: RetryTiming,
    eraser: Eraser,
) -> Delivery:
    return Delivery(
        container.database,
        engine,
        responses,
        tracker=tracker,
        timing=pace,
        eraser=eraser,
        reception=HandoffReception(Encryption(container.settings.signing_key()), responses),
        owner=container.settings.instance,
    )


def _protect(app: FastAPI, settings: Settings, sites: Sites) -> None:
    """What stands before every route; the last one added sees a request first."""
    app.add_middleware(BodyLimit)
    app.add_middleware(OriginGate, sites=sites)
    hosts = Hosts(settings.base_url, bound=settings.bot_host, is_public=bool(settings.public_url))
    app.add_middleware(HostGate, hosts=hosts)
    app.add_middleware(Shield, is_https=settings.base_url.startswith("https://"))
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    app.add_middleware(CorrelationIdMiddleware)


def forget(session: Session, conversation: str) -> None:
    """Delete what the features keep about a conversation beside its messages."""
    forget_work(session, conversation)
    drop_chat(session, conversation)


def forget_work(session: Session, conversation: str) -> None:
    """Delete what the actions of a turn write; a turn that ends late may do so when all else is deleted."""
    drop_plans(session, conversation)
    drop_reminders(session, conversation)
    linking.unlink(session, conversation)
    handoff.forget(session, conversation)
    drop_files(session, conversation)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    web: api.Web = app.state.web
    telegram: Gateway | None = app.state.telegram
    await web.websites.round()  # Nobody is refused for want of a look.
    running = [*app.state.workers, *([telegram] if telegram else [])]
    tasks = [asyncio.create_task(item.run()) for item in running]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await web.delivery.stop()
        await web.engine.close()
