"""One JSON object per line on standard error; nothing secret or personal in it."""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import nullcontext, suppress
from functools import lru_cache
from typing import Any, TextIO

import structlog

SECRET_WORDS = ("password", "token", "secret", "cookie", "authorization", "csrf")
# Mobile numbers of mainland China and landlines with area code: long runs of digits outside of identifiers.
PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(?:1\d{10}|0\d{2,3}[- ]?\d{7,8})(?![0-9A-Za-z])")
LONGEST_TEXT = 4000


def configure_logging(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records through the same JSON lines; may be called again."""
    handler = logging.StreamHandler(stream or sys.stderr)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        withhold_secrets,
    ]
    structlog.configure(
        processors=[*shared, _as_line],
        logger_factory=lambda name="": _Lines(name, handler),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _as_line]
    )
    handler.setFormatter(formatter)
    handler.set_name("aftercare")
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if other.get_name() != "aftercare"] + [handler]
    root.setLevel(level)


class _Lines:
    """Where structlog's lines go: past the standard library's records, which cost more than the line itself.

    Work goes on where lines cannot be written, because the disk is full, say.
    """

    def __init__(self, name: str, handler: logging.StreamHandler[TextIO]) -> None:
        self.name = name
        self._handler = handler

    def msg(self, line: str) -> None:
        with self._handler.lock or nullcontext(), suppress(OSError):
            self._handler.stream.write(line + self._handler.terminator)
            self._handler.flush()

    debug = info = warning = error = critical = msg


def _as_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return _encode(event)


# Escapes all but ASCII: line breaks, escape sequences and bidi marks cannot forge or hide a line.
_encode = json.JSONEncoder(ensure_ascii=True, sort_keys=True, default=repr).encode


def withhold_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace secrets by name and telephone numbers by shape, in all nested values."""
    for key, value in event.items():
        event[key] = "withheld" if _is_secret(key) else _clean(value)
    return event


@lru_cache(maxsize=1024)
def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in SECRET_WORDS)


def _shortened(text: str) -> str:
    """The beginning and, mostly, the end: there a trace says what went wrong."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[: LONGEST_TEXT // 4]} […] {text[-LONGEST_TEXT // 4 * 3 :]}"


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _shortened(PHONE.sub("[phone]", value))
    if isinstance(value, dict):
        return withhold_secrets(None, "", dict(value))
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return value
