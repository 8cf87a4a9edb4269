"""The bytes of a history event that are hashed, and the hash: docs/history.md describes both byte by byte."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import orjson

from app.database import utc_text
from app.operations.actor import NamedProgram

FORMAT_VERSION = 1
FIRST_PREVIOUS_HASH = bytes(32)
_EVENT_DOMAIN = b"aftercare.history.event.v1\x00"
_PLAIN = frozenset({str, int, bool, type(None)})
# Dates, dataclasses and subclasses would be written in forms of orjson's own choice: only plain JSON may pass.
_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)


class NotCanonical(TypeError):
    """A value of an event has no canonical form; a defect of the caller, never a person's input."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal fields as they are stored: encrypted under the key of `subject`."""

    subject: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class CanonicalEvent:
    """Everything that is hashed of an event, in the order of docs/history.md."""

    activity: str | None
    actor: str
    at: datetime
    body: Mapping[str, object]
    element: str | None
    instance: str | None
    on_behalf_of: str | None
    personal: Sealed | None
    reason: str | None
    site: str | None
    stream: str
    stream_sequence: int
    type: str
    program: NamedProgram | None = None


def canonical_bytes(event: CanonicalEvent) -> bytes:
    """The event as JSON with sorted keys, UTF-8, no spaces; raises `NotCanonical`.

    Without a program the key is left out: events had none before programs were named, and keep their bytes.
    """
    _refuse_floats(event.body)
    personal = event.personal
    return _dump(
        {
            "activity": event.activity,
            "actor": event.actor,
            "at": canonical_moment(event.at),
            "body": event.body,
            "element": event.element,
            "instance": event.instance,
            "on_behalf_of": event.on_behalf_of,
            "personal": personal
            and {
                "ciphertext": personal.ciphertext.hex(),
                "nonce": personal.nonce.hex(),
                "subject": personal.subject,
            },
            **({"program": {"name": event.program.name, "token": event.program.token_id}} if event.program else {}),
            "reason": event.reason,
            "site": event.site,
            "stream": event.stream,
            "stream_sequence": event.stream_sequence,
            "type": event.type,
            "version": FORMAT_VERSION,
        }
    )


def canonical_json(value: object) -> bytes:
    """JSON of texts, whole numbers, booleans, null, lists and mappings with text keys; raises `NotCanonical`."""
    _refuse_floats(value)
    return _dump(value)


def _dump(value: object) -> bytes:
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except TypeError as error:
        raise NotCanonical(str(error)) from error


def canonical_moment(moment: datetime) -> str:
    """UTC to the microsecond: 2026-01-15T08:00:00.000000Z."""
    return utc_text(moment.astimezone(UTC))


def event_hash(previous_hash: bytes, canonical: bytes) -> bytes:
    """SHA-256 over the domain, the previous event's hash and the canonical bytes."""
    return hashlib.sha256(_EVENT_DOMAIN + previous_hash + canonical).digest()


def _refuse_floats(value: object) -> None:
    """Binary fractions have no one decimal form: numbers that are not whole come as FEEL's text of them."""
    kind = type(value)  # subclasses are refused when the bytes are made
    if kind is float:
        raise NotCanonical("a binary fraction has no canonical form")
    parts: Iterable[object] = ()
    if kind is dict:
        parts = cast(dict[object, object], value).values()
    elif kind is list or kind is tuple:
        parts = cast(Sequence[object], value)
    for part in parts:
        if type(part) not in _PLAIN:
            _refuse_floats(part)
