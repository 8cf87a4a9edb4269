"""A server of the test's own on loopback that notes what webhooks send."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.connectors.outgoing_guard import OutgoingGuard
from app.operations.surroundings import Surroundings


@dataclass
class Receiver:
    """`address` is where to send; `received` are pairs of idempotency key and document; `status` is answered.

    `meanwhile` is done while the sender waits for the answer; `headers` and `bodies` are those of each request.
    """

    status: int = 200
    address: str = ""
    meanwhile: Callable[[], None] = field(default=lambda: None)
    received: list[tuple[str | None, object]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: bytes = b""
    server: Any = None

    @property
    def hosts(self) -> list[str]:
        return [headers["Host"] for headers in self.headers]


def guard_for(receiver: Receiver) -> OutgoingGuard:
    """Lets out to this receiver only."""
    place = urlsplit(receiver.address)
    return OutgoingGuard(frozenset({(str(place.hostname), place.port or 0)}), may_reach_loopback=True)


def shop_at(receiver: Receiver) -> Surroundings:
    """The settings of a product that knows the receiver as `shop`."""
    return Surroundings({"shop": receiver.address}, guard=guard_for(receiver))


@contextmanager
def webhook_receiver(answer_after: threading.Event | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.headers.append(dict(self.headers.items()))
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.loads(receiver.bodies[-1])
            receiver.received.append((self.headers["Idempotency-Key"], body))
            if answer_after:
                answer_after.wait(20)
            receiver.meanwhile()
            self.send_response(receiver.status)
            if receiver.status == 302:
                self.send_header("Location", receiver.address)
            self.end_headers()
            if receiver.status != 204:
                self.wfile.write(receiver.answer)

        def log_message(self, *_args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.server = server
        receiver.address = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
