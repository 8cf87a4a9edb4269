"""The statements of real cases, recorded request by request while the application serves them in this process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from benchmarks.browser import REDIRECTS, Answer, Browser
from benchmarks.replaying_server import Recorded, written


class RecordingBrowser(Browser):
    """Is answered by an application in this process, and keeps the statements of each form that is sent."""

    def __init__(self, app: Flask) -> None:
        super().__init__(port=1)  # never asked
        self._client = app.test_client(use_cookies=False)
        self.requests: list[list[Recorded]] = []
        self._heard: list[Recorded] = []

    def send(
        self, form: tuple[str, dict[str, str]], answers: Mapping[str, str], expected: tuple[int, ...] = REDIRECTS
    ) -> Answer:
        self._heard.clear()
        answer = super().send(form, answers, expected)
        self.requests.append([*self._heard])
        return answer

    def _exchange(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, Message, bytes]:
        response = self._client.open(path, base_url=self._origin, method=method, data=body, headers=headers)
        told = Message()
        for name, value in response.headers:
            told[name] = value
        return response.status_code, told, response.data

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
