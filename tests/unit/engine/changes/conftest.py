"""The cases of these tests run twice as well: live, and decoded anew before each step."""

from tests.unit.engine.conftest import new_case

__all__ = ["new_case"]
