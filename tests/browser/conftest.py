"""A real Chromium. A test fails on a refused style or script, an error in a page, and a request to another host."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.browser.imported_product import ImportedProduct, served_product

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# No sandbox: in containers and as root there is none. The rest keeps the browser from calling its maker.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`Content Security Policy: ${event.effectiveDirective} refused ${event.blockedURI}`));
"""
# Of rules that hold one place each is enough, and only what is wrong is told: to describe everything takes longer than
# to look at it.
LOOK = """
([include, values]) => axe
  .run(include ? {include} : document, {runOnly: {type: 'tag', values}, resultTypes: ['violations']})
  .then(({passes, violations}) => [passes.length, violations.flatMap(({id, nodes}) =>
    nodes.map(({html, failureSummary}) => `${id}: ${html.slice(0, 160)}\\n  ${failureSummary}`))])
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the session; each test gets a context, hence a profile, of its own."""
    program = shutil.which("chromium")
    if program is None:
        reason = "no Chromium: install the packages chromium and fonts-noto-cjk (make test does, as root)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


class Watch:
    """Collects what must not happen in a page."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def on(self, page: Page) -> None:
        """Watch `page` from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error in the page: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if "content security policy" in message.text.lower():
            self.problems.append(message.text)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in {"127.0.0.1", "localhost"}:
            self.problems.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} from {response.url}")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens watched pages: `open_page(viewport=…, locale="zh-CN", color_scheme="dark", …)`, each with fresh cookies."""
    watch = Watch()
    contexts: list[BrowserContext] = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        contexts.append(context)
        context.on("page", watch.on)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A watched page of a desktop in English."""
    return open_page()


@pytest.fixture(scope="module")
def product(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportedProduct]:
    """The whole product with imported visits, served for the tests of a module."""
    with served_product(sqlite_template, tmp_path_factory.mktemp("product")) as served:
        yield served


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)` fails when the page breaks an accessibility rule; `include` narrows it to a CSS selector."""

    def check(page: Page, include: str | None = None) -> None:
        page.evaluate(AXE.read_text(encoding="utf-8"))  # through the debugging protocol: the CSP stays on
        holding, problems = page.evaluate(LOOK, [include, RULES])
        assert holding, "axe looked at nothing"
        assert not problems, "\n".join(problems)

    return check
