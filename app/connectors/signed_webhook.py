"""Sending an event to another program, signed so that it can tell that it comes from us and just now.

The headers are those of Standard Webhooks (standardwebhooks.com): the signature covers id, time and body.
"""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass, field

from app.connectors.connector_failed import ConnectorFailed
from app.connectors.outgoing_guard import AddressRefused, OutgoingGuard


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt; `key` is the same at each of them."""

    key: str
    address: str
    body: bytes
    secret: str = field(repr=False)


def deliver(guard: OutgoingGuard, delivery: Delivery) -> None:
    """Send it; raises ConnectorFailed unless the other program says it has taken it."""
    moment = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": delivery.key,
        "Webhook-Id": delivery.key,
        "Webhook-Timestamp": moment,
        "Webhook-Signature": f"v1,{signature(delivery.secret, delivery.key, moment, delivery.body)}",
    }
    try:
        answer = guard.request("POST", delivery.address, headers=headers, body=delivery.body)
    except AddressRefused as error:
        raise ConnectorFailed(str(error)) from error
    if not 200 <= answer.status < 300:
        raise ConnectorFailed(f"answered {answer.status}")


def signature(secret: str, key: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 in base64 over `id.timestamp.body`. Arguments: secret, with its prefix."""
    content = b".".join((key.encode(), moment.encode(), body))
    digest = hmac.new(secret.removeprefix("whsec_").encode(), content, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
