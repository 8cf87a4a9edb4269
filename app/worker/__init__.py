"""The worker: leases due jobs, runs them and commits; many may run beside each other and beside the web."""

from app.worker.file_jobs import job_surroundings
from app.worker.thread import WorkerThread
from app.worker.worker import Worker, run_due

__all__ = ["Worker", "WorkerThread", "job_surroundings", "run_due"]
