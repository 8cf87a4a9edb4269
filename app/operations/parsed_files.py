"""Diagrams as the engine reads them: each file once, though it is checked, listed with its warnings and run."""

from functools import lru_cache

from app import engine
from app.engine import ParsedProcess

KEPT = 64


@lru_cache(maxsize=KEPT)
def parsed_file(xml: bytes, resource_name: str) -> tuple[ParsedProcess, ...]:
    """What `engine.parse` gives, shared by all who ask for the same file; what was refused is read again."""
    return engine.parse(xml, resource_name)
