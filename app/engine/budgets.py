"""What one step may use of the machine, so that no diagram can take it away from other cases.

Sizes are about the bytes of a value written as JSON.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic, thread_time

import orjson

from app.i18n import N_

MAX_VALUE_SIZE = 1_000_000  # of one variable, message, or input of a job
MAX_NESTING = 100  # lists and contexts inside each other
MAX_NAME_LENGTH = 200
MAX_WRITTEN_SIZE = 20_000_000  # of all variables written in one step
MAX_STATE_SIZE = 10_000_000  # of a case as it is saved, compressed
MAX_REQUESTS = 5_000  # jobs, messages, signals, timers and subscriptions of one step, of each kind
MAX_CPU_SECONDS: float = 3
SECONDS_BETWEEN_LOOKS = 0.0005  # of a step that gives way to others

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

_PLAIN = frozenset({type(None), bool, int})
_OVERHEAD = 8  # of a list's item or a context's entry, and of whatever is no text


class StepMeter:
    """What a step has used: processor time of its thread, other work on the machine does not count; and bytes.

    Arguments: give_way, called every now and then by a step that takes long, to let others work.
    """

    __slots__ = ("_end", "_give_way", "_next_look", "_written")

    def __init__(self, give_way: Callable[[], None] | None = None) -> None:
        self._next_look = self._end = math.inf
        self._give_way = give_way
        self._written = 0

    def begin(self, seconds: float) -> None:
        self._written = 0
        # The clock on the wall is cheap to read and never behind that of the thread.
        self._next_look = monotonic() + (seconds if self._give_way is None else SECONDS_BETWEEN_LOOKS)
        self._end = thread_time() + seconds

    def is_spent(self) -> bool:
        """Whether the step has to end; the moment at which it gives way to others."""
        return monotonic() > self._next_look and self._look()

    def _look(self) -> bool:
        if thread_time() > self._end:
            return True
        if self._give_way is not None:
            self._give_way()
            self._next_look = monotonic() + SECONDS_BETWEEN_LOOKS
        return False

    def refusal(self, value: object) -> tuple[str, int] | None:
        """Weigh a new value; what to say of it, and the limit, where it or all of the step's are too large."""
        size = size_of(value)
        if size is None:
            return VALUE_TOO_LARGE, MAX_VALUE_SIZE
        self._written += size
        return (TOO_MUCH_WRITTEN, MAX_WRITTEN_SIZE) if self._written > MAX_WRITTEN_SIZE else None


def size_of(value: object) -> int | None:
    """About how long the value is as JSON; None where that is more than `MAX_VALUE_SIZE`, or nested too deep."""
    if isinstance(value, str):
        return len(value) if len(value) <= MAX_VALUE_SIZE else None
    size, pending = 0, [value]
    for _depth in range(MAX_NESTING + 1):
        deeper: list[object] = []
        for part in pending:
            size += _level_size(part, deeper)
            if size > MAX_VALUE_SIZE:
                return None
        if not deeper:
            return size
        pending = deeper
    return None


def is_too_large(value: object) -> bool:
    """The same of a value from outside, which is no larger in memory than it says."""
    if type(value) in _PLAIN:
        return False
    try:
        return len(orjson.dumps(value, default=str)) > MAX_VALUE_SIZE
    except TypeError:  # nested too deep, or not of JSON's own types
        return size_of(value) is None


def _level_size(part: object, deeper: list[object]) -> int:
    """The size of a value without the lists and contexts inside it, which go to `deeper`."""
    if isinstance(part, dict):
        size = _OVERHEAD * len(part) + sum(map(len, part))
        part = part.values()
    elif isinstance(part, (list, tuple)):
        size = _OVERHEAD * len(part)
    else:
        return _OVERHEAD
    for entry in part:
        if type(entry) is str:
            size += len(entry)
        elif isinstance(entry, (dict, list, tuple)):
            deeper.append(entry)
    return size
