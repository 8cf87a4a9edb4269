"""X-Forwarded headers count from the configured proxy only (W57)."""

from collections.abc import Iterable

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Request, Response

from app.web.proxies import TrustedProxies

HEADERS = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "aftercare.example"}


@Request.application
def _echo(request: Request) -> Response:
    return Response(f"{request.remote_addr} {request.scheme} {request.host}")


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("10.0.0.1", "192.0.2.7 https aftercare.example"),
        ("10.0.0.3", "192.0.2.7 https aftercare.example"),
        ("10.0.0.4", "10.0.0.4 http localhost"),
        ("", " http localhost"),
        ("::1", "::1 http localhost"),
    ],
)
def test_w57_only_the_configured_network_is_believed(address: str, seen: str) -> None:
    environ = EnvironBuilder(headers=HEADERS, environ_base={"REMOTE_ADDR": address}).get_environ()
    body: Iterable[bytes]
    body, _, _ = run_wsgi_app(TrustedProxies(_echo, ["10.0.0.0/30"]), environ)
    assert b"".join(body).decode() == seen
