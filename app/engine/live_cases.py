"""Cases kept in memory between two steps, so that the next step need not decode them.

The key is one that lies in the saved state and is new each time a case is saved. It stands for one version of one
case, and unlike a version number it is right also after a transaction was rolled back: the state that was never
committed is never read. An entry is taken out while a step works on it; a step that fails never puts it back.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from app.engine.parsed_process import ParsedProcess
from app.engine.runtime import RunningInstance
from app.engine.saved_state import key_of

MAX_CASES = 500
MAX_BYTES = 20_000_000  # of saved states; in memory a case takes some ten times as much


class LiveCases:
    """The most recently used cases of this process of the operating system; safe for several threads."""

    def __init__(self, limit: int = MAX_CASES, limit_bytes: int = MAX_BYTES) -> None:
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._lock = Lock()
        self._cases: OrderedDict[bytes, tuple[RunningInstance, int]] = OrderedDict()
        self._bytes = 0

    def take(self, process: ParsedProcess, state: bytes) -> RunningInstance | None:
        with self._lock:
            runtime, size = self._cases.pop(key_of(state), (None, 0))
            self._bytes -= size
        return runtime if runtime is not None and runtime.process is process else None

    def put(self, state: bytes, runtime: RunningInstance) -> None:
        with self._lock:
            self._cases[key_of(state)] = (runtime, len(state))
            self._bytes += len(state)
            while len(self._cases) > self._limit or self._bytes > self._limit_bytes:
                _key, (_runtime, size) = self._cases.popitem(last=False)
                self._bytes -= size

    def clear(self) -> None:
        with self._lock:
            self._cases.clear()
            self._bytes = 0


LIVE_CASES = LiveCases()
