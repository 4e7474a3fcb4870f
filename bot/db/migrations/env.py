"""Runs migrations for Alembic, over the same engine settings as the application."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from alembic import context

import bot
from bot.db.base import Base, make_engine
from bot.settings import settings


def load_models() -> None:
    """Import the tables of every feature, so that `Base.metadata` is complete."""
    for module in walk_packages(bot.__path__, "bot."):
        if module.name.endswith(".tables"):
            import_module(module.name)


def is_ours(_item: Any, name: str | None, _kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether the models know of a table or index; the word index of messages is made by hand for each database."""
    return not (name or "").startswith(("message_words", "ix_messages_words"))


def migrate() -> None:
    """Apply the steps in one transaction each; SQLite changes tables by copying them (batch)."""
    engine = make_engine(context.config.attributes.get("url") or settings().database)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=is_ours,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


load_models()
migrate()
