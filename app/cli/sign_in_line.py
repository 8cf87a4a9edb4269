"""A crowd that signs in stands in line as connections, so that no thread waits and the pages of others do not (W24)."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.workers.gthread import TConn

SIGNS_IN = b"POST /sign-in "
LONGEST_BYTES = 8192
# Whoever is inside computes, at the cost of everybody's pages: half of the cores at most.
INSIDE = max(1, (os.cpu_count() or 1) // 2)
# Some ten seconds of waiting. Who comes then is not kept, and told to come again where passwords are checked.
MOST_WAITING = 400
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,5})\r\n", re.IGNORECASE)


class SignInLine:
    """Who is inside, and who waits: first come, first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._waiting: deque[tuple[int, TConn]] = deque()

    def has_to_wait(self, number: int, connection: TConn) -> bool:
        """Whether the connection was put in line; else it is inside, until `next_one` is called."""
        with self._lock:
            if self._inside < INSIDE or len(self._waiting) >= MOST_WAITING:
                self._inside += 1
                return False
            self._waiting.append((number, connection))
            return True

    def next_one(self) -> tuple[int, TConn] | None:
        """Who comes in for the one who goes, with the number of the connection."""
        with self._lock:
            if self._waiting and self._inside <= INSIDE:
                return self._waiting.popleft()
            self._inside -= 1
            return None


def bytes_to_wait_for(connection: socket.socket) -> int | None:
    """Nothing for a sign-in that has arrived whole, else as many bytes as it has to have; None for any other request.

    Who sends the rest late, or never, is not to keep the others waiting.
    """
    try:
        begin = connection.recv(LONGEST_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return None  # whoever attends to it finds out that it is gone
    if not begin.startswith(SIGNS_IN):
        return None
    head, end_of_head, body = begin.partition(b"\r\n\r\n")
    if not end_of_head:
        return len(begin) + 1 if len(begin) < LONGEST_BYTES else None
    length = _CONTENT_LENGTH.search(head + b"\r\n")
    whole = len(begin) - len(body) + int(length[1]) if length else LONGEST_BYTES + 1
    if whole > LONGEST_BYTES:
        return None
    return whole if len(begin) < whole else 0


def say_when(connection: socket.socket, byte_count: int) -> None:
    """Let a connection be ready to read when so many bytes are there."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, byte_count)
