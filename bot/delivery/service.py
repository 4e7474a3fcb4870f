"""Brings every message to the engine once and its answer to the person once, whatever breaks in between.

A message is stored first, then asked. Of several applications the one that stored it has a lease on it and answers it,
after those before it in the conversation; when nothing is heard of that application any more, another one takes it.
Each conversation has a queue: a task that answers its pending messages one after the other, while other conversations
go on. When the engine fails, the queue ends, the person is told at once,
and the message stays pending; `round` starts the queue again when the engine is back, also after a restart of this
process. An answer is stored only for a message that is still pending, so nothing is answered twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from asgi_correlation_id import correlation_id
from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import Database
from bot.db.probe import Probe
from bot.delivery.arrivals import Arrival, Taken, accept
from bot.delivery.conversation_queue import ConversationQueue
from bot.delivery.engine import EngineAwayError, EngineError, EngineForgetfulError, earlier_reply
from bot.delivery.engine_pool import EnginePool
from bot.delivery.erasing.service import Eraser, Finished
from bot.delivery.files import drop_expired_files
from bot.delivery.notifier import News, Notifier
from bot.delivery.reception import Reception
from bot.delivery.retries import Pace, Retries, RetryTiming
from bot.delivery.store import Answer, ConversationGoneError, Incoming, Lease, MessageStore, begins_by_itself
from bot.delivery.tables import ANSWERED, FAILED, PENDING
from bot.delivery.tracker import TrackerDatabase
from bot.observability import ENGINE_FAILURES, TURN_SECONDS, TURNS, WAITING, id_of_message
from bot.reply.parts import Notice, Reply
from bot.reply.responses import Responses
from bot.tracing import span

log = structlog.get_logger(__name__)
T = TypeVar("T")
# Between two looks whether another application has answered what somebody waits for here.
ELSEWHERE_SECONDS = 0.1


@dataclass(frozen=True)
class Receipt:
    """What became of a message: its number, `answered` or `pending`, and all replies to it so far."""

    seq: int
    status: str
    answers: tuple[Answer, ...]


class Delivery:
    """Inbox, engine and outbox for all channels.

    `tracker` is the engine's memory: a lost answer is found there, and once the engine could not store a turn, nobody
    asks it until that works again. `eraser` forgets people; `reception` keeps messages for staff from the engine.
    `owner` names this application to the others over the same database, and is the same after a restart.
    """

    def __init__(
        self,
        database: Database,
        engine: EnginePool,
        responses: Responses,
        *,
        tracker: TrackerDatabase,
        timing: RetryTiming | None = None,
        eraser: Eraser | None = None,
        reception: Reception | None = None,
        owner: str = "",
    ) -> None:
        self.notifier = Notifier()
        self._database = database
        self._engine = engine
        self._responses = responses
        self._tracker = tracker
        self.tracker_probe = Probe(tracker.try_write)
        self._is_forgetful = False
        self._timing = timing or RetryTiming()
        self._eraser = eraser or Eraser(database)
        self._reception = reception
        self._queues: dict[str, ConversationQueue] = {}
        self._retries = Retries(self._timing)
        self._lease = Lease(owner or uuid.uuid4().hex, timedelta(seconds=self._timing.lease))
        self._is_new_here = True
        self._tidy, self._leftovers, self._hold, self._listen = (
            Pace(seconds)
            for seconds in (self._timing.tidy, self._timing.leftovers, self._timing.lease / 3, self._timing.listen)
        )
        self._afterwards: set[asyncio.Task[Any]] = set()

    async def open(self, conversation: str, *, site: str = "", locale: str = "") -> None:
        """Begin a conversation."""
        await self.ask_store(lambda messages: messages.open(conversation, site=site, locale=locale))

    async def submit(self, conversation: str, client_id: str, *, text: str = "", payload: str = "") -> Receipt:
        """Take one message (typed `text`, or the `payload` of a pressed button) and answer it.

        The same `client_id` again returns what became of the first; it never makes a second turn.

        Raises:
            ConversationGoneError: there is no such conversation.
        """
        return await self.answer(await self.take(conversation, Arrival(client_id, text=text, payload=payload)))

    async def take(self, conversation: str, arrival: Arrival) -> Taken:
        """Store one message; from now on it is answered, also after a restart.

        Raises:
            ConversationGoneError: there is no such conversation.
        """
        taken = await self.ask_store(
            lambda messages: accept(
                messages, conversation, arrival, self._responses, self._reception, clear=self._eraser.clear
            )
        )
        if taken.is_new and taken.message.status != PENDING:
            self.notifier.announce(conversation, News())
        return taken

    async def answer(self, taken: Taken) -> Receipt:
        """Answer a stored message now, or tell that it takes longer."""
        message = taken.message
        if message.status == PENDING:
            answer = await self._turn_of(message, is_new=taken.is_new)
            if answer:
                return Receipt(message.seq, ANSWERED, (answer,))
            await self._explain(message)
        return await self.read_store(lambda messages: _receipt(messages, message.conversation, message.client_id))

    async def push(self, conversation: str, reply: Reply) -> Answer:
        """Say something that nobody asked for: a reminder, or the answer of staff."""
        answer = await self.ask_store(lambda messages: messages.push(conversation, reply.to_dict()))
        self.notifier.announce(conversation, News())
        return answer

    async def erase(self, conversation: str) -> bool:
        """Delete everything about a conversation and its partners, here and in the engine.

        Whether all of it is done; what is not, or still in flight, is finished later, also after a restart.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: not even the wish could be stored; nothing was deleted.
        """
        wished = await asyncio.to_thread(self._eraser.wish, conversation)
        is_done = await self._carry_out(wished)
        for name in wished:
            self.notifier.announce(name, News(gone=True))
        return is_done

    def say_erased(self, finished: Finished, reply: Reply | None = None) -> None:
        """Nothing is left of a conversation: tell its person, if they wait for it, and go on with what came since."""
        if finished.tells:
            words = reply or self.farewell(is_done=True)
            last = Answer(0, words.to_dict(), "", datetime.now(UTC))
            self.notifier.announce(finished.conversation, News(last, gone=True, is_done=True))
        if begins_by_itself(finished.conversation):
            self._queue_of(finished.conversation)

    def farewell(self, *, is_done: bool) -> Reply:
        """What is said to somebody who wants to be forgotten."""
        key = "utter_forgotten" if is_done else "utter_being_forgotten"
        return Reply((self._responses.notice(key, effect="erase"),))

    async def round(self) -> bool:
        """Bring pending messages whose time has come to the engine again, and hear what other applications answered."""
        if self._tidy.is_due():
            await self.ask_store(lambda messages: drop_expired_files(messages.session, now=messages.now))
        if self._leftovers.is_due():
            await self._recover()
        if self._queues and self._hold.is_due():
            names = list(self._queues)
            await self.ask_store(lambda messages: messages.hold(names))
        if (names := self.notifier.listened()) and self._listen.is_due():
            newest = await self.read_store(lambda messages: messages.newest(names))
            self.notifier.catch_up(newest, names)
        await self._retry_due()
        return False

    async def stop(self) -> None:
        """End all turns; what is pending stays so in the database."""
        tasks = [queue.task for queue in self._queues.values() if queue.task] + list(self._afterwards)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(SQLAlchemyError):  # Else the leases end by themselves.
            await self.ask_store(lambda messages: messages.release())

    async def ask_store(self, work: Callable[[MessageStore], T]) -> T:
        """Do `work` in one unit of work, off the event loop."""
        return await asyncio.to_thread(self._in_unit, work)

    async def read_store(self, work: Callable[[MessageStore], T]) -> T:
        """Do `work` that only reads, off the event loop; it waits for nobody who writes."""
        return await asyncio.to_thread(self._in_look, work)

    def _in_look(self, work: Callable[[MessageStore], T]) -> T:
        with self._database.look() as session:
            return work(MessageStore(session, datetime.now(UTC)))

    def _in_unit(self, work: Callable[[MessageStore], T]) -> T:
        with self._database.turn() as session:
            return work(MessageStore(session, datetime.now(UTC), lease=self._lease))

    async def _turn_of(self, message: Incoming, *, is_new: bool) -> Answer | None:
        """The answer, or None when it does not come in time."""
        is_waiting = message.conversation in self._retries and message.conversation not in self._queues
        if is_waiting and not is_new:
            return None  # Its turn comes by itself; an impatient client must not shorten the pause.
        queue = self._queue_of(message.conversation, fresh=message.id if is_new else None)
        answered = queue.waiting.setdefault(message.id, asyncio.get_running_loop().create_future())
        await asyncio.wait({answered}, timeout=self._timing.notice)
        if queue.parting == message.id:  # Its last words stand in no table; they come in a moment.
            await answered
        return answered.result() if answered.done() else None

    async def _explain(self, message: Incoming) -> None:
        notice = Reply((self._responses.notice("utter_engine_down", level="warning"),))
        if await self.ask_store(lambda messages: messages.explain(message, notice.to_dict())):
            self.notifier.announce(message.conversation, News())

    def _queue_of(self, conversation: str, *, fresh: int | None = None) -> ConversationQueue:
        """The queue of this conversation, started when it is not running."""
        queue = self._queues.setdefault(conversation, ConversationQueue())
        queue.has_more = True
        if fresh is not None:
            queue.fresh.add(fresh)
        if queue.task is None:
            queue.task = asyncio.create_task(self._drive(conversation, queue), name=f"queue {conversation}")
        return queue

    async def _drive(self, conversation: str, queue: ConversationQueue) -> None:
        """Answer what is pending, in order, until nothing is left or the engine fails."""
        self._retries.expect(conversation)
        try:
            while queue.has_more:
                queue.has_more = queue.is_elsewhere = False
                queue.following = await self._first(conversation, queue)
                while message := queue.following:
                    queue.following = None
                    if not await self._turn(message, queue):
                        return
            if not queue.is_elsewhere:
                self._retries.drop(conversation)
        except Exception:
            log.exception("queue broke", channel=conversation.partition(":")[0])
        finally:
            del self._queues[conversation]
            for answered in queue.waiting.values():
                if not answered.done():
                    answered.set_result(None)

    async def _first(self, conversation: str, queue: ConversationQueue) -> Incoming | None:
        """The oldest pending message, leased. While another application has it, whoever waits here waits for that."""
        while message := await self.read_store(lambda messages: messages.oldest_pending(conversation)):
            is_leased = self._lease.covers(message, datetime.now(UTC))
            if is_leased or await self.ask_store(partial(_claim, message)):
                if message.lease_owner != self._lease.owner:
                    queue.fresh.discard(message.id)  # The one that had it may have sent it to the engine.
                return message
            waiting = list(queue.waiting)
            for number in await self.read_store(partial(_settled, waiting)):
                if not (answered := queue.waiting.pop(number)).done():
                    answered.set_result(None)
            if not queue.waiting:
                queue.is_elsewhere = True
                return None
            await asyncio.sleep(ELSEWHERE_SECONDS)
        return None

    async def _turn(self, message: Incoming, queue: ConversationQueue) -> bool:
        """One message; false when it stays pending because the engine failed."""
        request_id, channel = id_of_message(message.id), message.conversation.partition(":")[0]
        correlation_id.set(request_id)
        with span("turn", request_id=request_id, channel=channel):
            return await self._answered(message, queue, channel)

    async def _answered(self, message: Incoming, queue: ConversationQueue, channel: str) -> bool:
        started = time.monotonic()
        try:
            reply = await self._reply(message, is_fresh=message.id in queue.fresh)
        except EngineError as error:
            return await self._fail(message, queue, error)
        finally:
            queue.fresh.discard(message.id)
        await self._finish(message, queue, reply=reply)
        TURNS.labels(channel, "answered").inc()
        seconds = time.monotonic() - started
        TURN_SECONDS.labels(channel).observe(seconds)
        log.info("turn answered", channel=channel, seconds=round(seconds, 3))
        return True

    async def _reply(self, message: Incoming, *, is_fresh: bool) -> Reply:
        if self._is_forgetful and (fault := await self.tracker_probe.fault()):
            raise EngineForgetfulError(fault)  # All turns would wait while the engine tries in vain to store this one.
        self._is_forgetful = False
        if not is_fresh and (earlier := earlier_reply(await self._said_after(message))):
            return earlier
        return await self._engine.ask(
            message.conversation, message.text, message_id=message.client_id, locale=message.locale
        )

    async def _said_after(self, message: Incoming) -> list[dict[str, Any]]:
        try:
            return await asyncio.to_thread(self._tracker.said_after, message.conversation, message.client_id)
        except SQLAlchemyError as error:
            raise EngineForgetfulError(type(error).__name__) from error

    async def _finish(
        self, message: Incoming, queue: ConversationQueue, *, reply: Reply, status: str = ANSWERED
    ) -> None:
        """Store the reply and hand it to whoever waits for it."""
        if any(isinstance(part, Notice) and part.effect == "erase" for part in reply.parts):
            answer: Answer | None = await self._part(message, queue, reply)
        else:
            work = partial(self._settle, message, queue, reply=reply, status=status)
            answer, news = await self.ask_store(work)
            self.notifier.announce(message.conversation, news)
        if (answered := queue.waiting.pop(message.id, None)) and not answered.done():
            answered.set_result(answer)

    def _settle(
        self, message: Incoming, queue: ConversationQueue, messages: MessageStore, *, reply: Reply, status: str
    ) -> tuple[Answer | None, News]:
        """All that a turn writes at its end, in one unit of work with the look at what is next."""
        answer = messages.settle(message, reply.to_dict(), status=status)
        following = messages.oldest_pending(message.conversation)
        if following and self._lease.covers(following, messages.now):
            queue.following = following
        else:
            queue.has_more |= following is not None
        return answer, News(ready=self.notifier.prepare(messages.session, message.conversation) if answer else None)

    async def _part(self, message: Incoming, queue: ConversationQueue, reply: Reply) -> Answer:
        """Erase the conversation; its last words are not stored either, only said: done, or being done."""
        queue.parting = message.id
        name = message.conversation
        wished = await asyncio.to_thread(partial(self._eraser.wish, name, asked_in=message.seq))
        is_done = await self._carry_out(wished, asking=name, reply=reply)
        words = reply if is_done else self.farewell(is_done=False)
        answer = Answer(message.seq + 1, words.to_dict(), message.client_id, datetime.now(UTC))
        if not (is_done and begins_by_itself(name)):
            self.notifier.announce(name, News(answer, gone=True))
        for partner in wished[:-1]:
            self.notifier.announce(partner, News(gone=True))
        return answer

    async def _fail(self, message: Incoming, queue: ConversationQueue, error: EngineError) -> bool:
        """Keep the message for later, or give it up when it alone is the trouble."""
        ENGINE_FAILURES.labels(type(error).__name__).inc()
        log.warning("engine failed", error=type(error).__name__, detail=str(error))
        is_blameless = isinstance(error, EngineForgetfulError)
        self._is_forgetful |= is_blameless
        is_down = isinstance(error, EngineAwayError) or (not is_blameless and not await self._engine.healthy())
        self._retries.expect(message.conversation)
        if is_down:
            return False
        self._retries.slow_down(message.conversation)
        if (
            is_blameless
            or await self.ask_store(lambda messages: messages.count_failure(message)) < self._timing.most_attempts
        ):
            return False
        TURNS.labels(message.conversation.partition(":")[0], "failed").inc()
        await self._finish(message, queue, reply=self._responses.reply("utter_turn_failed"), status=FAILED)
        return True

    async def _recover(self) -> None:
        """Find what another process left pending, or the one before this under the same name."""
        before, self._is_new_here = self._lease.owner if self._is_new_here else "", False
        for conversation in await self.read_store(lambda messages: messages.waiting(before=before)):
            if conversation not in self._queues and conversation not in self._retries:
                self._retries.expect(conversation, now=True)

    async def _retry_due(self) -> None:
        WAITING.set(len(self._retries))
        due = self._retries.due(self._queues)
        if due and await self._engine.healthy() and not await self.tracker_probe.fault():
            for conversation in due:
                self._queue_of(conversation)

    async def _carry_out(self, wished: Sequence[str], *, asking: str = "", reply: Reply | None = None) -> bool:
        """Erase these now; False when it takes longer than a person should wait, or something is in the way."""
        work = self._afterwards_do(self._erase(wished, asking=asking, reply=reply))
        await asyncio.wait({work}, timeout=self._timing.farewell)
        return work.done() and work.result()

    async def _erase(self, wished: Sequence[str], *, asking: str, reply: Reply | None) -> bool:
        """Whether nothing is left; a turn that is running here is waited for and erased after that, by a task of its
        own. `asking` is where the person asked: the turn that runs there is over with its answer."""
        running = {queue.task for name, queue in self._queues.items() if name in wished and name != asking}
        is_done = await self._erase_now(wished, reply)
        if turns := {task for task in running if task}:
            self._afterwards_do(self._erase_after(turns, wished))
        return is_done

    async def _erase_now(self, wished: Sequence[str], reply: Reply | None = None) -> bool:
        is_done = True
        for name in wished:
            if finished := await asyncio.to_thread(self._eraser.try_finish, name):
                self.say_erased(finished, reply)
            is_done = is_done and finished is not None
        return is_done

    async def _erase_after(self, turns: set[asyncio.Task[None]], wished: Sequence[str]) -> None:
        await asyncio.wait(turns)
        await asyncio.to_thread(self._eraser.end_turns, wished)
        await self._erase_now(wished)

    def _afterwards_do(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)
        return task


def _claim(message: Incoming, messages: MessageStore) -> bool:
    return messages.claim(message)


def _settled(numbers: list[int], messages: MessageStore) -> list[int]:
    return messages.settled(numbers)


def _receipt(messages: MessageStore, conversation: str, client_id: str) -> Receipt:
    message = messages.find(conversation, client_id)
    if message is None:
        raise ConversationGoneError(conversation)
    status = PENDING if message.status == PENDING else ANSWERED
    return Receipt(message.seq, status, tuple(messages.answers_to(conversation, client_id)))
