"""The least that a case costs over HTTP with these libraries on this machine: nothing of the product but its SQL.

The statements of real cases are recorded. Then the product's web server runs them again with a Flask application that
does nothing else, on the database as it was before, each request's in one durable transaction. Nobody is identified,
no permission is looked at, no form is read, no engine runs and nothing is hashed.
"""

import json
import logging
import shutil
import sqlite3
import statistics
from contextlib import closing
from pathlib import Path

from app import create_app
from app.config import load_config
from app.extensions import db
from app.logs import configure_logging
from benchmarks.browser import Answer, Browser
from benchmarks.http_case import ANSWERS, FULL, PROCESS, STEPS, Size
from benchmarks.measuring import MILLISECONDS
from benchmarks.recorded_case import RecordingBrowser, database_file
from benchmarks.replaying_server import FILE, PATH, Recorded
from benchmarks.sample_site import PERSON, SampleSite, sample_site
from benchmarks.server import Server, running_server

REPLAYING_SERVER = ("benchmarks.replaying_server",)
POSTS = 1 + 2 * STEPS


def run(size: Size = FULL) -> dict[str, float]:
    """Milliseconds of server CPU of the 11 requests of a case: the median over the cases."""
    with sample_site("five_steps.bpmn", "step.form") as site:
        folder = Path(site.environment["AFTERCARE_DATA_DIR"])
        requests = _record(site, folder / "before", size.warm_up + size.cases)
        for rest in ("-wal", "-shm"):
            Path(f"{database_file(site)}{rest}").unlink(missing_ok=True)
        shutil.move(folder / "before", database_file(site))
        (folder / FILE).write_text(json.dumps(requests), encoding="utf-8")
        with running_server(site.environment, REPLAYING_SERVER) as server, closing(Browser(server.port)) as browser:
            seconds = [_replayed(server, browser, number) for number in range(len(requests))]
    cases = [sum(seconds[first : first + POSTS]) for first in range(size.warm_up * POSTS, len(seconds), POSTS)]
    return {
        "floor.case.server_cpu_ms": statistics.median(cases) * MILLISECONDS,
        "floor.case.statements": statistics.fmean(map(len, requests)) * POSTS,
    }


def _replayed(server: Server, browser: Browser, number: int) -> float:
    begin = server.cpu_seconds()
    browser.send((PATH.format(number), {}), ANSWERS)
    return server.cpu_seconds() - begin


def _record(site: SampleSite, before: Path, cases: int) -> list[list[Recorded]]:
    """The statements of each POST of so many cases; `before` becomes the database as it was then."""
    app = create_app(load_config(site.environment))
    configure_logging(logging.WARNING)  # a line for each request would hide the table
    browser = RecordingBrowser(app)
    browser.sign_in(PERSON, site.password)
    _go_through_a_case(browser)  # what is read once and kept is no part of a case
    with closing(sqlite3.connect(database_file(site))) as now, closing(sqlite3.connect(before)) as copy:
        now.backup(copy)
    browser.requests.clear()
    with app.app_context():  # not around the requests: they would share its session
        engines = dict(db.engines)
    with browser.listening(engines[None]):
        for _ in range(cases):
            _go_through_a_case(browser)
    for engine in engines.values():
        engine.dispose()
    return browser.requests


def _go_through_a_case(browser: RecordingBrowser) -> None:
    page = _sent(browser, browser.get(f"/start/{PROCESS}"), f"/start/{PROCESS}", ANSWERS)
    for _ in range(STEPS):
        page = _sent(browser, _sent(browser, page, "/claim", {}), "/complete", ANSWERS)


def _sent(browser: RecordingBrowser, page: Answer, ending: str, answers: dict[str, str]) -> Answer:
    return browser.follow(browser.send(page.form(ending), answers))
