"""Ports for servers of tests: nobody else on the machine is given one between the asking and the listening."""

from __future__ import annotations

import socket
from collections import deque

HELD = 300
_held: deque[socket.socket] = deque(maxlen=HELD)


def free_port() -> int:
    """A port on which nothing listens; it stays bound here, so that no other worker or connection gets it.

    A server that sets SO_REUSEADDR may listen on it all the same, again and again. The oldest of many are let go.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _held.append(held)
    return int(held.getsockname()[1])
