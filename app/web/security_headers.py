"""Headers that fence in every answer, errors and files included (W30, W31, W37)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 31_536_000
FILES = "/static/"
BUILT = "/static/dist/"  # names of built files hold their hash: a changed file has another name


class FencedIn:
    """WSGI middleware: whatever the application answers goes out with the headers.

    It stands outside of everything else, so that no answer can miss it, and puts in the same list each time.
    """

    def __init__(self, application: "WSGIApplication", *, is_https: bool) -> None:
        self._application = application
        self._headers = [*HEADERS.items()]
        if is_https:
            self._headers.append(("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains"))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]

        def start(status: str, headers: list[tuple[str, str]], error: "OptExcInfo | None" = None) -> object:
            kept = [pair for pair in headers if pair[0] != "Cache-Control"]
            caching = ("Cache-Control", _cache_control(path, status))
            return start_response(status, [*kept, *self._headers, caching], error)

        return self._application(environ, start)  # type: ignore[arg-type]


def install(app: Flask, *, is_https: bool) -> None:
    """Have every answer of `app` carry the headers, whatever its status."""
    app.wsgi_app = FencedIn(app.wsgi_app, is_https=is_https)  # type: ignore[method-assign]


def _cache_control(path: str, status: str) -> str:
    if not path.startswith(FILES) or status >= "4":
        return "no-store"
    return f"public, max-age={ONE_YEAR}, immutable" if path.startswith(BUILT) else "no-cache"
