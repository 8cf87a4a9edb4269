"""What one step may use of the machine, so that no diagram can take it away from other cases.

Sizes are about the bytes of a value written as JSON.
"""

from __future__ import annotations

import math
from decimal import Decimal
from time import thread_time

from app.i18n import N_

MAX_VALUE_SIZE = 1_000_000  # of one variable, message, or input of a job
MAX_NESTING = 100  # lists and contexts inside each other
MAX_NAME_LENGTH = 200
MAX_WRITTEN_SIZE = 20_000_000  # of all variables written in one step
MAX_STATE_SIZE = 10_000_000  # of a case as it is saved, compressed
MAX_REQUESTS = 5_000  # jobs, messages, signals, timers and subscriptions of one step, of each kind
MAX_CPU_SECONDS = 3.0

VALUE_TOO_LARGE = N_("“%(element)s” makes a value of more than %(limit)s bytes. Keep large data in attachments.")
NAME_TOO_LONG = N_("“%(element)s” makes a variable with a name of more than %(limit)s characters.")
TOO_MUCH_WRITTEN = N_("The case was stopped at “%(element)s”: more than %(limit)s bytes of variables in one step.")
TOO_MUCH_TIME = N_(
    "The case was stopped at “%(element)s”: the step takes more than %(limit)s seconds. Is it an endless loop?"
)
STATE_TOO_LARGE = N_("The case holds more than %(limit)s bytes. Keep large data in attachments.")
TOO_MANY_REQUESTS = N_(
    "The case was stopped at “%(element)s”: more than %(limit)s jobs, messages or timers in one step. Do it in parts."
)

_OVERHEAD = 8  # of a list's item or a context's entry, and of whatever is no text
_LIGHT = frozenset({type(None), bool})


class CpuMeter:
    """The processor time of the thread that takes a step; other work on the machine does not count."""

    __slots__ = ("_end",)

    def __init__(self) -> None:
        self._end = math.inf

    def begin(self, seconds: float) -> None:
        self._end = thread_time() + seconds

    @property
    def is_spent(self) -> bool:
        return thread_time() > self._end


def size_of(value: object) -> int | None:
    """About how long the value is as JSON; None where that is more than `MAX_VALUE_SIZE`, or nested too deep."""
    if type(value) is str:
        return len(value) if len(value) <= MAX_VALUE_SIZE else None
    if not isinstance(value, (list, dict)):
        return _OVERHEAD
    size = 0
    pending: list[tuple[object, int]] = [(value, 1)]
    while pending:
        part, depth = pending.pop()
        if isinstance(part, str):
            size += len(part)
        elif isinstance(part, (list, dict)):
            size += _OVERHEAD * (len(part) + 1)
            if size > MAX_VALUE_SIZE or depth > MAX_NESTING:
                return None
            if isinstance(part, dict):
                size += sum(map(len, part))
                part = list(part.values())
            pending.extend((entry, depth + 1) for entry in part if type(entry) not in _LIGHT)
        else:
            size += len(str(part)) if isinstance(part, Decimal) else _OVERHEAD
        if size > MAX_VALUE_SIZE:
            return None
    return size
