"""A worker that may be killed: `aftercare worker` in a child that is forked anew whenever it dies, with short leases.

Forking saves the seconds a new program needs for its imports, and the drill comes to its kills.
"""

import os
import signal
import sys
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
    child = 0

    def end(_number: int, _frame: FrameType | None) -> None:
        if child:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        sys.exit()

    signal.signal(signal.SIGTERM, end)
    while True:
        child = os.fork()
        if child == 0:
            config = settings()
            surroundings = surroundings_of(config)
            Worker(open_sessions(config), engine_clock(config), surroundings, lease=LEASE).run_until_signal()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
