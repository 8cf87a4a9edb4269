"""A server of the test's own on loopback that notes what webhooks send."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Receiver:
    """`address` is where to send; `received` are pairs of idempotency key and document; `status` is answered.

    `meanwhile` is done while the sender waits for the answer.
    """

    status: int = 200
    address: str = ""
    meanwhile: Callable[[], None] = field(default=lambda: None)
    received: list[tuple[str | None, object]] = field(default_factory=list)


@contextmanager
def webhook_receiver(answer_after: threading.Event | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receiver.received.append((self.headers["Idempotency-Key"], body))
            if answer_after:
                answer_after.wait(20)
            receiver.meanwhile()
            self.send_response(receiver.status)
            if receiver.status == 302:
                self.send_header("Location", receiver.address)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.address = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
