"""Work that somebody waits for goes before work that takes long: Python lets one thread compute at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

# Altogether, of one long computation: it ends also where there is always somebody else.
PATIENCE_SECONDS = 1.0


class WaitedFor:
    """How much of the work in hand in this process somebody waits for; safe for several threads."""

    def __init__(self) -> None:
        self._count = 0
        self._has_changed = Condition()

    def __enter__(self) -> None:
        with self._has_changed:
            self._count += 1

    def __exit__(self, *_error: object) -> None:
        with self._has_changed:
            self._count -= 1
            if self._count <= 0:
                self._has_changed.notify_all()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """For the part of such work that takes long: it is counted again afterwards."""
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()

    def wait_for_none(self, seconds: float) -> None:
        """Wait until there is none, but no longer than that."""
        with self._has_changed:
            self._has_changed.wait_for(lambda: self._count <= 0, seconds)

    @property
    def is_any(self) -> bool:
        return self._count > 0


WAITED_FOR = WaitedFor()


class Patience:
    """What a long computation calls every now and then: it waits there while others are in hand."""

    def __init__(self, others: WaitedFor = WAITED_FOR, seconds: float = PATIENCE_SECONDS) -> None:
        self._others = others
        self._left = seconds

    def __call__(self) -> None:
        if self._left > 0 and self._others.is_any:
            began = time.monotonic()
            self._others.wait_for_none(self._left)
            self._left -= time.monotonic() - began
