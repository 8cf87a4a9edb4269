"""Typed variables of the interface, and the FEEL values they stand for."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import isinf
from typing import Any

from app import feel
from app.i18n import N_
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.engine_rest.bodies import as_flag, as_text, strict_json, wrong_type
from app.web.engine_rest.moments import read_kept_moment, write_moment

JSON_FORMAT = "application/json"
Typed = dict[str, object]
_FILE = frozenset({"filename", "mimeType", "content"})
_ENCODING = frozenset({"encoding"})
_TRUTH = {"true": True, "false": False}
_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)


def read_variables(found: Mapping[str, Any] | None) -> dict[str, object]:
    """FEEL values of typed variables by name; raises MalformedRequest, NotOffered."""
    return {name: read_variable(name, value) for name, value in (found or {}).items()}


def read_variable(name: str, typed: object) -> object:
    """The FEEL value of one typed variable; raises MalformedRequest, NotOffered."""
    if not name or not isinstance(typed, dict):
        raise wrong_type(name, N_("an object with value and type"))
    value, kind = typed.get("value"), typed.get("type")
    if kind is not None and not isinstance(kind, str):
        raise wrong_type(f"{name}.type", N_("a text"))
    if value is None:
        return None
    if kind is None:
        return _representable(name, value)
    reader = _READERS.get(kind.lower())
    if reader is None:
        raise NotOffered(f"{kind} ({name})")
    return _representable(name, reader(name, value, typed.get("valueInfo") or {}))


def write_variables(values: Mapping[str, object]) -> dict[str, Typed]:
    """FEEL values by name as typed variables."""
    return {name: write_variable(value) for name, value in values.items()}


def write_variable(value: object) -> Typed:
    """A FEEL value as a typed variable; what the interface has no type for is its FEEL text."""
    file = file_in(value)
    if file is not None:
        info = {name: told for name, told in file.items() if name != "content"}
        return {"type": "File", "value": None, "valueInfo": info}
    kind, plain = _typed(value)
    return {"type": kind, "value": plain, "valueInfo": {}}


def file_in(value: object) -> dict[str, object] | None:
    """The name, kind and content of a file that is kept as a value; None where it is none."""
    return value if isinstance(value, dict) and value.keys() - _ENCODING == _FILE else None


def _typed(value: object) -> tuple[str, object]:
    if value is None:
        return "Null", None
    if isinstance(value, bool):
        return "Boolean", value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, feel.DateTime) and (moment := _moment(value)):
        return "Date", moment
    if isinstance(value, (list, dict)):
        return "Json", feel.write_json(value)
    return "String", value if isinstance(value, str) else feel.read_json(feel.write_json(value))


def _number(value: Decimal) -> tuple[str, object]:
    if value == value.to_integral_value() and abs(value) < 2**63:
        return ("Integer" if abs(value) < 2**31 else "Long"), int(value)
    found = float(value)
    return ("String", str(value)) if isinf(found) else ("Double", found)


def _moment(value: feel.DateTime) -> str | None:
    """One without a zone is no moment: it stays a text."""
    try:
        found = feel.to_python(value)
    except feel.NotRepresentable:
        return None
    return write_moment(found) if isinstance(found, datetime) and found.tzinfo is not None else None


def _representable(name: str, value: object) -> object:
    try:
        return feel.from_python(value)
    except feel.NotRepresentable as error:
        raise MalformedRequest(
            N_("The value of “%(name)s” cannot be kept: %(detail)s"), name=name, detail=str(error)
        ) from error


def _string(name: str, value: object, _info: Mapping[str, Any]) -> object:
    """Plain values become texts, and texts become plain values, as with Camunda 7: scripts and forms send them."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, Decimal)) else as_text(name, value)


def _boolean(name: str, value: object, _info: Mapping[str, Any]) -> object:
    return _TRUTH[value] if isinstance(value, str) and value in _TRUTH else as_flag(name, value)


def _whole(bits: int) -> Callable[[str, object, Mapping[str, Any]], object]:
    def read(name: str, sent: object, _info: Mapping[str, Any]) -> object:
        value = int(sent) if isinstance(sent, str) and _WHOLE.fullmatch(sent) else sent
        if isinstance(value, bool) or not isinstance(value, int) or not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
            raise wrong_type(name, N_("a whole number"))
        return value

    return read


def _double(name: str, sent: object, _info: Mapping[str, Any]) -> object:
    value = Decimal(sent) if isinstance(sent, str) and _NUMBER.fullmatch(sent) else sent
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise wrong_type(name, N_("a number"))
    return value


def _date(_name: str, value: object, _info: Mapping[str, Any]) -> object:
    return read_kept_moment(value).astimezone(UTC)


def _json(name: str, value: object, _info: Mapping[str, Any]) -> object:
    return strict_json(as_text(name, value))


def _object(name: str, value: object, info: Mapping[str, Any]) -> object:
    if info.get("serializationDataFormat", JSON_FORMAT) != JSON_FORMAT:
        raise NotOffered(f"serializationDataFormat {info['serializationDataFormat']} ({name})")
    return strict_json(value) if isinstance(value, str) else value


def _file(name: str, value: object, info: Mapping[str, Any]) -> object:
    """Small files travel inside the case, as other values do; large ones are attachments."""
    content = as_text(name, value)
    try:
        base64.b64decode(content, validate=True)
    except ValueError as error:
        raise wrong_type(name, N_("a text in Base64")) from error
    # Clients write either: the documentation of Camunda 7 has one, its engine answers the other.
    mime_type = info.get("mimeType") or info.get("mimetype") or ""
    found = {"filename": str(info.get("filename") or ""), "mimeType": str(mime_type), "content": content}
    return {**found, "encoding": str(info["encoding"])} if info.get("encoding") else found


_READERS: Mapping[str, Callable[[str, object, Mapping[str, Any]], object]] = {
    "string": _string,
    "boolean": _boolean,
    "short": _whole(16),
    "integer": _whole(32),
    "long": _whole(64),
    "double": _double,
    "number": _double,
    "date": _date,
    "json": _json,
    "object": _object,
    "null": lambda _name, _value, _info: None,
    "file": _file,
}
