"""Connectors of service tasks, one a file, listed below; diagrams use them by name."""

from app.connectors.connector import Connector, ConnectorCall
from app.connectors.connector_failed import ConnectorFailed
from app.connectors.webhook import Webhook

__all__ = ["BY_NAME", "CONNECTORS", "Connector", "ConnectorCall", "ConnectorFailed"]

CONNECTORS: tuple[Connector, ...] = (Webhook(),)
BY_NAME = {connector.name: connector for connector in CONNECTORS}
