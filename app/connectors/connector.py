"""What a connector is: the work of a service task in the world outside, done by a background job."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.connectors.outgoing_guard import OutgoingGuard

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ConnectorCall:
    """One attempt. `key` is the same for every attempt of a job, so that the receiver can tell a repetition.

    `inputs` are FEEL values; `webhooks` the addresses that diagrams may name; `guard` the only way out over HTTP.
    """

    key: str
    inputs: Values
    webhooks: Mapping[str, str] = field(default_factory=dict)
    guard: OutgoingGuard = field(default_factory=OutgoingGuard)


class Connector(Protocol):
    """A connector by the name diagrams use. It holds no transaction and may be called again after a crash."""

    @property
    def name(self) -> str: ...

    def run(self, call: ConnectorCall) -> Values:
        """Do the work and return FEEL values; raises ConnectorFailed when trying again may help or not."""
        ...
