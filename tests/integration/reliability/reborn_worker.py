"""Workers that may be killed: `aftercare worker` in children forked anew whenever they die, with short leases.

Forking saves the seconds a new program needs for its imports, and the drill comes to its kills. The argument is how
many of them; each has a keeper, the child of this process whose only child it is.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from types import FrameType

from app.cli.frame import open_sessions, settings
from app.clock import engine_clock
from app.logs import configure_logging
from app.operations.surroundings import surroundings_of
from app.worker import Worker

LEASE = timedelta(seconds=1)


def main() -> None:
    configure_logging()
    keepers = []
    for _ in range(int(sys.argv[1])):
        keepers.append(os.fork())
        if keepers[-1] == 0:
            keep_a_worker()
    end_with(lambda: keepers)
    while True:
        signal.pause()


def keep_a_worker() -> None:
    child = 0
    end_with(lambda: [child] if child else [])
    while True:
        child = os.fork()
        if child == 0:
            config = settings()
            surroundings = surroundings_of(config)
            Worker(open_sessions(config), engine_clock(config), surroundings, lease=LEASE).run_until_signal()
            os._exit(0)
        os.waitpid(child, 0)


def end_with(children: Callable[[], Iterable[int]]) -> None:
    """Let the signal to end reach these first."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for child in children():
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)


if __name__ == "__main__":
    main()
