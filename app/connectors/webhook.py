"""`webhook`: sends a JSON document to an address that the settings know by name.

Diagrams name the target and never an address: who may edit a diagram must not reach the inside of the network.
"""

import json
from decimal import Decimal
from http.client import HTTPException
from typing import NoReturn
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app import feel
from app.connectors.connector import ConnectorCall, ConnectorFailed, Values

TIMEOUT_SECONDS = 20


class _NoRedirects(HTTPRedirectHandler):
    """A redirect could lead anywhere."""

    def redirect_request(self, req: Request, fp: object, code: int, msg: str, headers: object, newurl: str) -> None:
        del req, fp, code, msg, headers, newurl


class Webhook:
    """Inputs: `target`, a name of the settings; everything else is sent. Result: `status`, the HTTP status."""

    name = "webhook"

    def run(self, call: ConnectorCall) -> Values:
        address = self._address(call)
        body = {name: plain_json(value) for name, value in call.inputs.items() if name != "target"}
        headers = {"Content-Type": "application/json", "Idempotency-Key": call.key}
        request = Request(  # noqa: S310 - the address comes from the settings, which allow http and https only
            address, json.dumps(body, ensure_ascii=False).encode(), headers, method="POST"
        )
        try:
            with build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
                return {"status": Decimal(answer.status)}
        except HTTPError as error:
            with error:
                self._fail(call, f"answered {error.code}", error)
        except (OSError, HTTPException) as error:
            self._fail(call, str(error), error)

    def _address(self, call: ConnectorCall) -> str:
        target = call.inputs.get("target")
        address = call.webhooks.get(target) if isinstance(target, str) else None
        if address is None:
            raise ConnectorFailed(f"no webhook named {target!r} in the settings")
        return address

    def _fail(self, call: ConnectorCall, reason: str, error: Exception) -> NoReturn:
        raise ConnectorFailed(f"webhook {call.inputs['target']}: {reason}") from error


def plain_json(value: object) -> object:
    """A FEEL value as other programs expect it: numbers as numbers, dates and durations as ISO texts."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [plain_json(item) for item in value]
    if isinstance(value, dict):
        return {name: plain_json(item) for name, item in value.items()}
    return value if value is None or isinstance(value, (bool, str)) else str(feel.from_python(value))
