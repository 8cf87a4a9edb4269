"""W38 on the wire: pinned connections with the name kept, no redirects, no proxies, an end to time and size."""

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.connectors import ConnectorFailed, outgoing_guard
from app.connectors.outgoing_guard import OutgoingGuard
from tests.integration.certificates import certificate_for, server_context
from tests.integration.webhook_receiver import Receiver, guard_for, webhook_receiver


def _request(receiver: Receiver) -> outgoing_guard.HttpAnswer:
    return guard_for(receiver).request("POST", receiver.address, body=b"{}")


def test_w38_redirect_is_an_answer_and_not_followed() -> None:
    with webhook_receiver() as receiver:
        receiver.status = 302
        answer = _request(receiver)
    assert answer.status == 302
    assert answer.headers["location"] == receiver.address
    assert len(receiver.received) == 1


def test_w38_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with webhook_receiver() as receiver:
        assert _request(receiver).status == 200


def test_w38_answer_that_drips_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_guard, "LONGEST_SECONDS", 0.3)
    with _answering(lambda write: [(write(b"x"), time.sleep(0.05)) for _ in range(60)]) as receiver:
        began = time.monotonic()
        with pytest.raises(ConnectorFailed):
            _request(receiver)
        assert time.monotonic() - began < 2


def test_w38_answer_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_guard, "LARGEST_ANSWER", 1000)
    with _answering(lambda write: write(b"x" * 5000)) as receiver, pytest.raises(ConnectorFailed, match="larger"):
        _request(receiver)


def test_w38_certificate_must_be_of_the_name_though_the_address_is_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, wrong = certificate_for("hooks.example", tmp_path), certificate_for("other.example", tmp_path)
    monkeypatch.setattr(outgoing_guard, "is_public", lambda _address: True)  # the test's server is on loopback
    for certificate, is_taken in ((right, True), (wrong, False)):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with webhook_receiver() as receiver:
            receiver.server.socket = server_context(certificate).wrap_socket(receiver.server.socket, server_side=True)
            port = receiver.server.server_port
            guard = OutgoingGuard(
                frozenset({("hooks.example", port)}),
                resolve=lambda _host, port, **_more: [(0, 0, 0, "", ("127.0.0.1", port))],
            )
            address = f"https://hooks.example:{port}/in"
            if is_taken:
                assert guard.request("POST", address, body=b"{}").status == 200
                assert receiver.hosts == [f"hooks.example:{port}"]
            else:
                with pytest.raises(ConnectorFailed, match="Hostname mismatch"):
                    guard.request("POST", address, body=b"{}")


@contextmanager
def _answering(respond: object) -> Iterator[Receiver]:
    """A server that writes what it likes after the headers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):  # the other side has gone
                respond(self.wfile.write)  # type: ignore[operator]

        def log_message(self, *_args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield Receiver(address=f"http://127.0.0.1:{server.server_port}/", server=server)
        finally:
            server.shutdown()
            thread.join()
