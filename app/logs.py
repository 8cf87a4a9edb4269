"""One JSON object per line on standard error; nothing secret or personal in it."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

SECRET_WORDS = ("password", "token", "secret", "cookie", "authorization", "csrf")
# Mobile numbers of mainland China and landlines with area code: long runs of digits outside of identifiers.
PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(?:1\d{10}|0\d{2,3}[- ]?\d{7,8})(?![0-9A-Za-z])")
LONGEST_TEXT = 4000


def configure_logging(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records through the same JSON lines; may be called again."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        withhold_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Escapes all but ASCII: line breaks, escape sequences and bidi marks cannot forge or hide a line.
            structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    handler.set_name("aftercare")
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if other.get_name() != "aftercare"] + [handler]
    root.setLevel(level)


def withhold_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace secrets by name and telephone numbers by shape, in all nested values."""
    for key, value in event.items():
        event[key] = "withheld" if any(word in key.lower() for word in SECRET_WORDS) else _clean(value)
    return event


def _clean(value: object) -> object:
    if isinstance(value, str):
        return PHONE.sub("[phone]", value[:LONGEST_TEXT])
    if isinstance(value, dict):
        return withhold_secrets(None, "", dict(value))
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return value
