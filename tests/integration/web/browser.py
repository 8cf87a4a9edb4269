"""A browser without a window: keeps cookies, sends form tokens like our pages do."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

ADDRESS = "http://127.0.0.1:8080"
PASSWORD = "four brown kettles sing"


class Browser:
    """One person's browser on an application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._client = app.test_client()
        self.token: str | None = None

    def copy(self) -> "Browser":
        """Another window with the same cookies: what happens there leaves this one as it is."""
        window = Browser(self._app)
        window.token = self.token
        for name in ("aftercare-session", "aftercare-page"):
            if value := self.cookie(name):
                window.set_cookie(name, value)
        return window

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.request("GET", path, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> TestResponse:
        """Post a form of a page opened before."""
        return self.request("POST", path, data=data, **options)

    def request(self, method: str, path: str, *, with_token: bool = True, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if with_token and method not in ("GET", "HEAD", "OPTIONS"):
            headers.setdefault("X-CSRFToken", self.token or self.read_token())
        options.setdefault("base_url", ADDRESS)
        options.setdefault("buffered", True)  # read to the end and closed, but for streams
        return self._client.open(path, method=method, headers=headers, **options)

    def read_token(self, path: str = "/sign-in") -> str:
        """The form token of a page."""
        page = self.get(path, follow_redirects=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found, f"{path} has no form token"
        return found[1]

    def sign_in(self, user_id: str, password: str = PASSWORD, **data: str) -> TestResponse:
        token = self.read_token()
        answer = self.post(
            "/sign-in", {"user_id": user_id, "password": password, **data}, headers={"X-CSRFToken": token}
        )
        self.token = self.read_token("/password") if answer.status_code == 302 else None
        return answer

    def cookie(self, name: str) -> str | None:
        found = self._client.get_cookie(name, domain="127.0.0.1")
        return found.value if found else None

    def set_cookie(self, name: str, value: str) -> None:
        self._client.set_cookie(name, value, domain="127.0.0.1")


def signed_in(app: Flask, user_id: str) -> Browser:
    """A browser of its own for a person."""
    browser = Browser(app)
    browser.sign_in(user_id)
    return browser
