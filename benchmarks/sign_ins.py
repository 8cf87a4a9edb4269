"""What 200 people who sign in at once cost everybody else (W24): the time of the inbox page before and meanwhile."""

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.connection import Connection

from benchmarks.browser import REDIRECTS, Browser
from benchmarks.measuring import MILLISECONDS, percentile
from benchmarks.sample_site import PERSON, sample_site
from benchmarks.server import running_server

PAGE = "/inbox"
ANSWERS = (*REDIRECTS, 401, 422, 503)
BUSY = 503
# Each comes through the proxy from an address of its own: one address may not sign in so often.
PROXY = {"AFTERCARE_TRUSTED_PROXIES": "127.0.0.1"}


@dataclass(frozen=True)
class Size:
    """How many sign in at once, how often the page is asked for before."""

    people: int
    pages: int


FULL = Size(people=200, pages=400)
SMALLEST = Size(people=3, pages=3)


def run(size: Size = FULL) -> dict[str, float]:
    """Milliseconds of the page, 95th percentile, and how many of the crowd were not told to come again."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    with (
        sample_site("five_steps.bpmn", "step.form") as site,
        running_server({**site.environment, **PROXY}) as server,
        closing(Browser(server.port)) as reader,
    ):
        # A process of its own: it is not to keep the reader waiting.
        crowd = spawn.Process(target=_crowd, args=(server.port, size.people, theirs))
        crowd.start()
        ours.recv()
        reader.sign_in(PERSON, site.password)
        before = [_seconds(lambda: reader.get(PAGE)) for _ in range(size.pages)]
        ours.send("go")
        meanwhile: list[float] = []
        while not ours.poll():
            meanwhile.append(_seconds(lambda: reader.get(PAGE)))
        answers = ours.recv()
        crowd.join()
    return _figures(before, meanwhile, answers)


def _crowd(port: int, people: int, line: Connection) -> None:
    """Sends the answers to so many people who sign in at once."""
    os.nice(19)  # they would not be on the server's machine
    with ExitStack() as stack:
        browsers = [stack.enter_context(closing(Browser(port, _from(number)))) for number in range(people)]
        forms = [browser.get("/sign-in").form("/sign-in") for browser in browsers]
        line.send("ready")
        line.recv()
        for browser in browsers:
            browser.close()  # connects again when it asks: the server does not wait for long
        with ThreadPoolExecutor(people) as pool:
            line.send(list(pool.map(_sign_in, browsers, forms)))


def _from(number: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}", "X-Forwarded-Proto": "http"}


def _sign_in(browser: Browser, form: tuple[str, dict[str, str]]) -> int:
    """A name that nobody has costs the same check as one that somebody has."""
    answers = {"user_id": f"nobody-{id(browser)}", "password": "a wrong password of some length"}
    return browser.send(form, answers, expected=ANSWERS).status


def _figures(before: list[float], meanwhile: list[float], answers: list[int]) -> dict[str, float]:
    quiet, busy = percentile(before, 95) * MILLISECONDS, percentile(meanwhile, 95) * MILLISECONDS
    return {
        "sign_ins.page_before_p95_ms": quiet,
        "sign_ins.page_meanwhile_p95_ms": busy,
        "sign_ins.page_ratio": busy / quiet,
        "sign_ins.pages_meanwhile": len(meanwhile),
        "sign_ins.checked": len(answers) - answers.count(BUSY),
    }


def _seconds(ask: Callable[[], object]) -> float:
    begin = time.perf_counter()
    ask()
    return time.perf_counter() - begin
