"""`webhook`: sends a JSON document to an address that the settings know by name.

Diagrams name the target and never an address: who may edit a diagram must not reach the inside of the network.
"""

import json
from decimal import Decimal

from app import feel
from app.connectors.connector import ConnectorCall, Values
from app.connectors.connector_failed import ConnectorFailed
from app.connectors.outgoing_guard import AddressRefused


class Webhook:
    """Inputs: `target`, a name of the settings; everything else is sent. Result: `status`, the HTTP status."""

    name = "webhook"

    def run(self, call: ConnectorCall) -> Values:
        body = {name: plain_json(value) for name, value in call.inputs.items() if name != "target"}
        headers = {"Content-Type": "application/json", "Idempotency-Key": call.key}
        content = json.dumps(body, ensure_ascii=False).encode()
        try:
            answer = call.guard.request("POST", self._address(call), headers=headers, body=content)
        except (ConnectorFailed, AddressRefused) as error:
            raise ConnectorFailed(f"webhook {call.inputs['target']}: {error}") from error
        if not 200 <= answer.status < 300:
            raise ConnectorFailed(f"webhook {call.inputs['target']}: answered {answer.status}")
        return {"status": Decimal(answer.status)}

    def _address(self, call: ConnectorCall) -> str:
        target = call.inputs.get("target")
        address = call.webhooks.get(target) if isinstance(target, str) else None
        if address is None:
            raise ConnectorFailed(f"no webhook named {target!r} in the settings")
        return address


def plain_json(value: object) -> object:
    """A FEEL value as other programs expect it: numbers as numbers, dates and durations as ISO texts."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [plain_json(item) for item in value]
    if isinstance(value, dict):
        return {name: plain_json(item) for name, item in value.items()}
    return value if value is None or isinstance(value, (bool, str)) else str(feel.from_python(value))
