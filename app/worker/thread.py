"""A worker inside another process: `aftercare run` on one machine."""

import threading

from app.worker.worker import Worker

STOP_WITHIN_SECONDS = 30.0


class WorkerThread:
    """Runs a worker beside the web server."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._thread = threading.Thread(target=worker.run_forever, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to stop and wait until the jobs in hand are done."""
        self._worker.stop()
        self._thread.join(STOP_WITHIN_SECONDS)
