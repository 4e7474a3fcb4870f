"""Under which names the bot answers."""

from __future__ import annotations

import pytest

from bot.web.hosts import Hosts

PUBLIC = Hosts("https://chat.example.org", bound="0.0.0.0", is_public=True)
LOCAL = Hosts("http://127.0.0.1:8000", bound="127.0.0.1", is_public=False)
OPEN = Hosts("http://127.0.0.1:8000", bound="0.0.0.0", is_public=False)
ONE = Hosts("http://127.0.0.1:8000", bound="192.0.2.7", is_public=False)


@pytest.mark.parametrize("hosts", [PUBLIC, LOCAL, OPEN, ONE])
@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.0.0.2", "[::1]:8000", "LOCALHOST"]
)
def test_this_machine_is_always_known(hosts: Hosts, host: str) -> None:
    assert hosts.knows(host)


@pytest.mark.parametrize("hosts", [PUBLIC, LOCAL, OPEN, ONE])
@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[", "a@b@c", "chat.example.org.", "[::1"],
)
def test_a_foreign_name_is_not(hosts: Hosts, host: str) -> None:
    assert not hosts.knows(host)


def test_the_public_name_is_known_and_numbers_only_where_no_name_is() -> None:
    assert PUBLIC.knows("chat.example.org")
    assert PUBLIC.knows("CHAT.example.org:443")
    assert not LOCAL.knows("chat.example.org")
    assert [hosts.knows("192.0.2.7:8000") for hosts in (PUBLIC, LOCAL, OPEN, ONE)] == [False, False, True, True]
