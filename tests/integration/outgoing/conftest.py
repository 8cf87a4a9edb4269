"""The same dealership as the operations have."""

from tests.integration.operations.conftest import dealership, fills

__all__ = ["dealership", "fills"]
