"""Cases kept in memory between two steps, so that the next step need not decode them.

The key is the saved state itself: equal bytes are the same case at the same point, whoever saved them. An entry is
taken out while a step works on it; a step that fails never puts it back.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from app.engine.parsed_process import ParsedProcess
from app.engine.runtime import RunningInstance

MAX_CASES = 500  # about 20 KB each


class LiveCases:
    """The most recently used cases of this process of the operating system; safe for several threads."""

    def __init__(self, limit: int = MAX_CASES) -> None:
        self._limit = limit
        self._lock = Lock()
        self._cases: OrderedDict[bytes, RunningInstance] = OrderedDict()

    def take(self, process: ParsedProcess, state: bytes) -> RunningInstance | None:
        with self._lock:
            runtime = self._cases.pop(state, None)
        return runtime if runtime is not None and runtime.process is process else None

    def put(self, state: bytes, runtime: RunningInstance) -> None:
        with self._lock:
            self._cases[state] = runtime
            if len(self._cases) > self._limit:
                self._cases.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._cases.clear()


LIVE_CASES = LiveCases()
