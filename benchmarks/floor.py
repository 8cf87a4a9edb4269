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
from time import process_time

from app import create_app
from app.cli.database_copies import sqlite_path
from app.config import Config, load_config
from app.extensions import db
from app.logs import configure_logging
from benchmarks.browser import Browser
from benchmarks.http_case import ANSWERS, FULL, STEPS, Person, Size
from benchmarks.measuring import MILLISECONDS
from benchmarks.recorded_case import RecordingBrowser
from benchmarks.replaying_server import FILE, PATH, Recorded
from benchmarks.sample_site import PERSON, SampleSite, sample_site
from benchmarks.server import Server, running_server

REPLAYING_SERVER = ("benchmarks.replaying_server",)
POSTS = 1 + 2 * STEPS


def run(size: Size = FULL) -> dict[str, float]:
    """Milliseconds of server CPU of the 11 requests of a case: the median over the cases."""
    with sample_site("five_steps.bpmn", "step.form") as site:
        config = load_config(site.environment)
        database, before = sqlite_path(config.database_url), config.data_dir / "before"
        requests = _record(site, config, before, size.warm_up + size.cases)
        for rest in ("-wal", "-shm"):
            Path(f"{database}{rest}").unlink(missing_ok=True)
        shutil.move(before, database)
        (config.data_dir / FILE).write_text(json.dumps(requests), encoding="utf-8")
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


def _record(site: SampleSite, config: Config, before: Path, cases: int) -> list[list[Recorded]]:
    """The statements of each POST of so many cases; `before` becomes the database as it was then."""
    app = create_app(config)
    configure_logging(logging.WARNING)  # a line for each request would hide the table
    browser = RecordingBrowser(app)
    browser.sign_in(PERSON, site.password)
    person = Person(browser, process_time)
    person.go_through_a_case()  # what is read once and kept is no part of a case
    with closing(sqlite3.connect(sqlite_path(config.database_url))) as now, closing(sqlite3.connect(before)) as copy:
        now.backup(copy)
    browser.requests.clear()
    with app.app_context():  # not around the requests: they would share its session
        engines = dict(db.engines)
    with browser.listening(engines[None]):
        for _ in range(cases):
            person.go_through_a_case()
    for engine in engines.values():
        engine.dispose()
    return browser.requests
