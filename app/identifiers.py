"""Identifiers of rows: 32 hexadecimal characters, ordered by time of creation."""

from uuid6 import uuid7


def new_id() -> str:
    """A new identifier; ascending, so that index pages fill from one end."""
    return uuid7().hex
