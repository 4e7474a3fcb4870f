"""What happens to a message before it is stored: addresses are caught when asked for, words go to who has the talk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.db.base import Database
from bot.delivery.arrivals import Arrival, Taken, accept
from bot.delivery.store import MessageStore
from bot.encryption import DecryptionError, Encryption
from bot.handoff import agents
from bot.handoff import service as handoff
from bot.handoff.agents import Agent, HandoffGoneError, NotYoursError
from bot.handoff.incoming import HandoffReception
from bot.handoff.service import HandoffPolicy
from bot.handoff.store import begin_handoff, drop_old_contacts, open_handoff, put_contact
from bot.handoff.tables import ContactRow
from bot.handoff.wishes import DROP, NOTED
from bot.reply.parts import Notice, Reply, Text
from bot.reply.responses import Responses
from bot.settings import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = "web:1"
ENCRYPTION = Encryption("a secret")
MARIA, OMAR, CHIEF = Agent(1, "Maria"), Agent(2, "Omar"), Agent(3, "Chief", is_chief=True)
POLICY = HandoffPolicy.of(Settings(contact_days=30, handoff_silence_hours=12))  # type: ignore[call-arg]


@pytest.fixture
def database(empty: Database) -> Database:
    with empty.unit() as session:
        MessageStore(session, NOW).open(HOME, locale="en")
    return empty


def arrive(database: Database, responses: Responses, said: str, *, number: int = 1, payload: str = "") -> Taken:
    with database.unit() as session:
        arrival = Arrival(f"m{number}", text=said, payload=payload, title="A button" if payload else "")
        return accept(MessageStore(session, NOW), HOME, arrival, responses, HandoffReception(ENCRYPTION, responses))


def begin(database: Database, *, wanted: bool = False) -> int:
    with database.unit() as session:
        row = begin_handoff(session, HOME, now=NOW, mail_due_at=None)
        assert row is not None
        row.email_wanted = wanted
        session.flush()
        return row.id


def kept(database: Database) -> str:
    with database.unit() as session:
        row = session.get(ContactRow, HOME)
        return ENCRYPTION.decrypt(row.encrypted) if row else ""


def everything_stored(database: Database) -> str:
    with database.unit() as session:
        tables = session.scalars(text("select name from sqlite_master where type = 'table'")).all()
        return str([session.execute(text(f"select * from {name}")).all() for name in tables])


def told(database: Database) -> list[str]:
    with database.unit() as session:
        replies = [Reply.from_dict(item.reply) for item in MessageStore(session, NOW).answers_after(HOME, 0)]
    return [part.text for reply in replies for part in reply.parts if isinstance(part, Text | Notice)]


def test_an_address_that_was_asked_for_is_kept_encrypted_and_stands_nowhere_else(
    database: Database, responses: Responses
) -> None:
    begin(database, wanted=True)
    taken = arrive(database, responses, "It is ana@example.com, thanks")
    assert (taken.message.text, taken.message.status) == (NOTED, "pending")
    with database.unit() as session:
        (said,) = MessageStore(session, NOW).history(HOME, 0, limit=9)
    assert said.text == "It is [e-mail], thanks"  # type: ignore[union-attr]
    assert kept(database) == "ana@example.com"
    assert "ana@" not in everything_stored(database)


@pytest.mark.parametrize(
    "said", ["ana@ex\u200bample.com", "ana(at)example.com", "ana\uff20example.com", "ana @ example . com"]
)
def test_a_disguised_address_is_kept_as_it_can_be_used(database: Database, responses: Responses, said: str) -> None:
    begin(database, wanted=True)
    assert arrive(database, responses, said).message.text == NOTED
    assert kept(database) == "ana@example.com"
    assert "example" not in everything_stored(database)


def test_a_second_address_replaces_the_first(database: Database, responses: Responses) -> None:
    begin(database, wanted=True)
    arrive(database, responses, "ana@example.com")
    arrive(database, responses, "sorry, ben at example dot com", number=2)
    assert kept(database) == "ben@example.com"


@pytest.mark.parametrize("wanted", [None, False])
def test_an_address_that_nobody_asked_for_is_only_removed(
    database: Database, responses: Responses, wanted: bool | None
) -> None:
    if wanted is not None:
        begin(database, wanted=wanted)
    assert arrive(database, responses, "ana@example.com").message.text == "[e-mail]"
    assert kept(database) == ""


def test_after_the_end_no_address_is_taken(database: Database, responses: Responses) -> None:
    number = begin(database, wanted=True)
    with database.unit() as session:
        agents.close(session, responses, number, who=MARIA, policy=POLICY, now=NOW)
    arrive(database, responses, "ana@example.com")
    assert kept(database) == ""


def test_the_same_message_again_changes_nothing(database: Database, responses: Responses) -> None:
    begin(database, wanted=True)
    arrive(database, responses, "ana@example.com")
    assert not arrive(database, responses, "other@example.com").is_new
    assert kept(database) == "ana@example.com"


def test_delete_my_email_works_also_after_the_end(database: Database, responses: Responses) -> None:
    number = begin(database, wanted=True)
    arrive(database, responses, "ana@example.com")
    with database.unit() as session:
        agents.close(session, responses, number, who=MARIA, policy=POLICY, now=NOW)
    assert arrive(database, responses, "delete my e\u2011\u200bmail", number=2).message.text == DROP
    with database.unit() as session:
        assert handoff.delete_address(session, HOME)
    assert kept(database) == ""
    assert arrive(database, responses, "delete my e-mail", number=3).message.text == "delete my e-mail"


def test_an_address_goes_some_days_after_the_end_unless_the_person_asks_again(
    database: Database, responses: Responses
) -> None:
    number = begin(database, wanted=True)
    arrive(database, responses, "ana@example.com")
    with database.unit() as session:
        agents.close(session, responses, number, who=MARIA, policy=POLICY, now=NOW)
    with database.unit() as session:
        assert drop_old_contacts(session, NOW + timedelta(days=29)) == 0
        assert drop_old_contacts(session, NOW + timedelta(days=30)) == 1


def test_forgetting_leaves_nothing(database: Database, responses: Responses) -> None:
    begin(database, wanted=True)
    arrive(database, responses, "ana@example.com")
    with database.unit() as session:
        handoff.forget(session, HOME)
    with database.unit() as session:
        assert (open_handoff(session, HOME), session.get(ContactRow, HOME)) == (None, None)


def test_what_comes_in_during_the_deletion_goes_with_the_conversation(database: Database, responses: Responses) -> None:
    begin(database, wanted=True)
    with database.unit() as session:
        handoff.forget(session, HOME)
    begin(database, wanted=True)
    with database.unit() as session:
        put_contact(session, HOME, ENCRYPTION.encrypt("ana@example.com"), now=NOW)
    with database.unit() as session:
        MessageStore(session, NOW).erase(HOME)
    with database.unit() as session:
        assert (open_handoff(session, HOME), session.get(ContactRow, HOME)) == (None, None)


def test_while_somebody_has_the_talk_the_engine_hears_nothing(database: Database, responses: Responses) -> None:
    number = begin(database)
    assert arrive(database, responses, "still the bot").message.status == "pending"
    with database.unit() as session:
        agents.take(session, responses, number, who=MARIA, now=NOW)
    assert arrive(database, responses, "hello Maria", number=2).message.status == "answered"
    assert told(database) == [responses.text("utter_handoff_joined", name="Maria")]


@pytest.mark.parametrize(
    ("said", "payload", "heard"),
    [
        ("/forget", "", "/forget_me"),
        ("forget me please", "", "forget me please"),
        ("/help", "", "/help"),
        ("", '/forget_me{"confirmed": "yes"}', '/forget_me{"confirmed": "yes"}'),
        ("", "/faq_cost", "/faq_cost"),
    ],
)
def test_commands_buttons_and_forgetting_reach_the_bot_all_the_same(
    database: Database, responses: Responses, said: str, payload: str, heard: str
) -> None:
    number = begin(database)
    with database.unit() as session:
        agents.take(session, responses, number, who=MARIA, now=NOW)
    taken = arrive(database, responses, said, payload=payload)
    assert (taken.message.status, taken.message.text) == ("pending", heard)


@pytest.mark.parametrize("end", ["give_back", "close"])
def test_afterwards_the_bot_hears_again_and_the_person_is_told(
    database: Database, responses: Responses, end: str
) -> None:
    number = begin(database)
    with database.unit() as session:
        agents.take(session, responses, number, who=MARIA, now=NOW)
        if end == "close":
            agents.close(session, responses, number, who=MARIA, policy=POLICY, now=NOW)
        else:
            agents.give_back(session, responses, number, who=MARIA, now=NOW)
    assert arrive(database, responses, "and now?").message.status == "pending"
    key = {"close": "utter_handoff_closed", "give_back": "utter_handoff_given_back"}[end]
    assert told(database)[-1] == responses.text(key, name="Maria")
    with database.unit() as session:
        assert [item.state for item in agents.queue(session)] == ([] if end == "close" else ["waiting"])


def test_silence_of_staff_gives_the_talk_back_once(database: Database, responses: Responses) -> None:
    number = begin(database)
    with database.unit() as session:
        agents.take(session, responses, number, who=MARIA, now=NOW)
        agents.answer(session, number, "Hello!", who=MARIA, key="1", now=NOW + timedelta(hours=6))
    ends = []
    for hours in (17, 19, 20):
        with database.unit() as session:
            ends.append(agents.end_silence(session, responses, number, policy=POLICY, now=NOW + timedelta(hours=hours)))
    assert ends == [None, HOME, None]
    assert told(database)[-1] == responses.text("utter_handoff_silent", name="Maria", hours=12)


def test_only_who_has_the_talk_answers_and_ends_it(database: Database, responses: Responses) -> None:
    number = begin(database)
    with database.unit() as session, pytest.raises(NotYoursError):
        agents.answer(session, number, "Hello!", who=OMAR, key="1", now=NOW)
    with database.unit() as session:
        agents.take(session, responses, number, who=MARIA, now=NOW)
    for act in (
        lambda s: agents.take(s, responses, number, who=OMAR, now=NOW),
        lambda s: agents.answer(s, number, "Hello!", who=OMAR, key="1", now=NOW),
        lambda s: agents.give_back(s, responses, number, who=OMAR, now=NOW),
        lambda s: agents.close(s, responses, number, who=OMAR, policy=POLICY, now=NOW),
    ):
        with database.unit() as session, pytest.raises(NotYoursError) as refused:
            act(session)
        assert refused.value.holder == "Maria"
    with database.unit() as session:
        agents.give_back(session, responses, number, who=CHIEF, now=NOW)
        assert agents.find(session, number).state == "waiting"


def test_an_answer_is_said_once_and_bears_the_name(database: Database, responses: Responses) -> None:
    number = begin(database)
    with database.unit() as session:
        agents.take(session, responses, number, who=MARIA, now=NOW)
        agents.take(session, responses, number, who=MARIA, now=NOW)
    for key in ("one", "one", "two"):
        with database.unit() as session:
            agents.answer(session, number, "**Yes.**", who=MARIA, key=key, now=NOW)
    with database.unit() as session:
        replies = [item.reply for item in MessageStore(session, NOW).answers_after(HOME, 0)]
    said = [{"type": "text", "text": "**Yes.**", "speaker": "Maria"}]
    assert [reply["parts"] for reply in replies[1:]] == [said, said]
    assert len(replies) == 3


def test_what_is_closed_cannot_be_taken(database: Database, responses: Responses) -> None:
    number = begin(database)
    with database.unit() as session:
        agents.close(session, responses, number, who=MARIA, policy=POLICY, now=NOW)
    with database.unit() as session, pytest.raises(HandoffGoneError):
        agents.take(session, responses, number, who=MARIA, now=NOW)
    with database.unit() as session, pytest.raises(HandoffGoneError):
        agents.take(session, responses, 999, who=MARIA, now=NOW)


def test_only_the_own_key_decrypts() -> None:
    encrypted = ENCRYPTION.encrypt("ana@example.com")
    assert encrypted != ENCRYPTION.encrypt("ana@example.com")
    assert ENCRYPTION.decrypt(encrypted) == "ana@example.com"
    with pytest.raises(DecryptionError):
        Encryption("another secret").decrypt(encrypted)
