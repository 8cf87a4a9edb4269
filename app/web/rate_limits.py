"""How often one person, and one address, may do what costs the server much (W51).

Counted in this process: `aftercare run` serves all pages from one. Where several serve behind a proxy each counts for
itself, so that the bounds are those here times their number. Wrong passwords are counted in the database besides.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import structlog
from flask import current_app, g, request

from app.errors import AppError
from app.i18n import N_
from app.models.signed_in_person import Person
from app.operations.actor import NamedProgram
from app.web.current import current_person_or_none

EXTENSION = "rate_limits"
# An office shares one address.
PERSONS_PER_ADDRESS = 10
PROGRAMS_PER_PERSON = 5
MOST_KEPT = 20_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and from then on so many a minute."""

    at_once: int
    a_minute: int


LIMITS: Mapping[str, Limit] = {
    "search": Limit(60, 60),
    "upload": Limit(30, 30),
    "export": Limit(10, 10),
    "api": Limit(120, 600),  # of a token
    "engine_rest": Limit(1200, 6000),  # of a token: whole systems, dealer systems, workers
    "sign_in": Limit(10, 20),  # of an address without anybody signed in: times PERSONS_PER_ADDRESS
}


class TooManyRequests(AppError):
    """Somebody asks for more than the server gives one person; `retry_after` says in how many seconds it will."""

    http_status = 429

    def __init__(self, seconds: int) -> None:
        msgid = N_("That was very often in a short time. Wait %(seconds)s seconds, then go on.")
        super().__init__(msgid, seconds=seconds)
        self.retry_after = seconds


@dataclass
class RateLimits:
    """What is left to each, by kind and who: it fills up again with time."""

    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)
    clock: Callable[[], float] = time.monotonic
    _left: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, kind: str, who: str, times: int = 1) -> float:
        """Take one; returns 0, or in how many seconds there will be one.

        Arguments: times, how many times the limit of one person `who` has.
        """
        limit, now = self.limits[kind], self.clock()
        most, a_second = limit.at_once * times, limit.a_minute * times / 60
        with self._lock:
            left, since = self._left.get((kind, who), (float(most), now))
            left = min(most, left + (now - since) * a_second)
            if left < 1:
                return (1 - left) / a_second
            if len(self._left) >= MOST_KEPT:
                self._left.clear()  # forgiving everybody is better than running out of memory
            self._left[kind, who] = (left - 1, now)
            return 0.0


def _counted(person: Person | None) -> Iterator[tuple[str, int]]:
    program: NamedProgram | None = g.get("program")
    if program:
        yield f"token:{program.token_id}", 1
    if person:
        yield f"user:{person.id}", PROGRAMS_PER_PERSON if program else 1
    yield f"address:{request.remote_addr or ''}", PERSONS_PER_ADDRESS


def within_limit(kind: str) -> None:
    """Count this request for the token, for who is signed in and for the address. Raises TooManyRequests.

    Each token has the limit of one person, so that one program does not keep the others of its person waiting.
    """
    limits: RateLimits = current_app.extensions.setdefault(EXTENSION, RateLimits())
    person = current_person_or_none()
    for who, times in _counted(person):
        seconds = limits.take(kind, who, times)
        if seconds:
            break
    if seconds:
        log.warning("rate_limited", kind=kind, user=person.id if person else None, endpoint=request.endpoint)
        raise TooManyRequests(math.ceil(seconds))
