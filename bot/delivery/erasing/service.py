"""Carries out the wish to be forgotten: in our tables, in the engine's memory, and once more when a turn was running.

The wish is stored in a unit of work of its own before anything is deleted; from then on the conversation is gone for
everybody, and whoever dies on the way leaves a wish that the next one takes up. Each step may be done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.base import Database
from bot.delivery.erasing import store
from bot.delivery.store import MessageStore, begins_by_itself
from bot.delivery.tables import Erasure
from bot.observability import ERASING

log = structlog.get_logger(__name__)
TELLING = timedelta(minutes=1)
"""How long a process that erased, and speaks to the person, has the last words to itself."""
UNTOLD = timedelta(days=1)
"""After so long nobody tries any more to tell a person that everything is deleted."""


@dataclass(frozen=True)
class Parts:
    """What there is to delete beside messages.

    `memory` is the engine's; `forget` deletes what the features keep, `leftovers` of that what a turn can still write
    after it. `partners` names the other conversations of the same person, which are erased with it. `tidy` cleans what
    a deletion leaves in files; each says whether it could.
    """

    memory: Callable[[str], None] = lambda _: None
    forget: Callable[[Session, str], None] = lambda *_: None
    leftovers: Callable[[Session, str], None] = lambda *_: None
    partners: Callable[[Session, str], Sequence[str]] = lambda *_: ()
    tidy: Sequence[Callable[[], bool]] = ()


@dataclass(frozen=True)
class Finished:
    """Nothing is left of a conversation; `tells`: its person waits for the word."""

    conversation: str
    tells: bool


class Eraser:
    """All functions work on the database and may take a while: call them off the event loop.

    `again` is after how many seconds an unfinished wish is taken up again, `turn` how long a turn may take at most.
    `speaks` says whether this process says the last words itself; else another one does at its next look.
    """

    def __init__(
        self,
        database: Database,
        parts: Parts | None = None,
        *,
        again: float = 30.0,
        turn: float = 60.0,
        speaks: bool = True,
    ) -> None:
        self._database = database
        self._parts = parts or Parts()
        self._again = timedelta(seconds=again)
        self._turn = timedelta(seconds=turn)
        self._speaks = speaks
        self._is_tidy = False  # What was erased before a crash may have left something, too.

    def wish(self, conversation: str, *, asked_in: int | None = None) -> list[str]:
        """Store the wish to erase a conversation with its partners; their names, itself last.

        `asked_in` is the number of the message in which the person asked; what they wrote after it is kept. Without it
        somebody else asked, or the person pressed a button of the page, and nothing is said in the talk at the end.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it could not be stored, and nothing was done.
        """
        now = datetime.now(UTC)
        with self._database.turn() as session:
            names = [*self._parts.partners(session, conversation), conversation]
            last = store.lock_talks(session, names)
            if asked_in is not None:
                last[conversation] = asked_in
            before = last | ({conversation: asked_in - 1} if asked_in is not None else {})
            quiet_at = now + self._turn if store.is_turn_open(session, before) else None
            for name in names:
                tells = asked_in is not None and name == conversation and begins_by_itself(name)
                store.put_wish(
                    session,
                    name,
                    after_seq=last.get(name, 0),
                    tells=tells,
                    quiet_at=quiet_at,
                    due_at=now + self._again,
                    now=now,
                )
        return names

    def clear(self, messages: MessageStore, conversation: str) -> None:
        """Delete our rows of a conversation that is to be erased, once; what came after the wish begins a new talk."""
        after = store.mark_cleared(messages.session, conversation, messages.now)
        if after is None:
            return
        later = messages.pending_after(conversation, after) if begins_by_itself(conversation) else []
        self._parts.forget(messages.session, conversation)
        messages.erase(conversation)
        if later:
            messages.begin_again(conversation, later)

    def try_finish(self, conversation: str) -> Finished | None:
        """One more try; None when something is still in the way, or left to do later."""
        try:
            return self._finish(conversation)
        except (SQLAlchemyError, OSError) as error:
            log.warning("an erasure has to wait", error=type(error).__name__)
            return None

    def end_turns(self, names: Sequence[str]) -> None:
        """The turns that were running at the time of the wish have ended."""
        with self._database.turn() as session:
            store.make_quiet(session, names)

    def due(self) -> list[str]:
        """The wishes to be carried out now; the caller has them for a while."""
        now = datetime.now(UTC)
        with self._database.look() as session:
            ERASING.set(store.count_open(session))
            if not store.is_any_due(session, now, untold_before=now - UNTOLD):
                return []
        with self._database.turn() as session:
            store.drop_untold(session, now - UNTOLD)
            return store.take_due(session, now, again=self._again)

    def tidy(self) -> None:
        """Clean up in files after deletions; what cannot be done now is done the next time."""
        if self._is_tidy:
            return
        done, self._is_tidy = [False], True  # First, since something may be erased while this goes on.
        try:
            done = [work() for work in self._parts.tidy]
        finally:
            self._is_tidy = self._is_tidy and all(done)

    def _finish(self, conversation: str) -> Finished | None:
        with self._database.turn() as session:
            messages = MessageStore(session, datetime.now(UTC))
            is_quiet = store.is_quiet(session, conversation, messages.now)
            self.clear(messages, conversation)
        self._parts.memory(conversation)
        with self._database.turn() as session:
            row = store.find_wish(session, conversation)
            return self._close(session, row, is_quiet=is_quiet) if row else Finished(conversation, tells=False)

    def _close(self, session: Session, row: Erasure, *, is_quiet: bool) -> Finished | None:
        """The end of a pass; None when another is needed: a turn may still be running, or it was asked for again."""
        self._is_tidy = False
        if row.done_at is not None:  # Somebody else was quicker.
            return Finished(row.conversation_id, tells=False)
        if not is_quiet or row.cleared_at is None:
            row.due_at = row.quiet_at or row.due_at
            return None
        self._parts.leftovers(session, row.conversation_id)
        now = datetime.now(UTC)
        if row.tells:
            row.done_at, row.due_at = now, now + (TELLING if self._speaks else timedelta())
        else:
            session.delete(row)
        return Finished(row.conversation_id, row.tells)
