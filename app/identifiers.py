"""Identifiers of rows: 32 hexadecimal characters, ordered by time of creation."""

import os
import re
import time
from hashlib import blake2b


class _Clock:
    """Time in steps of about a quarter of a microsecond, never the same or earlier than before in this program."""

    def __init__(self) -> None:
        self._last = 0

    def ticks(self) -> int:
        milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
        ticks = (milliseconds << 12) | (nanoseconds << 12) // 1_000_000
        self._last = ticks = ticks if ticks > self._last else self._last + 1
        return ticks


_clock = _Clock()


_RANDOM = (1 << 62) - 1
_IDENTIFIER = re.compile(r"[0-9a-f]{12}7[0-9a-f]{19}")


def _text(ticks: int, chance: int) -> str:
    return f"{(ticks >> 12) << 80 | 7 << 76 | (ticks & 0xFFF) << 64 | 1 << 63 | chance:032x}"


def new_id() -> str:
    """A new identifier (UUID version 7, RFC 9562, 6.2 method 3); ascending, so that index pages fill from one end.

    60 bits of time, then 62 random ones: two threads that read the same time still get different identifiers.
    """
    return _text(_clock.ticks(), int.from_bytes(os.urandom(8)) & _RANDOM)


def id_for(offered: str, content: bytes) -> str | None:
    """The identifier of what is made of this content: the same again when the same is sent once more.

    Arguments: offered, an identifier that a page was given; None where it is another text.
    """
    if _IDENTIFIER.fullmatch(offered) is None:
        return None
    number, digest = int(offered, 16), blake2b(content, digest_size=8, key=offered.encode()).digest()
    return f"{number >> 64 << 64 | 1 << 63 | int.from_bytes(digest) & _RANDOM:032x}"


def first_id_at(seconds: float) -> str:
    """The lowest identifier of a moment, for looking at what was made since. Arguments: seconds, as `time.time()`."""
    return _text(int(seconds * 1000) << 12, 0)


class Identifiers:
    """Identifiers that follow a first one, ascending; from the same first one the same again.

    Different first ones have different random bits, so that what follows them never meets.
    """

    def __init__(self, first: str) -> None:
        number = int(first, 16)
        self.first = first
        self._ticks = number >> 80 << 12 | (number >> 64 & 0xFFF)
        self._chance = number & _RANDOM

    def next(self) -> str:
        self._ticks += 1
        return _text(self._ticks, self._chance)
