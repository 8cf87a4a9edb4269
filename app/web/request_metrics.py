"""How many requests were answered, and how long that took: counted in this process, read at /metrics."""

from prometheus_client import CollectorRegistry, Histogram

METHODS = frozenset({"GET", "POST", "HEAD"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

registry = CollectorRegistry()
_requests = Histogram(
    "aftercare_request_seconds", "Time to answer a request, by view, method and status.",
    ("endpoint", "method", "status"), buckets=SECONDS, registry=registry,
)


def count_request(endpoint: str | None, method: str, status: int, seconds: float) -> None:
    """Count one request; names that strangers make up become one."""
    known = method if method in METHODS else "other"
    _requests.labels(endpoint or "none", known, str(status)).observe(seconds)
