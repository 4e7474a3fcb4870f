"""Tells systemd how we are doing, where it started us: up, alive, going. Elsewhere nothing is told to anybody."""

from __future__ import annotations

import contextlib
import socket

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def tell(address: str, state: str) -> None:
    """Sends a state to the socket that systemd names in NOTIFY_SOCKET; an address with `@` has no file."""
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(state.encode(), address.replace("@", "\0", 1) if address.startswith("@") else address)
