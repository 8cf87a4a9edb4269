"""One case over HTTP, by a browser without scripts: 1 start, 5 claims, 5 completions, and every page in between."""

import statistics
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from benchmarks.bare_server import PATH as BARE_PATH
from benchmarks.browser import Answer, Browser, UnexpectedAnswer
from benchmarks.measuring import MILLISECONDS
from benchmarks.sample_site import PERSON, sample_site
from benchmarks.server import running_server

PROCESS, STEPS = "five_steps", 5
ANSWERS = {"score": "72", "kind": "repair", "note": "The customer likes the quick repair. " * 4}
# Signed in and allowed, then a redirect: no page, no reading beyond the session.
EMPTY_REQUEST = "/"
# Through everything a POST goes through, in a transaction that is committed, and nothing is changed by it.
FRAME_FORM, FRAME_ANSWERS = "/preferences", {"theme": "auto"}
BARE_SERVER = ("benchmarks.bare_server",)


@dataclass(frozen=True)
class Size:
    """How many cases count, how many go before to warm up, how many empty requests there are."""

    cases: int
    warm_up: int
    empty_requests: int


FULL = Size(cases=40, warm_up=5, empty_requests=300)
SMALLEST = Size(cases=2, warm_up=0, empty_requests=2)


@dataclass(frozen=True)
class Requests:
    """Seconds of server CPU of requests outside of cases, by kind."""

    bare: list[float]
    empty: list[float]
    frame: list[float]
    inbox: list[float]


@dataclass
class Case:
    """Seconds of server CPU of the requests of one case, by kind."""

    start: list[float] = field(default_factory=list)
    claim: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)

    @property
    def posts(self) -> float:
        return sum(self.start) + sum(self.claim) + sum(self.complete)


def run(size: Size = FULL) -> dict[str, float]:
    """Milliseconds of server CPU: all processes of the server, medians over the cases."""
    with sample_site("five_steps.bpmn", "step.form") as site:
        with (
            running_server(site.environment, BARE_SERVER) as server,
            closing(Browser(server.port)) as browser,
        ):
            bare = Person(browser, server.cpu_seconds).bare_posts(size.empty_requests)
        with running_server(site.environment) as server, closing(Browser(server.port)) as browser:
            browser.sign_in(PERSON, site.password)
            person = Person(browser, server.cpu_seconds)
            for _ in range(size.warm_up):
                person.go_through_a_case()
            requests = Requests(bare, *person.other_requests(size.empty_requests))
            cases = [person.go_through_a_case() for _ in range(size.cases)]
    return _figures(cases, requests)


def _figures(cases: list[Case], requests: Requests) -> dict[str, float]:
    bare = statistics.median(requests.bare) * MILLISECONDS
    figures = {
        "http.case.server_cpu_ms": _median_ms(cases, lambda case: case.posts),
        "http.case.start_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.start)),
        "http.case.claim_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.claim)),
        "http.case.complete_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.complete)),
        "http.case.page_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.pages)),
        "http.case_with_pages.server_cpu_ms": _median_ms(cases, lambda case: case.posts + sum(case.pages)),
        "http.inbox_page.server_cpu_ms": statistics.median(requests.inbox) * MILLISECONDS,
        "http.frame.server_cpu_ms": statistics.median(requests.frame) * MILLISECONDS,
        "http.empty_request.server_cpu_ms": statistics.median(requests.empty) * MILLISECONDS,
        "http.bare_post.server_cpu_ms": bare,
    }
    figures["http.frame.ratio"] = figures["http.frame.server_cpu_ms"] / bare
    figures["http.case.ratio"] = figures["http.case.server_cpu_ms"] / bare
    return figures


def _median_ms(cases: list[Case], seconds: Callable[[Case], float]) -> float:
    return statistics.median(seconds(case) for case in cases) * MILLISECONDS


class Person:
    """Somebody signed in who works through cases, with an eye on a clock: the CPU seconds of the server."""

    def __init__(self, browser: Browser, clock: Callable[[], float]) -> None:
        self._browser = browser
        self._clock = clock

    def bare_posts(self, count: int) -> list[float]:
        """Seconds of server CPU of each POST to a server that does nothing with it."""
        form = (BARE_PATH, dict(FRAME_ANSWERS))
        return self._each(count, lambda: self._browser.send(form, {}, expected=(200,)))

    def other_requests(self, count: int) -> tuple[list[float], list[float], list[float]]:
        """The same of the product's requests that do nothing, of those that only pass the frame, of the inbox page."""
        form = self._browser.get("/inbox").form(FRAME_FORM)
        return (
            self._each(count, lambda: self._browser.get(EMPTY_REQUEST, status=302)),
            self._each(count, lambda: self._browser.send(form, FRAME_ANSWERS)),
            self._each(count, lambda: self._browser.get("/inbox")),
        )

    def _each(self, count: int, request: Callable[[], Answer]) -> list[float]:
        samples: list[float] = []
        for _ in range(count):
            self._timed(samples, request)
        return samples

    def go_through_a_case(self) -> Case:
        """Start a case and do its user tasks; raises UnexpectedAnswer where it goes another way."""
        case = Case()
        page = self._timed(case.pages, lambda: self._browser.get(f"/start/{PROCESS}"))
        page = self._send(case, case.start, page, f"/start/{PROCESS}", ANSWERS)
        for _ in range(STEPS):
            page = self._send(case, case.claim, page, "/claim", {})
            page = self._send(case, case.complete, page, "/complete", ANSWERS)
        if b"/claim" in page.content:
            raise UnexpectedAnswer("the case goes on after its last step")
        return case

    def _send(self, case: Case, posts: list[float], page: Answer, ending: str, answers: dict[str, str]) -> Answer:
        """Send a form of the page and see where it leads."""
        form = page.form(ending)
        answer = self._timed(posts, lambda: self._browser.send(form, answers))
        return self._timed(case.pages, lambda: self._browser.follow(answer))

    def _timed(self, samples: list[float], request: Callable[[], Answer]) -> Answer:
        before = self._clock()
        answer = request()
        samples.append(self._clock() - before)
        return answer
