"""What goes on in `bench.topology` beside the website's messages: Telegram, reminders, mails to staff, and releases.

Each is a thread that works until `finish`, which waits for what is open and counts in the columns of the table. `sent
again` is the one gap that nobody can close: a process that is killed between the Bot API (or the mail server) taking
a message and our writing that down sends it once more, a mail under the id of the first.
"""

from __future__ import annotations

import email
import itertools
import random
import re
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Container
from bot.content.edit import tree
from bot.content.releases import places, publishing, repacking, swapping
from bot.content.store import live_version
from bot.content.tables import CandidateRow, VersionRow
from bot.db.base import Database
from bot.delivery.store import MessageStore
from bot.delivery.tables import InboxMessage, OutboxReply
from bot.errors import OperatorError
from bot.handoff.store import begin_handoff
from bot.handoff.tables import HandoffRow
from bot.ops import training
from bot.reminders.service import ReminderDraft, TooManyRemindersError, set_reminder
from bot.reminders.tables import ReminderRow
from bot.settings import Settings
from tests.fake_telegram.server import FakeTelegram
from tests.visitor import is_final, words

QUIET_SECONDS = 180.0
BY = "bench"
ANSWER = "data/responses/talk.yml"


class Activity(Thread):
    """Does something again and again until told to stop; a database that is away only makes it wait."""

    name_in_table = ""

    def __init__(self, between: float) -> None:
        super().__init__(daemon=True)
        self._between = between
        self._ends = Event()

    def run(self) -> None:
        for number in itertools.count(1):
            if self._ends.wait(random.uniform(0.5, 1.5) * self._between):
                return
            self.act(number)

    def act(self, number: int) -> None:
        """Once more."""
        raise NotImplementedError

    def finish(self) -> Counter[str]:
        """Stops, waits for what is open, and counts."""
        raise NotImplementedError

    def stop(self) -> None:
        self._ends.set()
        self.join()


def insist(work: Callable[[], Any]) -> Any:
    """Tries until the database takes it."""
    while True:
        try:
            return work()
        except SQLAlchemyError:
            time.sleep(1.0)


def wait_until(is_done: Callable[[], bool]) -> None:
    """Waits for what is open, but not for ever."""
    deadline = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < deadline and not insist(is_done):
        time.sleep(1.0)


def opening(text: str) -> str:
    """The first letters of an answer, the same in Markdown and as Telegram shows it."""
    return re.sub(r"\W+", "", text)[:24]


def compare(wanted: Sequence[str], seen: Iterable[str]) -> Counter[str]:
    """What a chat shows against what it should; lines that open nothing are the rest of a long answer."""
    at, counts = 0, Counter[str]()
    for line in (line for line in seen if line in set(wanted)):
        if at < len(wanted) and line == wanted[at]:
            at += 1
        elif at and line == wanted[at - 1]:
            counts["sent again"] += 1
        else:
            counts["out of order"] = 1
    counts["lost"] = len(wanted) - at
    return counts


class Chat(Activity):
    """Somebody in Telegram who asks one question after the other."""

    name_in_table = "Telegram"

    def __init__(
        self,
        telegram: FakeTelegram,
        database: Database,
        chat: int,
        *,
        asks: Sequence[str],
        given_up: str,
        between: float,
    ) -> None:
        super().__init__(between)
        self._telegram, self._database, self._chat = telegram, database, chat
        self._asks, self._given_up = itertools.cycle(asks), given_up
        self._said = 0
        self.conversation = f"tg:{chat}"

    def act(self, number: int) -> None:
        self._telegram.say(self._chat, f"{next(self._asks)} ({number})")
        self._said += 1

    def finish(self) -> Counter[str]:
        """The database against what was said, and the chat against the database."""
        self.stop()
        wait_until(lambda: len(self._answers()) >= self._said and not self._shown()["lost"])
        time.sleep(2.0)
        taken, answers = insist(self._taken), insist(self._answers)
        per_message = Counter(item["in_reply_to"] for item in answers)
        shown = insist(self._shown)
        in_order = list(dict.fromkeys(item["in_reply_to"] for item in answers)) == taken
        return Counter(
            {
                "messages": self._said,
                "lost": max(self._said - len(per_message), shown["lost"]),
                "doubled": sum(count > 1 for count in per_message.values()) + len(taken) - self._said,
                "sent again": shown["sent again"],
                "given up": sum(self._given_up in words(item) for item in answers),
                "out of order": int(not in_order or shown["out of order"] > 0),
            }
        )

    def _taken(self) -> list[str]:
        mine = select(InboxMessage.client_id).where(InboxMessage.conversation_id == self.conversation)
        with self._database.look() as session:
            return list(session.scalars(mine.order_by(InboxMessage.seq)))

    def _outbox(self) -> list[dict[str, Any]]:
        mine = select(OutboxReply.in_reply_to, OutboxReply.reply).where(
            OutboxReply.conversation_id == self.conversation
        )
        with self._database.look() as session:
            rows = session.execute(mine.order_by(OutboxReply.seq)).all()
        return [{"from": "bot", "in_reply_to": key, "reply": reply} for key, reply in rows]

    def _answers(self) -> list[dict[str, Any]]:
        taken = set(self._taken())
        return [item for item in self._outbox() if is_final(item) and item["in_reply_to"] in taken]

    def _shown(self) -> Counter[str]:
        wanted = [opening(words(item)) for item in self._outbox()]
        return compare(wanted, map(opening, self._telegram.texts(self._chat)))


class Reminders(Activity):
    """Reminders for the chats, each due at once."""

    name_in_table = "reminders"

    def __init__(self, container: Container, conversations: Sequence[str], between: float) -> None:
        super().__init__(between)
        self._container, self._conversations = container, itertools.cycle(conversations)
        self._set = 0

    def act(self, number: int) -> None:
        draft, home = ReminderDraft(f"thing {number}", moment=self._container.now()), next(self._conversations)
        try:
            with self._container.database.unit() as session:
                set_reminder(session, home, draft, now=self._container.now())
            self._set += 1
        except (SQLAlchemyError, TooManyRemindersError):
            pass  # Nobody was told that it is kept.

    def finish(self) -> Counter[str]:
        """Each delivery into the outbox; that the chat shows it is counted there."""
        self.stop()
        wait_until(lambda: sum(self._deliveries().values()) >= self._set)
        found = insist(self._deliveries)
        return Counter(
            {
                "messages": self._set,
                "lost": self._set - sum(map(bool, found.values())),
                "doubled": sum(count > 1 for count in found.values()),
            }
        )

    def _deliveries(self) -> dict[int, int]:
        count = select(func.count()).where(OutboxReply.in_reply_to == ReminderRow.delivery_key).scalar_subquery()
        with self._container.database.look() as session:
            return {row.id: row.times for row in session.execute(select(ReminderRow.id, count.label("times")))}


class Mails(Activity):
    """People who ask for a person, so that staff are told by mail; it is the handler of the mail server, too."""

    name_in_table = "wishes for a person, told by mail"

    def __init__(self, database: Database, between: float) -> None:
        super().__init__(between)
        self._database = database
        self._wishes = 0
        self._came: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd names it)
        self._came[str(email.message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 taken"

    def act(self, number: int) -> None:
        conversation, now = f"web:{uuid.uuid4()}", datetime.now(UTC)
        try:
            with self._database.unit() as session:
                MessageStore(session, now).open(conversation, locale="en")
                begin_handoff(session, conversation, now=now, mail_due_at=now)
            self._wishes += 1
        except SQLAlchemyError:
            pass  # The person is asked to try again.

    def finish(self) -> Counter[str]:
        """A wish is lost when no mail tells of it; a mail with the id of an earlier one is sent again."""
        self.stop()
        wait_until(lambda: not self._untold())
        again = sum(count - 1 for count in self._came.values())
        return Counter({"messages": self._wishes, "lost": insist(self._untold), "sent again": again})

    def _untold(self) -> int:
        with self._database.look() as session:
            return session.scalar(select(func.count()).where(HandoffRow.mail_due_at.is_not(None))) or 0


class Releases(Activity):
    """Publishes another model and goes back, again and again."""

    name_in_table = "releases (published, rolled back)"

    def __init__(self, settings: Settings, database: Database, other: Path, between: float) -> None:
        super().__init__(between)
        self._settings, self._database, self._other = settings, database, other
        self._done = 0
        self.refused = 0

    def act(self, number: int) -> None:
        try:
            self._publish() if number % 2 else self._go_back()
            self._done += 1
        except (OperatorError, SQLAlchemyError):
            self.refused += 1  # Staff read that it was not done, and what was live stays.

    def _publish(self) -> None:
        report = {"is_green": True, "gates": []}
        row = CandidateRow(change_ids=[], status="ready", report=report, model_path=str(self._other), asked_by=BY)
        with self._database.unit() as session:
            session.add(row)
            session.flush()
            number = row.id
        publishing.publish(self._settings, self._database, number, by=BY)

    def _go_back(self) -> None:
        publishing.roll_back(self._settings, self._database, 1, by=BY, withdrawn=lambda *_: None)

    def finish(self) -> Counter[str]:
        """Lost: an engine, or the next start, without what the database says is live; doubled: two are live."""
        self.stop()
        wait_until(lambda: not self._behind())
        with self._database.look() as session:
            live = session.scalar(select(func.count()).where(VersionRow.is_live)) or 0
        return Counter({"messages": self._done, "lost": insist(self._behind), "doubled": live - 1})

    def _behind(self) -> int:
        with self._database.look() as session:
            version = live_version(session)
            assert version
            wanted, path = version.model_id, version.model_path
        engines = [swapping.model_in(self._settings, url) for url, _ in self._settings.engines]
        return sum(found != wanted for found in engines) + (str(places.live_link(self._settings).resolve()) != path)


def two_models(settings: Settings, database: Database, trained: Path) -> Path:
    """Makes the trained model version 1, as a start does, and another one with other words, whose file is given."""
    first, root = training.current(settings), settings.var / "trees"
    first.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(trained, first)
    tree.copy_content(root / "first")
    places.keep(settings, root / "first", first)
    tree.copy_content(root / "second")
    file = root / "second" / ANSWER
    file.write_text(file.read_text(encoding="utf8").replace("Ask me anything", "Ask anything"), encoding="utf8")
    second = repacking.repack(settings, first, root / "second")
    places.keep(settings, root / "second", second)
    with database.unit() as session:
        publishing.enter(session, first, swapping.model_id(first), change_ids=[], by=BY, note="")
    places.point_live_at(settings, first)
    return second
