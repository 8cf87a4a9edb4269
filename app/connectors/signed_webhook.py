"""Sending an event to another program, signed so that it can tell that it comes from us and just now.

Headers and signature are those of Standard Webhooks (standardwebhooks.com): they cover id, time and body. While a
secret is replaced there are two signatures, and the receiver needs to know one of them.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.connectors.connector_failed import ConnectorFailed, Problem
from app.connectors.outgoing_guard import AddressRefused, HttpAnswer, OutgoingGuard

SECRET_PREFIX = "whsec_"  # noqa: S105 - how the scheme marks its secrets
KEPT_BYTES = 500  # of an answer


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt; `key` is the same at each of them. `secrets` are those that are good now."""

    key: str
    address: str
    body: bytes
    secrets: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one: the status and the first bytes of the answer, how long it took, and what went wrong."""

    milliseconds: int
    status: int | None = None
    answer: str = ""
    problem: Problem | None = None
    detail: str = ""


class NotDelivered(ConnectorFailed):
    """The other program did not take it this time."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(attempt.detail, attempt.problem or "failed")
        self.attempt = attempt


def deliver(guard: OutgoingGuard, delivery: Delivery) -> Attempt:
    """Send it; raises NotDelivered unless the other program says it has taken it."""
    moment = str(int(time.time()))
    signed = (f"v1,{signature(secret, delivery.key, moment, delivery.body)}" for secret in delivery.secrets)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": delivery.key,
        "Webhook-Id": delivery.key,
        "Webhook-Timestamp": moment,
        "Webhook-Signature": " ".join(signed),
    }
    began = time.monotonic()
    try:
        answer = guard.request("POST", delivery.address, headers=headers, body=delivery.body)
    except AddressRefused as error:
        raise NotDelivered(Attempt(_since(began), problem="refused", detail=str(error))) from error
    except ConnectorFailed as error:
        raise NotDelivered(Attempt(_since(began), problem=error.problem, detail=str(error))) from error
    return _judged(answer, _since(began))


def _judged(answer: HttpAnswer, milliseconds: int) -> Attempt:
    text = answer.body[:KEPT_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")
    if 200 <= answer.status < 300:
        return Attempt(milliseconds, answer.status, text)
    raise NotDelivered(Attempt(milliseconds, answer.status, text, "status", f"answered {answer.status}"))


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def signature(secret: str, key: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 in base64 over `id.timestamp.body`. Arguments: secret, with its prefix."""
    content = b".".join((key.encode(), moment.encode(), body))
    return base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    """The bytes that a secret stands for, in base64; one of an earlier version, which is none, stands for itself."""
    text = secret.removeprefix(SECRET_PREFIX).encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return text
