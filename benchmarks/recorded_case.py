"""The statements of real cases, recorded request by request while the application serves them in this process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, make_url

from app.config import load_config
from benchmarks.browser import FORM_HEADERS, HOST, REDIRECTS, Answer, Browser, UnexpectedAnswer
from benchmarks.replaying_server import Recorded, written
from benchmarks.sample_site import SampleSite

ORIGIN = f"http://{HOST}"


class BrowserInside(Browser):
    """A browser whose requests are answered by an application in this process."""

    def __init__(self, app: Flask) -> None:
        super().__init__(port=1)  # never asked
        self._client = app.test_client(use_cookies=False)

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str], expected: tuple[int, ...]
    ) -> Answer:
        own = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if headers:
            own |= {**FORM_HEADERS, "Origin": ORIGIN}
        response = self._client.open(path, base_url=ORIGIN, method=method, data=body, headers=own)
        for header in response.headers.getlist("Set-Cookie"):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        if response.status_code not in expected:
            raise UnexpectedAnswer(f"{method} {path} was answered with {response.status_code}")
        return Answer(path, response.status_code, response.headers.get("Location", ""), response.data)


class RecordingBrowser(BrowserInside):
    """Keeps the statements of each form that is sent."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.requests: list[list[Recorded]] = []
        self._heard: list[Recorded] = []

    def send(
        self, form: tuple[str, dict[str, str]], answers: Mapping[str, str], expected: tuple[int, ...] = REDIRECTS
    ) -> Answer:
        self._heard.clear()
        answer = super().send(form, answers, expected)
        self.requests.append([*self._heard])
        return answer

    @contextmanager
    def listening(self, engine: Engine) -> Iterator[None]:
        """Hear what is sent to a database."""

        def note(*heard: Any) -> None:
            _, _, text, parameters, _, is_many = heard
            self._heard.append(written(text, parameters, is_many=is_many))

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", note)


def database_file(site: SampleSite) -> Path:
    """The file of the main database."""
    name = make_url(load_config(site.environment).database_url).database
    if name is None:
        raise ValueError("the cases are recorded on SQLite")
    return Path(name)
