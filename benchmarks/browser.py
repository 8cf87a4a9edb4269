"""A browser without scripts: one kept connection, cookies, forms sent with all fields they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 30
REDIRECTS = (302, 303)
NO_HEADERS: Mapping[str, str] = {}
FORM_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class UnexpectedAnswer(Exception):
    """The server did not answer as the case needs; measuring on would measure something else."""


@dataclass(frozen=True)
class Answer:
    """What came back; `path` is what was asked for, to which addresses in the page are relative."""

    path: str
    status: int
    location: str
    content: bytes

    def form(self, ending: str) -> tuple[str, dict[str, str]]:
        """Address and present fields of the form whose address ends so; raises UnexpectedAnswer."""
        page: Any = html.document_fromstring(self.content, parser=html.HTMLParser(encoding="utf-8"))
        for form in page.forms:
            if str(form.action).partition("?")[0].endswith(ending):
                fields = {str(name): str(value or "") for name, value in form.form_values()}
                return urljoin(self.path, str(form.action)), fields
        raise UnexpectedAnswer(f"{self.path} has no form to send to …{ending}")


class Browser:
    """One person's browser on the server at a port of this machine."""

    def __init__(self, port: int, headers: Mapping[str, str] = NO_HEADERS) -> None:
        """`headers` go with every request, such as those a proxy adds."""
        self._connection = HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
        self._headers = headers
        self._origin = f"http://{HOST}:{port}"
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str, status: int = 200) -> Answer:
        """A page; raises UnexpectedAnswer for another status."""
        return self._ask("GET", path, None, {}, (status,))

    def send(
        self, form: tuple[str, dict[str, str]], answers: Mapping[str, str], expected: tuple[int, ...] = REDIRECTS
    ) -> Answer:
        """A form of a page with these answers; raises UnexpectedAnswer unless it leads on to another page."""
        address, fields = form
        body = urlencode({**fields, **answers})
        return self._ask("POST", address, body, {**FORM_HEADERS, "Origin": self._origin}, expected)

    def follow(self, answer: Answer) -> Answer:
        """The page an answer leads to."""
        address = urlsplit(urljoin(answer.path, answer.location))
        return self.get(f"{address.path}?{address.query}" if address.query else address.path)

    def sign_in(self, user_id: str, password: str) -> None:
        form = self.get("/sign-in").form("/sign-in")
        self.send(form, {"user_id": user_id, "password": password})

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str], expected: tuple[int, ...]
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        own = {"Accept": "text/html", "Accept-Language": "en", "Cookie": cookies, **self._headers}
        status, told, content = self._exchange(method, path, body, own | headers)
        for header in told.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        if status not in expected:
            text = content.decode(errors="replace")[:2_000]
            raise UnexpectedAnswer(f"{method} {path} was answered with {status}:\n{text}")
        return Answer(path, status, told.get("Location", ""), content)

    def _exchange(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, Message, bytes]:
        """Status, headers and content of what is answered."""
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()
