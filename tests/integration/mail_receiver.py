"""A mail server of the test's own on loopback that keeps what it is given."""

import email
import email.policy
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from app.config import MailServer


@dataclass
class MailReceiver:
    """`received` are pairs of recipient and message; `answer` is what the server says to each."""

    answer: str = "250 OK"
    port: int = 0
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    is_private: list[bool] = field(default_factory=list)

    def server(self, **changes: Any) -> MailServer:
        values = {"host": "127.0.0.1", "port": self.port, "security": "none", "sender": "care@shop.example"}
        return MailServer(**{**values, **changes})

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.original_content or b""
            message = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.received += [(to, message) for to in envelope.rcpt_tos]
            self.is_private.append(session.ssl is not None)
        return self.answer

    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for _to, message in self.received]


class _AnyPort(Controller):
    """On a port that the system chooses: the library would knock at port 0 to see whether it listens."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_receiver(context: ssl.SSLContext | None = None, **options: Any) -> Iterator[MailReceiver]:
    """Arguments: context, for TLS after STARTTLS."""
    receiver = MailReceiver()
    if context:
        options |= {"tls_context": context, "require_starttls": True}
    controller = _AnyPort(receiver, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        receiver.port = controller.port
        yield receiver
    finally:
        controller.stop()


def accept_only(user: bytes, password: bytes) -> Any:
    """An authenticator for `mail_receiver`."""

    def check(_server: object, _session: object, _envelope: object, _mechanism: object, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (user, password), handled=False)

    return check
