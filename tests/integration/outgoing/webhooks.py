"""Webhooks as rows, for tests that need no form to make one."""

import json
from collections.abc import Collection

from app.models import WebhookSubscription
from app.operations.webhook_kinds import WEBHOOK_KINDS
from tests.integration.operations.dealership import NOW

SECRET = "whsec_c2VjcmV0cyBvZiB0ZXN0cyBhcmUgbm8gc2VjcmV0cw=="


def subscription(
    name: str, *, site_id: str | None = None, processes: Collection[str] = (), address: str = "https://hooks.example/",
    secret: bytes = b"",
) -> WebhookSubscription:  # fmt: skip
    """One that wants all kinds of events."""
    return WebhookSubscription(
        id=name, name=name, site_id=site_id, address=address, kinds=json.dumps([kind.key for kind in WEBHOOK_KINDS]),
        process_keys=json.dumps(list(processes)), secret=secret, is_active=True, created_by="own", created_at=NOW,
    )  # fmt: skip
