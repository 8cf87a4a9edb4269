"""The inbox: a page and the counts of all views, with few and with many open user tasks."""

import gc
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice

from app.database import writing
from app.models.inbox import VIEWS, View, inbox_counts, inbox_page
from app.models.saved_views import saved_views
from app.operations.definitions import latest_definition_id
from app.operations.inbox_views import ViewContent, save_view
from benchmarks.measuring import MILLISECONDS, cpu_seconds, percentile
from benchmarks.open_user_tasks import PROCESS, add_user_tasks
from benchmarks.sample_site import ADVISOR, PERSON, SampleSite, sample_site


@dataclass(frozen=True)
class Size:
    """With how many open user tasks, ascending, and how many pages are read; the first round does not count."""

    user_tasks: tuple[int, ...]
    pages: int

    def with_more(self, *user_tasks: int) -> "Size":
        """The same, measured with these as well."""
        return replace(self, user_tasks=tuple(sorted({*self.user_tasks, *user_tasks})))


FULL = Size(user_tasks=(1_000, 20_000), pages=20 * len(VIEWS))
SMALLEST = Size(user_tasks=(20, 60), pages=len(VIEWS))


def run(size: Size = FULL) -> dict[str, float]:
    """Milliseconds of CPU, in percentiles over pages of all views in turn."""
    figures: dict[str, float] = {}
    there = 0
    with sample_site("case_of_16_nodes.bpmn") as site:
        _save_views(site)
        for count in size.user_tasks:
            _fill(site, range(there, count))
            there = count
            figures |= {f"inbox.{count}.{name}": value for name, value in _measure(site, size.pages).items()}
    least, most = size.user_tasks[0], size.user_tasks[-1]
    figures["inbox.growth_ratio"] = figures[f"inbox.{most}.both_p95_ms"] / figures[f"inbox.{least}.both_p95_ms"]
    return figures


def _fill(site: SampleSite, numbers: range) -> None:
    with writing(), site.sessions.begin() as session:
        add_user_tasks(session, latest_definition_id(session, PROCESS), numbers, datetime.now(UTC))


def _save_views(site: SampleSite) -> None:
    """As many as somebody may want to see in the navigation."""
    now = datetime.now(UTC)
    with writing(), site.sessions.begin() as session:
        for number in range(20):
            save_view(session, ViewContent(f"View {number}", "claimable", PROCESS), actor=ADVISOR, now=now)


def _measure(site: SampleSite, pages: int) -> dict[str, float]:
    for view in VIEWS:
        _read(site, view)
    gc.collect()
    samples = [_read(site, view) for view in islice(cycle(VIEWS), pages)]
    columns = {
        "page": [page for page, _ in samples],
        "counts": [counts for _, counts in samples],
        "both": [page + counts for page, counts in samples],
    }
    return {
        f"{name}_p{percent}_ms": percentile(values, percent) * MILLISECONDS
        for name, values in columns.items()
        for percent in (50, 95)
    }


def _read(site: SampleSite, view: View) -> tuple[float, float]:
    """CPU seconds of a page and of the counts and saved views beside it, read as a request does."""
    now = datetime.now(UTC)
    with site.sessions() as session:
        page = cpu_seconds(lambda: inbox_page(session, PERSON, view, now=now))
        beside = cpu_seconds(lambda: inbox_counts(session, PERSON, now))
        return page, beside + cpu_seconds(lambda: saved_views(session, PERSON))
