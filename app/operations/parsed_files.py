"""Diagrams as the engine reads them: each file once, though it is checked, listed with its warnings and run."""

from functools import lru_cache

import structlog

from app import engine
from app.engine import DeploymentRefused, ParsedProcess

KEPT = 64

log = structlog.get_logger(__name__)


@lru_cache(maxsize=KEPT)
def parsed_file(xml: bytes, resource_name: str) -> tuple[ParsedProcess, ...]:
    """What `engine.parse` gives, shared by all who ask for the same file; what was refused is read again."""
    return engine.parse(xml, resource_name)


@lru_cache(maxsize=KEPT)
def deployed_file(xml: bytes, resource_name: str) -> tuple[ParsedProcess, ...]:
    """The same of a file in the database: what is refused since it was deployed neither stops its cases nor others."""
    try:
        return parsed_file(xml, resource_name)
    except DeploymentRefused as refused:
        reasons = sorted({f"{problem.element_id}: {problem.code}" for problem in refused.problems})
        log.warning("deployed_diagram_is_refused_by_now", resource=resource_name, reasons=reasons)
        return engine.parse_deployed(xml, resource_name)
